"""What the codes of a decision about a gap mean in words, and how its history calls its fields."""

from netmap.editing.fields import Field
from netmap.editing.further import call
from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.network.gaps.remedies import RUNGS, rung_name
from netmap.network.gaps.taken import Followed


def decisions() -> dict[str, str]:
    """Return what can be decided about a gap."""
    return {
        "watching": _("watching"),
        "asked_provider": _("a provider was asked"),
        "proposed": _("proposed to an authority"),
        "declined": _("declined"),
        "solved": _("solved"),
    }


def beyond_names() -> dict[str, str]:
    """Return whose decision a gap needs where the place itself cannot close it."""
    return {"law": _("needs a change of law"), "higher": _("needs a decision at a higher level")}


def states() -> dict[str, str]:
    """Return what may become of a gap that was taken up."""
    return {
        "open": _("still missing"),
        "again": _("missing again"),
        "changed": _("missing for another reason now"),
        "elsewhere": _("closed; missing only elsewhere now"),
        "closed": _("closed"),
        "unasked": _("not looked at any more: its package or its areas are gone"),
    }


def progress(found: Followed) -> str:
    """Return in how many of its areas a gap has closed, "" where in none or in all."""
    if not found.partly:
        return ""
    done = found.of - len(found.left)
    return _("closed in %(done)s of %(areas)s areas", done=number(done), areas=number(found.of))


def rung_names() -> dict[str, str]:
    """Return the steps of the ladder by code."""
    return {code: rung_name(code) for code in RUNGS}


def tell() -> None:
    """Say how the history calls a decision and its fields."""
    call(
        "gap_decision", lambda: _("Decision about a gap"),
        Field("owner", lambda: _("Who looks after it"), "line"),
        Field("decision", lambda: _("Decision"), "choice", choices=decisions),
        Field("remedy", lambda: _("Step of the ladder"), "choice", choices=rung_names),
        Field("beyond", lambda: _("Beyond our power"), "choice", choices=beyond_names),
        Field("authority", lambda: _("Sent to which authority"), "line"),
        Field("sent_on", lambda: _("Sent on"), "date"),
        Field("answer", lambda: _("What the authority answered"), "text"),
        Field("answered_on", lambda: _("Answered on"), "date"),
        Field("outcome", lambda: _("What came of it"), "text"),
        Field("note", lambda: _("Note"), "text"),
        Field("taken_up_on", lambda: _("Taken up on"), "date"),
        Field("closed_on", lambda: _("Closed since"), "date"),
        Field("clients_told", lambda: _("Clients a year"), "line"),
    )  # fmt: skip
