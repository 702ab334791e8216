"""What `eligibility` says of every offer of a type for one person, as bit masks. Pure.

`netmap.directory.eligibility` judges one offer of each case, and arrays carry the verdict to all others. Only
the kilometres are worked out for every offer. So nothing is decided here: the verdicts are those of `judge`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from netmap.directory import eligibility
from netmap.directory.eligibility import CRITERIA, TYPES_FOR_CHILDREN, TYPES_THAT_COME, Asker, Offer, Verdict
from netmap.directory.shelves import AT, Floats, Known, Shelf, empty

Masks = NDArray[np.uint32]
Flags = NDArray[np.bool_]

# A mask has the criteria that fail in its lower half and those that are unknown in its upper half.
FAILS: Final = {criterion: 1 << place for place, criterion in enumerate(CRITERIA)}
UNKNOWN_SHIFT: Final = 16
FAILED: Final = np.uint32((1 << UNKNOWN_SHIFT) - 1)

_ROADS: Final = {"near": 0, "far": 1, "not known": 2}


class View:
    """One person before the shelves: what each case means for this person, worked out when first met."""

    def __init__(self, shelves: Mapping[str, Shelf], known: Known, asker: Asker) -> None:
        self._shelves, self._known, self._asker = shelves, known, asker
        self._tables: dict[tuple[str, object], tuple[NDArray[Any], set[int]]] = {}
        self._kilometres: dict[str, Floats] = {}
        self._same: dict[str, Masks] = {}
        self._at_home: dict[str, Flags] = {}

    def shelf(self, service_type: str) -> Shelf:
        """Return the offers of one kind of service."""
        return self._shelves.get(service_type) or empty(service_type)

    def kilometres(self, service_type: str) -> Floats:
        """Return the kilometres from the person to every offer of a type."""
        if service_type not in self._kilometres:
            self._kilometres[service_type] = self.shelf(service_type).kilometres(self._asker)
        return self._kilometres[service_type]

    def table(
        self,
        shelf: Shelf,
        name: str,
        value: Callable[[Offer], float],
        *,
        of: object = None,
        dtype: type[np.generic] = np.float64,
    ) -> NDArray[Any]:
        """Return a value for every offer of a shelf, worked out once for each case.

        Parameters
        ----------
        shelf : Shelf
        name : str
            One of `CASES`.
        value : callable
            Offer -> number; looks at nothing of the offer but what the case is about.
        of : hashable, optional
            What else the value depends on.
        dtype : numpy type
        """
        found, filled = self._tables.get((name, of), (None, set()))
        if found is None:
            found = np.zeros(len(self._known.offers[name]), dtype=dtype)
            self._tables[name, of] = found, filled
        offers = self._known.offers[name]
        for case in shelf.distinct[name]:
            if case not in filled:
                found[case] = value(offers[case])
                filled.add(case)
        return np.asarray(found[shelf.cases[AT[name]]])

    def masks(self, shelf: Shelf, duration: eligibility.Duration | None = None) -> Masks:
        """Return for every offer the criteria that fail and, shifted, those that are unknown.

        ``duration`` is how long help is wanted for where the person's own wish is not what counts.
        """
        code = shelf.service_type
        if code not in self._same:
            self._same[code] = self._but_duration(shelf)
        asker = replace(self._asker, duration=duration) if duration else self._asker
        lasts = self._mask(
            shelf, "duration", "duration", lambda offer: eligibility.judge_duration(offer, asker), duration
        )
        return self._same[code] | lasts

    def way(self, shelf: Shelf) -> Floats:
        """Return the kilometres that count for every offer that passes: none where help is at home."""
        return np.where(self._at_home[shelf.service_type], 0.0, self.kilometres(shelf.service_type))

    def _but_duration(self, shelf: Shelf) -> Masks:
        asker, code = self._asker, shelf.service_type
        child = code if code in TYPES_FOR_CHILDREN else ""
        found = self._mask(shelf, "type", "type", lambda offer: eligibility.judge_type(offer, code), code)
        found |= self._mask(shelf, "active", "active", eligibility.judge_active)
        found |= self._mask(
            shelf, "eligibility", "eligibility",
            lambda offer: eligibility.judge_eligibility(offer, asker, child), child,
        )  # fmt: skip
        found |= self._mask(
            shelf, "language", "language", lambda offer: eligibility.judge_language(offer, asker)
        )
        found |= self._mask(shelf, "hours", "hours", lambda offer: eligibility.judge_hours(offer, asker))
        found |= self._mask(shelf, "cost", "cost", lambda offer: eligibility.judge_cost(offer, asker))
        found |= self._distance(shelf)
        return found

    def _mask(
        self,
        shelf: Shelf,
        name: str,
        criterion: str,
        verdict: Callable[[Offer], Verdict],
        of: object = None,
    ) -> Masks:
        return self.table(shelf, name, lambda offer: _bits(criterion, verdict(offer)), of=of, dtype=np.uint32)

    def _distance(self, shelf: Shelf) -> Masks:
        """Return the masks of the distance: four cases of the area, four of the place, three of the road."""
        asker, code = self._asker, shelf.service_type
        kilometres = self.kilometres(code)
        area = self.table(shelf, "serves", lambda offer: _area(offer, asker), of="area", dtype=np.intp)
        goes = self.table(shelf, "goes", _goes, dtype=np.intp)
        road = np.where(kilometres <= asker.max_km, _ROADS["near"], _ROADS["far"])
        road[np.isnan(kilometres)] = _ROADS["not known"]
        comes = code in TYPES_THAT_COME
        self._at_home[code] = (area == 1) & ((goes > 0) | comes)
        return np.asarray(_DISTANCE[comes][(area * 4 + goes) * len(_ROADS) + road])


def _goes(offer: Offer) -> int:
    return 2 * offer.remote + (offer.place_id is None)


_AREAS: Final = ("area_not_recorded", "area_served", "unknown", "area_not_served")
_HERE: Final = "here"


def _area(offer: Offer, asker: Asker) -> int:
    """Return which of the four cases of the area holds: not recorded, served, not known, not served."""
    if offer.serves is None:
        return 0
    apart = replace(offer, remote=True, place_id=None)
    outcome = eligibility.judge_distance(apart, asker).outcome
    return {"pass": 1, "unknown": 2, "fail": 3}[outcome]


def _distances(comes: bool) -> Masks:
    """Return the mask of every combination of area, place and road, as `judge_distance` sees it."""
    found = []
    someone = {1: Asker(area=_HERE), 2: Asker(), 3: Asker(area="elsewhere"), 0: Asker(area=_HERE)}
    code = min(TYPES_THAT_COME) if comes else ""
    for area in range(len(_AREAS)):
        for goes in range(4):
            offer = Offer(
                "", remote=goes >= 2, place_id=None if goes % 2 else "at",
                serves=frozenset({_HERE}) if area else None,
            )  # fmt: skip
            for km in (0.0, someone[area].max_km + 1, None):
                found.append(_bits("distance", eligibility.judge_distance(offer, someone[area], km, code)))
    return np.array(found, dtype=np.uint32)


def _bits(criterion: str, verdict: Verdict) -> int:
    if verdict.outcome == "pass":
        return 0
    bit = FAILS[criterion]
    return bit if verdict.outcome == "fail" else bit << UNKNOWN_SHIFT


_DISTANCE: Final = (_distances(False), _distances(True))
