"""The criteria of entry with all their versions, and what was decided by them: never a person."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base, UtcDateTime, now
from netmap.directory.models import new_id


class EntryCriteria(Base):
    """One version of a set of criteria; versions are added and never changed."""

    __tablename__ = "entry_criteria"
    __table_args__ = (UniqueConstraint("code", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    rule: Mapped[str] = mapped_column(String(3))  # "any" or "all"
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # {"key", "text", "measure"}
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    author: Mapped[str] = mapped_column(String(254))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class EntryDecision(Base):
    """One decision whether case management begins: answers, result and reasons as codes.

    The receiver is kept by id and by name, since the decision outlives the record of the directory.
    """

    __tablename__ = "entry_decision"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    criteria_code: Mapped[str] = mapped_column(String(80), index=True)
    criteria_number: Mapped[int]
    answers: Mapped[dict[str, str]] = mapped_column(JSON)  # criterion -> yes or no; what is missing is open
    followed: Mapped[str] = mapped_column(String(20))  # from the answers; "" where they leave it open
    result: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[list[str]] = mapped_column(JSON)
    sentence: Mapped[str] = mapped_column(String(200))
    receiver_kind: Mapped[str] = mapped_column(String(12))  # "service", "organization" or ""
    receiver_id: Mapped[str] = mapped_column(String(250))
    receiver_name: Mapped[str]
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    author: Mapped[str] = mapped_column(String(254))
    decided_on: Mapped[date]
