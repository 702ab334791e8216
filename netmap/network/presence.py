"""Which providers are there for whom in which area, and whether a hand-off between two works. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from netmap.network.cells import LineCells, Profile, needed
from netmap.network.ground import Flags, Ground
from netmap.network.statistics import Demand
from netmap.packages.document import Line

Linked = frozenset[frozenset[str]]


@dataclass(frozen=True)
class Presence:
    """Who is there for sure for one line of a profile: ``there`` has shape (providers, areas)."""

    profile: str
    line: Line
    providers: tuple[str, ...]
    there: Flags


@dataclass(frozen=True)
class HandOff:
    """A step from one line to the next; the areas where both are reachable, and those where it is linked.

    Clients are those of the areas, None where nobody counted any.
    """

    profile: str
    first: Line
    then: Line
    possible: tuple[str, ...]
    covered: tuple[str, ...]
    clients: float | None
    clients_covered: float | None


def presences(ground: Ground, profiles: Iterable[Profile]) -> list[Presence]:
    """Return who is there for every line of the profiles."""
    found = []
    for profile in profiles:
        for line in profile.lines:
            cells = LineCells(ground, profile, line)
            names, starts = cells.group.providers
            there = np.logical_or.reduceat(cells.sure, starts, axis=0) if len(starts) else cells.sure
            found.append(Presence(profile.code, line, names, np.asarray(there)))
    return found


def table(found: Sequence[Presence]) -> tuple[tuple[str, ...], sparse.csr_array]:
    """Return the providers and the matrix of providers x (service type, area), 1 where one is there.

    One is there for a type in an area where it passes every test of at least one line of that type.
    """
    providers = sorted({name for one in found for name in one.providers})
    row_of = {name: row for row, name in enumerate(providers)}
    types = {code: place for place, code in enumerate(dict.fromkeys(one.line.service_type for one in found))}
    width = found[0].there.shape[1] if found else 0
    rows: list[np.ndarray] = [np.zeros(0, dtype=np.intp)]
    columns: list[np.ndarray] = [np.zeros(0, dtype=np.intp)]
    for one in found:
        who, where = np.nonzero(one.there)
        names = np.array([row_of[name] for name in one.providers], dtype=np.intp)
        rows.append(names[who])
        columns.append(where + types[one.line.service_type] * width)
    row, column = np.concatenate(rows), np.concatenate(columns)
    shape = (len(providers), len(types) * width)
    ones = sparse.csr_array((np.ones(len(row), dtype=np.int32), (row, column)), shape=shape)
    ones.data[:] = 1  # a pair that several lines named was summed
    return tuple(providers), ones


def steps(lines: Sequence[Line]) -> list[tuple[Line, Line]]:
    """Return the hand-offs of a package: what its lines say they wait for, else each line to the next.

    Only lines without which the package is not whole count, and no add-ons.
    """
    kept = {line.key: line for line in lines if needed(line, lines) and not line.beside}
    if any(line.after for line in kept.values()):
        return [(kept[key], line) for line in kept.values() for key in line.after if key in kept]
    return list(pairwise(kept.values()))


def hand_offs(
    found: Sequence[Presence],
    profiles: Iterable[Profile],
    areas: Sequence[str],
    demands: Mapping[tuple[str, str], Demand],
    linked: Linked,
) -> list[HandOff]:
    """Return every hand-off of the profiles, with the areas where somebody can hand over to somebody.

    A provider is linked with itself. Areas where one of the two steps is out of reach do not count.
    """
    of_line = {(one.profile, one.line.key): one for one in found}
    result = []
    for profile in profiles:
        for first, then in steps(profile.lines):
            one, other = of_line[profile.code, first.key], of_line[profile.code, then.key]
            possible = one.there.any(axis=0) & other.there.any(axis=0)
            covered = possible & _met(one, other, linked)
            both = [tuple(np.array(areas)[flags].tolist()) for flags in (possible, covered)]
            clients = [_clients(codes, profile.code, demands) for codes in both]
            if clients[0] is not None and clients[1] is None:
                clients[1] = 0.0
            result.append(HandOff(profile.code, first, then, both[0], both[1], clients[0], clients[1]))
    return result


def meetings(one: Presence, other: Presence, linked: Linked) -> list[tuple[str, str]]:
    """Return the linked pairs of a provider of one line and another of the next, that share an area."""
    rows = {name: row for row, name in enumerate(other.providers)}
    return [
        (name, partner)
        for row, name in enumerate(one.providers)
        for partner in rows
        if frozenset((name, partner)) in linked
        and name != partner
        and (one.there[row] & other.there[rows[partner]]).any()
    ]


def _met(one: Presence, other: Presence, linked: Linked) -> Flags:
    """Return in which areas a provider of one line is linked with a provider of the other, or is the same."""
    met = np.zeros(one.there.shape[1], dtype=bool)
    column = {name: number for number, name in enumerate(other.providers)}
    partners: dict[str, list[int]] = {name: [] for name in one.providers}
    for name in partners:
        if name in column:
            partners[name].append(column[name])
    for pair in linked:
        first, second = tuple(pair)
        for here, there in ((first, second), (second, first)):
            if here in partners and there in column:
                partners[here].append(column[there])
    for row, name in enumerate(one.providers):
        if partners[name]:
            met |= one.there[row] & other.there[partners[name]].any(axis=0)
    return met


def _clients(areas: Iterable[str], profile: str, demands: Mapping[tuple[str, str], Demand]) -> float | None:
    known = [demands[area, profile].clients for area in areas if (area, profile) in demands]
    return sum(known) if known else None
