"""The territory as SVG without tiles: areas with their borders or as circles, services as dots. Pure."""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.network.few import bounds
from netmap.network.picture.outlines import Polygons
from netmap.network.picture.svg import Drawing
from netmap.network.picture.territory_map import AreaRow
from netmap.network.statistics import MIN_CELL_COUNT
from netmap.web import territory_shapes
from netmap.web.map_ground import LINE, Box, Ground, Place, Point, ground_of, names_of, round_km

WIDTH, HIGHEST, STRIP = 940, 640, 30
SMALLEST, LARGEST = 15, 46  # radii; the smallest can still be hit
RIM = 4  # of a line around what is drawn, and a little room
DOT = 3.5  # radius of a place where a service is given
MOST_NAMES, MOST_NUMBERS = 60, 200


def draw(
    rows: Sequence[AreaRow],
    dots: Mapping[Point, int],
    href: Callable[[str], str],
    shapes: Mapping[str, Polygons],
) -> Drawing:
    """Return the map as one ``<svg>`` element.

    Parameters
    ----------
    rows : sequence of AreaRow
        At least one.
    dots : mapping of point to number
        How many services are given at each point; those outside the areas do not widen the map.
    href : function
        Gives the address to which an area leads.
    shapes : mapping of code to polygons
        The borders of areas; an area without is a circle.
    """
    radii = _radii(rows)
    order = sorted(rows, key=lambda row: (-radii[row.code], row.name))
    shaped = [row for row in order if row.code in shapes]
    round_ones = [row for row in order if row.code not in shapes]
    ground = _ground(shaped, round_ones, shapes, radii)
    marks = _inside(dots, ground)
    borders = territory_shapes.outlines(shaped, shapes, ground, href)
    dotted = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{DOT}"/>' for x, y in marks)
    circles = "".join(_area(row, ground.at(row.point), radii[row.code], href(row.code)) for row in round_ones)
    height = f"{ground.height + STRIP:.0f}"
    return Drawing(
        f'<svg class="nm-land" role="group" xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
        f'height="{height}" viewBox="0 0 {WIDTH} {height}" aria-labelledby="nm-land-title nm-land-desc">'
        f'<title id="nm-land-title">{escape(_("Map of gaps"))}</title>'
        f'<desc id="nm-land-desc">{escape(_description(shaped, round_ones))}</desc>'
        f"{territory_shapes.patterns() if shaped else ''}{borders}"
        f'<g class="nm-land__dots" aria-hidden="true">{dotted}</g>{circles}'
        f"{_words(order, shapes, ground, radii, marks)}</svg>"
    )


def _words(
    order: Sequence[AreaRow],
    shapes: Mapping[str, Polygons],
    ground: Ground,
    radii: Mapping[str, float],
    marks: Sequence[Point],
) -> str:
    """Return what is written on top of everything: names, the scale, the numbers in shapes."""
    figures = {row.code: _figure(row) for row in order[:MOST_NUMBERS] if row.code in shapes}
    circles = [_around(*ground.at(row.point), radii[row.code]) for row in order if row.code not in shapes]
    dots = [_around(x, y, DOT) for x, y in marks]
    numbered = territory_shapes.places(figures, shapes, ground, [*circles, *dots])
    boxes = [*circles, *(box for _point, box in numbered.values())]
    points = {row.code: numbered[row.code][0] if row.code in numbered else row.point for row in order}
    places = [Place(row.name, points[row.code], rank) for rank, row in enumerate(order)]
    names = "".join(_names(places, ground, boxes))
    numbers = "".join(_number(figures[code], box) for code, (_point, box) in numbered.items())
    return (
        f'<g class="nm-land__names" aria-hidden="true">{names}{_scale(ground)}</g>'
        f'<g class="nm-land__numbers" aria-hidden="true">{numbers}</g>'
    )


def _description(shaped: Sequence[AreaRow], round_ones: Sequence[AreaRow]) -> str:
    told = []
    if shaped:
        told.append(_("The denser the lines in an area, the more of its people are without help."))
    if round_ones:
        told.append(
            _("The larger a circle, the more clients are without help. The table below says the same.")
        )
    return " ".join(told)


def _ground(
    shaped: Sequence[AreaRow],
    round_ones: Sequence[AreaRow],
    shapes: Mapping[str, Polygons],
    radii: Mapping[str, float],
) -> Ground:
    """Return the piece of the earth that shows all borders and the whole of all circles."""
    points = [row.point for row in round_ones]
    points += [(y, x) for row in shaped for polygon in shapes[row.code] for x, y in polygon[0]]
    edge = max((radii[row.code] for row in round_ones), default=0) + RIM
    return ground_of(points, WIDTH, HIGHEST, edge)


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


def _around(x: float, y: float, radius: float) -> Box:
    return Box(x - radius, y - radius, 2 * radius, 2 * radius)


def _figure(row: AreaRow) -> str:
    """Return what stands in an area: the clients, or with "≈" the middle of the range in the table."""
    if row.heads is None:
        return "?"
    low, high = bounds(row.parts)
    return row.told if low == high or low < MIN_CELL_COUNT else f"≈{number(row.heads, 0)}"


def _number(figure: str, box: Box) -> str:
    x, y = territory_shapes.middle(box)
    return f'<text x="{x:.1f}" y="{y:.1f}">{escape(figure)}</text>'


def _inside(dots: Mapping[Point, int], ground: Ground) -> list[Point]:
    """Return where the dots lie that are on the drawing."""
    spots = [ground.at(point) for point in sorted(dots)]
    return [(x, y) for x, y in spots if 0 <= x <= WIDTH and 0 <= y <= ground.height]


def _names(places: Sequence[Place], ground: Ground, boxes: Sequence[Box]) -> list[str]:
    """Return the names that find room beside a circle, or beside the number in a shape."""
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
