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


# How the criteria are judged of which each case has one verdict; the type of service may make a difference.
_JUDGES: Final[Mapping[str, Callable[[Offer, Asker, str], Verdict]]] = {
    "type": lambda offer, _asker, code: eligibility.judge_type(offer, code),
    "active": lambda offer, _asker, _code: eligibility.judge_active(offer),
    "eligibility": eligibility.judge_eligibility,
    "language": lambda offer, asker, _code: eligibility.judge_language(offer, asker),
    "hours": lambda offer, asker, _code: eligibility.judge_hours(offer, asker),
    "cost": lambda offer, asker, _code: eligibility.judge_cost(offer, asker),
    "duration": lambda offer, asker, _code: eligibility.judge_duration(offer, asker),
}


class _Judged:
    """One criterion for one person: the verdict about each case, and its bits for the arrays."""

    def __init__(self, cases: int) -> None:
        self.verdicts: dict[int, Verdict] = {}
        self.bits: Masks = np.zeros(cases, dtype=np.uint32)


class View:
    """One person before the shelves: what each case means for this person, worked out when first met."""

    def __init__(self, shelves: Mapping[str, Shelf], known: Known, asker: Asker) -> None:
        self._shelves, self._known, self._asker = shelves, known, asker
        self._judged: dict[tuple[str, object], _Judged] = {}
        self._tables: dict[str, tuple[NDArray[Any], set[int]]] = {}
        self._kilometres: dict[str, Floats] = {}
        self._same: dict[str, Masks] = {}
        self._at_home: dict[str, Flags] = {}
        self._ready: dict[tuple[str, str | None], list[tuple[str, _Judged | None]]] = {}

    def shelf(self, service_type: str) -> Shelf:
        """Return the offers of one kind of service."""
        return self._shelves.get(service_type) or empty(service_type)

    def kilometres(self, service_type: str) -> Floats:
        """Return the kilometres from the person to every offer of a type."""
        if service_type not in self._kilometres:
            self._kilometres[service_type] = self.shelf(service_type).kilometres(self._asker)
        return self._kilometres[service_type]

    def way(self, shelf: Shelf) -> Floats:
        """Return the kilometres that count for every offer that passes: none where help is at home."""
        return np.where(self._at_home[shelf.service_type], 0.0, self.kilometres(shelf.service_type))

    def fixed(
        self,
        shelf: Shelf,
        name: str,
        value: Callable[[Offer], float],
        *,
        key: str = "",
        of: object = None,
        dtype: type[np.generic] = np.float64,
    ) -> NDArray[Any]:
        """Return a value for every offer of a shelf that is the same for all people; it is kept there.

        Parameters
        ----------
        shelf : Shelf
        name : str
            One of `CASES`.
        value : callable
            Offer -> number; looks at nothing of the offer but what the case is about.
        key : str
            Tells values apart that look at the same kind of case.
        of : hashable, optional
            What else the value depends on; the last one is kept.
        dtype : numpy type
        """
        kept = shelf.kept.get(name + key)
        if kept is None or kept[0] != of:
            offers = self._known.offers[name]
            table = np.zeros(len(offers), dtype=dtype)
            for case in shelf.distinct[name]:
                table[case] = value(offers[case])
            kept = of, table[shelf.cases[AT[name]]]
            shelf.kept[name + key] = kept
        return kept[1]

    def own(
        self,
        shelf: Shelf,
        name: str,
        value: Callable[[Offer], float],
        *,
        key: str = "",
        dtype: type[np.generic] = np.float64,
    ) -> NDArray[Any]:
        """Return a value for every offer of a shelf that depends on this person, once for each case."""
        offers = self._known.offers[name]
        if name + key not in self._tables:
            self._tables[name + key] = np.zeros(len(offers), dtype=dtype), set()
        found, filled = self._tables[name + key]
        for case in shelf.distinct[name] - filled:
            found[case] = value(offers[case])
        filled |= shelf.distinct[name]
        return np.asarray(found[shelf.cases[AT[name]]])

    def masks(self, shelf: Shelf, duration: eligibility.Duration | None = None) -> Masks:
        """Return for every offer the criteria that fail and, shifted, those that are unknown.

        ``duration`` is how long help is wanted for where the person's own wish is not what counts.
        """
        code = shelf.service_type
        if code not in self._same:
            found = self._distance(shelf)
            for criterion in _JUDGES:
                if criterion != "duration":
                    found |= self._bits_of(shelf, criterion, None)
            self._same[code] = found
        return self._same[code] | self._bits_of(shelf, "duration", duration)

    def verdicts(
        self, shelf: Shelf, row: int, duration: eligibility.Duration | None = None
    ) -> dict[str, Verdict]:
        """Return the verdicts about the offer in one row, as `judge` does; `masks` must be known."""
        cases = shelf.cases[:, row].tolist()
        return {
            name: self._distance_of(shelf, row)
            if judged is None
            else self._own_words(shelf, row, judged.verdicts[cases[AT[name]]])
            for name, judged in self._of_type(shelf, duration)
        }

    def verdict(
        self, shelf: Shelf, row: int, criterion: str, duration: eligibility.Duration | None = None
    ) -> Verdict:
        """Return the verdict about the offer in one row by one criterion; `masks` must be known."""
        judged = dict(self._of_type(shelf, duration))[criterion]
        if judged is None:
            return self._distance_of(shelf, row)
        return self._own_words(shelf, row, judged.verdicts[int(shelf.cases[AT[criterion], row])])

    def _of_type(
        self, shelf: Shelf, duration: eligibility.Duration | None
    ) -> list[tuple[str, _Judged | None]]:
        """Return what is known of each criterion, None for the distance, which is asked for each offer."""
        key = shelf.service_type, duration
        if key not in self._ready:
            self._ready[key] = [
                (name, self._judged.get((name, self._of(name, shelf.service_type, duration))))
                for name in CRITERIA
            ]
        return self._ready[key]

    def _distance_of(self, shelf: Shelf, row: int) -> Verdict:
        offer = shelf.offers[row]
        return eligibility.judge_distance(offer, self._asker, service_type=shelf.service_type)

    def _own_words(self, shelf: Shelf, row: int, verdict: Verdict) -> Verdict:
        """Return the verdict of the case; where it hangs on words, with those of the offer."""
        if verdict.reason != "only_words":
            return verdict
        return eligibility.judge_eligibility(shelf.offers[row], self._asker, shelf.service_type)

    def _of(self, criterion: str, code: str, duration: eligibility.Duration | None) -> object:
        """Return on what else than case and person the verdict depends."""
        if criterion == "type":
            return code
        if criterion == "eligibility":
            return code in TYPES_FOR_CHILDREN
        return duration if criterion == "duration" else None

    def _bits_of(self, shelf: Shelf, criterion: str, duration: eligibility.Duration | None) -> Masks:
        offers, code = self._known.offers[criterion], shelf.service_type
        key = criterion, self._of(criterion, code, duration)
        judged = self._judged.get(key)
        if judged is None:
            judged = self._judged[key] = _Judged(len(offers))
        asker = replace(self._asker, duration=duration) if duration else self._asker
        for case in shelf.distinct[criterion] - judged.verdicts.keys():
            verdict = _JUDGES[criterion](offers[case], asker, code)
            judged.verdicts[case] = verdict
            judged.bits[case] = _bits(criterion, verdict)
        return np.asarray(judged.bits[shelf.cases[AT[criterion]]])

    def _distance(self, shelf: Shelf) -> Masks:
        """Return the masks of the distance: four cases of the area, four of the place, three of the road."""
        asker, code = self._asker, shelf.service_type
        kilometres = self.kilometres(code)
        area = self.own(shelf, "serves", lambda offer: _area(offer, asker), dtype=np.intp)
        goes = self.fixed(shelf, "goes", _goes, dtype=np.intp)
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
