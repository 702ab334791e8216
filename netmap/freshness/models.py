"""Tables of upkeep: calls and what they found, who rings whom today, how often services are used, how true
the directory was on each day. No client stands in any of them, and no word of a question.

Records of the directory are named by their ids only, without a reference that the database would check: what
was said about a record stays when the record goes, and never keeps anybody from taking back how it came.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base, UtcDateTime, now
from netmap.directory.records import part_of, points_to
from netmap.editing.models import Edit

OUTCOMES = ("confirmed", "changed", "closed", "no_answer", "wrong_number")
REACHED = ("confirmed", "changed", "closed")  # somebody answered, so the records were put to the test
WAYS = ("phone", "visit", "provider", "web", "letter")


class Confirmation(Base):
    """A person said on a day that a record is right, and how they found out; never written by a machine.

    The day and the person stand in the record too (``assured_date``, ``assurer_email``); the way only here.
    """

    __tablename__ = "confirmation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    edit_id: Mapped[int | None] = mapped_column(index=True)
    service_id: Mapped[str | None] = mapped_column(String(36), index=True)
    organization_id: Mapped[str | None] = mapped_column(String(36), index=True)
    day: Mapped[date]
    by: Mapped[str]
    how: Mapped[str] = mapped_column(String(10))


class Call(Base):
    """One try to reach a provider, and what came of it; taken back, it stays with who did so and when."""

    __tablename__ = "call"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    by: Mapped[str]
    desk: Mapped[str] = mapped_column(String(60), index=True)
    organization_id: Mapped[str | None] = mapped_column(String(36), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    edit_id: Mapped[int | None]
    number: Mapped[str | None]  # the telephone number that was rung
    again_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when to try again
    changed_on: Mapped[date | None]  # since when it is otherwise than recorded, where the provider said so
    note: Mapped[str] = mapped_column(default="")  # what was heard, for whoever writes it down
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None]

    records: Mapped[list["CalledRecord"]] = relationship(
        order_by="CalledRecord.service_id", cascade="all, delete-orphan", passive_deletes=True
    )


def stands() -> ColumnElement[bool]:
    """Return the condition that a call counts: neither it nor what it wrote was taken back."""
    taken_back = select(Edit.id).where(Edit.id == Call.edit_id, Edit.undone_by_id.is_not(None))
    return Call.undone_at.is_(None) & ~taken_back.exists()


class CalledRecord(Base):
    """One service that was put to the test in a call: right as it stood, changed, or closed."""

    __tablename__ = "called_record"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    call_id: Mapped[int] = mapped_column(part_of("call.id"), index=True)
    service_id: Mapped[str] = mapped_column(String(36), index=True)
    found: Mapped[str] = mapped_column(String(10))  # right, changed, closed


class DoubtfulPhone(Base):
    """A telephone number under which somebody else answered, or nobody any more; it is not deleted."""

    __tablename__ = "doubtful_phone"

    phone_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    call_id: Mapped[int | None] = mapped_column(points_to("call.id"), index=True)
    since: Mapped[date]
    by: Mapped[str]


class Claim(Base):
    """Who rings a desk on a day; one person a desk and day, and over when the day ends."""

    __tablename__ = "ring_claim"
    __table_args__ = (UniqueConstraint("day", "desk", name="uq_ring_claim_day_desk"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    day: Mapped[date]
    desk: Mapped[str] = mapped_column(String(60))
    person: Mapped[str]
    given_by: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ServiceUse(Base):
    """How often a service was shown, opened, offered in a match and chosen in one week: counts only."""

    __tablename__ = "service_use"

    service_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)  # its Monday
    shown: Mapped[int] = mapped_column(default=0)
    opened: Mapped[int] = mapped_column(default=0)
    matched: Mapped[int] = mapped_column(default=0)
    chosen: Mapped[int] = mapped_column(default=0)


class TruthSnapshot(Base):
    """How true a part of the directory was on a day: ``part`` is all, area, type or source."""

    __tablename__ = "truth_snapshot"

    day: Mapped[date] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(String(10), primary_key=True)
    code: Mapped[str] = mapped_column(String(80), primary_key=True, default="")
    services: Mapped[int]
    within: Mapped[int]  # confirmed by a person within their rhythm
    never: Mapped[int]
    doubtful: Mapped[int]  # with a doubtful telephone number
    closed: Mapped[int]  # closed for good and still listed
    called: Mapped[int]  # records put to the test by calls in the 90 days before
    as_recorded: Mapped[int]  # of those, right as they stood
