"""The territory as SVG without tiles: areas as circles by clients without help, services as dots. Pure."""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.network.few import bounds
from netmap.network.picture.svg import Drawing
from netmap.network.picture.territory_map import AreaRow
from netmap.network.statistics import MIN_CELL_COUNT
from netmap.web.map_ground import LINE, Box, Ground, Place, Point, ground_of, names_of, round_km

WIDTH, HIGHEST, STRIP = 940, 640, 30
SMALLEST, LARGEST = 15, 46  # radii; the smallest can still be hit
MOST_NAMES = 60


def draw(rows: Sequence[AreaRow], dots: Mapping[Point, int], href: Callable[[str], str]) -> Drawing:
    """Return the map as one ``<svg>`` element.

    Parameters
    ----------
    rows : sequence of AreaRow
        At least one.
    dots : mapping of point to number
        How many services are given at each point; those outside the areas do not widen the map.
    href : function
        Gives the address to which an area leads.
    """
    ground = ground_of([row.point for row in rows], WIDTH, HIGHEST)
    radii = _radii(rows)
    spots = {row.code: ground.at(row.point) for row in rows}
    order = sorted(rows, key=lambda row: (-radii[row.code], row.name))
    circles = "".join(_area(row, spots[row.code], radii[row.code], href(row.code)) for row in order)
    boxes = [
        Box(x - radii[code], y - radii[code], 2 * radii[code], 2 * radii[code])
        for code, (x, y) in spots.items()
    ]
    names = "".join(_names(order, ground, boxes))
    height = f"{ground.height + STRIP:.0f}"
    told = _("The larger a circle, the more clients are without help. The table below says the same.")
    return Drawing(
        f'<svg class="nm-land" role="group" xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
        f'height="{height}" viewBox="0 0 {WIDTH} {height}" aria-labelledby="nm-land-title nm-land-desc">'
        f'<title id="nm-land-title">{escape(_("Map of gaps"))}</title>'
        f'<desc id="nm-land-desc">{escape(told)}</desc>'
        f'<g class="nm-land__dots" aria-hidden="true">{_dots(dots, ground)}</g>{circles}'
        f'<g class="nm-land__names" aria-hidden="true">{names}{_scale(ground)}</g></svg>'
    )


def _radii(rows: Sequence[AreaRow]) -> dict[str, float]:
    """Return the radius of each area: its surface says how many; few people look all the same."""
    most = max((row.heads or 0.0 for row in rows), default=0.0)
    if most == 0.0:  # nobody counted any: the lines that are missing stand for people
        top = max((row.gaps for row in rows), default=0) or 1
        return {row.code: SMALLEST + (LARGEST - SMALLEST) * math.sqrt(row.gaps / top) for row in rows}
    return {
        row.code: SMALLEST
        if (row.heads or 0.0) < MIN_CELL_COUNT
        else max(SMALLEST, LARGEST * math.sqrt((row.heads or 0.0) / most))
        for row in rows
    }


def _area(row: AreaRow, at: tuple[float, float], radius: float, href: str) -> str:
    x, y = at
    state = "gap" if row.gaps else "ask" if row.ask else "open"
    told = _("%(name)s: clients without help %(clients)s, lines missing %(gaps)s", name=row.name,
             clients=row.told or "?", gaps=row.gaps)  # fmt: skip
    figure = _figure(row)
    return (
        f'<a class="nm-land__area nm-land__area--{state}" href="{escape(href)}">'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{escape(told)}</title></circle>'
        f'<text x="{x:.1f}" y="{y + 5:.1f}">{escape(figure)}</text></a>'
    )


def _figure(row: AreaRow) -> str:
    """Return what stands in a circle: the clients, or with "≈" the middle of the range in the table."""
    if row.heads is None:
        return "?"
    low, high = bounds(row.parts)
    return row.told if low == high or low < MIN_CELL_COUNT else f"≈{number(row.heads, 0)}"


def _dots(dots: Mapping[Point, int], ground: Ground) -> str:
    drawn = ""
    for point in sorted(dots):
        x, y = ground.at(point)
        if 0 <= x <= WIDTH and 0 <= y <= ground.height:
            drawn += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
    return drawn


def _names(rows: Sequence[AreaRow], ground: Ground, boxes: Sequence[Box]) -> list[str]:
    places = [Place(row.name, row.point, place) for place, row in enumerate(rows)]
    return [
        f'<text x="{box.x + box.width / 2:.1f}" y="{box.y + LINE - 5:.1f}">{escape(place.name)}</text>'
        for place, box in names_of(places, ground, boxes, MOST_NAMES)
    ]


def _scale(ground: Ground) -> str:
    km = round_km(160 / ground.scale)
    long, y = km * ground.scale, ground.height + STRIP - 10
    words = _("%(number)s km", number=number(km, 3))
    return (
        f'<path class="nm-land__scale" d="M10 {y - 5:.1f}v5h{long:.1f}v-5"/>'
        f'<text class="nm-land__km" x="{16 + long:.1f}" y="{y:.1f}">{escape(words)}</text>'
    )
