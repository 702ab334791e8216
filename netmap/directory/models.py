"""Tables of the directory: who offers what, where, to whom and when.

Names are those of HSDS 3.1 (Open Referral, Human Services Data Specification). Every row keeps where it
came from (`source_id`, `source_key`). Three things are never mixed: ``status`` (is it offered),
``assured_date`` (the day a person last checked it) and ``last_modified`` (the moment a machine wrote it).
Here stand the tables that others hang on; those that hang on them stand in modules by subject and are given
from here too.
"""

from datetime import date
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base
from netmap.directory.classification import (
    TYPE_STATES,
    Attribute,
    EligibilityRule,
    Metadata,
    MetaTableDescription,
    ServiceTypeLink,
    Taxonomy,
    TaxonomyTerm,
)
from netmap.directory.conditions import (
    CostOption,
    Funding,
    OrganizationIdentifier,
    RequiredDocument,
    ServiceCapacity,
    Unit,
    Url,
)
from netmap.directory.details import Accessibility, Address, Contact, Language, Phone, Schedule
from netmap.directory.names import ALIAS_KINDS, PARTY_ROLES, Alias, ServiceParty
from netmap.directory.records import Edited, Source, Sourced, new_id, part_of, points_to
from netmap.directory.territory import Area, AreaShape, ServiceArea
from netmap.directory.ties import Tie, Vacancy

__all__ = [
    "ALIAS_KINDS",
    "LAYERS",
    "ORGANIZATION_KINDS",
    "PARTY_ROLES",
    "STATUSES",
    "TYPE_STATES",
    "Accessibility",
    "Address",
    "Alias",
    "Area",
    "AreaShape",
    "Attribute",
    "Contact",
    "CostOption",
    "Edited",
    "EligibilityRule",
    "Funding",
    "Language",
    "Location",
    "MetaTableDescription",
    "Metadata",
    "Organization",
    "OrganizationIdentifier",
    "Phone",
    "Program",
    "RequiredDocument",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceCapacity",
    "ServiceParty",
    "ServiceTypeLink",
    "Source",
    "Sourced",
    "Taxonomy",
    "TaxonomyTerm",
    "Tie",
    "Unit",
    "Url",
    "Vacancy",
    "new_id",
]  # fmt: skip

ORGANIZATION_KINDS = (
    "ngo", "debt_adviser", "housing_agency", "clinic", "employer", "municipality", "pension_fund",
    "social_protection", "employment_service", "adult_education", "school", "parish", "self_help_group",
    "research_centre", "police_probation", "transport", "other",
)  # fmt: skip
LAYERS = ("self", "circle", "community", "ngo", "state")
STATUSES = ("active", "inactive", "defunct", "temporarily closed", "unknown")


def parts(model: type[Any], *, whole: bool = False, order: str = "id") -> Any:
    """Return the relationship to rows that hang on a row, in the order of their ids.

    The database itself deletes or unties them (`part_of`, `points_to`); ``whole`` says that they are deleted.
    """
    name = model.__name__
    cascade = "all, delete-orphan" if whole else "save-update, merge"
    return relationship(model, order_by=f"{name}.{order}", cascade=cascade, passive_deletes=True)


class Organization(Sourced, Edited, Base):
    """A body that offers services. ``kind`` is a code of netmap, see docs/data-model.md."""

    __tablename__ = "organization"

    name: Mapped[str]
    alternate_name: Mapped[str | None]
    description: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    website: Mapped[str | None]
    logo: Mapped[str | None]
    uri: Mapped[str | None]
    year_incorporated: Mapped[int | None]
    legal_status: Mapped[str | None]
    tax_status: Mapped[str | None]
    tax_id: Mapped[str | None]
    parent_organization_id: Mapped[str | None] = mapped_column(points_to("organization.id"), index=True)
    # What follows is not in HSDS.
    kind: Mapped[str | None] = mapped_column(String(30))
    assured_date: Mapped[date | None]
    assurer_email: Mapped[str | None]
    review_days: Mapped[int | None]  # how often a person should check it; empty: as the office does
    duty_days: Mapped[int | None]  # within how many days it must report a change; empty: no such duty
    alert: Mapped[str | None]
    alert_until: Mapped[date | None]  # the last day on which the notice is shown
    closed_on: Mapped[date | None]
    successor_id: Mapped[str | None] = mapped_column(points_to("organization.id"), index=True)

    services: Mapped[list["Service"]] = relationship(
        back_populates="organization", order_by="Service.name", passive_deletes=True
    )
    programs: Mapped[list["Program"]] = relationship(
        order_by="Program.name", cascade="all, delete-orphan", passive_deletes=True
    )
    locations: Mapped[list["Location"]] = relationship(order_by="Location.id", passive_deletes=True)
    phones: Mapped[list[Phone]] = parts(Phone)
    contacts: Mapped[list[Contact]] = parts(Contact)
    funding: Mapped[list[Funding]] = parts(Funding)
    additional_websites: Mapped[list[Url]] = parts(Url)
    identifiers: Mapped[list[OrganizationIdentifier]] = parts(OrganizationIdentifier, whole=True)
    vacancies: Mapped[list[Vacancy]] = parts(Vacancy, whole=True, order="title")
    aliases: Mapped[list[Alias]] = parts(Alias, whole=True, order="name")


class Program(Sourced, Base):
    """A group of services of one organization."""

    __tablename__ = "program"

    organization_id: Mapped[str | None] = mapped_column(part_of("organization.id"), index=True)
    name: Mapped[str]
    alternate_name: Mapped[str | None]
    description: Mapped[str] = mapped_column(default="")


class Service(Sourced, Edited, Base):
    """One kind of help that an organization offers."""

    __tablename__ = "service"

    organization_id: Mapped[str | None] = mapped_column(points_to("organization.id"), index=True)
    program_id: Mapped[str | None] = mapped_column(points_to("program.id"), index=True)
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
    # What follows is not in HSDS.
    alert_until: Mapped[date | None]  # the last day on which the notice is shown
    duration: Mapped[str | None] = mapped_column(String(10))  # "once", "short", "long" or unknown
    layer: Mapped[str | None] = mapped_column(String(10))  # of `LAYERS`; empty: what the organization is
    review_days: Mapped[int | None]  # how often a person should check it; empty: as its organization
    text_language: Mapped[str | None] = mapped_column(String(3))  # of name and description

    organization: Mapped[Organization | None] = relationship(back_populates="services")
    program: Mapped[Program | None] = relationship()
    places: Mapped[list["ServiceAtLocation"]] = relationship(
        back_populates="service",
        order_by="ServiceAtLocation.id",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    phones: Mapped[list[Phone]] = parts(Phone)
    contacts: Mapped[list[Contact]] = parts(Contact)
    schedules: Mapped[list[Schedule]] = parts(Schedule)
    languages: Mapped[list[Language]] = parts(Language)
    cost_options: Mapped[list[CostOption]] = parts(CostOption, whole=True)
    required_documents: Mapped[list[RequiredDocument]] = parts(RequiredDocument, whole=True)
    service_areas: Mapped[list[ServiceArea]] = parts(ServiceArea)
    funding: Mapped[list[Funding]] = parts(Funding)
    additional_urls: Mapped[list[Url]] = parts(Url)
    capacities: Mapped[list[ServiceCapacity]] = parts(ServiceCapacity, whole=True)
    parties: Mapped[list[ServiceParty]] = parts(ServiceParty, whole=True)
    aliases: Mapped[list[Alias]] = parts(Alias, whole=True, order="name")
    types: Mapped[list[ServiceTypeLink]] = parts(ServiceTypeLink, whole=True, order="code")
    eligibility: Mapped[list[EligibilityRule]] = parts(EligibilityRule, whole=True, order="code")
    attributes: Mapped[list[Attribute]] = relationship(  # read only: no foreign key leads here
        primaryjoin="and_(foreign(Attribute.link_id) == Service.id, Attribute.link_entity == 'service')",
        order_by=Attribute.id,
        viewonly=True,
    )


class Location(Sourced, Edited, Base):
    """A place, real or virtual, where services are given."""

    __tablename__ = "location"

    organization_id: Mapped[str | None] = mapped_column(points_to("organization.id"), index=True)
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
    area_code: Mapped[str | None] = mapped_column(points_to("area.code"), index=True)
    confidential: Mapped[bool] = mapped_column(default=False)  # only its area may be told; not in HSDS
    safety_note: Mapped[str | None]  # for staff who go there; about the place, never about a person

    area: Mapped[Area | None] = relationship()
    addresses: Mapped[list[Address]] = parts(Address, whole=True)
    phones: Mapped[list[Phone]] = parts(Phone)
    contacts: Mapped[list[Contact]] = parts(Contact)
    schedules: Mapped[list[Schedule]] = parts(Schedule)
    languages: Mapped[list[Language]] = parts(Language)
    accessibility: Mapped[list[Accessibility]] = parts(Accessibility, whole=True)


class ServiceAtLocation(Sourced, Base):
    """A service at one of its places; what is said here wins over what the service says in general."""

    __tablename__ = "service_at_location"

    service_id: Mapped[str] = mapped_column(part_of("service.id"), index=True)
    location_id: Mapped[str] = mapped_column(part_of("location.id"), index=True)
    description: Mapped[str | None]

    service: Mapped[Service] = relationship(back_populates="places")
    location: Mapped[Location] = relationship()
    phones: Mapped[list[Phone]] = parts(Phone)
    contacts: Mapped[list[Contact]] = parts(Contact)
    schedules: Mapped[list[Schedule]] = parts(Schedule)
    service_areas: Mapped[list[ServiceArea]] = parts(ServiceArea)
