"""The hand-offs that a scenario breaks or mends: what has to be agreed on next. Pure."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from netmap.network.cells.ground import Flags
from netmap.network.whatif.effect import HandOff, LinkChange
from netmap.network.whatif.line import TouchedLine
from netmap.network.whatif.line_sums import Counts, LineSums
from netmap.network.whatif.links import Links, There, broken, partners_there
from netmap.network.whatif.scenario import Edit
from netmap.network.whatif.state import Network, Place

Touched = Mapping[Place, TouchedLine]
Toggled = Sequence[tuple[tuple[str, ...], int]]  # two providers, 1 linked from now on or -1 no longer


def changed_links(
    network: Network, lines: Touched, edit: Edit
) -> tuple[tuple[LinkChange, ...], tuple[LinkChange, ...]]:
    """Return the hand-offs that are broken from now on, and those that no longer are."""
    toggled = [
        *((tuple(sorted(pair)), 1) for pair in edit.linked if not network.links.holds(pair)),
        *((tuple(sorted(pair)), -1) for pair in edit.unlinked if network.links.holds(pair)),
    ]
    opened: list[LinkChange] = []
    closed: list[LinkChange] = []
    for hand_off, places in network.hand_offs if toggled else network.hand_offs_of(lines):
        moves = any(place in lines and lines[place].moves for place in places)
        if moves or _concerned(network, places, toggled):
            first, then = (_End(network.sums(place), lines.get(place)) for place in places)
            before = network.broken(hand_off)
            pairs = _pairs(network.pairs(hand_off), first, then, network.links, toggled)
            after = broken(pairs, first.providers, then.providers)
            opened.extend(_changes(network, hand_off, after & ~before, first, then))
            old = (_End(end.base) for end in (first, then))
            closed.extend(_changes(network, hand_off, before & ~after, *old))
    return tuple(opened), tuple(closed)


def _concerned(network: Network, places: tuple[Place, Place], toggled: Toggled) -> bool:
    """Return whether one of two whose link changes has anything to do with each line."""
    first, then = places
    return any(
        network.sums(first).offered_by(giver) and network.sums(then).offered_by(taker)
        for pair, _sign in toggled
        for giver, taker in (pair, pair[::-1])
    )


class _End:
    """One line of a hand-off, touched by the scenario or not."""

    def __init__(self, base: LineSums, line: TouchedLine | None = None) -> None:
        self.base = base
        self.moves: Sequence[tuple[str, Counts]] = line.moves if line else ()
        self.providers: Counts = line.providers if line else base.providers
        self.at: There = line.at if line else base.there
        self._line = line

    def names_at(self, column: int) -> tuple[str, ...]:
        """Return the providers that are there in one area."""
        return self._line.names_at(column) if self._line else tuple(sorted(self.base.names_at(column)))


def _pairs(pairs: Counts, first: _End, then: _End, links: Links, toggled: Toggled) -> Counts:
    """Return how many pairs can hand over in each area after all moves and with the links of afterwards."""
    for end, other in ((first, then.base.there), (then, first.at)):
        for provider, step in end.moves:
            partners = partners_there(provider, other, links)
            if partners is not None:
                pairs = pairs + step * partners
    for pair, sign in toggled:
        for giver, taker in (pair, pair[::-1]):
            giving, taking = first.at(giver), then.at(taker)
            if giving is not None and taking is not None:
                pairs = pairs + np.int32(sign) * (giving & taking)
    return pairs


def _changes(
    network: Network, hand_off: HandOff, where: Flags, first: _End, then: _End
) -> Iterator[LinkChange]:
    clients = network.clients(hand_off.profile)
    for column in np.flatnonzero(where).tolist():
        number = float(clients[column])
        yield LinkChange(
            network.land.areas[column].code,
            hand_off,
            None if np.isnan(number) else number,
            first.names_at(column),
            then.names_at(column),
        )
