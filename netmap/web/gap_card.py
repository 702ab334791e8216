"""Pages: one gap told whole, who made sure of it, and the decision about it."""

from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.db import now
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.network.card.gap_sheet import sheet_of
from netmap.network.card.ignorance import looked_at_names
from netmap.network.gaps import taken, taking, taking_words
from netmap.network.gaps.kept_question import everything
from netmap.network.gaps.loading import Question
from netmap.network.gaps.one_gap import Found, find
from netmap.network.gaps.taking_models import GapDecision
from netmap.partners import service as partners
from netmap.web import edit_forms as forms
from netmap.web.door import db, permit, settings
from netmap.web.edit_forms import Field
from netmap.web.network import network

taking_words.tell()


def today() -> Any:
    """Return the day in the time zone of the office."""
    return now().astimezone(settings().zone()).date()


def elsewhere(path: str, **asked: str) -> str:
    """Return the address of a page with what is asked of it."""
    return f"{request.script_root}{path}?{urlencode(asked)}"


def _found(key: str) -> tuple[Found | None, GapDecision | None]:
    """Return a gap, None where it is closed but was taken up, and what was decided about it."""
    decision = taking.of(db(), key)
    try:
        return find(db(), settings(), key), decision
    except NotFound:
        if decision is None:
            raise
        return None, decision


@network.get("/gaps/<key>")
@permit("read gaps")
def gap(key: str) -> str:
    """Show one gap: why it is there, what would help, what speaks for it, and what was decided."""
    return _card(key, {}, {})


def _card(key: str, errors: dict[str, str], typed: dict[str, Any]) -> str:
    found, decision = _found(key)
    told: dict[str, Any] = {
        "decision": decision,
        "decisions": taking_words.decisions(),
        "beyond_names": taking_words.beyond_names(),
        "rung_names": taking_words.rung_names(),
        "today": today(),
    }
    now = taken.state_of(decision, taken.standing_of(_question(found))) if decision else None
    told["progress"] = taking_words.progress(now) if now else ""
    if found is None:
        return render_template("network/gap_closed.html", key=key, now=now, **told)
    return render_template(
        "network/gap.html",
        sheet=sheet_of(db(), found),
        looked_at=looked_at_names(),
        elsewhere=elsewhere,
        errors=errors,
        typed=typed,
        now=now,
        **told,
    )


def _question(found: Found | None) -> Question:
    return found.question if found else everything(db(), settings())


@network.post("/gaps/<key>/test")
@permit("plan network")
def note_test(key: str) -> Any:
    """Keep that somebody made sure that a gap is none of knowledge."""
    find(db(), settings(), key)
    typed = {"looked_at": request.form.getlist("looked_at"), "found": request.form.get("found", "")}
    try:
        taking.note_test(db(), key, typed, by=current_user.email, today=today())
    except Invalid as error:
        db().rollback()
        return _card(key, error.fields, typed), 422
    return redirect(url_for("network.gap", key=key, _anchor="test"), 303)


def decision_fields(before: str = "") -> list[Field]:
    """Return the fields of a decision about a gap; ``before`` is the e-mail of who looks after it."""
    staff = dict.fromkeys([*([before] if before else []), *partners.staff(db())])
    no_step = [("", _("not chosen yet")), *taking_words.rung_names().items()]
    ours = [("", _("no, it can be decided here")), *taking_words.beyond_names().items()]
    return [
        Field("decision", _("Decision"), "choice", options=list(taking_words.decisions().items())),
        Field("owner", _("Who looks after it"), "choice",
              options=[("", _("nobody yet")), *((one, one) for one in staff)]),
        Field("remedy", _("Step of the ladder"), "choice", options=no_step,
              hint=_("It stands on the proposal sheet as what is proposed.")),
        Field("beyond", _("Beyond our power"), "choice", options=ours,
              hint=_("Then it stands in the list of what only a law or a higher level can change.")),
        Field("authority", _("Sent to which authority"), heading=_("To the authority"),
              hint=_("For example: the council, the department of social affairs.")),
        Field("sent_on", _("Sent on"), "day"),
        Field("answer", _("What the authority answered"), "area"),
        Field("answered_on", _("Answered on"), "day"),
        Field("outcome", _("What came of it"), "area", heading=_("Afterwards"),
              hint=_("In numbers or words, no client's data.")),
        Field("note", _("Note"), "area", hint=_("No client's data.")),
    ]  # fmt: skip


@network.get("/gaps/<key>/taking-up")
@permit("plan network")
def take_up(key: str) -> str:
    """Show the form of the decision about a gap."""
    found, decision = _found(key)
    kept = taking.as_form(decision)
    filled = kept if decision else kept | {"owner": current_user.email}
    return _form(key, found, decision, filled, {})


@network.post("/gaps/<key>/taking-up")
@permit("plan network")
def decide(key: str) -> Any:
    """Keep the decision about a gap; where two people decided differently, ask."""
    found, decision = _found(key)
    kept = taking.as_form(decision)
    fields, back = decision_fields(kept["owner"]), url_for("network.gap", key=key)
    sent = forms.typed_of(fields)
    typed, asks = forms.settle_form(
        _("Somebody else has decided about this gap too"), fields, kept, sent, back
    )
    if typed is None:
        return asks, 409
    typed = typed | {"extent": request.form.get("extent", "")}
    try:
        taking.save(db(), key, found, typed, by=current_user.email, today=today())
    except Invalid as error:
        db().rollback()
        return _form(key, found, taking.of(db(), key), typed, error.fields), 422
    return redirect(back, 303)


def _form(
    key: str, found: Found | None, decision: GapDecision | None, typed: Any, errors: dict[str, str]
) -> str:
    kept = taking.as_form(decision)
    anew = [
        ("", _("where it was taken up")),
        (taking.ANEW, _("where it is missing today; then it counts as taken up today")),
    ]
    extent = Field("extent", _("Which areas it is about"), "choice", options=anew)
    more = [extent] if found and decision and taking.others(decision, found) else []
    return forms.show(
        "partners/form.html",
        [*decision_fields(kept["owner"]), *more],
        typed,
        kept,
        errors,
        title=_("Decision about a gap") if decision else _("Take up a gap"),
        about=found.name if found else decision.title if decision else "",
        told="" if found else _("This gap is closed now."),
        action=url_for("network.decide", key=key),
        back=url_for("network.gap", key=key),
    )
