"""Pages: links for providers, made, listed with what was tried with them, and taken back."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.db import now
from netmap.directory import queries
from netmap.directory.models import Organization, Vacancy
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n.messages import speaking
from netmap.selfservice import attempts, links
from netmap.selfservice.models import LinkEvent, ProviderLink
from netmap.vacancies import service as vacancies
from netmap.web.door import PAGE_LANGUAGES, blueprint, db, permit, settings
from netmap.web.show import day

provider_links = blueprint("provider_links")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is ready to be sent: in the reader's language, with the link in it."""

    language: str
    subject: str
    text: str
    mail: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A link as the list shows it."""

    row: ProviderLink
    state: str
    tried: tuple[LinkEvent, ...]


@provider_links.get("/organizations/<organization_id>/links")
@permit("decide corrections")
def listing(organization_id: str) -> str:
    """Show the links of an organization, and the form to make one."""
    typed = {"addressee": _addressee(organization_id), "days": str(links.DAYS), "language": ""}
    typed["vacancy"] = request.args.get("vacancy", "")
    return _page(organization_id, typed, {})


@provider_links.post("/organizations/<organization_id>/links")
@permit("decide corrections")
def make(organization_id: str) -> Any:
    """Make a link and show it, with a letter that is ready: it is not shown a second time."""
    typed = {name: request.form.get(name, "") for name in ("addressee", "days", "language", "vacancy")}
    try:
        path = links.make(
            db(),
            settings(),
            organization_id,
            addressee=typed["addressee"],
            by=current_user.email,
            days=_days(typed["days"]),
            language=typed["language"],
            purpose="vacancy" if _vacancy(organization_id, typed) else "records",
            about_id=typed["vacancy"] or None,
        )
    except Invalid as error:
        db().rollback()
        return _page(organization_id, typed, error.fields), 422
    link = links.find(db(), settings(), path.removeprefix("/provider/"))
    return _page(organization_id, typed, {}, letter_of(link, request.host_url.rstrip("/") + path), path)


@provider_links.post("/organizations/<organization_id>/links/revoke")
@permit("decide corrections")
def revoke_all(organization_id: str) -> Any:
    """Take back every open link of an organization at once."""
    queries.organization_page(db(), organization_id)
    done = links.revoke_all(db(), organization_id, current_user.email)
    return redirect(url_for("provider_links.listing", organization_id=organization_id, revoked=done), 303)


@provider_links.post("/links/<provider_link_id>/revoke")
@permit("decide corrections")
def revoke(provider_link_id: str) -> Any:
    """Take one link back: whoever opens it from now on is told so."""
    link = links.revoke(db(), provider_link_id, current_user.email)
    return redirect(url_for("provider_links.listing", organization_id=link.organization_id, revoked=1), 303)


def letter_of(link: ProviderLink, address: str) -> Letter:
    """Return the letter that brings a link, in the language of the link."""
    with speaking(link.language):
        if link.purpose == "vacancy":
            return _about_vacancy(link, address)
        subject = _("Are your records with us still right?")
        said = {"name": link.organization.name, "address": address, "day": day(last_day(link))}
        text = "\n\n".join(
            (
                _("Good day,"),
                _(
                    "social workers look for help in our directory. %(name)s stands in it. People come to a "
                    "closed door where a record is wrong, and you are the first to know.",
                    **said,
                ),
                _("Please look whether everything is right. You need no account, only this address:"),
                address,
                _("It is open until %(day)s. It is your key: please do not pass it on.", **said),
                _("Thank you!"),
            )
        )
    return _ready(link, subject, text)


def _about_vacancy(link: ProviderLink, address: str) -> Letter:
    subject = _("Does this vacancy still stand?")
    row = vacancies.get(db(), link.about_id or "")
    said = {"title": row.title, "day": day(last_day(link))}
    lines = (
        _("Good day,"),
        _("we send people to you for this vacancy: %(title)s. Nobody should come in vain.", **said),
        _("Please say with one click whether it still stands. You need no account, only this address:"),
        address,
        _("It is open until %(day)s. It is your key: please do not pass it on.", **said),
        _("Thank you!"),
    )
    return _ready(link, subject, "\n\n".join(lines))


def _ready(link: ProviderLink, subject: str, text: str) -> Letter:
    to = quote(link.addressee, safe="@") if "@" in link.addressee else ""
    return Letter(link.language, subject, text, f"mailto:{to}?subject={quote(subject)}&body={quote(text)}")


def last_day(link: ProviderLink) -> date:
    """Return the last day of a link in the time zone of the office."""
    return link.expires_at.astimezone(settings().zone()).date()


def _addressee(organization_id: str) -> str:
    """Return the e-mail address of the organization as a first proposal."""
    found = db().get(Organization, organization_id)
    return (found.email or "") if found else ""


def _vacancy(organization_id: str, typed: dict[str, str]) -> Vacancy | None:
    """Return the vacancy that a link shall be about; None where it is about all records."""
    if not typed["vacancy"]:
        return None
    row = vacancies.get(db(), typed["vacancy"])
    if row.organization_id != organization_id:
        raise NotFound(_("There is no such vacancy; it may have been removed."))
    return row


def _days(typed: str) -> int:
    return int(typed) if typed.strip().isdecimal() and len(typed.strip()) < 6 else 0


def _page(
    organization_id: str,
    typed: dict[str, str],
    errors: dict[str, str],
    letter: Letter | None = None,
    path: str = "",
) -> str:
    moment = now()
    return render_template(
        "provider/links.html",
        organization=queries.organization_page(db(), organization_id),
        kept=[
            Kept(row, links.state(row, moment), tuple(attempts.of_link(db(), row.id)))
            for row in links.of_organizations(db(), [organization_id])
        ],
        vacancy=_vacancy(organization_id, typed),
        languages=PAGE_LANGUAGES,
        typed={**typed, "language": typed["language"] or settings().language},
        errors=errors,
        letter=letter,
        made=request.host_url.rstrip("/") + path if path else "",
        revoked=request.args.get("revoked", ""),
        days=links.DAYS,
        most_days=links.MOST_DAYS,
        kind_name=kind_name,
        last_day=last_day,
        act_name=act_name,
    )


def kind_name(event: LinkEvent) -> str:
    """Return what was tried with a link in the reader's language."""
    names = {
        attempts.OPENED: _("opened"),
        attempts.PROBED: _("asked whether it is there, by a machine"),
        attempts.ACTED: _("done"),
        attempts.NOT_TAKEN: _("sent, but could not be taken"),
        attempts.REVOKED: _("opened after it was taken back"),
        attempts.EXPIRED: _("opened after its end"),
        attempts.UNKNOWN: _("not known"),
        attempts.WITHOUT_FORM: _("sent by something other than the form"),
        attempts.TOO_OFTEN: _("refused: too often"),
    }
    return names.get(event.kind, event.kind)


def act_name(what: str) -> str:
    """Return what was done by a link in the reader's language."""
    names = {
        "confirm": _("said that it is right"),
        "correct": _("sent a correction"),
        "state": _("closing or a notice"),
        "free": _("set the free places"),
        "language": _("chose the language"),
        "vacancy": _("told of a vacancy"),
    }
    return names.get(what, what)
