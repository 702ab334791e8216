"""The directory as JSON of HSDS 3.1: pages of services and of organizations, each with all that hangs on it.

What is empty is left out, because HSDS knows no null; what HSDS requires and nobody knows becomes "".
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import uuid5

from netmap.directory.export_csv import moment
from netmap.directory.export_rows import Directory, Row
from netmap.directory.hsds_names import NAMESPACE
from netmap.directory.hsds_tables import LINKED
from netmap.i18n import gettext as _

EVERY_DAY = "MO,TU,WE,TH,FR,SA,SU"
# Fields that HSDS requires and that may be empty here.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "organization": ("description",),
    "program": ("description",),
    "taxonomy": ("description",),
    "taxonomy_term": ("description",),
    "address": ("address_1", "city", "state_province", "postal_code", "country"),
    "organization_identifier": ("identifier_type",),
    "service_capacity": ("updated",),
    "metadata": ("last_action_date", "last_action_type", "field_name", "previous_value", "replacement_value",
                 "updated_by"),
}  # fmt: skip
# Table -> array in its JSON -> (table, column that names the owner). The last ones are netmap's own: ties,
# vacancies, aliases, parties.
ARRAYS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "service": {
        "additional_urls": ("url", "service_id"),
        "phones": ("phone", "service_id"),
        "schedules": ("schedule", "service_id"),
        "service_areas": ("service_area", "service_id"),
        "service_at_locations": ("service_at_location", "service_id"),
        "languages": ("language", "service_id"),
        "funding": ("funding", "service_id"),
        "cost_options": ("cost_option", "service_id"),
        "required_documents": ("required_document", "service_id"),
        "contacts": ("contact", "service_id"),
        "capacities": ("service_capacity", "service_id"),
        "aliases": ("alias", "service_id"),
        "parties": ("service_party", "service_id"),
    },
    "organization": {
        "additional_websites": ("url", "organization_id"),
        "funding": ("funding", "organization_id"),
        "contacts": ("contact", "organization_id"),
        "phones": ("phone", "organization_id"),
        "locations": ("location", "organization_id"),
        "programs": ("program", "organization_id"),
        "organization_identifiers": ("organization_identifier", "organization_id"),
        "ties": ("tie", "organization_id"),
        "vacancies": ("vacancy", "organization_id"),
        "aliases": ("alias", "organization_id"),
    },
    "service_at_location": {
        "service_areas": ("service_area", "service_at_location_id"),
        "contacts": ("contact", "service_at_location_id"),
        "phones": ("phone", "service_at_location_id"),
        "schedules": ("schedule", "service_at_location_id"),
    },
    "location": {
        "languages": ("language", "location_id"),
        "addresses": ("address", "location_id"),
        "contacts": ("contact", "location_id"),
        "accessibility": ("accessibility", "location_id"),
        "phones": ("phone", "location_id"),
        "schedules": ("schedule", "location_id"),
    },
    "phone": {"languages": ("language", "phone_id")},
    "contact": {"phones": ("phone", "contact_id"), "schedules": ("schedule", "contact_id")},
}
# Table -> object in its JSON -> (table, column that holds its id). A nested organization is given flat.
OBJECTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "service": {"program": ("program", "program_id")},
    "service_at_location": {"location": ("location", "location_id")},
    "attribute": {"taxonomy_term": ("taxonomy_term", "taxonomy_term_id")},
    "taxonomy_term": {"taxonomy_detail": ("taxonomy", "taxonomy_id")},
    "service_capacity": {"unit": ("unit", "unit_id")},
}


def json_files(directory: Directory) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return services.json and organizations.json, and what HSDS JSON has no place for."""
    nest = Nest(directory)
    files = {
        f"{table}s.json": _page([nest.whole(table, row) for row in directory.tables[table].values()])
        for table in ("service", "organization")
    }
    notes = []
    if nest.left_out:
        sentence = _(
            "%(count)s capacities are left out: HSDS requires the number that is free, and it is not known.",
            count=len(nest.left_out),
        )
        notes.append(sentence)
    if elsewhere := directory.count() - len(nest.held | nest.left_out):
        sentence = _(
            "%(count)s records hang on no service and no organization: HSDS JSON has no place for them, a "
            "data package has.",
            count=elsewhere,
        )
        notes.append(sentence)
    return files, tuple(notes)


def _page(contents: list[Row]) -> bytes:
    """Return a list of HSDS: one page that holds everything."""
    count = len(contents)
    page = {
        "total_items": count,
        "total_pages": 1,
        "page_number": 1,
        "size": count,
        "first_page": True,
        "last_page": True,
        "empty": not count,
        "contents": contents,
    }
    return (json.dumps(page, ensure_ascii=False, indent=1) + "\n").encode()


class Nest:
    """Puts rows into the rows that they hang on."""

    def __init__(self, directory: Directory) -> None:
        self._tables = directory.tables
        self._by: dict[tuple[str, str], dict[str, list[Row]]] = {}
        self._linked = {table: self._links(table) for table in LINKED}
        self.held: set[tuple[str, str]] = set()
        self.left_out: set[tuple[str, str]] = set()  # capacities of which nobody knows how many are free

    def whole(self, table: str, row: Row) -> Row:
        """Return a row as an object of HSDS with everything that hangs on it."""
        made = flat(table, row)
        self.held.add((table, row["id"]))
        if table == "service" and (owner := self._tables["organization"].get(row["organization_id"] or "")):
            made["organization"] = flat("organization", owner)
        for name, (target, column) in OBJECTS.get(table, {}).items():
            if found := self._tables[target].get(row[column] or ""):
                made[name] = self.whole(target, found)
        if table == "service_capacity" and "unit" not in made:
            made["unit"] = {"id": str(uuid5(NAMESPACE, f"unit/{row['id']}")), "name": ""}
        for name, (target, column) in ARRAYS.get(table, {}).items():
            found_rows = self._owned(target, column).get(row["id"], [])
            if parts := [self.whole(target, part) for part in found_rows if self._fits(target, column, part)]:
                made[name] = parts
        for name, array in (("attribute", "attributes"), ("metadata", "metadata")):
            if rows := self._linked[name].get((table, row["id"])):
                made[array] = [self.whole(name, part) for part in rows]
        return made

    def _fits(self, table: str, column: str, row: Row) -> bool:
        """Return whether HSDS would not misread the row in this array."""
        if table == "schedule" and row["contact_id"] and column != "contact_id":
            return False  # hours of one specialist would read as those of the service
        fits = table != "service_capacity" or row["available"] is not None
        if not fits:
            self.left_out.add((table, row["id"]))
        return fits

    def _owned(self, table: str, column: str) -> dict[str, list[Row]]:
        if (table, column) not in self._by:
            found: dict[str, list[Row]] = defaultdict(list)
            for row in self._tables[table].values():
                if row[column]:
                    found[row[column]].append(row)
            self._by[table, column] = found
        return self._by[table, column]

    def _links(self, table: str) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        entity, key = LINKED[table]
        for row in self._tables[table].values():
            found[row[entity], row[key]].append(row)
        return found


def flat(table: str, row: Row) -> Row:
    """Return the filled fields of a row as HSDS writes them.

    Examples
    --------
    >>> flat("phone", {"id": "1", "number": "112", "extension": "x9", "type": None})
    {'id': '1', 'number': '112', 'extension_text': 'x9'}
    >>> flat("service", {"id": "1", "name": "Advice", "status": "unknown"})
    {'id': '1', 'name': 'Advice', 'status': 'active', 'status_known': False}
    """
    made = {name: _plain(value) for name, value in row.items() if value is not None and value is not False}
    made |= {name: "" for name in REQUIRED.get(table, ()) if name not in made}
    if table == "phone" and "extension" in made:
        text = made.pop("extension")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
        made |= {"extension": number} if str(number) == text else {"extension_text": text}
    elif table == "service" and made["status"] == "unknown":
        # HSDS has no word for it. Such a service is still in the directory, so it is shown and marked.
        made |= {"status": "active", "status_known": False}
    elif table == "schedule":
        _fit_rule(made)
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _fit_rule(made: Row) -> None:
    """Say a daily rule as HSDS can, or not at all: it knows weeks and months only."""
    if made.get("freq") == "DAILY" and made.get("interval", 1) == 1 and "byday" not in made:
        made |= {"freq": "WEEKLY", "byday": EVERY_DAY}
    if made.get("freq") not in {"WEEKLY", "MONTHLY"}:
        made.pop("freq", None)
    if made.get("wkst") not in EVERY_DAY.split(","):
        made.pop("wkst", None)
