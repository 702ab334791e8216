"""Pages: the ring-round, from the queue to the call and its outcome, one call after another."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from netmap.db import now
from netmap.errors import Invalid
from netmap.freshness import calls, claims
from netmap.freshness.letters import LANGUAGES, language_of, script
from netmap.freshness.models import Call
from netmap.freshness.queue import Desk, Ranking
from netmap.freshness.reminders import desk_names
from netmap.freshness.service import confirm
from netmap.freshness.tries import next_try
from netmap.freshness.words import desk_reasons, harm_words, outcome_name, service_reasons
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.web.door import PAGE_LANGUAGES, blueprint, db, may, page_number, permit, settings
from netmap.web.ringing_record import records_of

ringing = blueprint("ringing")

PAGE = 25
LARGEST = 2**31  # what a number of a call can be
SHOWN_CALLS = 5
SHARES = (5, 10, 20)  # calls for each person that can be shared out at once


def moment() -> datetime:
    """Return this moment in the time zone of the office."""
    return now().astimezone(settings().zone())


def ranking() -> Ranking:
    """Return the queue as it is now."""
    return Ranking(db(), settings(), moment())


@ringing.get("/upkeep/queue")
@permit("upkeep")
def queue() -> str:
    """Show the whole queue with its reasons; who may, shares it out."""
    return _listing("ringing.queue", person="")


@ringing.get("/ringing")
@permit("ring round")
def mine() -> str:
    """Show the calls of the person who asks, or the whole queue to take one of."""
    return _listing("ringing.mine", person="" if request.args.get("all") else current_user.email)


def _listing(endpoint: str, person: str) -> str:
    page, order = page_number(request.args), ranking()
    found = order.page(PAGE, (page - 1) * PAGE, person=person)
    done = calls.of_day(db(), _midnight(), "" if endpoint == "ringing.queue" else current_user.email)
    last = _done()
    return render_template(
        "ringing/queue.html",
        found=found,
        whole=endpoint == "ringing.queue",
        mine=bool(person),
        first=(page - 1) * PAGE + 1,
        harm_words=harm_words,
        reasons=desk_reasons,
        service_reasons=service_reasons,
        callers=claims.callers(db()),
        shares=SHARES,
        done=done,
        **_told([*done, *last]),
        page=page,
        pages=-(-found.total // PAGE),
        address=lambda page: url_for(endpoint, page=page, all=request.args.get("all")),
    )


@ringing.post("/upkeep/queue/share")
@permit("edit directory")
def share() -> Any:
    """Share the first calls that nobody has among people, as many and as grave ones for each."""
    people = [one for one in claims.callers(db()) if one in request.form.getlist("people")]
    each = request.form.get("each", "")
    count = int(each) if each.isdecimal() and int(each[:4]) in SHARES else SHARES[0]
    claims.share_out(
        db(), ranking().free(count * len(people)), people, by=current_user.email, day=moment().date()
    )
    return redirect(url_for("ringing.queue"), 303)


@ringing.post("/ringing")
@permit("ring round")
def take_next() -> Any:
    """Take the next call: one of one's own first, else the gravest that nobody has."""
    if request.form.get("do") != "next":
        return redirect(url_for("ringing.mine"), 303)
    desk = ranking().next(current_user.email, after=request.form.get("after", ""))
    if desk is None:
        return redirect(url_for("ringing.mine"), 303)
    claims.claim(db(), desk, person=current_user.email, day=moment().date())
    return redirect(url_for("ringing.call", desk=desk), 303)


@ringing.post("/ringing/<desk>/claim")
@permit("ring round")
def claim(desk: str) -> Any:
    """Take this call for today, or give it back."""
    if request.form.get("do") == "release":
        claims.release(db(), desk, person=current_user.email, day=moment().date())
        return redirect(url_for("ringing.mine"), 303)
    ranking().one(desk)
    if request.form.get("do") == "claim":
        claims.claim(db(), desk, person=current_user.email, day=moment().date())
    return redirect(url_for("ringing.call", desk=desk), 303)


@ringing.get("/ringing/<desk>")
@permit("ring round")
def call(desk: str) -> str:
    """Show what to say and the record beside it, with one button for each outcome."""
    return _call(ranking().one(desk), {}, {})


@ringing.post("/ringing/<desk>")
@permit("ring round")
def report(desk: str) -> Any:
    """Keep what came of a call and go on: to the editor where something changed, else to the next call."""
    sent = request.form
    found = _report(sent)
    try:
        made = calls.record(db(), desk, found, by=current_user.email, moment=moment())
    except Invalid as error:
        db().rollback()
        return _call(ranking().one(desk), sent, error.fields), 422
    if made.outcome == "changed":
        return redirect(url_for("ringing.written", call_id=made.id), 303)
    return _on(made)


def _on(made: Call) -> Any:
    """Go on to the next call, with a word about the last one; the next one becomes the person's own."""
    following = ranking().next(current_user.email, after=made.desk)
    if following is None:
        return redirect(url_for("ringing.mine", done=made.id), 303)
    claims.claim(db(), following, person=current_user.email, day=moment().date())
    return redirect(url_for("ringing.call", desk=following, done=made.id), 303)


@ringing.get("/ringing/calls/<int:call_id>")
@permit("ring round")
def written(call_id: int) -> str:
    """Show the records that a call found changed, with the way to the editor of each."""
    made = _own(call_id)
    changed = [row.service_id for row in made.records if row.found == "changed"]
    return render_template("ringing/written.html", call=made, records=records_of(db(), changed, moment()))


@ringing.post("/ringing/calls/<int:call_id>/written")
@permit("edit directory")
def confirm_written(call_id: int) -> Any:
    """Note that what a call found changed now stands in the records, and go on."""
    made = _own(call_id)
    if request.form.get("do") != "written":
        return redirect(url_for("ringing.written", call_id=made.id), 303)
    changed = [row.service_id for row in made.records if row.found == "changed"]
    confirm(db(), services=changed, by=current_user.email, how="phone", today=moment().date())
    return _on(made)


@ringing.post("/ringing/calls/<int:call_id>/undo")
@permit("ring round")
def undo(call_id: int) -> Any:
    """Take back what came of a call, and show that call again."""
    made = _own(call_id)
    if request.form.get("do") == "undo":
        calls.take_back_call(db(), made.id, by=current_user.email)
    return redirect(url_for("ringing.call", desk=made.desk), 303)


@ringing.post("/ringing/phones/<phone_id>")
@permit("ring round")
def trust(phone_id: str) -> Any:
    """Say that a doubtful number is right after all."""
    calls.require_number(db(), phone_id)
    if request.form.get("do") == "trust":
        calls.trust_again(db(), phone_id)
    return redirect(url_for("ringing.call", desk=request.form.get("desk", "")), 303)


def _own(call_id: int) -> Call:
    """Return a call of this person; coordinators may touch those of others too."""
    made = db().get(Call, call_id)
    if made is None or not _may_touch(made):
        abort(404)
    return made


def _may_touch(made: Call) -> bool:
    return made.by == current_user.email or may("edit directory")


def _call(desk: Desk, sent: Mapping[str, str], errors: Mapping[str, str]) -> str:
    here = moment()
    spoken = _spoken(desk)
    names = [row.name for row in desk.services]
    before, last = calls.of_desk(db(), desk.desk, SHOWN_CALLS), _done()
    return render_template(
        "ringing/call.html",
        desk=desk,
        reasons=desk_reasons(desk),
        service_reasons=service_reasons,
        records=records_of(db(), [row.service_id for row in desk.services], here),
        script=script(spoken, desk.name, names),
        spoken=spoken,
        spoken_choices=[(code, PAGE_LANGUAGES[code]) for code in LANGUAGES],
        calls=before,
        **_told([*before, *last]),
        again=next_try(here),
        sent=sent if isinstance(sent, MultiDict) else MultiDict(sent),
        errors=errors,
        today=here.date(),
    )


def _done() -> list[Call]:
    """Return the call that the address says was kept just now, unless it was taken back."""
    number = request.args.get("done", type=int)
    made = db().get(Call, number) if number is not None and 0 < number < LARGEST else None
    return [made] if made is not None and made.undone_at is None and _may_touch(made) else []


def _told(shown: Sequence[Call]) -> dict[str, Any]:
    """Return what templates need to tell of calls; the last of them may be the one kept just now."""
    names = desk_names(db(), {one.desk for one in shown})
    return {
        "done_call": next(iter(_done()), None),
        "outcome_name": outcome_name,
        "called_name": lambda call: names.get(call.desk, (_("no longer in the directory"), None))[0],
    }


def _spoken(desk: Desk) -> str:
    chosen = request.args.get("say", "")
    return chosen if chosen in LANGUAGES else language_of([row.language for row in desk.services], language())


def _report(sent: "MultiDict[str, str]") -> calls.Report:
    """Read the form; what cannot be read stands under ``errors``."""
    errors, hours, since = {}, None, None
    if typed := sent.get("hours", "").strip():
        hours = int(typed) if typed.isdecimal() and len(typed) < 5 else 0
    if typed := sent.get("since", "").strip():
        try:
            since = date.fromisoformat(typed)
        except ValueError:
            errors["since"] = _("Write the day as 2026-11-26.")
    outcome = sent.get("outcome", "")
    services, otherwise = tuple(sent.getlist("services")), tuple(sent.getlist("otherwise"))
    if not otherwise and (outcome == "closed" or (outcome == "changed" and len(services) == 1)):
        otherwise = services
    return calls.Report(
        outcome=outcome,
        services=services,
        otherwise=otherwise,
        phone_id=sent.get("phone", ""),
        hours=hours,
        since=since,
        successor=sent.get("successor", ""),
        note=sent.get("note", ""),
        errors=errors,
    )


def _midnight() -> datetime:
    return moment().replace(hour=0, minute=0, second=0, microsecond=0)
