"""Who serves a line of a package, worked out for all offers of a type at once. Pure.

`netmap.matching.providers.serve` says what is meant, one offer at a time; here the same comes out of arrays:
the same choices in the same order, the same near misses. Arrays only narrow down: what is shown is judged and
counted by the functions of `providers` itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import overload

import numpy as np
from numpy.typing import NDArray

from netmap.directory.columns import Columns
from netmap.directory.eligibility import Asker, Duration, Offer, judge, judge_language, judge_type
from netmap.directory.shelves import Floats, Rows, Shelf
from netmap.directory.verdicts import FAILED, FAILS, UNKNOWN_SHIFT, Flags, Masks, View
from netmap.matching import providers
from netmap.matching.facts import Client
from netmap.matching.providers import NEAR_MISSES, NEVER_NEAR, UNKNOWN, Choice, NearMiss, Served
from netmap.matching.rules import WEIGHT_NAMES, Weights

DEFAULT_WEIGHTS = Weights()
DIGITS = 9  # as in `providers.rank`
CLOSE = 1e-8  # sums of arrays may differ from those of single numbers by less
SHOWN = 1 + providers.ALTERNATIVES  # so many rows are made into choices at first
UNCONFIRMED = 10.0  # more than any utility: what nobody confirmed stands behind all that is confirmed
_FURTHER = {"criterion": 1e6, "unconfirmed": 1e8}  # more than any kilometres, more than any criterion


class Chooser:
    """One client before the offers of the directory.

    Parameters
    ----------
    columns : Columns
        As they are now; a change afterwards makes no difference here.
    client : Client
    today : date
        From which the age of a record is counted.
    circuity : float
        Road over straight line.
    weights : Weights
        What counts how much.
    """

    def __init__(
        self,
        columns: Columns,
        client: Client,
        *,
        today: date,
        circuity: float = 1.3,
        weights: Weights = DEFAULT_WEIGHTS,
    ) -> None:
        self._client, self._today, self._weights = client, today, weights
        self._circuity, self._by_service = circuity, columns.by_service
        self._askers: dict[Duration | None, Asker] = {}
        self.view: View = columns.view(self._asker(None))

    def _asker(self, duration: Duration | None) -> Asker:
        if duration not in self._askers:
            self._askers[duration] = providers.asker_of(self._client, self._circuity, duration)
        return self._askers[duration]

    def serve(self, service_type: str, *, duration: Duration | None = None, urgent: bool = False) -> Served:
        """Return who may serve this type, as `netmap.matching.providers.serve` does."""
        shelf = self.view.shelf(service_type)
        masks = self.view.masks(shelf, duration)
        failed = masks & FAILED
        if self._client.refused:
            failed[self._rows(shelf, self._client.refused)] = FAILED
        passing = np.flatnonzero(failed == 0)
        keys = np.round(self._utilities(shelf, masks, passing, urgent), DIGITS)
        keys = self._unconfirmed(masks, passing) * UNCONFIRMED - keys

        def choice(row: int) -> Choice:
            offer = shelf.offers[row]
            verdicts = judge(offer, self._asker(duration), service_type)
            return providers.choice_of(
                offer, self._client, verdicts, self._today, urgent=urgent, weights=self._weights
            )

        misses = self._near_misses(shelf, masks, failed, duration)
        return Served(Choices(shelf, passing, keys, choice), misses)

    def _rows(self, shelf: Shelf, services: Iterable[str]) -> list[int]:
        return [row for one in services for row in shelf.rows_of(self._by_service.get(one, ()))]

    def _unconfirmed(self, masks: Masks, rows: Rows) -> Flags:
        return np.asarray(masks[rows] & np.uint32(FAILS["type"] << UNKNOWN_SHIFT) != 0)

    def _utilities(self, shelf: Shelf, masks: Masks, rows: Rows, urgent: bool) -> Floats:
        """Return the utility of the offers in some rows, summed in the order of `Weights.utility`."""
        client, view, asker = self._client, self.view, self._asker(None)
        spoken = view.table(
            shelf, "language", lambda one: providers.language_part(judge_language(one, asker)), of="part"
        )
        parts: dict[str, Floats | float] = {
            "way": self._way(shelf, masks, rows),
            "wait": view.table(shelf, "wait", lambda one: providers.wait_part(one, urgent=urgent), of=urgent)[
                rows
            ],
            "outcome": UNKNOWN,
            "language": spoken[rows],
            "cost": view.table(
                shelf, "cost", lambda one: providers.cost_part(one.fee, client.budget), of="part"
            )[rows],
            "freshness": view.table(
                shelf, "checked", lambda one: providers.freshness_part(one.assured_date, self._today)
            )[rows],
            "acceptability": self._acceptability(shelf)[rows] if client.wanted else UNKNOWN,
        }
        total = np.zeros(len(rows))
        for name in WEIGHT_NAMES:
            total += getattr(self._weights, name) * parts[name]
        return total * self._factor(shelf, rows)

    def _way(self, shelf: Shelf, masks: Masks, rows: Rows) -> Floats:
        minutes = self.view.way(shelf)[rows] / providers.DRIVE_KMH * 60
        known = masks[rows] & np.uint32(FAILS["distance"] << UNKNOWN_SHIFT) == 0
        return np.where(known, np.exp(-minutes / providers.WAY_MINUTES), UNKNOWN)

    def _acceptability(self, shelf: Shelf) -> Floats:
        found = np.full(len(shelf), UNKNOWN)
        found[self._rows(shelf, self._client.wanted)] = 1.0
        return found

    def _factor(self, shelf: Shelf, rows: Rows) -> Floats:
        code, client = shelf.service_type, self._client
        sure = self.view.table(
            shelf, "type", lambda one: providers.sureness(judge_type(one, code)), of="sureness"
        )
        others = self.view.table(
            shelf,
            "welcome",
            lambda one: providers.MEANT_FOR_OTHERS if providers.meant_for_others(one, client) else 1.0,
        )
        return np.asarray(sure[rows] * others[rows])

    def _near_misses(
        self, shelf: Shelf, masks: Masks, failed: Masks, duration: Duration | None
    ) -> tuple[NearMiss, ...]:
        """Return the offers that fail on one criterion only, the nearest first."""
        alive = self.view.table(
            shelf, "active", lambda one: one.status not in NEVER_NEAR, of="alive", dtype=np.bool_
        )
        single = (failed != 0) & (failed & (failed - np.uint32(1)) == 0) & (failed != FAILS["type"])
        rows = np.flatnonzero(single & alive)
        keys = np.log2(failed[rows].astype(float)) * _FURTHER["criterion"]
        keys += self._unconfirmed(masks, rows) * _FURTHER["unconfirmed"]
        too_far = (failed[rows] == FAILS["distance"]) & self._on_the_road(shelf, rows)
        keys[too_far] += self.view.kilometres(shelf.service_type)[rows[too_far]]
        found: dict[str, NearMiss] = {}
        for some in _ordered(rows, keys, NEAR_MISSES):
            for row in some:
                offer = shelf.offers[row]
                if not any(failed[other] == 0 for other in shelf.several.get(offer.service_id, ())):
                    miss = self._near_miss(offer, shelf.service_type, duration)
                    nearest = min(found.get(offer.service_id, miss), miss, key=providers.nearness)
                    found[offer.service_id] = nearest
            if len(found) >= NEAR_MISSES:
                break
        return tuple(sorted(found.values(), key=providers.nearness)[:NEAR_MISSES])

    def _on_the_road(self, shelf: Shelf, rows: Rows) -> Flags:
        """Return whether it is the road that is too long, and not the area that is not served."""
        served = self.view.table(shelf, "serves", lambda one: one.serves is None, of="road", dtype=np.bool_)
        return np.asarray(served[rows] | self._area_served(shelf)[rows])

    def _area_served(self, shelf: Shelf) -> Flags:
        area = self._client.area
        return self.view.table(
            shelf, "serves", lambda one: area in (one.serves or ()), of="in", dtype=np.bool_
        )

    def _near_miss(self, offer: Offer, service_type: str, duration: Duration | None) -> NearMiss:
        verdicts = judge(offer, self._asker(duration), service_type)
        criterion = next(name for name, verdict in verdicts.items() if verdict.outcome == "fail")
        return NearMiss(offer, criterion, verdicts[criterion], verdicts["type"].outcome == "pass")


def _ordered(rows: Rows, keys: Floats, size: int) -> Iterator[list[int]]:
    """Yield the rows by their keys, ``size`` of them and then ever more; of equal ones the first rows first.

    Rows whose keys are nearly equal to that of the last one come with it: single numbers decide between them.
    """
    while len(rows):
        chosen = np.ones(len(rows), dtype=np.bool_)
        if size < len(rows):
            limit = np.partition(keys, size - 1)[size - 1]
            chosen = (keys <= limit + CLOSE) & (keys != limit)
            equal = np.flatnonzero(keys == limit)
            chosen[equal[: size - np.count_nonzero(keys < limit)]] = True
        yield rows[chosen].tolist()
        rows, keys, size = rows[~chosen], keys[~chosen], 4 * size


class Choices(Sequence[Choice]):
    """The choices for one line, the best first: one for each service, made when they are asked for."""

    def __init__(
        self, shelf: Shelf, rows: Rows, keys: NDArray[np.float64], make: Callable[[int], Choice]
    ) -> None:
        self._shelf, self._rows, self._make = shelf, rows, make
        self._coming = _ordered(rows, keys, SHOWN)
        self._made: dict[str, Choice] = {}
        self._ready: list[Choice] = []

    def __len__(self) -> int:
        several = self._shelf.several
        if not several:
            return len(self._rows)
        return len({self._shelf.offers[row].service_id for row in self._rows.tolist()})

    def __bool__(self) -> bool:
        return len(self._rows) > 0

    @overload
    def __getitem__(self, index: int) -> Choice: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Choice]: ...
    def __getitem__(self, index: int | slice) -> Choice | Sequence[Choice]:
        if isinstance(index, slice):
            self._until(len(self) if index.stop is None or index.stop < 0 else index.stop)
            return self._ready[index]
        self._until(index + 1 if index >= 0 else len(self))
        return self._ready[index]

    def _until(self, count: int) -> None:
        """Make at least so many choices where there are so many."""
        while len(self._ready) < count:
            rows = next(self._coming, None)
            if rows is None:
                return
            before = self._made.keys() & {self._shelf.offers[row].service_id for row in rows}
            for row in rows:
                service = self._shelf.offers[row].service_id
                if service not in before:  # else it stands further in front with a better place
                    choice = self._make(row)
                    self._made[service] = min(self._made.get(service, choice), choice, key=providers.rank)
            self._ready = sorted(self._made.values(), key=providers.rank)
