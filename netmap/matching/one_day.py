"""One day of a journey: which meetings it can hold, in which order and at what hours. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from operator import itemgetter

Window = tuple[int, int, int]  # weekday 0-6, first minute, last minute
Travel = Callable[[str, str], float | None]  # minutes between two sites, None where nobody knows

WEEK_DAYS = 7
TOGETHER_DAYS = 7  # lines that begin further apart are no one journey
MOST_STOPS = 3
LONGEST_DAY = 6 * 60  # minutes from leaving home to being back
DAYTIME = (8 * 60, 20 * 60)  # where a place is open longer, meetings are put into these hours
QUARTER = 15  # meetings begin at full quarters of an hour


@dataclass(frozen=True, slots=True)
class Visit:
    """A line that is served at a place: how far, how long, when it is open and the person can come.

    ``minutes`` is one way from home; no ``windows`` means that the hours are not known. ``start_day`` counts
    from the start of the plan, ``after`` holds the keys of lines that come first.
    """

    key: str
    service: str
    site: str
    minutes: float
    windows: tuple[Window, ...]
    lasts: int = 60
    start_day: int = 0
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """One meeting of a journey, in minutes after midnight."""

    key: str
    service: str
    site: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Journey:
    """A way out and back on one weekday; without a day it is a meeting whose hours have to be asked for."""

    day: int | None
    visits: tuple[Visit, ...]
    stops: tuple[Stop, ...]
    minutes: float
    away: float = 0.0


class Days:
    """The best day of each group of visits, worked out once."""

    def __init__(self, visits: Sequence[Visit], travel: Travel) -> None:
        self.visits = tuple(sorted(visits, key=lambda visit: (visit.start_day, visit.key)))
        self._travel = travel
        self._found: dict[tuple[int, ...], Journey | None] = {}
        self._hours = [_week(visit.windows, visit.lasts) for visit in self.visits]
        self._open = [
            sum(1 << day for day, hours in enumerate(week) if hours) for week in self._hours
        ]  # a bit for each day
        places = {visit.key: place for place, visit in enumerate(self.visits)}
        self.waits_for = [
            frozenset(places[key] for key in visit.after if key in places) for visit in self.visits
        ]
        self._first = [self._alike_before(place) for place in range(len(self.visits))]

    def _alike_before(self, place: int) -> frozenset[int]:
        """Return the visits before this one that can change places with it, so one order is enough to try."""
        awaited = frozenset().union(*self.waits_for)
        if place in awaited or self.waits_for[place]:
            return frozenset()
        return frozenset(
            other
            for other in range(place)
            if other not in awaited
            and not self.waits_for[other]
            and _form(self.visits[other]) == _form(self.visits[place])
        )

    def may_meet(self, group: tuple[int, ...]) -> bool:
        """Return False where no weekday or no week has all of them; True says nothing yet."""
        starts = [self.visits[place].start_day for place in group]
        days = (1 << WEEK_DAYS) - 1
        for place in group:
            days &= self._open[place]
        return max(starts) - min(starts) <= TOGETHER_DAYS and days > 0

    def best(self, group: tuple[int, ...]) -> Journey | None:
        """Return the best journey for a group, None where no day holds it."""
        if group not in self._found:
            self._found[group] = self._best(group)
        return self._found[group]

    def _best(self, group: tuple[int, ...]) -> Journey | None:
        visits = [self.visits[place] for place in group]
        if len(group) > MOST_STOPS or not self.may_meet(group):
            return None
        if len(group) > 1 and not all(self.best(less) for less in combinations(group, len(group) - 1)):
            return None  # who cannot do a part of it in one day cannot do the whole
        orders = sorted(self._orders(group), key=itemgetter(1))
        if not orders:
            return None
        least = orders[0][1], orders[0][1] + sum(visit.lasts for visit in visits)  # without any waiting
        best: tuple[float, float] | None = None
        found = None
        seen = set()
        for day in range(WEEK_DAYS):
            hours = tuple(self._hours[place][day] for place in group)
            if not all(hours) or hours in seen:
                continue
            seen.add(hours)
            at = dict(zip(group, hours, strict=True))
            for order, way in orders:
                if best is not None and way > best[0]:
                    break
                stops = self._stops(order, at)
                if stops is None:
                    continue
                first, last = self.visits[order[0]], self.visits[order[-1]]
                away = stops[-1].end + last.minutes - (stops[0].start - first.minutes)
                if len(group) > 1 and away > LONGEST_DAY:
                    continue
                if best is None or (way, away) < best:
                    best = way, away
                    found = Journey(day, tuple(self.visits[one] for one in order), stops, way, away)
                if best == least:
                    return found
        return found

    def _orders(self, group: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], float]]:
        """Return the orders in which nothing stands before what it waits for, with minutes on the way."""
        inside = frozenset(group)

        def further(order: tuple[int, ...], way: float) -> Iterator[tuple[tuple[int, ...], float]]:
            if len(order) == len(group):
                yield order, round(way + self.visits[order[-1]].minutes, 6)
                return
            for place in group:
                if place in order or ((self._first[place] | self.waits_for[place]) & inside) - set(order):
                    continue
                step = self.between(order[-1], place) if order else self.visits[place].minutes
                if step is not None:
                    yield from further((*order, place), way + step)

        return further((), 0.0)

    def between(self, here: int, there: int) -> float | None:
        """Return minutes between two visits, 0 at one site."""
        start, end = self.visits[here].site, self.visits[there].site
        return 0.0 if start == end else self._travel(start, end)

    def _stops(
        self, order: tuple[int, ...], hours: dict[int, tuple[tuple[int, int], ...]]
    ) -> tuple[Stop, ...] | None:
        """Return the meetings as early as the last one can be, and the others as close to it as they can."""
        starts: list[int] = []
        ready = 0.0
        for number, place in enumerate(order):
            if number:
                ready += self.between(order[number - 1], place) or 0.0
            start = _earliest(hours[place], self.visits[place].lasts, ready)
            if start is None:
                return None
            starts.append(start)
            ready = start + self.visits[place].lasts
        for number in range(len(order) - 2, -1, -1):
            way = self.between(order[number], order[number + 1]) or 0.0
            place = order[number]
            starts[number] = _latest(hours[place], self.visits[place].lasts, starts[number + 1] - way)
        return tuple(
            Stop(visit.key, visit.service, visit.site, start, start + visit.lasts)
            for start, visit in zip(starts, (self.visits[place] for place in order), strict=True)
        )


def _form(visit: Visit) -> tuple[object, ...]:
    return visit.site, visit.minutes, visit.windows, visit.lasts


def has_hours(visit: Visit) -> bool:
    """Return whether there is a weekday whose known hours are long enough for the meeting."""
    week = _week(visit.windows, visit.lasts)
    return any(_earliest(hours, visit.lasts, 0.0) is not None for hours in week)


@lru_cache(maxsize=4_000)  # many services keep the same few weeks, and each is asked for many times
def _week(windows: tuple[Window, ...], lasts: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return the hours of each weekday in order, those of a long day cut to daytime."""
    week: list[list[tuple[int, int]]] = [[] for _day in range(WEEK_DAYS)]
    for weekday, first, last in windows:
        cut = max(first, DAYTIME[0]), min(last, DAYTIME[1])
        week[weekday].append(cut if cut[1] - cut[0] >= lasts else (first, last))
    return tuple(tuple(sorted(hours)) for hours in week)


def _earliest(hours: Sequence[tuple[int, int]], lasts: int, ready: float) -> int | None:
    """Return the first full quarter at which a meeting can begin."""
    for first, last in hours:
        start = -int(-max(first, ready) // QUARTER) * QUARTER
        if start + lasts <= last:
            return start
    return None


def _latest(hours: Sequence[tuple[int, int]], lasts: int, end: float) -> int:
    """Return the last full quarter at which a meeting can begin and be over in time; there is one."""
    starts = [(first, int(min(last, end) - lasts) // QUARTER * QUARTER) for first, last in hours]
    return max(start for first, start in starts if start >= first)
