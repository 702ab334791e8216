"""One way into the directory for whatever a person brings: a directory, areas or demand."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from netmap.directory.hsds import Progress, import_path
from netmap.directory.report import Report
from netmap.directory.spreadsheet import import_areas
from netmap.importing.flat import import_mapped
from netmap.network.demand import import_demand


def take_in(
    session: Session,
    path: Path,
    kind: str,
    source: str,
    choices: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Take in a file of one kind and return what happened.

    Parameters
    ----------
    session : Session
        Written to and flushed, not committed. Nothing may have been asked of it before: its transaction
        begins when the file has been read.
    kind : str
        "directory", "areas" or "demand".
    choices : mapping, optional
        Column of a plain CSV -> "table.field"; see `netmap.importing.mapping` and `flat`.
    """
    if kind == "areas":
        return import_areas(session, path)
    if kind == "demand":
        return import_demand(session, path)
    if choices is not None:
        return import_mapped(session, path, choices, source=source, progress=progress)
    return import_path(session, path, source=source, progress=progress)
