"""Pages: who works with whom on what, measures of the network, and bridges between sectors."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import render_template, request, url_for

from netmap.directory.queries import area_choices
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.network.few import told_span
from netmap.network.picture import partners as tie_overview
from netmap.network.ties import words as tie_words
from netmap.network.ties.bonds import KINDS
from netmap.network.ties.meeting import MOST_MEMBERS
from netmap.network.ties.sectors import SECTORS
from netmap.web.door import blueprint, db, page_number, permit, settings
from netmap.web.sorted_table import Column, Row, sorted_by

ties = blueprint("ties")

PAGE = 50
SHOWN = 15  # of those who stand between, of those who stand alone: more is a list, not a finding


@ties.get("/network/ties")
@permit("read gaps")
def listing() -> str:
    """Show the ties: matter, last activity, which are only paper and which have none."""
    chosen = _chosen("area", "sector", "kind", "state")
    rows = tie_overview.ties(db(), settings(), chosen["area"], chosen["sector"])
    counts = {state: sum(_is(row, state) for row in rows) for state in _states()}
    kept = [
        row
        for row in rows
        if chosen["kind"] in (None, row["kind"]) and (not chosen["state"] or _is(row, chosen["state"]))
    ]
    order = sorted_by(_tie_columns(), request.args.get("sort", ""), "-last")
    pages = max(1, -(-len(kept) // PAGE))
    page = min(page_number(request.args), pages)
    return render_template(
        "network/ties.html",
        rows=[_dated(row) for row in order.sort(kept)[(page - 1) * PAGE : page * PAGE]],
        total=len(kept),
        counts=counts,
        states=_states(),
        kinds=[(code, tie_words.tie_names()[code]) for code in KINDS],
        order=order,
        page=page,
        pages=pages,
        **_choices(chosen, "ties.listing", order.wish),
    )


@ties.get("/network/measures")
@permit("read gaps")
def measures() -> str:
    """Show measures with their warnings, hand-offs, who stands between, and who could replace whom."""
    chosen = _chosen("area", "sector")
    found = tie_overview.measured(db(), settings(), chosen["area"], chosen["sector"])
    between = sorted_by(_broker_columns(), request.args.get("sort", ""), "-betweenness")
    instead = sorted_by(_replace_columns(), request.args.get("by", ""), "-alone")
    meeting = _meeting_tables(found["meeting"], request.args.get("meet", ""))
    covered = found["hand_off_coverage"]
    chosen["by"] = request.args.get("by") and instead.wish
    chosen["meet"] = request.args.get("meet") and meeting[0]["order"].wish
    return render_template(
        "network/measures.html",
        found=found,
        brokers=between.sort(found["brokers"])[:SHOWN],
        replaceable=instead.sort(found["replaceable"])[:SHOWN],
        meeting=meeting,
        between=between,
        instead=instead,
        most=SHOWN,
        most_members=MOST_MEMBERS,
        covered=[told_span(*covered[name]) for name in ("covered_between", "clients_between")]
        if covered["clients"] is not None
        else None,
        **_choices(chosen, "ties.measures", between.wish),
    )


@ties.get("/network/bridges")
@permit("read gaps")
def bridges() -> str:
    """Show which sectors work with which, where, and where there is no bridge."""
    chosen = _chosen("area")
    found = tie_overview.bridging(db(), settings(), chosen["area"])
    order = sorted_by(_bridge_columns(), request.args.get("sort", ""), "links")
    links = {(row["one"], row["other"]): row for row in found["bridges"]}
    present = [row["code"] for row in found["sectors"] if row["code"] != "unknown"]
    return render_template(
        "network/bridges.html",
        found=found,
        rows=found["bridges"] if "sort" not in request.args else order.sort(found["bridges"]),
        order=order,
        links=links | {(other, one): row for (one, other), row in links.items()},
        present=sorted(present, key=SECTORS.index),
        sectors_named=tie_words.sector_names(),
        **_choices(chosen, "ties.bridges", order.wish),
    )


def _chosen(*names: str) -> dict[str, str | None]:
    return {name: request.args.get(name) or None for name in names}


def _choices(chosen: Mapping[str, str | None], endpoint: str, wish: str) -> dict[str, Any]:
    """Return what every page of this module needs for its filters and links."""
    kept = {name: value for name, value in chosen.items() if value}
    return {
        "chosen": chosen,
        "areas": area_choices(db(), language()),
        "sectors": list(tie_words.sector_names().items()),
        "address": lambda **more: url_for(endpoint, **{**kept, "sort": wish, **more}),
    }


def _states() -> dict[str, str]:
    """Return the selections of ties: those to think about first."""
    return {
        "paper": _("Agreements without life"),
        "strong": _("In use without an agreement"),
        **tie_words.state_names(),
    }


def _is(row: Row, state: str) -> bool:
    flag = {"paper": "dead", "strong": "strong"}.get(state)
    return bool(row[flag]) if flag else row["state"] == state


def _dated(row: Row) -> dict[str, Any]:
    days = {name: row[name] and date.fromisoformat(row[name]) for name in ("begins", "ends", "last", "noted")}
    return {**row, **days}


def _tie_columns() -> list[Column]:
    return [
        Column("one", _("Organisation"), lambda row: row["one"]["name"].casefold()),
        Column("other", _("Works with"), lambda row: row["other"]["name"].casefold()),
        Column("kind", _("Kind"), lambda row: row["kind_name"]),
        Column("matter", _("On what matter"), lambda row: row["matter"].casefold() or None),
        Column("ends", _("Term"), lambda row: row["ends"]),
        Column("last", _("Last activity"), lambda row: row["last"]),
        Column("state", _("State"), lambda row: row["state_name"]),
    ]


def _broker_columns() -> list[Column]:
    return [
        Column("name", _("Organisation"), lambda row: row["name"].casefold()),
        Column("partners", _("Partners"), lambda row: row["partners"], number=True),
        Column("betweenness", _("On shortest ways"), lambda row: row["betweenness"], number=True),
    ]


def _replace_columns() -> list[Column]:
    return [
        Column("name", _("Provider"), lambda row: row["name"].casefold()),
        Column("covers", _("Is there for"), lambda row: row["covers"], number=True),
        Column("alone", _("Of that, alone"), lambda row: row["alone"], number=True),
        Column("others", _("Who could stand in"), lambda row: len(row["others"]), number=True),
    ]


def _meeting_tables(found: Mapping[str, list[Row]], wish: str) -> list[dict[str, Any]]:
    """Return the table of the bodies and that of the organizations in them, sorted alike."""
    tables = (
        ("bodies", _("Body"), _("Members"), lambda key: url_for("partners.body", body_id=key)),
        ("organizations", _("Organisation"), _("Bodies"), lambda key: url_for("walking.walk", centre=key)),
    )
    return [
        {
            "order": (order := sorted_by(_meeting_columns(name, count), wish, "-count")),
            "rows": order.sort(found[kind])[:SHOWN],
            "all": len(found[kind]),
            "href": href,
        }
        for kind, name, count, href in tables
    ]


def _meeting_columns(name: str, count: str) -> list[Column]:
    return [
        Column("name", name, lambda row: row["name"].casefold()),
        Column("count", count, lambda row: row["count"], number=True),
        Column("share", _("Share of possible meetings"), lambda row: row["share"], number=True),
        Column("between", _("On shortest ways"), lambda row: row["between"], number=True),
        Column("near", _("How near"), lambda row: row["near"], number=True),
    ]


def _bridge_columns() -> list[Column]:
    return [
        Column("one", _("Sector"), lambda row: row["one_name"]),
        Column("other", _("And sector"), lambda row: row["other_name"]),
        Column("links", _("Links"), lambda row: row["links"], number=True),
        Column("living", _("With recent contact"), lambda row: row["living"], number=True),
        Column("clients", _("Clients whose package leads over"), lambda row: row["clients"], number=True),
        Column("missing_in", _("Areas without a link"), lambda row: len(row["missing_in"]), number=True),
    ]
