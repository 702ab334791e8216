"""Which tables an HSDS directory has, in the order of import, and how each is filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.orm import class_mapper

from netmap.directory import models

# Columns that a source does not fill itself.
OWN_COLUMNS = {"id", "source_id", "source_key", "removed_in_source", "area_code", "text_language"}
OWN_COLUMNS |= {"source_status", "safety_note"}  # what staff should know of a place never leaves the house
LOCK = "version"  # of tables that people edit; a taxonomy has a version of its own
# References that the models keep as plain text.
PLAIN_REFERENCES = {("taxonomy_term", "parent_id"): "taxonomy_term"}
# Tables whose rows hang on a row of any table: the columns that name that table and that row.
LINKED: Mapping[str, tuple[str, str]] = {
    "attribute": ("link_entity", "link_id"),
    "metadata": ("resource_type", "resource_id"),
}


@dataclass(frozen=True)
class Spec:
    """How one table is filled.

    ``required`` fields make a row worth keeping; of ``owners`` one at least must lead somewhere, or nobody
    would ever see the row; of ``says`` one at least must be filled, or the row says nothing. In a ``core``
    table an id means one thing; elsewhere real files repeat ids. ``file`` is its name without ".csv".
    """

    model: type[models.Sourced]
    file: str
    required: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    core: bool = False
    columns_needed: tuple[str, ...] = ()

    @cached_property
    def table(self) -> Table:
        """Return the database table."""
        table = class_mapper(self.model).local_table
        assert isinstance(table, Table)
        return table

    def fields(self) -> Mapping[str, Column[object]]:
        """Return the columns that a file may fill, by name, in the order of the model."""
        return self._fields

    def references(self) -> Mapping[str, str]:
        """Return field -> table for the fields that hold the id of another row."""
        return self._references

    # Asked for every row of a file, so they are worked out once.
    @cached_property
    def _fields(self) -> Mapping[str, Column[object]]:
        own = OWN_COLUMNS | ({LOCK} if issubclass(self.model, models.Edited) else set())
        return {column.name: column for column in self.table.columns if column.name not in own}

    @cached_property
    def _references(self) -> Mapping[str, str]:
        found = {name: table for (owner, name), table in PLAIN_REFERENCES.items() if owner == self.table.name}
        for name, column in self._fields.items():
            for key in column.foreign_keys:
                found[name] = key.column.table.name
        return found


_SERVED = ("service_id", "location_id", "service_at_location_id")
_ANYBODY = ("organization_id", *_SERVED)
_OF_ORGANIZATION = ("organization_id", "service_id")
_NAMED = ("id", "name")


def _spec(model: type[models.Sourced], file: str, *columns_needed: str, **rest: Any) -> Spec:
    return Spec(model, file, columns_needed=columns_needed, **rest)


# In the order of import: what is referred to comes first.
SPECS: Mapping[str, Spec] = {
    "taxonomy": _spec(models.Taxonomy, "taxonomies", *_NAMED, required=("name",), core=True),
    "taxonomy_term": _spec(models.TaxonomyTerm, "taxonomy_terms", *_NAMED, required=("name",), core=True),
    "unit": _spec(models.Unit, "units", *_NAMED, required=("name",), core=True),
    "organization": _spec(models.Organization, "organizations", *_NAMED, required=("name",), core=True),
    "program": _spec(models.Program, "programs", *_NAMED, required=("name",), core=True),
    "service": _spec(models.Service, "services", *_NAMED, required=("name",), core=True),
    "location": _spec(models.Location, "locations", "id", core=True),
    "service_at_location": _spec(
        models.ServiceAtLocation,
        "service_at_location",
        "service_id",
        "location_id",
        required=("service_id", "location_id"),
    ),
    "address": _spec(models.Address, "addresses", "location_id", owners=("location_id",)),
    "contact": _spec(
        models.Contact, "contacts", owners=_ANYBODY, says=("name", "title", "department", "email")
    ),
    "phone": _spec(models.Phone, "phones", "number", required=("number",), owners=(*_ANYBODY, "contact_id")),
    "schedule": _spec(models.Schedule, "schedules", owners=(*_SERVED, "contact_id")),
    "language": _spec(models.Language, "languages", owners=("service_id", "location_id", "phone_id")),
    "accessibility": _spec(
        models.Accessibility,
        "accessibility",
        "location_id",
        required=("location_id",),
        says=("description", "details", "url"),
    ),
    "cost_option": _spec(models.CostOption, "cost_options", "service_id", required=("service_id",)),
    "required_document": _spec(
        models.RequiredDocument, "required_documents", "service_id", owners=("service_id",)
    ),
    "service_area": _spec(
        models.ServiceArea, "service_areas", owners=("service_id", "service_at_location_id")
    ),
    "funding": _spec(models.Funding, "funding", owners=_OF_ORGANIZATION, says=("source",)),
    "service_capacity": _spec(
        models.ServiceCapacity,
        "service_capacity",
        "service_id",
        required=("service_id",),
        says=("available", "maximum", "wait_days", "description"),
    ),
    "url": _spec(models.Url, "url", "url", required=("url",), owners=_OF_ORGANIZATION),
    "organization_identifier": _spec(
        models.OrganizationIdentifier,
        "organization_identifiers",
        "organization_id",
        "identifier",
        required=("organization_id", "identifier"),
    ),
    "meta_table_description": _spec(
        models.MetaTableDescription,
        "meta_table_descriptions",
        says=("name", "language", "character_set"),
    ),
    "tie": _spec(
        models.Tie,
        "ties",
        "organization_id",
        "other_organization_id",
        required=("organization_id", "other_organization_id"),
    ),
    "alias": _spec(models.Alias, "aliases", "name", required=("name",), owners=_OF_ORGANIZATION),
    "service_party": _spec(
        models.ServiceParty,
        "service_parties",
        "service_id",
        "role",
        required=("service_id", "role"),
        says=("organization_id", "name"),
    ),
    "vacancy": _spec(
        models.Vacancy, "vacancies", "organization_id", "title", required=("organization_id", "title")
    ),
    "attribute": _spec(models.Attribute, "attributes", "link_id", required=("link_id",)),
    "metadata": _spec(models.Metadata, "metadata", "resource_id", required=("resource_id",)),
}
