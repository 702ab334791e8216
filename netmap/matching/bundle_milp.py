"""The joint choice as a mixed-integer program, for many lines and for budgets: HiGHS through scipy. Pure."""

from itertools import accumulate

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from netmap.matching.bundle import NOBODY, Choosing, Option

SECONDS = 1.0  # a person waits; then the quick way answers
OPTIMAL = 0

Row = dict[int, float]


def solve(choosing: Choosing) -> list[Option | None] | None:
    """Return the option of each line at the least cost; None where the solver gave up or took too long.

    Variables: x for each option, then y for each site, then z for each line.
    """
    steps, sites = choosing.steps, list(choosing.minutes)
    first = [0, *accumulate(len(step.options) for step in steps)]
    y_at = {site: first[-1] + place for place, site in enumerate(sites)}
    z_at = first[-1] + len(sites)
    costs = np.zeros(z_at + len(steps))
    whole = np.ones(costs.size, dtype=np.int64)
    whole[z_at:] = 0
    rows: list[tuple[Row, float, float]] = []
    for place, step in enumerate(steps):
        share = choosing.shares[place]
        costs[z_at + place] = NOBODY * share
        rows.append(({first[place] + n: 1.0 for n in range(len(step.options))} | {z_at + place: 1.0}, 1, 1))
        for column, option in enumerate(step.options, start=first[place]):
            costs[column] = share * (1 - option.utility)
            if option.site is not None:
                rows.append(({column: 1.0, y_at[option.site]: -1.0}, -np.inf, 0))
    for site, column in y_at.items():
        costs[column] = choosing.opening(site)
    lower = np.zeros(costs.size)
    lower[[first[place] for place in choosing.forced]] = 1
    rows.extend(_limits(choosing, first, y_at))
    result = milp(
        costs,
        integrality=whole,
        bounds=Bounds(lower, np.ones(costs.size)),
        constraints=_constraint(rows, costs.size),
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if result.status != OPTIMAL or result.x is None:
        return None
    taken = [np.flatnonzero(result.x[first[n] : first[n + 1]] > 0.5) for n in range(len(steps))]
    return [step.options[int(at[0])] if at.size else None for step, at in zip(steps, taken, strict=True)]


def _limits(choosing: Choosing, first: list[int], y_at: dict[str, int]) -> list[tuple[Row, float, float]]:
    """Return the limits on places and money; what was chosen by hand may exceed them, nothing else."""
    found: list[tuple[Row, float, float]] = []
    if choosing.places_left is not None:
        free = {column: 1.0 for site, column in y_at.items() if site not in choosing.forced_sites}
        found.append((free, -np.inf, choosing.places_left))
    if choosing.budget is not None:
        paid = sum(choosing.steps[place].options[0].fee or 0.0 for place in choosing.forced)
        fees = {
            first[place] + number: option.fee
            for place, step in enumerate(choosing.steps)
            if place not in choosing.forced
            for number, option in enumerate(step.options)
            if option.fee
        }
        found.append((fees, -np.inf, max(0.0, choosing.budget - paid)))
    return [one for one in found if one[0]]


def _constraint(rows: list[tuple[Row, float, float]], width: int) -> LinearConstraint:
    """Return the rows as one sparse constraint."""
    at = [
        (number, column, value)
        for number, (row, _low, _high) in enumerate(rows)
        for column, value in row.items()
    ]
    where, columns, values = zip(*at, strict=True)
    matrix = coo_array((values, (where, columns)), shape=(len(rows), width)).tocsr()
    return LinearConstraint(matrix, [low for _row, low, _high in rows], [high for _row, _low, high in rows])
