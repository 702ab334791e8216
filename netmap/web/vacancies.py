"""Pages: work that employers offer; staff write it down, confirm it and close it."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from netmap.db import now
from netmap.directory.models import Contact, Location, Organization, Vacancy
from netmap.directory.queries import area_choices
from netmap.editing import record
from netmap.editing.restoring import take_back
from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.vacancies import queries, service
from netmap.vacancies.queries import Listed, Wanted
from netmap.web.account import local
from netmap.web.door import blueprint, db, page_number, permit, settings
from netmap.web.edit_forms import WAS, settle, written
from netmap.web.vacancy_cards import Card, card, moment

vacancies = blueprint("vacancies")

PAGE = 25
FIELDS = (
    "title", "description", "pay", "hours", "requirements", "places", "valid_to", "location_id", "contact_id",
)  # fmt: skip


@vacancies.get("/vacancies")
@permit("read directory")
def listing() -> str:
    """Show vacancies, the latest confirmed first; the closed ones apart."""
    asked, page = request.args, page_number(request.args)
    state = asked.get("state", queries.OPEN)
    wanted = Wanted(
        words=asked.get("words", "")[:200],
        area=asked.get("area", ""),
        organization_id=asked.get("organization", ""),
        state=state if state in queries.SHOWN else queries.OPEN,
    )
    total, found = queries.listing(
        db(), wanted, moment(), settings().vacancy_hours, limit=PAGE, offset=(page - 1) * PAGE
    )
    return render_template(
        "vacancies/listing.html",
        wanted=wanted,
        total=total,
        cards=[_card(one) for one in found],
        areas=area_choices(db(), language()),
        undone=asked.get("done", "")[:12],
        as_of=moment(),
        page=page,
        pages=-(-total // PAGE),
        address=lambda page: url_for(
            "vacancies.listing",
            words=wanted.words or None, area=wanted.area or None, state=wanted.state,
            organization=wanted.organization_id or None, page=page,
        ),
    )  # fmt: skip


def _card(one: Listed) -> Card:
    return card(one.vacancy, one.organization, one.location)


@vacancies.get("/vacancies/asking")
@permit("ring round")
def asking() -> Any:
    """Go to the vacancies that have to be asked about."""
    return redirect(url_for("vacancies.listing", state=queries.ASK), 303)


@vacancies.get("/organizations/<organization_id>/vacancies/new")
@permit("edit directory")
def new(organization_id: str) -> str:
    """Show the empty form of a vacancy."""
    return _form(_employer(organization_id), None, {}, {})


@vacancies.post("/organizations/<organization_id>/vacancies/new")
@permit("edit directory")
def add(organization_id: str) -> Any:
    """Keep a new vacancy."""
    employer, who = _employer(organization_id), request.form.get("who", "")
    try:
        if who.strip():
            service.named(who)
        service.offer(db(), organization_id, _typed(), by=current_user.email, who=who.strip(), moment=now())
    except Invalid as error:
        db().rollback()
        return _form(employer, None, _typed(), error.fields), 422
    return redirect(_listing_of(organization_id), 303)


@vacancies.get("/vacancies/<vacancy_id>/edit")
@permit("edit directory")
def form(vacancy_id: str) -> str:
    """Show the form of a vacancy."""
    row = service.get(db(), vacancy_id)
    return _form(_employer(row.organization_id), row, record.read(db(), "vacancy", vacancy_id), {})


@vacancies.post("/vacancies/<vacancy_id>/edit")
@permit("edit directory")
def save(vacancy_id: str) -> Any:
    """Keep a changed vacancy; where somebody else changed the same fields meanwhile, ask."""
    row = service.get(db(), vacancy_id)
    back = _listing_of(row.organization_id)
    typed, asks = settle(
        _("Somebody else has changed this vacancy too"),
        lambda name: record.label("vacancy", name),
        lambda name, text: record.words(db(), "vacancy", name, text),
        record.read(db(), "vacancy", vacancy_id),
        record.tidied("vacancy", _typed()),
        back,
    )
    if typed is None:
        return asks, 409
    try:
        service.change(db(), vacancy_id, typed, by=current_user.email)
    except Invalid as error:
        db().rollback()
        return _form(_employer(row.organization_id), row, typed, error.fields), 422
    return redirect(back, 303)


@vacancies.post("/vacancies/<vacancy_id>/confirm")
@permit("ring round")
def confirm(vacancy_id: str) -> Any:
    """Keep who at the employer said now that a vacancy still stands."""
    who, organization = request.form.get("who", ""), service.get(db(), vacancy_id).organization_id
    service.attest(db(), vacancy_id, by=current_user.email, who=who, moment=now())
    return redirect(_back(organization, to=vacancy_id), 303)


@vacancies.post("/vacancies/<vacancy_id>/withdraw")
@permit("ring round")
def withdraw(vacancy_id: str) -> Any:
    """Close a vacancy for everybody, at once."""
    organization = service.get(db(), vacancy_id).organization_id
    edit = service.withdraw(db(), vacancy_id, by=current_user.email, moment=now())
    return redirect(_back(organization, done=edit), 303)


@vacancies.post("/vacancies/<vacancy_id>/places")
@permit("change capacity")
def places(vacancy_id: str) -> Any:
    """Note that one place was taken, or is free again."""
    step = {"-1": -1, "+1": 1}.get(request.form.get("step", ""))
    if step is None:
        raise Invalid(_("Choose whether a place was taken or is free again."))
    row = service.count(db(), vacancy_id, step, by=current_user.email)
    return redirect(_back(row.organization_id, to=vacancy_id), 303)


@vacancies.post("/vacancies/undo")
@permit("ring round")
def undo() -> Any:
    """Open again a vacancy that this person has just closed."""
    number = request.form.get("edit", "")
    edit = queries.edit_of(db(), int(number) if number.isdecimal() and len(number) < 12 else 0)
    if edit.by != current_user.email:
        raise Conflict(_("Only who closed a vacancy can open it again here; it stands in the history."))
    take_back(db(), edit.id, by=current_user.email)
    return redirect(_back(service.get(db(), edit.about_id).organization_id), 303)


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in FIELDS}


def _employer(organization_id: str) -> Organization:
    row = db().get(Organization, organization_id)
    if row is None:
        raise NotFound(_("There is no such organisation; it may have been removed."))
    return row


def _form(
    employer: Organization, row: Vacancy | None, typed: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    places = select(Location).where(Location.organization_id == employer.id).order_by(Location.name)
    people = select(Contact).where(Contact.organization_id == employer.id).order_by(Contact.name)
    return render_template(
        "vacancies/form.html",
        employer=employer,
        row=row,
        typed={name: typed.get(name, "") for name in FIELDS},
        was=request.form.get(WAS) or (written(record.read(db(), "vacancy", row.id)) if row else ""),
        who=request.form.get("who", ""),
        places=[(one.id, one.name or one.id) for one in db().scalars(places)],
        people=[
            (one.id, ", ".join(filter(None, (one.title, one.name))) or one.id) for one in db().scalars(people)
        ],
        errors=errors,
    )


def _called(one: Contact) -> str:
    return ", ".join(filter(None, (one.title, one.name))) or one.id


def _listing_of(organization_id: str) -> str:
    return url_for("vacancies.listing", organization=organization_id)


def _back(organization_id: str, *, done: int | None = None, to: str = "") -> str:
    """Return the address to go on at: the same vacancy in the list, or the top where that can be undone."""
    back = local(request.form.get("back", "")) or _listing_of(organization_id)
    if done is None:
        return f"{back}#vacancy-{to}" if to else back
    return f"{back}{'&' if '?' in back else '?'}done={done}"
