"""Whether a service is still given when its organization has closed. Pure."""

from datetime import date

CLOSED = "defunct"


def status_of(status: str, closed_on: date | None, today: date) -> str:
    """Return the status of a service: closed for good from the day on which its organization closes.

    Examples
    --------
    >>> day = date(2026, 5, 31)
    >>> status_of("active", day, day), status_of("active", day, date(2026, 5, 30))
    ('defunct', 'active')
    """
    return CLOSED if closed_on is not None and closed_on <= today else status
