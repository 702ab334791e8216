"""Tables of what was written by hand: one entry for each thing done, and the rows it changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base, UtcDateTime, now

KINDS = (
    "new", "edit", "confirm", "close", "capacity", "provider", "correction", "merge", "undo", "vacancy",
    "partner", "handover", "conflict", "gap",
)  # fmt: skip


class Edit(Base):
    """One thing that somebody did to a record, whatever rows it took."""

    __tablename__ = "edit"
    __table_args__ = (Index("ix_edit_about", "about_table", "about_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    by: Mapped[str] = mapped_column(String(254), index=True)  # e-mail, or who got the provider's link
    kind: Mapped[str] = mapped_column(String(12))
    about_table: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(default="")
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("edit.id", ondelete="SET NULL"))

    changes: Mapped[list["EditChange"]] = relationship(order_by="EditChange.id", passive_deletes=True)

    def about(self) -> tuple[str, str]:
        """Return the table and the id of the record that the person had in mind."""
        return self.about_table, self.about_id

    @property
    def nothing(self) -> bool:
        """Whether nothing was changed, so that no entry was kept."""
        return self.id is None


class EditChange(Base):
    """One row that an edit changed, before and after, as the file of the database holds it."""

    __tablename__ = "edit_change"
    __table_args__ = (Index("ix_edit_change_row", "table_name", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    edit_id: Mapped[int] = mapped_column(ForeignKey("edit.id", ondelete="CASCADE"), index=True)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str] = mapped_column(String(80))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # None: it was not there
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # None: it is gone
