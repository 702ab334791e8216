"""Pages: agreements, one by one, as a list of what is due, and as the register of the planner."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_login import current_user

from netmap.directory.models import Organization
from netmap.directory.ties import Tie
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.matching.table import harmless
from netmap.partners import agreement_queries as queries
from netmap.partners import agreements as rooms
from netmap.partners import parties, service, words
from netmap.partners.models import Agreement
from netmap.partners.typed import text
from netmap.web import edit_forms as forms
from netmap.web.door import db, page_number, permit
from netmap.web.edit_forms import Field
from netmap.web.partners import PAGE, partners, today


@partners.get("/agreements")
@permit("read partners")
def agreements() -> str:
    """Show the agreements, those that end or have to be reviewed first."""
    asked, day = request.args, today()
    state = asked.get("state", "in_force")
    state = state if state in (*queries.STATES, "all") else "in_force"
    sort = asked.get("sort", "") if asked.get("sort") in queries.SORTS else queries.SORTS[0]
    page = page_number(asked)
    total, rows = queries.listing(
        db(), day, state="" if state == "all" else state, sort=sort, limit=PAGE, offset=(page - 1) * PAGE
    )
    untold, ties = queries.only_ties(db(), PAGE)
    return render_template(
        "partners/agreements.html",
        rows=[(row, rooms.state(row, day)) for row in rows],
        total=total,
        due=queries.due(db(), day),
        due_in_all=queries.count_due(db(), day),
        most_due=queries.MOST_DUE,
        within=rooms.SOON,
        untold=untold,
        ties=ties,
        state=state,
        states={**words.agreement_states(), "all": _("All")},
        sort=sort,
        kinds=words.kinds(),
        today=day,
        page=page,
        pages=-(-total // PAGE),
        address=lambda **more: url_for("partners.agreements", **{"state": state, "sort": sort, **more}),
    )


@partners.get("/agreements/register")
@permit("read partners")
def register() -> str:
    """Show all agreements with price, volume, use, result and term."""
    day = today()
    return render_template(
        "partners/register.html",
        rows=[(row, rooms.state(row, day), rooms.used_share(row)) for row in queries.register(db())],
        kinds=words.kinds(),
        states=words.agreement_states(),
        today=day,
    )


@partners.get("/agreements/register.csv")
@permit("read partners")
def register_csv() -> Response:
    """Give the register as a file that spreadsheets open, in which nothing is calculated."""
    out, day = io.StringIO(), today()
    table = csv.writer(out, lineterminator="\r\n")
    kinds, states, columns = words.kinds(), words.agreement_states(), _columns()
    table.writerow([*_heads(), *columns.values()])
    for row in queries.register(db()):
        share = rooms.used_share(row)
        cells = [row.title, kinds[row.kind], "; ".join(one.name for one in row.parties)]
        cells += [states[rooms.state(row, day)], "" if share is None else f"{100 * share:.0f}"]
        table.writerow([harmless(cell) for cell in (*cells, *(text(getattr(row, name)) for name in columns))])
    headers = {"Content-Disposition": 'attachment; filename="agreements.csv"'}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv; charset=utf-8", headers=headers)


def _heads() -> tuple[str, ...]:
    return _("What it is about"), _("Kind"), _("Parties"), _("State"), _("Used, per cent")


def _columns() -> Mapping[str, str]:
    """Return the columns of the register that hold what is kept, with their headings."""
    return {
        "price": _("Price"),
        "price_per": _("In which currency, for what"),
        "volume_agreed": _("Volume agreed"),
        "volume_used": _("Volume used"),
        "volume_unit": _("Volume of what"),
        "used_on": _("Use counted on"),
        "result": _("Result"),
        "begins": _("Begins"),
        "ends": _("Last day"),
        "ended_on": _("Ended early on"),
        "review_on": _("To be reviewed on"),
        "signed_by": _("Signed by"),
        "owner": _("Who looks after it (liaison)"),
    }


@partners.get("/agreements/<agreement_id>")
@permit("read partners")
def agreement(agreement_id: str) -> str:
    """Show one agreement with its parties, papers and who wrote it."""
    row = rooms.get(db(), agreement_id)
    day = today()
    return render_template(
        "partners/agreement.html",
        row=row,
        state=rooms.state(row, day),
        states=words.agreement_states(),
        kinds=words.kinds(),
        share=rooms.used_share(row),
        today=day,
    )


def agreement_fields(before: str = "") -> list[Field]:
    """Return the fields of an agreement; ``before`` is the e-mail of who looks after it."""
    staff = dict.fromkeys([*([before] if before else []), *service.staff(db())])
    owners = [("", _("nobody yet")), *((one, one) for one in staff)]
    return [
        Field("title", _("What it is about"), hint=_("For example: shelter places for the winter.")),
        Field("kind", _("Kind"), "choice", options=[("", _("choose")), *words.kinds().items()]),
        Field(
            "parties",
            _("Parties"),
            "rows",
            hint=_(
                "As they are called in the directory. Another name is kept as it is, for your own office too."
            ),
            columns=(Field("name", _("Name"), list_id="organizations"), Field("role", _("Role in it"))),
        ),
        Field("owner", _("Who looks after it (liaison)"), "choice", options=owners),
        Field("begins", _("Begins"), "day", heading=_("Term"), hint=_("Empty: it is not agreed yet.")),
        Field("ends", _("Last day"), "day", hint=_("Empty: it has no end.")),
        Field("ended_on", _("Ended early on"), "day"),
        Field("review_on", _("To be reviewed on"), "day"),
        Field("signed_by", _("Signed by"), hint=_("Names or functions.")),
        Field(
            "goals",
            _("Goals"),
            "area",
            heading=_("What was agreed"),
            hint=_("Also the interests of the sides."),
        ),
        Field("roles", _("Roles: who does what"), "area"),
        Field("tools", _("Tools and resources"), "area"),
        Field("price", _("Price"), "number", heading=_("Price, volume, result")),
        Field("price_per", _("In which currency, for what"), hint=_("For example: EUR per hour.")),
        Field("volume_agreed", _("Volume agreed"), "number"),
        Field("volume_used", _("Volume used"), "number"),
        Field("volume_unit", _("Volume of what"), hint=_("For example: hours, nights, places.")),
        Field("used_on", _("Use counted on"), "day"),
        Field("result", _("Result"), "area", hint=_("In numbers or words, no client's data.")),
        Field(
            "documents",
            _("Documents"),
            "rows",
            hint=_("A link, or where the paper lies."),
            columns=(Field("name", _("Name")), Field("kept_at", _("Link or place"))),
        ),
    ]


@partners.get("/agreements/new")
@permit("write partners")
def new_agreement() -> str:
    """Show an empty form; the address may name an organization, or a tie that tells of the agreement."""
    fields, rows, filled = agreement_fields(), [], {}
    tie = db().get(Tie, request.args.get("tie", ""))
    ids = [tie.organization_id, tie.other_organization_id] if tie else [request.args.get("organization", "")]
    if tie:
        filled = {"title": tie.matter or "", "begins": text(tie.begun), "ends": text(tie.ends)}
        filled["review_on"] = text(tie.review_date)
    offered = parties.offered(db())
    for one in filter(None, (db().get(Organization, id_) for id_ in ids)):
        unique = one.name in offered
        rows.append((parties.typed_as(one.id, one.name, unique=unique), ""))
    return _form(None, forms.prefilled(fields, **filled, parties=tuple(rows)), None, {})


@partners.post("/agreements/new")
@permit("write partners")
def add_agreement() -> Any:
    """Keep a new agreement."""
    typed = forms.typed_of(agreement_fields())
    try:
        row, _entry = rooms.save(db(), None, typed, by=current_user.email)
    except Invalid as error:
        db().rollback()
        return _form(None, typed, None, error.fields), 422
    return redirect(url_for("partners.agreement", agreement_id=row.id), 303)


@partners.get("/agreements/<agreement_id>/edit")
@permit("write partners")
def edit_agreement(agreement_id: str) -> str:
    """Show the form of an agreement."""
    kept = rooms.as_form(rooms.get(db(), agreement_id))
    return _form(agreement_id, kept, kept, {})


@partners.post("/agreements/<agreement_id>/edit")
@permit("write partners")
def change_agreement(agreement_id: str) -> Any:
    """Keep a changed agreement; where two people changed it, ask."""
    kept = rooms.as_form(rooms.get(db(), agreement_id))
    fields = agreement_fields(kept["owner"])
    back = url_for("partners.agreement", agreement_id=agreement_id)
    title = _("Somebody else has changed this agreement too")
    typed, asks = forms.settle_form(title, fields, kept, forms.typed_of(fields), back)
    if typed is None:
        return asks, 409
    try:
        rooms.save(db(), agreement_id, typed, by=current_user.email)
    except Invalid as error:
        db().rollback()
        return _form(agreement_id, typed, kept, error.fields), 422
    return redirect(back, 303)


def _form(
    agreement_id: str | None,
    typed: Mapping[str, Any],
    kept: Mapping[str, Any] | None,
    errors: Mapping[str, str],
) -> str:
    row: Agreement | None = rooms.get(db(), agreement_id) if agreement_id else None
    here: dict[str, Any] = {"agreement_id": agreement_id} if agreement_id else {}
    return forms.show(
        "partners/form.html",
        agreement_fields(str(kept["owner"]) if kept else ""),
        typed,
        kept,
        errors,
        title=_("Change the agreement") if row else _("Write down an agreement"),
        about=row.title if row else "",
        told=_(
            "Only what it is about, its kind and one party are needed. "
            "No agreement is needed to work together."
        ),
        names=parties.offered(db()),
        action=url_for("partners.change_agreement" if row else "partners.add_agreement", **here),
        back=url_for("partners.agreement" if row else "partners.agreements", **here),
    )
