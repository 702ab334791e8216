"""What two organizations have with each other, and whether it is more than paper. Pure.

An agreement in force of which no contact and no use is recorded for months is a formal tie: it is told apart
from one that lives, and from one of which nobody ever recorded anything, for unknown is not no.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

AGREEMENT, CONTACT, FUNDING = "agreement", "contact", "funding"
JOINT_SERVICE, OVERSIGHT, JOINT_BODY = "joint_service", "oversight", "joint_body"
KINDS = (AGREEMENT, CONTACT, FUNDING, JOINT_SERVICE, OVERSIGHT, JOINT_BODY)
BINDING = frozenset({AGREEMENT, JOINT_SERVICE})  # while they hold, people can be handed over
CONTACT_MONTHS = 12  # an assumption: older contacts say little about whom one can call today

State = Literal["living", "dead", "silent", "new", "ended", "coming"]


@dataclass(frozen=True, slots=True)
class Bond:
    """One typed tie between two organizations; ``one`` is before ``other`` in the order of their ids.

    ``last`` is the last recorded contact, use or meeting of the body in which both sit, None where nobody
    recorded any; ``noted`` is when our own staff last spoke with one of the two: that is a contact with us,
    and says nothing of what they have with each other. ``source`` is "agreement", "tie", "service" or
    "body", and ``key`` the id there.
    """

    one: str
    other: str
    kind: str
    matter: str
    begins: date | None
    ends: date | None
    last: date | None
    source: str
    key: str
    noted: date | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """Return both organizations."""
        return self.one, self.other

    def holds(self, day: date) -> bool:
        """Return whether the days of the tie contain a day; one without an end goes on."""
        begun = self.begins is None or self.begins <= day
        return begun and (self.ends is None or self.ends >= day)

    def active(self, day: date, since: date) -> bool:
        """Return whether a contact or a use is recorded from ``since`` to ``day``.

        That a body met is none of the two: nobody recorded who came.
        """
        return self.kind != JOINT_BODY and self.last is not None and since <= self.last <= day

    def links(self, day: date, since: date) -> bool:
        """Return whether people can be handed over by it: it binds and holds, or they were in contact."""
        return self.active(day, since) or (self.kind in BINDING and self.holds(day))


def bond(
    one: str,
    other: str,
    kind: str,
    matter: str = "",
    *,
    begins: date | None = None,
    ends: date | None = None,
    last: date | None = None,
    source: str = "tie",
    key: str = "",
    noted: date | None = None,
) -> Bond:
    """Return a tie with its two ends in order."""
    first, second = sorted((one, other))
    return Bond(first, second, kind, matter, begins, ends, last, source, key, noted)


def state_of(found: Bond, day: date, since: date) -> State:
    """Return how much life is in a tie.

    Returns
    -------
    str
        "coming" and "ended" by its days; of one that holds: "living" (something recorded since ``since``),
        "dead" (the last record is older), "silent" (nothing was ever recorded, though it began before
        ``since`` or nobody knows when) and "new" (nothing recorded yet, but it began after ``since``).
    """
    if not found.holds(day):
        return "ended" if found.ends is not None and found.ends < day else "coming"
    if found.last is not None and found.last >= since:
        return "living"
    if found.begins is not None and found.begins > since:
        return "new"
    return "silent" if found.last is None else "dead"


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, the last of the month where there is none.

    Examples
    --------
    >>> months_before(date(2026, 3, 31), 1), months_before(date(2026, 11, 27), 12)
    (datetime.date(2026, 2, 28), datetime.date(2025, 11, 27))
    """
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
