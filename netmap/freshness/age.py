"""How old the last confirmation by a person is, against how often that record should be confirmed. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

State = Literal["fresh", "due", "old", "never"]

STALE_DAYS = 365  # where neither the record nor the settings say anything else
DUE_SHARE = 0.5  # from this share of its rhythm on a record may be rung; past all of it, it is old


class Rhythmed(Protocol):
    """What may say how often it should be confirmed: an organization."""

    @property
    def review_days(self) -> int | None:
        """Days between two confirmations; None where nobody said."""


class Checked(Rhythmed, Protocol):
    """What a person confirms on a day: a service."""

    @property
    def assured_date(self) -> date | None:
        """The day of the last confirmation by a person."""

    @property
    def organization(self) -> Rhythmed | None:
        """Who offers it."""


@dataclass(frozen=True, slots=True)
class Age:
    """Days since a person last confirmed a record (None: never), and what that means."""

    days: int | None
    state: State
    rhythm: int

    @property
    def warns(self) -> bool:
        """Whether one should ask before sending anybody there."""
        return self.state in ("old", "never")


def human_age(service: Checked, today: date, *, stale_days: int = STALE_DAYS) -> Age:
    """Return how long ago a person last confirmed a service, and whether that is too long for it.

    Parameters
    ----------
    service : Checked
        Its own ``review_days`` counts, else that of its organization, else ``stale_days``.
    today : date
        In the time zone of the office.
    stale_days : int
        The setting ``NETMAP_STALE_DAYS``.
    """
    of_organization = service.organization.review_days if service.organization else None
    return age_of(service.assured_date, rhythm(service.review_days, of_organization, stale_days), today)


def rhythm(own: int | None, of_organization: int | None, stale_days: int = STALE_DAYS) -> int:
    """Return after how many days a record should be confirmed again, at least one.

    Examples
    --------
    >>> rhythm(30, 90), rhythm(None, 90), rhythm(None, None)
    (30, 90, 365)
    """
    return max(1, own or of_organization or stale_days)


def age_of(confirmed: date | None, rhythm_days: int, today: date) -> Age:
    """Return the age of a confirmation: fresh for half of the rhythm, then due, old past the whole of it.

    Examples
    --------
    >>> today = date(2026, 11, 26)
    >>> [age_of(day, 30, today).state
    ...  for day in (date(2026, 11, 20), date(2026, 11, 5), date(2026, 10, 1), None)]
    ['fresh', 'due', 'old', 'never']
    >>> age_of(date(2026, 12, 1), 30, today)  # a day that is still to come counts as today
    Age(days=0, state='fresh', rhythm=30)
    """
    if confirmed is None:
        return Age(None, "never", rhythm_days)
    days = max(0, (today - confirmed).days)
    if days > rhythm_days:
        return Age(days, "old", rhythm_days)
    return Age(days, "due" if days > DUE_SHARE * rhythm_days else "fresh", rhythm_days)
