"""The filters of a search: which there are, which codes they know, and what both are called."""

from collections.abc import Mapping

from netmap.directory import facet_codes
from netmap.directory.area_table import AreaTable
from netmap.directory.ties import TIE_KINDS
from netmap.i18n import gettext as _
from netmap.i18n.names import language_name
from netmap.search.backend import ANY_LANGUAGE
from netmap.vocabulary.terms import label, vocabulary

FIELDS = (
    "need", "type", "area", "language", "cost", "access", "target", "threshold", "layer", "takes", "relation",
)  # fmt: skip
CHECKED_DAYS = (90, 180, 365)


def known_codes(name: str) -> tuple[str, ...] | None:
    """Return the codes of a filter that has a fixed list of them; None for languages and areas."""
    fixed: Mapping[str, tuple[str, ...]] = {
        "need": tuple(vocabulary().needs),
        "type": tuple(vocabulary().service_types),
        "cost": facet_codes.COSTS,
        "access": facet_codes.ACCESS,
        "target": tuple(vocabulary().circumstances),
        "threshold": facet_codes.THRESHOLDS,
        "layer": facet_codes.LAYERS,
        "takes": facet_codes.TAKES,
        "relation": TIE_KINDS,
    }
    return fixed.get(name)


def field_label(name: str) -> str:
    """Return what a filter is called."""
    names = {
        "need": _("Need"),
        "type": _("Kind of service"),
        "area": _("Area"),
        "open": _("Open"),
        "takes": _("Takes new people"),
        "language": _("Language"),
        "cost": _("Cost"),
        "access": _("How to get to it"),
        "target": _("Meant for"),
        "threshold": _("Easy to begin"),
        "layer": _("Who stands behind it"),
        "checked": _("Checked by a person"),
        "relation": _("Who works with it"),
        "distance": _("Distance"),
    }
    return names.get(name, name)


def code_label(name: str, code: str, table: AreaTable) -> str:
    """Return what a code of a filter is called; the code itself where it has no name."""
    if name == "area":
        return table.label(code)
    if name == "language":
        return _("with an interpreter") if code == ANY_LANGUAGE else language_name(code)
    if name in ("need", "type", "target"):
        return label(code)
    return conditions(name).get(code, code)


def conditions(name: str) -> Mapping[str, str]:
    """Return the names of the codes of what a service asks for and offers."""
    names: Mapping[str, Mapping[str, str]] = {
        "open": {"now": _("Open at that time")},
        "takes": {
            "yes": _("Has places free"),
            "waiting": _("With a waiting list"),
            "full": _("Full at present"),
        },
        "cost": {"free": _("Free of charge"), "fee": _("Costs something")},
        "access": {
            "wheelchair": _("In a wheelchair"),
            "remote": _("By phone or online"),
            "comes_to_you": _("They come to the person"),
        },
        "threshold": {
            "no_appointment": _("No appointment needed"),
            "no_documents": _("No documents needed"),
            "no_queue": _("No queue"),
            "anonymous": _("No name needed"),
            "outreach": _("Comes to people"),
            "soft_entry": _("Just come and look"),
        },
    }
    return names.get(name) or _sides(name)


def _sides(name: str) -> Mapping[str, str]:
    """Return the names of the codes of who stands behind a service, works with it, and has checked it."""
    names: Mapping[str, Mapping[str, str]] = {
        "layer": {
            "self": _("The person's own strength"),
            "circle": _("People in the same situation"),
            "community": _("Parish and neighbourhood"),
            "ngo": _("Non-profit organisation"),
            "state": _("State and municipality"),
        },
        "checked": {"90": _("In the last 90 days"), "180": _("In the last 180 days"),
                    "365": _("In the last year")},
        "relation": {
            "agreement": _("Agreement"),
            "contact": _("In contact"),
            "funding": _("Funding"),
            "joint_service": _("Joint service"),
        },
    }  # fmt: skip
    return names.get(name, {})
