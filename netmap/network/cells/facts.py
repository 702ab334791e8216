"""How each criterion comes out for all offers of one kind of service, each different fact judged once. Pure.

`netmap.directory.eligibility` decides. Most offers share what a criterion looks at (the same languages, the
same price), so its test is asked once for each different set of facts, not once for each offer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netmap.directory import eligibility
from netmap.directory.eligibility import Asker, Offer, Verdict
from netmap.network.cells.kinds import BIT, Bits

Test = Callable[[Offer, Asker, str], Verdict]

# What of an offer, and what of the one who asks, the test of a criterion looks at. Distance is told apart in
# `netmap.network.cells.near`: it alone differs from area to area.
LOOKS_AT: Final[dict[str, tuple[str, ...]]] = {
    "type": ("types", "suggested"),
    "active": ("status",),
    "eligibility": ("required", "excluded", "minimum_age", "maximum_age", "eligibility_known"),
    "language": ("languages", "interpreter"),
    "hours": ("rules",),
    "access": ("step_free", "remote"),
    "cost": ("fee",),
    "duration": ("duration",),
    "capacity": ("places", "wait_days"),
}
ASKS: Final[dict[str, tuple[str, ...]]] = {
    "eligibility": ("circumstances", "age_range"),
    "language": ("languages",),
    "hours": ("hours", "day"),
    "access": ("circumstances",),
    "cost": ("budget",),
    "duration": ("duration",),
}
TESTS: Final[dict[str, Test]] = {
    "type": lambda offer, _asker, kind: eligibility.judge_type(offer, kind),
    "active": lambda offer, _asker, _kind: eligibility.judge_active(offer),
    "eligibility": eligibility.judge_eligibility,
    "language": lambda offer, asker, _kind: eligibility.judge_language(offer, asker),
    "hours": lambda offer, asker, _kind: eligibility.judge_hours(offer, asker),
    "access": eligibility.judge_access,
    "cost": lambda offer, asker, _kind: eligibility.judge_cost(offer, asker),
    "duration": lambda offer, asker, _kind: eligibility.judge_duration(offer, asker),
    "capacity": lambda offer, _asker, _kind: eligibility.judge_capacity(offer),
}
FEW = 8  # offers: of so few it takes longer to find who is alike than to ask of each
_FACTS: Final = {criterion: attrgetter(*names) for criterion, names in LOOKS_AT.items()}


@dataclass(frozen=True)
class _Different:
    """The first offer of each different set of facts, and for each offer which of those it is like."""

    first: tuple[Offer, ...]
    alike: NDArray[np.intp]


@dataclass(frozen=True)
class Offers:
    """All offers of one kind of service, those of a provider and of a service side by side."""

    service_type: str
    offers: tuple[Offer, ...]
    _different: dict[str, _Different] = field(default_factory=dict, repr=False)
    _judged: dict[tuple[object, ...], tuple[Bits, Bits]] = field(default_factory=dict, repr=False)
    _ages: dict[date, NDArray[np.float64]] = field(default_factory=dict, repr=False)

    @cached_property
    def providers(self) -> tuple[tuple[str, ...], NDArray[np.intp]]:
        """Return the providers, and at which row each begins."""
        return _runs([provider_of(offer) for offer in self.offers])

    @cached_property
    def services(self) -> tuple[tuple[str, ...], NDArray[np.intp]]:
        """Return the services, and at which row each begins."""
        return _runs([offer.service_id for offer in self.offers])

    @cached_property
    def provider(self) -> NDArray[np.intp]:
        """Return for each row which of the providers it is of."""
        return _number(self.providers[1], len(self.offers))

    @cached_property
    def service(self) -> NDArray[np.intp]:
        """Return for each row which of the services it is of."""
        return _number(self.services[1], len(self.offers))

    @cached_property
    def by_id(self) -> NDArray[np.intp]:
        """Return the place of each row in the order of services and their places."""
        order = sorted(range(len(self.offers)), key=lambda row: _ids(self.offers[row]))
        place = np.empty(len(order), dtype=np.intp)
        place[order] = np.arange(len(order))
        return place

    def outcome(self, criterion: str, asker: Asker) -> tuple[Bits, Bits]:
        """Return for each offer the bit of the criterion where it fails, and where nobody knows."""
        key = (criterion, *(_hashable(getattr(asker, name)) for name in ASKS.get(criterion, ())))
        if key not in self._judged:
            different = self._apart(criterion)
            test, bit = TESTS[criterion], BIT[criterion]
            found = [test(offer, asker, self.service_type).outcome for offer in different.first]
            failed = np.array([bit if one == "fail" else 0 for one in found], dtype=np.uint16)
            unknown = np.array([bit if one == "unknown" else 0 for one in found], dtype=np.uint16)
            self._judged[key] = failed[different.alike], unknown[different.alike]
        return self._judged[key]

    def masks(self, asker: Asker) -> tuple[Bits, Bits]:
        """Return which criteria each offer fails and which nobody knows, distance left out."""
        failed, unknown = (np.zeros(len(self.offers), dtype=np.uint16) for _mask in range(2))
        for criterion in LOOKS_AT:
            fails, unsure = self.outcome(criterion, asker)
            failed |= fails
            unknown |= unsure
        return failed, unknown

    def ages(self, day: date) -> NDArray[np.float64]:
        """Return for each offer the days since a person last checked the record."""
        if day not in self._ages:
            self._ages[day] = np.array([age_days(offer, day) for offer in self.offers], dtype=float)
        return self._ages[day]

    def _apart(self, criterion: str) -> _Different:
        if criterion not in self._different and len(self.offers) <= FEW:
            self._different[criterion] = _Different(self.offers, np.arange(len(self.offers)))
        if criterion not in self._different:
            facts = _FACTS[criterion]
            first: dict[object, int] = {}
            alike = np.array([first.setdefault(facts(one), len(first)) for one in self.offers], dtype=np.intp)
            rows = np.full(len(first), len(self.offers))
            np.minimum.at(rows, alike, np.arange(len(alike)))
            self._different[criterion] = _Different(tuple(self.offers[row] for row in rows.tolist()), alike)
        return self._different[criterion]


def provider_of(offer: Offer) -> str:
    """Return the id of the organization; a service that has none stands for itself."""
    return offer.organization_id or offer.service_id


def _ids(offer: Offer) -> tuple[str, str]:
    return offer.service_id, offer.place_id or ""


def age_days(offer: Offer, day: date) -> float:
    """Return the days since a person last checked the record; infinite where nobody ever did."""
    return np.inf if offer.assured_date is None else max(0, (day - offer.assured_date).days)


def _hashable(value: object) -> object:
    return tuple(sorted(value.items())) if isinstance(value, dict) else value


def _runs(keys: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Return the keys without repeats, and where each begins; equal keys stand side by side."""
    starts = [row for row, key in enumerate(keys) if row == 0 or key != keys[row - 1]]
    return tuple(keys[row] for row in starts), np.array(starts, dtype=np.intp)


def _number(starts: NDArray[np.intp], rows: int) -> NDArray[np.intp]:
    """Return for each row the number of the run that it stands in."""
    return np.repeat(np.arange(len(starts)), np.diff(np.append(starts, rows)))
