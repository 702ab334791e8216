"""The map of an import from the page: one that ships with netmap, one of a person's own, or of choices."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import IO

from netmap.directory.map_check import check_map
from netmap.directory.reading.map_reading import read_map
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.importing.map_text import as_map
from netmap.importing.models import ImportRun
from netmap.paths import shipped

MAX_BYTES = 200_000


@dataclass(frozen=True)
class KeptMap:
    """A map as it is kept with its import: a file name of letters and digits, and the TOML."""

    name: str
    text: str
    source: str = ""


@cache
def shipped_titles() -> Mapping[str, str]:
    """Return the maps that ship with netmap: code (the stem of the file) -> title.

    Examples
    --------
    >>> shipped_titles()["example"]
    'The made-up list of Northbridge and Easton'
    """
    paths = sorted((shipped("seeds") / "maps").glob("*.toml"))
    return {path.stem: read_map(path).title for path in paths}


def choose(kind: str, code: str, own: IO[bytes] | None, own_name: str | None) -> KeptMap | None:
    """Return the map that a person chose on the form, checked, or None where none was.

    Parameters
    ----------
    code : str
        A code of `shipped_titles`, or "".
    own : file, optional
        A map of the person's own.

    Raises
    ------
    Invalid
        With the field of the form, "map" or "own_map", and the sentence that the terminal gives.
    """
    own = own if own_name else None  # a browser sends a field of a file that nobody chose
    if not code and own is None:
        return None
    field = "map" if code else "own_map"
    if kind != "directory":
        raise _wrong(field, _("Only a directory is read with a map. Leave the map out."))
    if code and own is not None:
        raise _wrong("own_map", _("Choose a map from the list or one of your own, not both."))
    if own is not None:
        return _own(own, own_name or "")
    if code not in shipped_titles():
        raise _wrong("map", _("Choose a map from the list."))
    path = shipped("seeds") / "maps" / f"{code}.toml"
    return KeptMap(path.name, path.read_text(encoding="utf-8"), read_map(path).source)


def _own(file: IO[bytes], sent_name: str) -> KeptMap:
    stem = PurePosixPath(sent_name.replace("\\", "/")).stem
    name = f"{letters(stem) or 'map'}.toml"
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _wrong("own_map", _("The map %(name)s is larger than 200 kB: is it a map?", name=name))
    try:
        with _written(name, data) as path:
            made = read_map(path)
            check_map(made)
    except Invalid as error:
        raise _wrong("own_map", error.message) from error
    return KeptMap(name, data.decode("utf-8-sig"), made.source)


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, {field: sentence})


def letters(text: str) -> str:
    """Return the letters and digits of a name, for a file on the disk.

    Examples
    --------
    >>> letters("My Map (2)"), letters("../..")
    ('my-map-2', '')
    """
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")[:40]


def map_of(run: ImportRun) -> KeptMap | None:
    """Return the map with which a run is read: the one chosen for it, or what its columns mean."""
    if run.map_name is not None and run.map_text is not None:
        return KeptMap(run.map_name, run.map_text)
    if run.choices is not None:
        return KeptMap(f"map-{run.id}.toml", as_map(run.choices, run.source, run.file_name))
    return None


@contextmanager
def as_file(chosen: KeptMap | None) -> Iterator[Path | None]:
    """Give a map as a file that goes at the end, as the reader of files takes it; None for none."""
    if chosen is None:
        yield None
        return
    with _written(chosen.name, chosen.text.encode()) as path:
        yield path


@contextmanager
def _written(name: str, data: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="netmap-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        yield path
