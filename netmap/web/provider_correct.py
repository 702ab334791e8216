"""Pages behind a provider's link: the short form to correct a record, closing, notices and free places."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request

from netmap.directory.records import new_id
from netmap.editing import record
from netmap.editing.writing import edit
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.selfservice import corrections
from netmap.selfservice.models import TAKEN, Correction, ProviderLink
from netmap.web import provider_form as forms
from netmap.web.door import db, permit, settings
from netmap.web.provider import PLURALS, again, back, name_of_row, provider, require, today
from netmap.web.provider_door import acting, known, shown


@provider.get("/provider/<token>/<plural>/<record_id>/correct")
@permit("provider link")
def correct(token: str, plural: str, record_id: str) -> str:
    """Show the short form with what a provider knows."""
    link = shown(token)
    require(link, plural, record_id)
    texts = record.read(db(), PLURALS[plural], record_id)
    return _form(token, link, plural, record_id, texts, forms.seen(texts, PLURALS[plural]), {})


@provider.post("/provider/<token>/<plural>/<record_id>/correct")
@permit("provider link")
def send(token: str, plural: str, record_id: str) -> Any:
    """Keep what was corrected; what cannot be kept is shown again, and nothing typed is lost."""
    base = forms.read_seen(request.form.get("seen", ""))
    try:
        with acting(token, "correct") as link:
            require(link, plural, record_id)
            kind = PLURALS[plural]
            wished = forms.typed(kind, request.form)
            row = _send(link, kind, record_id, base, wished)
    except Invalid as error:
        link = known(token)
        texts = {**base, **wished}
        page = _form(token, link, plural, record_id, texts, request.form.get("seen", ""), error.fields)
        return page, 422
    return back(token, _done(row))


@provider.post("/provider/<token>/<plural>/<record_id>/state")
@permit("provider link")
def state(token: str, plural: str, record_id: str) -> Any:
    """Say that a service is open, closed for a while or for good, with a notice and its last day."""
    try:
        with acting(token, "state") as link:
            require(link, plural, record_id)
            if plural != "services":
                raise NotFound(_("There is no such record behind this link."))
            names = ("status", "alert", "alert_until")
            base = {name: request.form.get(f"was.{name}", "") for name in names}
            wished = {name: request.form.get(name, "").strip() for name in names}
            _require_whole_notice(wished)
            row = _send(link, "service", record_id, base, wished)
    except Invalid as error:
        return again(token, plural, record_id, error)
    return back(token, _done(row))


@provider.post("/provider/<token>/<plural>/<record_id>/free")
@permit("provider link")
def free(token: str, plural: str, record_id: str) -> Any:
    """Set how many places are free: taken at once always, since a number that waits is wrong already."""
    try:
        with acting(token, "free") as link:
            require(link, plural, record_id)
            if plural != "services":
                raise NotFound(_("There is no such record behind this link."))
            stands = record.read(db(), "service", record_id)
            typed = {
                name: text
                for name, text in request.form.items()
                if name.startswith("capacities.") and name.rpartition(".")[2] in forms.NUMBERS
            }
            tidy = record.tidied("service", typed)
            changed = {name: tidy.get(name, "") for name in typed}
            wished = corrections.whole("service", stands, changed)
            about = ("service", record_id)
            with edit(db(), by=link.addressee, kind="provider", about=about) as entry:
                record.check_and_write(db(), "service", record_id, wished, by=link.addressee)
    except Invalid as error:
        return again(token, plural, record_id, error)
    return back(token, "same" if entry.nothing else "free")


def _send(
    link: ProviderLink, kind: str, record_id: str, base: Mapping[str, str], wished: Mapping[str, str]
) -> Correction | None:
    at_once = settings().corrections == corrections.AT_ONCE
    key = request.form.get("key", "")
    return corrections.send(db(), link, kind, record_id, base=base, wished=wished, at_once=at_once, key=key)


def _require_whole_notice(wished: Mapping[str, str]) -> None:
    """Refuse a notice without an end: nobody takes one away that has grown old."""
    if wished["status"] == "temporarily closed" and not wished["alert_until"]:
        sentence = _(
            "Say until when it is closed; if you do not know, give the day on which we shall ask again."
        )
        raise Invalid(sentence, {"alert_until": sentence})
    if wished["alert"] and not wished["alert_until"]:
        sentence = _("Say until which day the notice is shown.")
        raise Invalid(sentence, {"alert_until": sentence})
    if wished["alert_until"] and wished["alert_until"] < today().isoformat():
        sentence = _("This day has passed: give a later one.")
        raise Invalid(sentence, {"alert_until": sentence})


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
    row = require(link, plural, record_id)
    return render_template(
        "provider/correct.html",
        token=token,
        link=link,
        plural=plural,
        row=row,
        name=name_of_row(row),
        sections=forms.sections(db(), kind, texts),
        languages=forms.languages(),
        seen=seen,
        key=request.form.get("key", "") or new_id(),
        at_once=settings().corrections == corrections.AT_ONCE,
        errors=errors,
    )


def _done(row: Correction | None) -> str:
    if row is None:
        return "same"
    return "taken" if row.state == TAKEN else "sent"
