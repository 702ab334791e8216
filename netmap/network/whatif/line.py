"""One line that a scenario touches, before and after. Pure."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from netmap.directory.eligibility import Offer
from netmap.network.cells.engine import LineCells
from netmap.network.cells.ground import Flags, provider_of
from netmap.network.whatif.line_sums import Counts, LineSums, codes_of, counted, key_of


class TouchedLine:
    """One line that a scenario touches, before and after."""

    def __init__(self, base: LineSums, gone: Sequence[Offer], masks: LineCells | None) -> None:
        """Take the offers of its kind that go, and the cells of those that come alone."""
        self.base, self._masks = base, masks
        self.come: Sequence[Offer] = masks.group.offers if masks else ()
        areas = base.sums.shape[1]
        more, living = counted(masks, areas) if masks else (np.zeros_like(base.sums), 0)
        if gone:
            less, dying = counted(base.tables_of(gone), areas)
            more, living = more - less, living - dying
        self.codes = _codes(base, more, living)
        self._left_out = {key_of(offer) for offer in gone}
        self.there = self._providers(sorted({provider_of(offer) for offer in (*gone, *self.come)}))
        self.providers: Counts = base.providers
        for _provider, step in self.moves:
            self.providers = self.providers + step

    @property
    def closed(self) -> Flags:
        """Return where a gap closes."""
        return np.asarray((self.base.codes > 0) & (self.codes == 0))

    @cached_property
    def moves(self) -> Sequence[tuple[str, Counts]]:
        """Each provider that changes: 1 where it is there afterwards only, -1 where before only."""
        found = []
        for provider, after in self.there.items():
            before = self.base.there(provider)
            step = after.astype(np.int32) - (0 if before is None else before)
            if step.any():
                found.append((provider, step))
        return found

    def at(self, provider: str) -> Flags | None:
        """Return where a provider is there afterwards."""
        return self.there[provider] if provider in self.there else self.base.there(provider)

    def passing(self, service: str, provider: str) -> Flags:
        """Return in which areas a service passes afterwards."""
        kept = self.base.offers_of(service, provider, self._left_out) > 0
        new = self.sure.get(service)
        return np.asarray(kept if new is None else kept | new)

    @cached_property
    def sure(self) -> dict[str, Flags]:
        """Where each service that comes or changes passes."""
        found: dict[str, Flags] = {}
        for offer, flags in self._passing:
            found[offer.service_id] = found[offer.service_id] | flags if offer.service_id in found else flags
        return found

    def names_at(self, column: int) -> tuple[str, ...]:
        """Return the providers that are there afterwards in one area."""
        changed = {provider for provider, there in self.there.items() if there[column]}
        return tuple(sorted(changed | (self.base.names_at(column) - self.there.keys())))

    @property
    def _passing(self) -> Iterator[tuple[Offer, Flags]]:
        """Each offer that comes, and where it passes."""
        return zip(self.come, self._masks.sure if self._masks else (), strict=True)

    def _providers(self, changed: Sequence[str]) -> dict[str, Flags]:
        """Return where each provider whose offers change is there afterwards."""
        found = {}
        for provider in changed:
            there = self.base.there(provider, self._left_out)
            found[provider] = np.zeros(len(self.base.codes), dtype=bool) if there is None else there
        for offer, flags in self._passing:
            found[provider_of(offer)] = found[provider_of(offer)] | flags
        return found


def _codes(base: LineSums, more: Counts, living: int) -> Counts:
    """Return why each area is closed afterwards: it differs only where a sum becomes 0, or no longer is."""
    if (base.alive > 0) != (base.alive + living > 0):  # tells "nobody at all" from "several things" anywhere
        return codes_of(base.sums + more, base.alive + living)
    rows = np.flatnonzero(more.any(axis=1))  # most criteria have nothing to do with it
    where = np.flatnonzero(((base.sums[rows] + more[rows] > 0) != base.some[rows]).any(axis=0))
    found = base.codes.copy()
    found[where] = codes_of(base.sums[:, where] + more[:, where], base.alive + living)
    return found
