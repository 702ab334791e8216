"""What a map of the territory shows: for each area the clients without help, and where services are given."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netmap.network.cells.states import state_of
from netmap.network.counts import guarded, small
from netmap.network.few import told_sum
from netmap.network.gaps.cards import doubts
from netmap.network.gaps.selection import Selection

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area: the lines that are missing there, to ask about and open, and the clients of the missing ones.

    ``clients`` is None where nobody counted any; a client who misses several lines counts once. ``parts`` are
    those of each package. ``expected`` is how many of one person each package is to be expected to miss,
    together; None where nobody said among how many people clients were counted.
    """

    code: str
    name: str
    point: Point
    gaps: int
    ask: int
    open: int
    clients: float | None
    parts: tuple[float, ...]
    expected: float | None
    services: int

    @property
    def told(self) -> str:
        """Return the clients without help as they may be told, "" where nobody counted any."""
        return told_sum(self.parts) if self.parts else ""

    @property
    def heads(self) -> float | None:
        """Return the number that may be drawn: the sum, or the middle of what is told of it."""
        return sum(map(guarded, self.parts)) if self.parts else None

    @property
    def rate(self) -> float | None:
        """Return the expected clients without help of 1,000 people among whom they were counted.

        As on the card of a gap. None where it is not known or may not be told.
        """
        if not self.parts or self.expected is None or any(map(small, self.parts)):
            return None
        return 1000 * self.expected


def worst_type(chosen: Selection) -> str | None:
    """Return the kind of service with which a map begins, None where nothing is missing.

    It is the one that most clients miss, of those that are not missing in every area: a map says where. A
    client who misses several lines of one kind counts once; where nobody counted any, areas count.
    """
    untyped = doubts(*chosen.question.untyped)
    lost: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for cell in chosen.cells:
        if state_of(cell, untyped) == "gap":
            demand = chosen.question.demands.get((cell.area, cell.profile))
            lost[cell.line.service_type][cell.area, cell.profile] = demand.clients if demand else 0.0
    sums: dict[str, tuple[bool, float, int]] = {}
    for code, pairs in lost.items():
        everywhere = len({area for area, _profile in pairs}) == len(chosen.areas)
        sums[code] = everywhere, -sum(pairs.values()), -len(pairs)
    return min(sums, key=lambda code: (*sums[code], code), default=None)


def area_rows(chosen: Selection, here: Mapping[str, int], service_type: str | None = None) -> list[AreaRow]:
    """Return every area of a selection that has a point, for all lines or those of one service type.

    ``here`` says how many services are given in each area.
    """
    question = chosen.question
    untyped = doubts(*question.untyped)
    states: dict[str, Counter[str]] = defaultdict(Counter)
    people: dict[str, dict[str, float]] = defaultdict(dict)
    expected: dict[str, dict[str, float | None]] = defaultdict(dict)
    for cell in chosen.cells:
        if service_type not in (None, cell.line.service_type):
            continue
        state = state_of(cell, untyped, question.settings.fewest_providers)
        states[cell.area][state] += 1
        demand = question.demands.get((cell.area, cell.profile))
        if demand is not None:
            missing = demand.clients if state == "gap" else 0.0
            people[cell.area][cell.profile] = max(missing, people[cell.area].get(cell.profile, 0.0))
            if missing:
                expected[cell.area][cell.profile] = (
                    demand.expected / demand.population if demand.population else None
                )
    found = []
    for area in question.ground.areas:
        if area.point is None or area.code not in chosen.areas:
            continue
        counted, clients = states[area.code], people[area.code]
        found.append(
            AreaRow(
                code=area.code,
                name=question.area_name(area.code),
                point=area.point,
                gaps=counted["gap"],
                ask=counted["ask"] + counted["unchecked"],
                open=counted["single"] + counted["open"],
                clients=sum(clients.values()) if clients else None,
                parts=tuple(clients.values()),
                expected=_together(expected[area.code].values()),
                services=here.get(area.code, 0),
            )
        )
    return found


def _together(shares: Iterable[float | None]) -> float | None:
    """Return the sum, None where one is not known."""
    parts = list(shares)
    known = [one for one in parts if one is not None]
    return sum(known) if len(known) == len(parts) else None
