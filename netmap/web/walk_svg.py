"""A piece of the network as SVG: every organization a link, names where they have room. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from netmap.i18n import gettext as _
from netmap.network.picture.svg import Drawing
from netmap.network.picture.walking import Piece, apart
from netmap.network.ties.sectors import SECTORS
from netmap.web.map_ground import Box

WIDTH, HEIGHT, EDGE = 940, 700, 70
RADIUS = 13  # so that each can be hit: 24 pixels at least
LETTER, LINE, LONGEST = 7.4, 16, 30
STYLES = ("agreement", "joint_service", "contact", "joint_body")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is drawn of an organization: its name, its sector and how many partners it has."""

    key: str
    name: str
    sector: str
    partners: int


def number_of(sector: str) -> str:
    """Return the sign of a sector in the picture: its number in the legend, "?" where it is not known.

    Examples
    --------
    >>> number_of("employment"), number_of("unknown")
    ('1', '?')
    """
    place = SECTORS.index(sector)
    return "?" if place == len(SECTORS) - 1 else str(place + 1)


def draw(
    piece: Piece,
    shown: Mapping[str, Shown],
    styles: Mapping[tuple[str, str], str],
    href: Callable[[str], str],
    *,
    zoom: int = 1,
    centre: str | None = None,
) -> Drawing:
    """Return the piece as one ``<svg>`` element.

    Parameters
    ----------
    piece : Piece
    shown : mapping
        Organization -> what is drawn of it.
    styles : mapping
        Link -> one of `STYLES`.
    href : function
        Gives the address to which an organization leads.
    zoom : int
        How much larger than usual; names do not grow, so more of them have room.
    centre : str, optional
        The organization in the middle.
    """
    width, height = WIDTH * zoom, HEIGHT * zoom
    spots = apart([_at(spot, width, height) for spot in piece.spots.values()], 2.3 * RADIUS)
    at = {key: _inside(spot, width, height) for key, spot in zip(piece.spots, spots, strict=True)}
    order = sorted(at, key=lambda key: (key != centre, piece.steps.get(key, 0), -shown[key].partners, key))
    wanted = [(shown[key].name, key, *at[key]) for key in order]
    names = dict(_names(wanted, Box(0, 0, width, height), list(at.values())))
    lines = "".join(_link(at[one], at[other], styles[one, other]) for one, other in piece.links)
    nodes = "".join(_node(shown[key], at[key], names.get(key), href(key), key == centre) for key in order)
    told = _("Organisations: %(nodes)s, links: %(links)s.", nodes=len(at), links=len(piece.links))
    return Drawing(
        f'<svg class="nm-walk" role="group" xmlns="http://www.w3.org/2000/svg" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" aria-labelledby="nm-walk-title nm-walk-desc">'
        f'<title id="nm-walk-title">{escape(_("Who works with whom"))}</title>'
        f'<desc id="nm-walk-desc">{escape(told)} {escape(_("The table below says the same."))}</desc>'
        f'<g class="nm-walk__links" aria-hidden="true">{lines}</g><g>{nodes}</g></svg>'
    )


def _at(spot: tuple[float, float], width: int, height: int) -> tuple[float, float]:
    return (
        width / 2 + spot[0] * (width / 2 - EDGE),
        height / 2 + spot[1] * (height / 2 - EDGE / 2),
    )


def _inside(spot: tuple[float, float], width: int, height: int) -> tuple[float, float]:
    return (
        min(max(spot[0], RADIUS + 2.0), width - RADIUS - 2.0),
        min(max(spot[1], RADIUS + 2.0), height - RADIUS - 2.0),
    )


def _link(start: tuple[float, float], end: tuple[float, float], style: str) -> str:
    return (
        f'<line class="nm-walk__link nm-walk__link--{style}" x1="{start[0]:.1f}" y1="{start[1]:.1f}" '
        f'x2="{end[0]:.1f}" y2="{end[1]:.1f}"/>'
    )


def _node(one: Shown, at: tuple[float, float], name: Box | None, href: str, middle: bool) -> str:
    x, y = at
    kind = "nm-walk__node nm-walk__node--centre" if middle else "nm-walk__node"
    text = ""
    if name is not None:
        text = (
            f'<text class="nm-walk__name" x="{name.x + name.width / 2:.1f}" '
            f'y="{name.y + LINE - 4:.1f}">{escape(_short(one.name))}</text>'
        )
    return (
        f'<a class="{kind}" href="{escape(href)}" lang="">'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS}"><title>{escape(one.name)}</title></circle>'
        f'<text class="nm-walk__sector" x="{x:.1f}" y="{y + 5:.1f}">'
        f"{number_of(one.sector)}</text>{text}</a>"
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def _names(
    wanted: Sequence[tuple[str, str, float, float]], frame: Box, dots: Sequence[tuple[float, float]]
) -> Iterator[tuple[str, Box]]:
    """Give the organizations whose names have room, those that come first before the others, and where."""
    taken = [Box(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS) for x, y in dots]
    for name, key, x, y in wanted:
        long = len(_short(name)) * LETTER
        for left, top in (
            (x - long / 2, y + RADIUS),
            (x - long / 2, y - RADIUS - LINE),
            (x + RADIUS + 2, y - LINE / 2),
            (x - RADIUS - 2 - long, y - LINE / 2),
        ):
            box = Box(left, top, long, LINE)
            inside = (
                box.x >= 0 and box.y >= 0 and box.x + long <= frame.width and box.y + LINE <= frame.height
            )
            if inside and not any(box.meets(other) for other in taken):
                taken.append(box)
                yield key, box
                break
