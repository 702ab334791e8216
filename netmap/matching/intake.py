"""Reads a client sent as JSON: codes only, every wrong field named, nothing guessed. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import cast

from netmap.directory.ages import Fact
from netmap.directory.hours import parse_time
from netmap.directory.offer_words import language_code
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.matching import intake_wishes as wishes
from netmap.matching.contradictions import contradictions
from netmap.matching.facts import Client, Rated
from netmap.packages.fields import Fields, raise_if
from netmap.vocabulary.terms import require_need, vocabulary

KEYS = (
    "needs", "facts", "languages", "area", "max_km", "budget", "hours", "refused", "wanted", "long_term",
    "needs_company", *wishes.KEYS,
)  # fmt: skip
FACTS = ("yes", "no", "unknown")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FARTHEST_KM, LARGEST_BUDGET = 20_000, 1_000_000
HIGHEST_SEVERITY, HIGHEST_URGENCY = 3, 2


@dataclass(frozen=True)
class Places:
    """The areas of the directory: name and point by code, and what lies inside each."""

    names: Mapping[str, str]
    points: Mapping[str, tuple[float, float]]
    inside: Callable[[str], frozenset[str]]


def read_client(values: Mapping[str, object], places: Places, max_km: float, day: date) -> Client:
    """Return the client that a mapping describes.

    Parameters
    ----------
    values : mapping
        ``needs`` (code -> severity 0-3, urgency 0-2), ``facts`` (code -> yes, no or unknown), ``languages``,
        ``area``, ``max_km``, ``budget``, ``hours`` (day, from, to), ``refused`` and ``wanted`` (service ids),
        ``long_term``, ``needs_company``; ``track``, ``strengths``, ``refused_types``, ``contested``,
        ``overrides`` (service_id, line, criterion, reason), ``chosen`` (line -> service id) and
        ``most_places``. Only ``needs`` is needed.
    places : Places
    max_km : float
        Taken where the client names no distance.
    day : date
        Today.

    Raises
    ------
    Invalid
        With every wrong field, and with answers that cannot all be true.
    """
    errors: dict[str, str] = {}
    top = Fields(values, errors)
    top.only(KEYS)
    area = _area(top, places)
    client = Client(
        needs=_needs(top),
        facts=_facts(top),
        languages=_languages(top),
        area=area,
        point=places.points.get(area) if area else None,
        areas_within=places.inside(area) - {area} if area else frozenset(),
        max_km=cast(float, top.number("max_km", 0, FARTHEST_KM, max_km)),
        budget=top.number("budget", 0, LARGEST_BUDGET),
        hours=_hours(top),
        refused=_ids(top, "refused"),
        wanted=_ids(top, "wanted"),
        long_term=top.yes("long_term", False),
        needs_company=top.yes("needs_company", False),
        day=day,
        track=wishes.track(top),
        strengths=wishes.strong_codes(top),
        refused_types=wishes.refused_types(top),
        contested=wishes.contested(top),
        overrides=wishes.overrides(top),
        chosen=wishes.chosen(top),
        most_places=wishes.most_places(top),
    )
    for name, sentence in contradictions(client).items():
        top.wrong(name, sentence)
    raise_if(errors, _("The client cannot be matched yet."))
    return client


def _needs(top: Fields) -> dict[str, Rated]:
    part = top.part("needs")
    found = {}
    for code, value in part.values.items():
        try:
            require_need(code)
        except Invalid as error:
            part.wrong(code, error.message)
            continue
        if not isinstance(value, Mapping):
            part.wrong(code, _("'%(need)s' needs a severity from 0 to 3.", need=code))
            continue
        rated = Fields(value, top.errors, f"needs.{code}.")
        rated.only(("severity", "urgency"))
        severity = _step(rated, "severity", HIGHEST_SEVERITY, code)
        urgency = _step(rated, "urgency", HIGHEST_URGENCY, code) if "urgency" in value else 0
        found[code] = Rated(severity, urgency)
    return found


def _step(rated: Fields, name: str, highest: int, code: str) -> int:
    value = rated.values.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= highest:
        return value
    rated.wrong(
        name,
        _(
            "the %(name)s of '%(need)s' must be a whole number from 0 to %(highest)s.",
            name=name,
            need=code,
            highest=highest,
        ),
    )
    return 0


def _facts(top: Fields) -> dict[str, Fact]:
    part = top.part("facts")
    known = (*vocabulary().circumstances, *vocabulary().needs)
    found: dict[str, Fact] = {}
    for code, value in part.values.items():
        if not part.check(code[:80], code, known):
            continue
        if value in FACTS:
            found[code] = cast(Fact, value)
        else:
            part.wrong(code, _("'%(fact)s' must be yes, no or unknown.", fact=code))
    return found


def _languages(top: Fields) -> frozenset[str]:
    found = set()
    for value in top.sequence("languages"):
        code = language_code(value, None) if isinstance(value, str) else None
        if code and code.isascii() and code.isalpha() and len(code) in (2, 3):
            found.add(code)
        else:
            top.wrong("languages", _("a language is written as its code, such as 'uk' or 'ru'."))
    return frozenset(found)


def _area(top: Fields, places: Places) -> str | None:
    text = top.text("area")
    if not text or text in places.names:
        return text or None
    by_name = {name.casefold(): code for code, name in sorted(places.names.items(), reverse=True)}
    if text.casefold() in by_name:
        return by_name[text.casefold()]
    near = get_close_matches(text[:80].casefold(), (*by_name, *places.names), n=1, cutoff=0.0)
    nearest = by_name.get(near[0], near[0]) if near else ""
    if nearest:
        sentence = _(
            "There is no area '%(area)s'; the nearest is '%(nearest)s'.", area=text[:80], nearest=nearest
        )
    else:
        sentence = _("There is no area '%(area)s': the directory has no areas yet.", area=text[:80])
    top.wrong("area", sentence)
    return None


def _hours(top: Fields) -> tuple[tuple[int, int, int], ...]:
    found = []
    for number, value in enumerate(top.sequence("hours")):
        part = Fields(value if isinstance(value, Mapping) else {}, top.errors, f"hours.{number}.")
        part.only(("day", "from", "to"))
        day = part.code("day", DAYS, _("a day is needed: MO, TU, WE, TH, FR, SA or SU."))
        start, end = _minutes(part, "from"), _minutes(part, "to")
        if start is None or end is None or day not in DAYS:
            continue
        if start >= end:
            part.wrong("to", _("the end must be later than the start."))
        found.append((DAYS.index(day), start, end))
    return tuple(sorted(set(found)))


def _minutes(part: Fields, name: str) -> int | None:
    time = parse_time(part.text(name))
    if time is None:
        part.wrong(name, _("a time is needed, such as 09:00."))
        return None
    return int(time[:2]) * 60 + int(time[3:])


def _ids(top: Fields, name: str) -> frozenset[str]:
    values = top.sequence(name)
    if not all(isinstance(value, str) for value in values):
        top.wrong(name, _("a list of service ids is needed here."))
    return frozenset(value for value in values if isinstance(value, str))
