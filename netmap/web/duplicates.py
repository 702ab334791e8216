"""Pages: records that may be one thing, side by side; merging them, or telling them apart."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from netmap.duplicates import apart, listing, merging
from netmap.duplicates.cards import TABLES
from netmap.duplicates.finding import KIND, search_later
from netmap.duplicates.models import DuplicatePair
from netmap.duplicates.reasons import in_words
from netmap.duplicates.sides import SIDES, Sides, side_by_side
from netmap.editing.models import Edit
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.jobs.models import Job
from netmap.web.door import blueprint, db, page_number, permit
from netmap.web.duplicates_words import field_name, part_lines, part_name, table_names, value

duplicates = blueprint("duplicates")

PAGE = 20
PAGES: Mapping[str, tuple[str, str]] = {
    "organization": ("directory.organization", "organization_id"),
    "service": ("directory.service", "service_id"),
    "location": ("locations.show", "location_id"),
}  # table -> the page of a record


@duplicates.get("/duplicates")
@permit("merge duplicates")
def show() -> str:
    """Show the pairs of one table that wait for a decision, the likeliest first."""
    asked = request.args.get("table", "")
    counts = listing.counts(db())
    busiest = max(TABLES, key=lambda one: counts[one].pairs)
    table = asked if asked in TABLES else busiest
    pairs, page = listing.undecided(db(), table), page_number(request.args)
    return render_template(
        "duplicates/listing.html",
        table=table,
        tables=table_names(),
        counts=counts,
        rows=listing.with_names(db(), pairs[(page - 1) * PAGE : page * PAGE]),
        searched=listing.searched(db()).get(table),
        waits=db().scalar(select(Job.id).where(Job.kind == KIND).limit(1)) is not None,
        in_words=in_words,
        page=page,
        pages=-(-len(pairs) // PAGE),
        address=lambda page: url_for("duplicates.show", table=table, page=page),
    )


@duplicates.post("/duplicates")
@permit("merge duplicates")
def look() -> Any:
    """Ask the worker for a new search."""
    search_later(db())
    return redirect(url_for("duplicates.show", table=request.form.get("table")), 303)


@duplicates.get("/duplicates/<table>/<first>/<second>")
@permit("merge duplicates")
def compare(table: str, first: str, second: str) -> Any:
    """Show two records side by side."""
    return _compare(side_by_side(db(), table, first, second), {}, {})


@duplicates.post("/duplicates/<table>/<first>/<second>")
@permit("merge duplicates")
def decide(table: str, first: str, second: str) -> Any:
    """Make one record of the two, or remember that they are two."""
    sent = request.form
    if sent.get("what") == "apart":
        apart.two_things(db(), table, first, second, by=current_user.email)
        return redirect(url_for("duplicates.show", table=table), 303)
    sides = side_by_side(db(), table, first, second)
    chosen = {one.name: sent[f"of.{one.name}"] for one in sides.fields if f"of.{one.name}" in sent}
    try:
        seen = _seen(sent)
        entry = merging.merge(
            db(),
            table,
            first,
            second,
            by=current_user.email,
            keep=sent.get("keep", ""),
            choices=chosen,
            versions=seen,
        )
    except Invalid as error:
        db().rollback()
        return _compare(side_by_side(db(), table, first, second), chosen, error.fields), 422
    return redirect(url_for("duplicates.done", edit_id=entry.id), 303)


def _seen(sent: Mapping[str, str]) -> tuple[int, int]:
    try:
        return int(sent.get("version.first", "")), int(sent.get("version.second", ""))
    except ValueError:
        raise Invalid(_("Open both records side by side first."), {"keep": _("Choose one.")}) from None


def _compare(sides: Sides, chosen: Mapping[str, str], errors: Mapping[str, str]) -> str:
    ids = tuple(sorted((sides.first["id"], sides.second["id"])))
    found = select(DuplicatePair).where(DuplicatePair.first_id == ids[0], DuplicatePair.second_id == ids[1])
    pair = db().scalars(found.limit(1)).first()
    named = listing.names(db(), sides.table, ids)
    return render_template(
        "duplicates/compare.html",
        sides=sides,
        named={side: named[sides.row(side)["id"]] for side in SIDES},
        reasons=in_words(pair.reasons) if pair else [],
        fields=[
            {
                "name": one.name,
                "label": field_name(one.name),
                "values": {side: value(db(), one.name, sides.row(side)) for side in SIDES},
                "chosen": chosen.get(one.name, one.taken),
            }
            for one in sides.fields
        ],
        parts=[
            (part_name(name), part_lines(db(), name, here), part_lines(db(), name, there))
            for name, here, there in sides.parts
        ],
        page_of=_page_of,
        tables=table_names(),
        errors=errors,
    )


def _page_of(table: str, id_: str) -> str:
    endpoint, name = PAGES.get(table, ("", ""))
    values: dict[str, Any] = {name: id_}
    return url_for(endpoint, **values) if endpoint else ""


@duplicates.get("/duplicates/merged/<int:edit_id>")
@permit("merge duplicates")
def done(edit_id: int) -> str:
    """Show what a merge made, with the button that takes it back (a page of the editor does)."""
    entry = _merge(edit_id)
    named = listing.names(db(), entry.about_table, [entry.about_id]).get(entry.about_id)
    return render_template(
        "duplicates/done.html",
        entry=entry,
        named=named,
        page=_page_of(entry.about_table, entry.about_id) if named else "",
    )


def _merge(edit_id: int) -> Edit:
    entry = db().get(Edit, edit_id)
    if entry is None or entry.kind != "merge":
        raise NotFound(_("There is no such merge."))
    return entry
