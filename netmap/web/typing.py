"""Page: suggested service types that wait for a decision."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from netmap.directory.models import TYPE_STATES, Service, ServiceTypeLink
from netmap.directory.typing import FROM_SOURCE, DecidedMeanwhile, decide
from netmap.directory.typing_queue import STATES, Waiting, progress, waiting
from netmap.directory.typing_rows import TERM
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.vocabulary.terms import label, vocabulary
from netmap.web.account import local
from netmap.web.conflicts import Asked, choices_of
from netmap.web.door import blueprint, db, page_number, permit
from netmap.web.show import moment

typing = blueprint("typing")

PAGE, SHOWN_TEXT = 10, 320


@typing.get("/typing")
@permit("decide types")
def listing() -> str:
    """Show the services whose types wait, the surest suggestion first."""
    return _page(request.args)


@typing.post("/typing/<service_id>")
@permit("decide types")
def change(service_id: str) -> Any:
    """Keep one decision about one type and go back to the same place of the list."""
    form = request.form
    state, seen = form.get("state", ""), _version(form, "seen")
    if kept := choices_of(form).get("state"):  # the answer to a conflict
        state, seen = state if kept == "mine" else form.get("theirs", ""), _version(form, "now")
    place = urlsplit(local(form.get("next", "")) or url_for("typing.listing"))
    asked = {key: value for key, value in parse_qsl(place.query) if key != "decided"}
    try:
        link = decide(db(), service_id, form.get("code", ""), state, by=current_user.email, seen=seen)
    except DecidedMeanwhile as error:
        return _conflict(error.link, state), 409
    except Invalid as error:
        db().rollback()
        return _page(asked, {f"add-{service_id}": error.fields.get("code", error.message)}), 422
    if link is not None and link.state != "suggested":
        asked["decided"] = link.id
    return redirect(f"{place.path}?{urlencode(asked)}#service-{_next_card(service_id)}", 303)


def _version(form: Mapping[str, str], name: str) -> int:
    """Return the version of the link that the page showed; a form that does not say may overrule nobody."""
    seen = form.get(name, "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else -1


def _conflict(link: ServiceTypeLink, mine: str) -> str:
    """Return the page that asks whose decision shall hold."""
    form = request.form
    by = _("%(who)s, %(when)s", who=link.decided_by or _("the source"), when=moment(link.decided_at))
    was = (_decision(form["was"]),) if form.get("was") in TYPE_STATES else ()
    asked = Asked("state", label(link.code), was, (_decision(link.state), by), (_decision(mine),))
    sent = {"code": link.code, "state": mine, "theirs": link.state, "now": str(link.version)}
    sent |= {name: form[name] for name in ("next", "after", "seen", "was") if name in form}
    return render_template("typing/conflict.html", link=link, asked=[asked], hidden=list(sent.items()))


def _decision(state: str) -> str:
    """Return a decision in words."""
    names = {
        "suggested": _("It waits for a decision."),
        "confirmed": _("It is of this type."),
        "rejected": _("It is not of this type."),
    }
    return names.get(state, state)


def _next_card(service_id: str) -> str:
    """Return the card to go to: the same one while something waits in it, else the one after it."""
    query = select(ServiceTypeLink.id).where(ServiceTypeLink.service_id == service_id)
    waits = db().scalar(query.where(ServiceTypeLink.state == "suggested").limit(1))
    after = request.form.get("after", "")
    return service_id if waits or not after.replace("-", "").isalnum() else after


def _page(asked: Mapping[str, str], errors: Mapping[str, str] | None = None) -> str:
    state = asked.get("state", STATES[0])
    state = state if state in STATES else STATES[0]
    code = asked.get("type", "")
    code = code if code in vocabulary().service_types and state != "none" else ""
    page = page_number(asked)
    found = _part(state, code, page)
    pages = -(-found.total // PAGE)
    if page > pages > 0:  # the last card of the last page was decided
        page, found = pages, _part(state, code, pages)

    def address(**changes: Any) -> str:
        chosen = {"state": state, "type": code, "page": page, **changes}
        plain = {"state": STATES[0], "type": "", "page": 1}
        return url_for("typing.listing", **{key: one for key, one in chosen.items() if one != plain[key]})

    return render_template(
        "typing/listing.html",
        found=found,
        progress=progress(db()),
        state=state,
        code=code,
        page=page,
        pages=pages,
        address=address,
        decided=_decided(asked.get("decided", "")),
        types=sorted(
            ((one, label(one)) for one in vocabulary().service_types), key=lambda pair: pair[1].casefold()
        ),
        states=[(one, _state_name(one)) for one in STATES],
        ordered=_ordered,
        sure=_sure,
        why=_why,
        shorten=_shorten,
        errors=errors or {},
    )


def _part(state: str, code: str, page: int) -> Waiting:
    return waiting(db(), state=state, code=code or None, limit=PAGE, offset=(page - 1) * PAGE)


def _decided(link_id: str) -> ServiceTypeLink | None:
    """Return the decision that was just made, so that it can be taken back."""
    link = db().get(ServiceTypeLink, link_id)
    return link if link is not None and link.decided_at is not None else None


def _ordered(service: Service) -> list[ServiceTypeLink]:
    """Return the types of a service: those that wait first, the surest first."""
    return sorted(
        service.types, key=lambda link: (link.state != "suggested", -(link.confidence or 0), link.code)
    )


def _state_name(state: str) -> str:
    names = {
        "suggested": _("Suggestions that wait"),
        "none": _("No type and no suggestion"),
        "confirmed": _("Confirmed types"),
        "rejected": _("Types said not to fit"),
    }
    return names[state]


def _sure(confidence: float | None) -> str:
    """Return in words how sure a suggestion is; the steps are those at which its precision was measured."""
    if confidence is None:
        return ""
    if confidence >= 0.7:
        return _("quite sure")
    return _("likely") if confidence >= 0.5 else _("a guess")


def _why(evidence: str) -> str:
    """Return in the reader's language what speaks for a type."""
    if evidence == FROM_SOURCE:
        return _("the source says so")
    return _("term:") + evidence[len(TERM) - 1 :] if evidence.startswith(TERM) else evidence


def _shorten(text: str) -> str:
    """Return the beginning of a text, cut between words."""
    if len(text) <= SHOWN_TEXT:
        return text
    return text[:SHOWN_TEXT].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"
