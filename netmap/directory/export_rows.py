"""The rows of the directory as they go out: what is still there, with references that lead somewhere."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.hsds_names import NAMESPACE, SERVICE_TYPES_URI
from netmap.directory.hsds_tables import LINKED, SPECS
from netmap.directory.models import Area, ServiceTypeLink
from netmap.directory.secrecy import LEADS_THERE
from netmap.directory.spreadsheet import COLUMNS as AREA_COLUMNS
from netmap.directory.spreadsheet import NAMES as AREA_NAMES
from netmap.vocabulary.terms import vocabulary

Row = dict[str, Any]


@dataclass
class Directory:
    """All rows that go out, by table and id, in the order of their ids; areas as their own file has them."""

    tables: dict[str, dict[str, Row]] = field(default_factory=dict)
    areas: list[Row] = field(default_factory=list)

    def count(self) -> int:
        """Return how many rows there are in all tables."""
        return sum(len(rows) for rows in self.tables.values())


def read_directory(session: Session) -> Directory:
    """Return what goes out of the whole directory.

    Rows that are gone in their source stay behind, and so do what hangs on nothing else and what leads to a
    place whose address is kept secret. Types that a
    person confirmed go out as attributes beside those of the source; types that a person rejected do not.
    """
    directory = Directory()
    for table, spec in SPECS.items():
        columns = [spec.table.c.id, *spec.fields().values()]
        query = select(*columns).where(spec.table.c.removed_in_source.is_(None)).order_by(spec.table.c.id)
        rows = {row["id"]: dict(row) for row in session.execute(query).mappings()}
        if table == "location":
            _keep_secrets(rows)
        directory.tables[table] = {
            id_: row for id_, row in rows.items() if _holds(table, row, rows, directory)
        }
    _follow_decisions(session, directory)
    given = select(Area).where(Area.derived.is_(False)).order_by(Area.code)
    directory.areas = [_area(area) for area in session.scalars(given)]
    return directory


def _keep_secrets(locations: Mapping[str, Row]) -> None:
    """Empty what leads to the door of places that are kept secret."""
    for row in locations.values():
        if row["confidential"]:
            row.update(dict.fromkeys(LEADS_THERE))


def _is_secret(table: str, row: Row, directory: Directory) -> bool:
    """Return whether a row is the address of a secret place, or tells what its fields once were."""
    column = {"address": "location_id", "metadata": "resource_id"}.get(table)
    of_place = table == "address" or (table == "metadata" and row["resource_type"] == "location")
    place = directory.tables["location"].get(row[column] or "") if column and of_place else None
    return place is not None and bool(place["confidential"])


def _holds(table: str, row: Row, own: Mapping[str, Row], directory: Directory) -> bool:
    """Empty the references that lead nowhere; return whether the row still means something."""
    spec = SPECS[table]
    if _is_secret(table, row, directory):
        return False
    if table in LINKED:
        entity, key = (row[name] for name in LINKED[table])
        return key in directory.tables.get(entity, {})
    for name, target in spec.references().items():
        there = own if target == table else directory.tables[target]
        if row[name] is not None and row[name] not in there:
            row[name] = None
    references = spec.references()
    if any(row[name] is None for name in spec.required if name in references):
        return False
    return not spec.owners or any(row[name] for name in spec.owners)


def _follow_decisions(session: Session, directory: Directory) -> None:
    """Let attributes say of service types what people decided."""
    attributes, terms = directory.tables["attribute"], directory.tables["taxonomy_term"]
    lists = directory.tables["taxonomy"]
    own = {id_ for id_, row in lists.items() if row["uri"] == SERVICE_TYPES_URI}
    codes = {id_: row["code"] for id_, row in terms.items() if row["taxonomy_id"] in own}
    stated: dict[tuple[str, str], list[str]] = defaultdict(list)
    for id_, row in attributes.items():
        if row["link_entity"] == "service" and row["taxonomy_term_id"] in codes:
            stated[row["link_id"], codes[row["taxonomy_term_id"]]].append(id_)
    query = select(ServiceTypeLink.service_id, ServiceTypeLink.code, ServiceTypeLink.state)
    decided = query.where(ServiceTypeLink.decided_at.is_not(None)).order_by(ServiceTypeLink.id)
    for service, code, state in session.execute(decided):
        if state == "rejected":
            for id_ in stated[service, code]:
                del attributes[id_]
        elif state == "confirmed" and service in directory.tables["service"] and not stated[service, code]:
            term = next((id_ for id_, one in codes.items() if one == code), None)
            term = term or _new_term(code, lists, terms, codes)
            id_ = str(uuid5(NAMESPACE, f"export/attribute/{service}/{code}"))
            values = {"link_id": service, "link_entity": "service", "link_type": "service_type"}
            attributes[id_] = {**_empty("attribute"), "id": id_, **values, "taxonomy_term_id": term}
    for table in ("attribute", "taxonomy_term", "taxonomy"):
        directory.tables[table] = dict(sorted(directory.tables[table].items()))


def _new_term(code: str, lists: dict[str, Row], terms: dict[str, Row], codes: dict[str, str | None]) -> str:
    """Add the term of a service type, and netmap's own taxonomy where it is not there; return its id."""
    taxonomy = next((id_ for id_, row in lists.items() if row["uri"] == SERVICE_TYPES_URI), None)
    if taxonomy is None:
        taxonomy = str(uuid5(NAMESPACE, f"export/taxonomy/{SERVICE_TYPES_URI}"))
        named = {"id": taxonomy, "name": "netmap service types", "uri": SERVICE_TYPES_URI}
        lists[taxonomy] = {**_empty("taxonomy"), "description": "What a service does.", **named}
    id_ = str(uuid5(NAMESPACE, f"export/taxonomy_term/{code}"))
    name = vocabulary().service_types[code].labels["en"]
    terms[id_] = {**_empty("taxonomy_term"), "id": id_, "code": code, "name": name, "description": "",
                  "taxonomy_id": taxonomy}  # fmt: skip
    codes[id_] = code
    return id_


def _empty(table: str) -> Row:
    return dict.fromkeys(("id", *SPECS[table].fields()))


def _area(area: Area) -> Row:
    row: Row = {name: getattr(area, name) for name in AREA_COLUMNS if name not in {"parent", *AREA_NAMES}}
    row |= {column: area.names.get(column[-2:]) for column in AREA_NAMES}
    return {name: {**row, "parent": area.parent_code}[name] for name in AREA_COLUMNS}
