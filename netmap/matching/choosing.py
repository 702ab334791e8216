"""Who serves a line of a package, worked out for all offers of a type at once. Pure.

`netmap.matching.providers.serve` says what is meant, one offer at a time; here the same comes out of arrays:
the same choices in the same order, the same near misses. Arrays only narrow down: what is shown is judged and
counted by the functions of `providers` itself.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property

import numpy as np

from netmap.directory.columns import Columns
from netmap.directory.eligibility import CRITERIA, Asker, Duration, Offer, judge_language, judge_type
from netmap.directory.shelves import Floats, Rows, Shelf
from netmap.directory.verdicts import FAILED, FAILS, UNKNOWN_SHIFT, Flags, Masks, View
from netmap.matching import providers
from netmap.matching.choices import Choices, ordered
from netmap.matching.facts import Client, Override
from netmap.matching.providers import NEAR_MISSES, NEVER_NEAR, UNKNOWN, Choice, NearMiss, Served
from netmap.matching.rules import WEIGHT_NAMES, Weights

DEFAULT_WEIGHTS = Weights()
DIGITS = 9  # as in `providers.rank`
NOT_FIRM = 10.0  # more than any utility: what is not firm stands behind all that is
CRITERION, UNCONFIRMED_MISS = 1e6, 1e8  # more than any kilometres, more than any criterion
AREA_NOT_KNOWN = 2  # see `View.area`: before it stand "not recorded" and "served"


class Chooser:
    """One client before the offers of the directory.

    Parameters
    ----------
    columns : Columns
        As they are now; a change afterwards makes no difference here.
    client : Client
    types : iterable of str
        The kinds of service that may be asked for.
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
        types: Iterable[str],
        *,
        today: date,
        circuity: float = 1.3,
        weights: Weights = DEFAULT_WEIGHTS,
    ) -> None:
        self._client, self._today, self._weights = client, today, weights
        columns = columns.as_now()
        self._by_service = columns.by_service
        self._asker: Asker = providers.asker_of(client, circuity)
        self.view: View = columns.view(self._asker, types)
        self._shelves = {shelf.service_type: shelf for shelf in self.view.shelves}
        self._failed: dict[Duration | None, Masks] = {}
        self._keys: dict[bool, Floats] = {}
        self._misses: dict[Duration | None, Floats] = {}

    def serve(
        self,
        service_type: str,
        *,
        duration: Duration | None = None,
        urgent: bool = False,
        overrides: Sequence[Override] = (),
    ) -> Served:
        """Return who may serve one of the types, as `netmap.matching.providers.serve` does."""
        shelf, here = self._shelves[service_type], self.view.at[service_type]
        failed = self._failures(duration)[here]
        by_hand = Served((), ())
        if overrides:
            by_hand, offers = self._by_hand(service_type, duration, urgent, overrides)
            failed = failed.copy()
            failed[shelf.rows_of(offers)] = FAILED
        passing = np.flatnonzero(failed == 0)

        def made(row: int) -> Choice:
            return providers.choice_of(
                shelf.offers[row],
                self._client,
                self.view.verdicts(shelf, row, duration),
                self._today,
                urgent=urgent,
                weights=self._weights,
            )

        keys = self._choice_keys(urgent)[here][passing]
        misses = [*self._near_misses(shelf, failed, duration), *by_hand.near_misses]
        near = sorted(misses, key=providers.nearness)[:NEAR_MISSES]
        return Served(Choices(shelf, passing, keys, made, by_hand.choices), tuple(near))

    def _by_hand(
        self, service_type: str, duration: Duration | None, urgent: bool, overrides: Sequence[Override]
    ) -> tuple[Served, list[Offer]]:
        """Return what comes of services for which a worker overrides a criterion, one offer at a time."""
        services = dict.fromkeys(one.service_id for one in overrides)
        offers = [offer for service in services for offer in self._by_service.get(service, ())]
        found = providers.serve(
            offers,
            self._client,
            service_type,
            today=self._today,
            circuity=self._asker.circuity,
            duration=duration,
            urgent=urgent,
            weights=self._weights,
            overrides=overrides,
        )
        return found, offers

    def _failures(self, duration: Duration | None) -> Masks:
        """Return the criteria that fail; all of them for a service that the person refused."""
        if duration not in self._failed:
            failed = self.view.masks(duration) & FAILED
            failed[self._rows(self._client.refused)] = FAILED
            self._failed[duration] = failed
        return self._failed[duration]

    def _rows(self, services: Iterable[str]) -> list[int]:
        """Return where some services stand."""
        return [
            self.view.at[code].start + row
            for service in services
            for code, shelf in self._shelves.items()
            for row in shelf.rows_of(self._by_service.get(service, ()))
        ]

    @cached_property
    def _unconfirmed(self) -> Flags:
        return np.asarray(self.view.masks() & np.uint32(FAILS["type"] << UNKNOWN_SHIFT) != 0)

    def _choice_keys(self, urgent: bool) -> Floats:
        """Return by what choices are ordered: firm ones first, then the larger utility."""
        if urgent not in self._keys:
            utility = np.round(self._utilities(urgent), DIGITS)
            related = self.view.fixed("relation", lambda one, _code: bool(one.relation), dtype=np.bool_)
            self._keys[urgent] = (self._unconfirmed | related) * NOT_FIRM - utility
        return self._keys[urgent]

    def _utilities(self, urgent: bool) -> Floats:
        """Return the utility of every offer that passes, summed in the order of `Weights.utility`.

        The others have 0: most of the directory is too far away, and needs no further sums.
        """
        wait = self.view.fixed(
            "wait", lambda one, _code: providers.wait_part(one, urgent=urgent), key="urgent" * urgent
        )
        parts = self._parts | {"wait": wait[self._able]}
        total = np.zeros(len(self._able))
        for name in WEIGHT_NAMES:
            total += getattr(self._weights, name) * parts[name]
        found = np.zeros(len(wait))
        found[self._able] = total * self._factor
        return found

    @cached_property
    def _able(self) -> Rows:
        """The rows that pass, whatever is asked about how long help lasts."""
        return np.flatnonzero(self._failures(None) == 0)

    @cached_property
    def _parts(self) -> dict[str, Floats | float]:
        """The parts of the utility of the rows that pass, but for waiting."""
        client, view, asker, today = self._client, self.view, self._asker, self._today
        return {
            "way": self._way(),
            "outcome": UNKNOWN,
            "language": view.own(
                "language", lambda one, _code: providers.language_part(judge_language(one, asker))
            )[self._able],
            "cost": view.own("cost", lambda one, _code: providers.cost_part(one.fee, client.budget))[
                self._able
            ],
            "freshness": view.fixed(
                "checked",
                lambda one, _code: providers.freshness_part(one.assured_date, today, one.review_days),
                of=today,
            )[self._able],
            "acceptability": self._acceptability(),
        }

    def _way(self) -> Floats:
        minutes = self.view.way[self._able] / providers.DRIVE_KMH * 60
        known = self.view.masks()[self._able] & np.uint32(FAILS["distance"] << UNKNOWN_SHIFT) == 0
        return np.where(known, np.exp(-minutes / providers.WAY_MINUTES), UNKNOWN)

    def _acceptability(self) -> Floats | float:
        if not self._client.wanted:
            return UNKNOWN
        found = np.full(len(self._unconfirmed), UNKNOWN)
        found[self._rows(self._client.wanted)] = 1.0
        return found[self._able]

    @cached_property
    def _factor(self) -> Floats:
        client = self._client
        sure = self.view.fixed("type", lambda one, code: providers.sureness(judge_type(one, code)))
        others = self.view.own(
            "welcome",
            lambda one, _code: providers.MEANT_FOR_OTHERS if providers.meant_for_others(one, client) else 1.0,
        )
        return np.asarray(sure * others)[self._able]

    def _near_misses(self, shelf: Shelf, failed: Masks, duration: Duration | None) -> tuple[NearMiss, ...]:
        """Return the offers that fail on one criterion only, the nearest first."""
        keys = self._miss_keys(duration)[self.view.at[shelf.service_type]]
        rows = np.flatnonzero((keys < np.inf) & (failed != FAILED))
        found: dict[str, NearMiss] = {}
        for some in ordered(rows, keys[rows], NEAR_MISSES):
            for row in some:
                service = shelf.offers[row].service_id
                if not any(failed[place] == 0 for place in shelf.several.get(service, ())):
                    miss = self._near_miss(shelf, row, int(failed[row]), duration)
                    other = found.get(service)
                    found[service] = min(other, miss, key=providers.nearness) if other else miss
            if len(found) >= NEAR_MISSES:
                break
        return tuple(found.values())

    def _miss_keys(self, duration: Duration | None) -> Floats:
        """Return by what near misses are ordered; what is none is infinitely far."""
        if duration not in self._misses:
            failed = self._failures(duration)
            keys = _MISS[np.minimum(failed, len(_MISS) - 1)]
            keys += self._unconfirmed * UNCONFIRMED_MISS
            # It is the road that is too long, and not the area that is not served.
            far = np.flatnonzero((failed == FAILS["distance"]) & (self.view.area < AREA_NOT_KNOWN))
            keys[far] += self.view.kilometres[far]
            alive = self.view.fixed("active", lambda one, _code: one.status not in NEVER_NEAR, dtype=np.bool_)
            self._misses[duration] = np.where(alive, keys, np.inf)
        return self._misses[duration]

    def _near_miss(self, shelf: Shelf, row: int, failed: int, duration: Duration | None) -> NearMiss:
        criterion = CRITERIA[failed.bit_length() - 1]
        confirmed = self.view.verdict(shelf, row, "type").outcome == "pass"
        verdict = self.view.verdict(shelf, row, criterion, duration)
        return NearMiss(shelf.offers[row], criterion, verdict, confirmed)


def _miss_table() -> Floats:
    """Return by the criteria that fail: the place of the only one; infinite for none, several, the type."""
    alone = [bits.bit_count() == 1 and bits != FAILS["type"] for bits in range(1 << len(CRITERIA))]
    found = [CRITERION * (bits.bit_length() - 1) if one else np.inf for bits, one in enumerate(alone)]
    return np.array([*found, np.inf])


_MISS = _miss_table()
