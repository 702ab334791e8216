"""How much of a service a line promises: "2 a week for 12 weeks". Pure."""

from dataclasses import dataclass

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.packages.fields import Fields

PERIODS = ("once", "week", "month")
MOST_TIMES, MOST_WEEKS = 100, 520


@dataclass(frozen=True)
class Dose:
    """So many times in each period; ``weeks`` is for how long, None as long as needed.

    With ``per`` "once" the times are all there are.
    """

    times: int
    per: str
    weeks: int | None = None


def read_dose(line: Fields) -> Dose | None:
    """Return the dose of a line, None where it promises none."""
    part = line.part("dose")
    if not part.values:
        return None
    part.only(Dose.__dataclass_fields__)
    times = _whole(
        part,
        "times",
        MOST_TIMES,
        _("say how many times: a whole number from 1 to %(most)s.", most=MOST_TIMES),
    )
    per = part.text("per")
    if per:
        part.check("per", per, PERIODS)
    else:
        part.wrong("per", _("say per what: once, week or month."))
    weeks = None
    if part.values.get("weeks") is not None:
        weeks = _whole(
            part,
            "weeks",
            MOST_WEEKS,
            _("say for how many weeks: a whole number from 1 to %(most)s.", most=MOST_WEEKS),
        )
    return Dose(times, per, weeks)


def dose_in_words(dose: Dose) -> str:
    """Return the dose in the reader's words."""
    if dose.per == "once":
        words = ngettext("%(number)s time in all", "%(number)s times in all", dose.times)
    elif dose.per == "month":
        words = ngettext("%(number)s time a month", "%(number)s times a month", dose.times)
    else:
        words = ngettext("%(number)s time a week", "%(number)s times a week", dose.times)
    if dose.weeks is None:
        return words
    weeks = ngettext("%(number)s week", "%(number)s weeks", dose.weeks)
    return _("%(times)s, for %(weeks)s", times=words, weeks=weeks)


def _whole(part: Fields, name: str, most: int, sentence: str) -> int:
    """Return a whole number from 1; the sentence where there is none, 1 to go on with."""
    value = part.values.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 1 <= value <= most:
        part.wrong(name, sentence)
        return 1
    if value != int(value):
        part.wrong(name, sentence)
    return int(value)
