"""Which providers are there for a kind of service in which areas, and which hand people over. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from scipy import sparse

from netmap.network.cells.ground import Ground
from netmap.network.cells.handoffs import Handoff, Presence
from netmap.network.cells.line_cells import LineCells
from netmap.network.cells.profiles import Profile


def presence(ground: Ground, profiles: Iterable[Profile]) -> tuple[tuple[str, ...], sparse.csr_array]:
    """Return the providers and the matrix of providers x (service type, area), 1 where one is there.

    One is there for a type in an area where it passes every test of at least one line of that type.
    """
    width = len(ground.areas)
    lines = [LineCells(ground, profile, line) for profile in profiles for line in profile.lines]
    providers = sorted({name for one in lines for name in one.group.providers[0]})
    row_of = {name: row for row, name in enumerate(providers)}
    types = {code: place for place, code in enumerate(dict.fromkeys(one.line.service_type for one in lines))}
    rows, columns = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=np.intp)]
    for one in lines:
        who, where = one.there
        names = np.array([row_of[name] for name in one.group.providers[0]], dtype=np.intp)
        if len(who):
            rows.append(names[who])
            columns.append(where.astype(np.intp) + types[one.line.service_type] * width)
    row, column = np.concatenate(rows), np.concatenate(columns)
    shape = (len(providers), len(types) * width)
    found = sparse.csr_array((np.ones(len(row), dtype=np.int32), (row, column)), shape=shape)
    found.data[:] = 1  # a pair that several lines named was summed
    return tuple(providers), found


def meetings(handoff: Handoff, linked: frozenset[frozenset[str]]) -> list[tuple[str, str]]:
    """Return the linked pairs of a provider of one line and another of the next that share an area."""
    giving, taking = (_areas_of(side) for side in handoff.sides)
    found = []
    for pair in linked:
        if len(pair) == 2:
            one, other = sorted(pair)
            for first, then in ((one, other), (other, one)):
                if giving.get(first, frozenset()) & taking.get(then, frozenset()):
                    found.append((first, then))
    return sorted(found)


def _areas_of(side: Presence) -> Mapping[str, frozenset[int]]:
    """Return the numbers of the areas in which each provider is there for a line."""
    found: dict[str, set[int]] = defaultdict(set)
    for provider, column in zip(side.providers.tolist(), side.columns.tolist(), strict=True):
        found[side.names[provider]].add(column)
    return {name: frozenset(columns) for name, columns in found.items()}
