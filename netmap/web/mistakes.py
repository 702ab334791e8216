"""Pages: report a mistake in a record or a referral that went wrong, and what became of the reports."""

from collections.abc import Sequence
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user

from netmap.auth import throttle
from netmap.auth.permits import STAFF
from netmap.directory.models import Service
from netmap.errors import Invalid, NotFound
from netmap.freshness import reports
from netmap.freshness.reports import MISTAKES, TURNED_AWAY
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.web.door import blueprint, db, page_number, permit, settings

mistakes = blueprint("mistakes")

PAGE = 25
PER_PERSON, PER_ADDRESS = 30, 10  # reports in five minutes


@mistakes.get("/services/<service_id>/mistake")
@permit("report mistake")
def form(service_id: str) -> str:
    """Show the form to report what is wrong with a service."""
    typed = {"reason": request.args.get("reason", ""), "sentence": ""}
    return _form(service_id, typed, {}, sent=request.args.get("sent") == "yes")


@mistakes.post("/services/<service_id>/mistake")
@permit("report mistake")
def send(service_id: str) -> Any:
    """Keep a report; of whoever is not signed in nothing is kept, and the address only as a turn."""
    turn = throttle.take_turn(db(), [_counted()])
    db().commit()  # the turn is taken, whatever becomes of the report
    typed = {name: request.form.get(name, "") for name in ("reason", "sentence")}
    if turn.wait:
        minutes = -(-turn.wait // 60)
        sentence = ngettext(
            "Too many reports. Wait %(number)s minute, then try again.",
            "Too many reports. Wait %(number)s minutes, then try again.",
            minutes,
        )
        answer = make_response(_form(service_id, typed, {"reason": sentence}), 429)
        answer.headers["Retry-After"] = str(turn.wait)
        return answer
    try:
        reports.report(db(), service_id, typed["reason"], typed["sentence"], by=_staff())
    except Invalid as error:
        db().rollback()
        typed["sentence"] = "".join(sign for sign in typed["sentence"] if sign.isprintable())
        return _form(service_id, typed, error.fields), 422
    return redirect(url_for("mistakes.form", service_id=service_id, sent="yes"), 303)


@mistakes.get("/mistakes")
@permit("decide corrections")
def listing() -> str:
    """Show the reports that are open, or those that were decided."""
    page, decided = page_number(request.args), request.args.get("state") == "decided"
    total, rows = reports.listing(db(), is_open=not decided, limit=PAGE, offset=(page - 1) * PAGE)
    return render_template(
        "mistakes/listing.html",
        total=total,
        rows=rows,
        decided=decided,
        page=page,
        pages=-(-total // PAGE),
        reason_name=reports.reason_name,
        address=lambda page: url_for("mistakes.listing", page=page, state="decided" if decided else None),
    )


@mistakes.post("/mistakes/<report_id>")
@permit("decide corrections")
def decide(report_id: str) -> Any:
    """Say that a reported mistake is mended, was none, or is open again."""
    row = reports.decide(db(), report_id, request.form.get("state", ""), by=current_user.email)
    state = "decided" if row.state == reports.OPEN else None
    return redirect(url_for("mistakes.listing", state=state), 303)


def _staff() -> str | None:
    return current_user.email if current_user.is_authenticated and current_user.role in STAFF else None


def _counted() -> tuple[str, int]:
    """Return under which key reports are counted, and how many are taken: by person, else by address."""
    if staff := _staff():
        return throttle.keyed(settings(), "mistake of staff", staff), PER_PERSON
    line = throttle.line_of(request.remote_addr or "")
    return throttle.keyed(settings(), "mistake", line), PER_ADDRESS


def _form(service_id: str, typed: dict[str, str], errors: dict[str, str], *, sent: bool = False) -> str:
    service = db().get(Service, service_id)
    if service is None:
        raise NotFound(_("There is no such service; it may have been removed."))
    groups: list[tuple[str, Sequence[str]]] = [(_("What is wrong with the record"), MISTAKES)]
    if _staff():
        groups.append((_("What happened to somebody who was sent there"), TURNED_AWAY))
    return render_template(
        "mistakes/form.html",
        service=service,
        typed=typed,
        errors=errors,
        sent=sent,
        groups=[
            (heading, [(code, reports.reason_name(code)) for code in codes]) for heading, codes in groups
        ],
        most=reports.LONGEST,
    )
