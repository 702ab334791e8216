"""The names of HSDS, 1.x to 3.x, as data: which file is which table, which column which field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, UUID, uuid5

from netmap.directory.hsds_tables import SPECS
from netmap.directory.reading.mapped_own import CIRCUMSTANCES_URI, SERVICE_TYPES_URI

__all__ = ["CIRCUMSTANCES_URI", "SERVICE_TYPES_URI"]

NAMESPACE = uuid5(NAMESPACE_URL, "urn:netmap:import")
THRESHOLDS_URI = "urn:netmap:thresholds"


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
_EVERY_DAY = "MO,TU,WE,TH,FR,SA,SU"
_PLACES = FileSpec("service_at_location")
_OLD = {
    "taxonomy_types": FileSpec(
        "taxonomy", {"taxonomy_type_recordid": "id", "reference_url": "uri", "notes": "description"}
    ),
    "taxonomy": FileSpec("taxonomy_term", _TERMS),
    "service_at_locations": _PLACES,
    "services_at_location": _PLACES,
    "physical_addresses": FileSpec("address", implied={"address_type": "physical"}),
    "postal_addresses": FileSpec("address", implied={"address_type": "postal"}),
    "regular_schedules": FileSpec("schedule"),
    "holiday_schedules": FileSpec(
        "schedule", {"start_date": "valid_from", "end_date": "valid_to"}, {"byday": _EVERY_DAY}
    ),
    "accessibility_for_disabilities": FileSpec("accessibility", {"accessibility": "description"}),
    "payments_accepted": FileSpec(
        "attribute",
        {"service_id": "link_id", "payment": "value"},
        {**_SERVICE, "link_type": "payment", "label": "Payment accepted"},
    ),
    "service_attributes": FileSpec("attribute", _SERVICE_LINK, _SERVICE),
    "services_taxonomy": FileSpec("attribute", _SERVICE_LINK, _SERVICE),
    "service_taxonomy": FileSpec("attribute", _SERVICE_LINK, _SERVICE),
    "service_capacities": FileSpec("service_capacity"),
    "urls": FileSpec("url"),
}
_RENAMED: Mapping[str, Mapping[str, str]] = {
    "taxonomy_term": _TERMS,
    "organization": {"url": "website"},
    "service": {"fees": "fees_description"},
    "language": {"language": "name"},
    "phone": {"department": "description"},
    "service_area": {"service_area": "name"},
}
FILES: Mapping[str, FileSpec] = {
    **{spec.file: FileSpec(table, _RENAMED.get(table, {})) for table, spec in SPECS.items()},
    **_OLD,
}
# netmap's own files, read by commands of their own.
OWN_FILES = {"areas": "--areas", "demand": "--demand", "travel": "--travel"}
# Files of old versions that fill fields of other tables: words of services, taxonomies of terms.
ELIGIBILITY, TERM_TYPES = "eligibility", "taxonomy_terms_types"
# Columns that are read, though no field has their name.
READ_ELSEWHERE = {
    "schedule": {"weekday", "unread"},
    "phone": {"language", "extension_text"},
    "service": {"status_known"},
}


def canonical(stem: str) -> str:
    """Return the name under which a file is known here: old versions of HSDS use the singular.

    Examples
    --------
    >>> canonical("Service"), canonical("physical_address"), canonical("taxonomy"), canonical("holidays")
    ('services', 'physical_addresses', 'taxonomy', 'holidays')
    """
    name = stem.casefold().strip()
    known = {*FILES, *OWN_FILES, ELIGIBILITY, TERM_TYPES}
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
