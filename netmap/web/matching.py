"""Pages: a person's needs by codes, the packages that fit, and the table of help.

Nothing about the person is stored: the codes travel in the form from page to page, and a pasted note is
read once and forgotten.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Response, redirect, render_template, request, url_for
from flask_login import current_user

from netmap.directory.models import new_id
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language, speaking
from netmap.matching import table as help_table
from netmap.matching.decisions import record_decision
from netmap.matching.models import OUTCOMES, REASONS
from netmap.matching.service import Matcher
from netmap.vocabulary.suggest import suggest
from netmap.vocabulary.terms import LANGUAGES
from netmap.vocabulary.words import languages_of
from netmap.web.door import PAGE_LANGUAGES, blueprint, count_use, db, permit, settings
from netmap.web.matching_form import client_from, client_of, typed_from
from netmap.web.matching_page import LONG, SHORT, form_page, told_once
from netmap.web.unfit import keep_rejected

matching = blueprint("matching")

CLEAR = 0.5  # less is no sign that the words of a note were understood


@matching.get("/needs")
@permit("match")
def form() -> str:
    """Show the empty form."""
    return form_page({})


@matching.post("/needs")
@permit("match", reads=True)
def ask() -> Any:
    """Suggest codes from a note, change the form, or show the packages that fit the confirmed codes."""
    typed = dict(request.form)
    step = typed.get("do", "")
    if step == "suggest":
        return _suggest(typed)
    if step in (SHORT, LONG):
        return form_page(typed | {"length": step})
    if step == "find" or typed.get("find_service", "").strip():  # the Enter key sends the first button
        return form_page(typed | {"length": LONG, "do": "find"})
    if step == "again":
        client = client_of(typed)
        Matcher(db(), settings()).read(client)  # raises where somebody changed what the form carries
        return form_page(typed_from(client) | {"length": typed.get("length", "")})
    try:
        client = client_of(typed) if step == "packages" else client_from(typed)
        found = Matcher(db(), settings()).match(client)
    except Invalid as error:
        return form_page(typed, errors=error.fields or {"needs": error.message}), 422
    lines = (line for package in found["packages"] for line in package["lines"])
    count_use("matched", [line["service_id"] for line in lines if line["service_id"]])
    return render_template(
        "matching/packages.html",
        found=found,
        client=client,
        client_json=json.dumps(client),
        length=typed.get("length", ""),
        once=told_once(client),
        needs=[(code, entry["severity"], entry.get("urgency", 0)) for code, entry in client["needs"].items()],
    )


@matching.post("/needs/table")
@permit("match", reads=True)
def table() -> Any:
    """Show the table of help of one package: on the page, on paper, or as CSV.

    The paper is for the client and speaks a language chosen for the client; the page around it is for staff.
    """
    return _table({})


def _table(errors: Mapping[str, str]) -> Any:
    """Return the table of help; with ``errors``, what was wrong with the decision below it."""
    client = client_of(request.form)
    code = request.form.get("package", "")
    matcher = Matcher(db(), settings())
    package = matcher.match(client, only=code)["packages"][0]
    chosen = request.form.get("paper", "")
    here, there = language(), chosen if chosen in PAGE_LANGUAGES else paper_language(client)
    with speaking(there):
        told = package if here == there else matcher.match(client, only=code)["packages"][0]
        if request.form.get("as") == "csv":
            return _csv(told)
        paper = help_table.paper(told)
    return render_template(
        "matching/table.html",
        package=package,
        paper=paper,
        client=client,
        client_json=json.dumps(client),
        once=told_once(client),
        errors=errors,
        typed=request.form,
        key=new_id(),
        outcomes=[(value, outcome_name(value)) for value in OUTCOMES],
        reasons=[("", _("choose a reason")), *((value, reason_name(value)) for value in REASONS)],
    )


def paper_language(client: Mapping[str, Any]) -> str:
    """Return the language of the page where the person speaks it or nothing is known, else one of theirs."""
    spoken = [code for code in client.get("languages") or () if code in PAGE_LANGUAGES]
    return language() if not spoken or language() in spoken else spoken[0]


def _csv(package: Mapping[str, Any]) -> Response:
    name = _("table of help") + ".csv"
    return Response(
        "\ufeff" + help_table.as_csv(package),
        mimetype="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )


@matching.post("/needs/decision")
@permit("match")
def decide() -> Any:
    """Keep what was decided about a package: codes, area and day; no client."""
    client = client_of(request.form)
    try:
        decision = record_decision(
            db(),
            settings(),
            client,
            request.form.get("package", ""),
            outcome=request.form.get("outcome", ""),
            reason=request.form.get("reason", ""),
            by=current_user.email,
            seen=request.form.get("version", type=int),
            key=request.form.get("key", ""),
        )
    except Invalid as error:
        if not error.fields.keys() <= {"outcome", "reason"}:
            raise
        return _table(error.fields), 422
    keep_rejected(client, decision)
    return redirect(url_for("matching.decided"), 303)


@matching.get("/needs/decided")
@permit("match")
def decided() -> str:
    """Say that the decision was kept, and what of it."""
    return render_template("matching/decided.html")


def _suggest(typed: Mapping[str, str]) -> Any:
    note = typed.get("note", "")
    if not note.strip():
        return form_page(typed, errors={"note": _("Paste some words first, or choose the needs below.")}), 422
    try:
        found = suggest(note)
    except Invalid as error:
        return form_page(typed, errors={"note": error.message}), 422
    told = languages_of(note, keep=False)
    sure = len(told) == 1 and told[0] in LANGUAGES
    clear = any(one.accepted and one.confidence >= CLEAR for one in found.needs)
    return form_page(typed, suggestions=found, foreign=not sure and not clear)


def outcome_name(value: str) -> str:
    """Return the words for an outcome of a decision."""
    names = {
        "taken": _("Taken as it is"),
        "corrected": _("Taken with corrections"),
        "rejected": _("Not taken"),
    }
    return names[value]


def reason_name(value: str) -> str:
    """Return the words for a reason of a decision."""
    names = {
        "fits": _("It fits"),
        "other_needs": _("The person's needs are different"),
        "not_wanted": _("The person does not want it"),
        "no_provider": _("There is no provider for a line that matters"),
        "too_far": _("Too far away"),
        "wrong_language": _("Not in the person's language"),
        "own_plan": _("The person has a plan of their own"),
        "other": _("Another reason"),
    }
    return names[value]
