"""How work with a package is done: its track and model, the crisis line, and the eight parts of a standard.

The eight parts are what a standard of case management is written under, from why the package is there to when
work ends. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from netmap.i18n import gettext as _
from netmap.packages.fields import LONGEST_DESCRIPTION, Fields
from netmap.packages.substitutes import Texts
from netmap.vocabulary.terms import vocabulary

TRACKS = ("barriers", "job_search")
MODELS = ("intensive", "clinical", "strengths", "broker")
SLOTS = ("purpose", "assessment", "model", "plan", "monitoring", "update", "crisis", "closure")
HIGHEST_COST = 1_000_000
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Crisis:
    """What to do at once when things turn, whatever the score: kinds of service, the first to call first."""

    service_types: tuple[str, ...]
    text: Texts = field(default_factory=dict)


class Working(NamedTuple):
    """The part of a document that says how work is done; the fields are those of the document."""

    track: str
    model: str
    crisis: Crisis | None
    standard: Mapping[str, Texts]
    cost: float | None
    owner: str
    pilot: bool


def read_working(top: Fields) -> Working:
    """Return how work with the package is done."""
    track = top.text("track") or TRACKS[0]
    Fields({}, top.errors, place=_("Track: ")).check("track", track, TRACKS)
    model = top.text("model")
    if model:
        Fields({}, top.errors, place=_("Way of working: ")).check("model", model, MODELS)
    owner = top.text("owner")
    if owner and not _MAIL.fullmatch(owner):
        top.wrong("owner", _("The owner is named by an e-mail address, such as 'anna@city.example'."))
    return Working(
        track, model, _crisis(top), _standard(top), _cost(top), owner.casefold(), top.yes("pilot", False)
    )


def slot_name(slot: str) -> str:
    """Return the name of a part of the standard in the reader's words."""
    names = {
        "purpose": _("Purpose"),
        "assessment": _("Assessment of needs"),
        "model": _("Choice of the model"),
        "plan": _("Plan"),
        "monitoring": _("Monitoring"),
        "update": _("Update"),
        "crisis": _("Crisis"),
        "closure": _("Closure"),
    }
    return names.get(slot, slot)


def slot_hint(slot: str) -> str:
    """Return what belongs into a part of the standard."""
    hints = {
        "purpose": _("What shall be different for these people in the end?"),
        "assessment": _("What is asked, by whom, and what is easily overlooked?"),
        "model": _("Why this way of working, and not another?"),
        "plan": _("How is the plan made together, and what comes first?"),
        "monitoring": _("Who looks how often, and at what?"),
        "update": _("What makes the plan change, and when at the latest is it looked at again?"),
        "crisis": _("What are the signs, and who does what in the same hour?"),
        "closure": _("By what does one see that it is done, and who stays in touch afterwards?"),
    }
    return hints.get(slot, "")


def track_name(track: str) -> str:
    """Return the name of a track in the reader's words."""
    return {"job_search": _("Job search"), "barriers": _("Removing barriers")}.get(track, track)


def _crisis(top: Fields) -> Crisis | None:
    part = top.part("crisis")
    if not part.values:
        return None
    part.only(Crisis.__dataclass_fields__)
    known = vocabulary().service_types
    named = [str(code) for code in part.sequence("service_types")]
    types = tuple(dict.fromkeys(code for code in named if part.check("service_types", code, known)))
    texts = part.texts("text", longest=LONGEST_DESCRIPTION)
    if not types and texts:
        part.wrong("service_types", _("Choose at least one kind of service that answers in a crisis."))
    return Crisis(types, texts) if types or texts else None


def _standard(top: Fields) -> dict[str, Texts]:
    part = top.part("standard")
    part.only(SLOTS)
    found = {slot: part.texts(slot, longest=LONGEST_DESCRIPTION) for slot in SLOTS}
    return {slot: texts for slot, texts in found.items() if texts}


def _cost(top: Fields) -> float | None:
    value = top.values.get("cost")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and value < 0:
        top.wrong("cost", _("The cost cannot be below zero; leave it empty if nobody knows it."))
        return None
    return top.number("cost", 0, HIGHEST_COST)
