"""Reads of a client what help must look like: track, strengths, refusals, what was set by hand."""

from collections.abc import Mapping

from netmap.directory.saved_address import personal_problem
from netmap.i18n import gettext as _
from netmap.matching.facts import Override
from netmap.matching.providers import OVERRIDABLE
from netmap.matching.strengths import strengths
from netmap.packages.fields import Fields
from netmap.vocabulary.terms import vocabulary

KEYS = ("track", "strengths", "refused_types", "contested", "overrides", "chosen", "most_places")
TRACKS = ("job_search", "barriers")
MOST_PLACES = 50


def track(top: Fields) -> str:
    """Return the track that was chosen; "" for packages of both."""
    value = top.text("track")
    return value if value and top.check("track", value, TRACKS) else ""


def strong_codes(top: Fields) -> frozenset[str]:
    """Return the codes of the person's strengths."""
    return frozenset(top.codes("strengths", strengths()))


def refused_types(top: Fields) -> frozenset[str]:
    """Return the kinds of service that the person does not want."""
    return frozenset(top.codes("refused_types", vocabulary().service_types))


def contested(top: Fields) -> frozenset[str]:
    """Return the needs that the person does not see as theirs."""
    return frozenset(top.codes("contested", vocabulary().needs))


def overrides(top: Fields) -> tuple[Override, ...]:
    """Return the services that are wanted on a line in spite of one criterion; each needs a reason."""
    found = []
    for number, value in enumerate(top.sequence("overrides")):
        part = Fields(value if isinstance(value, Mapping) else {}, top.errors, f"overrides.{number}.")
        part.only(("service_id", "line", "criterion", "reason"))
        texts = [part.text(name) for name in ("service_id", "line", "criterion", "reason")]
        for name, text in zip(("service_id", "line", "criterion"), texts, strict=False):
            if not text:
                part.wrong(name, _("say which service, which line and which criterion it is about."))
        if texts[2]:
            part.check("criterion", texts[2], OVERRIDABLE)
        if not texts[3]:
            part.wrong("reason", _("say why this service is taken in spite of the criterion."))
        elif problem := personal_problem(texts[3]):
            part.wrong("reason", problem)
        found.append(Override(*texts))
    return tuple(dict.fromkeys(found))


def chosen(top: Fields) -> dict[str, str]:
    """Return line key -> service set by hand ("": nobody)."""
    part = top.part("chosen")
    return {line: part.text(line) for line in part.values}


def most_places(top: Fields) -> int | None:
    """Return to how many places the person can go at most; None for no limit."""
    value = top.values.get("most_places")
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_PLACES:
        return value
    top.wrong("most_places", _("a whole number from 1 to %(most)s is needed here.", most=MOST_PLACES))
    return None
