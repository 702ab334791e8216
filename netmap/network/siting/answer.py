"""What every question about sites is answered with. Pure."""

from dataclasses import dataclass

import numpy as np

from netmap.network.siting.input import Columns, Flags, Numbers
from netmap.network.siting.milp import gap_of


@dataclass(frozen=True)
class Siting:
    """Sites to open, what they achieve, and how sure that is.

    Attributes
    ----------
    sites : tuple of int
        Columns of the cost to open, ascending, without those that are open already.
    objective : float
        What is measured, in the unit that each function names.
    assignment : tuple of int
        For each demand point the column of the open site that serves it, -1 where none does.
    status : "optimal", "time limit" or "infeasible"
        Proved the best; the best found in the time; impossible with so many sites.
    gap : float
        By what share of the objective a choice may at most be better; 0 where it is proved the best,
        infinite where nothing was found.
    """

    sites: tuple[int, ...]
    objective: float
    assignment: tuple[int, ...]
    status: str
    gap: float


def answer(
    costs: Numbers,
    reach: Flags,
    there: Columns,
    sites: Columns,
    objective: float,
    bound: float,
    status: str,
) -> Siting:
    """Return the answer, each point assigned to the nearest open site within its reach."""
    opened = np.concatenate([there, sites])
    ways = np.where(reach[:, opened], costs[:, opened], np.inf)
    ways = np.column_stack([ways, np.full(len(costs), np.inf)])  # the last stands for nobody
    nearest = ways.argmin(axis=1)
    found = np.append(opened, -1)[np.where(np.isfinite(ways.min(axis=1)), nearest, opened.size)]
    return Siting(
        tuple(np.sort(sites).tolist()),
        objective,
        tuple(found.tolist()),
        status,
        gap_of(objective, bound, status),
    )


def nothing(points: int, status: str) -> Siting:
    """Return the answer where no choice was found."""
    return Siting((), np.inf, (-1,) * points, status, np.inf)
