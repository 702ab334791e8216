"""Pages: a person's needs by codes, the packages that fit, and the table of help.

Nothing about the person is stored: the codes travel in the form from page to page, and a pasted note is
read once and forgotten.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Response, redirect, render_template, request, url_for

from netmap.directory.queries import area_choices
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language, speaking
from netmap.matching import table as help_table
from netmap.matching.models import OUTCOMES, REASONS
from netmap.matching.decisions import record_decision
from netmap.matching.service import Matcher
from netmap.vocabulary.suggest import Suggestions, suggest
from netmap.vocabulary.terms import vocabulary
from netmap.web.door import PAGE_LANGUAGES, blueprint, db, permit, settings

matching = blueprint("matching")

CLIENT_LANGUAGES = ("lt", "ru", "uk", "en", "pl", "es")


@matching.get("/needs")
@permit("match")
def form() -> str:
    """Show the empty form."""
    return _form({})


@matching.post("/needs")
@permit("match", reads=True)
def ask() -> Any:
    """Suggest codes from a note, or show the packages that fit the confirmed codes."""
    typed = request.form
    if typed.get("do") == "suggest":
        return _suggest(typed)
    if typed.get("do") == "again":
        client = _client_of(typed)
        Matcher(db(), settings()).read(client)  # raises where somebody changed what the form carries
        return _form(_typed_from(client))
    try:
        client = client_from(typed)
        found = Matcher(db(), settings()).match(client)
    except Invalid as error:
        return _form(typed, errors=error.fields or {"needs": error.message}), 422
    return render_template(
        "matching/packages.html",
        found=found,
        client=client,
        client_json=json.dumps(client),
        needs=[(code, entry["severity"], entry["urgency"]) for code, entry in client["needs"].items()],
    )


@matching.post("/needs/table")
@permit("match", reads=True)
def table() -> Any:
    """Show the table of help of one package: on the page, on paper, or as CSV.

    The paper is for the client and speaks a language chosen for the client; the page around it is for staff.
    """
    client = _client_of(request.form)
    code = request.form.get("package", "")
    matcher = Matcher(db(), settings())
    package = matcher.match(client, only=code)["packages"][0]
    chosen = request.form.get("paper", "")
    here, there = language(), chosen if chosen in PAGE_LANGUAGES else _paper_language(client)
    with speaking(there):
        told = package if here == there else matcher.match(client, only=code)["packages"][0]
        if request.form.get("as") == "csv":
            return _csv(told)
        paper = help_table.paper(told)
    return render_template(
        "matching/table.html",
        package=package,
        paper=paper,
        client_json=json.dumps(client),
        outcomes=[(value, outcome_name(value)) for value in OUTCOMES],
        reasons=[(value, reason_name(value)) for value in REASONS],
    )


def _paper_language(client: Mapping[str, Any]) -> str:
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
    """Keep what was decided about a package: codes, area and day; no person."""
    client = _client_of(request.form)
    code = request.form.get("package", "")
    record_decision(
        db(),
        settings(),
        client,
        code,
        outcome=request.form.get("outcome", ""),
        reason=request.form.get("reason", ""),
    )
    return redirect(url_for("matching.decided"), 303)


@matching.get("/needs/decided")
@permit("match")
def decided() -> str:
    """Say that the decision was kept, and what of it."""
    return render_template("matching/decided.html")


def _suggest(typed: Mapping[str, str]) -> Any:
    note = typed.get("note", "")
    if not note.strip():
        return _form(typed, errors={"note": _("Paste some words first, or choose the needs below.")}), 422
    try:
        return _form(typed, suggestions=suggest(note))
    except Invalid as error:
        return _form(typed, errors={"note": error.message}), 422


def client_from(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the client of the JSON contract from the fields of the form.

    Raises
    ------
    Invalid
        With the field, for numbers that cannot be read or where no need was chosen.
    """
    errors: dict[str, str] = {}
    needs = {}
    for code in vocabulary().needs:
        severity = typed.get(f"severity-{code}", "")
        if severity in {"1", "2", "3"}:
            urgency = typed.get(f"urgency-{code}", "0")
            needs[code] = {
                "severity": int(severity),
                "urgency": int(urgency) if urgency in {"0", "1", "2"} else 0,
            }
    client: dict[str, Any] = {
        "needs": needs,
        "facts": {
            code: typed[f"fact-{code}"]
            for code in vocabulary().circumstances
            if typed.get(f"fact-{code}") in {"yes", "no"}
        },
        "languages": [code for code in CLIENT_LANGUAGES if typed.get(f"speaks-{code}")],
    }
    if typed.get("area"):
        client["area"] = typed["area"]
    for name, sentence in (
        ("max_km", _("Enter kilometres as a number, for example 20.")),
        ("budget", _("Enter money as a number, for example 10, or leave it empty.")),
    ):
        text = typed.get(name, "").strip().replace(",", ".")
        if text:
            try:
                client[name] = float(text)
            except ValueError:
                errors[name] = sentence
    if not needs:
        errors["needs"] = _("Choose at least one need and how serious it is.")
    if errors:
        raise Invalid(_("The form cannot be used yet."), errors)
    return client


def _typed_from(client: Mapping[str, Any]) -> dict[str, str]:
    """Return form fields from a client, so that the form can be opened again as it was."""
    typed = {"area": str(client.get("area") or "")}
    for code, entry in client["needs"].items():
        typed[f"severity-{code}"] = str(entry["severity"])
        typed[f"urgency-{code}"] = str(entry.get("urgency", 0))
    typed |= {f"fact-{code}": value for code, value in (client.get("facts") or {}).items()}
    typed |= {f"speaks-{code}": "yes" for code in client.get("languages") or ()}
    typed |= {name: f"{client[name]:g}" for name in ("max_km", "budget") if client.get(name) is not None}
    return typed


def _client_of(typed: Mapping[str, str]) -> dict[str, Any]:
    try:
        client = json.loads(typed.get("client", ""))
        json.dumps(client, ensure_ascii=False).encode()  # half a surrogate pair cannot be shown
    except (ValueError, RecursionError) as error:
        raise Invalid(_("The needs did not come with the form. Start again from the needs page.")) from error
    if not isinstance(client, dict) or not isinstance(client.get("needs"), dict):
        raise Invalid(_("The needs did not come with the form. Start again from the needs page."))
    return client


def _form(
    typed: Mapping[str, str],
    *,
    suggestions: Suggestions | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    words = vocabulary()
    suggested = {one.code: one for one in suggestions.needs} if suggestions else {}
    facts = {one.code: one.evidence for one in suggestions.circumstances} if suggestions else {}
    domains = [
        (
            domain,
            [need for need in words.needs.values() if need.domain == domain and need.code not in suggested],
        )
        for domain in words.domains
    ]
    return render_template(
        "matching/form.html",
        typed=typed,
        errors=errors or {},
        suggested=list(suggested.values()),
        suggestions_asked=suggestions is not None,
        fact_evidence=facts,
        domains=domains,
        circumstances=list(words.circumstances),
        safety={code for code, need in words.needs.items() if need.safety},
        languages=CLIENT_LANGUAGES,
        areas=area_choices(db(), language()),
        max_km=settings().max_km,
    )


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
