"""Ties, their states and sectors in plain words."""

from collections.abc import Mapping

from netmap.i18n import gettext as _


def tie_names() -> Mapping[str, str]:
    """Return what each kind of tie is called."""
    return {
        "agreement": _("Agreement"),
        "contact": _("Contact"),
        "funding": _("Funding"),
        "joint_service": _("Joint service"),
        "oversight": _("Answers to"),
        "joint_body": _("Sit in one body"),
    }


def state_names() -> Mapping[str, str]:
    """Return what the states of a tie are called."""
    return {
        "living": _("Living"),
        "dead": _("Asleep: last contact long ago"),
        "silent": _("Nothing recorded"),
        "new": _("New, nothing recorded yet"),
        "ended": _("Ended"),
        "coming": _("Not begun"),
    }


def sector_names() -> Mapping[str, str]:
    """Return what the sectors are called."""
    return {
        "employment": _("Employment"),
        "social": _("Social protection"),
        "health": _("Health"),
        "housing": _("Housing"),
        "debt": _("Debt and money"),
        "education": _("Education"),
        "justice": _("Law and justice"),
        "community": _("Community and NGOs"),
        "employers": _("Employers"),
        "transport": _("Transport"),
        "unknown": _("Sector not known"),
    }


def told_from() -> Mapping[str, str]:
    """Return what a sector was told from."""
    return {
        "kind": _("by the kind of organisation"),
        "services": _("by what most of its services are"),
        "": _("neither its kind nor the type of a service is known"),
    }
