"""Where numbers and names stand on a map, so that nothing covers anything else. Pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netmap.directory.distances import EARTH_KM

WIDTH, LOWEST, HIGHEST = 360, 250, 420
EDGE = 34  # from the outermost number to the frame: half a cell, and room for a name
CELL = 30  # side of a number: 24 pixels at least also where the map is drawn smaller
SMALLEST_KM = 3.0  # a single house is shown with its surroundings
LETTER, LINE = 8.2, 18  # of the names of places
MOST_NAMES = 14
KM_PER_DEGREE = EARTH_KM * math.pi / 180

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A service on the map: its number in the list, its name, its (latitude, longitude), whether it fits.

    ``language`` is that of the name, where it is known.
    """

    number: int
    name: str
    point: Point
    sure: bool = True
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A town that gives the map its bearings; those with the smallest ``rank`` are named first."""

    name: str
    point: Point
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the drawing that nothing else may cover."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: "Box") -> bool:
        """Return whether two rectangles share more than an edge."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a point of the earth lies on the drawing: ``scale`` is pixels per kilometre."""

    middle: Point
    scale: float
    height: float
    width: float = WIDTH

    def at(self, point: Point) -> tuple[float, float]:
        """Return x and y of a (latitude, longitude)."""
        east, north = _km(point, self.middle)
        return self.width / 2 + east * self.scale, self.height / 2 - north * self.scale


def ground_of(
    points: Sequence[Point], width: float = WIDTH, highest: float = HIGHEST, edge: float = EDGE
) -> Ground:
    """Return the piece of the earth that shows all points and ``edge`` around them, the north at the top."""
    south, north = min(lat for lat, _lon in points), max(lat for lat, _lon in points)
    west, east = min(lon for _lat, lon in points), max(lon for _lat, lon in points)
    middle = ((south + north) / 2, (west + east) / 2)
    across, along = _km((north, east), middle)
    across, along = max(2 * across, SMALLEST_KM), max(2 * along, SMALLEST_KM)
    scale = min((width - 2 * edge) / across, (highest - 2 * edge) / along)
    return Ground(middle, scale, max(LOWEST, along * scale + 2 * edge), width)


def _km(point: Point, middle: Point) -> tuple[float, float]:
    """Return the kilometres to the east and to the north of the middle."""
    north = (point[0] - middle[0]) * KM_PER_DEGREE
    return (point[1] - middle[1]) * KM_PER_DEGREE * math.cos(math.radians(middle[0])), north


def blocks_of(spots: Sequence[Spot], ground: Ground) -> Iterator[tuple[Box, tuple[Spot, ...]]]:
    """Give the numbers that stand together with the rectangle they fill; no rectangle meets another.

    Examples
    --------
    >>> here, near, far = Spot(1, "A", (55.0, 25.0)), Spot(2, "B", (55.0, 25.0)), Spot(3, "C", (55.5, 25.0))
    >>> ground = ground_of([here.point, far.point])
    >>> [[spot.number for spot in inside] for _box, inside in blocks_of([here, near, far], ground)]
    [[1, 2], [3]]
    """
    groups = [[spot] for spot in spots]
    while True:
        boxes = [_box(group, ground) for group in groups]
        pair = next(
            (
                (one, other)
                for one in range(len(groups))
                for other in range(one + 1, len(groups))
                if boxes[one].meets(boxes[other])
            ),
            None,
        )
        if pair is None:
            break
        groups[pair[0]] += groups.pop(pair[1])
    for box, group in zip(boxes, groups, strict=True):
        yield box, tuple(sorted(group, key=lambda spot: spot.number))


def _box(group: Sequence[Spot], ground: Ground) -> Box:
    """Return a block of cells around the middle of its points, moved into the frame where it would leave."""
    across, down = shape_of(len(group))
    width, height = across * CELL, down * CELL
    spots = [ground.at(spot.point) for spot in group]
    x = sum(x for x, _y in spots) / len(spots) - width / 2
    y = sum(y for _x, y in spots) / len(spots) - height / 2
    inside = min(max(x, 2), ground.width - width - 2), min(max(y, 2), ground.height - height - 2)
    return Box(*inside, width, height)


def shape_of(count: int) -> tuple[int, int]:
    """Return how many cells stand side by side and above each other.

    Examples
    --------
    >>> shape_of(1), shape_of(3), shape_of(7), shape_of(20)
    ((1, 1), (3, 1), (4, 2), (7, 3))
    """
    across = count if count <= 3 else math.ceil(math.sqrt(2 * count))
    return across, math.ceil(count / across)


def names_of(
    places: Sequence[Place], ground: Ground, blocks: Sequence[Box], most: int = MOST_NAMES
) -> Iterator[tuple[Place, Box]]:
    """Give the places whose names find room beside the blocks, the largest first, and where."""
    frame, drawn = Box(0, 0, ground.width, ground.height), 0
    taken = list(blocks)
    for place in sorted(places, key=lambda place: (place.rank, place.name)):
        x, y = ground.at(place.point)
        dot = Box(x - 3, y - 3, 6, 6)
        over = next((box for box in blocks if box.meets(dot)), None)
        seen = frame.meets(dot) and (over is not None or not any(box.meets(dot) for box in taken))
        if drawn == most or not seen:
            continue
        beside = _beside(place, x, y, over or dot)
        box = next((box for box in beside if _fits(box, frame, taken)), None)
        if box is not None:
            drawn += 1
            taken += [box, dot]
            yield place, box


def _beside(place: Place, x: float, y: float, over: Box) -> Iterator[Box]:
    """Give rectangles where a name could stand: around its dot, or around the block that covers the dot."""
    width = len(place.name) * LETTER
    yield Box(x - width / 2, over.y + over.height, width, LINE)
    yield Box(x - width / 2, over.y - LINE, width, LINE)
    yield Box(over.x + over.width + 2, y - LINE / 2, width, LINE)
    yield Box(over.x - width - 2, y - LINE / 2, width, LINE)


def _fits(box: Box, frame: Box, taken: Sequence[Box]) -> bool:
    inside = box.x >= 0 and box.y >= 0 and box.x + box.width <= frame.width
    return inside and box.y + box.height <= frame.height and not any(box.meets(other) for other in taken)


def round_km(most: float) -> float:
    """Return the longest round length that is no longer than this.

    Examples
    --------
    >>> round_km(37.2), round_km(0.9), round_km(5)
    (20.0, 0.5, 5.0)
    """
    power = 10.0 ** math.floor(math.log10(most))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= most)
