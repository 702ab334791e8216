"""Pages behind a provider's link: the own records, "this is right", corrections, notices and free places.

No account, no script. A GET shows; a form of the page acts (`netmap.web.provider_door`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, render_template, request, session, url_for

from netmap.db import now
from netmap.directory import queries
from netmap.directory.models import Location, Organization, Service
from netmap.directory.records import new_id
from netmap.editing import record
from netmap.errors import Conflict, Invalid
from netmap.i18n import gettext as _
from netmap.selfservice import attesting, corrections, facts, scope
from netmap.selfservice.models import Correction, ProviderLink
from netmap.web import provider_form as forms
from netmap.web.door import PAGE_LANGUAGES, blueprint, db, permit, settings
from netmap.web.provider_door import acting, days_left, guard, known, shown
from netmap.web.provider_words import groups_of, place_line
from netmap.web.vacancy_cards import of_link

provider = blueprint("provider")
guard(provider)

PLURALS = {"services": "service", "organizations": "organization", "places": "location"}
NAMED = {kind: plural for plural, kind in PLURALS.items()}
DONE = ("right", "attested", "sent", "taken", "same", "free", "vacancy")


@dataclass(frozen=True, slots=True)
class Line:
    """One record on the first page."""

    kind: str
    id: str
    name: str
    status: str
    assured: date | None
    waiting: int


@provider.get("/provider/<token>")
@permit("provider link")
def overview(token: str) -> str:
    """Show whose records these are, each with when it was last confirmed, and what became of corrections."""
    link = shown(token)
    sent = corrections.of_link(db(), link)
    own = scope.own(db(), link)
    return render_template(
        "provider/overview.html",
        token=token,
        link=link,
        days=days_left(link),
        groups=[
            (_("Services"), [_line("service", row, sent) for row in own.services]),
            (_("The organisation"), [_line("organization", row, sent) for row in own.organizations]),
            (_("Places"), [_line("location", row, sent) for row in own.locations]),
        ],
        vacancies=of_link(link),
        sent=[(row, name_of(row)) for row in sent],
        at_once=settings().corrections == corrections.AT_ONCE,
        plurals=NAMED,
        today=today(),
        done=_done(),
    )


def _line(kind: str, row: Any, sent: Sequence[Correction]) -> Line:
    waiting = sum(one.row_id == row.id and one.state == "waiting" for one in sent)
    status = row.status if kind == "service" else ""
    return Line(kind, row.id, name_of_row(row), status, getattr(row, "assured_date", None), waiting)


def name_of(row: Correction) -> str:
    """Return the name of the record that a correction is about; empty where it is gone."""
    found = db().get(scope.KINDS[row.table_name], row.row_id)
    return name_of_row(found) if found is not None else ""


def name_of_row(row: Any) -> str:
    """Return what a record is called; a place without a name by its address."""
    return place_line(row) if isinstance(row, Location) else str(row.name)


@provider.post("/provider/<token>")
@permit("provider link")
def language(token: str) -> Any:
    """Remember the language of the pages and go back to the first one."""
    with acting(token, "language"):
        chosen = request.form.get("language", "")
        if chosen in PAGE_LANGUAGES:
            session["language"] = chosen
    return redirect(url_for("provider.overview", token=token), 303)


@provider.get("/provider/<token>/<plural>/<record_id>")
@permit("provider link")
def show(token: str, plural: str, record_id: str) -> str:
    """Show everything that is recorded of one record, each line to be ticked where it is right."""
    link = shown(token)
    return _page(token, link, plural, record_id, {})


@provider.post("/provider/<token>/<plural>/<record_id>/confirm")
@permit("provider link")
def confirm(token: str, plural: str, record_id: str) -> Any:
    """Note that everything is right, or what was ticked; a record that changed meanwhile is shown again."""
    try:
        with acting(token, "confirm") as link:
            row = require(link, plural, record_id)
            kind, by = PLURALS[plural], link.addressee
            everything = request.form.get("do") == "all"
            groups = list(facts.KINDS[kind]) if everything else request.form.getlist("right")
            seen = {group: request.form.get(f"seen.{group}", "") for group in facts.KINDS[kind]}
            whole = attesting.attest(db(), kind, row, groups, seen=seen, by=by, today=today())
    except (Invalid, Conflict) as error:
        return again(token, plural, record_id, error)
    return back(token, "right" if whole else "attested")


def require(link: ProviderLink, plural: str, record_id: str) -> Any:
    """Return a record of the link as its page needs it, with the parts that its facts are made of."""
    row = scope.require(db(), link, PLURALS.get(plural, ""), record_id)
    if isinstance(row, Service):
        return queries.service_page(db(), record_id)
    return queries.organization_page(db(), record_id) if isinstance(row, Organization) else row


def again(token: str, plural: str, record_id: str, error: Invalid | Conflict) -> tuple[str, int]:
    """Return the page of a record with what is wrong with what was sent, and its status."""
    link = known(token)
    fields = error.fields if isinstance(error, Invalid) else {}
    errors = dict(fields) or {"facts": error.message}
    return _page(token, link, plural, record_id, errors), 422 if isinstance(error, Invalid) else 409


def _page(token: str, link: ProviderLink, plural: str, record_id: str, errors: Mapping[str, str]) -> str:
    row = require(link, plural, record_id)
    kind = PLURALS[plural]
    marks = facts.marks(kind, row)
    texts = record.read(db(), kind, record_id)
    lines = groups_of(db(), kind, record_id)
    typed = request.form if request.method == "POST" else {}
    return render_template(
        "provider/record.html",
        token=token,
        link=link,
        plural=plural,
        row=row,
        name=name_of_row(row),
        facts=[
            (group, facts.group_name(group), lines[group], marks[group]) for group in marks if group in lines
        ],
        ticked=set(request.form.getlist("right")) if request.method == "POST" else set(),
        attested=_attested_groups(kind, row),
        unsaid=[facts.group_name(group) for group in facts.KINDS[kind] if group not in lines],
        waiting=corrections.waiting_of(db(), kind, record_id),
        state={name: typed.get(name, texts.get(name, "")) for name in ("status", "alert", "alert_until")},
        was={name: texts.get(name, "") for name in ("status", "alert", "alert_until")},
        capacity=forms.section(db(), kind, "capacity", forms.CAPACITY, {**texts, **typed}).rows
        if kind == "service"
        else (),
        at_once=settings().corrections == corrections.AT_ONCE,
        key=new_id(),
        today=today(),
        errors=errors,
    )


def _attested_groups(kind: str, row: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in reversed(attesting.of_record(db(), kind, row)):
        found |= dict.fromkeys(one.groups, one.at.astimezone(settings().zone()).date())
    return found


def back(token: str, done: str) -> Any:
    """Go back to the first page, which says what was done."""
    return redirect(url_for("provider.overview", token=token, done=done), 303)


def _done() -> str:
    done = request.args.get("done", "")
    return done if done in DONE else ""


def today() -> date:
    """Return the day in the time zone of the office."""
    return now().astimezone(settings().zone()).date()
