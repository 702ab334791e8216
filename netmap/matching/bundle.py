"""The joint choice of one provider for every line: good fit against few places and short ways. Pure.

    min  sum_ij w_i (1 - U_ij) x_ij  +  per_site sum_l (1 + t_l / 60) y_l  +  10 sum_i w_i z_i
    s.t. sum_j x_ij + z_i = 1,  x_ij <= y_site(j),  w_i = weight of line i / weight of all

z says which lines nobody serves, so there is always an answer. Small choices are solved exactly by looking at
all groups of lines (`netmap.matching.site_choice`), larger ones and those with a budget as a mixed-integer
program; where its solver gives up, places are added, dropped and swapped one at a time.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from netmap.matching import site_choice
from netmap.matching.site_choice import NEVER, SiteProblem, whole

PER_SITE = 0.10  # one more place must improve the fit by 10 points
NOBODY = 10.0  # what a line without anybody costs, times its weight


@dataclass(frozen=True, slots=True)
class Option:
    """One provider for one line.

    ``site`` None: by phone or online, or help comes to the person, so nobody travels. ``minutes`` is one way.
    ``places`` are free places where they are known; a service takes a person once, so one place is enough for
    all lines that it serves. ``windows`` are (weekday, from, to) when it is open and the person can come.
    """

    service: str
    utility: float
    site: str | None
    minutes: float = 0.0
    fee: float | None = None
    places: float | None = None
    windows: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One line: how heavy it is, who could serve it, and who shall (``fixed``; "" is nobody)."""

    key: str
    weight: float
    options: tuple[Option, ...]
    lasts: int = 60  # minutes of one meeting
    fixed: str | None = None


@dataclass(frozen=True)
class Bundle:
    """Who serves each line, and what that costs by the formula.

    ``solver`` is "exact", "milp", "greedy", or "fit" for the choice that does not look at journeys.
    """

    options: Mapping[str, Option | None]
    sites: tuple[str, ...]
    objective: float
    solver: str

    @property
    def chosen(self) -> Mapping[str, str | None]:
        """Service by line, None where nobody serves it."""
        return {key: option.service if option else None for key, option in self.options.items()}


@dataclass(frozen=True)
class Choosing:
    """Lines with only the options that can be taken, their share of all weight, and the limits."""

    steps: tuple[Step, ...]
    per_site: float
    most_sites: int | None = None
    budget: float | None = None

    @cached_property
    def shares(self) -> tuple[float, ...]:
        """Weight of each line over the weight of all."""
        total = sum(step.weight for step in self.steps)
        return tuple(step.weight / total if total else 1 / len(self.steps) for step in self.steps)

    @cached_property
    def minutes(self) -> dict[str, float]:
        """One way to each site, the shortest where its options differ; the nearest first."""
        found: dict[str, float] = {}
        for option in (option for step in self.steps for option in step.options):
            if option.site is not None:
                found[option.site] = min(found.get(option.site, option.minutes), option.minutes)
        return dict(sorted(found.items(), key=lambda one: (one[1], one[0])))

    @cached_property
    def forced(self) -> tuple[int, ...]:
        """Lines whose provider was chosen by hand."""
        return tuple(place for place, step in enumerate(self.steps) if step.fixed and step.options)

    @cached_property
    def forced_sites(self) -> frozenset[str]:
        """Sites that must be gone to whatever else is chosen."""
        sites = (self.steps[place].options[0].site for place in self.forced)
        return frozenset(site for site in sites if site is not None)

    def opening(self, site: str) -> float:
        """Return what it costs to go to one more place."""
        return self.per_site * (1 + self.minutes[site] / 60)

    @property
    def places_left(self) -> int | None:
        """How many sites may be opened beside those chosen by hand, which may exceed the limit."""
        return None if self.most_sites is None else max(0, self.most_sites - len(self.forced_sites))


def choose(
    steps: Sequence[Step],
    *,
    per_site: float = PER_SITE,
    most_sites: int | None = None,
    budget: float | None = None,
) -> Bundle:
    """Return the providers with the best balance of fit, places and ways.

    Parameters
    ----------
    steps : sequence of Step
        Lines with their options. One fixed to a service that is not among its options has nobody.
    per_site : float
        By how much the fit (0 to 1) must gain for one more place to go to.
    most_sites : int, optional
        At most so many places. What was chosen by hand is kept even beyond it.
    budget : float, optional
        At most so much money for all lines together; fees that nobody knows count as nothing.

    Returns
    -------
    Bundle
        The same for the same steps, in whatever order their options stand.

    Examples
    --------
    >>> talk = Step("talk", 2, (Option("near", 0.6, "A", 10), Option("far", 0.7, "B", 30)))
    >>> found = choose([talk, Step("course", 1, (Option("class", 0.5, "B", 30),))])
    >>> dict(found.chosen), found.sites
    ({'talk': 'far', 'course': 'class'}, ('B',))
    """
    choosing = _prepared(steps, per_site, most_sites, budget)
    free = len(steps) - len(choosing.forced)
    if not steps or (budget is None and free <= site_choice.MOST_LINES):
        return _bundle(choosing, _by_sites(choosing, site_choice.exact), "exact")
    from netmap.matching.bundle_milp import solve  # takes long to import and is seldom needed

    found = solve(choosing)
    if found is not None:
        return _bundle(choosing, found, "milp")
    return _bundle(choosing, greedy_options(choosing), "greedy")


def best_fit(steps: Sequence[Step], *, per_site: float = PER_SITE) -> Bundle:
    """Return the best provider for each line by itself, whatever the journeys; hand choices are kept."""
    choosing = _prepared(steps, per_site, None, None)
    return _bundle(choosing, [step.options[0] if step.options else None for step in choosing.steps], "fit")


def greedy_options(choosing: Choosing) -> list[Option | None]:
    """Return a good choice that is found at once, though not always the best one."""
    if choosing.budget is None:
        return _by_sites(choosing, site_choice.greedy)
    return _one_by_one(choosing, choosing.budget)


def _prepared(
    steps: Sequence[Step], per_site: float, most_sites: int | None, budget: float | None
) -> Choosing:
    """Return the lines with their best options first and without those that can never be better."""
    kept = tuple(replace(step, options=_useful(step, budget is not None)) for step in steps)
    return Choosing(kept, per_site, most_sites, budget)


def _useful(step: Step, money_counts: bool) -> tuple[Option, ...]:
    """Return the options in order; of those at one site the best, and cheaper ones where money counts."""
    able = [option for option in step.options if option.places is None or option.places > 0]
    if step.fixed is not None:
        able = [option for option in able if option.service == step.fixed]
    able.sort(key=lambda option: (-option.utility, option.minutes, option.service, option.site or ""))
    if step.fixed is not None:
        return tuple(able[:1])
    cheapest: dict[str | None, float] = {}
    kept = []
    for option in able:
        fee = (option.fee or 0.0) if money_counts else 0.0
        if option.site not in cheapest or fee < cheapest[option.site]:
            cheapest[option.site] = fee
            kept.append(option)
    return tuple(kept)


def _by_sites(choosing: Choosing, solver: Callable[[SiteProblem], list[int]]) -> list[Option | None]:
    """Return the option of each line after the solver chose the sites."""
    problem, sites = _site_problem(choosing)
    opened = {sites[place] for place in solver(problem)} | choosing.forced_sites
    return [_cheapest(choosing, place, opened) for place in range(len(choosing.steps))]


def _site_problem(choosing: Choosing) -> tuple[SiteProblem, list[str]]:
    """Return the sites worth a look and what each line costs there, and without any of them."""
    free = [place for place in range(len(choosing.steps)) if place not in choosing.forced]
    base = []
    found: dict[str, dict[int, int]] = {}
    for column, place in enumerate(free):
        share, options = choosing.shares[place], choosing.steps[place].options
        anyway = [option for option in options if option.site is None or option.site in choosing.forced_sites]
        without = min([whole(NOBODY * share), *(whole(share * (1 - option.utility)) for option in anyway)])
        base.append(without)
        for option in options:
            cost = whole(share * (1 - option.utility))
            if option.site is not None and cost < without:
                found.setdefault(option.site, {})[column] = cost
    sites = [site for site in choosing.minutes if site in found]
    costs = np.full((len(sites), len(free)), NEVER, dtype=np.int64)
    for row, site in enumerate(sites):
        for column, cost in found[site].items():
            costs[row, column] = cost
    opening = [whole(choosing.opening(site)) + 1 for site in sites]  # + 1: fewer places win a tie
    problem = SiteProblem(
        costs, np.array(opening, dtype=np.int64), np.array(base, dtype=np.int64), choosing.places_left
    )
    return problem, sites


def _cheapest(choosing: Choosing, place: int, opened: Collection[str]) -> Option | None:
    """Return the best option of a line that needs no further site."""
    step = choosing.steps[place]
    return next((one for one in step.options if one.site is None or one.site in opened), None)


def _one_by_one(choosing: Choosing, budget: float) -> list[Option | None]:
    """Return for each line, the heaviest first, the cheapest option by the formula that can still be paid."""
    chosen: dict[int, Option] = {place: choosing.steps[place].options[0] for place in choosing.forced}
    opened = set(choosing.forced_sites)
    left, sites_left = budget - sum(option.fee or 0.0 for option in chosen.values()), choosing.places_left
    for place in sorted(range(len(choosing.steps)), key=lambda place: -choosing.steps[place].weight):
        if place in chosen:
            continue
        tries = []
        for number, option in enumerate(choosing.steps[place].options):
            new = option.site is not None and option.site not in opened
            if (option.fee or 0.0) <= left and not (new and sites_left == 0):
                way = choosing.opening(option.site) if new and option.site is not None else 0.0
                tries.append((choosing.shares[place] * (1 - option.utility) + way, number, option, new))
        if tries and min(tries)[0] < NOBODY * choosing.shares[place]:
            _cost, _number, option, new = min(tries)
            chosen[place], left = option, left - (option.fee or 0.0)
            if new and option.site is not None:
                opened.add(option.site)
                sites_left = None if sites_left is None else sites_left - 1
    return [chosen.get(place) for place in range(len(choosing.steps))]


def _bundle(choosing: Choosing, options: Sequence[Option | None], solver: str) -> Bundle:
    """Return the choice with its objective worked out anew, the same way for every solver."""
    used = {option.site for option in options if option is not None}
    sites = tuple(site for site in choosing.minutes if site in used)
    fit = sum(
        share * (1 - option.utility if option else NOBODY)
        for share, option in zip(choosing.shares, options, strict=True)
    )
    keys = (step.key for step in choosing.steps)
    objective = fit + sum(choosing.opening(site) for site in sites)
    return Bundle(dict(zip(keys, options, strict=True)), sites, objective, solver)
