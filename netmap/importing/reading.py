"""One way into the directory for whatever a person brings: a directory, areas and what is known of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from netmap.directory.hsds import Progress, import_path
from netmap.directory.hsds_renamed import Agreed
from netmap.directory.report import Report
from netmap.directory.shapes import import_shapes
from netmap.directory.spreadsheet import import_areas
from netmap.importing.hand_written import HandWritten
from netmap.importing.map_text import as_map
from netmap.importing.maps import KeptMap, as_file
from netmap.network.demand.spreadsheet import import_demand
from netmap.network.travel import import_travel


def take_in(
    session: Session,
    path: Path,
    kind: str,
    source: str,
    choices: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    map_path: Path | None = None,
    agreed: Agreed | None = None,
) -> Report:
    """Take in a file of one kind and return what happened.

    Parameters
    ----------
    session : Session
        Written to and flushed, not committed. Nothing may have been asked of it before: its transaction
        begins when the file has been read.
    kind : str
        "directory", "areas", "demand", "travel" or "shapes".
    choices : mapping, optional
        Column of a plain table -> "table.field"; see `netmap.importing.mapping` and `map_text`.
    map_path : Path, optional
        A map that somebody wrote.
    agreed : Agreed, optional
        What somebody said of renamed records.
    """
    ours = HandWritten()
    if kind == "areas":
        return import_areas(session, path)
    if kind == "demand":
        return import_demand(session, path)
    if kind == "travel":
        return import_travel(session, path)
    if kind == "shapes":
        return import_shapes(session, path)
    given: dict[str, Any] = {"source": source, "progress": progress, "agreed": agreed, "ours": ours}
    if choices is None:
        report = import_path(session, path, map=map_path, **given)
    else:
        with as_file(KeptMap("columns.toml", as_map(choices, source, path.name))) as made:
            report = import_path(session, path, map=made, credit=False, **given)
    report.conflicts, report.kept_by_hand = ours.found, ours.kept
    return report
