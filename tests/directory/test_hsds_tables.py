"""The tables against the official list of HSDS fields, and what older versions call them."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Date, Float, Integer, String, delete, func, select
from sqlalchemy.orm import Session

from netmap.db import UtcDateTime
from netmap.directory.export_json import ARRAYS, OBJECTS, REQUIRED
from netmap.directory.hsds import import_path
from netmap.directory.hsds_names import FILES
from netmap.directory.hsds_tables import LINKED, SPECS
from netmap.directory.models import (
    Accessibility,
    Attribute,
    Contact,
    Language,
    Location,
    Organization,
    Phone,
    Program,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceCapacity,
    TaxonomyTerm,
    Tie,
    Vacancy,
)
from tests.directory.whole import WHOLE, write_whole

Field = dict[str, str]

# Why a column is not what HSDS says. Each must still be true: an exception nobody needs fails.
OTHER_TYPE = {
    ("phone", "extension"): "real files hold 'x932' and '007'; text, and apart in JSON where no number",
    ("schedule", "opens_at"): "times are HH:MM of the office's own clock",
    ("schedule", "closes_at"): "times are HH:MM of the office's own clock",
}
NOT_REQUIRED = {
    ("service", "organization_id"): "41 services of Washington have an unknown organization and still help",
    ("program", "organization_id"): "a program whose organization is missing still names its services",
    ("attribute", "taxonomy_term_id"): "a term or a value with a label, as HSDS itself says",
    ("address", "city"): "unknown stays unknown; written as '' in JSON",
    ("address", "state_province"): "unknown stays unknown; written as '' in JSON",
    ("address", "postal_code"): "unknown stays unknown; written as '' in JSON",
    ("address", "country"): "unknown stays unknown; written as '' in JSON",
    ("metadata", "last_action_date"): "unknown stays unknown; written as '' in JSON",
    ("service_capacity", "unit_id"): "the official example has one that leads nowhere; '' in JSON",
    ("service_capacity", "available"): "a waiting time may be known alone; left out of JSON, with a note",
    ("service_capacity", "updated"): "unknown stays unknown; written as '' in JSON",
}
# HSDS type and format -> types of columns that hold it.
HOLDS: dict[tuple[str, str], tuple[type, ...]] = {
    ("string", "date-time"): (UtcDateTime,),
    ("datetime", "date-time"): (UtcDateTime,),
    ("date", ""): (Date,),
    ("number", ""): (Float, Integer),
}


@pytest.fixture
def official(shared: Path) -> list[Field]:
    with (shared / "hsds" / "HSDS_FIELDS.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scalars(official: list[Field]) -> Iterator[tuple[str, str, Field]]:
    for row in official:
        if row["kind"] == "scalar" and row["deprecated"] != "Y":
            yield row["table"], row["field"], row


def test_every_table_and_its_file_are_known(official: list[Field]) -> None:
    files = {(row["table"], row["csv_file"]) for row in official}
    assert {(table, f"{SPECS[table].file}.csv") for table, _file in files} == files
    assert set(SPECS) - {table for table, _file in files} == {"tie", "vacancy", "alias", "service_party"}


def test_every_field_that_is_not_deprecated_is_a_column(official: list[Field]) -> None:
    columns = {(table, name) for table, spec in SPECS.items() for name in ("id", *spec.fields())}
    assert sorted({(table, name) for table, name, _row in scalars(official)} - columns) == []


def test_the_columns_have_the_types_of_hsds(official: list[Field]) -> None:
    other = set()
    for table, name, row in scalars(official):
        column = SPECS[table].table.c[name]
        expected = HOLDS.get((row["type"], row["format"] if row["format"] == "date-time" else ""), (String,))
        if not isinstance(column.type, expected):
            other.add((table, name))
        if row["type"] == "time":
            other.add((table, name))
    assert other == set(OTHER_TYPE)


def test_what_hsds_requires_is_required_or_excepted_with_a_reason(official: list[Field]) -> None:
    loose = set()
    for table, name, row in scalars(official):
        if "Y" in (row["required_json"], row["required_tabular"]) and name != "id":
            column, spec = SPECS[table].table.c[name], SPECS[table]
            if column.nullable and name not in (*spec.required, *spec.owners):
                loose.add((table, name))
            assert not column.nullable or name in spec.owners or (table, name) in NOT_REQUIRED
    assert loose == set(NOT_REQUIRED)


def test_what_json_requires_is_never_missing_there(official: list[Field]) -> None:
    for table, name, row in scalars(official):
        column = SPECS[table].table.c[name]
        if row["required_json"] == "Y" and column.nullable and name != "available":
            assert name in REQUIRED[table], (table, name)


def test_references_lead_to_the_tables_of_hsds(official: list[Field]) -> None:
    for table, name, row in scalars(official):
        if row["foreign_key"]:
            assert SPECS[table].references()[name] == row["foreign_key"]


def test_every_array_and_object_of_hsds_is_nested(official: list[Field]) -> None:
    everywhere = {"attributes", "metadata"}
    nested = {(table, name) for table, arrays in ARRAYS.items() for name in arrays}
    nested |= {(table, name) for table, objects in OBJECTS.items() for name in objects}
    nested |= {("service", "organization")}
    official_ones = {
        (row["table"], row["field"])
        for row in official
        if row["kind"] in {"array", "object"} and row["field"] not in everywhere
    }
    assert official_ones - nested == set()
    assert nested - official_ones == {
        ("organization", "ties"),
        ("organization", "vacancies"),
        ("organization", "aliases"),
        ("service", "aliases"),
        ("service", "parties"),
        ("contact", "schedules"),
    }


def test_codes_are_those_of_hsds(official: list[Field]) -> None:
    from netmap.directory.hsds_cells import CODES
    from netmap.directory.models import STATUSES

    found = {name: set(row["enum"].split("|")) for _table, name, row in scalars(official) if row["enum"]}
    assert found["status"] == set(STATUSES) - {"unknown"}
    assert found["location_type"] == set(CODES["location_type"])
    assert found["address_type"] == set(CODES["address_type"])


def test_every_table_can_be_named_by_what_hangs_on_it() -> None:
    assert {FILES[spec.file].table for spec in SPECS.values()} == set(SPECS)
    assert set(LINKED) < set(SPECS)


# Older versions


def test_files_of_hsds_1_and_2_find_their_tables(session: Session, tmp_path: Path) -> None:
    old = {
        "organizations": [{"id": "1", "name": "Aid"}],
        "services": [{"id": "10", "organization_id": "1", "name": "Advice"}],
        "locations": [{"id": "3", "name": "Hall"}],
        "accessibility_for_disabilities": [
            {"id": "1", "location_id": "3", "accessibility": "ramp", "details": "at the back"},
            {"id": "2", "location_id": "3", "accessibility": "", "details": ""},
        ],
        "holiday_schedules": [
            {"id": "1", "service_id": "10", "closed": "true", "start_date": "2026-12-25",
             "end_date": "2026-12-26", "opens_at": "", "closes_at": ""},
            {"id": "2", "service_id": "10", "closed": "", "start_date": "2026-12-24",
             "end_date": "2026-12-24", "opens_at": "9:00AM", "closes_at": "12:00PM"},
            {"id": "3", "service_id": "10", "closed": "perhaps", "start_date": "2027-01-01",
             "end_date": "2027-01-01", "opens_at": "", "closes_at": ""},
        ],
        "payments_accepted": [{"id": "1", "service_id": "10", "payment": "cash"}],
        "contacts": [{"id": "7", "organization_id": "1", "name": "", "title": "Desk"}],
        "phones": [{"id": "5", "contact_id": "7", "number": "112", "language": "en, Spanish",
                    "department": "Front desk"}],
        "taxonomy_types": [{"taxonomy_type_recordid": "t", "name": "Kinds"}],
        "taxonomy_terms": [{"taxonomy_recordid": "a", "taxonomy_name": "Food"}],
        "taxonomy_terms_types": [{"taxonomy_recordid": "a", "taxonomy_type_recordid": "t"}],
        "service_attributes": [{"id": "1", "service_id": "10", "taxonomy_term_id": "a"}],
    }  # fmt: skip
    report = import_path(session, write_whole(tmp_path / "old", old))

    ramp = session.scalars(select(Accessibility)).one()
    assert (ramp.description, ramp.details) == ("ramp", "at the back")
    days = {str(one.valid_from): one for one in session.scalars(select(Schedule))}
    christmas, eve, new_year = days["2026-12-25"], days["2026-12-24"], days["2027-01-01"]
    assert (christmas.closed, str(christmas.valid_to), christmas.byday) == (True, "2026-12-26", None)
    assert (eve.closed, eve.opens_at, eve.closes_at, eve.byday) == (
        False,
        "09:00",
        "12:00",
        "MO,TU,WE,TH,FR,SA,SU",
    )
    assert new_year.closed is False
    paid = session.scalars(select(Attribute).where(Attribute.link_type == "payment")).one()
    assert (paid.value, paid.link_entity) == ("cash", "service")
    phone = session.scalars(select(Phone)).one()
    assert (phone.description, sorted(str(one.code) for one in phone.languages)) == (
        "Front desk",
        ["en", "es"],
    )
    contact = session.scalars(select(Contact)).one()
    assert (contact.title, contact.phones) == ("Desk", [phone])
    term = session.scalars(select(TaxonomyTerm)).one()
    assert term.taxonomy is not None
    assert term.taxonomy.name == "Kinds"
    assert [(item.field, item.reason) for item in report.rejected] == [
        ("closed", "left empty: yes or no is needed here: 1, true, yes, 0, false or no")
    ]
    told = "accessibility_for_disabilities.csv: a row says nothing and was left out (row 3)."
    assert told in report.warnings
    again = import_path(session, tmp_path / "old").as_dict()
    assert (again["added"], again["changed"], again["removed_in_source"]) == (0, 0, 0)


def test_a_second_import_of_every_table_changes_nothing_and_an_empty_one_marks_all(
    session: Session, tmp_path: Path
) -> None:
    import_path(session, write_whole(tmp_path / "whole"), source="whole")
    again = import_path(session, tmp_path / "whole", source="whole")
    assert {name for name, count in again.tables.items() if count.changed or count.added} == set()

    main = {"organizations", "services", "locations"}  # of these an empty file is an error
    for name in set(WHOLE) - main:
        header = (tmp_path / "whole" / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        (tmp_path / "whole" / f"{name}.csv").write_text(header + "\n", encoding="utf-8")
    emptied = import_path(session, tmp_path / "whole", source="whole")
    left = {name for name, count in emptied.tables.items() if not count.removed_in_source}
    assert left == {"organization", "service", "location"}


@pytest.mark.parametrize(
    ("table", "change", "field", "reason"),
    [
        ("organizations", {"kind": "castle"}, "kind", "only ngo, debt_adviser"),
        ("ties", {"kind": "love"}, "kind", "only agreement, contact, funding, joint_service"),
        ("ties", {"other_organization_id": "house"}, "other_organization_id", "a tie with itself"),
        ("vacancies", {"organization_id": "nobody"}, "organization_id", "no record has this id"),
        ("vacancies", {"title": ""}, "title", "cannot do without"),
        ("service_capacity", {"wait_days": "2,5"}, "wait_days", "a whole number is needed"),
        ("service_capacity", {"available": "some"}, "available", "not a number"),
        ("schedules", {"timezone": "30"}, "timezone", "not between -12 and 14"),
        ("url", {"url": "javascript:alert(1)"}, "url", "a web address begins with"),
        ("metadata", {"resource_type": "weather"}, "resource_id", "no record has this id"),
        ("organization_identifiers", {"identifier": ""}, "identifier", "cannot do without"),
    ],
)
def test_bad_cells_of_the_newer_tables_are_told(
    session: Session, tmp_path: Path, table: str, change: Field, field: str, reason: str
) -> None:
    files = {**WHOLE, table: [{**WHOLE[table][0], **change}, *WHOLE[table][1:]]}
    report = import_path(session, write_whole(tmp_path / "whole", files))
    assert {(item.file, item.row, item.field) for item in report.rejected} == {(f"{table}.csv", 2, field)}
    assert reason in report.rejected[0].reason


# What goes with what


def count(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("by", ["the session", "the database"])
def test_what_belongs_to_one_row_goes_with_it_and_what_is_shared_stays(
    session: Session, tmp_path: Path, by: str
) -> None:
    import_path(session, write_whole(tmp_path / "whole"))
    house = session.scalars(select(Organization).where(Organization.name == "Open House")).one()
    if by == "the session":
        session.delete(house)
    else:
        session.execute(delete(Organization).where(Organization.id == house.id))
    session.flush()
    session.expire_all()

    assert (count(session, Program), count(session, Tie), count(session, Vacancy)) == (0, 0, 1)
    assert (count(session, Service), count(session, Location), count(session, Phone)) == (2, 1, 3)
    service = session.scalars(select(Service).where(Service.name == "Night beds")).one()
    assert (service.organization_id, service.program_id) == (None, None)
    if by == "the session":
        session.delete(service)
    else:
        session.execute(delete(Service).where(Service.id == service.id))
    session.flush()
    session.expire_all()
    assert (count(session, ServiceAtLocation), count(session, ServiceCapacity)) == (0, 1)
    assert count(session, Language) == 3
    nurse = session.scalars(select(Contact).where(Contact.title == "Night nurse")).one()
    assert (nurse.service_id, len(nurse.phones)) == (None, 1)
