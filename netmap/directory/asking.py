"""A question to the directory, and the check that it can be answered."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import Area
from netmap.directory.queries import area_chains
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language as reader_language
from netmap.vocabulary import words
from netmap.vocabulary.terms import vocabulary

LONGEST = 200
MOST_RESULTS = 1000
DEEPEST = 100_000

_SMALL = (
    "a an and any are at can do does for from get give gives has have help helps how i in is it me my",
    "near need needs of on or our please some somebody someone the there to us want we what when where",
    "which who whom with без бы в во где для до есть из или и как какие какой ко когда кому кто куда",
    "мне мой моя на надо нам нас не но нужен нужна нужно о об от по поможет помогает помогут помочь",
    "помощь при про с со там то у что я або але де допоможе допомагає допоможуть допомога допомогти з",
    "за зі й і із к коли куди має мені мій ми потрібен потрібна потрібно та хто чи що як який які aš",
    "ant apie ar arba bet be dėl gali galima gauti iki ir iš į kaip kai kas kiek koks kokia kur man",
    "mano mes mums nuo o padeda padės padėti pagalba pagalbos per po pas prie reikia su surasti tai už",
    "yra",
)
SMALL_WORDS = frozenset(" ".join(_SMALL).split())  # they stand in every question and say nothing of it


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for.

    Parameters
    ----------
    text : str
        Plain words, 200 letters at most; may be empty where something else narrows the search.
    area : str, optional
        Code (or name) of an area: what lies in it, or serves it as a whole.
    near : (latitude, longitude), optional
        Nearer comes first; with ``within_km`` what is known to be farther is left out.
    open_at : datetime, optional
        Aware. What is known to be closed then is left out; unknown hours cost a little.
    types : tuple of str
        Codes of service types; any of them.
    language : str, optional
        Code of a language that the service is given in; not known comes last.
    """

    text: str = ""
    area: str | None = None
    near: tuple[float, float] | None = None
    within_km: float | None = None
    open_at: datetime | None = None
    types: tuple[str, ...] = ()
    language: str | None = None
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class AskedArea:
    """An area that was asked for, with everything around it (itself first)."""

    code: str
    name: str
    chain: tuple[str, ...]


def check(session: Session, question: Question) -> AskedArea | None:
    """Return the area that the question names, if it names one.

    Raises
    ------
    Invalid
        For everything that cannot be searched for; each field has its sentence.
    """
    narrowed = question.area or question.near or question.types or question.open_at or question.language
    if not question.text.strip() and not narrowed:
        raise _wrong("q", _("Type what you are looking for, or choose a filter."))
    if len(question.text) > LONGEST:
        raise _wrong(
            "q",
            _(
                "The question has %(number)s characters and may have %(most)s: say it in fewer words.",
                number=len(question.text),
                most=LONGEST,
            ),
        )
    if not 1 <= question.limit <= MOST_RESULTS:
        raise _wrong("limit", _("The number of results must be from 1 to %(most)s.", most=MOST_RESULTS))
    if not 0 <= question.offset <= DEEPEST:
        raise _wrong("offset", _("The first result must be from 0 to %(most)s.", most=DEEPEST))
    _check_place(question)
    for code in question.types:
        _check_type(code)
    return _asked_area(session, question.area) if question.area else None


def _check_place(question: Question) -> None:
    if question.near is not None:
        latitude, longitude = question.near
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise _wrong(
                "near",
                _("A point is a latitude from -90 to 90 and a longitude from -180 to 180, like 55.52,25.10."),
            )
    if question.within_km is not None:
        if not (math.isfinite(question.within_km) and question.within_km >= 0):
            raise _wrong("within", _("The distance in kilometres must be zero or more."))
        if question.near is None:
            raise _wrong("near", _("Say from which point the kilometres are meant, like 55.52,25.10."))
    if question.open_at is not None and question.open_at.tzinfo is None:
        raise _wrong("open_at", _("The time needs a time zone, like 2026-11-22T18:00+02:00."))


def _check_type(code: str) -> None:
    known = vocabulary().service_types
    if code not in known:
        raise _wrong(
            "type",
            _(
                "There is no service type with the code '%(code)s'; the nearest is '%(nearest)s'.",
                code=code[:80],
                nearest=nearest(code, {one: one for one in known}),
            ),
        )


def _asked_area(session: Session, typed: str) -> AskedArea:
    """Return the area with this code or, in any language, this name."""
    areas = {area.code: area for area in session.scalars(select(Area).order_by(Area.code))}
    names = {
        name.casefold(): code for code, area in areas.items() for name in (*area.names.values(), area.name)
    }
    code = typed if typed in areas else names.get(typed.strip().casefold())
    if code is None:
        if not areas:
            raise _wrong(
                "area", _("There is no area '%(area)s': no areas have been imported.", area=typed[:80])
            )
        closest = nearest(typed, {**names, **{one.casefold(): one for one in areas}})
        raise _wrong(
            "area",
            _(
                "There is no area '%(area)s'; the nearest is '%(nearest)s' (%(name)s).",
                area=typed[:80],
                nearest=closest,
                name=areas[closest].name,
            ),
        )
    area = areas[code]
    return AskedArea(code, area.names.get(reader_language()) or area.name, area_chains(session)[code])


def nearest(typed: str, known: Mapping[str, str]) -> str:
    """Return the value whose key is spelt most like what was typed; empty where nothing is known."""
    found = get_close_matches(typed[:80].casefold(), known, n=1, cutoff=0.0)
    return known[found[0]] if found else ""


def words_by_term(text: str) -> dict[str, str]:
    """Return the terms of a question with the word that each comes from, those of small words left out.

    A question of small words only keeps them all.

    Examples
    --------
    >>> list(words_by_term("who helps with unpaid rents").values())
    ['unpaid', 'rents']
    >>> list(words_by_term("who is there").values())
    ['who', 'is', 'there']
    """
    clean = " ".join(text.split())
    languages = words.languages_of(clean)
    typed = words.split(clean)
    telling = [word for word in typed if word.casefold() not in SMALL_WORDS] or typed
    found: dict[str, str] = {}
    for word in telling:
        for term in words.word_terms(word, languages):
            found.setdefault(term, word)
    return found


def _wrong(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, {name: sentence})
