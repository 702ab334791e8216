"""Which meetings can really be put into one day, in which order and at what hours. Pure.

Only regular weekly hours that are known are used. Fewer days come first, then less time on the way, then a
shorter time away from home. Up to `EXACT` meetings all ways to divide them are looked at; more are put, one
after the other, into the day where they cost the least.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

from netmap.matching.one_day import (
    MOST_STOPS,
    TOGETHER_DAYS,
    Days,
    Journey,
    Stop,
    Travel,
    Visit,
    Window,
    has_hours,
)

__all__ = ["Journey", "Stop", "Travel", "Visit", "Window", "plan"]

EXACT = 5


def plan(visits: Sequence[Visit], travel: Travel) -> tuple[Journey, ...]:
    """Return the journeys in the order in which they begin, then the visits that have to be arranged by hand.

    Visits to one place whose hours nobody knows are arranged with one call, and are one journey.

    Parameters
    ----------
    visits : sequence of Visit
        One for each line that is served at a place.
    travel : callable
        Minutes between two different sites. Two sites with None between them are never one journey.

    Examples
    --------
    >>> days = ((1, 540, 720), (3, 540, 720))
    >>> debts = Visit("debts", "adviser", "A", 20, days)
    >>> clinic = Visit("clinic", "doctor", "B", 30, ((1, 600, 1020),), lasts=30, after=("debts",))
    >>> for journey in plan([debts, clinic], lambda here, there: 25):
    ...     print(journey.day, [(stop.key, stop.start) for stop in journey.stops], journey.minutes)
    1 [('debts', 540), ('clinic', 630)] 75.0
    """
    known = [visit for visit in visits if has_hours(visit)]
    days = Days(known, travel)
    divided = _divided(days) if len(known) <= EXACT else _one_by_one(days)
    return (*divided, *_by_hand([visit for visit in visits if visit not in known]))


def _by_hand(visits: Sequence[Visit]) -> list[Journey]:
    groups: list[list[Visit]] = []
    for visit in sorted(visits, key=lambda one: one.start_day):  # stable: else in the order of the lines
        group = next((group for group in groups if _one_call(group[0], visit)), None)
        if group is None:
            groups.append([visit])
        else:
            group.append(visit)
    return [Journey(None, tuple(group), (), 2 * group[0].minutes) for group in groups]


def _one_call(first: Visit, other: Visit) -> bool:
    near = other.start_day - first.start_day <= TOGETHER_DAYS
    return near and first.site == other.site and not first.windows and not other.windows


def _divided(days: Days) -> list[Journey]:
    """Return the best way to divide all visits into days, none before what it waits for."""
    count = len(days.visits)
    whole = (1 << count) - 1
    groups = [
        (_mask(group), _mask(_awaited(group, days)), journey)
        for size in range(1, min(MOST_STOPS, count) + 1)
        for group in combinations(range(count), size)
        if days.may_meet(group) and (journey := days.best(group)) is not None
    ]
    free = not any(awaited for _group, awaited, _journey in groups)
    best: dict[int, tuple[tuple[int, float, float], list[Journey]]] = {0: ((0, 0.0, 0.0), [])}
    for done in range(whole):
        if done not in best:
            continue
        (number, way, away), journeys = best[done]
        next_one = ~done & (done + 1) if free else whole  # where nothing waits, the order is of no account
        for group, awaited, journey in groups:
            after = group | done
            if group & done or not group & next_one or awaited & ~after:
                continue
            cost = (number + 1, round(way + journey.minutes, 6), round(away + journey.away, 6))
            known = best.get(after)
            if known is None or cost <= known[0]:
                order = [*journeys, journey]
                if known is None or (cost, _begins(order)) < (known[0], _begins(known[1])):
                    best[after] = cost, order
    found = best[whole][1] if whole in best else _one_by_one(days)
    return sorted(found, key=lambda journey: _begins([journey])) if free else found


def _mask(places: Iterable[int]) -> int:
    return sum(1 << place for place in places)


def _begins(journeys: Sequence[Journey]) -> list[tuple[int, int]]:
    """Return when journeys begin: what starts earlier in the plan, then in the week, comes first."""
    return [(min(visit.start_day for visit in one.visits), one.day or 0) for one in journeys]


def _one_by_one(days: Days) -> list[Journey]:
    """Return days found by putting each visit where it adds the least, a new day only where none holds it.

    No day stands before one that it waits for; what waits in a circle is put as if it did not wait.
    """
    alone = [(place,) for place in range(len(days.visits))]
    groups: list[tuple[int, ...]] = []
    for (place,) in _in_turn(alone, days) or alone:
        tries = []
        for number, group in enumerate(groups):
            larger = (*group, place)
            together, before = days.best(larger), days.best(group)
            if together is None or before is None:
                continue
            added = together.minutes - before.minutes
            if _in_turn([*groups[:number], larger, *groups[number + 1 :]], days) is not None:
                tries.append((added, number))
        if tries:
            number = min(tries)[1]
            groups[number] = (*groups[number], place)
        else:
            groups.append((place,))
    return [
        journey for group in _in_turn(groups, days) or groups if (journey := days.best(group)) is not None
    ]


def _in_turn(groups: Sequence[tuple[int, ...]], days: Days) -> list[tuple[int, ...]] | None:
    """Return the groups, what begins first in front but none before what it waits for; None for a circle."""
    there = frozenset(place for group in groups for place in group)
    begins = {group: _begins([journey]) for group in groups if (journey := days.best(group)) is not None}
    left = sorted(groups, key=lambda group: (begins[group], group))
    order: list[tuple[int, ...]] = []
    done: set[int] = set()
    while left:
        ready = (group for group in left if _awaited(group, days) & there <= done)
        found = next(ready, None)
        if found is None:
            return None
        left.remove(found)
        order.append(found)
        done.update(found)
    return order


def _awaited(group: Sequence[int], days: Days) -> frozenset[int]:
    """Return what has to be over before a group begins."""
    return frozenset().union(*(days.waits_for[place] for place in group)) - frozenset(group)
