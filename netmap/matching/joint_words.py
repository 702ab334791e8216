"""The joint choice as the answer tells it: places, days and hours, what another choice gains. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from babel.dates import format_date

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import locale
from netmap.matching import substitutes
from netmap.matching.desk import Desk
from netmap.matching.joint import Joint, Way, site_of
from netmap.matching.journeys import Journey
from netmap.matching.lines import Serves, Wanted
from netmap.matching.providers import Choice, Served, travel_minutes
from netmap.matching.times import weekly
from netmap.vocabulary.terms import label

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WHO = ("provider", "service", "service_language", "service_id")
WEEK = 7
ROUND_TO = 5  # minutes in sentences: a straight line times a factor knows no better
_MONDAY = date(2024, 1, 1)

Lines = Mapping[str, Wanted]


def package_lines(
    joint: Joint,
    wanted: Sequence[Wanted],
    served: Mapping[Serves, Served],
    desk: Desk,
    refused: Collection[str] = (),
) -> dict[str, Any]:
    """Return the parts ``lines`` and ``joint`` of a package's result.

    ``refused`` are kinds of service that the person does not want.
    """
    lines = []
    for line in wanted:
        found = served[line.serves]
        told = desk.line(line, found, joint.pick(line, found), substitutes.beside(line, served))
        if instead := substitutes.words(line):
            told["why"] = [instead, *told["why"]]
        if to_talk_about := substitutes.to_talk_about(line, refused):
            told["badges"] = [to_talk_about, *told["badges"]]
        lines.append(told)
    return {"lines": lines, "joint": answer(joint, wanted, desk)}


def answer(joint: Joint, wanted: Sequence[Wanted], desk: Desk) -> dict[str, Any]:
    """Return the part ``joint`` of a package's result.

    Parameters
    ----------
    joint : Joint
    wanted : sequence of Wanted
        The lines of the package, for the kind of help of each.
    desk : Desk
        Knows the names of the places.
    """
    lines = {line.key: line for line in wanted}
    found = _way(joint.way, lines, desk)
    other = _way(joint.by_fit, lines, desk) if joint.by_fit else None
    if other and joint.by_fit:
        other["difference"] = difference(found, other)
        other["changes"] = [
            {"line": key, **{name: told[name] for name in WHO}}
            for key, choice in joint.by_fit.picked.items()
            if choice and other["lines"][key] != found["lines"][key]
            for told in [desk.offer(choice, lines[key].service_type)]
        ]
    return {**found, "lost": list(joint.lost), "alternative": other}


def _way(way: Way, lines: Lines, desk: Desk) -> dict[str, Any]:
    places = _places(way, lines, desk)
    unknown = {site for site, place in places.items() if place["minutes"] is None}
    none_known = len(unknown) == len(places)  # then it is said once, in the sentence about all
    times = {key: _dates(choice, lines[key], desk) for key, choice in way.picked.items() if choice}
    journeys = [_journey(one, lines, unknown, times, silent=none_known) for one in way.journeys]
    minutes = [one["minutes"] for one in journeys]
    total = None if None in minutes else sum(minutes)
    return {
        "sentence": in_short(len(places), journeys),
        "lines": dict(way.bundle.chosen),
        "places": list(places.values()),
        "journeys": journeys,
        "minutes": total,
        "fit": round(100 * way.fit, 1),
        "objective": round(way.bundle.objective, 4),
        "solver": way.bundle.solver,
        "uncovered": way.uncovered,
    }


def _places(way: Way, lines: Lines, desk: Desk) -> dict[str, dict[str, Any]]:
    """Return the places to go to, the nearest first, with the lines that are served there."""
    found: dict[str, dict[str, Any]] = {site: {} for site in way.bundle.sites}
    for key, choice in way.picked.items():
        kind = lines[key].service_type
        site = site_of(choice.offer, kind) if choice else None
        if choice is None or site is None:
            continue
        if not found[site]:
            minutes = travel_minutes(choice.verdicts["distance"])
            found[site] = {
                "place": desk.place(choice.offer, kind),
                "location_id": choice.offer.location_id,
                "minutes": None if minutes is None else round(minutes),
                "way": "" if minutes is None else one_way(minutes),
                "lines": [],
            }
        found[site]["lines"].append(key)
    return found


def _dates(choice: Choice, line: Wanted, desk: Desk) -> str:
    """Return the next date in words where help does not come every week, "" where it does or nobody knows."""
    if weekly(choice.offer.rules, desk.moment.date()):
        return ""
    return str(desk.offer(choice, line.service_type)["time"])


def _journey(
    journey: Journey, lines: Lines, unknown: Iterable[str], times: Mapping[str, str], *, silent: bool
) -> dict[str, Any]:
    known = not any(visit.site in unknown for visit in journey.visits)
    minutes = round(journey.minutes) if known else None
    told: dict[str, tuple[str, str]] = {
        stop.key: (_clock(stop.start), _clock(stop.end)) for stop in journey.stops
    }
    stops = [
        {"line": visit.key, "service_id": visit.service, "from": start, "to": end}
        for visit in journey.visits
        for start, end in [told.get(visit.key, ("", ""))]
    ]
    day = "" if journey.day is None else DAYS[journey.day]
    return {
        "day": day,
        "stops": stops,
        "minutes": minutes,
        "sentence": _sentence(journey, lines, minutes, times, silent=silent),
    }


def _by_hand(journey: Journey, lines: Lines, times: Mapping[str, str]) -> str:
    """Return what has to be agreed by phone, with the next date where there is one."""
    dated = {label(lines[one.key].service_type): times.get(one.key, "") for one in journey.visits}
    found = [
        _("%(what)s, %(time)s; call first.", what=kind, time=time) for kind, time in dated.items() if time
    ]
    asked = ", ".join(kind for kind, time in dated.items() if not time)
    if asked and journey.visits[0].windows:
        found.append(_("%(what)s: no known hours are long enough, call to agree on a time.", what=asked))
    elif asked:
        found.append(_("%(what)s: no weekly hours are known, call to agree on a time.", what=asked))
    return " ".join(found)


def _sentence(
    journey: Journey, lines: Lines, minutes: int | None, times: Mapping[str, str], *, silent: bool
) -> str:
    """Return a journey in words, such as "Tuesday: Debt advice 10:00, then Clinic 11:30; ...".

    ``silent``: that the way is not known is left to the sentence about all journeys.
    """
    if journey.day is None:
        return _by_hand(journey, lines, times)
    kinds = [label(lines[visit.key].service_type) for visit in journey.visits]
    stops = f"{kinds[0]} {_clock(journey.stops[0].start)}"
    for kind, stop in zip(kinds[1:], journey.stops[1:], strict=True):
        stops = _("%(before)s, then %(next)s", before=stops, next=f"{kind} {_clock(stop.start)}")
    day, week = _day(journey.day), min(visit.start_day for visit in journey.visits) // WEEK + 1
    if week > 1:
        day = _("%(day)s, from week %(week)s", day=day, week=week)
    values = {"day": day, "stops": stops}
    if len(kinds) > 1 and len({visit.site for visit in journey.visits}) == 1:
        if minutes is None:
            return _("%(day)s: %(stops)s, all at one place.", **values)
        return _(
            "%(day)s: %(stops)s, all at one place; about %(minutes)s minutes on the way there and back.",
            minutes=about(minutes),
            **values,
        )
    if minutes is None and silent:
        return f"{day}: {stops}."
    if minutes is None:
        return _("%(day)s: %(stops)s; how far it is, is not known.", **values)
    return _(
        "%(day)s: %(stops)s; about %(minutes)s minutes on the way, there and back.",
        minutes=about(minutes),
        **values,
    )


def one_way(minutes: float) -> str:
    """Return how far a place is."""
    return _("about %(minutes)s minutes one way", minutes=about(minutes))


def in_short(places: int, journeys: Sequence[Mapping[str, Any]]) -> str:
    """Return how far a person has to go for one choice.

    Examples
    --------
    >>> in_short(2, [{"minutes": 43}])
    '2 places to go to, 1 journey, about 45 minutes on the way in all'
    """
    if not places:
        return _("Nobody has to go anywhere for this.")
    minutes = minutes_in_all(journeys)
    if minutes is None:
        way = _("how far it is, is not known")
    else:
        way = _("about %(minutes)s minutes on the way in all", minutes=minutes)
    return ", ".join(
        (
            ngettext("%(number)s place to go to", "%(number)s places to go to", places),
            ngettext("%(number)s journey", "%(number)s journeys", len(journeys)),
            way,
        )
    )


def minutes_in_all(journeys: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the sum of what the sentences of the journeys say, None where one of them is not known."""
    minutes = [journey["minutes"] for journey in journeys]
    return None if None in minutes else sum(map(about, minutes))


def difference(now: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return what the other choice gains and costs beside this one, "" where nothing that people notice.

    Parameters
    ----------
    now, other : mapping
        Two answers as `answer` gives them.
    """
    parts = []
    gained = round(other["fit"]) - round(now["fit"])
    if gained > 0:
        parts.append(ngettext("%(number)s point better fit", "%(number)s points better fit", gained))
    elif gained < 0:
        parts.append(ngettext("%(number)s point less fit", "%(number)s points less fit", -gained))
    places = len(other["places"]) - len(now["places"])
    if places > 0:
        parts.append(ngettext("%(number)s more place to go to", "%(number)s more places to go to", places))
    elif places < 0:
        parts.append(ngettext("%(number)s place fewer", "%(number)s places fewer", -places))
    journeys = len(other["journeys"]) - len(now["journeys"])
    if journeys > 0:
        parts.append(ngettext("%(number)s more journey", "%(number)s more journeys", journeys))
    elif journeys < 0:
        parts.append(ngettext("%(number)s journey fewer", "%(number)s journeys fewer", -journeys))
    before, after = minutes_in_all(now["journeys"]), minutes_in_all(other["journeys"])
    if before is not None and after is not None:
        more = after - before
        if more > 0:
            parts.append(ngettext("about %(number)s minute more", "about %(number)s minutes more", more))
        elif more < 0:
            parts.append(ngettext("about %(number)s minute less", "about %(number)s minutes less", -more))
    return ", ".join(parts)


def about(minutes: float) -> int:
    """Return minutes as far as an estimate by the straight line can be believed, never 0.

    Examples
    --------
    >>> about(1.2), about(43)
    (5, 45)
    """
    return max(ROUND_TO, ROUND_TO * round(minutes / ROUND_TO))


def _day(day: int) -> str:
    return _weekday(day, locale())


@cache
def _weekday(day: int, where: str) -> str:
    name = format_date(_MONDAY + timedelta(days=day), "EEEE", locale=where)
    return name[:1].upper() + name[1:]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
