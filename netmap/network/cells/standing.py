"""How a line of help stands in each area: ready, missing or to be asked, and which offer says so. Pure.

Ready asks more than an open cell does: what is recorded was checked not long ago, and the regular hours are
known to fall into the week. Missing is exactly what the gaps count as closed; all else has to be asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from netmap.directory.eligibility import Offer
from netmap.network.cells.engine import Cell, LineCells, Profile
from netmap.network.cells.ground import Flags, provider_of
from netmap.network.cells.kinds import ALIVE, ones

State = Literal["ready", "not", "ask"]
NOBODY: Final = 99  # more than any offer can miss
ANY_TIME: Final = tuple((day, 0, 24 * 60) for day in range(7))


@dataclass(frozen=True, slots=True)
class Standing:
    """One cell as a coordinator sees it.

    ``offer`` is the one that misses least, the last checked of equals; None where nobody offers it.
    ``fresh``: it was checked not long ago; ``open``: it is known to be open in this week. ``providers`` are
    those that are ready or, where nobody is, those that pass everything; ``offering`` the services that
    offer it anywhere.
    """

    cell: Cell
    state: State
    offer: Offer | None
    fresh: bool
    open: bool
    providers: int
    offering: int


def standings(cells: LineCells, profile: Profile, day: date, stale_days: int) -> Iterator[Standing]:
    """Yield how the line stands in every area."""
    offers = cells.group.offers
    ages = cells.group.ages(day)
    fresh: Flags = np.array(ages <= stale_days, dtype=bool)
    meets = _open_this_week(cells, profile)
    ready: Flags = cells.sure & (fresh & meets)[:, None]
    alive: Flags = np.array((cells.failed & ALIVE) == 0, dtype=bool)
    rows = _nearest(cells, ready, alive, ages)
    there: Flags = np.asarray(ready.any(axis=0))
    counted = np.where(there, ready, cells.sure)
    owners = np.array([provider_of(offer) for offer in offers], dtype=object)
    living: list[int] = np.flatnonzero(alive.any(axis=1)).tolist()
    offering = len({offers[row].service_id for row in living})
    for column, cell in enumerate(cells.cells(day, stale_days)):
        row = int(rows[column])
        yield Standing(
            cell=cell,
            state="ready" if there[column] else "not" if cell.kind and not cell.ask else "ask",
            offer=offers[row] if row >= 0 else None,
            fresh=row >= 0 and bool(fresh[row]),
            open=row >= 0 and bool(meets[row]),
            providers=len(set(owners[counted[:, column]])),
            offering=offering,
        )


def _open_this_week(cells: LineCells, profile: Profile) -> Flags:
    """Return of each offer whether its hours are known to fall into this week.

    Whether they meet those of the package, where it names some, the cells have judged.
    """
    failed, unknown = cells.group.outcome("hours", replace(profile.typical, hours=ANY_TIME))
    return np.asarray((failed | unknown) == 0)


def _nearest(cells: LineCells, ready: Flags, alive: Flags, ages: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return for each area the row of the offer that misses least, -1 where nobody offers it."""
    if not len(ages):
        return np.full(ready.shape[1], -1)
    missing = np.full(ready.shape, NOBODY)
    for there, steps in (
        (alive, 20 + ones(cells.failed)),
        (cells.perhaps, 1 + ones(cells.unknown)),
        (cells.sure, 1),
        (ready, 0),
    ):
        missing = np.where(there, steps, missing)
    order = np.argsort(ages, kind="stable")
    best = order[missing[order].argmin(axis=0)]
    found: NDArray[np.intp] = np.where(missing[best, np.arange(len(best))] < NOBODY, best, -1)
    return found
