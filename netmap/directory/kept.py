"""Tables of what people keep beside the records: services put first or left out, searches, what was merged.

No import writes them and no export gives them out.
"""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.auth.models import User
from netmap.db import Base, UtcDateTime, now
from netmap.directory.models import Service
from netmap.directory.records import new_id, part_of

IN_FORCE = text("ended_at IS NULL")


class Curation(Base):
    """A coordinator puts a service first, or leaves it out, for one need or type, and says why."""

    __tablename__ = "curation"
    __table_args__ = (
        Index(
            "uq_curation_in_force",
            "service_id",
            "field",
            "code",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    service_id: Mapped[str] = mapped_column(part_of("service.id"), index=True)
    field: Mapped[str] = mapped_column(String(10))  # "need" or "type"
    code: Mapped[str] = mapped_column(String(60), index=True)
    effect: Mapped[str] = mapped_column(String(10))  # "first" or "out"
    reason: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    decided_by: Mapped[str]  # e-mail of the coordinator, as with types
    until: Mapped[date | None]  # the last day on which it holds; None: until somebody ends it
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None]  # None, too, where its last day had passed

    service: Mapped[Service] = relationship(viewonly=True)


class SavedSearch(Base):
    """A search that a person keeps: its address, and what was found when the person last looked."""

    __tablename__ = "saved_search"
    __table_args__ = (
        UniqueConstraint("user_id", "name", name="uq_saved_search_name"),
        UniqueConstraint("user_id", "address", name="uq_saved_search_address"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    user_id: Mapped[int] = mapped_column(part_of("user.id"), index=True)
    name: Mapped[str]
    address: Mapped[str]  # what follows the "?", in the order of `netmap.directory.saved_address.PARAMETERS`
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    looked_ids: Mapped[bytes] = mapped_column(LargeBinary, default=b"")  # `netmap.directory.saved.marks`

    user: Mapped[User] = relationship(viewonly=True)


class MergedInto(Base):
    """A record that a person merged with another one: whoever still names it is led to the survivor.

    A source goes on naming it, so its key there is kept too. The survivor is never itself merged: merging it
    leads all that led to it further.
    """

    __tablename__ = "merged_into"
    __table_args__ = (Index("ix_merged_into_source", "source_id", "table_name"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)  # of the record that is gone
    table_name: Mapped[str] = mapped_column(String(40))
    survivor_id: Mapped[str] = mapped_column(String(36), index=True)
    source_id: Mapped[str | None] = mapped_column(String(80))
    source_key: Mapped[str | None] = mapped_column(String(200))
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    merged_by: Mapped[str]
