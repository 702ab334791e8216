"""The Python with spopt and access: an environment apart from netmap's own, which `make peers` installs."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / ".venv-peers"


class NotInstalled(ImportError):
    """The packages that netmap is compared with are not installed."""


def peers_python(folder: Path = FOLDER) -> str:
    """Return the path of the interpreter that has spopt and access.

    Raises
    ------
    NotInstalled
        If they are not installed, or not wholly.
    """
    if not (folder / ".ready").is_file():
        raise NotInstalled(
            "spopt and access, which netmap is compared with here, are not installed: run `make peers` "
            "(some 700 MB, into .venv-peers)"
        )
    return str(folder / "bin" / "python")
