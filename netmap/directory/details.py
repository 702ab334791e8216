"""Tables of what hangs on services and places: addresses, phones, hours, languages, costs, papers."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base
from netmap.directory.records import Sourced


class Address(Sourced, Base):
    """An address of a location."""

    __tablename__ = "address"

    location_id: Mapped[str | None] = mapped_column(ForeignKey("location.id"), index=True)
    attention: Mapped[str | None]
    address_1: Mapped[str] = mapped_column(default="")
    address_2: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    state_province: Mapped[str | None]
    postal_code: Mapped[str | None]
    country: Mapped[str | None]
    address_type: Mapped[str] = mapped_column(String(10), default="physical")


class Phone(Sourced, Base):
    """A telephone number of a location, service, organization or service at a location."""

    __tablename__ = "phone"

    location_id: Mapped[str | None] = mapped_column(ForeignKey("location.id"), index=True)
    service_id: Mapped[str | None] = mapped_column(ForeignKey("service.id"), index=True)
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    service_at_location_id: Mapped[str | None] = mapped_column(
        ForeignKey("service_at_location.id"), index=True
    )
    number: Mapped[str]
    extension: Mapped[str | None]  # text: real files hold "x932"
    type: Mapped[str | None]
    description: Mapped[str | None]


class Schedule(Sourced, Base):
    """One interval of opening hours (RFC 5545 recurrence as HSDS restricts it).

    ``opens_at`` and ``closes_at`` are "HH:MM" in the time zone of the office. ``unread`` keeps the words
    of a source that could not be understood, so that a person can still read them.
    """

    __tablename__ = "schedule"

    service_id: Mapped[str | None] = mapped_column(ForeignKey("service.id"), index=True)
    location_id: Mapped[str | None] = mapped_column(ForeignKey("location.id"), index=True)
    service_at_location_id: Mapped[str | None] = mapped_column(
        ForeignKey("service_at_location.id"), index=True
    )
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    dtstart: Mapped[date | None]
    until: Mapped[date | None]
    count: Mapped[int | None]
    wkst: Mapped[str | None] = mapped_column(String(2))
    freq: Mapped[str | None] = mapped_column(String(10))
    interval: Mapped[int | None]
    byday: Mapped[str | None]
    byweekno: Mapped[str | None]
    bymonthday: Mapped[str | None]
    byyearday: Mapped[str | None]
    description: Mapped[str | None]
    opens_at: Mapped[str | None] = mapped_column(String(5))
    closes_at: Mapped[str | None] = mapped_column(String(5))
    schedule_link: Mapped[str | None]
    attending_type: Mapped[str | None]
    notes: Mapped[str | None]
    unread: Mapped[str | None]


class Language(Sourced, Base):
    """A language in which a service is given or a location works."""

    __tablename__ = "language"

    service_id: Mapped[str | None] = mapped_column(ForeignKey("service.id"), index=True)
    location_id: Mapped[str | None] = mapped_column(ForeignKey("location.id"), index=True)
    name: Mapped[str | None]
    code: Mapped[str | None] = mapped_column(String(3))
    note: Mapped[str | None]


class CostOption(Sourced, Base):
    """What a service costs and under which condition; 0 means free, no row means not known."""

    __tablename__ = "cost_option"

    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    option: Mapped[str | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    amount: Mapped[float | None]
    amount_description: Mapped[str | None]


class RequiredDocument(Sourced, Base):
    """A paper that a person has to bring."""

    __tablename__ = "required_document"

    service_id: Mapped[str | None] = mapped_column(ForeignKey("service.id"), index=True)
    document: Mapped[str | None]
    uri: Mapped[str | None]
