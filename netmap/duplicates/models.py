"""Tables of duplicates: what a search for them found, and which pairs a person said are two things."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base, UtcDateTime, now
from netmap.directory.records import new_id


class DuplicatePair(Base):
    """Two records that may be one thing, as the last search found them; the smaller id first.

    ``reasons`` are features and their values (`netmap.duplicates.reasons`), so that each reader gets them in
    the own language.
    """

    __tablename__ = "duplicate_pair"
    __table_args__ = (Index("ix_duplicate_pair_likelihood", "table_name", "likelihood"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    table_name: Mapped[str] = mapped_column(String(40))
    first_id: Mapped[str] = mapped_column(String(36), index=True)
    second_id: Mapped[str] = mapped_column(String(36), index=True)
    likelihood: Mapped[float]
    sure: Mapped[str] = mapped_column(String(10))  # "surely" or "perhaps"
    reasons: Mapped[list[list[Any]]] = mapped_column(JSON)


class DuplicateSearch(Base):
    """When duplicates of a table were last searched for, and among how many records."""

    __tablename__ = "duplicate_search"

    table_name: Mapped[str] = mapped_column(String(40), primary_key=True)
    searched_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    records: Mapped[int]


class NotSame(Base):
    """A person says that two records are two things; it holds until one of them changes.

    The ids have no foreign key, since they are of three tables.
    """

    __tablename__ = "not_same"
    __table_args__ = (UniqueConstraint("first_id", "second_id", name="uq_not_same_pair"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    table_name: Mapped[str] = mapped_column(String(40))
    first_id: Mapped[str] = mapped_column(String(36), index=True)
    second_id: Mapped[str] = mapped_column(String(36), index=True)
    first_print: Mapped[str] = mapped_column(String(64))  # what the record said then (`finding.card_print`)
    second_print: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    decided_by: Mapped[str]
