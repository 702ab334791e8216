"""A map of the services of one page as SVG, without tiles: numbers, names of places, a scale. Pure."""

from collections.abc import Sequence
from html import escape

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.network.picture.svg import Drawing
from netmap.web.map_ground import (
    CELL,
    LINE,
    WIDTH,
    Box,
    Ground,
    Place,
    Point,
    Spot,
    blocks_of,
    ground_of,
    names_of,
    round_km,
    shape_of,
)

STRIP = 26  # below the ground, for the scale


def draw_map(
    spots: Sequence[Spot], places: Sequence[Place], asked: Point | None = None, within_km: float | None = None
) -> Drawing:
    """Return the map as one ``<svg>`` element; each number leads to ``#hit-`` and the number.

    Parameters
    ----------
    spots : sequence of Spot
        At least one. Those that would cover each other stand together in one block.
    places : sequence of Place
    asked : (latitude, longitude), optional
        The point from which kilometres were asked for, with a circle of ``within_km`` around it.
    """
    ground = ground_of([spot.point for spot in spots] + ([asked] if asked else []))
    blocks = list(blocks_of(spots, ground))
    names = "".join(_names(places, ground, [box for box, _inside in blocks]))
    title, told = _("Map of the services on this page"), _("The numbers are those of the list.")
    height = f"{ground.height + STRIP:.0f}"
    return Drawing(
        f'<svg class="nm-map" role="group" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" aria-labelledby="nm-map-title nm-map-desc">'
        f'<title id="nm-map-title">{escape(title)}</title><desc id="nm-map-desc">{escape(told)}</desc>'
        f'<g class="nm-map__ground" aria-hidden="true">{_asked(asked, within_km, ground)}{names}'
        f"{_scale(ground)}</g>{''.join(_block(box, inside) for box, inside in blocks)}</svg>"
    )


def _block(box: Box, spots: Sequence[Spot]) -> str:
    """Return the numbers of a block, each a link; a dashed frame is for what is not known to fit."""
    across, _down = shape_of(len(spots))
    drawn = []
    for place, spot in enumerate(spots):
        x, y = box.x + place % across * CELL, box.y + place // across * CELL
        kind = "nm-map__spot" if spot.sure else "nm-map__spot nm-map__spot--perhaps"
        spoken = f' lang="{escape(spot.language)}"' if spot.language else ""
        drawn.append(
            f'<a class="{kind}"{spoken} href="#hit-{spot.number}" '
            f'aria-label="{spot.number}: {escape(spot.name)}">'
            f'<rect x="{x + 1:.1f}" y="{y + 1:.1f}" width="{CELL - 2}" height="{CELL - 2}" '
            f'rx="{4 if len(spots) > 1 else CELL / 2}"><title>{escape(spot.name)}</title></rect>'
            f'<text x="{x + CELL / 2:.1f}" y="{y + CELL / 2 + 5:.1f}">{spot.number}</text></a>'
        )
    return "".join(drawn)


def _names(places: Sequence[Place], ground: Ground, blocks: Sequence[Box]) -> str:
    drawn = ""
    for place, box in names_of(places, ground, blocks):
        x, y = ground.at(place.point)
        drawn += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2"/>'
        drawn += (
            f'<text x="{box.x + box.width / 2:.1f}" y="{box.y + LINE - 5:.1f}">{escape(place.name)}</text>'
        )
    return drawn


def _asked(asked: Point | None, within_km: float | None, ground: Ground) -> str:
    """Return a cross where the kilometres begin, and the circle of those that were asked for."""
    if asked is None:
        return ""
    x, y = ground.at(asked)
    cross = f'<path class="nm-map__asked" d="M{x - 7:.1f} {y:.1f}h14M{x:.1f} {y - 7:.1f}v14"/>'
    if not within_km:
        return cross
    radius = min(within_km * ground.scale, 10 * WIDTH)
    return f'<circle class="nm-map__within" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>{cross}'


def _scale(ground: Ground) -> str:
    """Return the bar that shows how long some kilometres are."""
    km = round_km(110 / ground.scale)
    long, y = km * ground.scale, ground.height + STRIP - 10
    words = _("%(number)s km", number=number(km, 3))
    return (
        f'<path class="nm-map__scale" d="M10 {y - 5:.1f}v5h{long:.1f}v-5"/>'
        f'<text class="nm-map__km" x="{16 + long:.1f}" y="{y:.1f}">{escape(words)}</text>'
    )
