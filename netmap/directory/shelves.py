"""The offers of one kind of service as arrays of cases. Pure.

Many offers are alike in what one criterion looks at: the same languages, the same fee, the same hours. Each
such case has a number, so that a verdict or a value is worked out once and carried to all offers of the case.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from netmap.directory.distances import EARTH_KM
from netmap.directory.eligibility import TYPES_FOR_CHILDREN, TYPES_THAT_COME, Asker, Offer

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
Value = Callable[[Offer, str], float]
"""Offer and type -> number; looks at nothing but what a case is about."""

# What each kind of case looks at; the first offer of a case stands for all of it.
CASES: Final[Mapping[str, Callable[[Offer, str], Hashable]]] = {
    "type": lambda offer, code: (code, code in offer.types, offer.confidence.get(code)),
    "active": lambda offer, _code: offer.status,
    "serves": lambda offer, _code: offer.serves,
    "goes": lambda offer, code: (code in TYPES_THAT_COME, offer.remote, offer.place_id is None),
    "eligibility": lambda offer, code: (
        offer.required, offer.excluded, offer.minimum_age, offer.maximum_age, offer.eligibility_known,
        code in TYPES_FOR_CHILDREN,
    ),
    "language": lambda offer, _code: (offer.languages, offer.interpreter),
    "hours": lambda offer, _code: offer.rules,
    "access": lambda offer, code: (offer.step_free, offer.remote, code in TYPES_THAT_COME),
    "cost": lambda offer, _code: offer.fee,
    "duration": lambda offer, _code: offer.duration,
    "capacity": lambda offer, _code: (offer.places, offer.wait_days),
    "wait": lambda offer, _code: offer.wait_days,
    "checked": lambda offer, _code: (offer.assured_date, offer.review_days),
    "welcome": lambda offer, _code: offer.welcome,
    "relation": lambda offer, _code: offer.relation,
}  # fmt: skip
AT: Final = {name: row for row, name in enumerate(CASES)}


class Known:
    """The cases that occur: what they look at -> their number, and an example of each. It only grows.

    An example is the first offer of the case, with the type as which it was met.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, dict[Hashable, int]] = {name: {} for name in CASES}
        self.examples: dict[str, list[tuple[Offer, str]]] = {name: [] for name in CASES}
        self.judged: dict[Hashable, Any] = {}  # see `netmap.directory.verdicts`

    def numbers(self, offer: Offer, service_type: str) -> list[int]:
        """Return the number of the case of an offer, for each of `CASES`."""
        return [
            self._number(name, key(offer, service_type), (offer, service_type)) for name, key in CASES.items()
        ]

    def _number(self, name: str, key: Hashable, example: tuple[Offer, str]) -> int:
        numbers = self._numbers[name]
        if key not in numbers:
            self.examples[name].append(example)
            numbers[key] = len(numbers)
        return numbers[key]


def order_of(offer: Offer) -> tuple[str, str, str]:
    """Return by what equal offers are ordered: the name, then the ids of service and place."""
    return offer.name.casefold(), offer.service_id, offer.place_id or ""


@dataclass(frozen=True, eq=False)
class Shelf:
    """The offers of one kind of service, ordered by `order_of`; never changed, another takes its place.

    ``cases`` has a row for each of `CASES` and a column for each offer; ``points`` are the three coordinates
    of the place on a ball of radius 1 (NaN where not known): from them no sines have to be worked out again
    for each question.
    """

    service_type: str
    offers: tuple[Offer, ...]
    cases: NDArray[np.int32]
    points: Floats
    _fixed: dict[str, tuple[object, NDArray[Any]]] = field(default_factory=dict)

    @cached_property
    def distinct(self) -> Mapping[str, frozenset[int]]:
        """The numbers of the cases that occur here."""
        return {name: frozenset(self.cases[row].tolist()) for name, row in AT.items()}

    @cached_property
    def several(self) -> Mapping[str, list[int]]:
        """Service id -> its rows, for services that stand here more than once."""
        services = [offer.service_id for offer in self.offers]
        if len(set(services)) == len(services):
            return {}
        rows: dict[str, list[int]] = defaultdict(list)
        for row, service in enumerate(services):
            rows[service].append(row)
        return {service: found for service, found in rows.items() if len(found) > 1}

    def __len__(self) -> int:
        return len(self.offers)

    def rows_of(self, offers: Iterable[Offer]) -> list[int]:
        """Return the rows of the services of some offers, as far as they stand here."""
        found = set[int]()
        for offer in offers:
            row = bisect_left(self.offers, order_of(offer), key=order_of)
            if row < len(self.offers) and self.offers[row].service_id == offer.service_id:
                found.update(self.several.get(offer.service_id, (row,)))
        return sorted(found)

    def fixed(
        self, known: Known, name: str, value: Value, key: str, of: object, dtype: type[np.generic]
    ) -> NDArray[Any]:
        """Return a value for every offer that is the same for all people; see `View.fixed`."""
        kept = self._fixed.get(name + key)
        if kept is None or kept[0] != of:
            table = np.zeros(len(known.examples[name]), dtype=dtype)
            for case in self.distinct[name]:
                table[case] = value(*known.examples[name][case])
            kept = self._fixed[name + key] = of, table.take(self.cases[AT[name]])
        return kept[1]

    def replaced(self, known: Known, services: Iterable[str], offers: Iterable[Offer]) -> "Shelf":
        """Return the shelf with these services taken out and these offers put in."""
        gone = set(services)
        kept = [row for row, offer in enumerate(self.offers) if offer.service_id not in gone]
        there = [self.offers[row] for row in kept]
        new = sorted(offers, key=order_of)
        at = [bisect_left(there, order_of(offer), key=order_of) for offer in new]
        cases, points = _arrays(known, self.service_type, new)
        for place, offer in reversed(list(zip(at, new, strict=True))):
            there.insert(place, offer)
        return Shelf(
            self.service_type,
            tuple(there),
            np.insert(self.cases[:, kept], at, cases, axis=1),
            np.insert(self.points[:, kept], at, points, axis=1),
        )


def _arrays(known: Known, service_type: str, offers: Sequence[Offer]) -> tuple[NDArray[np.int32], Floats]:
    cases = np.array([known.numbers(offer, service_type) for offer in offers], dtype=np.int32)
    points = np.array([_point(offer) for offer in offers], dtype=float).reshape(len(offers), 2)
    return cases.reshape(len(offers), len(CASES)).T, _on_ball(points.T)


def _point(offer: Offer) -> tuple[float, float]:
    if offer.latitude is None or offer.longitude is None:
        return np.nan, np.nan
    return offer.latitude, offer.longitude


def _on_ball(points: Floats) -> Floats:
    """Return x, y and z of latitudes and longitudes, on a ball of radius 1."""
    latitude, longitude = np.radians(points)
    across = np.cos(latitude)
    return np.array([across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)])


def empty(service_type: str) -> Shelf:
    """Return a shelf on which nothing stands."""
    return Shelf(service_type, (), np.zeros((len(CASES), 0), dtype=np.int32), np.zeros((3, 0)))


def kilometres(points: Floats, asker: Asker) -> Floats:
    """Return the kilometres on the road from the person to every point, NaN where not known."""
    if asker.point is None:
        return np.full(points.shape[1], np.nan)
    x, y, z = _on_ball(np.array(asker.point))
    half = ((points[0] - x) ** 2 + (points[1] - y) ** 2 + (points[2] - z) ** 2) / 4  # sin^2 of half the angle
    return np.asarray(2 * EARTH_KM * asker.circuity * np.arcsin(np.sqrt(np.minimum(half, 1.0))))
