"""HSDS in JSON, in every form it is published in, becomes the same rows as CSV."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.hsds import import_path
from netmap.directory.models import (
    Address,
    Attribute,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
)
from netmap.directory.reading.collect import Tables
from netmap.directory.reading.json_tables import read_json
from netmap.directory.report import Report
from netmap.errors import Invalid

pytestmark = pytest.mark.usefixtures("read_here")

TERM = {"id": "t", "name": "Debt", "taxonomy_detail": {"id": "x", "name": "Topics"}}
PLACE = {
    "id": "3",
    "name": "House",
    "location_type": "physical",
    "latitude": 54.5,
    "longitude": 25.25,
    "addresses": [{"address_1": "1 Road", "city": "Town", "address_type": "physical"}],
}
SERVICE: dict[str, Any] = {
    "id": "10",
    "name": "Advice",
    "status": "active",
    "minimum_age": 18.0,
    "organization": {"id": "1", "name": "Aid", "description": "helps"},
    "phones": [{"id": "p", "number": "112", "type": "voice"}],
    "schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}],
    "attributes": [
        {"id": "a", "link_type": "topic", "taxonomy_term": TERM}
    ],
    "service_at_locations": [
        {"id": "sl", "location": PLACE}
    ],
}  # fmt: skip


def put(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def all_of(session: Session, model: type[Any]) -> list[Any]:
    session.expire_all()
    return list(session.scalars(select(model)))


@pytest.mark.parametrize(
    "document",
    [
        SERVICE,
        [SERVICE],
        {"total_items": 1, "page_number": 1, "contents": [SERVICE]},
        {"services": [SERVICE]},
        {
            "id": "1",
            "name": "Aid",
            "description": "helps",
            "legal_status": "ngo",
            "services": [{k: v for k, v in SERVICE.items() if k != "organization"}],
        },
        {
            "id": "sl",
            "location": SERVICE["service_at_locations"][0]["location"],
            "service": {k: v for k, v in SERVICE.items() if k != "service_at_locations"},
        },
    ],
    ids=["object", "list", "page", "lists by name", "organization", "service at location"],
)
def test_every_form_of_json_gives_the_same_records(
    session: Session, tmp_path: Path, document: object
) -> None:
    import_path(session, put(tmp_path / "export.json", document))

    service, place = all_of(session, Service)[0], all_of(session, ServiceAtLocation)[0]
    assert (service.name, service.minimum_age, service.source_key) == ("Advice", 18, "10")
    assert all_of(session, Organization)[0].id == service.organization_id
    location = all_of(session, Location)[0]
    assert (place.service_id, place.location_id) == (service.id, location.id)
    assert (location.latitude, location.longitude) == (54.5, 25.25)
    assert all_of(session, Address)[0].location_id == location.id
    assert all_of(session, Phone)[0].service_id == service.id
    assert (all_of(session, Schedule)[0].byday, all_of(session, Schedule)[0].service_id) == ("MO", service.id)
    attribute = all_of(session, Attribute)[0]
    assert (attribute.link_id, attribute.link_entity) == (service.id, "service")
    assert (attribute.term.name, attribute.term.taxonomy.name) == ("Debt", "Topics")


def test_a_line_for_each_object_is_read(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "services.ndjson"
    path.write_text("\n".join(json.dumps({**SERVICE, "id": str(n)}) for n in range(3)))

    report = import_path(session, path)

    assert report.table("service").added == 3
    assert report.table("organization").added == 1


def test_several_files_are_one_package(session: Session, tmp_path: Path) -> None:
    put(tmp_path / "organizations.json", [{"id": "1", "name": "Aid"}])
    put(tmp_path / "service_list.json", [{"id": "10", "name": "Advice", "organization_id": "1"}])
    put(tmp_path / "profile.json", {"figures": 3})

    report = import_path(session, tmp_path)

    assert all_of(session, Service)[0].organization_id == all_of(session, Organization)[0].id
    assert any(text.startswith("profile.json is no HSDS JSON") for text in report.warnings)


def test_old_names_in_json_are_known(session: Session, tmp_path: Path) -> None:
    service = {
        "id": "10",
        "name": "Advice",
        "status": "active",
        "fees": "Free",
        "regular_schedules": [{"weekday": "Monday", "opens_at": "09:00", "closes_at": "12:00"}],
        "service_at_locations": [
            {
                "id": "sl",
                "location": {"id": "3", "physical_addresses": [{"address_1": "1 Road", "city": "Town"}]},
            }
        ],
        "service_taxonomys": [{"id": "st", "taxonomy": {"id": "t", "name": "Debt", "vocabulary": "x"}}],
    }

    import_path(session, put(tmp_path / "services.json", {"content": [], "services": [service]}))

    assert all_of(session, Service)[0].fees_description == "Free"
    assert all_of(session, Schedule)[0].byday == "MO"
    assert all_of(session, Address)[0].address_type == "physical"
    assert all_of(session, Attribute)[0].term.name == "Debt"


def test_a_refused_value_is_named_by_its_path(session: Session, tmp_path: Path) -> None:
    services = [
        {"id": "1", "name": "A"},
        {"id": "2", "name": "B", "minimum_age": "old", "phones": [{"type": "voice"}]},
    ]

    report = import_path(session, put(tmp_path / "services.json", services))

    assert [(item.file, item.row, item.field) for item in report.rejected] == [
        ("services.json, services", "services[1]", "minimum_age"),
        ("services.json, phones", "services[1].phones[0]", "number"),
    ]


def read(text: str) -> tuple[dict[str, list[dict[str, str]]], Report]:
    report = Report("a")
    tables = Tables(report)
    read_json("services.json", text, tables, report)
    return {file.table: [cells for _place, cells in file.rows()] for file in tables.files()}, report.close()


def test_numbers_ids_and_odd_values_come_as_they_stand() -> None:
    found, _report = read(
        '[{"id": 12345678901234567890123, "name": "A\\ud800", "minimum_age": NaN, "maximum_age": 1e400,'
        ' "status": null, "alert": true, "postcode": 18000.0}]'
    )

    assert found["services"] == [
        {
            "id": "12345678901234567890123",
            "name": "A�",
            "minimum_age": "NaN",
            "maximum_age": "1e400",
            "status": "",
            "alert": "true",
            "postcode": "18000",
        }
    ]


def test_not_a_number_is_refused_where_a_number_belongs(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "services.json"
    path.write_text('[{"id": "1", "name": "A", "minimum_age": NaN, "maximum_age": Infinity}]')

    report = import_path(session, path)

    assert [(item.field, item.value) for item in report.rejected] == [
        ("minimum_age", "NaN"),
        ("maximum_age", "Infinity"),
    ]
    assert all_of(session, Service)[0].minimum_age is None


def test_a_key_that_is_there_twice_is_told() -> None:
    found, report = read('[{"id": "1", "name": "First", "name": "Second"}]')

    assert found["services"][0]["name"] == "First"
    assert report.warnings == [
        "services.json: the key 'name' is there twice; the first was taken (row services[0])."
    ]


def test_the_same_object_in_two_places_is_one_row_and_a_difference_is_told() -> None:
    organization = {"id": "1", "name": "Aid"}
    found, report = read(
        json.dumps(
            [
                {"id": "1", "name": "A", "organization": organization},
                {
                    "id": "2",
                    "name": "B",
                    "organization": {**organization, "name": "Other", "email": "a@b.example"},
                },
            ]
        )
    )

    assert found["organizations"] == [{"id": "1", "name": "Aid", "email": "a@b.example"}]
    assert (
        "an id comes again with another name; the first was kept (row services[1].organization)"
        in report.warnings[0]
    )


def test_a_page_of_several_says_that_others_are_missing() -> None:
    _found, report = read('{"total_pages": 3, "page_number": 2, "contents": [{"id": "1", "name": "A"}]}')
    assert report.warnings == ["services.json is page 2 of 3: the other pages are not in it."]


def test_another_kind_of_json_is_refused() -> None:
    with pytest.raises(Invalid, match=r"is no HSDS JSON: \[0\] is no organization"):
        read('[{"wheels": 4}]')


def test_the_official_examples_come_in(session: Session, shared: Path) -> None:
    examples = shared / "hsds" / "examples"
    for name in ("service_full", "organization_full", "service_at_location_full", "service_list", "location"):
        report = import_path(session, examples / f"{name}.json", source="example")
        assert report.table("organization").removed_in_source == 0, name
    assert [service.name for service in all_of(session, Service)] == ["Community Counselling"]
    assert [phone.number for phone in all_of(session, Phone)] == ["+44 1234 234567"]


def test_the_worked_example_of_hours_comes_in_exactly(session: Session, shared: Path) -> None:
    import_path(session, shared / "hsds" / "examples" / "guidance" / "schedules" / "services.json")

    rows = {
        (row.byday, row.freq, row.opens_at, row.closes_at, str(row.until))
        for row in all_of(session, Schedule)
    }
    assert len(rows) == 3
    assert ("1SA", "MONTHLY") in {(days, freq) for days, freq, *_rest in rows}


def test_a_page_of_an_older_api_is_read_with_keys_in_one_word(session: Session, tmp_path: Path) -> None:
    service = {
        "id": "10",
        "name": "Advice",
        "eligibilitys": [{"eligibility": "adults", "minimumAge": 18, "maximumAge": None}],
        "costOptions": [{"id": "c", "amount": 2.5, "option": "a visit"}],
        "serviceAtLocations": [
            {
                "id": "sl",
                "location": {"id": "3", "physicalAddresses": [{"address1": "1 Road", "city": "Town"}]},
            }
        ],
    }
    page = {"totalPages": 3, "number": 1, "content": [service]}
    report = import_path(session, put(tmp_path / "page.json", page))

    found = all_of(session, Service)[0]
    assert (found.minimum_age, found.maximum_age, found.eligibility_description) == (18, None, "adults")
    assert all_of(session, Address)[0].address_1 == "1 Road"
    assert "page.json is page 1 of 3: the other pages are not in it." in report.warnings


def test_several_ranges_of_ages_are_no_one_range(session: Session, tmp_path: Path) -> None:
    ranges = [{"eligibility": "children", "maximum_age": 6}, {"eligibility": "adults", "minimum_age": 18}]
    service = {"id": "10", "name": "Advice", "status": "active", "eligibilitys": ranges}
    report = import_path(session, put(tmp_path / "services.json", [service]))

    found = all_of(session, Service)[0]
    assert (found.minimum_age, found.maximum_age) == (None, None)
    assert any("several ranges of ages" in warning for warning in report.warnings)
