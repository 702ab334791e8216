"""Questions about imports."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from netmap.errors import Conflict, NotFound
from netmap.i18n import gettext as _
from netmap.importing.models import RUNNING, ImportChange, ImportRun


def runs(session: Session, *, limit: int = 20, offset: int = 0) -> list[ImportRun]:
    """Return imports, the newest first."""
    query = select(ImportRun).order_by(ImportRun.id.desc()).limit(limit).offset(offset)
    return list(session.scalars(query.options(selectinload(ImportRun.user))))


def run(session: Session, run_id: int) -> ImportRun:
    """Return one import; raises NotFound."""
    found = session.get(ImportRun, run_id)
    if found is None:
        raise NotFound(_("There is no import with this number."))
    return found


def applied(session: Session, source: str) -> list[ImportRun]:
    """Return the imports of a source that are in force, the newest first."""
    query = select(ImportRun).where(ImportRun.source == source, ImportRun.in_force)
    return list(session.scalars(query.order_by(ImportRun.applied_at.desc(), ImportRun.id.desc())))


def at_work(session: Session, source: str, but: int) -> ImportRun | None:
    """Return another import of a source that is running or waits for the worker to write it."""
    query = select(ImportRun).where(
        ImportRun.source == source,
        ImportRun.id != but,
        ImportRun.state.in_(RUNNING),
        ImportRun.step != "check",
    )
    return session.scalars(query.limit(1)).first()


def journal_size(session: Session, run_id: int) -> int:
    """Return how many rows the journal of an import holds."""
    query = select(func.count()).select_from(ImportChange).where(ImportChange.run_id == run_id)
    return session.scalar(query) or 0


def require_last(session: Session, run: ImportRun) -> None:
    """Raise Conflict, in words, where an import cannot be taken back as a whole."""
    if run.state == "undone":
        raise Conflict(_("This import has been undone already."))
    if not run.in_force:
        raise Conflict(_("This import is not in the directory, so there is nothing to undo."))
    newest = applied(session, run.source)[0]
    if newest.id != run.id:
        raise Conflict(
            _(
                "Import %(later)s of the same source came after this one. Undo that one first.",
                later=newest.id,
            )
        )
    report = run.report or {}
    written = any(report.get(count) for count in ("added", "changed", "removed_in_source"))
    if written and not journal_size(session, run.id):
        raise Conflict(_("What this import changed is not kept any more: five newer ones were made since."))
