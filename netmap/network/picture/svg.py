"""A picture as SVG: no inline style, nodes are links in reading order, nothing by colour alone. Pure."""

import textwrap
from collections.abc import Callable, Mapping
from html import escape

from netmap.i18n import gettext as _
from netmap.network.picture.graph import Edge, Node, Picture

WIDTH, NODE_WIDTH, NODE_HEIGHT, STEP, TOP = 940, 254, 66, 76, 44
COLUMN_X = (2, 316, 630)
WRAP, LINES, MOST, HIGH = 28, 3, 4, 15  # letters of a line, lines of a name and of all, pixels of a line
BULGE = 50  # of the lines between nodes of the same column: beside the types on the left, else on the right
DIAMOND = 15  # half of its width

Hrefs = Mapping[str, Callable[[str], str]]


class Drawing(str):
    """SVG text that templates put into a page as it is: everything in it has been escaped here."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the text as HTML."""
        return str(self)


def draw(picture: Picture, hrefs: Hrefs) -> Drawing:
    """Return the picture as one ``<svg>`` element.

    Parameters
    ----------
    picture : Picture
    hrefs : mapping of node kind to function
        Gives the address of a node from its key; a kind without one is drawn without a link.
    """
    counts = [sum(node.column == column for node in picture.nodes) for column in range(3)]
    height = TOP + max(1, *counts) * STEP
    spots = {node.id: _spot(node, counts[node.column], height) for node in picture.nodes}
    lines = "".join(_edge(edge, spots[edge.source], spots[edge.target]) for edge in picture.edges)
    nodes = "".join(_node(node, *spots[node.id], hrefs) for node in picture.nodes)
    title = _("Needs, service types and providers")
    return Drawing(
        f'<svg class="nm-graph" role="group" xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
        f'height="{height}" viewBox="0 0 {WIDTH} {height}" aria-labelledby="nm-graph-title nm-graph-desc">'
        f'<title id="nm-graph-title">{escape(title)}</title>'
        f'<desc id="nm-graph-desc">{escape(_description(picture))}</desc>'
        f'<g class="nm-graph__heads" font-size="16" font-weight="700">{_heads()}</g>'
        f'<g class="nm-graph__edges" fill="none" stroke="#5b7471" aria-hidden="true">{lines}</g>'
        f'<g class="nm-graph__nodes" font-size="14">{nodes}</g></svg>'
    )


def _description(picture: Picture) -> str:
    gaps = sum(node.kind == "needed" for node in picture.nodes)
    told = _(
        "Nodes: %(nodes)s, of them gaps, marked NEEDED: %(gaps)s. The table below says the same.",
        nodes=len(picture.nodes),
        gaps=gaps,
    )
    if picture.left_out:
        told += " " + _("Left out, to stay readable: %(number)s. Choose a package.", number=picture.left_out)
    return told


def _heads() -> str:
    heads = (_("Need"), _("Service type"), _("Who"))
    placed = zip(COLUMN_X, heads, strict=True)
    return "".join(f'<text x="{x}" y="20">{escape(head)}</text>' for x, head in placed)


def _spot(node: Node, count: int, height: int) -> tuple[int, int]:
    """Return the upper left corner of a node: the columns share the whole height."""
    share = (height - TOP) / count
    return COLUMN_X[node.column], round(TOP + node.place * share + (share - NODE_HEIGHT) / 2)


def _edge(edge: Edge, start: tuple[int, int], end: tuple[int, int]) -> str:
    if start[0] == end[0]:
        return _beside(edge, start, end)
    x1, y1 = start[0] + NODE_WIDTH, start[1] + NODE_HEIGHT // 2
    x2, y2 = end[0], end[1] + NODE_HEIGHT // 2
    middle = (x1 + x2) // 2
    dash = {"needed": ' stroke-dasharray="7 5" stroke-width="2"', "perhaps": ' stroke-dasharray="2 4"'}
    return (
        f'<path class="nm-graph__edge nm-graph__edge--{edge.state}"{dash.get(edge.state, "")} '
        f'd="M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"/>'
    )


def _beside(edge: Edge, start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return a line between two nodes of one column, as a bow that grows with the way."""
    y1, y2 = start[1] + NODE_HEIGHT // 2 + 8, end[1] + NODE_HEIGHT // 2 - 8
    bow = min(BULGE, 14 + abs(y2 - y1) // 12)
    x = start[0] if edge.state == "broken" else start[0] + NODE_WIDTH
    middle = x - bow if edge.state == "broken" else x + bow
    look = ' stroke="#9d1f1f" stroke-dasharray="7 5"' if edge.state == "broken" else ""
    return (
        f'<path class="nm-graph__edge nm-graph__edge--{edge.state}"{look} stroke-width="2" '
        f'd="M{x} {y1}C{middle} {y1} {middle} {y2} {x} {y2}"/>'
    )


def _node(node: Node, x: int, y: int, hrefs: Hrefs) -> str:
    # The whole words are the title of the shape, not of the link: so a reader of the screen hears them and
    # the words drawn, and the name of the link holds what everybody sees.
    title = f"<title>{escape(_whole(node))}</title>"
    shape = _diamond(x, y, title) if node.kind == "needed" else _box(node, x, y, title)
    classes = f'class="nm-graph__node nm-graph__node--{node.kind}"'
    if node.linked and node.kind in hrefs:
        address = escape(hrefs[node.kind](node.key))
        return f'<a {classes} href="{address}">{shape}{_words(node, x, y)}</a>'
    return f"<g {classes}>{shape}{_words(node, x, y)}</g>"


def _whole(node: Node) -> str:
    """Return everything the node says, nothing cut."""
    parts = (node.name, node.note, node.title if node.title != node.name else "")
    return ": ".join(part for part in parts if part)


def _box(node: Node, x: int, y: int, title: str) -> str:
    rounding = {"need": 3, "type": 14}.get(node.kind, 0)
    return (
        f'<rect class="nm-graph__shape" x="{x}" y="{y}" width="{NODE_WIDTH}" height="{NODE_HEIGHT}" '
        f'rx="{rounding}" fill="#fff" stroke="#17494d">{title}</rect>'
    )


def _diamond(x: int, y: int, title: str) -> str:
    """Return a dashed diamond on a field that shows how far the link reaches."""
    left, middle = x + 4, y + NODE_HEIGHT // 2
    points = f"{left},{middle} {left + DIAMOND},{middle - DIAMOND} {left + 2 * DIAMOND},{middle} "
    points += f"{left + DIAMOND},{middle + DIAMOND}"
    return (
        f'<rect class="nm-graph__field" x="{x}" y="{y}" width="{NODE_WIDTH}" height="{NODE_HEIGHT}" '
        f'fill="#fff">{title}</rect><polygon class="nm-graph__shape" points="{points}" fill="#fff" '
        f'stroke="#9d1f1f" stroke-width="2" stroke-dasharray="4 3"/>'
    )


def _words(node: Node, x: int, y: int) -> str:
    """Return the words of a node on at most four lines; the title holds what does not fit."""
    indent, wrap = (2 * DIAMOND + 12, WRAP - 1) if node.kind == "needed" else (9, WRAP)
    # a name on two lines ends earlier: bold Cyrillic letters are wide; one that must be cut keeps what fits
    name = _wrapped(node.name, wrap - 4 if len(node.name) > wrap else wrap, LINES)
    note = _wrapped(node.note, wrap, MOST - len(name))
    told = [(line, "nm-graph__name", "600") for line in name]
    told += [(line, "nm-graph__note", "400") for line in note]
    first = y + NODE_HEIGHT / 2 - (len(told) - 1) * HIGH / 2 + 5
    return "".join(
        f' <text class="{kind}" font-weight="{weight}" x="{x + indent}" y="{first + number * HIGH:g}">'
        f"{escape(line)}</text>"
        for number, (line, kind, weight) in enumerate(told)
    )


def _wrapped(text: str, width: int, lines: int) -> list[str]:
    """Return at most so many lines; the last ends in "…" where something is cut.

    Examples
    --------
    >>> _wrapped("Outpatient addiction treatment for parents", 20, 2)
    ['Outpatient addiction', 'treatment for…']
    """
    return textwrap.wrap(text, width, max_lines=lines, placeholder="…") if text else []
