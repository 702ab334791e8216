"""Which areas a planner plans for. Pure.

An office that gives its areas knows them. Areas made from addresses are guesses: a head office in another
state, a misspelt city or the postcode of a single building is no place for which anybody plans.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from netmap.directory.distances import straight_km
from netmap.directory.models import Area

Point = tuple[float, float]

FEWEST_PLACES = 3  # one or two places may be a misspelt city, or a building that has its own postcode
WIDEST_KM = 100.0  # from the middle of all: farther off lie head offices, not people who come for help


@dataclass(frozen=True)
class Planning:
    """The point of every planning area, and the codes of the areas that are none.

    ``left_out`` were made from addresses; ``without_point`` have nothing inside them, and no coordinates.
    """

    points: Mapping[str, Point]
    left_out: frozenset[str]
    without_point: frozenset[str]


def planning_areas(areas: Iterable[Area], places: Mapping[str, int]) -> Planning:
    """Return the areas that have nothing inside them and a point, without those that addresses made up.

    Parameters
    ----------
    areas : iterable of Area
    places : mapping
        Area code -> places with a point in it.
    """
    rows = list(areas)
    parents = {row.parent_code for row in rows}
    points: dict[str, Point] = {}
    derived: dict[str, Point] = {}
    nowhere = set()
    for row in rows:
        if row.code in parents:
            continue
        if row.latitude is None or row.longitude is None:
            nowhere.add(row.code)
            continue
        points[row.code] = (row.latitude, row.longitude)
        if row.derived:
            derived[row.code] = points[row.code]
    if not derived:
        return Planning(points, frozenset(), frozenset(nowhere))
    middle = median(point[0] for point in derived.values()), median(point[1] for point in derived.values())
    left_out = frozenset(
        code
        for code, point in derived.items()
        if places.get(code, 0) < FEWEST_PLACES or straight_km(point, middle) > WIDEST_KM
    )
    kept = {code: point for code, point in points.items() if code not in left_out}
    return Planning(kept, left_out, frozenset(nowhere))
