"""Cards: equal gaps of several areas put together, weighed by people, ranked. Pure.

Clients who miss several lines of a package in one area are counted once.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from netmap.network.cells import K_MIN, Cell
from netmap.network.kinds import SINGLE_PROVIDER, STALE
from netmap.network.statistics import CLOSURE_HAZARD, Demand, together

Order = Literal["count", "rate"]
Demands = Mapping[tuple[str, str], Demand]  # (area, profile) -> demand
Sizes = Mapping[str, tuple[int, int]]  # area -> (people, places); 0 where not known

# Above this share of services without a confirmed type, any of them may offer what seems to be missing.
# One in twenty leaves room for the few that fit no type, and is soon reached by an office at work.
MOST_UNTYPED = 0.05


@dataclass(frozen=True)
class Card:
    """One finding: a kind of gap for one kind of service and one profile, over all its areas.

    ``clients`` are those counted in a year, None where nobody counted; ``interval`` is that of the expected
    number, ``rate`` the expected number per 1,000 people. ``impact`` is clients times weight times
    ``share``, the share that is not helped; areas stand for clients where no demand is known. ``untyped``
    services have no confirmed type and make it doubtful; 0 where they are too few for that.
    """

    key: str
    kind: str
    service_type: str
    profile: str
    ask: bool
    firm: bool
    cells: tuple[Cell, ...]
    clients: float | None
    interval: tuple[float, float] | None
    rate: float | None
    impact: float
    share: float | None
    untyped: int = 0

    @property
    def doubtful(self) -> bool:
        """Return whether somebody may be there after all: a person has to ask or to check."""
        return self.ask or self.untyped > 0

    @property
    def areas(self) -> tuple[str, ...]:
        """Return the codes of the areas, each once, the most clients first, then the largest."""
        return tuple(dict.fromkeys(cell.area for cell in self.cells))

    @property
    def blockers(self) -> tuple[str, ...]:
        """Return the criteria that stand in the way, each once."""
        return tuple(dict.fromkeys(blocker for cell in self.cells for blocker in cell.blockers))


def key_of(kind: str, service_type: str, profile: str, ask: bool = False) -> str:
    """Return the key of a card: the same for the same finding, whatever the selection.

    Examples
    --------
    >>> key_of("DISTANCE", "debt_advice", "homeless_unemployed")
    '0b556a7c0734'
    """
    parts = (kind, service_type, profile, *(["ask"] if ask else []))
    return sha256("\n".join(parts).encode()).hexdigest()[:12]


def doubts(untyped: int, services: int) -> int:
    """Return the number of services without a confirmed type, or 0 where it is too small to matter.

    Examples
    --------
    >>> doubts(1, 20), doubts(2, 20), doubts(0, 0)
    (0, 2, 0)
    """
    return untyped if untyped > MOST_UNTYPED * services else 0


def gap_cards(
    cells: Iterable[Cell],
    demands: Demands,
    order: Order = "count",
    *,
    sizes: Sizes | None = None,
    untyped: int = 0,
) -> list[Card]:
    """Return the cards of all cells without anybody, ranked.

    What is closed comes before what may be open and has to be asked: a phone call is no plan.
    """
    groups: dict[tuple[str, str, str, bool], list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.kind is not None:
            groups[cell.kind, cell.line.service_type, cell.profile, cell.ask].append(cell)
    cards = [
        _card(*group, found, demands, 1.0, sizes or {}, untyped=untyped) for group, found in groups.items()
    ]
    return sorted(cards, key=lambda card: (card.ask, *_rank(card, order)))


def apart_cards(
    cells: Iterable[Cell], demands: Demands, order: Order = "count", *, sizes: Sizes | None = None
) -> list[Card]:
    """Return the cards of cells that are open but hang on one provider, or on old information."""
    groups: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.n_lo and cell.providers < K_MIN:
            groups[SINGLE_PROVIDER, cell.line.service_type, cell.profile].append(cell)
        if cell.stale:
            groups[STALE, cell.line.service_type, cell.profile].append(cell)
    cards = []
    for (kind, service_type, profile), found in groups.items():
        risks = [cell.p_none for cell in found if cell.p_none is not None]
        share = CLOSURE_HAZARD if kind == SINGLE_PROVIDER else max(risks, default=None)
        cards.append(_card(kind, service_type, profile, False, found, demands, share, sizes or {}))
    return sorted(cards, key=lambda card: _rank(card, order))


def complete_packages(cells: Iterable[Cell], demands: Demands) -> tuple[int, int]:
    """Return in how many pairs of area and profile every required line is there for sure, and of how many.

    Pairs without clients are left out where demand is known.
    """
    whole: dict[tuple[str, str], bool] = {}
    for cell in cells:
        if cell.required:
            pair = (cell.area, cell.profile)
            whole[pair] = whole.get(pair, True) and cell.n_lo > 0
    counted = {pair for pair, found in demands.items() if found.clients > 0}
    kept = [state for pair, state in whole.items() if not counted or pair in counted]
    return sum(kept), len(kept)


def closures(cells: Iterable[Cell], demands: Demands) -> list[tuple[str, int, float | None]]:
    """Return for each provider that is the only one somewhere: its id, cells that would close, clients.

    Only required lines count; a client who loses several lines is counted once.
    """
    lost: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.only is not None and cell.required:
            lost[cell.only].append(cell)
    found = [(provider, len(mine), _clients(mine, demands)) for provider, mine in lost.items()]
    return sorted(found, key=lambda row: (-(row[2] or 0), -row[1], row[0]))


def _card(
    kind: str,
    service_type: str,
    profile: str,
    ask: bool,
    cells: Sequence[Cell],
    demands: Demands,
    share: float | None,
    sizes: Sizes,
    untyped: int = 0,
) -> Card:
    known = {cell.area: demands[pair] for cell in cells if (pair := (cell.area, cell.profile)) in demands}
    weights: dict[str, float] = {}
    for cell in cells:
        weights[cell.area] = max(cell.line.weight, weights.get(cell.area, 0.0))
    people = [demand for demand in known.values() if demand.population]
    crowd = sum(demand.population or 0 for demand in people)
    expected = together(known.values())
    heads = {area: demand.clients for area, demand in known.items()} or dict.fromkeys(weights, 1.0)
    impact = sum(number * weights[area] for area, number in sorted(heads.items()))
    return Card(
        key=key_of(kind, service_type, profile, ask),
        kind=kind,
        service_type=service_type,
        profile=profile,
        ask=ask,
        firm=not untyped and all(cell.n_hi == 0 for cell in cells),
        cells=tuple(sorted(cells, key=lambda cell: _heavy(cell, known, sizes))),
        clients=_clients(cells, demands),
        interval=(expected.low, expected.high) if known else None,
        rate=1000 * sum(demand.expected for demand in people) / crowd if crowd else None,
        impact=impact * (1.0 if share is None else share),
        share=share,
        untyped=untyped,
    )


def _heavy(cell: Cell, known: Mapping[str, Demand], sizes: Sizes) -> tuple[float, int, int, str, str]:
    demand, (people, places) = known.get(cell.area), sizes.get(cell.area, (0, 0))
    return (-demand.clients if demand else 1.0, -people, -places, cell.area, cell.line.key)


def _clients(cells: Iterable[Cell], demands: Demands) -> float | None:
    """Return the clients counted in the areas of the cells, or None where nobody counted any."""
    pairs = {(cell.area, cell.profile) for cell in cells}
    known = [demands[pair].clients for pair in sorted(pairs) if pair in demands]
    return sum(known) if known else None


def _rank(card: Card, order: Order) -> tuple[float | bool | str, ...]:
    by_count = (card.clients is None, -card.impact, card.service_type, card.profile, card.kind)
    if order == "count":
        return by_count
    return (card.rate is None, -(card.rate or 0.0), *by_count)
