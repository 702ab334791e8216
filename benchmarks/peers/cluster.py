"""A PostgreSQL cluster of its own in a folder, reached by a socket in that folder only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

PACKAGED = Path("/usr/lib/postgresql")  # where Debian keeps the programs, a folder per version
PREFERRED = "15"
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "jit": "off",  # costs more than it gives for questions of milliseconds
}


class NotInstalled(ImportError):
    """PostgreSQL or its Python driver is not there."""


def programs() -> Path:
    """Return the folder of initdb and pg_ctl.

    Raises
    ------
    NotInstalled
        If there is none.
    """
    versions = sorted(PACKAGED.glob("*/bin/initdb"), key=lambda path: path.parts[-3] == PREFERRED)
    found = str(versions[-1]) if versions else shutil.which("initdb")
    if found is None:
        raise NotInstalled("PostgreSQL is not installed")
    return Path(found).resolve().parent


class Cluster:
    """A running server over a new folder; it refuses to run as root, so root starts it as another user."""

    def __init__(self) -> None:
        self._programs = programs()
        self.folder = Path(tempfile.mkdtemp(prefix="bench-postgres-"))
        self._data = self.folder / "data"
        self._as: Sequence[str] = ()
        self.user = pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            self.user = next(name for name in ("postgres", "nobody") if _known(name))
            shutil.chown(self.folder, self.user)
            self._as = ("runuser", "-u", self.user, "--")
        try:
            self._run(
                "initdb", "-D", self._data, "-A", "trust", "-E", "UTF8", "--locale=C", "-N", "-U", "bench"
            )
            with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
                file.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
                file.write(f"unix_socket_directories = '{self.folder}'\n")
            self._run("pg_ctl", "-D", self._data, "-l", self.folder / "log", "-w", "start")
        except BaseException:
            self.stop()
            raise
        self.address = f"host={self.folder} user=bench dbname=postgres"

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._as, str(self._programs / program), *map(str, arguments)]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd="/", check=False
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr[-500:]}")

    def size(self) -> int:
        """Return the bytes of all tables and indexes and of the log of changes."""
        return sum(path.stat().st_size for path in self._data.rglob("*") if path.is_file())

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def _known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
