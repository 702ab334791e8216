"""Makes the prints of the whole directory: the book as PDF and the file that works offline."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import LANGUAGES, Settings
from netmap.db import now
from netmap.directory.models import Area, Location
from netmap.directory.offer_rows import area_insides
from netmap.directory.queries import area_chains, area_name
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language, speaking
from netmap.printing.book import document
from netmap.printing.entries import Entry, entries, public_ids
from netmap.printing.offline import offline_html
from netmap.printing.typeset import typeset_apart
from netmap.vocabulary.terms import vocabulary

FORMS: Mapping[str, str] = {"book": ".pdf", "offline-html": ".html"}


@dataclass(frozen=True)
class Made:
    """A print: its bytes, how many services are in it, the moment of which it tells, what it does not tell.

    ``hidden`` holds the places whose addresses were confidential then.
    """

    content: bytes
    services: int
    moment: datetime
    hidden: tuple[str, ...]


def confidential(session: Session) -> tuple[str, ...]:
    """Return the places whose addresses are confidential now."""
    return tuple(session.scalars(select(Location.id).where(Location.confidential).order_by(Location.id)))


def make(session: Session, settings: Settings, form: str, lang: str, area: str = "") -> Made:
    """Return a print of the public directory.

    Parameters
    ----------
    session : Session
        Read by nobody else: what was read is let go of on the way.
    settings : Settings
    form : str
        One of `FORMS`.
    lang : str
        The language of all words around the services; those of providers stay in theirs.
    area : str
        The code of an area: only services that are there or serve it.

    Raises
    ------
    NotFound
        If there is no such area.
    Invalid
        If the language is none of ours, or nothing is there to print.
    """
    if lang not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise Invalid(_("There is no print in '%(lang)s'; there are %(known)s.", lang=lang, known=known))
    hidden = confidential(session)  # first: what becomes confidential meanwhile is not among them
    moment = now().astimezone(settings.zone())
    with speaking(lang):
        areas = {
            one.code: (area_name(one, language()), one.parent_code) for one in session.scalars(select(Area))
        }
        if area and area not in areas:
            raise NotFound(_("There is no area with the code '%(code)s'.", code=area[:100]))
        fits = _Within(session, area)
        told = (
            entry
            for entry in entries(session, public_ids(session, moment.date()), moment, settings.stale_days)
            if fits(entry)
        )
        counted = _Counted()
        if form == "book":
            names = {code: name for code, (name, _around) in areas.items()}
            content = _book(list(counted.each(told)), names, moment, area)
        else:
            content = offline_html(counted.each(told), areas, vocabulary(), moment, settings.timezone)
        return Made(content, counted.number, moment, hidden)


def _book(told: list[Entry], areas: Mapping[str, str], moment: datetime, area: str) -> bytes:
    if not told:
        raise Invalid(_("There is no service to print."))
    return typeset_apart("book", document(told, areas, vocabulary(), moment.date(), areas.get(area, "")))


class _Counted:
    """Counts what passes."""

    def __init__(self) -> None:
        self.number = 0

    def each(self, told: Iterable[Entry]) -> Iterator[Entry]:
        """Yield what is given."""
        for entry in told:
            self.number += 1
            yield entry


class _Within:
    """Says which services are in an area or come to it; with no area all are."""

    def __init__(self, session: Session, area: str) -> None:
        self._area = area
        self._inside = area_insides(session)(area) if area else frozenset[str]()
        self._around = frozenset(area_chains(session)[area]) if area else frozenset[str]()

    def __call__(self, entry: Entry) -> bool:
        if not self._area:
            return True
        there = bool(self._inside & set(entry.areas))
        return there or bool((self._inside | self._around) & set(entry.serves))
