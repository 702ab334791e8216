"""Tables of what a service costs, needs and has free, and of who pays for it and knows it elsewhere."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base, UtcDateTime
from netmap.directory.records import Sourced, part_of, points_to


class CostOption(Sourced, Base):
    """What a service costs and under which condition; 0 means free, no row means not known."""

    __tablename__ = "cost_option"

    service_id: Mapped[str] = mapped_column(part_of("service.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    option: Mapped[str | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    amount: Mapped[float | None]
    amount_description: Mapped[str | None]


class RequiredDocument(Sourced, Base):
    """A paper that a person has to bring."""

    __tablename__ = "required_document"

    service_id: Mapped[str | None] = mapped_column(part_of("service.id"), index=True)
    document: Mapped[str | None]
    uri: Mapped[str | None]


class Funding(Sourced, Base):
    """Who pays for an organization or a service."""

    __tablename__ = "funding"

    organization_id: Mapped[str | None] = mapped_column(points_to("organization.id"), index=True)
    service_id: Mapped[str | None] = mapped_column(points_to("service.id"), index=True)
    source: Mapped[str | None]


class Unit(Sourced, Base):
    """What capacity is counted in: beds, places, hours."""

    __tablename__ = "unit"

    name: Mapped[str]
    scheme: Mapped[str | None]
    identifier: Mapped[str | None]
    uri: Mapped[str | None]


class ServiceCapacity(Sourced, Base):
    """How much of a service is free at a moment, and how long one waits; empty means not known."""

    __tablename__ = "service_capacity"

    service_id: Mapped[str] = mapped_column(part_of("service.id"), index=True)
    unit_id: Mapped[str | None] = mapped_column(points_to("unit.id"), index=True)
    available: Mapped[float | None]
    maximum: Mapped[float | None]
    description: Mapped[str | None]
    updated: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wait_days: Mapped[int | None]  # whole days until one gets in; not in HSDS
    target: Mapped[str | None] = mapped_column(String(60))  # a circumstance: for whom; not in HSDS

    unit: Mapped[Unit | None] = relationship()


class OrganizationIdentifier(Sourced, Base):
    """The number under which another register knows an organization."""

    __tablename__ = "organization_identifier"

    organization_id: Mapped[str] = mapped_column(part_of("organization.id"), index=True)
    identifier_scheme: Mapped[str | None]
    identifier_type: Mapped[str] = mapped_column(default="")
    identifier: Mapped[str]


class Url(Sourced, Base):
    """Another web page of an organization or a service."""

    __tablename__ = "url"

    label: Mapped[str | None]
    url: Mapped[str]
    organization_id: Mapped[str | None] = mapped_column(points_to("organization.id"), index=True)
    service_id: Mapped[str | None] = mapped_column(points_to("service.id"), index=True)
