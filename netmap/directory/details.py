"""Tables of what hangs on organizations, services and places: addresses, phones, people, hours, languages.

A row that several may own (a phone names a service, a place and an organization) stays while one of them is
there; a row that has one owner only goes with it.
"""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base
from netmap.directory.records import Sourced, part_of, points_to


class Address(Sourced, Base):
    """An address of a location."""

    __tablename__ = "address"

    location_id: Mapped[str | None] = mapped_column(part_of("location.id"), index=True)
    attention: Mapped[str | None]
    address_1: Mapped[str] = mapped_column(default="")
    address_2: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    state_province: Mapped[str | None]
    postal_code: Mapped[str | None]
    country: Mapped[str | None]
    address_type: Mapped[str] = mapped_column(String(10), default="physical")


class Contact(Sourced, Base):
    """A person or a desk at a provider, as the provider publishes it; never a client."""

    __tablename__ = "contact"

    organization_id: Mapped[str | None] = mapped_column(points_to("organization.id"), index=True)
    service_id: Mapped[str | None] = mapped_column(points_to("service.id"), index=True)
    service_at_location_id: Mapped[str | None] = mapped_column(
        points_to("service_at_location.id"), index=True
    )
    location_id: Mapped[str | None] = mapped_column(points_to("location.id"), index=True)
    name: Mapped[str | None]
    title: Mapped[str | None]
    department: Mapped[str | None]
    email: Mapped[str | None]

    phones: Mapped[list["Phone"]] = relationship(order_by="Phone.id", passive_deletes=True)
    schedules: Mapped[list["Schedule"]] = relationship(order_by="Schedule.id", passive_deletes=True)


class Phone(Sourced, Base):
    """A telephone number of a location, service, organization, contact or service at a location."""

    __tablename__ = "phone"

    location_id: Mapped[str | None] = mapped_column(points_to("location.id"), index=True)
    service_id: Mapped[str | None] = mapped_column(points_to("service.id"), index=True)
    organization_id: Mapped[str | None] = mapped_column(points_to("organization.id"), index=True)
    contact_id: Mapped[str | None] = mapped_column(points_to("contact.id"), index=True)
    service_at_location_id: Mapped[str | None] = mapped_column(
        points_to("service_at_location.id"), index=True
    )
    number: Mapped[str]
    extension: Mapped[str | None]  # text: real files hold "x932", and "007" is not 7
    type: Mapped[str | None]
    description: Mapped[str | None]

    languages: Mapped[list["Language"]] = relationship(order_by="Language.id", passive_deletes=True)


class Schedule(Sourced, Base):
    """One interval of opening hours (RFC 5545 recurrence as HSDS restricts it).

    ``opens_at`` and ``closes_at`` are "HH:MM" in the time zone of the office. ``unread`` keeps the words
    of a source that could not be understood, so that a person can still read them. ``contact_id`` (hours of
    one specialist), ``closed`` and ``unread`` are not in HSDS.
    """

    __tablename__ = "schedule"

    service_id: Mapped[str | None] = mapped_column(points_to("service.id"), index=True)
    location_id: Mapped[str | None] = mapped_column(points_to("location.id"), index=True)
    service_at_location_id: Mapped[str | None] = mapped_column(
        points_to("service_at_location.id"), index=True
    )
    contact_id: Mapped[str | None] = mapped_column(points_to("contact.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    dtstart: Mapped[date | None]
    timezone: Mapped[float | None]  # hours ahead of UTC, as the source says; not used in sums
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
    closed: Mapped[bool] = mapped_column(default=False)  # shut on the days valid_from..valid_to
    unread: Mapped[str | None]


class Language(Sourced, Base):
    """A language in which a service is given, a location works or a telephone is answered."""

    __tablename__ = "language"

    service_id: Mapped[str | None] = mapped_column(points_to("service.id"), index=True)
    location_id: Mapped[str | None] = mapped_column(points_to("location.id"), index=True)
    phone_id: Mapped[str | None] = mapped_column(points_to("phone.id"), index=True)
    name: Mapped[str | None]
    code: Mapped[str | None] = mapped_column(String(3))
    note: Mapped[str | None]


class Accessibility(Sourced, Base):
    """What makes a place easier to use for people with disabilities."""

    __tablename__ = "accessibility"

    location_id: Mapped[str] = mapped_column(part_of("location.id"), index=True)
    description: Mapped[str | None]
    details: Mapped[str | None]
    url: Mapped[str | None]
