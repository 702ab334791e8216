"""Columns that every row of the directory has: its id, where it came from, and who changed it when."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from netmap.db import Base, UtcDateTime, now


def new_id() -> str:
    """Return a new random UUID as text."""
    return str(uuid4())


def part_of(key: str) -> ForeignKey:
    """Return a reference to the one row without which this row means nothing: it goes when that goes."""
    return ForeignKey(key, ondelete="CASCADE")


def points_to(key: str) -> ForeignKey:
    """Return a reference to one of several rows that share this row: it stays when that goes."""
    return ForeignKey(key, ondelete="SET NULL")


class Source(Base):
    """A file, folder or office from which records were imported."""

    __tablename__ = "source"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str]
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(default="")


class Sourced:
    """Columns of every row that can come from a source: its id there, and whether it is gone there."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    source_key: Mapped[str | None] = mapped_column(String(200))
    removed_in_source: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @declared_attr
    def source_id(cls) -> Mapped[str | None]:
        """The source of this row; None for rows typed by a person."""
        return mapped_column(ForeignKey("source.id"), index=True)


class Edited:
    """Columns of tables that people edit: a version against lost updates, and the last change."""

    version: Mapped[int] = mapped_column(default=1)
    last_modified: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}
