"""What if: what differs in the network when a few changes have been made. Pure.

Only lines of the kinds of service that change are looked at, and of those only what the changed offers add
and take away (`netmap.network.whatif.line_sums`). The result is the same as working everything out again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

import numpy as np

from netmap.directory.eligibility import Offer
from netmap.network.cells.engine import LineCells, needed
from netmap.network.cells.ground import Flags, provider_of
from netmap.network.whatif.capacity import supply_changes
from netmap.network.whatif.effect import CellChange, Effect, PairChange, Reached
from netmap.network.whatif.handing import changed_links
from netmap.network.whatif.line import TouchedLine
from netmap.network.whatif.line_sums import SURE, Counts, reason_of
from netmap.network.whatif.reached import Takers
from netmap.network.whatif.scenario import Change, Edit
from netmap.network.whatif.state import Network, Place


def what_if(network: Network, changes: Iterable[Change]) -> Effect:
    """Return what differs when these changes have been made, one after another."""
    return Trial(network, network.catalogue.edit(tuple(changes))).effect()


class Trial:
    """One scenario against the network as it is."""

    def __init__(self, network: Network, edit: Edit) -> None:
        self._network, self._edit = network, edit
        self._areas = network.land.areas
        self._capacities = {**network.capacities, **edit.capacities}
        ground = network.ground.with_offers(edit.come, edit.homes)
        gone, come = _by_type(edit.gone), _by_type(edit.come)
        self._lines: dict[Place, TouchedLine] = {}
        for kind in sorted(gone.keys() | come.keys()):
            for place in network.places_by_type.get(kind, ()):
                base, profile = network.sums(place), network.profiles[place[0]]
                masks = LineCells(ground, profile, base.line) if kind in come else None
                self._lines[place] = TouchedLine(base, gone.get(kind, ()), masks)

    def effect(self) -> Effect:
        """Return everything that differs."""
        cells = list(self._cells())
        completed, lost = self._packages()
        relieved, strained = supply_changes(self._network, self._lines, self._edit)
        links_opened, links_closed = changed_links(self._network, self._lines, self._edit)
        return Effect(
            closed=tuple(one for one in cells if one.before and not one.after),
            opened=tuple(one for one in cells if one.after and not one.before),
            renamed=tuple(one for one in cells if one.before and one.after),
            weakened=tuple(self._counted(lambda before, after: (before > 1) & (after == 1))),
            secured=tuple(self._counted(lambda before, after: (before == 1) & (after > 1))),
            completed=completed,
            lost=lost,
            links_opened=links_opened,
            links_closed=links_closed,
            reached=tuple(self._reached()),
            relieved=relieved,
            strained=strained,
        )

    def _cells(self) -> Iterator[CellChange]:
        """Yield the cells that open, close, or are closed for another reason."""
        for line in self._lines.values():
            columns = np.flatnonzero(line.codes != line.base.codes)
            codes = line.base.codes[columns].tolist(), line.codes[columns].tolist()
            for column, before, after in zip(columns.tolist(), *codes, strict=True):
                if _name(before) != _name(after):
                    yield self._change(line, column)

    def _counted(self, differs: Callable[[Counts, Counts], Flags]) -> Iterator[CellChange]:
        """Yield the cells that are open before and after with other numbers of providers."""
        for line in self._lines.values():
            found = differs(line.base.providers, line.providers)
            for column in np.flatnonzero(found).tolist():
                yield self._change(line, column)

    def _change(self, line: TouchedLine, column: int) -> CellChange:
        return CellChange(
            self._areas[column].code,
            line.base.profile,
            line.base.line,
            reason_of(int(line.base.codes[column])),
            reason_of(int(line.codes[column])),
            int(line.providers[column]),
            self._clients(line.base.profile, column),
        )

    def _clients(self, profile: str, column: int) -> float | None:
        found = float(self._network.clients(profile)[column])
        return None if np.isnan(found) else found

    def _packages(self) -> tuple[tuple[PairChange, ...], tuple[PairChange, ...]]:
        """Return the packages that become whole, and those that no longer are.

        Pairs of which it is known that they have no clients are left out.
        """
        more: dict[str, Counts] = {}
        for (profile, _key), line in self._lines.items():
            if needed(line.base.line, self._network.profiles[profile].lines):
                step = (line.codes > 0).astype(np.int32) - (line.base.codes > 0)
                more[profile] = more.get(profile, 0) + step
        completed: list[PairChange] = []
        lost: list[PairChange] = []
        for profile, step in more.items():
            before = self._network.lacking(profile)
            after = before + step
            counts = self._network.clients(profile) != 0  # where nobody counted there may be some
            for found, flags in (
                (completed, (before > 0) & (after == 0)),
                (lost, (before == 0) & (after > 0)),
            ):
                for column in np.flatnonzero(flags & counts).tolist():
                    pair = PairChange(self._areas[column].code, profile, self._clients(profile, column))
                    found.append(pair)
        return tuple(completed), tuple(lost)

    def _reached(self) -> Iterator[Reached]:
        """Yield for each kind of service how many of those whose gaps close can be taken."""
        takers: dict[str, Takers] = {}
        for (profile, _key), line in self._lines.items():
            if not (line.come and line.closed.any()):
                continue
            kind, clients = line.base.line.service_type, self._network.clients(profile)
            takers.setdefault(kind, Takers(kind)).closes(profile, clients, line.closed, line.sure)
        for (profile, _key), line in self._lines.items():
            kind, clients = line.base.line.service_type, self._network.clients(profile)
            if kind in takers:
                for offer in line.come:
                    passing = line.base.offers_of(offer.service_id, provider_of(offer))
                    only = (passing > 0) & (passing == line.base.sums[SURE]) & (line.codes == 0)
                    takers[kind].keeps(offer.service_id, profile, clients, only)
        for one in takers.values():
            found = one.reached(self._capacities)
            if found is not None:
                yield found


def _by_type(offers: Iterable[Offer]) -> Mapping[str, Sequence[Offer]]:
    found: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        for code in offer.types | offer.suggested:
            found[code].append(offer)
    return found


@cache
def _name(code: int) -> tuple[str, bool] | None:
    reason = reason_of(code)
    return None if reason is None else (reason.kind, reason.ask)
