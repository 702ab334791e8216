"""The page to walk through the network: an organization and those around it, from link to link."""

from collections.abc import Callable, Mapping
from typing import Any

import networkx as nx
from flask import render_template, request, url_for

from netmap.directory.queries import area_choices
from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.network.gaps import kept_question
from netmap.network.picture import walking
from netmap.network.picture.walking import Piece
from netmap.network.ties import relations
from netmap.network.ties import words as tie_words
from netmap.network.ties.bonds import AGREEMENT, CONTACT, JOINT_BODY, JOINT_SERVICE
from netmap.network.ties.relations import Network
from netmap.network.ties.views import tie_views
from netmap.packages.service import choices as package_choices
from netmap.web import walk_svg
from netmap.web.door import blueprint, db, permit, settings
from netmap.web.sorted_table import Column, sorted_by
from netmap.web.walk_svg import Shown

walking_pages = blueprint("walking")

MOST_STEPS, MOST_ZOOM = 3, 3


@walking_pages.get("/network/walk")
@permit("read gaps")
def walk() -> str:
    """Show the organizations of a selection, or those around one, as a picture and as a table."""
    asked = {name: request.args.get(name) or None for name in ("area", "sector", "package", "centre")}
    steps, zoom = _within("steps", 2, MOST_STEPS), _within("zoom", 1, MOST_ZOOM)
    network = relations.load(db(), settings(), area=asked["area"], sector=asked["sector"])
    graph = _graph(network, asked["package"], asked["area"], asked["centre"])
    centre = asked["centre"]
    drawn = graph.copy()
    drawn.add_edges_from(network.met_in(frozenset(graph)))
    piece = walking.around(drawn, centre, steps) if centre else walking.selection(drawn)
    shown = {
        key: Shown(key, network.names[key], network.sectors[key][0], graph.degree(key)) for key in piece.spots
    }
    kept = {**{name: value for name, value in asked.items() if value}, "steps": steps, "zoom": zoom}
    order = sorted_by(_columns(), request.args.get("sort", ""), "-partners")
    sectors = tie_words.sector_names()
    return render_template(
        "network/walk.html",
        drawing=walk_svg.draw(piece, shown, _styles(network, piece), _to(kept), zoom=zoom, centre=centre),
        piece=piece,
        rows=order.sort([_row(one, piece, sectors) for one in shown.values()]),
        order=order,
        name=network.names[centre] if centre else "",
        ties=[row for row in tie_views(network) if centre in (row["one"]["id"], row["other"]["id"])],
        legend=[(walk_svg.number_of(code), name) for code, name in sectors.items()],
        chosen=asked,
        steps=steps,
        zoom=zoom,
        alone=sum(not drawn.degree(node) for node in drawn),
        areas=area_choices(db(), language()),
        sectors=list(sectors.items()),
        packages=package_choices(db(), language()),
        address=lambda **more: url_for("walking.walk", **{**kept, "sort": order.wish, **more}),
    )


def _within(name: str, default: int, most: int) -> int:
    wish = request.args.get(name, "")
    return min(most, max(1, int(wish))) if wish.isdecimal() and len(wish) < 3 else default


def _graph(network: Network, package: str | None, area: str | None, centre: str | None) -> "nx.Graph[str]":
    """Return the graph of the selection; the centre is in it in any case, so that one can walk out of it."""
    if centre is not None and centre not in network.names:
        raise NotFound(_("There is no such organisation; it may have been removed or closed."))
    chosen = network.chosen
    if package is not None:
        question = kept_question.question(db(), settings(), package, area)
        chosen &= {link.provider for link in question.survey.links if link.sure or link.perhaps}
    return network.graph_of(chosen | ({centre} if centre else set()))


def _styles(network: Network, piece: Piece) -> dict[tuple[str, str], str]:
    """Return how each link is drawn: an agreement, else a joint service, else a contact, else one body."""
    held: dict[tuple[str, str], set[str]] = {link: set() for link in piece.links}
    for one in network.bonds:
        if one.pair in held and one.holds(network.day):
            held[one.pair].add(one.kind)
    return {
        link: next(
            (kind for kind in (AGREEMENT, JOINT_SERVICE) if kind in kinds),
            CONTACT if frozenset(link) in network.linked else JOINT_BODY,
        )
        for link, kinds in held.items()
    }


def _to(kept: Mapping[str, Any]) -> Callable[[str], str]:
    """Return how an organization is linked: it becomes the centre; the centre leads to its own page."""

    def href(key: str) -> str:
        if key == kept.get("centre"):
            return url_for("directory.organization", organization_id=key)
        return url_for("walking.walk", **{**kept, "centre": key})

    return href


def _row(one: Shown, piece: Piece, sectors: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "sector": f"{walk_svg.number_of(one.sector)} {sectors[one.sector]}",
        "partners": one.partners,
        "steps": piece.steps.get(one.key),
    }


def _columns() -> list[Column]:
    return [
        Column("name", _("Organisation"), lambda row: row["name"].casefold()),
        Column("sector", _("Sector"), lambda row: row["sector"]),
        Column("partners", _("Partners"), lambda row: row["partners"], number=True),
        Column("steps", _("Steps away"), lambda row: row["steps"]),
    ]
