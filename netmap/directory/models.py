"""Tables of the directory: who offers what, where, to whom and when.

Names are those of HSDS 3.1 (Open Referral, Human Services Data Specification). Every row keeps where it
came from (`source_id`, `source_key`). Three things are never mixed: ``status`` (is it offered),
``assured_date`` (the day a person last checked it) and ``last_modified`` (the moment a machine wrote it).
"""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base, UtcDateTime
from netmap.directory.details import (
    Address,
    CostOption,
    Language,
    Phone,
    RequiredDocument,
    Schedule,
)
from netmap.directory.records import Edited, Source, Sourced, new_id

__all__ = [
    "STATUSES",
    "TYPE_STATES",
    "Address",
    "Area",
    "Attribute",
    "CostOption",
    "Edited",
    "EligibilityRule",
    "Language",
    "Location",
    "Organization",
    "Phone",
    "RequiredDocument",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceTypeLink",
    "Source",
    "Sourced",
    "Taxonomy",
    "TaxonomyTerm",
    "new_id",
]  # fmt: skip

STATUSES = ("active", "inactive", "defunct", "temporarily closed", "unknown")
TYPE_STATES = ("suggested", "confirmed", "rejected")


class Organization(Sourced, Edited, Base):
    """A body that offers services."""

    __tablename__ = "organization"

    name: Mapped[str]
    alternate_name: Mapped[str | None]
    description: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    website: Mapped[str | None]
    uri: Mapped[str | None]
    year_incorporated: Mapped[int | None]
    legal_status: Mapped[str | None]
    tax_status: Mapped[str | None]
    tax_id: Mapped[str | None]
    parent_organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"))

    services: Mapped[list["Service"]] = relationship(back_populates="organization", order_by="Service.name")
    phones: Mapped[list["Phone"]] = relationship(order_by="Phone.id")


class Service(Sourced, Edited, Base):
    """One kind of help that an organization offers."""

    __tablename__ = "service"

    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    program: Mapped[str | None]
    name: Mapped[str]
    alternate_name: Mapped[str | None]
    description: Mapped[str] = mapped_column(default="")
    url: Mapped[str | None]
    email: Mapped[str | None]
    status: Mapped[str] = mapped_column(String(20), default="unknown")
    source_status: Mapped[str | None]
    interpretation_services: Mapped[str | None]
    application_process: Mapped[str | None]
    fees_description: Mapped[str | None]
    wait_time: Mapped[str | None]
    accreditations: Mapped[str | None]
    licenses: Mapped[str | None]
    eligibility_description: Mapped[str | None]
    minimum_age: Mapped[float | None]
    maximum_age: Mapped[float | None]
    assured_date: Mapped[date | None]
    assurer_email: Mapped[str | None]
    alert: Mapped[str | None]
    duration: Mapped[str | None] = mapped_column(String(10))  # "once", "long" or unknown; not in HSDS
    text_language: Mapped[str | None] = mapped_column(String(3))  # of name and description; not in HSDS

    organization: Mapped[Organization | None] = relationship(back_populates="services")
    places: Mapped[list["ServiceAtLocation"]] = relationship(
        back_populates="service", order_by="ServiceAtLocation.id"
    )
    phones: Mapped[list["Phone"]] = relationship(order_by="Phone.id")
    schedules: Mapped[list["Schedule"]] = relationship(order_by="Schedule.id")
    languages: Mapped[list["Language"]] = relationship(order_by="Language.id")
    cost_options: Mapped[list["CostOption"]] = relationship(order_by="CostOption.id")
    required_documents: Mapped[list["RequiredDocument"]] = relationship(order_by="RequiredDocument.id")
    service_areas: Mapped[list["ServiceArea"]] = relationship(order_by="ServiceArea.id")
    types: Mapped[list["ServiceTypeLink"]] = relationship(
        back_populates="service", order_by="ServiceTypeLink.code", cascade="all, delete-orphan"
    )
    eligibility: Mapped[list["EligibilityRule"]] = relationship(
        order_by="EligibilityRule.code", cascade="all, delete-orphan"
    )


class Location(Sourced, Base):
    """A place, real or virtual, where services are given."""

    __tablename__ = "location"

    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    location_type: Mapped[str] = mapped_column(String(10), default="physical")
    name: Mapped[str | None]
    alternate_name: Mapped[str | None]
    description: Mapped[str | None]
    transportation: Mapped[str | None]
    url: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    external_identifier: Mapped[str | None]
    external_identifier_type: Mapped[str | None]
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"), index=True)

    addresses: Mapped[list["Address"]] = relationship(order_by="Address.id")
    phones: Mapped[list["Phone"]] = relationship(order_by="Phone.id")
    schedules: Mapped[list["Schedule"]] = relationship(order_by="Schedule.id")


class ServiceAtLocation(Sourced, Base):
    """A service at one of its places; its own hours and phones win over the service's."""

    __tablename__ = "service_at_location"

    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"), index=True)
    location_id: Mapped[str] = mapped_column(ForeignKey("location.id"), index=True)
    description: Mapped[str | None]

    service: Mapped[Service] = relationship(back_populates="places")
    location: Mapped[Location] = relationship()
    phones: Mapped[list["Phone"]] = relationship(order_by="Phone.id")
    schedules: Mapped[list["Schedule"]] = relationship(order_by="Schedule.id")


class Taxonomy(Sourced, Base):
    """A list of terms."""

    __tablename__ = "taxonomy"

    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    uri: Mapped[str | None]
    taxonomy_version: Mapped[str | None] = mapped_column("version")


class TaxonomyTerm(Sourced, Base):
    """A term of a taxonomy."""

    __tablename__ = "taxonomy_term"

    code: Mapped[str | None]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[str | None] = mapped_column(String(36))
    taxonomy_id: Mapped[str | None] = mapped_column(ForeignKey("taxonomy.id"), index=True)
    language: Mapped[str | None]
    term_uri: Mapped[str | None]

    taxonomy: Mapped[Taxonomy | None] = relationship()


class Attribute(Sourced, Base):
    """A term or a free value that hangs on any other row (`link_entity` names its table)."""

    __tablename__ = "attribute"
    __table_args__ = (Index("ix_attribute_link", "link_entity", "link_id"),)

    link_id: Mapped[str] = mapped_column(String(36))
    link_entity: Mapped[str] = mapped_column(String(40))
    link_type: Mapped[str | None]
    taxonomy_term_id: Mapped[str | None] = mapped_column(ForeignKey("taxonomy_term.id"), index=True)
    value: Mapped[str | None]
    label: Mapped[str | None]

    term: Mapped[TaxonomyTerm | None] = relationship()


class ServiceArea(Sourced, Base):
    """Where a service is offered; ``area_code`` is set where it names one of our areas."""

    __tablename__ = "service_area"

    service_id: Mapped[str | None] = mapped_column(ForeignKey("service.id"), index=True)
    service_at_location_id: Mapped[str | None] = mapped_column(
        ForeignKey("service_at_location.id"), index=True
    )
    name: Mapped[str | None]
    description: Mapped[str | None]
    extent: Mapped[str | None]
    extent_type: Mapped[str | None]
    uri: Mapped[str | None]
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"), index=True)


class Area(Base):
    """A territory with its parent, a point and, where known, its population."""

    __tablename__ = "area"

    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str]
    names: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # language -> name
    kind: Mapped[str | None] = mapped_column(String(20))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    population: Mapped[int | None]
    derived: Mapped[bool] = mapped_column(
        default=False
    )  # made from postcodes or cities, not given by a person


class ServiceTypeLink(Base):
    """A netmap service type of a service: suggested by the machine, or confirmed or rejected by a person."""

    __tablename__ = "service_type_link"
    __table_args__ = (UniqueConstraint("service_id", "code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"), index=True)
    code: Mapped[str] = mapped_column(String(60), index=True)
    state: Mapped[str] = mapped_column(String(10))
    confidence: Mapped[float | None]  # 0..1; None where a person or the source said so
    evidence: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None]  # e-mail of the coordinator; None where the source said so
    version: Mapped[int] = mapped_column(default=1)  # counts up with every change, against lost decisions

    service: Mapped[Service] = relationship(back_populates="types")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class EligibilityRule(Base):
    """Whom a service takes only (``required``), does not take (``excluded``), is meant for (``welcome``)."""

    __tablename__ = "eligibility_rule"
    __table_args__ = (UniqueConstraint("service_id", "code", "effect"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    service_id: Mapped[str] = mapped_column(ForeignKey("service.id"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    effect: Mapped[str] = mapped_column(String(10))
    evidence: Mapped[str] = mapped_column(default="")
