"""The names of HSDS, 1.x to 3.x, as data: which file is which table, which column which field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Column, Table
from sqlalchemy.orm import class_mapper

from netmap.directory import models
from netmap.directory.reading.mapped_own import CIRCUMSTANCES_URI, SERVICE_TYPES_URI

__all__ = ["CIRCUMSTANCES_URI", "SERVICE_TYPES_URI"]

NAMESPACE = uuid5(NAMESPACE_URL, "urn:netmap:import")

# Columns that a source does not fill itself.
OWN_COLUMNS = {"id", "source_id", "source_key", "removed_in_source", "area_code", "text_language"}
OWN_COLUMNS |= {"source_status", "unread", "program"}
LOCK = "version"  # of tables that people edit; a taxonomy has a version of its own
# References that the models keep as plain text.
PLAIN_REFERENCES = {("taxonomy_term", "parent_id"): "taxonomy_term"}


@dataclass(frozen=True)
class Spec:
    """How one table is filled.

    ``required`` fields make a row worth keeping; of ``owners`` one at least must lead somewhere, or nobody
    would ever see the row. In a ``core`` table an id means one thing; elsewhere real files repeat ids.
    """

    model: type[models.Sourced]
    required: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    core: bool = False
    columns_needed: tuple[str, ...] = ()

    @property
    def table(self) -> Table:
        """Return the database table."""
        table = class_mapper(self.model).local_table
        assert isinstance(table, Table)
        return table

    def fields(self) -> dict[str, Column[object]]:
        """Return the columns that a file may fill, by name, in the order of the model."""
        own = OWN_COLUMNS | ({LOCK} if issubclass(self.model, models.Edited) else set())
        return {column.name: column for column in self.table.columns if column.name not in own}

    def references(self) -> dict[str, str]:
        """Return field -> table for the fields that hold the id of another row."""
        found = {name: table for (owner, name), table in PLAIN_REFERENCES.items() if owner == self.table.name}
        for name, column in self.fields().items():
            for key in column.foreign_keys:
                found[name] = key.column.table.name
        return found


_SPLIT_OWNERS = ("service_id", "location_id", "service_at_location_id")
# In the order of import: what is referred to comes first.
SPECS: Mapping[str, Spec] = {
    "taxonomy": Spec(models.Taxonomy, ("name",), core=True, columns_needed=("id", "name")),
    "taxonomy_term": Spec(models.TaxonomyTerm, ("name",), core=True, columns_needed=("id", "name")),
    "organization": Spec(models.Organization, ("name",), core=True, columns_needed=("id", "name")),
    "service": Spec(models.Service, ("name",), core=True, columns_needed=("id", "name")),
    "location": Spec(models.Location, core=True, columns_needed=("id",)),
    "service_at_location": Spec(
        models.ServiceAtLocation,
        ("service_id", "location_id"),
        columns_needed=("service_id", "location_id"),
    ),
    "address": Spec(models.Address, owners=("location_id",), columns_needed=("location_id",)),
    "phone": Spec(
        models.Phone, ("number",), owners=("organization_id", *_SPLIT_OWNERS), columns_needed=("number",)
    ),
    "schedule": Spec(models.Schedule, owners=_SPLIT_OWNERS),
    "language": Spec(models.Language, owners=("service_id", "location_id")),
    "cost_option": Spec(models.CostOption, ("service_id",), columns_needed=("service_id",)),
    "required_document": Spec(
        models.RequiredDocument, owners=("service_id",), columns_needed=("service_id",)
    ),
    "service_area": Spec(models.ServiceArea, owners=("service_id", "service_at_location_id")),
    "attribute": Spec(models.Attribute, ("link_id",), columns_needed=("link_id",)),
}


@dataclass(frozen=True)
class FileSpec:
    """One file name: its table, columns that go by another name, and values that the name itself implies."""

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)
    implied: Mapping[str, str] = field(default_factory=dict)

    def sources(self, columns: tuple[str, ...]) -> dict[str, list[str]]:
        """Return field (and "id") -> the columns of a file that may hold it, HSDS's own name first."""
        found: dict[str, list[str]] = {}
        for name in ("id", *SPECS[self.table].fields()):
            others = [column for column, target in self.columns.items() if target == name]
            # A column that means another field in this file is not taken by its name.
            own = [name] if name not in self.columns else []
            present = [column for column in (*own, *others) if column in columns]
            if present:
                found[name] = present
        return found


_TERMS = {
    "taxonomy_recordid": "id",
    "taxonomy_name": "name",
    "term": "name",
    "taxonomy_parent_name": "parent_id",
    "taxonomy_parent_recordid": "parent_id",
    "taxonomy_x_description": "description",
}
_SERVICE_LINK = {"service_id": "link_id", "taxonomy_id": "taxonomy_term_id"}
_SERVICE = {"link_entity": "service"}
FILES: Mapping[str, FileSpec] = {
    "taxonomies": FileSpec("taxonomy"),
    "taxonomy_types": FileSpec(
        "taxonomy", {"taxonomy_type_recordid": "id", "reference_url": "uri", "notes": "description"}
    ),
    "taxonomy_terms": FileSpec("taxonomy_term", _TERMS),
    "taxonomy": FileSpec("taxonomy_term", _TERMS),
    "organizations": FileSpec("organization", {"url": "website"}),
    "services": FileSpec("service", {"fees": "fees_description"}),
    "locations": FileSpec("location"),
    "service_at_location": FileSpec("service_at_location"),
    "service_at_locations": FileSpec("service_at_location"),
    "services_at_location": FileSpec("service_at_location"),
    "addresses": FileSpec("address"),
    "physical_addresses": FileSpec("address", implied={"address_type": "physical"}),
    "postal_addresses": FileSpec("address", implied={"address_type": "postal"}),
    "phones": FileSpec("phone"),
    "schedules": FileSpec("schedule"),
    "regular_schedules": FileSpec("schedule"),
    "languages": FileSpec("language", {"language": "name"}),
    "cost_options": FileSpec("cost_option"),
    "required_documents": FileSpec("required_document"),
    "service_areas": FileSpec("service_area", {"service_area": "name"}),
    "attributes": FileSpec("attribute"),
    "service_attributes": FileSpec("attribute", _SERVICE_LINK, _SERVICE),
    "services_taxonomy": FileSpec("attribute", _SERVICE_LINK, _SERVICE),
    "service_taxonomy": FileSpec("attribute", _SERVICE_LINK, _SERVICE),
}
# Known files without a table here: they are counted and named in the report.
NOT_HELD = {
    "accessibility", "accessibility_for_disabilities", "contacts", "funding", "holiday_schedules",
    "meta_table_descriptions", "metadata", "organization_identifiers", "payments_accepted",
    "service_capacity", "taxonomy_terms_types", "units", "url", "urls",
}  # fmt: skip
# netmap's own files, read by commands of their own.
OWN_FILES = {"areas": "--areas", "demand": "--demand"}
# Files whose text goes into a field of the service.
PROGRAMS, ELIGIBILITY = "programs", "eligibility"
# Columns that are read, though no field has their name.
READ_ELSEWHERE = {
    "service": {"id", "program_id"},
    "schedule": {"id", "weekday", "unread"},
    "taxonomy_term": {"id", "taxonomy"},
}


def canonical(stem: str) -> str:
    """Return the name under which a file is known here: old versions of HSDS use the singular.

    Examples
    --------
    >>> canonical("Service"), canonical("physical_address"), canonical("taxonomy"), canonical("holidays")
    ('services', 'physical_addresses', 'taxonomy', 'holidays')
    """
    name = stem.casefold().strip()
    known = {*FILES, *NOT_HELD, *OWN_FILES, PROGRAMS, ELIGIBILITY}
    return next((form for form in (name, f"{name}s", f"{name}es") if form in known), name)


def record_id(source: str, table: str, key: str) -> str:
    """Return the id of a record: the source's own if it is a UUID, else one made of source, table and id.

    Examples
    --------
    >>> record_id("demo", "service", "AC148810-D857-441C-9679-408F346DE14B")
    'ac148810-d857-441c-9679-408f346de14b'
    >>> record_id("dc", "service", "17")
    '171ed351-1255-5a6d-a901-4a704ba4b2f6'
    """
    return as_uuid(key) or str(uuid5(NAMESPACE, f"{source}/{table}/{key}"))


def as_uuid(text: str) -> str | None:
    """Return a UUID in its usual spelling, or None where the text is not one."""
    if len(text) != 36:
        return None
    try:
        return str(UUID(text))
    except ValueError:
        return None
