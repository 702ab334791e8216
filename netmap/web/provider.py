"""Pages behind a provider's link: the own records, "this is right", corrections, notices and free places.

No account, no script. A GET shows; a form of the page acts (`netmap.web.provider_door`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, redirect, render_template, request, session, url_for

from netmap.db import now
from netmap.directory import queries
from netmap.directory.models import Location, Organization, Service
from netmap.editing import record
from netmap.editing.writing import edit
from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.selfservice import attesting, corrections, facts, scope
from netmap.selfservice.models import Correction, ProviderLink
from netmap.web import provider_form as forms
from netmap.web.door import PAGE_LANGUAGES, blueprint, db, permit, settings
from netmap.web.provider_door import acting, days_left, guard, shown
from netmap.web.provider_words import groups_of, place_line

provider = blueprint("provider")
guard(provider)

PLURALS = {"services": "service", "organizations": "organization", "places": "location"}
NAMED = {kind: plural for plural, kind in PLURALS.items()}
DONE = ("right", "attested", "sent", "taken", "same", "free")


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
    own = scope.own(db(), link.organization_id)
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
        sent=[(row, name_of(row)) for row in sent],
        at_once=settings().corrections == corrections.AT_ONCE,
        plurals=NAMED,
        today=_today(),
        done=_done(),
    )


def _line(kind: str, row: Any, sent: Sequence[Correction]) -> Line:
    waiting = sum(one.row_id == row.id and one.state == "waiting" for one in sent)
    name = place_line(row) if kind == "location" else row.name
    status = row.status if kind == "service" else ""
    return Line(kind, row.id, name, status, getattr(row, "assured_date", None), waiting)


def name_of(row: Correction) -> str:
    """Return the name of the record that a correction is about; empty where it is gone."""
    found = db().get(scope.KINDS[row.table_name], row.row_id)
    if found is None:
        return ""
    return place_line(found) if isinstance(found, Location) else str(found.name)


@provider.post("/provider/<token>/language")
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
            row = _require(link, plural, record_id)
            kind, by = PLURALS[plural], link.addressee
            everything = request.form.get("do") == "all"
            groups = list(facts.KINDS[kind]) if everything else request.form.getlist("right")
            seen = {group: request.form.get(f"seen.{group}", "") for group in facts.KINDS[kind]}
            whole = attesting.attest(db(), kind, row, groups, seen=seen, by=by, today=_today())
    except (Invalid, Conflict) as error:
        return _again(token, plural, record_id, error)
    return _back(token, "right" if whole else "attested")


@provider.get("/provider/<token>/<plural>/<record_id>/correct")
@permit("provider link")
def correct(token: str, plural: str, record_id: str) -> str:
    """Show the short form with what a provider knows."""
    link = shown(token)
    _require(link, plural, record_id)
    texts = record.read(db(), PLURALS[plural], record_id)
    return _form(token, link, plural, record_id, texts, forms.seen(texts, PLURALS[plural]), {})


@provider.post("/provider/<token>/<plural>/<record_id>/correct")
@permit("provider link")
def send(token: str, plural: str, record_id: str) -> Any:
    """Keep what was corrected; what cannot be kept is shown again with a sentence, and nothing typed is lost."""
    base = forms.read_seen(request.form.get("seen", ""))
    try:
        with acting(token, "correct") as link:
            _require(link, plural, record_id)
            kind = PLURALS[plural]
            wished = forms.typed(kind, base, request.form)
            row = _send(link, kind, record_id, base, wished)
    except Invalid as error:
        link = shown_again(token)
        texts = {**base, **wished}
        page = _form(token, link, plural, record_id, texts, request.form.get("seen", ""), error.fields)
        return page, 422
    return _back(token, "same" if row is None else "taken" if row.state == "taken" else "sent")


@provider.post("/provider/<token>/<plural>/<record_id>/state")
@permit("provider link")
def state(token: str, plural: str, record_id: str) -> Any:
    """Say that a service is open, closed for a while or for good, with a notice and its last day."""
    try:
        with acting(token, "state") as link:
            _require(link, plural, record_id)
            if plural != "services":
                raise NotFound(_("There is no such record behind this link."))
            names = ("status", "alert", "alert_until")
            base = {name: request.form.get(f"was.{name}", "") for name in names}
            wished = {name: request.form.get(name, "").strip() for name in names}
            _require_whole_notice(wished)
            row = _send(link, "service", record_id, base, wished)
    except Invalid as error:
        return _again(token, plural, record_id, error)
    return _back(token, "same" if row is None else "taken" if row.state == "taken" else "sent")


@provider.post("/provider/<token>/<plural>/<record_id>/free")
@permit("provider link")
def free(token: str, plural: str, record_id: str) -> Any:
    """Set how many places are free: taken at once always, since a number that waits is wrong already."""
    try:
        with acting(token, "free") as link:
            _require(link, plural, record_id)
            if plural != "services":
                raise NotFound(_("There is no such record behind this link."))
            stands = record.read(db(), "service", record_id)
            typed = {
                name: text
                for name, text in request.form.items()
                if name.startswith("capacities.") and name.rpartition(".")[2] in forms.NUMBERS
            }
            wished = corrections.whole("service", stands, record.tidied("service", typed), typed)
            about = ("service", record_id)
            with edit(db(), by=link.addressee, kind="provider", about=about) as entry:
                record.check_and_write(db(), "service", record_id, wished, by=link.addressee)
    except Invalid as error:
        return _again(token, plural, record_id, error)
    return _back(token, "same" if entry.nothing else "free")


def _send(
    link: ProviderLink, kind: str, record_id: str, base: Mapping[str, str], wished: Mapping[str, str]
) -> Correction | None:
    at_once = settings().corrections == corrections.AT_ONCE
    key = request.form.get("key", "")
    return corrections.send(
        db(), link, kind, record_id, base=base, wished=wished, at_once=at_once, key=key
    )


def _require_whole_notice(wished: Mapping[str, str]) -> None:
    """Refuse a notice without an end: nobody takes one away that has grown old."""
    if wished["status"] == "temporarily closed" and not wished["alert_until"]:
        sentence = _("Say until when it is closed; if you do not know, give the day on which we shall ask again.")
        raise Invalid(sentence, {"alert_until": sentence})
    if wished["alert"] and not wished["alert_until"]:
        sentence = _("Say until which day the notice is shown.")
        raise Invalid(sentence, {"alert_until": sentence})
    if wished["alert_until"] and wished["alert_until"] < _today().isoformat():
        sentence = _("This day has passed: give a later one.")
        raise Invalid(sentence, {"alert_until": sentence})


def _require(link: ProviderLink, plural: str, record_id: str) -> Any:
    """Return a record of the link as its page needs it, with the parts that its facts are made of."""
    row = scope.require(db(), link, PLURALS.get(plural, ""), record_id)
    if isinstance(row, Service):
        return queries.service_page(db(), record_id)
    return queries.organization_page(db(), record_id) if isinstance(row, Organization) else row


def shown_again(token: str) -> ProviderLink:
    """Return the link of a form that is shown again; that it was tried is in the book already."""
    from netmap.selfservice import links

    return links.find(db(), settings(), token)


def _again(token: str, plural: str, record_id: str, error: Invalid | Conflict) -> tuple[str, int]:
    link = shown_again(token)
    fields = error.fields if isinstance(error, Invalid) else {}
    errors = dict(fields) or {"facts": error.message}
    return _page(token, link, plural, record_id, errors), 422 if isinstance(error, Invalid) else 409


def _page(
    token: str, link: ProviderLink, plural: str, record_id: str, errors: Mapping[str, str]
) -> str:
    row = _require(link, plural, record_id)
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
        name=place_line(row) if kind == "location" else row.name,
        facts=[(group, facts.group_name(group), lines[group], marks[group]) for group in marks if group in lines],
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
        key=corrections.new_id(),
        today=_today(),
        errors=errors,
    )


def _attested_groups(kind: str, row: Any) -> dict[str, Any]:
    found = {}
    for one in reversed(attesting.of_record(db(), kind, row)):
        found |= dict.fromkeys(one.groups, one.at)
    return found


def _form(
    token: str,
    link: ProviderLink,
    plural: str,
    record_id: str,
    texts: Mapping[str, str],
    seen: str,
    errors: Mapping[str, str],
) -> str:
    kind = PLURALS[plural]
    row = _require(link, plural, record_id)
    return render_template(
        "provider/correct.html",
        token=token,
        link=link,
        plural=plural,
        row=row,
        name=place_line(row) if kind == "location" else row.name,
        sections=forms.sections(db(), kind, texts),
        languages=forms.languages(),
        seen=seen,
        key=request.form.get("key", "") or corrections.new_id(),
        at_once=settings().corrections == corrections.AT_ONCE,
        errors=errors,
    )


def _back(token: str, done: str) -> Any:
    return redirect(url_for("provider.overview", token=token, done=done), 303)


def _done() -> str:
    done = request.args.get("done", "")
    return done if done in DONE else ""


def _today() -> date:
    return now().astimezone(settings().zone()).date()
