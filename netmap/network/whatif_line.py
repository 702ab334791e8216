"""One line that a scenario touches, before and after. Pure."""

from collections.abc import Container, Iterator

import numpy as np

from netmap.network.cells import LineCells
from netmap.network.ground import Flags, provider_of
from netmap.network.line_sums import Counts, Key, LineSums, codes_of, counted, key_of


class TouchedLine:
    """One line that a scenario touches, before and after."""

    def __init__(self, base: LineSums, gone: LineCells | None, come: LineCells | None) -> None:
        self.base, self.come = base, come
        sums, alive = base.sums, base.alive
        for masks, sign in ((gone, -1), (come, 1)):
            if masks is not None:
                more, living = counted(masks, sums.shape[1])
                sums, alive = sums + sign * more, alive + sign * living
        self.codes = codes_of(sums, alive)
        self._left_out = {key_of(offer) for masks in (gone, come) if masks for offer in masks.group.offers}
        self.there = _there(base, gone, come, self._left_out)
        self.providers: Counts = base.providers
        for _provider, step in self.moves():
            self.providers = self.providers + step

    @property
    def closed(self) -> Flags:
        """Return where a gap closes."""
        return np.asarray((self.base.codes > 0) & (self.codes == 0))

    def moves(self) -> Iterator[tuple[str, Counts]]:
        """Yield each provider that changes: 1 where it is there afterwards only, -1 where before only."""
        for provider, after in self.there.items():
            before = self.base.there(provider)
            yield provider, after.astype(np.int32) - (0 if before is None else before)

    def at(self, provider: str) -> Flags | None:
        """Return where a provider is there afterwards."""
        return self.there[provider] if provider in self.there else self.base.there(provider)

    def passing(self, service: str, provider: str) -> Flags:
        """Return in which areas a service passes afterwards."""
        kept = self.base.offers_of(service, provider, self._left_out) > 0
        new = self.sure().get(service)
        return np.asarray(kept if new is None else kept | new)

    def sure(self) -> dict[str, Flags]:
        """Return where each service that comes or changes passes."""
        if self.come is None:
            return {}
        names, starts = self.come.group.services
        return dict(zip(names, np.logical_or.reduceat(self.come.sure, starts, axis=0), strict=True))

    def names_at(self, column: int) -> tuple[str, ...]:
        """Return the providers that are there afterwards in one area."""
        changed = {provider for provider, there in self.there.items() if there[column]}
        return tuple(sorted(changed | (self.base.names_at(column) - self.there.keys())))


def _there(
    base: LineSums, gone: LineCells | None, come: LineCells | None, left_out: Container[Key]
) -> dict[str, Flags]:
    """Return where each provider whose offers change is there afterwards."""
    changed = {provider_of(offer) for masks in (gone, come) if masks for offer in masks.group.offers}
    found = {}
    for provider in sorted(changed):
        there = base.there(provider, left_out)
        found[provider] = np.zeros(len(base.codes), dtype=bool) if there is None else there
    if come is not None and len(come.group.offers):
        names, starts = come.group.providers
        for name, flags in zip(names, np.logical_or.reduceat(come.sure, starts, axis=0), strict=True):
            found[name] = found[name] | flags
    return found
