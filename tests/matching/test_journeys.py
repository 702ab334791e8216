"""Journeys: what can really be done on one day, in which order; against trying every division."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmap.matching import journeys
from netmap.matching.journeys import Journey, Stop, Visit, plan
from netmap.matching.one_day import LONGEST_DAY, MOST_STOPS, TOGETHER_DAYS

MONDAY, TUESDAY, WEDNESDAY = 0, 1, 2
AT = {"A": (10.0, 0.0), "B": (10.0, 20.0), "C": (30.0, 0.0), "D": (0.0, 15.0)}


def travel(here: str, there: str) -> float | None:
    """Minutes between two sites of a plain; "?" lies nobody knows where."""
    if here not in AT or there not in AT:
        return None
    return abs(complex(*AT[here]) - complex(*AT[there]))


def visit(key: str, site: str, *windows: tuple[int, int, int], **values: object) -> Visit:
    minutes = abs(complex(*AT[site])) if site in AT else 30.0
    return Visit(key, f"service of {key}", site, minutes, windows, **values)  # type: ignore[arg-type]


def hours(day: int, first: int, last: int) -> tuple[int, int, int]:
    return day, first * 60, last * 60


def days(found: Sequence[Journey]) -> list[tuple[int | None, list[str]]]:
    return [(one.day, [visit.key for visit in one.visits]) for one in found]


def test_two_meetings_share_the_day_on_which_both_are_open() -> None:
    debts = visit("debts", "A", hours(MONDAY, 9, 17), hours(TUESDAY, 10, 11))
    clinic = visit("clinic", "B", hours(TUESDAY, 9, 17), hours(WEDNESDAY, 9, 17), lasts=30)
    (found,) = plan([debts, clinic], travel)
    assert found.day == TUESDAY
    assert {stop.key: (stop.start, stop.end) for stop in found.stops}["debts"] == (600, 660)
    assert found.minutes == pytest.approx(10 + 20 + abs(complex(10, 20)))


def test_no_common_day_means_two_days_in_the_order_of_the_week() -> None:
    found = plan([visit("b", "B", hours(WEDNESDAY, 9, 12)), visit("a", "A", hours(MONDAY, 9, 12))], travel)
    assert days(found) == [(MONDAY, ["a"]), (WEDNESDAY, ["b"])]


def test_hours_too_short_for_both_and_the_way_between_are_two_days() -> None:
    both = [visit("a", "A", hours(MONDAY, 9, 10)), visit("b", "B", hours(MONDAY, 9, 11))]
    assert len(plan(both, travel)) == 2
    longer = [both[0], replace(both[1], windows=(hours(MONDAY, 9, 12),))]
    (found,) = plan(longer, travel)
    assert [(stop.key, stop.start) for stop in found.stops] == [("a", 540), ("b", 630)]


def test_hours_that_are_not_known_stand_apart() -> None:
    found = plan([visit("a", "A", hours(MONDAY, 9, 17)), visit("b", "A")], travel)
    assert days(found) == [(MONDAY, ["a"]), (None, ["b"])]
    assert found[1].stops == ()


def test_hours_shorter_than_the_meeting_stand_apart() -> None:
    assert days(plan([visit("a", "A", (MONDAY, 540, 570))], travel)) == [(None, ["a"])]


def test_a_place_nobody_knows_is_never_joined_with_another() -> None:
    week = tuple(hours(day, 8, 20) for day in range(5))
    assert len(plan([visit("a", "A", *week), visit("b", "?", *week)], travel)) == 2
    assert len(plan([visit("a", "?", *week), visit("b", "?", *week)], travel)) == 1


def test_what_comes_after_stands_after_on_the_same_day() -> None:
    first, second = visit("z", "C", hours(MONDAY, 9, 17)), visit("a", "A", hours(MONDAY, 9, 17), after=("z",))
    (found,) = plan([second, first], travel)
    assert [stop.key for stop in found.stops] == ["z", "a"]


def test_what_comes_after_cannot_be_done_on_a_day_where_it_would_come_first() -> None:
    first = visit("z", "C", hours(MONDAY, 14, 15))
    second = visit("a", "A", hours(MONDAY, 9, 10), after=("z",))
    assert days(plan([second, first], travel)) == [(MONDAY, ["z"]), (MONDAY, ["a"])]


def test_lines_that_begin_more_than_a_week_apart_are_no_one_journey() -> None:
    week = hours(MONDAY, 9, 17)
    near = [visit("a", "A", week), visit("b", "A", week, start_day=TOGETHER_DAYS)]
    far = [near[0], replace(near[1], start_day=TOGETHER_DAYS + 1)]
    assert (len(plan(near, travel)), len(plan(far, travel))) == (1, 2)


def test_nobody_is_sent_on_a_day_that_is_too_long() -> None:
    early, late = visit("a", "A", hours(MONDAY, 8, 9)), visit("b", "A", hours(MONDAY, 18, 19))
    assert len(plan([early, late], travel)) == 2


def test_the_first_meeting_is_as_late_as_the_second_allows() -> None:
    (found,) = plan([visit("a", "A", hours(MONDAY, 9, 17)), visit("b", "B", hours(MONDAY, 14, 15))], travel)
    assert [(stop.key, stop.start) for stop in found.stops] == [("a", 12 * 60 + 30), ("b", 14 * 60)]


def test_of_two_days_with_the_same_way_the_one_with_less_waiting_is_taken() -> None:
    a = visit("a", "A", hours(MONDAY, 9, 10), hours(TUESDAY, 9, 10))
    b = visit("b", "B", hours(MONDAY, 12, 13), (TUESDAY, 630, 690))
    assert days(plan([a, b], travel)) == [(TUESDAY, ["a", "b"])]


def test_a_house_that_never_closes_is_visited_by_day() -> None:
    (found,) = plan([visit("a", "A", (MONDAY, 0, 1440))], travel)
    assert found.stops[0].start == 8 * 60


def test_evening_hours_are_kept() -> None:
    (found,) = plan([visit("a", "A", hours(MONDAY, 20, 22))], travel)
    assert found.stops[0].start == 20 * 60


def test_many_meetings_are_still_divided() -> None:
    week = tuple(hours(day, 8, 20) for day in range(5))
    many = [visit(f"v{number}", "ABCD"[number % 4], *week) for number in range(journeys.EXACT + 4)]
    found = plan(many, travel)
    assert sorted(one.key for journey in found for one in journey.visits) == sorted(one.key for one in many)
    assert len(found) <= 4


def test_nothing_to_visit_is_no_journey() -> None:
    assert plan([], travel) == ()


@st.composite
def visits(draw: st.DrawFn) -> list[Visit]:
    """Up to four visits with odd hours; some wait for the one before."""
    found: list[Visit] = []
    for key in "abcd"[: draw(st.integers(1, 4))]:
        windows = tuple(
            (day, first, first + draw(st.sampled_from((60, 120, 300))))
            for day in sorted(draw(st.sets(st.integers(0, 2), max_size=2)))
            for first in [draw(st.sampled_from((8 * 60, 9 * 60 + 10, 13 * 60)))]
        )
        after = (found[-1].key,) if found and draw(st.sampled_from((True, False))) else ()
        site = draw(st.sampled_from(("A", "B", "C", "D", "?")))
        start = draw(st.sampled_from((0, 3, 10)))
        lasts = draw(st.sampled_from((60, 90)))
        found.append(visit(key, site, *windows, lasts=lasts, start_day=start, after=after))
    return found


def possible(order: Sequence[Visit], day: int) -> float | None:
    """Return the way of one order on one day, None where it cannot be done; written out once more."""
    if len(order) > MOST_STOPS or max(v.start_day for v in order) - min(v.start_day for v in order) > 7:
        return None
    sites = {one.site for one in order}
    if "?" in sites and len(sites) > 1:
        return None
    if any(later.key in one.after for place, one in enumerate(order) for later in order[place + 1 :]):
        return None
    steps = [
        0.0 if one.site == two.site else travel(one.site, two.site) or 0.0 for one, two in pairwise(order)
    ]
    shortest = None
    for first in range(0, 1440, 15):
        start, begins = float(first), []
        for one, step in zip(order, [0.0, *steps], strict=True):
            start = -(-(start + step) // 15) * 15
            opens = [w for w in one.windows if w[0] == day]
            if not opens or start < opens[0][1]:
                start = -(-opens[0][1] // 15) * 15 if opens else 1e9
            if not opens or start + one.lasts > opens[0][2]:
                break
            begins.append(start)
            start += one.lasts
        else:
            away = start + order[-1].minutes - (begins[0] - order[0].minutes)
            shortest = min(away, shortest if shortest is not None else away)
    if shortest is None or (len(order) > 1 and shortest > LONGEST_DAY):
        return None
    return order[0].minutes + sum(steps) + order[-1].minutes


def divisions(items: list[Visit]) -> Iterator[list[list[Visit]]]:
    if not items:
        yield []
        return
    for rest in divisions(items[1:]):
        yield [[items[0]], *rest]
        for place, group in enumerate(rest):
            yield [*rest[:place], [items[0], *group], *rest[place + 1 :]]


def in_turn(groups: list[list[Visit]]) -> bool:
    """Return whether the groups can be done one after the other, none before what it waits for."""
    done: set[str] = set()
    left, there = list(groups), {one.key for group in groups for one in group}
    while left:
        ready = [g for g in left if all(set(v.after) & there <= done | {o.key for o in g} for v in g)]
        if not ready:
            return False
        done |= {one.key for one in ready[0]}
        left.remove(ready[0])
    return True


def best_by_trying_all(known: list[Visit]) -> tuple[int, float]:
    best = (99, 0.0)
    for groups in divisions(known):
        ways = []
        for group in groups:
            tries = [possible(order, day) for order in permutations(group) for day in range(3)]
            ways.append(min((way for way in tries if way is not None), default=None))
        if in_turn(groups) and None not in ways:
            best = min(best, (len(groups), round(sum(way for way in ways if way is not None), 6)))
    return best


@settings(max_examples=150, deadline=None)
@given(visits())
def test_no_division_has_fewer_days_or_less_way(some: list[Visit]) -> None:
    found = plan(some, travel)
    known = [one for journey in found if journey.day is not None for one in journey.visits]
    assert all(
        possible([one], day) is None for j in found if j.day is None for one in j.visits for day in range(3)
    )
    mine = [one for one in found if one.day is not None]
    number, way = best_by_trying_all(known)
    assert len(mine) == number
    assert sum(one.minutes for one in mine) == pytest.approx(way, abs=1e-4)


@settings(max_examples=200, deadline=None)
@given(visits())
def test_every_meeting_is_held_within_its_hours_and_none_overlaps(some: list[Visit]) -> None:
    by_key = {one.key: one for one in some}
    found = plan(some, travel)
    assert sorted(one.key for journey in found for one in journey.visits) == sorted(by_key)
    for journey in found:
        ready = 0.0
        before: Stop | None = None
        for stop in journey.stops:
            one = by_key[stop.key]
            assert any(d == journey.day and a <= stop.start and stop.end <= b for d, a, b in one.windows)
            assert stop.start % 15 == 0
            if before is not None:
                ready = before.end + (
                    0 if before.site == stop.site else travel(before.site, stop.site) or 999
                )
            assert stop.start >= ready
            before = stop


def test_of_many_meetings_none_stands_before_what_it_waits_for() -> None:
    chance = random.Random(7)
    for _case in range(60):
        found: list[Visit] = []
        for number in range(7):
            after = (chance.choice(found).key,) if found and chance.random() < 0.6 else ()
            windows = [hours(chance.randrange(5), 9, 9 + chance.randint(1, 4)) for _window in range(2)]
            found.append(
                visit(
                    f"{7 - number}",
                    chance.choice("ABC"),
                    *windows,
                    start_day=chance.choice((0, 3)),
                    after=after,
                )
            )
        order = [one.key for journey in plan(found, travel) for one in journey.visits]
        assert sorted(order) == sorted(one.key for one in found)
        for one in found:
            assert all(order.index(first) < order.index(one.key) for first in one.after)
