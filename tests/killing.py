"""Processes that write and are killed in the middle of it, as a power cut or the system's killer would.

They are forked from a server that has everything imported, so that a cycle takes milliseconds, not seconds.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import netmap.directory.find
import netmap.directory.typing
import netmap.network.demand.unmet
import netmap.upkeep.doctor
import netmap.upkeep.restore  # noqa: F401  (imported once in the server, so that its children have it)
from netmap.app import import_all_models
from netmap.config import Settings
from netmap.vocabulary.terms import vocabulary

ROOT = Path(__file__).resolve().parents[1]
import_all_models()
vocabulary()  # read once in the server; its children have it

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.killing"])


def settings_in(folder: Path) -> Settings:
    """Settings on a data folder, the same in every process."""
    return Settings(data_dir=folder, secret_key="k" * 64)


@contextmanager
def running(work: Callable[..., None], *arguments: Any) -> Iterator[tuple[BaseProcess, Connection]]:
    """Run ``work(report, *arguments)`` in another process; what it reports can be read as it comes."""
    os.environ["PYTHONPATH"] = str(ROOT)  # the server must know this netmap, not an installed one
    reading, writing = _FORKING.Pipe(duplex=False)
    process = _FORKING.Process(target=work, args=(writing, *arguments), daemon=True)
    process.start()
    writing.close()
    try:
        yield process, reading
    finally:
        if process.is_alive():
            process.kill()
        process.join()
        reading.close()


def kill(process: BaseProcess) -> None:
    """Kill a process without any warning and wait until it is gone."""
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def reported(reading: Connection) -> Iterator[Any]:
    """Yield what a process has reported until it ended; the last report may be cut off."""
    while True:
        try:
            yield reading.recv()
        except (EOFError, OSError):
            return


def die_at(target: Any, name: str, turn: int = 1) -> None:
    """Make this process kill itself just before the ``turn``-th call of a function."""
    real, calls = getattr(target, name), [0]

    def dying(*arguments: Any, **values: Any) -> Any:
        calls[0] += 1
        if calls[0] == turn:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **values)

    setattr(target, name, dying)
