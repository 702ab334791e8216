"""Borders with fewer points, for drawing: what two areas share stays shared. Pure.

Douglas and Peucker (1973, doi:10.3138/FM57-6770-U75U-7727), asked for every tolerance at once: each point
gets the distance at which it would be left out, and the tolerance follows from how many points may stay.
Where borders of several rings meet, the point stays; between such points a border is weighed the same from
both sides, so that no chink opens between neighbours.
"""

import math
from collections.abc import Collection, Sequence

from netmap.directory.distances import EARTH_KM

Position = tuple[float, float]
"""Longitude and latitude in degrees, as GeoJSON has them."""
Ring = list[Position]
"""Points around something; the first is not said again at the end."""

METRES = 10.0  # nobody sees less on the map of a county
_STAYS = math.inf


def simplify(rings: Sequence[Ring], needed: Collection[int], most: int) -> list[Ring]:
    """Return the rings with about ``most`` points in all, an empty one where nothing of a ring is left.

    Parameters
    ----------
    rings : sequence of Ring
        All borders that are drawn together, three points or more each.
    needed : collection of int
        The places of the rings that keep three points, however small they are.
    most : int
        How many points may stay; fewer stay where the others are less than 10 m off.

    Examples
    --------
    >>> square = [(0.0, 0.0), (0.5, 0.00001), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    >>> simplify([square], [0], 100)
    [[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]]
    """
    weights = _weights(rings, _corners(rings))
    if sum(weight == _STAYS for ring in weights for weight in ring) > most:
        weights = _weights(rings, frozenset())  # borders that nearly meet: each ring by itself
    order = sorted((weight for ring in weights for weight in ring), reverse=True)
    tolerance = max(METRES / 1000, order[most] if len(order) > most else 0.0)
    return [_kept(ring, weights[place], tolerance, place in needed) for place, ring in enumerate(rings)]


def _kept(ring: Ring, weights: Sequence[float], tolerance: float, needed: bool) -> Ring:
    kept = [point for point, weight in zip(ring, weights, strict=True) if weight > tolerance]
    if len(kept) > 2 or not needed:
        return kept if len(kept) > 2 else []
    heaviest = sorted(range(len(ring)), key=lambda place: -weights[place])[:3]
    return [ring[place] for place in sorted(heaviest)]


def _corners(rings: Sequence[Ring]) -> frozenset[Position]:
    """Return the points where borders part: of one ring the neighbours there are others than of another."""
    beside: dict[Position, tuple[Position, Position]] = {}
    found: set[Position] = set()
    for ring in rings:
        for place, point in enumerate(ring):
            before, after = ring[place - 1], ring[(place + 1) % len(ring)]
            pair = (before, after) if before < after else (after, before)
            if beside.setdefault(point, pair) != pair:
                found.add(point)
    return frozenset(found)


def _weights(rings: Sequence[Ring], corners: frozenset[Position]) -> list[list[float]]:
    """Return for each point the distance in kilometres at which it would be left out."""
    if not rings:
        return []
    narrow = math.cos(math.radians(sum(ring[0][1] for ring in rings) / len(rings)))
    km = EARTH_KM * math.pi / 180
    found = []
    for ring in rings:
        weights = [0.0] * len(ring)
        flat = [(x * km * narrow, y * km) for x, y in ring]
        fixed = [place for place, point in enumerate(ring) if point in corners] or _ends(ring, flat)
        for place in fixed:
            weights[place] = _STAYS
        for begin, end in zip(fixed, [*fixed[1:], fixed[0] + len(ring)], strict=True):
            arc = [place % len(ring) for place in range(begin, end + 1)]
            if (ring[arc[0]], ring[arc[1]]) > (ring[arc[-1]], ring[arc[-2]]):
                arc.reverse()  # so that both sides of a border are weighed alike
            for place, weight in _weighed([flat[place] for place in arc]).items():
                weights[arc[place]] = weight
        found.append(weights)
    return found


def _ends(ring: Ring, flat: Sequence[Position]) -> list[int]:
    """Return two points of a ring that meets no other, the same ones wherever the ring begins."""
    first = min(range(len(ring)), key=lambda place: ring[place])
    far = max(range(len(ring)), key=lambda place: (math.dist(flat[first], flat[place]), ring[place]))
    return sorted({first, far})


def _weighed(arc: Sequence[Position]) -> dict[int, float]:
    """Return the points between the ends of a line that matter at all, with their distance.

    A point that makes room for others counts as much as the most of them, so that it stays while they do.
    """
    found: dict[int, float] = {}
    above: dict[int, int] = {}  # point -> the one that divided the line before; the later ones come later
    waiting = [(0, len(arc) - 1, -1)]
    while waiting:
        first, last, parent = waiting.pop()
        if last - first < 2:
            continue
        place, distance = _farthest(arc, first, last)
        if distance > METRES / 1000:
            found[place], above[place] = distance, parent
            waiting += [(first, place, place), (place, last, place)]
    for place, parent in reversed(above.items()):
        if parent >= 0:
            found[parent] = max(found[parent], found[place])
    return found


def _farthest(arc: Sequence[Position], first: int, last: int) -> tuple[int, float]:
    """Return the point that is farthest from the straight line between two others, and how far."""
    (ax, ay), (bx, by) = arc[first], arc[last]
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy or 1.0  # a line from a point to itself: the distance from that point
    found, most = first + 1, -1.0
    for place in range(first + 1, last):
        x, y = arc[place]
        x, y = x - ax, y - ay
        along = (x * dx + y * dy) / length
        along = 0.0 if along < 0.0 else 1.0 if along > 1.0 else along
        x, y = x - along * dx, y - along * dy
        squared = x * x + y * y
        if squared > most:
            found, most = place, squared
    return found, math.sqrt(most)
