"""What `eligibility` says of every offer of a type for one person, as bit masks. Pure.

`netmap.directory.eligibility` judges one offer of each case, and arrays carry the verdict to all others. Only
the kilometres are worked out for every offer. So nothing is decided here: the verdicts are those of `judge`.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from netmap.directory import eligibility
from netmap.directory.eligibility import CRITERIA, TYPES_THAT_COME, Asker, Offer, Verdict
from netmap.directory.shelves import AT, Floats, Known, Shelf, Value, kilometres

Masks = NDArray[np.uint32]
Flags = NDArray[np.bool_]
Small = NDArray[np.uint8]  # numbers of few cases: the less memory, the quicker

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
    "access": eligibility.judge_access,
    "cost": lambda offer, asker, _code: eligibility.judge_cost(offer, asker),
    "duration": lambda offer, asker, _code: eligibility.judge_duration(offer, asker),
    "capacity": lambda offer, _asker, _code: eligibility.judge_capacity(offer),
}


class _Judged:
    """One criterion for one person: the verdict about each case, and its bits for the arrays."""

    def __init__(self, cases: int) -> None:
        self.verdicts: dict[int, Verdict] = {}
        self.bits: Masks = np.zeros(cases, dtype=np.uint32)


# What a verdict depends on of the person; who is alike in that shares the verdicts. Conditions ask too much.
_PERSON: Final[Mapping[str, Callable[[Asker], Hashable]]] = {
    "type": lambda _asker: None,
    "active": lambda _asker: None,
    "capacity": lambda _asker: None,
    "language": lambda asker: asker.languages,
    "hours": lambda asker: (asker.hours, asker.day),
    "access": lambda asker: asker.circumstances.get(eligibility.NEEDS_STEP_FREE) == "yes",
    "cost": lambda asker: asker.budget,
    "duration": lambda asker: asker.duration,
}
MOST_KEPT = 500  # tables of verdicts of earlier questions


def _judged(known: Known, criterion: str, asker: Asker) -> _Judged:
    """Return what has been judged of a criterion for people like this one; threads may fill it together."""
    cases = len(known.examples[criterion])
    if criterion not in _PERSON:
        return _Judged(cases)
    key = criterion, cases, _PERSON[criterion](asker)
    if len(known.judged) >= MOST_KEPT:
        known.judged.clear()
    found: _Judged = known.judged.setdefault(key, _Judged(cases))
    return found


class View:
    """One person before some shelves: what each case means for this person, worked out once.

    All offers of the shelves stand in one row, shelf after shelf; ``at`` says where each type stands.

    Parameters
    ----------
    shelves : iterable of Shelf
        One for each type.
    known : Known
        The cases that occur on them.
    asker : Asker
        How long help is wanted for is asked for with each type.
    """

    def __init__(self, shelves: Iterable[Shelf], known: Known, asker: Asker) -> None:
        self.shelves = tuple(shelves)
        self._known, self._asker = known, asker
        ends = np.cumsum([0, *map(len, self.shelves)]).tolist()
        self.at = {shelf.service_type: slice(*ends[i : i + 2]) for i, shelf in enumerate(self.shelves)}
        self._cases = np.concatenate([shelf.cases for shelf in self.shelves], axis=1)
        self._judged: dict[tuple[str, object], _Judged] = {}
        self._masks: dict[eligibility.Duration | None, Masks] = {}
        self._by_duration: dict[eligibility.Duration | None, list[tuple[str, int, dict[int, Verdict]]]] = {}

    def fixed(
        self,
        name: str,
        value: Value,
        *,
        key: str = "",
        of: object = None,
        dtype: type[np.generic] = np.float64,
    ) -> NDArray[Any]:
        """Return a value for every offer that is the same for all people; the shelves keep it.

        Parameters
        ----------
        name : str
            One of `CASES`.
        value : callable
        key : str
            Tells values apart that look at the same kind of case.
        of : hashable, optional
            What else the value depends on; the last one is kept.
        dtype : numpy type
        """
        return np.concatenate(
            [shelf.fixed(self._known, name, value, key, of, dtype) for shelf in self.shelves]
        )

    def own(self, name: str, value: Value, *, dtype: type[np.generic] = np.float64) -> NDArray[Any]:
        """Return a value for every offer that depends on this person, worked out once for each case."""
        examples = self._known.examples[name]
        table = np.zeros(len(examples), dtype=dtype)
        for case in self._occurring(name):
            table[case] = value(*examples[case])
        return np.asarray(table.take(self._cases[AT[name]]))

    @cached_property
    def kilometres(self) -> Floats:
        """The kilometres from the person to every offer."""
        return kilometres(np.concatenate([shelf.points for shelf in self.shelves], axis=1), self._asker)

    @cached_property
    def area(self) -> Small:
        """Which of the four cases of the area holds for every offer."""
        return self.own("serves", lambda offer, _code: _area(offer, self._asker), dtype=np.uint8)

    @cached_property
    def way(self) -> Floats:
        """The kilometres that count for every offer that passes: none where help is at home."""
        return np.where((self.area == 1) & (self._goes > 0), 0.0, self.kilometres)

    @cached_property
    def _goes(self) -> Small:
        return self.fixed("goes", _goes, dtype=np.uint8)

    def masks(self, duration: eligibility.Duration | None = None) -> Masks:
        """Return for every offer the criteria that fail and, shifted, those that are unknown.

        ``duration`` is how long help is wanted for where the person's own wish is not what counts.
        """
        if duration not in self._masks:
            self._masks[duration] = self._same | self._bits_of("duration", duration)
        return self._masks[duration]

    @cached_property
    def _same(self) -> Masks:
        """What does not depend on how long help is wanted for."""
        found = self._distance()
        for criterion in _JUDGES:
            if criterion != "duration":
                found |= self._bits_of(criterion, None)
        return found

    def verdicts(
        self, shelf: Shelf, row: int, duration: eligibility.Duration | None = None
    ) -> dict[str, Verdict]:
        """Return the verdicts about the offer in a row of a shelf, as `judge` does; `masks` must be known."""
        cases = shelf.cases[:, row].tolist()
        found = {name: judged[cases[place]] for name, place, judged in self._sources(duration)}
        found["distance"] = self._distance_of(shelf, row)
        if found["eligibility"].reason == "only_words":
            found["eligibility"] = self._own_words(shelf, row, found["eligibility"])
        return found

    def _sources(self, duration: eligibility.Duration | None) -> list[tuple[str, int, dict[int, Verdict]]]:
        """Return each criterion, the row of its cases and the verdicts.

        The distance, of which each offer is asked, holds its place with the verdicts about the type.
        """
        if duration not in self._by_duration:
            self._by_duration[duration] = []
            for name in CRITERIA:
                source = "type" if name == "distance" else name
                judged = self._judged[source, duration if name == "duration" else None]
                self._by_duration[duration].append((name, AT[source], judged.verdicts))
        return self._by_duration[duration]

    def verdict(
        self, shelf: Shelf, row: int, criterion: str, duration: eligibility.Duration | None = None
    ) -> Verdict:
        """Return the verdict about the offer in a row of a shelf by one criterion."""
        if criterion == "distance":
            return self._distance_of(shelf, row)
        judged = self._judged[criterion, duration if criterion == "duration" else None]
        return self._own_words(shelf, row, judged.verdicts[int(shelf.cases[AT[criterion], row])])

    def _distance_of(self, shelf: Shelf, row: int) -> Verdict:
        offer = shelf.offers[row]
        return eligibility.judge_distance(offer, self._asker, service_type=shelf.service_type)

    def _own_words(self, shelf: Shelf, row: int, verdict: Verdict) -> Verdict:
        """Return the verdict of the case; where it hangs on words, with those of the offer."""
        if verdict.reason != "only_words":
            return verdict
        return eligibility.judge_eligibility(shelf.offers[row], self._asker, shelf.service_type)

    def _bits_of(self, criterion: str, duration: eligibility.Duration | None) -> Masks:
        examples = self._known.examples[criterion]
        asker = replace(self._asker, duration=duration) if duration else self._asker
        judged = self._judged[criterion, duration] = _judged(self._known, criterion, asker)
        for case in self._occurring(criterion):
            if case not in judged.verdicts:
                offer, code = examples[case]
                verdict = _JUDGES[criterion](offer, asker, code)
                judged.bits[case] = _bits(criterion, verdict)
                judged.verdicts[case] = verdict
        return np.asarray(judged.bits.take(self._cases[AT[criterion]]))

    def _occurring(self, name: str) -> frozenset[int]:
        """Return the cases that occur on these shelves."""
        return frozenset[int]().union(*(shelf.distinct[name] for shelf in self.shelves))

    def _distance(self) -> Masks:
        """Return the masks of the distance: four cases of the area, eight of the place, three of the road."""
        road: Small = (self.kilometres > self._asker.max_km).view(np.uint8)  # near or far
        road[np.isnan(self.kilometres)] = _ROADS["not known"]
        places = self.area * np.uint8(8) + self._goes
        return np.asarray(_DISTANCE.take(places * np.uint8(len(_ROADS)) + road))


def _goes(offer: Offer, code: str) -> int:
    """Return which of the eight cases of the place holds; 0 is a place to which the person has to go."""
    return 4 * (code in TYPES_THAT_COME) + 2 * offer.remote + (offer.place_id is None)


_AREAS: Final = ("area_not_recorded", "area_served", "unknown", "area_not_served")
_HERE: Final = "here"


def _area(offer: Offer, asker: Asker) -> int:
    """Return which of the four cases of the area holds: not recorded, served, not known, not served."""
    if offer.serves is None:
        return 0
    return {"pass": 1, "unknown": 2, "fail": 3}[eligibility.judge_area(offer.serves, asker).outcome]


def _distances() -> Masks:
    """Return the mask of every combination of area, place and road, as `judge_distance` sees it."""
    found = []
    someone = {0: Asker(area=_HERE), 1: Asker(area=_HERE), 2: Asker(), 3: Asker(area="elsewhere")}
    for area in range(len(_AREAS)):
        for goes in range(8):
            offer = Offer(
                "", remote=bool(goes & 2), place_id=None if goes & 1 else "at",
                serves=frozenset({_HERE}) if area else None,
            )  # fmt: skip
            code = min(TYPES_THAT_COME) if goes & 4 else ""
            for km in (0.0, someone[area].max_km + 1, None):
                found.append(_bits("distance", eligibility.judge_distance(offer, someone[area], km, code)))
    return np.array(found, dtype=np.uint32)


def _bits(criterion: str, verdict: Verdict) -> int:
    if verdict.outcome == "pass":
        return 0
    bit = FAILS[criterion]
    return bit if verdict.outcome == "fail" else bit << UNKNOWN_SHIFT


_DISTANCE: Final = _distances()
