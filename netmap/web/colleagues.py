"""Pages: which colleague knows it, what one knows oneself, whom to call in a settlement, and hand-over."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.colleagues import called, finder, handover, knowing
from netmap.colleagues.finder import Asked
from netmap.db import now
from netmap.directory.queries import area_choices
from netmap.editing.models import Edit
from netmap.editing.restoring import take_back
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.i18n.names import language_name
from netmap.packages import service as packages
from netmap.partners.service import require_organization, staff
from netmap.vocabulary.terms import label, vocabulary
from netmap.web.account import local
from netmap.web.door import blueprint, db, permit, settings

colleagues = blueprint("colleagues")
called.tell()

LANGUAGES = (
    "en",
    "ru",
    "uk",
    "lt",
    "pl",
    "be",
    "de",
    "fr",
    "es",
    "ar",
    "fa",
    "tr",
    "ka",
    "hy",
    "ro",
    "lv",
    "et",
)


def today() -> date:
    """Return the day in the time zone of the office."""
    return now().astimezone(settings().zone()).date()


def language_choices() -> list[tuple[str, str]]:
    """Return the languages that one may say, by name."""
    return sorted(((code, language_name(code)) for code in LANGUAGES), key=lambda one: one[1].casefold())


def need_choices() -> list[tuple[str, str]]:
    """Return the needs by name."""
    return sorted(((code, label(code)) for code in vocabulary().needs), key=lambda one: one[1].casefold())


@colleagues.get("/colleagues")
@permit("read partners")
def listing() -> str:
    """Show who speaks a language, knows a matter or an area, or knows a provider."""
    wish = {name: request.args.get(name, "")[:100] for name in ("language", "need", "area", "provider")}
    asked = Asked(**wish)
    return render_template(
        "colleagues/listing.html",
        asked=asked,
        experts=finder.find(db(), asked, reader=current_user.email),
        languages=language_choices(),
        needs=need_choices(),
        areas=area_choices(db(), language()),
        named=_named(),
    )


def _named() -> Mapping[tuple[str, str], str]:
    """Return (kind, code) of what one can know -> its name in the reader's language."""
    found = {("language", code): name for code, name in language_choices()}
    found |= {("need", code): name for code, name in need_choices()}
    return found | {("area", code): name for code, name in area_choices(db(), language())}


@colleagues.get("/colleagues/me")
@permit("note contact")
def mine() -> str:
    """Show what one knows oneself and whom, and the forms to change it."""
    return _mine({}, {})


def _mine(typed: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template(
        "colleagues/mine.html",
        skills=knowing.skills_of(db(), current_user.email),
        ties=knowing.ties_of(db(), current_user.email),
        groups=[
            (_("Languages"), "language", language_choices()),
            (_("Needs"), "need", need_choices()),
            (_("Areas"), "area", area_choices(db(), language())),
        ],
        named=_named(),
        typed=typed,
        errors=errors,
    )


@colleagues.post("/colleagues/me/skills")
@permit("note contact")
def add_skill() -> Any:
    """Keep that one speaks a language, or knows a need or an area."""
    typed = {name: request.form.get(name, "") for name in ("what", "note")}
    try:
        knowing.add_skill(db(), typed, owner=current_user.email)
    except Invalid as error:
        db().rollback()
        return _mine(typed, error.fields), 422
    return redirect(url_for("colleagues.mine"), 303)


@colleagues.post("/colleagues/me/skills/<skill_id>/remove")
@permit("note contact")
def remove_skill(skill_id: str) -> Any:
    """Take out what one said."""
    knowing.remove_skill(db(), skill_id, owner=current_user.email)
    return redirect(url_for("colleagues.mine"), 303)


@colleagues.get("/organizations/<organization_id>/tie")
@permit("note contact")
def tie(organization_id: str) -> str:
    """Show whom one knows at an organization, and what colleagues have shared."""
    return _tie(organization_id, None, {})


def _tie(organization_id: str, typed: str | None, errors: Mapping[str, str]) -> str:
    own = knowing.tie_to(db(), organization_id, current_user.email)
    return render_template(
        "colleagues/tie.html",
        organization=require_organization(db(), organization_id),
        own=own,
        sentence=typed if typed is not None else (own.sentence if own else ""),
        shared=knowing.shared_ties(db(), organization_id),
        errors=errors,
    )


@colleagues.post("/organizations/<organization_id>/tie")
@permit("note contact")
def keep_tie(organization_id: str) -> Any:
    """Keep whom one knows there."""
    typed = {"sentence": request.form.get("sentence", "")}
    try:
        knowing.keep_tie(db(), organization_id, typed, owner=current_user.email)
    except Invalid as error:
        db().rollback()
        return _tie(organization_id, typed["sentence"], error.fields), 422
    return redirect(url_for("colleagues.tie", organization_id=organization_id), 303)


@colleagues.post("/ties/<tie_id>")
@permit("note contact")
def change_tie(tie_id: str) -> Any:
    """Share a tie with all colleagues, keep it to oneself again, or remove it."""
    act, row = request.form.get("do", ""), knowing.own_tie(db(), tie_id, current_user.email)
    back = local(request.form.get("back", "")) or url_for("colleagues.mine")
    if act == "remove":
        knowing.remove_tie(db(), tie_id, owner=row.owner)
    elif act in ("share", "keep"):
        knowing.share_tie(db(), tie_id, owner=row.owner, shared=act == "share")
    else:
        raise Invalid(_("Choose what to do with it."))
    return redirect(back, 303)


@colleagues.get("/handover")
@permit("write partners")
def leaving() -> str:
    """Show what has no owner any more, and everybody whose things can be handed over."""
    return render_template(
        "colleagues/leaving.html",
        lost=handover.without_owner(db()),
        staff=staff(db()),
        done=_done(request.args.get("done", "")),
    )


def _done(number: str) -> Edit | None:
    found = db().get(Edit, int(number)) if number.isdecimal() and len(number) < 12 else None
    return found if found is not None and found.kind == "handover" and not found.undone_by_id else None


@colleagues.get("/handover/<email>")
@permit("write partners")
def orphans(email: str) -> str:
    """Show everything that one colleague looks after, each to be handed over."""
    _require_readable(email)
    return _orphans(email, None, (), {})


def _require_readable(email: str) -> None:
    """Refuse an address that names nobody and could not even be shown."""
    if "@" not in email or not email.isprintable():
        raise NotFound(_("There is no such person."))


def _orphans(email: str, ticked: set[str] | None, receivers: Any, errors: Mapping[str, str]) -> str:
    found = handover.orphans(db(), email)
    named = dict(packages.choices(db(), language()))
    owned = [(code, named[code]) for code, _number, one in packages.published(db()) if one.owner == email]
    return render_template(
        "colleagues/orphans.html",
        email=email,
        orphans=found,
        ticked={one.key for one in found} if ticked is None else ticked,
        kinds=kind_names(),
        receivers=receivers,
        staff=[one for one in staff(db()) if one != email],
        packages=owned,
        errors=errors,
    )


@colleagues.post("/handover/<email>")
@permit("write partners")
def hand_over(email: str) -> Any:
    """Hand over what is ticked."""
    _require_readable(email)
    ticked, receivers = set(request.form.getlist("items")), request.form.getlist("receivers")
    try:
        edit, _given = handover.hand_over(db(), email, ticked, receivers, by=current_user.email)
    except Invalid as error:
        db().rollback()
        errors = dict(error.fields) or {"receivers": error.message}
        return _orphans(email, ticked, receivers, errors), 422
    if handover.orphans(db(), email):
        return redirect(url_for("colleagues.orphans", email=email), 303)
    return redirect(url_for("colleagues.leaving", done=edit.id), 303)


@colleagues.post("/handover")
@permit("write partners")
def undo() -> Any:
    """Take a hand-over back."""
    found = _done(request.form.get("edit", ""))
    if found is None:
        raise NotFound(_("There is no such change in the history."))
    take_back(db(), found.id, by=current_user.email)
    return redirect(url_for("colleagues.orphans", email=found.about_id), 303)


def kind_names() -> Mapping[str, str]:
    """Return what can be handed over, in the reader's language."""
    return {
        handover.PARTNERSHIP: _("Relation to an organisation"),
        handover.TIE: _("Personal tie"),
        handover.AGREEMENT: _("Agreement"),
        handover.ACTION: _("Action of a coordinating body"),
        handover.SETTLEMENT: _("Contact in a settlement"),
    }
