"""Areas with their borders as SVG: a pattern by clients without help per 1,000, the number on top. Pure."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import pairwise

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.network.picture.outlines import Point, Polygons, spots, surface
from netmap.network.picture.shading import ranges, shade
from netmap.network.picture.territory_map import AreaRow
from netmap.web.map_ground import Box, Ground

DIGIT, HEIGHT = 9.5, 18  # of the numbers

# Look -> ground, side of the pattern, and what is drawn on it: denser and darker with the rate, so that the
# order can be seen in grey too.
_LOOKS = {
    "1": ("#fdeeea", 14, '<path d="M0 14L14 0" stroke="#d08a7e" stroke-width="1.2"/>'),
    "2": ("#f8d5cc", 8, '<path d="M0 8L8 0" stroke="#bb6055" stroke-width="1.3"/>'),
    "3": ("#efb3a8", 9, '<path d="M0 0L9 9M0 9L9 0" stroke="#9c3a33" stroke-width="1.2"/>'),
    "unknown": ("#f4f1ec", 10, '<path d="M5 2v6M2 5h6" stroke="#8a7a66" stroke-width="1.2"/>'),
    "ask": ("#ffffff", 12, '<path d="M1 6h7" stroke="#a05a00" stroke-width="1.4"/>'),
    "open": ("#ffffff", 8, ""),
}


def patterns() -> str:
    """Return what the looks of areas are filled with; `fill` names it."""
    return "<defs>{}</defs>".format(
        "".join(
            f'<pattern id="nm-look-{look}" width="{side}" height="{side}" patternUnits="userSpaceOnUse">'
            f'<rect width="{side}" height="{side}" fill="{ground}"/>{drawn}</pattern>'
            for look, (ground, side, drawn) in _LOOKS.items()
        )
    )


def fill(look: str) -> str:
    """Return what an area with this look is filled with.

    Examples
    --------
    >>> fill("ask")
    'url(#nm-look-ask)'
    """
    return f"url(#nm-look-{look})"


def outlines(
    rows: Sequence[AreaRow], shapes: Mapping[str, Polygons], ground: Ground, href: Callable[[str], str]
) -> str:
    """Return the areas as links, the largest first, so that a town lies upon the district around it."""
    known = ranges(rows)
    order = sorted(rows, key=lambda row: (-surface(shapes[row.code]), row.name))
    return "".join(
        f'<a class="nm-land__area nm-land__area--shape" href="{escape(href(row.code))}" '
        f'aria-label="{escape(_told(row))}"><path fill="{fill(shade(row, known))}" fill-rule="evenodd" '
        f'd="{path(shapes[row.code], ground)}"><title>{escape(_told(row))}</title></path></a>'
        for row in order
    )


def _told(row: AreaRow) -> str:
    return _(
        "%(name)s: clients without help %(clients)s, per 1,000 people %(rate)s, lines missing %(gaps)s",
        name=row.name,
        clients=row.told or "?",
        rate="?" if row.rate is None else number(row.rate, 1),
        gaps=row.gaps,
    )


def path(polygons: Polygons, ground: Ground) -> str:
    """Return the rings as the path of an SVG, in steps from point to point to a tenth of a pixel.

    Examples
    --------
    >>> square = [[[(25.0, 55.0), (25.1, 55.0), (25.1, 55.1), (25.0, 55.0)]]]
    >>> path(square, Ground((55.05, 25.05), 10.0, 200.0, 200.0))
    'M68.2 155.6l63.6 0 0 -111.2z'
    """
    drawn = ""
    for ring in (ring for polygon in polygons for ring in polygon):
        points = [ground.at((y, x)) for x, y in ring[:-1]]
        tenths = [(round(10 * x), round(10 * y)) for x, y in points]
        steps = [
            f"{(x - before[0]) / 10:g} {(y - before[1]) / 10:g}"
            for before, (x, y) in pairwise(tenths)
            if (x, y) != before
        ]
        if len(steps) > 1:
            drawn += f"M{tenths[0][0] / 10:g} {tenths[0][1] / 10:g}l{' '.join(steps)}z"
    return drawn


def places(
    figures: Mapping[str, str], shapes: Mapping[str, Polygons], ground: Ground, others: Sequence[Box]
) -> dict[str, tuple[Point, Box]]:
    """Return where the number of each area stands: in its widest part without number, dot or circle.

    Both as (latitude, longitude) and as the room that the number takes on the drawing. A number that finds
    no room is left out; the smaller areas choose first.
    """
    found: dict[str, tuple[Point, Box]] = {}
    for code in sorted(figures, key=lambda code: (surface(shapes[code]), code)):
        width = DIGIT * len(figures[code])
        tried = [(spot, _box(ground.at(spot), width)) for spot in spots(shapes[code])]
        free = [one for one in tried if not any(one[1].meets(box) for _spot, box in found.values())]
        clear = (one for one in free if not any(one[1].meets(other) for other in others))
        if free:
            found[code] = next(clear, free[0])
    return found


def middle(box: Box) -> Point:
    """Return where text stands that shall be in the middle of a box."""
    return box.x + box.width / 2, box.y + HEIGHT - 4


def _box(at: Point, width: float) -> Box:
    return Box(at[0] - width / 2, at[1] - HEIGHT / 2, width, HEIGHT)
