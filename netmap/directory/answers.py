"""What a search gives back: what was understood, one page of services with reasons, and how to go on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that was understood from the words, with the words that say so; a person may take it away."""

    kind: str
    code: str
    label: str
    words: str

    @property
    def key(self) -> str:
        """Return what `Question.without` names it by.

        Examples
        --------
        >>> Chip("time", "tonight", "Tonight", "tonight").key
        'time:tonight'
        """
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a filter and how many services have it; ``depth`` is how far inside others it lies."""

    code: str
    label: str
    count: int
    selected: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """The values of one filter, and of how many services nobody knows which they have."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class SignalLine:
    """One reason for the place of a service in the order, in a sentence; the points sum to the score."""

    signal: str
    label: str
    points: float


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A service that fails one filter only; ``reason`` says in a sentence which and how."""

    service_id: str
    service: str
    organisation: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A service that would be among the answers, but a coordinator leaves it out; ``reason`` says why."""

    service_id: str
    service: str
    language: str | None
    organisation: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loosen:
    """How many services there would be without one of the filters; ``label`` says it in words."""

    field: str
    label: str
    total: int


@dataclass(frozen=True, slots=True)
class Result:
    """One service among the answers, at the place that suits the question best.

    ``language`` is that of the name and the description, where it is known;
    ``types`` are (code, "confirmed" or "suggested"); ``open_kind`` is "open", "closed" or "unknown";
    ``assured_date`` None means that no person has checked it yet; ``fits`` is False where it is not known
    whether it passes every filter, or where it is no longer offered (``gone``); ``pinned`` is why a
    coordinator put it first.
    """

    service_id: str
    service: str
    language: str | None
    organisation: str
    organization_id: str | None
    types: tuple[tuple[str, str], ...]
    score: float
    why: tuple[str, ...]
    place: str
    distance_km: float | None
    open: str
    open_kind: str
    phones: tuple[str, ...]
    reach: str
    assured_date: date | None
    status: str
    badges: tuple[str, ...]
    description: str
    alert: str
    signals: tuple[SignalLine, ...] = ()
    point: tuple[float, float] | None = None
    fits: bool = True
    gone: bool = False
    pinned: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return what programs get."""
        return {
            "service_id": self.service_id,
            "service": self.service,
            "organisation": self.organisation,
            "types": [code for code, _state in self.types],
            "score": round(self.score, 3),
            "why": list(self.why),
            "place": self.place,
            "open": self.open,
            "signals": [
                {"signal": line.signal, "label": line.label, "points": round(line.points, 3)}
                for line in self.signals
            ],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What was understood, how many services there are in all, and one page of them.

    ``needs`` and ``types`` are (code, name). ``certain`` is how many of ``total`` pass every filter for
    certain. ``read_as`` is the question as it was read where letters or spelling were mended, ``suggestion``
    another one that may have been meant. ``choices`` are words that name several areas, each with (code,
    name). ``loosen`` and ``misses`` are there where few fit. ``degraded`` means that the index could not be
    read and a simpler search answered.
    """

    query: str
    needs: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str], ...]
    total: int
    results: tuple[Result, ...]
    degraded: bool = False
    certain: int = 0
    understood: tuple[Chip, ...] = ()
    facets: tuple[FacetGroup, ...] = ()
    read_as: str = ""
    suggestion: str = ""
    choices: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    loosen: tuple[Loosen, ...] = ()
    misses: tuple[NearMiss, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return what programs get; what is seldom there stands in it only where it is."""
        found: dict[str, Any] = {
            "query": self.query,
            "needs": [{"code": code, "label": name} for code, name in self.needs],
            "total": self.total,
            "certain": self.certain,
            "results": [result.as_dict() for result in self.results],
            "understood": [
                {"kind": chip.kind, "code": chip.code, "label": chip.label, "words": chip.words}
                for chip in self.understood
            ],
            "facets": {
                group.name: [
                    {
                        "code": value.code,
                        "label": value.label,
                        "count": value.count,
                        "selected": value.selected,
                    }
                    for value in group.values
                ]
                for group in self.facets
            },
        }
        return {**found, **{name: value for name, value in self._seldom().items() if value}}

    def _seldom(self) -> dict[str, Any]:
        return {
            "degraded": self.degraded,
            "read_as": self.read_as,
            "suggestion": self.suggestion,
            "choices": {
                words: [{"code": code, "label": name} for code, name in areas]
                for words, areas in self.choices.items()
            },
            "loosen": [{"field": one.field, "label": one.label, "total": one.total} for one in self.loosen],
            "near_misses": [
                {
                    "service_id": miss.service_id,
                    "service": miss.service,
                    "organisation": miss.organisation,
                    "reason": miss.reason,
                }
                for miss in self.misses
            ],
            "left_out": [
                {
                    "service_id": one.service_id,
                    "service": one.service,
                    "organisation": one.organisation,
                    "reason": one.reason,
                }
                for one in self.left_out
            ],
        }
