"""Codes of the network's relations in the reader's words. Pure."""

from collections.abc import Mapping

from netmap.i18n import gettext as _
from netmap.i18n import ngettext


def states() -> Mapping[str, str]:
    """Return the states of an organization, in the order of a relation's life."""
    return {
        "known": _("Known"),
        "potential": _("Potential partner"),
        "in_talks": _("In talks"),
        "partner": _("Partner"),
        "former": _("Former partner"),
    }


def warning(state: str) -> str:
    """Return what has to be known before somebody is sent there, "" where the state says nothing of it.

    Examples
    --------
    >>> warning("partner"), warning("former")
    ('', 'We no longer work together: ask before you send anybody.')
    """
    told = {
        "potential": _("Nothing is agreed with this provider yet: ask before you send anybody."),
        "former": _("We no longer work together: ask before you send anybody."),
    }
    return told.get(state, "")


def mark(state: str) -> str:
    """Return the state and what has to be known of it in one line, for a badge.

    Examples
    --------
    >>> mark("potential")
    'Potential partner. Nothing is agreed with this provider yet: ask before you send anybody.'
    """
    return f"{states()[state]}. {warning(state)}"


def ways() -> Mapping[str, str]:
    """Return how one can be in contact."""
    return {
        "phone": _("by phone"),
        "visit": _("by a visit"),
        "meeting": _("at a meeting"),
        "email": _("by e-mail"),
        "letter": _("by letter"),
        "other": _("in another way"),
    }


def kinds() -> Mapping[str, str]:
    """Return the kinds of agreements."""
    return {
        "memorandum": _("Memorandum"),
        "contract": _("Contract"),
        "work_programme": _("Work programme"),
        "referral": _("Referral agreement"),
        "other": _("Other agreement"),
    }


def answers() -> Mapping[str, str]:
    """Return what an organization can answer about a kind of service; "" is that nobody asked."""
    return {"": _("not asked"), "now": _("now"), "could": _("could"), "no": _("no")}


def agreement_states() -> Mapping[str, str]:
    """Return the states of an agreement."""
    return {
        "draft": _("No beginning yet"),
        "coming": _("Not begun"),
        "in_force": _("In force"),
        "ended": _("Ended"),
    }


def days_from(days: int) -> str:
    """Return how far away a day is, in words.

    Examples
    --------
    >>> days_from(0), days_from(1), days_from(-3)
    ('today', 'in 1 day', '3 days ago')
    """
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(number)s day", "in %(number)s days", days)
    return ngettext("%(number)s day ago", "%(number)s days ago", -days)
