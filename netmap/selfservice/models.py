"""Tables of what providers do themselves: links, what was tried with them, attestations, corrections.

A link is kept without its token, and an address only as a keyed hash: whoever reads the database can open
no link and find nobody.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base, UtcDateTime, now
from netmap.directory.models import Organization
from netmap.directory.records import new_id, part_of, points_to

PURPOSES = ("records", "vacancy")
WAITING, TAKEN, PARTLY, REFUSED = "waiting", "taken", "partly", "refused"


class ProviderLink(Base):
    """A link by which one addressee sees and corrects the records of one organization until a day."""

    __tablename__ = "provider_link"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organization_id: Mapped[str] = mapped_column(part_of("organization.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10), default="records")
    about_id: Mapped[str | None] = mapped_column(String(36))  # the vacancy, where it is about one
    addressee: Mapped[str] = mapped_column(String(254))  # to whom it was given; stands in the history
    language: Mapped[str] = mapped_column(String(2))  # of the letter, and of the page at first
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    made_by: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[str | None]

    organization: Mapped[Organization] = relationship(viewonly=True)


class LinkEvent(Base):
    """Something that was tried with a link. The same from the same address within a minute is one row."""

    __tablename__ = "link_event"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    link_id: Mapped[str | None] = mapped_column(points_to("provider_link.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(40), default="")  # what was done, a word of the program
    address: Mapped[str] = mapped_column(String(64))  # keyed hash
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    times: Mapped[int] = mapped_column(default=1)


class Attestation(Base):
    """Somebody answers for one field of a record as it was at that moment."""

    __tablename__ = "attestation"
    __table_args__ = (Index("ix_attestation_row", "table_name", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str] = mapped_column(String(36))
    field: Mapped[str] = mapped_column(String(40))
    value_hash: Mapped[str] = mapped_column(String(64))  # SHA-256 of what was attested
    by: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    how: Mapped[str] = mapped_column(String(10), default="provider")


class Correction(Base):
    """What a provider wants to have changed: the fields as it saw them and as they should be."""

    __tablename__ = "correction"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    link_id: Mapped[str | None] = mapped_column(points_to("provider_link.id"), index=True)
    organization_id: Mapped[str] = mapped_column(part_of("organization.id"), index=True)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str] = mapped_column(String(36), index=True)
    base: Mapped[dict[str, Any]] = mapped_column(JSON)  # the fields it is about, as the provider saw them
    wished: Mapped[dict[str, Any]] = mapped_column(JSON)  # the same fields as the provider wants them
    by: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    state: Mapped[str] = mapped_column(String(10), default=WAITING, index=True)
    taken: Mapped[list[str]] = mapped_column(JSON, default=list)  # the fields that were taken
    answer: Mapped[str] = mapped_column(default="")  # a sentence for the provider
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(254))
    edit_id: Mapped[int | None] = mapped_column(ForeignKey("edit.id", ondelete="SET NULL"))

    link: Mapped[ProviderLink | None] = relationship(viewonly=True)
    organization: Mapped[Organization] = relationship(viewonly=True)
