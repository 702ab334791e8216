"""Prints of the whole directory, made by the worker and kept as files to be fetched.

A book of thousands of services takes longer than anybody waits for a page, so the worker makes it, and again
every night until a coordinator takes it away. A print that tells the address of a place which has become
confidential since is not given to anybody any more: it is made again.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from netmap.config import LANGUAGES, Settings
from netmap.db import now, open_session, transaction
from netmap.errors import NotFound, Unavailable
from netmap.i18n import gettext as _
from netmap.jobs.models import Job
from netmap.jobs.queue import later
from netmap.printing.making import FORMS, Made, confidential, make

KIND = "print"
AT_NIGHT = time(3, 20)


@dataclass(frozen=True)
class Print:
    """A print that lies ready: of which moment it tells, how many services are in it, its size in bytes.

    ``hidden`` holds the places whose addresses were confidential when it was made.
    """

    form: str
    lang: str
    moment: str
    services: int
    size: int
    hidden: list[str]

    def made(self) -> datetime:
        """Return the moment of which it tells."""
        return datetime.fromisoformat(self.moment)

    def name(self) -> str:
        """Return the name of its file."""
        return f"netmap-{self.form}-{self.lang}-{self.made():%Y-%m-%d}{FORMS[self.form]}"


def folder(settings: Settings) -> Path:
    """Return the folder of the prints; losing it loses nothing."""
    return settings.data_dir / "prints"


def ready(settings: Settings) -> list[Print]:
    """Return the prints that lie ready, by form and language."""
    return [
        found
        for form in FORMS
        for lang in LANGUAGES
        if (found := _read(folder(settings), form, lang)) is not None
    ]


def waiting(session: Session) -> set[tuple[str, str]]:
    """Return (form, language) of the prints that the worker has to make now."""
    query = select(Job.payload).where(Job.kind == KIND, Job.state == "due", Job.due_at <= now())
    return {(one["form"], one["lang"]) for one in session.scalars(query)}


def ask(session: Session, form: str, lang: str) -> None:
    """Let the worker make a print, now and every night from then on."""
    _require(form, lang)
    if (form, lang) not in waiting(session):
        later(session, KIND, form=form, lang=lang)


def take_away(settings: Settings, form: str, lang: str) -> None:
    """Remove a print; it is not made again before somebody asks for it."""
    _require(form, lang)
    for suffix in (".json", FORMS[form]):
        (folder(settings) / f"{form}-{lang}{suffix}").unlink(missing_ok=True)


def content(session: Session, settings: Settings, form: str, lang: str) -> tuple[Print, Path]:
    """Return a print and its file.

    Raises
    ------
    NotFound
        If it lies not ready.
    Unavailable
        If an address in it has become confidential since it was made.
    """
    _require(form, lang)
    found = _read(folder(settings), form, lang)
    path = folder(settings) / f"{form}-{lang}{FORMS[form]}"
    if found is None or not path.is_file():
        raise NotFound(_("This print is not made yet."))
    if told_too_much(session, found):
        raise Unavailable(
            _("An address in this print has become confidential, so it is made again. Come back later.")
        )
    return found, path


def told_too_much(session: Session, print_: Print) -> bool:
    """Return whether an address may be in a print that has become confidential since."""
    return not set(confidential(session)) <= set(print_.hidden)


def work(engine: Engine, settings: Settings, payloads: Sequence[Mapping[str, Any]]) -> None:
    """Make the prints that are asked for, each once, and put down that they are made again at night."""
    for form, lang in dict.fromkeys((one["form"], one["lang"]) for one in payloads):
        asked = any((one["form"], one["lang"]) == (form, lang) and not one.get("again") for one in payloads)
        if not asked and _read(folder(settings), form, lang) is None:
            continue  # it was taken away
        with open_session(engine, reading=True) as session:
            made = make(session, settings, form, lang)
        _keep(folder(settings), form, lang, made)
        with transaction(engine) as session:
            _at_night(session, settings, form, lang)


def _at_night(session: Session, settings: Settings, form: str, lang: str) -> None:
    """Put down one job of the coming night, unless there is one."""
    coming = select(Job).where(Job.kind == KIND, Job.state == "due", Job.due_at > now())
    payload = {"form": form, "lang": lang, "again": True}
    if any(job.payload == payload for job in session.scalars(coming)):
        return
    here = now().astimezone(settings.zone())
    due = datetime.combine(here.date() + timedelta(days=1), AT_NIGHT, here.tzinfo)
    session.add(Job(kind=KIND, payload=payload, due_at=due))


def _keep(place: Path, form: str, lang: str, made: Made) -> None:
    """Write a print beside its place and move it there, what is said of it last."""
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    size, hidden = len(made.content), list(made.hidden)
    print_ = Print(form, lang, made.moment.isoformat(), made.services, size, hidden)
    (place / f"{form}-{lang}.json").unlink(missing_ok=True)  # whoever asks meanwhile finds nothing, not a mix
    for suffix, told in ((FORMS[form], made.content), (".json", json.dumps(asdict(print_)).encode())):
        partial = place / f".{form}-{lang}{suffix}.{os.getpid()}.partial"
        try:
            partial.write_bytes(told)
            partial.replace(place / f"{form}-{lang}{suffix}")
        finally:
            partial.unlink(missing_ok=True)


def _read(place: Path, form: str, lang: str) -> Print | None:
    try:
        return Print(**json.loads((place / f"{form}-{lang}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _require(form: str, lang: str) -> None:
    if form not in FORMS or lang not in LANGUAGES:
        raise NotFound(_("There is no such print."))
