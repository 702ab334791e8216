"""Whether a vacancy still stands, and for how many hours nobody has confirmed it. Pure."""

from dataclasses import dataclass
from datetime import datetime

WITHDRAWN, FILLED, OVER = "withdrawn", "filled", "over"
CLOSED = (WITHDRAWN, FILLED, OVER)
NEVER, OLD, FRESH = "never", "old", "fresh"
OPEN = (FRESH, OLD, NEVER)  # the best to send somebody to comes first


@dataclass(frozen=True, slots=True)
class State:
    """How a vacancy stands.

    Attributes
    ----------
    code : str
        "withdrawn", "filled" and "over" are closed; "fresh", "old" and "never" (attested) are open.
    hours : int or None
        Whole hours since somebody attested it; None where nobody has.
    """

    code: str
    hours: int | None

    @property
    def open(self) -> bool:
        """Whether somebody may still be sent there."""
        return self.code in OPEN


def state_of(row: object, moment: datetime, ask_after: int) -> State:
    """Return how a vacancy stands at a moment: it closes by itself at no free place, and past its last day.

    Parameters
    ----------
    row : object
        With ``places``, ``valid_to``, ``attested_at`` and ``withdrawn_at`` as the table has them. Places that
        nobody counted are not none.
    moment : datetime
        In the time zone of the office, for the last day is a day there.
    ask_after : int
        Hours after which one has to ask first.

    Examples
    --------
    >>> from datetime import UTC, date, timedelta
    >>> from types import SimpleNamespace as Row
    >>> noon = datetime(2026, 11, 26, 12, tzinfo=UTC)
    >>> said = noon - timedelta(hours=3)
    >>> row = Row(places=1, valid_to=date(2026, 11, 26), attested_at=said, withdrawn_at=None)
    >>> state_of(row, noon, 72), state_of(row, noon + timedelta(days=1), 72).code
    (State(code='fresh', hours=3), 'over')
    >>> row.valid_to, row.places = None, 0
    >>> state_of(row, noon, 72).code
    'filled'
    """
    attested = getattr(row, "attested_at", None)
    hours = max(0, int((moment - attested).total_seconds() // 3600)) if attested else None
    last = getattr(row, "valid_to", None)
    if getattr(row, "withdrawn_at", None) is not None:
        return State(WITHDRAWN, hours)
    if getattr(row, "places", None) == 0:
        return State(FILLED, hours)
    if last is not None and last < moment.date():
        return State(OVER, hours)
    if hours is None:
        return State(NEVER, None)
    return State(OLD if hours >= ask_after else FRESH, hours)
