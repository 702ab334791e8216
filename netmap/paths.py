"""Where the files that ship with netmap lie: in a clone at the top, in a wheel inside the package."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """Return the folder of shipped files called ``name`` ("templates", "seeds").

    Raises
    ------
    FileNotFoundError
        If neither the wheel nor the clone holds it.
    """
    for root in (_PACKAGE / "_shipped", _PACKAGE.parent):
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"The folder '{name}' that ships with netmap is missing: install netmap again.")
