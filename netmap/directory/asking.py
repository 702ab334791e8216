"""A question to the directory, and the check that it can be answered."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches

from netmap.directory.area_table import AreaTable
from netmap.directory.areas import Point
from netmap.directory.filters import FIELDS, known_codes
from netmap.errors import Invalid
from netmap.i18n import gettext as _

LONGEST = 200
MOST_RESULTS = 1000
DEEPEST = 100_000
MOST_DAYS = 36_500
MOST_CODES = 50
YEARS = range(2000, 2101)  # of moments that may be asked for
SORTS = ("best", "near", "name", "checked")

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
    near : (latitude, longitude) or str, optional
        A point, or the code or name of a settlement. Nearer comes first; with ``within_km`` what is known to
        be farther is left out.
    open_at : datetime, optional
        Aware. What is known to be closed then is left out; what nobody knows stays behind the others.
    checked_days : int, optional
        Only what a person has checked within so many days.
    only : mapping of field to codes
        Filters: any of the codes of a field, and all fields. Not known stays behind the others.
    without : set of str
        "kind:code" of what was understood from the words and taken away again.
    sort : str
        "best", "near", "name" or "checked".
    weights : mapping, optional
        Signal -> weight, in place of those of `netmap.search.signals`; for comparing settings.
    """

    text: str = ""
    area: str | None = None
    near: Point | str | None = None
    within_km: float | None = None
    open_at: datetime | None = None
    checked_days: int | None = None
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    sort: str = "best"
    limit: int = 20
    offset: int = 0
    facets: bool = True
    weights: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class AskedArea:
    """An area that was asked for, with everything around it (itself first)."""

    code: str
    name: str
    chain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A question that can be answered: its areas and its origin looked up."""

    areas: tuple[AskedArea, ...]
    near: Point | None
    near_name: str


def check(question: Question, table: AreaTable) -> Checked:
    """Return the areas and the point that the question names.

    Raises
    ------
    Invalid
        For everything that cannot be searched for; each field has its sentence.
    """
    narrowed = question.area or question.near or question.only or question.open_at or question.checked_days
    if not question.text.strip() and not narrowed:
        raise wrong("q", _("Type what you are looking for, or choose a filter."))
    if len(question.text) > LONGEST:
        raise wrong(
            "q",
            _(
                "The question has %(number)s characters and may have %(most)s: say it in fewer words.",
                number=len(question.text),
                most=LONGEST,
            ),
        )
    _check_numbers(question)
    if question.sort not in SORTS:
        raise wrong("sort", _("Sort by one of these: %(known)s.", known=", ".join(SORTS)))
    for name, codes in question.only.items():
        _check_codes(name, codes)
    named = dict.fromkeys(filter(None, (question.area, *question.only.get("area", ()))))
    areas = tuple(_asked_area(table, one, "area") for one in named)
    near, name = _origin(question, table)
    return Checked(areas, near, name)


def _check_numbers(question: Question) -> None:
    if not 1 <= question.limit <= MOST_RESULTS:
        raise wrong("limit", _("The number of results must be from 1 to %(most)s.", most=MOST_RESULTS))
    if not 0 <= question.offset <= DEEPEST:
        raise wrong("offset", _("The first result must be from 0 to %(most)s.", most=DEEPEST))
    if question.within_km is not None and not (math.isfinite(question.within_km) and question.within_km >= 0):
        raise wrong("within", _("The distance in kilometres must be zero or more."))
    if question.open_at is not None and question.open_at.tzinfo is None:
        raise wrong("open_at", _("The time needs a time zone, like 2026-11-22T18:00+02:00."))
    if question.open_at is not None and question.open_at.year not in YEARS:
        raise wrong(
            "open_at",
            _("The time must be in the years %(first)s to %(last)s.", first=YEARS[0], last=YEARS[-1]),
        )
    if question.checked_days is not None and not 1 <= question.checked_days <= MOST_DAYS:
        raise wrong("checked", _("The number of days must be from 1 to %(most)s.", most=MOST_DAYS))


def _origin(question: Question, table: AreaTable) -> tuple[Point | None, str]:
    """Return the point from which kilometres are meant, and the name of the settlement if it is one."""
    if question.near is None:
        return None, ""
    if isinstance(question.near, str):
        area = _asked_area(table, question.near, "near")
        point = table.areas[area.code].point
        if point is None:
            raise wrong(
                "near",
                _("No point is known for %(area)s: give one, like 55.52,25.10.", area=area.name),
            )
        return point, area.name
    latitude, longitude = question.near
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise wrong(
            "near",
            _("A point is a latitude from -90 to 90 and a longitude from -180 to 180, like 55.52,25.10."),
        )
    return question.near, ""


def _check_codes(name: str, codes: tuple[str, ...]) -> None:
    if name not in FIELDS:
        raise wrong("only", _("There is no filter '%(name)s'; there are: %(known)s.", name=name[:80],
                              known=", ".join(FIELDS)))  # fmt: skip
    if len(codes) > MOST_CODES:
        raise wrong(name, _("Choose at most %(most)s values of one filter.", most=MOST_CODES))
    known = known_codes(name)
    for code in codes if known is not None else ():
        if code not in (known or ()):
            values = {"code": code[:80], "nearest": nearest(code, {one: one for one in known or ()})}
            if name == "type":
                sentence = _(
                    "There is no service type with the code '%(code)s'; the nearest is '%(nearest)s'.",
                    **values,
                )
            else:
                sentence = _(
                    "The filter '%(name)s' has no value '%(code)s'; the nearest is '%(nearest)s'.",
                    name=name,
                    **values,
                )
            raise wrong(name, sentence)


def _asked_area(table: AreaTable, typed: str, name: str) -> AskedArea:
    """Return the area with this code or, in any language, this name."""
    code = typed if typed in table.areas else table.by_name.get(typed.strip().casefold())
    if code is None:
        if not table.areas:
            raise wrong(name, _("There is no area '%(area)s': no areas have been imported.", area=typed[:80]))
        closest = nearest(typed, {**table.by_name, **{one.casefold(): one for one in table.areas}})
        raise wrong(
            name,
            _(
                "There is no area '%(area)s'; the nearest is '%(nearest)s' (%(name)s).",
                area=typed[:80],
                nearest=closest,
                name=table.areas[closest].name,
            ),
        )
    return AskedArea(code, table.label(code), table.chains[code])


def nearest(typed: str, known: Mapping[str, str]) -> str:
    """Return the value whose key is spelt most like what was typed; empty where nothing is known."""
    found = get_close_matches(typed[:80].casefold(), known, n=1, cutoff=0.0)
    return known[found[0]] if found else ""


def telling(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the terms of a question with the word that each comes from, those of small words left out.

    A question of small words only keeps them all.

    Examples
    --------
    >>> telling({"who": "who", "rent": "rents"}), telling({"who": "who"})
    ({'rent': 'rents'}, {'who': 'who'})
    """
    found = {term: word for term, word in typed.items() if word.casefold() not in SMALL_WORDS}
    return found or dict(typed)


def wrong(name: str, sentence: str) -> Invalid:
    """Return the error of one field with its sentence."""
    return Invalid(sentence, {name: sentence})
