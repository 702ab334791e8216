"""The facts of a service that a scenario names, as fields of an offer. Pure."""

from collections.abc import Callable, Mapping

from netmap.directory.hours import Rule
from netmap.i18n import gettext as _
from netmap.packages.fields import Fields
from netmap.packages.hours import read_hours, windows
from netmap.packages.people import read_languages

DURATIONS = ("once", "short", "long")
FACTS = (
    "languages", "interpreter", "hours", "fee", "duration", "capacity", "remote", "serves", "step_free",
    "minimum_age", "maximum_age",
)  # fmt: skip


def read_facts(
    part: Fields, areas: Mapping[str, object], inside: Callable[[str], frozenset[str]]
) -> dict[str, object]:
    """Return the fields of an offer that are named."""
    found: dict[str, object] = {}
    given = part.values
    if "languages" in given:
        found["languages"] = frozenset(read_languages(part))
    if "hours" in given:
        found["rules"] = tuple(
            Rule(byday=((0, day),), opens=first, closes=last)
            for day, first, last in windows(read_hours(part))
        )
    if "duration" in given:
        found["duration"] = part.code("duration", DURATIONS, _("say how long the help lasts."))
    if "serves" in given:
        codes = part.codes("serves", areas)
        found["serves"] = frozenset(one for code in codes for one in inside(code))
    for name in ("interpreter", "remote", "step_free"):
        if name in given:
            found[name] = part.yes(name, False)
    for name, most in (("fee", 1_000_000), ("minimum_age", 130), ("maximum_age", 130)):
        if name in given:
            found[name] = part.number(name, 0, most)
    if found.get("fee", 0) is None:
        part.wrong("fee", _("a number is needed here; 0 where it is free."))
    if found.get("remote") and "serves" not in found:
        part.wrong("serves", _("say which areas the help from afar serves."))
    return found
