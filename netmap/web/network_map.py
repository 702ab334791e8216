"""The page of the map: areas with borders or as circles, services as dots, and the same as a table."""

from functools import partial

from flask import render_template, request, url_for

from netmap.directory.queries import area_choices
from netmap.directory.shapes import shapes
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.network.gaps.selection import select
from netmap.network.picture import place_queries, shading, territory_map
from netmap.packages.service import choices as package_choices
from netmap.vocabulary.terms import label
from netmap.web import territory_svg
from netmap.web.door import blueprint, db, permit, settings
from netmap.web.sorted_table import Column, Row, sorted_by
from netmap.web.territory_shapes import fill

network_map = blueprint("network_map")

ALL = "all"


@network_map.get("/network/map")
@permit("read gaps")
def show() -> str:
    """Show where clients are without help and where services are given."""
    asked = {name: request.args.get(name) or None for name in ("package", "area", "type")}
    chosen = select(db(), settings(), asked["package"], asked["area"])
    types = sorted(
        {line.service_type for code in chosen.packages for line in chosen.question.profiles[code].lines},
        key=label,
    )
    if asked["type"] is None:
        asked["type"] = territory_map.worst_type(chosen) or ALL  # all kinds at once are missing everywhere
    kind = asked["type"] if asked["type"] in types else None
    borders, sources = shapes(db(), chosen.areas)
    found = territory_map.area_rows(chosen, place_queries.services_by_area(db(), kind), kind)
    order = sorted_by(_columns(), request.args.get("sort", ""), "-clients")
    kept = {name: value for name, value in asked.items() if value}
    gaps_of = partial(_gaps_of, asked["package"])
    drawing = None
    if found:
        dots = place_queries.service_points(db(), kind)
        drawing = territory_svg.draw(found, dots, gaps_of, borders)
    return render_template(
        "network/map.html",
        drawing=drawing,
        looks=shading.legend([row for row in found if row.code in borders]),
        circles=[row for row in found if row.code not in borders],
        sources=sources,
        fill=fill,
        rows=order.sort([_row(row) for row in found]),
        gaps_of=gaps_of,
        order=order,
        chosen=asked,
        types=[(ALL, _("all")), *((code, label(code)) for code in types)],
        kind=label(kind) if kind else "",
        packages=package_choices(db(), language()),
        areas=area_choices(db(), language()),
        address=lambda **more: url_for("network_map.show", **{**kept, "sort": order.wish, **more}),
    )


def _gaps_of(package: str | None, area: str) -> str:
    """Return where the gaps of an area stand, those of the package where one was chosen."""
    return url_for("network.gaps", area=area, package=package)


def _row(row: territory_map.AreaRow) -> Row:
    return {
        "code": row.code,
        "name": row.name,
        "clients": row.heads,
        "clients_shown": row.told or _("not counted"),
        "rate": row.rate,
        "gaps": row.gaps,
        "ask": row.ask,
        "open": row.open,
        "services": row.services,
    }


def _columns() -> list[Column]:
    return [
        Column("name", _("Area"), lambda row: row["name"].casefold()),
        Column("clients", _("Clients without help"), lambda row: row["clients"], number=True),
        Column("rate", _("Expected of 1,000 people counted"), lambda row: row["rate"], number=True),
        Column("gaps", _("Lines missing"), lambda row: row["gaps"], number=True),
        Column("ask", _("Lines to ask about"), lambda row: row["ask"], number=True),
        Column("open", _("Lines open"), lambda row: row["open"], number=True),
        Column("services", _("Services given there"), lambda row: row["services"], number=True),
    ]
