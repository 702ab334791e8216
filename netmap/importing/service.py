"""What a person can do with an import; the work itself is the worker's."""

from collections.abc import Collection, Mapping
from pathlib import PurePosixPath
from typing import IO

from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.hsds import source_name
from netmap.errors import Conflict, Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.importing import queries
from netmap.importing.mapping import check_choices, needs_columns
from netmap.importing.maps import KeptMap, letters
from netmap.importing.models import KINDS, ImportRun
from netmap.importing.uploads import Uploads
from netmap.importing.work import KIND, SWEEP, SWEEP_AFTER
from netmap.jobs.models import Job
from netmap.jobs.queue import later

SUFFIXES = (".zip", ".csv", ".json", ".geojson", ".xlsx", ".txt", ".tsv")
AGAIN = ("mapping", "checked", "failed", "interrupted")  # states in which a file may be checked once more


def start(
    session: Session,
    uploads: Uploads,
    file: IO[bytes],
    file_name: str,
    kind: str,
    source: str,
    user: int | None,
    chosen: KeptMap | None = None,
) -> ImportRun:
    """Keep an upload and return its run, which waits for the worker or for the meaning of its columns.

    Parameters
    ----------
    source : str
        The name of the source; where empty, that of the map or of the file.
    chosen : KeptMap, optional
        A map that is right; with it nobody is asked what columns mean.

    Raises
    ------
    Invalid
        If the kind or the name of the source cannot be used.
    """
    if kind not in KINDS:
        choose = _("Choose a directory, areas, demand, travel times or shapes of areas.")
        raise Invalid(_("Say what the file holds."), {"kind": choose})
    name = plain_name(file_name)
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix.casefold()
    own = source_name(source or (chosen.source if chosen else stem)) if kind == "directory" else kind
    # The name on the disk is made here, of letters and digits; reports show it, so it says whose file it is.
    kept = f"{letters(stem) or 'upload'}{suffix if suffix in SUFFIXES else ''}"
    folder, digest = uploads.keep(file, kept)
    # Read before anything is locked.
    unclear = kind == "directory" and chosen is None and needs_columns(uploads.find(folder))
    run = ImportRun(kind=kind, source=own, file_name=name, sha256=digest, folder=folder, user_id=user)
    run.language, run.state = language(), "waiting"
    if chosen is not None:
        run.map_name, run.map_text = chosen.name, chosen.text
    session.add(run)
    session.flush()
    if unclear:
        run.state = "mapping"
    else:
        _queue(session, run, "check")
    session.add(Job(kind=SWEEP, payload={}, due_at=now() + SWEEP_AFTER))
    session.flush()
    return run


def choose_columns(session: Session, uploads: Uploads, run: ImportRun, choices: Mapping[str, str]) -> None:
    """Keep what the columns of a plain CSV mean, and ask for a check.

    Raises
    ------
    Invalid
        If a choice is not possible; ``fields`` names the columns by their place.
    Conflict
        If the file is being worked on, or was applied.
    """
    _require(run, uploads, AGAIN)
    check_choices(choices)
    run.choices, run.map_name, run.map_text = dict(choices), None, None
    _queue(session, run, "check")


def ask_check(session: Session, uploads: Uploads, run: ImportRun) -> None:
    """Ask the worker to check a file once more."""
    _require(run, uploads, AGAIN)
    _queue(session, run, "check")


def ask_apply(
    session: Session, uploads: Uploads, run: ImportRun, *, agreed: bool, apart: Collection[str] = ()
) -> None:
    """Ask the worker to apply an import.

    Parameters
    ----------
    agreed : bool
        The person has said that many records of the source may be marked as gone.
    apart : collection of str
        "table id" of records that the check takes for renamed and that the person says are others.

    Raises
    ------
    Conflict
        If the same source is being imported by somebody else, or was since the check.
    Invalid
        If many records would be marked as gone and nobody has agreed.
    """
    _require(run, uploads, ("checked",))
    if other := queries.at_work(session, run.source, run.id):
        raise Conflict(
            _(
                "Import %(number)s of the same source is being applied now. Wait until it has ended, then "
                "check this one again.",
                number=other.id,
            )
        )
    newest = next(iter(queries.applied(session, run.source)), None)
    if newest and newest.applied_at and run.ended_at and newest.applied_at > run.ended_at:
        raise Conflict(
            _(
                "Import %(number)s of the same source was applied after this check, so its figures are no "
                "longer true. Check this file again.",
                number=newest.id,
            )
        )
    if (run.report or {}).get("removals") and not agreed:
        sentence = _("Tick the box if these records may be marked as gone.")
        raise Invalid(sentence, {"agreed": sentence})
    named = {f"{one['table']} {one['id']}" for one in (run.report or {}).get("renamed", ())}
    run.apart = sorted(named.intersection(apart))
    _queue(session, run, "apply")


def ask_undo(session: Session, run: ImportRun, *, rest: bool) -> None:
    """Ask the worker to take an import back; raises Conflict, in words, where that cannot be."""
    queries.require_last(session, run)
    if run.state != "done":
        raise Conflict(_("This import is at another step by now. Look at its page."))
    _queue(session, run, "undo_rest" if rest else "undo")


def _require(run: ImportRun, uploads: Uploads, states: tuple[str, ...]) -> None:
    state = "interrupted" if is_dead(run, uploads) else run.state
    if state not in states:
        raise Conflict(_("This import is at another step by now. Look at its page."))
    if uploads.find(run.folder) is None:
        raise Conflict(_("The file is not kept any more. Upload it again."))


def is_dead(run: ImportRun, uploads: Uploads) -> bool:
    """Return whether a run says that it is worked on while nobody is at work."""
    return run.state in {"checking", "applying"} and not uploads.is_taken()


def _queue(session: Session, run: ImportRun, step: str) -> None:
    run.state, run.step, run.error, run.started_at = "waiting", step, None, now()
    later(session, KIND, run=run.id)
    session.flush()


def plain_name(sent: str) -> str:
    """Return the name of an upload with no way out of its folder.

    Examples
    --------
    >>> plain_name("каталог 2026.zip"), plain_name("../../etc/passwd"), plain_name("C:\\\\lists\\\\a.csv")
    ('каталог 2026.zip', 'passwd', 'a.csv')
    """
    name = "".join(sign for sign in sent.replace("\\", "/") if sign.isprintable())
    whole = PurePosixPath(PurePosixPath(name).name)
    stem, suffix = whole.stem.strip(". ")[:50], whole.suffix[:10]
    return f"{stem}{suffix}" if stem else "upload"
