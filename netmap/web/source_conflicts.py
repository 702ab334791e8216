"""Pages: what a source and people here say differently, decided one by one, many at once, or by a rule."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.directory.conflicting import ANY, RULES
from netmap.directory.hsds_tables import SPECS
from netmap.editing.restoring import take_back
from netmap.errors import Conflict, Invalid, NotFound
from netmap.importing import conflicts as room
from netmap.web.door import blueprint, db, page_number, permit
from netmap.web.field_words import field_name
from netmap.web.record_words import table_name, value

source_conflicts = blueprint("source_conflicts")
PER_PAGE = 50


@source_conflicts.get("/conflicts")
@permit("edit directory")
def listing() -> str:
    """Show what waits for a decision, what was decided last, and the rules."""
    return _listing({})


def _listing(errors: dict[str, str]) -> str:
    asked, page = request.values.get("source", ""), page_number(request.args)
    known = room.sources(db())
    source = asked if asked in known else ""
    found = room.listing(db(), source=source, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
    return render_template(
        "source_conflicts/listing.html",
        errors=errors,
        found=found[:PER_PAGE],
        more=len(found) > PER_PAGE,
        page=page,
        source=source,
        sources=known,
        decided=room.decided(db()),
        rules=room.rules(db()),
        places=_places(),
        rule_names=room.rule_words(),
        table_name=table_name,
        field_name=field_name,
        value=value,
    )


def _places() -> list[tuple[str, str]]:
    """Return what a rule can be about: "table field" and its words."""
    found = [(f"{ANY} {ANY}", _every())]
    for table, spec in SPECS.items():
        found.append((f"{table} {ANY}", f"{table_name(table)}: {field_name(ANY)}"))
        found += [
            (f"{table} {field}", f"{table_name(table)}: {field_name(field)}") for field in spec.fields()
        ]
    return found


def _every() -> str:
    return field_name(ANY)


@source_conflicts.post("/conflicts")
@permit("edit directory")
def decide() -> Any:
    """Decide the conflicts that were chosen: each for itself, or all that are shown for one side."""
    shown = request.form.getlist("conflict")
    every = request.form.get("all", "")
    choices = {id_: every or request.form.get(f"side-{id_}", "") for id_ in shown}
    choices = {id_: side for id_, side in choices.items() if side}
    try:
        room.decide(db(), choices, by=current_user.email)
    except (Invalid, Conflict, NotFound) as error:
        db().rollback()
        return _listing({"decide": error.message}), 422 if isinstance(error, Invalid) else 409
    return redirect(url_for("source_conflicts.listing", source=request.form.get("source") or None), 303)


@source_conflicts.post("/conflicts/rules")
@permit("edit directory")
def set_rule() -> Any:
    """Say whose word counts in future, and where asked decide what is open by it."""
    source, rule = request.form.get("source", ""), request.form.get("rule", "")
    table, _blank, field = request.form.get("place", "").partition(" ")
    try:
        room.set_rule(db(), source, table, field or ANY, rule, by=current_user.email)
        if request.form.get("now") == "yes" and rule in RULES:
            room.settle_by_rules(db(), source, by=current_user.email)
    except (Invalid, Conflict, NotFound) as error:
        db().rollback()
        return _listing(getattr(error, "fields", None) or {"rule": error.message}), 422
    return redirect(url_for("source_conflicts.listing", source=source), 303)


@source_conflicts.post("/conflicts/<int:edit_id>/undo")
@permit("edit directory")
def undo(edit_id: int) -> Any:
    """Take a decision back: it waits again, and the record is as it was."""
    room.require_decision(db(), edit_id)
    take_back(db(), edit_id, by=current_user.email)
    return redirect(url_for("source_conflicts.listing"), 303)
