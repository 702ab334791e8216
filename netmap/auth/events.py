"""What happened at the doors: a book of security events that is only written on, never changed.

It names members of staff by their number, never clients. An e-mail address that nobody has is kept as a keyed
hash only: people type passwords into the wrong field.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.auth.models import SecurityEvent, User

KINDS = (
    "signed in", "sign-in failed", "signed out", "person added", "password changed",
    "password set", "role changed", "locked out", "let in again", "sessions ended",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the book: when, what, who did it (None: the terminal or nobody known) and to whom."""

    at: datetime
    kind: str
    by: str | None
    about: str | None
    detail: str


def record(
    session: Session, kind: str, *, by: int | None = None, about: int | None = None, detail: str = ""
) -> None:
    """Write an event into the book, in the transaction of what happened.

    Raises
    ------
    ValueError
        For a kind that is not in the list.
    """
    if kind not in KINDS:
        raise ValueError(f"'{kind}' is no kind of security event")
    session.add(SecurityEvent(kind=kind, by_id=by, about_id=about, detail=detail))
    session.flush()


def happened(session: Session, *, limit: int, offset: int = 0) -> tuple[int, list[Happened]]:
    """Return how many events there are, and a part of them, the latest first."""
    emails = {user.id: user.email for user in session.scalars(select(User))}
    rows = session.scalars(
        select(SecurityEvent).order_by(SecurityEvent.id.desc()).limit(limit).offset(offset)
    )
    found = [
        Happened(row.at, row.kind, emails.get(row.by_id or 0), emails.get(row.about_id or 0), row.detail)
        for row in rows
    ]
    return session.scalar(select(func.count()).select_from(SecurityEvent)) or 0, found
