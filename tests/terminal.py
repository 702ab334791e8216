"""The command line in this process, as a person types it."""

import io
import sys
from collections.abc import Callable

import pytest

from netmap.cli import main

Run = Callable[..., tuple[int, str, str]]


def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `netmap ARGUMENTS` and gives (exit status, output, errors)."""

    def call(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["netmap", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return call
