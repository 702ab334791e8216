"""Tables of what goes on between organizations: who works with whom, and who looks for people to employ.

Both are netmap's own; HSDS has no word for them.
"""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base, UtcDateTime
from netmap.directory.details import Contact
from netmap.directory.records import Sourced, part_of, points_to

TIE_KINDS = ("agreement", "contact", "funding", "joint_service")


class Tie(Sourced, Base):
    """Two organizations work together; said by the first, shown with both."""

    __tablename__ = "tie"

    organization_id: Mapped[str] = mapped_column(part_of("organization.id"), index=True)
    other_organization_id: Mapped[str] = mapped_column(part_of("organization.id"), index=True)
    kind: Mapped[str | None] = mapped_column(String(20))
    matter: Mapped[str | None]
    begun: Mapped[date | None]
    ends: Mapped[date | None]
    review_date: Mapped[date | None]
    last_contact: Mapped[date | None]
    note: Mapped[str | None]


class Vacancy(Sourced, Base):
    """Work that an organization offers, and who attested at which moment that it is still there."""

    __tablename__ = "vacancy"

    organization_id: Mapped[str] = mapped_column(part_of("organization.id"), index=True)
    location_id: Mapped[str | None] = mapped_column(points_to("location.id"), index=True)
    contact_id: Mapped[str | None] = mapped_column(points_to("contact.id"), index=True)
    title: Mapped[str]
    description: Mapped[str | None]
    pay: Mapped[str | None]
    hours: Mapped[str | None]
    requirements: Mapped[str | None]
    places: Mapped[int | None]
    attested_by: Mapped[str | None]
    attested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the moment, for it ages by the hour
    valid_to: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    contact: Mapped[Contact | None] = relationship()
