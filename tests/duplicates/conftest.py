"""Two directories that both know one house, its soup and its hall, each in its own words."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.app import import_all_models
from netmap.db import Base
from netmap.directory.hsds import import_path
from netmap.directory.hsds_names import record_id
from tests.directory.whole import Files, write_whole

import_all_models()

ANN = "ann@office.example"

CITY: Files = {
    "organizations": [
        {"id": "house", "name": "Open House", "email": "hello@house.example", "website": "https://house.example"},
        {"id": "bakery", "name": "Corner Bakery"},
        {"id": "cellar", "name": "Open House Cellar", "parent_organization_id": "house"},
    ],
    "programs": [{"id": "winter", "organization_id": "house", "name": "Warm Winter"}],
    "services": [
        {"id": "soup", "organization_id": "house", "program_id": "winter", "name": "Soup", "status": "active",
         "description": "Hot, at noon."},
    ],
    "locations": [
        {"id": "hall", "organization_id": "house", "name": "The hall", "latitude": "55.52",
         "longitude": "25.10"},
    ],
    "service_at_location": [{"id": "1", "service_id": "soup", "location_id": "hall"}],
    "addresses": [{"id": "1", "location_id": "hall", "address_1": "River Road 1", "city": "Town"}],
    "contacts": [{"id": "cook", "organization_id": "house", "name": "A Cook"}],
    "phones": [
        {"id": "1", "organization_id": "house", "number": "(555) 201-0001"},
        {"id": "2", "contact_id": "cook", "number": "(555) 201-0002"},
    ],
    "schedules": [
        {"id": "1", "service_id": "soup", "byday": "MO", "freq": "WEEKLY", "opens_at": "12:00",
         "closes_at": "13:00"},
    ],
    "ties": [{"id": "1", "organization_id": "house", "other_organization_id": "bakery", "kind": "contact"}],
}  # fmt: skip
PARISH: Files = {
    "organizations": [
        {"id": "oh", "name": "OPEN HOUSE, Inc.", "website": "house.example", "description": "A warm room."},
        {"id": "baker", "name": "Bakery at the Corner"},
    ],
    "services": [
        {"id": "s1", "organization_id": "oh", "name": "Hot soup", "status": "active",
         "assured_date": "2026-11-01", "description": "Soup and bread."},
        {"id": "s2", "organization_id": "oh", "name": "Clothes", "status": "active"},
    ],
    "locations": [
        {"id": "l1", "organization_id": "oh", "name": "Hall", "latitude": "55.5201", "longitude": "25.1"},
    ],
    "service_at_location": [
        {"id": "1", "service_id": "s1", "location_id": "l1", "description": "side door"},
        {"id": "2", "service_id": "s2", "location_id": "l1"},
    ],
    "addresses": [{"id": "1", "location_id": "l1", "address_1": "River Rd. 1", "city": "Town",
                   "postal_code": "10001"}],
    "contacts": [{"id": "c1", "organization_id": "oh", "name": "A. Cook", "title": "Cook"}],
    "phones": [
        {"id": "1", "organization_id": "oh", "number": "+1 555 201 0001", "description": "all day"},
        {"id": "2", "organization_id": "oh", "number": "(555) 201-0009"},
    ],
    "schedules": [
        {"id": "1", "service_id": "s1", "byday": "MO", "freq": "WEEKLY", "opens_at": "12:00",
         "closes_at": "13:00"},
        {"id": "2", "service_id": "s1", "byday": "TU", "freq": "WEEKLY", "opens_at": "12:00",
         "closes_at": "13:00"},
    ],
    "ties": [{"id": "1", "organization_id": "oh", "other_organization_id": "baker", "kind": "contact"}],
}  # fmt: skip


def of(source: str, table: str, key: str) -> str:
    """The id of a record by what its source calls it."""
    return record_id(source, table, key)


HOUSE, OH = of("city", "organization", "house"), of("parish", "organization", "oh")
SOUP, S1 = of("city", "service", "soup"), of("parish", "service", "s1")
HALL, L1 = of("city", "location", "hall"), of("parish", "location", "l1")


@pytest.fixture
def folders(tmp_path: Path) -> Mapping[str, Path]:
    """Both directories as files."""
    return {"city": write_whole(tmp_path / "city", CITY), "parish": write_whole(tmp_path / "parish", PARISH)}


@pytest.fixture
def both(session: Session, folders: Mapping[str, Path]) -> Session:
    """A session on a database that holds both directories."""
    for source, folder in folders.items():
        import_path(session, folder, source=source)
    session.flush()
    return session


# What is written by the history, the queue and the notes for readers; and what only counts the writing.
NOT_COMPARED = {"edit", "edit_change", "job", "directory_change"}
COUNTING = {"version", "last_modified"}


def dump(session: Session) -> dict[str, list[str]]:
    """Every row of every table of the database, but for what counts the writing."""
    session.flush()
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in NOT_COMPARED:
            rows = session.execute(select(*(one for one in table.columns if one.name not in COUNTING))).all()
            found[table.name] = sorted(str(tuple(row)) for row in rows)
    return found
