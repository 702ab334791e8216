"""Tables of what people do about gaps: what was decided, and who made sure that it is none of knowledge."""

from datetime import date, datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base, UtcDateTime, now
from netmap.directory.models import new_id
from netmap.directory.records import Edited

DECISIONS = ("watching", "asked_provider", "proposed", "declined", "solved")
BEYOND = ("law", "higher")  # what is out of the power of the place: a law, or a decision higher up
LOOKED_AT = ("colleagues", "services", "types", "calls")


class GapDecision(Edited, Base):
    """What was decided about one gap, who looks after it, and what the authority answered.

    Gaps are worked out anew each time, so what the gap was when it was taken up stands here: its kind, what
    it is called, its areas, and its clients as they may be told.
    """

    __tablename__ = "gap_decision"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)  # the key of the gap
    title: Mapped[str]
    kind: Mapped[str] = mapped_column(String(20))
    service_type: Mapped[str] = mapped_column(String(60))
    package_code: Mapped[str] = mapped_column(String(80))
    areas: Mapped[list[str]] = mapped_column(JSON)  # codes, at the time of taking up
    clients_told: Mapped[str | None]  # never an exact number below five; None where nobody counted
    owner: Mapped[str | None] = mapped_column(index=True)  # e-mail of a member of staff
    decision: Mapped[str] = mapped_column(String(20), index=True)
    remedy: Mapped[str | None] = mapped_column(String(10))  # a step of the ladder
    beyond: Mapped[str | None] = mapped_column(String(10), index=True)  # one of `BEYOND`
    authority: Mapped[str | None]
    sent_on: Mapped[date | None]
    answer: Mapped[str | None]
    answered_on: Mapped[date | None]
    outcome: Mapped[str | None]
    note: Mapped[str | None]
    taken_up_on: Mapped[date]
    by: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    closed_on: Mapped[date | None]  # since when there is no such gap any more, as far as anybody noticed


class GapTest(Base):
    """Somebody made sure that a gap is none of knowledge: on which day, and what was looked at.

    Rows are added, never changed.
    """

    __tablename__ = "gap_test"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    gap_key: Mapped[str] = mapped_column(String(12), index=True)
    day: Mapped[date]
    by: Mapped[str] = mapped_column(String(254))
    looked_at: Mapped[list[str]] = mapped_column(JSON)  # codes of `LOOKED_AT`
    found: Mapped[str | None]  # in one sentence, no client's data
