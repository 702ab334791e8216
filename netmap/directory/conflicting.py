"""Where a source and the people here say different things of one record, and whose word counts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base, UtcDateTime, now
from netmap.directory.records import new_id

RULES = ("ours", "theirs", "ask")
ANY = "*"  # every table, or every field
WHOLE = ""  # in place of a field: the row itself, which people deleted here


class SourceRule(Base):
    """Whose word counts for one field of a table of a source, without asking each time."""

    __tablename__ = "source_rule"
    __table_args__ = (UniqueConstraint("source_id", "table_name", "field"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    table_name: Mapped[str] = mapped_column(String(40), default=ANY)
    field: Mapped[str] = mapped_column(String(60), default=ANY)
    rule: Mapped[str] = mapped_column(String(6))


class SourceConflict(Base):
    """One field that people wrote here and that its source has changed since, or a row that they deleted.

    ``base`` is what the source said before, ``ours`` what people wrote, ``theirs`` what the source says now,
    as the file of the database holds them. Of a deleted row ``theirs`` is its name.
    """

    __tablename__ = "source_conflict"
    __table_args__ = (
        UniqueConstraint("table_name", "row_id", "field"),
        Index("ix_source_conflict_open", "state", "source_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"))
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str] = mapped_column(String(36))
    field: Mapped[str] = mapped_column(String(60))
    base: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    ours: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    theirs: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    state: Mapped[str] = mapped_column(String(6), default="open")  # open, ours, theirs
    by_rule: Mapped[bool] = mapped_column(default=False)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
