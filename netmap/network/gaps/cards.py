"""Cards: equal gaps of several areas put together, weighed by people, ranked. Pure.

Clients who miss several lines of a package in one area are counted once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from netmap.network.cells.kinds import kind_of
from netmap.network.cells.table import Cell, Cells, packed
from netmap.network.cells.weights import Demands, Sizes, Weights
from netmap.network.statistics import Demand, together
from netmap.packages.document import Line

__all__ = [
    "MOST_UNTYPED", "About", "Card", "Demands", "Hand", "Order", "Sizes", "by_line", "card_of", "doubts",
    "gap_cards", "key_of", "rank",
]  # fmt: skip

Order = Literal["count", "rate"]

# Above this share of services without a confirmed type, any of them may offer what seems to be missing.
# One in twenty leaves room for the few that fit no type, and is soon reached by an office at work.
MOST_UNTYPED = 0.05


@dataclass(frozen=True)
class Card:
    """One finding: a kind of gap for one kind of service and one profile, over all its areas.

    ``clients`` are those counted in a year, None where nobody counted; ``interval`` is that of the expected
    number, ``rate`` the expected number per 1,000 people. ``impact`` is the expected clients times weight
    times the share of them that is not helped; areas stand for clients where no demand is known. ``share`` is
    that share of all of them, None where it is not known in some area; there all count. ``lost_rate`` is the
    impact per 1,000 people. ``weights`` are weight times share in each area, by its column.
    ``untyped`` services have no confirmed type and make it doubtful; 0 where they are too few for that.
    ``before`` is the kind of service that would hand over, ``giving`` and ``taking`` those who would have to.
    """

    key: str
    kind: str
    service_type: str
    profile: str
    ask: bool
    firm: bool
    cells: Cells
    weights: NDArray[np.float64] = field(compare=False, repr=False)
    clients: float | None
    interval: tuple[float, float] | None
    rate: float | None
    lost_rate: float | None
    impact: float
    share: float | None
    untyped: int = 0
    before: str = ""
    giving: tuple[str, ...] = ()
    taking: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Return whether somebody may be there after all: a person has to ask or to check."""
        return self.ask or self.untyped > 0

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """The codes of the areas, each once, the most clients first, then the largest."""
        codes = self.cells.table.areas
        return tuple(dict.fromkeys(codes[column] for column in self.cells.columns.tolist()))

    @cached_property
    def blockers(self) -> tuple[str, ...]:
        """The criteria that stand in the way, each once."""
        codes = dict.fromkeys(self.cells.take("code").tolist())
        return tuple(dict.fromkeys(blocker for code in codes for blocker in kind_of(code)[1]))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of help that are concerned, each once."""
        rows = dict.fromkeys(self.cells.rows.tolist())
        return tuple(self.cells.table.rows[row].line for row in rows)

    @cached_property
    def only(self) -> tuple[str, ...]:
        """The providers of the cells that have just one."""
        table, alone = self.cells.table, self.cells.take("only")
        pairs = zip(self.cells.rows[alone >= 0].tolist(), alone[alone >= 0].tolist(), strict=True)
        return tuple(sorted({table.names[table.rows[row].line.service_type][one] for row, one in pairs}))


@dataclass(frozen=True)
class Hand:
    """Who would have to hand over to whom: a kind of service, and providers on both sides."""

    before: str
    giving: tuple[str, ...]
    taking: tuple[str, ...]


@dataclass(frozen=True)
class About:
    """What a card is about, before anybody weighs it; the fields are those of `Card`."""

    kind: str
    service_type: str
    profile: str
    ask: bool = False
    untyped: int = 0
    hand: Hand | None = None


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
    found = packed(cells)
    weights = Weights(found.table, demands, sizes)
    shut = found.those(found.take("code") != 0)
    kinds = {code: kind_of(code)[0] or "" for code in np.unique(shut.take("code")).tolist()}
    cards = []
    for (service_type, profile), mine in by_line(shut):
        codes, ask = mine.take("code"), mine.take("ask")
        for kind in dict.fromkeys(kinds[code] for code in np.unique(codes).tolist()):
            named = np.isin(codes, [code for code, name in kinds.items() if name == kind])
            for asked in (False, True):
                if (chosen := named & (ask == asked)).any():
                    about = About(kind, service_type, profile, asked, untyped)
                    cards.append(card_of(about, mine.those(chosen), weights, 1.0))
    return sorted(cards, key=lambda card: (card.ask, *rank(card, order)))


def by_line(cells: Cells) -> Iterator[tuple[tuple[str, str], Cells]]:
    """Yield the cells of each pair of service type and profile."""
    pairs = [(row.line.service_type, row.profile) for row in cells.table.rows]
    number = {pair: place for place, pair in enumerate(dict.fromkeys(pairs))}
    of_row = np.array([number[pair] for pair in pairs], dtype=np.intp)
    mine = of_row[cells.rows]
    order = np.argsort(mine, kind="stable")
    ends = np.cumsum(np.bincount(mine, minlength=len(number)))
    for pair, end, count in zip(number, ends, np.bincount(mine, minlength=len(number)), strict=True):
        if count:
            yield pair, cells.those(order[end - count : end])


def card_of(about: About, cells: Cells, weights: Weights, share: NDArray[np.float64] | float) -> Card:
    """Return the card of cells of one profile; ``share`` is that of each, or of all; NaN where not known.

    A client whom several cells of one area touch counts once, with the heaviest.
    """
    people, columns, hand = weights.people(about.profile), cells.columns, about.hand
    known_share = np.broadcast_to(share, (len(cells),))
    step = f"{hand.before}>{about.service_type}" if hand else about.service_type
    shares = np.where(np.isnan(known_share), 1.0, known_share)  # what nobody knows may be all of them
    heaviest, whole = np.zeros(len(cells.table.areas)), np.zeros(len(cells.table.areas))
    np.maximum.at(heaviest, columns, weights.line[cells.rows] * shares)
    np.maximum.at(whole, columns, weights.line[cells.rows])
    here = np.unique(columns)
    known = here[~np.isnan(people.clients[here])]
    expected, variance = float(people.expected[known].sum()), float(people.variance[known].sum())
    crowded = known[people.population[known] > 0]
    crowd = float(people.population[crowded].sum())
    impact = float((people.expected * heaviest)[known].sum() if len(known) else heaviest.sum())
    spread = together([Demand(0.0, None, expected, variance, float(people.common[known].sum()))])
    heads = np.where(expected > 0, people.expected, 1.0)  # where nobody is expected all areas weigh the same
    counted = known if expected > 0 else here
    part = float((heads * heaviest)[counted].sum() / (heads * whole)[counted].sum())
    return Card(
        key=key_of(about.kind, step, about.profile, about.ask),
        kind=about.kind,
        service_type=about.service_type,
        profile=about.profile,
        ask=about.ask,
        firm=not about.untyped and not cells.take("n_hi").any(),
        cells=cells.those(np.lexsort((weights.keys[cells.rows], people.first[columns]))),
        weights=heaviest[here],
        clients=float(people.clients[known].sum()) if len(known) else None,
        interval=(spread.low, spread.high) if len(known) else None,
        rate=1000 * float(people.expected[crowded].sum()) / crowd if crowd else None,
        lost_rate=1000 * float((people.expected * heaviest)[crowded].sum()) / crowd if crowd else None,
        impact=impact,
        share=None if np.isnan(known_share).any() else part,
        untyped=about.untyped,
        before=hand.before if hand else "",
        giving=hand.giving if hand else (),
        taking=hand.taking if hand else (),
    )


def rank(card: Card, order: Order) -> tuple[float | bool | str, ...]:
    """Return what cards are sorted by: the expected clients not helped, each as heavy as the line, or these
    per 1,000 people.
    """
    by_count = (card.clients is None, -card.impact, card.service_type, card.profile, card.kind, card.before)
    if order == "count":
        return by_count
    return (card.lost_rate is None, -(card.lost_rate or 0.0), *by_count)
