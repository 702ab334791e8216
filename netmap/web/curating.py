"""Pages: which services coordinators put first or leave out, for what and why."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.db import now
from netmap.directory import curation
from netmap.directory.curation import NEED, TYPE, Wish
from netmap.directory.kept import Curation
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.vocabulary.terms import label, vocabulary
from netmap.web.account import local
from netmap.web.door import blueprint, db, page_number, permit, settings

curating = blueprint("curating")

PAGE = 25
Choices = Sequence[tuple[str, str]]


def today() -> date:
    """Return the day in the time zone of the office."""
    return now().astimezone(settings().zone()).date()


@curating.get("/curation")
@permit("curate")
def listing() -> str:
    """Show every decision in force, or those that have ended."""
    page, ended = page_number(request.args), request.args.get("state") == "ended"
    total, rows = curation.listing(db(), today(), ended=ended, limit=PAGE, offset=(page - 1) * PAGE)
    return render_template(
        "curating/listing.html",
        total=total,
        rows=rows,
        ended=ended,
        page=page,
        pages=-(-total // PAGE),
        address=lambda page: url_for("curating.listing", page=page, state="ended" if ended else None),
    )


@curating.get("/services/<service_id>/curation")
@permit("curate")
def form(service_id: str) -> str:
    """Show the form to put a service first or to leave it out; the address may say for what."""
    typed = {name: request.args.get(name, "") for name in ("about", "effect", "reason", "until")}
    return _form(service_id, typed, request.args.getlist("asked"), request.args.get("back", ""), {})


@curating.post("/services/<service_id>/curation")
@permit("curate")
def add(service_id: str) -> Any:
    """Keep a decision and go back to where it was made."""
    sent = request.form
    typed = {name: sent.get(name, "") for name in ("about", "effect", "reason", "until")}
    kind, _colon, code = typed["about"].partition(":")
    wish = Wish(kind, code, typed["effect"], typed["reason"], typed["until"])
    try:
        curation.curate(db(), service_id, wish, by=current_user.email, today=today())
    except Invalid as error:
        db().rollback()
        return _form(service_id, typed, [typed["about"]], sent.get("back", ""), error.fields), 422
    return redirect(_back(service_id, sent.get("back", "")), 303)


def _form(
    service_id: str, typed: Mapping[str, str], asked: Sequence[str], back: str, errors: Mapping[str, str]
) -> str:
    service = curation.require_service(db(), service_id)
    own = [f"{TYPE}:{link.code}" for link in service.types if link.state != "rejected"]
    groups = _groups([*asked, *own])
    known = [key for _heading, choices in groups for key, _text in choices]
    about = typed["about"] if typed["about"] in known else (known[0] if asked or own else "")
    return render_template(
        "curating/form.html",
        service=service,
        typed={**typed, "about": about},
        groups=groups,
        in_force=curation.of_service(db(), service_id, today()),
        today=today(),
        back=_back(service_id, back),
        errors=errors,
    )


def _groups(likely: Sequence[str]) -> list[tuple[str, Choices]]:
    """Return what a decision can hold for: what was asked and what the service is, then all by name."""
    every = {f"{NEED}:{code}": label(code) for code in vocabulary().needs}
    types = {f"{TYPE}:{code}": label(code) for code in vocabulary().service_types}
    first = {key: (every | types)[key] for key in likely if key in every or key in types}

    def rest(named: Mapping[str, str]) -> Choices:
        pairs = [(key, text) for key, text in named.items() if key not in first]
        return sorted(pairs, key=lambda pair: pair[1].casefold())

    likeliest = [(_("Of this search and this service"), list(first.items()))] if first else []
    return [*likeliest, (_("Needs"), rest(every)), (_("Service types"), rest(types))]


@curating.post("/curation/<curation_id>/end")
@permit("curate")
def end(curation_id: str) -> Any:
    """End a decision and go back to where it was shown."""
    row: Curation = curation.end(db(), curation_id, by=current_user.email)
    return redirect(_back(row.service_id, request.form.get("back", "")), 303)


def _back(service_id: str, wish: str) -> str:
    return local(wish) or url_for("directory.service", service_id=service_id)
