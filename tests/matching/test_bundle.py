"""The joint choice: the worked example to the printed digit, every solver against trying all, and traps."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netmap.matching import bundle_milp, site_choice
from netmap.matching.bundle import Bundle, Option, Step, best_fit, choose

WORKED = (
    Step("debts", 6, (Option("P1", 0.80, "A", 30), Option("P2", 0.70, "B", 30))),
    Step("talks", 3, (Option("P3", 0.75, "B", 30), Option("P4", 0.85, "C", 15))),
    Step("job", 2, (Option("P5", 0.60, "B", 30), Option("P6", 0.65, "A", 30))),
)
A_AND_C = (
    replace(WORKED[0], options=WORKED[0].options[:1]),
    replace(WORKED[1], options=WORKED[1].options[1:]),
    replace(WORKED[2], options=WORKED[2].options[1:]),
)
AT_B = tuple(replace(step, options=tuple(one for one in step.options if one.site == "B")) for step in WORKED)
SITES = ("A", "B", "C", "D")


@st.composite
def small(draw: st.DrawFn, fees: bool = False) -> tuple[Step, ...]:
    """Up to four lines with up to four options each, at home or at one of four sites."""
    minutes = {site: draw(st.integers(0, 60)) for site in SITES}
    hundredths = st.integers(0, 100).map(lambda number: number / 100)

    def option(service: str) -> Option:
        site = draw(st.sampled_from((None, *SITES)))
        fee = draw(st.sampled_from((None, 0.0, 3.0, 5.0))) if fees else None
        return Option(service, draw(hundredths), site, minutes.get(site or "", 0), fee)

    def step(key: str) -> Step:
        options = tuple(option(f"{key}{number}") for number in range(draw(st.integers(0, 4))))
        fixed = draw(st.sampled_from((None, None, None, "", f"{key}0")))
        return Step(key, draw(st.sampled_from((0.5, 1, 2, 3, 6))), options, fixed=fixed)

    return tuple(step(key) for key in "abcd"[: draw(st.integers(1, 4))])


def cost(steps: Sequence[Step], options: Sequence[Option | None], per_site: float) -> float:
    """Return the formula of the method, written out once more."""
    total = sum(step.weight for step in steps)
    sites = {option.site: option.minutes for option in options if option and option.site is not None}
    fit = sum(
        step.weight / total * (10 if option is None else 1 - option.utility)
        for step, option in zip(steps, options, strict=True)
    )
    return fit + sum(per_site * (1 + minutes / 60) for minutes in sites.values())


def by_trying_all(
    steps: Sequence[Step], per_site: float, most: int | None = None, budget: float | None = None
) -> float:
    """Return the least cost of all that may be chosen; what is fixed is kept and is beyond the limits."""
    able: list[tuple[Option | None, ...]] = []
    for step in steps:
        fixed = [option for option in step.options if option.service == step.fixed]
        if step.fixed is None:
            able.append((None, *step.options))
        else:
            able.append(tuple(fixed[:1]) or (None,))
    kept = [one[0] if step.fixed and one[0] else None for step, one in zip(steps, able, strict=True)]
    at_hand = {option.site for option in kept if option and option.site is not None}
    spent = sum(option.fee or 0 for option in kept if option)
    best = float("inf")
    for options in product(*able):
        sites = {option.site for option in options if option and option.site is not None}
        fees = sum(option.fee or 0 for option in options if option)
        if most is not None and len(sites - at_hand) > max(0, most - len(at_hand)):
            continue
        if budget is not None and fees - spent > max(0.0, budget - spent):
            continue
        best = min(best, cost(steps, options, per_site))
    return best


def by_milp(steps: Sequence[Step], per_site: float, most: int | None = None) -> Bundle:
    """Return what the mixed-integer program answers, however small the choice is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_choice, "MOST_LINES", -1)
        return choose(steps, per_site=per_site, most_sites=most)


def by_greedy(steps: Sequence[Step], per_site: float, most: int | None = None) -> Bundle:
    """Return what is answered where the program gives up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site_choice, "MOST_LINES", -1)
        patch.setattr(bundle_milp, "solve", lambda choosing: None)
        return choose(steps, per_site=per_site, most_sites=most)


@pytest.mark.parametrize("way", [choose, by_milp, by_greedy])
def test_the_worked_example_goes_to_one_place_at_a_tenth_per_place(way: object) -> None:
    found = way(WORKED, per_site=0.10)  # type: ignore[operator]
    assert (found.sites, dict(found.chosen)) == (("B",), {"debts": "P2", "talks": "P3", "job": "P5"})
    assert f"{found.objective:.4f}" == "0.4545"


@pytest.mark.parametrize(
    ("steps", "per_site", "printed"),
    [(A_AND_C, 0.10, "0.4886"), (A_AND_C, 0.05, "0.3511"), (AT_B, 0.05, "0.3795")],
)
def test_the_other_figures_of_the_worked_example(
    steps: tuple[Step, ...], per_site: float, printed: str
) -> None:
    assert f"{choose(steps, per_site=per_site).objective:.4f}" == printed


def test_the_worked_example_goes_to_two_places_where_a_place_costs_half() -> None:
    found = choose(WORKED, per_site=0.05)
    assert (set(found.sites), f"{found.objective:.4f}") == ({"A", "C"}, "0.3511")


def test_the_best_fit_does_not_look_at_journeys() -> None:
    found = best_fit(WORKED)
    assert (dict(found.chosen), found.solver) == ({"debts": "P1", "talks": "P4", "job": "P6"}, "fit")
    assert f"{found.objective:.4f}" == "0.4886"


LIMITS = st.sampled_from((None, None, 0, 1, 2))
RATES = st.sampled_from((0.0, 0.05, 0.10, 0.20))


@settings(max_examples=500, deadline=None)
@given(steps=small(), per_site=RATES, most=LIMITS)
@example(steps=WORKED, per_site=0.10, most=1)
def test_the_quick_way_and_the_program_find_what_trying_all_finds(
    steps: tuple[Step, ...], per_site: float, most: int | None
) -> None:
    best = by_trying_all(steps, per_site, most)
    quick, program = choose(steps, per_site=per_site, most_sites=most), by_milp(steps, per_site, most)
    assert (quick.solver, program.solver) == ("exact", "milp")
    assert quick.objective == pytest.approx(best, abs=1e-7)
    assert program.objective == pytest.approx(best, abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(steps=small(fees=True), per_site=RATES, most=LIMITS, budget=st.sampled_from((0.0, 4.0, 8.0, 100.0)))
def test_a_budget_is_kept_at_the_least_cost(
    steps: tuple[Step, ...], per_site: float, most: int | None, budget: float
) -> None:
    found = choose(steps, per_site=per_site, most_sites=most, budget=budget)
    assert found.solver == "milp"
    assert found.objective == pytest.approx(by_trying_all(steps, per_site, most, budget), abs=1e-6)


@settings(max_examples=200, deadline=None)
@given(steps=small(), per_site=RATES, most=LIMITS)
def test_greedy_is_never_better_and_keeps_the_limits(
    steps: tuple[Step, ...], per_site: float, most: int | None
) -> None:
    exact, quick = choose(steps, per_site=per_site, most_sites=most), by_greedy(steps, per_site, most)
    assert quick.solver == "greedy"
    assert quick.objective >= exact.objective - 1e-9
    forced = sum(bool(step.fixed) for step in steps)
    assert most is None or len(quick.sites) <= max(most, forced)


@settings(max_examples=150, deadline=None)
@given(steps=small(fees=True), budget=st.sampled_from((0.0, 4.0, 8.0)), most=LIMITS)
def test_greedy_with_a_budget_is_never_better_and_pays_no_more(
    steps: tuple[Step, ...], budget: float, most: int | None
) -> None:
    exact = choose(steps, budget=budget, most_sites=most)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundle_milp, "solve", lambda choosing: None)
        quick = choose(steps, budget=budget, most_sites=most)
    assert quick.objective >= exact.objective - 1e-6
    by_hand = {step.key for step in steps if step.fixed}
    paid = sum(one.fee or 0 for key, one in quick.options.items() if one and key not in by_hand)
    assert paid <= budget


@settings(max_examples=200, deadline=None)
@given(steps=small(), more=small(), per_site=RATES)
def test_another_option_never_makes_the_choice_worse(
    steps: tuple[Step, ...], more: tuple[Step, ...], per_site: float
) -> None:
    minutes = {one.site: one.minutes for step in steps for one in step.options}
    extra = tuple(
        replace(one, service=f"new {one.service}", minutes=minutes.get(one.site, one.minutes))
        for one in more[0].options
    )
    wider = (replace(steps[0], options=(*steps[0].options, *extra)), *steps[1:])
    assert choose(wider, per_site=per_site).objective <= choose(steps, per_site=per_site).objective + 1e-9


@settings(max_examples=100, deadline=None)
@given(steps=small(), per_site=RATES)
def test_dearer_places_never_mean_more_places_at_less_cost(steps: tuple[Step, ...], per_site: float) -> None:
    dear, cheap = choose(steps, per_site=per_site + 0.1), choose(steps, per_site=per_site)
    assert dear.objective >= cheap.objective - 1e-9


@settings(max_examples=100, deadline=None)
@given(steps=small(), data=st.data())
def test_the_order_of_the_options_decides_nothing(steps: tuple[Step, ...], data: st.DataObject) -> None:
    halves = tuple(
        replace(step, options=tuple(replace(one, utility=round(2 * one.utility) / 2) for one in step.options))
        for step in steps
    )
    turned = tuple(replace(step, options=tuple(data.draw(st.permutations(step.options)))) for step in halves)
    assert choose(turned) == choose(halves)


def test_fewer_places_win_a_tie() -> None:
    steps = (
        Step("a", 1, (Option("far", 0.7, "X", 0), Option("home", 0.6, None))),
        Step("b", 1, (Option("there", 0.5, None),)),
    )
    assert choose(steps, per_site=0.05).chosen["a"] == "home"


def test_a_line_without_anybody_is_named_and_spoils_nothing() -> None:
    found = choose((*WORKED, Step("nobody", 1, ())))
    assert found.chosen["nobody"] is None
    assert found.chosen["debts"] == "P2"
    assert found.objective == pytest.approx(3.35 / 12 + 0.15 + 10 / 12)


def test_no_lines_is_an_empty_choice() -> None:
    assert (choose(()).objective, choose((), budget=5).sites) == (0, ())


def test_what_was_chosen_by_hand_is_kept_beyond_the_limit_of_places() -> None:
    steps = tuple(replace(step, fixed=fixed) for step, fixed in zip(WORKED, ("P1", "P4", None), strict=True))
    found = choose(steps, most_sites=1)
    assert dict(found.chosen) == {"debts": "P1", "talks": "P4", "job": "P6"}


def test_nobody_chosen_by_hand_stays_nobody() -> None:
    found = choose((replace(WORKED[0], fixed=""), *WORKED[1:]))
    assert (found.chosen["debts"], found.chosen["talks"]) == (None, "P3")


def test_a_full_service_is_not_chosen_and_one_place_serves_two_lines() -> None:
    full = Option("full", 0.9, "A", 5, places=0)
    last = Option("last", 0.8, "B", 5, places=1)
    found = choose((Step("a", 1, (full, last)), Step("b", 1, (last,))))
    assert dict(found.chosen) == {"a": "last", "b": "last"}


def test_two_lines_in_one_service_need_one_journey() -> None:
    there = Option("centre", 0.5, "A", 60)
    found = choose((Step("a", 1, (there,)), Step("b", 1, (there,))), per_site=0.1)
    assert found.objective == pytest.approx(0.5 + 0.2)


def test_many_lines_are_left_to_the_program() -> None:
    steps = [Step(f"{n:02}", 1, WORKED[n % 3].options) for n in range(site_choice.MOST_LINES + 1)]
    found = choose(steps)
    assert found.solver == "milp"
    assert found.objective <= by_greedy(steps, 0.1).objective + 1e-9


def test_where_the_solver_takes_too_long_the_quick_way_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle_milp, "SECONDS", 0.0)
    found = choose(WORKED, budget=100)
    assert (found.solver, found.chosen["debts"]) == ("greedy", "P1")
