"""What the worker does with an import: check it, apply it, learn from it, take it back.

An import writes in a transaction of its own that begins when the file has been read. Everything it changes,
its journal and its new state become true together at the commit, so a worker that dies leaves the directory
as it was. It may be called twice for one job; the state of the run says what is left to do.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from netmap.db import now, open_engine, open_session, transaction
from netmap.directory.hsds_renamed import Agreed
from netmap.directory.report import Renamed, Report
from netmap.directory.touched import index_all_later
from netmap.directory.typing import keep, propose
from netmap.duplicates.finding import search_later
from netmap.editing.restoring import Plan, restore
from netmap.errors import Conflict, Invalid, NeedsMap, NetmapError
from netmap.i18n import gettext as _
from netmap.i18n import language, set_language
from netmap.importing import journal, queries, undo
from netmap.importing.maps import KeptMap, as_file, map_of
from netmap.importing.models import ImportChange, ImportRun
from netmap.importing.preview import as_text, changes, examples
from netmap.importing.reading import take_in
from netmap.importing.uploads import Progress, Uploads

KIND, SWEEP = "import", "sweep-imports"
JOURNALS_KEPT = 5  # of one source
BREAKS = {"check": "checking", "apply": "applying", "undo": "undoing", "undo_rest": "undoing"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """What the worker needs to know of a run; a row of the database would begin a transaction too early."""

    id: int
    kind: str
    source: str
    step: str
    folder: str | None
    choices: Mapping[str, str] | None
    map: KeptMap | None
    agreed: Agreed | None


def do_all(engine: Engine, data_dir: Path, payloads: Sequence[Mapping[str, Any]]) -> None:
    """Do the steps that runs wait for, one after another."""
    for payload in payloads:
        do(engine, Uploads(data_dir), int(payload["run"]))


def do(engine: Engine, uploads: Uploads, run_id: int) -> None:
    """Do the step that a run waits for; a step that cannot begin changes nothing and stays in the queue."""
    before = language()
    try:
        with uploads.turn():
            task = _begin(engine, run_id)
            if task is not None:
                _go_through(engine, uploads, task)
    finally:
        set_language(before)


def _go_through(engine: Engine, uploads: Uploads, task: Task) -> None:
    """Do a step that has begun; whatever goes wrong becomes a sentence in the run."""
    try:
        _STEPS[task.step](engine, uploads, task)
    except NetmapError as error:
        _fail(engine, task.id, _sentence(error), needs_map=isinstance(error, NeedsMap))
    except Exception:  # whatever fails, the run must not seem to run for ever
        _log.exception("import %s failed", task.id)
        _fail(engine, task.id, _("Something went wrong on our side. The directory is as it was."))


def _sentence(error: NetmapError) -> str:
    return " ".join([error.message, *(error.fields.values() if isinstance(error, Invalid) else ())])


def _begin(engine: Engine, run_id: int) -> Task | None:
    """Note that the step begins; return None where there is nothing to do any more."""
    with transaction(engine) as session:
        run = session.get(ImportRun, run_id)
        if run is None:
            return None
        set_language(run.language)
        if run.state in {"checking", "applying"}:  # whoever was at it is gone, for we have the turn
            run.state, run.ended_at = "interrupted", now()
            return None
        if run.state == "undoing":
            run.state, run.ended_at = "done", now()
            run.error = _("Taking it back was interrupted; the directory is as it was. Try again.")
            return None
        step = "learn" if run.state == "learning" else run.step
        if run.state == "waiting":
            run.state, run.started_at, run.error = BREAKS[run.step], now(), None
        elif step != "learn":
            return None
        own = map_of(run) if run.choices is None else None
        agreed = agreed_of(run) if step == "apply" else None
        return Task(run.id, run.kind, run.source, step, run.folder, run.choices, own, agreed)


def agreed_of(run: ImportRun) -> Agreed:
    """Return what the person who applies a checked import has seen of renamed records, and said to it."""
    renamed = [Renamed.from_dict(one) for one in (run.report or {}).get("renamed", ())]
    apart = frozenset(tuple(one.split(" ", 1)) for one in run.apart or ())
    return Agreed(
        tuple(one for one in renamed if not {"key", "words"}.intersection(one.why)),
        frozenset((table, id_) for table, id_ in apart),
    )


def _fail(engine: Engine, run_id: int, sentence: str, *, needs_map: bool = False) -> None:
    with transaction(engine) as session:
        run = session.get_one(ImportRun, run_id)
        if run.state == "learning":
            sentence = _("The data is in, but no service types could be suggested for it.")
        run.state = "done" if run.state in {"undoing", "learning"} else "failed"
        run.error, run.ended_at, run.needs_map = sentence, now(), needs_map


def _check(engine: Engine, uploads: Uploads, task: Task) -> None:
    """The import as it will be, on a copy."""
    with copy_of(engine, uploads.root) as copy, open_session(copy) as session:
        journal.watch_when_it_begins(session)
        report = _read(session, uploads, task).as_dict()
        found = changes(session)
    report["examples"] = examples(found)
    uploads.keep_changes(task.folder, as_text(found))
    with transaction(engine) as session:
        run = session.get_one(ImportRun, task.id)
        run.state, run.report, run.ended_at = "checked", report, now()


@contextmanager
def copy_of(engine: Engine, folder: Path) -> Iterator[Engine]:
    """Give a copy of the database that goes at the end, so that a check locks nobody out."""
    with TemporaryDirectory(dir=folder, prefix="check-") as made:
        path = Path(made) / "netmap.db"
        with closing(sqlite3.connect(str(engine.url.database))) as connection:
            connection.execute("VACUUM INTO ?", (str(path),))
        copy = open_engine(f"sqlite:///{path}")
        try:
            yield copy
        finally:
            copy.dispose()


def _apply(engine: Engine, uploads: Uploads, task: Task) -> None:
    with transaction(engine) as session:
        journal.watch_when_it_begins(session)
        report = _read(session, uploads, task)
        finish(session, task.id, report)
    if task.kind == "directory":
        _learn(engine, uploads, task)
    else:
        uploads.drop(task.folder)


def finish(session: Session, run_id: int, report: Report) -> None:
    """Make an import part of the transaction that did it: its journal, its report, its state."""
    journal.take(session, run_id)
    run = session.get_one(ImportRun, run_id)
    run.state = "learning" if run.kind == "directory" else "done"
    run.report, run.applied_at, run.ended_at = report.as_dict(), now(), now()
    old = queries.applied(session, run.source)[JOURNALS_KEPT:]
    session.execute(delete(ImportChange).where(ImportChange.run_id.in_([one.id for one in old])))
    session.flush()


def learn(engine: Engine, run_id: int) -> None:
    """Suggest service types from what came in; learning locks nobody out."""
    with open_session(engine, reading=True) as session:
        proposals = propose(session)
    with transaction(engine) as session:
        journal.watch_when_it_begins(session)
        keep(session, proposals)
        journal.take(session, run_id)
        run = session.get_one(ImportRun, run_id)
        run.state, run.ended_at = "done", now()


def _learn(engine: Engine, uploads: Uploads, task: Task) -> None:
    uploads.note(task.folder, Progress("learning"))
    learn(engine, task.id)
    with transaction(engine) as session:
        search_later(session)  # what came in may be here already under another name
    uploads.drop(task.folder)


def _undo(engine: Engine, uploads: Uploads, task: Task) -> None:
    with transaction(engine) as session:
        take_back(session, task.id, rest=task.step == "undo_rest")


def take_back(session: Session, run_id: int, *, rest: bool) -> Plan:
    """Undo a run in the caller's transaction and return what was done.

    Parameters
    ----------
    rest : bool
        Undo the rest where some rows cannot be taken back; else nothing is undone then.

    Raises
    ------
    Conflict
        If rows cannot be taken back, or a later import of the same source is in force.
    """
    run = session.get_one(ImportRun, run_id)
    queries.require_last(session, run)
    found = undo.plan(session, run)
    if found.kept and not rest:
        raise Conflict(
            _(
                "%(count)s records were changed since or are in use, so nothing was undone. Look at the list "
                "and choose whether to undo the rest.",
                count=len(found.kept),
            )
        )
    restore(session, found)
    index_all_later(session)
    session.execute(delete(ImportChange).where(ImportChange.run_id == run.id))
    run.state, run.ended_at, run.error = "undone", now(), None
    session.flush()
    return found


def sweep(data_dir: Path) -> None:
    """Remove files that were not applied within a day."""
    Uploads(data_dir).drop_old()


SWEEP_AFTER = timedelta(hours=24, minutes=1)
_STEPS: Mapping[str, Callable[[Engine, Uploads, Task], None]] = {
    "check": _check,
    "apply": _apply,
    "learn": _learn,
    "undo": _undo,
    "undo_rest": _undo,
}


def _read(session: Session, uploads: Uploads, task: Task) -> Report:
    path = uploads.find(task.folder)
    if path is None:
        raise Invalid(_("The file is not kept any more. Upload it again."))
    with _counted(uploads, task.folder) as progress, as_file(task.map) as map_path:
        return take_in(session, path, task.kind, task.source, task.choices, progress, map_path, task.agreed)


@contextmanager
def _counted(uploads: Uploads, folder: str | None) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that notes how many rows of all tables are done."""
    tables: dict[str, tuple[int, int]] = {}

    def note(table: str, done: int, total: int) -> None:
        tables[table] = (done, total)
        rows = [sum(counts) for counts in zip(*tables.values(), strict=True)]
        uploads.note(folder, Progress("writing" if rows[0] else "reading", *rows))

    uploads.note(folder, Progress())
    yield note
