"""Pages: partners by kinds of service, read as a table and answered as a form; where nobody offers it yet."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.partners import matrix, words
from netmap.vocabulary.terms import label
from netmap.web import edit_forms as forms
from netmap.web.door import db, page_number, permit
from netmap.web.partners import partners, today

ROWS = 25  # organizations of one page: with 13 types that is a form of some hundred cells
CELL = "cell|"


def group_names() -> dict[str, str]:
    """Return the groups of service types in the reader's language."""
    return {
        "work": _("Work"), "learning": _("Learning"), "money": _("Money"), "housing": _("Housing"),
        "addiction": _("Addiction"), "mind": _("Mental health"), "health": _("Health"), "care": _("Care"),
        "family": _("Family"), "safety": _("Safety"), "law": _("Law and papers"),
        "migration": _("Migration"), "transport": _("Transport"),
    }  # fmt: skip


def _asked() -> tuple[str, str, int]:
    group = matrix.group_or_first(request.args.get("group", ""))
    state = request.args.get("state", "")
    return group, state if state in matrix.SHOWN_STATES else "", page_number(request.args)


@partners.get("/partners/services")
@permit("read partners")
def services() -> str:
    """Show who offers what in one group of service types, and where nobody does yet."""
    group, state, page = _asked()
    total, found = matrix.page(db(), group, state=state, limit=ROWS, offset=(page - 1) * ROWS)
    return render_template(
        "partners/services.html",
        matrix=found,
        total=total,
        group=group,
        groups=group_names(),
        state=state,
        states={code: name for code, name in words.states().items() if code in matrix.SHOWN_STATES},
        answers=words.answers(),
        reaches=matrix.reaches(db()),
        today=today(),
        page=page,
        pages=-(-total // ROWS),
        address=lambda **more: url_for("partners.services", **{"group": group, "state": state, **more}),
    )


@partners.get("/partners/services/edit")
@permit("write partners")
def edit_services() -> str:
    """Show the answers of a page of partners as a form."""
    group, state, page = _asked()
    found = matrix.page(db(), group, state=state, limit=ROWS, offset=(page - 1) * ROWS)[1]
    kept = matrix.as_form(found)
    return _form(found, kept, kept, {})


@partners.post("/partners/services/edit")
@permit("write partners")
def change_services() -> Any:
    """Keep the answers of a page of partners; where two people answered differently, ask."""
    group, state, page = _asked()
    sent = {name.removeprefix(CELL): value for name, value in request.form.items() if name.startswith(CELL)}
    found = matrix.of_some(db(), {name.partition("|")[0] for name in sent}, group)
    kept = matrix.as_form(found)
    typed = kept | sent
    names = {id_: name for id_, name, _state in found.organizations}
    back = url_for("partners.services", group=group, state=state, page=page)

    def called(name: str) -> str:
        one, _bar, code = name.partition("|")
        return f"{names.get(one, one)}: {label(code)}"

    def said(_name: str, value: Any) -> tuple[str, ...]:
        return (words.answers().get(str(value or ""), str(value)),)

    title = _("Somebody else has answered here too")
    settled, asks = forms.settle(title, called, said, kept, typed, back)
    if settled is None:
        return asks, 409
    try:
        matrix.save(db(), settled, by=current_user.email)
    except Invalid as error:
        db().rollback()
        return _form(found, typed, kept, error.fields), 422
    return redirect(back, 303)


def _form(found: matrix.Matrix, typed: dict[str, str], kept: dict[str, str], errors: dict[str, str]) -> str:
    group, state, page = _asked()
    return render_template(
        "partners/services_edit.html",
        matrix=found,
        typed=typed,
        was=forms.written(kept),
        errors={f"{CELL}{name}" if "|" in name else name: said for name, said in errors.items()},
        cell=CELL,
        group_name=group_names()[group],
        answers=words.answers(),
        action=url_for("partners.change_services", group=group, state=state, page=page),
        back=url_for("partners.services", group=group, state=state, page=page),
    )
