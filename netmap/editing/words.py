"""What the codes of a form mean in words, for its lists, its conflicts and its history."""

from collections.abc import Mapping

from netmap.directory.filters import conditions
from netmap.i18n import gettext as _
from netmap.vocabulary.terms import label as term
from netmap.vocabulary.terms import vocabulary


def status_names() -> Mapping[str, str]:
    """Return whether a service is offered."""
    return {
        "active": _("offered now"),
        "inactive": _("not offered now"),
        "temporarily closed": _("temporarily closed"),
        "defunct": _("closed for good"),
        "unknown": _("not known whether offered: ask"),
    }


def duration_names() -> Mapping[str, str]:
    """Return how long a service lasts for one person."""
    return {"once": _("once"), "short": _("a few weeks or months"), "long": _("lasting")}


def layer_names() -> Mapping[str, str]:
    """Return where help comes from."""
    return conditions("layer")


def type_state_names() -> Mapping[str, str]:
    """Return what was decided about a type."""
    return {
        "confirmed": _("right"),
        "rejected": _("not right"),
        "suggested": _("suggested, not looked at yet"),
    }


def effect_names() -> Mapping[str, str]:
    """Return what a circumstance means for being taken."""
    return {
        "required": _("only these people"),
        "excluded": _("not these people"),
        "welcome": _("meant for them, others too"),
    }


def threshold_names() -> Mapping[str, str]:
    """Return how easy it is to begin."""
    return conditions("threshold")


def phone_names() -> Mapping[str, str]:
    """Return what a telephone is for."""
    return {
        "voice": _("Calls"),
        "cell": _("Mobile"),
        "text": _("Text messages"),
        "textphone": _("Text telephone for deaf people"),
        "video": _("Video calls"),
        "fax": _("Fax"),
    }


def party_names() -> Mapping[str, str]:
    """Return what a body does for a service."""
    return {
        "decides": _("decides who gets it"),
        "delivers": _("gives it"),
        "pays": _("pays for it"),
        "answers_to": _("it answers to them"),
    }


def alias_names() -> Mapping[str, str]:
    """Return what a further name is."""
    return {"alias": _("also called so"), "former": _("former name")}


def circumstance_names() -> Mapping[str, str]:
    """Return the circumstances by code."""
    return {code: term(code) for code in vocabulary().circumstances}


def place_names() -> Mapping[str, str]:
    """Return what kinds of places there are."""
    return {
        "physical": _("a place one goes to"),
        "virtual": _("by phone or online"),
        "postal": _("an address for letters"),
    }


def kind_names() -> Mapping[str, str]:
    """Return the kinds of organisations."""
    return {
        "ngo": _("Non-profit organisation"),
        "debt_adviser": _("Debt adviser"),
        "housing_agency": _("Housing agency"),
        "clinic": _("Clinic"),
        "employer": _("Employer"),
        "municipality": _("Municipality"),
        "pension_fund": _("Pension fund"),
        "social_protection": _("Social protection office"),
        "employment_service": _("Employment service"),
        "adult_education": _("Adult education"),
        "school": _("School"),
        "parish": _("Parish"),
        "self_help_group": _("Self-help group"),
        "research_centre": _("Research centre"),
        "police_probation": _("Police or probation"),
        "transport": _("Transport"),
        "other": _("Other organisation"),
    }
