"""Imports and what each of them changed, so that the whole of it can be taken back."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, String, UniqueConstraint, and_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.auth.models import User
from netmap.db import Base, UtcDateTime, now

KINDS = ("directory", "areas", "demand", "travel", "shapes")
STATES = (
    "mapping",  # waits for a person to say what the columns mean
    "waiting",  # waits for the worker
    "checking",
    "checked",  # the dry run is done, a person decides
    "applying",
    "learning",  # the data is in; suggestions of service types are learnt from it
    "done",
    "failed",
    "interrupted",  # the worker died on it; the directory is as it was
    "undoing",
    "undone",
)
RUNNING = ("waiting", "checking", "applying", "learning", "undoing")


class ImportRun(Base):
    """One file on its way into the directory."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(80), index=True)
    file_name: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(String(64))  # None for a folder
    folder: Mapped[str | None] = mapped_column(String(32))  # where the upload lies; None from the terminal
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # None: at the terminal
    language: Mapped[str] = mapped_column(String(2), default="en")  # of the sentences in the report
    state: Mapped[str] = mapped_column(String(12))
    step: Mapped[str] = mapped_column(String(10), default="check")  # what a waiting one waits for
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    started_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # when the last step was asked for, then when it began
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    choices: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))  # column -> field
    map_name: Mapped[str | None] = mapped_column(String(80))  # of a map that somebody chose
    map_text: Mapped[str | None] = mapped_column(deferred=True)  # up to 200 kB: not for lists of runs
    needs_map: Mapped[bool] = mapped_column(default=False)  # it failed because only a map could explain it
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str | None]
    apart: Mapped[list[str] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # "table id" of renamed records that a person says are others

    user: Mapped[User | None] = relationship()

    @hybrid_property
    def in_force(self) -> bool:
        """Whether the directory holds what this import brought; so it does while it waits to be undone."""
        return self.applied_at is not None and self.state != "undone"

    @in_force.inplace.expression
    @classmethod
    def _in_force(cls) -> ColumnElement[bool]:
        return and_(cls.applied_at.is_not(None), cls.state != "undone")


class ImportChange(Base):
    """One row that an import wrote: as it was before, and the hash of what it became."""

    __tablename__ = "import_change"
    __table_args__ = (UniqueConstraint("run_id", "table_name", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str] = mapped_column(String(80))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # None: it was not there
    after_hash: Mapped[str | None] = mapped_column(String(64))  # None: it is not there any more
