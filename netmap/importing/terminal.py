"""Imports from the terminal: the same runs, journals and reports as on the pages, done at once."""

from collections.abc import Mapping
from contextlib import nullcontext
from hashlib import file_digest
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from netmap.db import now, open_session, transaction
from netmap.directory.hsds import Progress, source_name
from netmap.directory.reading.map_reading import read_map
from netmap.directory.report import Report
from netmap.editing import rows
from netmap.editing.restoring import Plan
from netmap.errors import Conflict
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.importing import journal, work
from netmap.importing.models import ImportRun
from netmap.importing.preview import changes
from netmap.importing.reading import take_in
from netmap.importing.uploads import Uploads
from netmap.jobs.queue import later


def import_now(
    engine: Engine,
    uploads: Uploads,
    parts: Mapping[str, Path],
    *,
    source: str | None = None,
    map_path: Path | None = None,
    progress: Progress | None = None,
    dry_run: bool = False,
    allow_removals: bool = False,
    listed: bool = False,
) -> dict[str, Report]:
    """Take in files of several kinds, all or none, and return a report for each kind.

    Parameters
    ----------
    parts : mapping
        Kind ("areas", "directory", "demand", "travel", "shapes") -> path, in the order of import.
    map_path : Path, optional
        A map for the directory.
    dry_run : bool
        Do it all on a copy of the database, and report it.
    allow_removals : bool
        Somebody has said that many records may be marked as no longer in the source.
    listed : bool
        List every record that is added, changed or gone in ``report.changes``.

    Raises
    ------
    Invalid
        If a file cannot be read; the database is as it was.
    Conflict
        If many records would be marked as gone and nobody has said yes to that; the database is as it was.
    """
    reports: dict[str, Report] = {}
    learning: int | None = None
    with uploads.turn():
        target = work.copy_of(engine, uploads.root) if dry_run else nullcontext(engine)
        with target as database, open_session(database) as session:
            for kind, path in parts.items():
                own = _source(path, source, map_path) if kind == "directory" else kind
                if session.in_transaction():  # since the part before
                    journal.watch(session.connection())
                else:
                    journal.watch_when_it_begins(session)
                report = take_in(session, path, kind, own, progress=progress, map_path=map_path)
                reports[kind] = report
                if listed:
                    report.changes = dict(changes(session))
                if dry_run:
                    rows.stop(session.connection())
                    continue
                if not allow_removals:
                    _refuse_removals(report)
                run_id = _finish(session, kind, own, path, reports[kind])
                learning = run_id if kind == "directory" else learning
            session.rollback() if dry_run else session.commit()
        if learning is not None:
            work.learn(engine, learning)
    return reports


def _refuse_removals(report: Report) -> None:
    removals = report.removals()
    if removals:
        told = ", ".join(f"{one['removed']} of {one['of']} ({one['table']})" for one in removals)
        raise Conflict(
            _(
                "This would mark many records as no longer in the source: %(told)s. Nothing was changed. If "
                "the file is whole, say so with --allow-removals.",
                told=told,
            )
        )


def _source(path: Path, source: str | None, map_path: Path | None) -> str:
    if source is None and map_path is not None:
        return source_name(read_map(map_path).source)
    whole = path.resolve()
    return source_name(source if source is not None else whole.stem if whole.is_file() else whole.name)


def _finish(session: Session, kind: str, source: str, path: Path, report: Report) -> int:
    run = ImportRun(
        kind=kind, source=source, file_name=path.name or str(path), state="applying", step="apply"
    )
    run.language, run.started_at, run.sha256 = language(), now(), _sha256(path)
    session.add(run)
    session.flush()
    work.finish(session, run.id, report)
    later(session, work.KIND, run=run.id)  # if this process dies while it learns, the worker goes on
    return run.id


def _sha256(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def undo_now(engine: Engine, uploads: Uploads, run_id: int, *, rest: bool) -> Plan:
    """Take an import back and return what was done; raises NotFound or Conflict, and changes nothing then."""
    from netmap.importing import queries

    with uploads.turn(), transaction(engine) as session:
        queries.run(session, run_id)
        return work.take_back(session, run_id, rest=rest)
