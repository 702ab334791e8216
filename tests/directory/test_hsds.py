"""Import of HSDS packages: made-up folders for each rule, and the real ones whole."""

import csv
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.hsds import import_path
from netmap.directory.hsds_names import record_id
from netmap.directory.models import (
    Accessibility,
    Address,
    Area,
    Attribute,
    CostOption,
    EligibilityRule,
    Language,
    Location,
    Organization,
    Phone,
    Program,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTypeLink,
    Source,
    TaxonomyTerm,
)
from netmap.directory.reading import limits
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.jobs.models import Job

Rows = Sequence[Mapping[str, str]]
Write = Callable[..., Path]
ORGS = [{"id": "1", "name": "Aid"}]
SERVICES = [{"id": "10", "organization_id": "1", "name": "Advice", "status": "active"}]
UUID = "ac148810-d857-441c-9679-408f346de14b"

pytestmark = pytest.mark.usefixtures("read_here")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a folder of CSV files: one keyword per file; organizations and services unless given."""

    def write_folder(folder: str = "made-up", **files: Rows) -> Path:
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        for name, rows in {"organizations": ORGS, "services": SERVICES, **files}.items():
            columns = list(dict.fromkeys(column for row in rows for column in row)) or ["id"]
            with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(rows)
        return path

    return write_folder


def only(session: Session, model: type[Any]) -> Any:
    """Return the only row of a table."""
    session.expire_all()
    return session.scalars(select(model)).one()


def reasons(report: Report) -> list[tuple[str, int, str, str]]:
    """Return where something was refused, and why."""
    return [(item.file, item.row, item.field, item.reason) for item in report.rejected]


# Ids


def test_an_id_that_is_no_uuid_becomes_one_made_of_source_table_and_id(
    session: Session, write: Write
) -> None:
    import_path(session, write(), source="dc")

    service = only(session, Service)
    assert (service.id, service.source_key) == (record_id("dc", "service", "10"), "10")
    assert service.organization_id == record_id("dc", "organization", "1")


def test_an_id_that_is_a_uuid_is_kept(session: Session, write: Write) -> None:
    import_path(session, write(services=[{"id": UUID.upper(), "name": "Advice"}]))

    assert only(session, Service).id == UUID


def test_the_source_is_called_like_the_folder(session: Session, write: Write) -> None:
    report = import_path(session, write("My County 2026"))

    assert report.source == only(session, Source).id == "my-county-2026"
    assert only(session, Source).imported_at is not None


def test_a_core_id_given_twice_is_refused_with_its_row(session: Session, write: Write) -> None:
    report = import_path(session, write(organizations=[*ORGS, {"id": "1", "name": "Another"}]))

    assert only(session, Organization).name == "Aid"
    assert reasons(report) == [("organizations.csv", 3, "id", "row 2 has the same id; this row was left out")]


def test_schedules_may_share_an_id_where_their_service_differs(session: Session, write: Write) -> None:
    services = [*SERVICES, {"id": "11", "name": "Bed"}]
    schedules = [{"id": "5", "service_id": key, "byday": "MO"} for key in ("10", "11")]

    import_path(session, write(services=services, schedules=schedules))

    assert len(set(session.scalars(select(Schedule.service_id)))) == 2


def test_a_row_that_is_there_twice_is_taken_once_and_told(session: Session, write: Write) -> None:
    phone = {"id": "5", "service_id": "10", "number": "112"}

    report = import_path(session, write(phones=[phone, phone, phone]))

    assert session.scalar(select(func.count()).select_from(Phone)) == 1
    assert "phones.csv: a row is there twice, word for word; it was taken once (2 times; rows 3, 4)." in (
        report.warnings
    )


def test_a_row_without_an_id_gets_one_from_its_content_and_keeps_it(session: Session, write: Write) -> None:
    path = write(phones=[{"service_id": "10", "number": "112"}, {"service_id": "10", "number": "113"}])
    import_path(session, path)

    report = import_path(session, path)

    assert report.table("phone").unchanged == 2


def test_a_cell_with_several_ids_makes_one_row_for_each(session: Session, write: Write) -> None:
    services = [*SERVICES, {"id": "11", "name": "Bed"}]
    phones = [{"id": "5", "service_id": "10, 11", "organization_id": "1", "number": "112"}]

    import_path(session, write(services=services, phones=phones))

    found = session.execute(select(Phone.service_id, Phone.organization_id)).all()
    assert {service for service, _organization in found} == set(session.scalars(select(Service.id)))
    assert sum(organization is not None for _service, organization in found) == 1


# Repeated imports


def test_importing_the_same_again_changes_nothing(session: Session, write: Write) -> None:
    path = write(phones=[{"id": "5", "service_id": "10", "number": "112"}])
    import_path(session, path)

    report = import_path(session, path).as_dict()

    assert (report["added"], report["changed"], report["unchanged"], report["removed_in_source"]) == (
        0,
        0,
        3,
        0,
    )


def test_a_changed_cell_is_written_and_raises_the_version(session: Session, write: Write) -> None:
    import_path(session, write())

    report = import_path(session, write(services=[{**SERVICES[0], "name": "Better advice"}]))

    service = only(session, Service)
    assert (service.name, service.version) == ("Better advice", 2)
    assert (report.table("service").changed, report.table("organization").unchanged) == (1, 1)


def test_a_row_gone_from_the_files_is_marked_and_stays(session: Session, write: Write) -> None:
    import_path(session, write(services=[*SERVICES, {"id": "11", "name": "Bed"}]))

    report = import_path(session, write())

    gone = session.scalars(select(Service).where(Service.removed_in_source.is_not(None))).one()
    assert gone.name == "Bed"
    assert report.table("service").removed_in_source == 1
    assert import_path(session, write()).table("service").removed_in_source == 0


def test_a_row_that_comes_back_is_marked_no_more(session: Session, write: Write) -> None:
    both = [*SERVICES, {"id": "11", "name": "Bed"}]
    for services in (both, SERVICES, both):
        report = import_path(session, write(services=services))

    assert report.table("service").changed == 1
    assert session.scalar(select(func.count()).where(Service.removed_in_source.is_not(None))) == 0


def test_a_file_that_is_missing_this_time_takes_nothing_away(session: Session, write: Write) -> None:
    path = write(phones=[{"id": "5", "service_id": "10", "number": "112"}])
    import_path(session, path)
    (path / "phones.csv").unlink()

    report = import_path(session, path)

    assert only(session, Phone).removed_in_source is None
    assert "There is no file for phone this time; 1 records of an earlier import stay." in report.warnings


def test_a_column_that_is_missing_this_time_takes_nothing_away(session: Session, write: Write) -> None:
    import_path(session, write(services=[{**SERVICES[0], "email": "a@aid.example"}]))

    import_path(session, write())

    assert only(session, Service).email == "a@aid.example"


def test_a_status_column_that_is_missing_this_time_takes_nothing_away(session: Session, write: Write) -> None:
    import_path(session, write())

    report = import_path(session, write(services=[{"id": "10", "organization_id": "1", "name": "Advice"}]))

    assert only(session, Service).status == "active"
    assert report.table("service").unchanged == 1


def test_records_of_another_source_stay_as_they_are(session: Session, write: Write) -> None:
    import_path(session, write("one", services=[{"id": UUID, "name": "Advice"}]))

    report = import_path(session, write("two", services=[{"id": UUID, "name": "Stolen"}]))

    assert only(session, Service).name == "Advice"
    assert any("already from the source 'one'" in warning for warning in report.warnings)


def test_records_written_by_people_stay_as_they_are(session: Session, write: Write) -> None:
    session.add(Service(id=UUID, name="Typed here"))
    session.flush()

    report = import_path(session, write(services=[{"id": UUID, "name": "Imported"}]))

    assert only(session, Service).name == "Typed here"
    assert "1 records of service were written here by people and stay as they are." in report.warnings


def test_a_check_by_a_person_is_never_replaced_by_an_older_date(session: Session, write: Write) -> None:
    import_path(session, write())
    only(session, Service).assured_date = date(2026, 5, 1)
    session.flush()

    import_path(session, write(services=[{**SERVICES[0], "assured_date": "2025-01-01"}]))
    assert only(session, Service).assured_date == date(2026, 5, 1)

    import_path(session, write(services=[{**SERVICES[0], "assured_date": "2026-06-01"}]))
    assert only(session, Service).assured_date == date(2026, 6, 1)


def test_a_status_set_by_a_person_survives_the_next_import(session: Session, write: Write) -> None:
    path = write()
    import_path(session, path)
    only(session, Service).status = "temporarily closed"
    session.flush()

    import_path(session, path)

    assert only(session, Service).status == "temporarily closed"


def test_a_new_status_of_the_source_does_not_replace_that_of_a_person(session: Session, write: Write) -> None:
    import_path(session, write())
    only(session, Service).status = "temporarily closed"
    session.flush()

    others = [{"id": str(key), "name": "More", "status": "active"} for key in range(20, 40)]
    report = import_path(session, write(services=[{**SERVICES[0], "status": "defunct"}, *others]))

    service = session.get(Service, record_id("made-up", "service", "10"))
    assert service is not None
    assert (service.status, service.source_status) == ("temporarily closed", "defunct")
    assert any("the one that a person gave here was kept" in warning for warning in report.warnings)


def test_only_changed_services_are_indexed_again(session: Session, write: Write) -> None:
    both = [*SERVICES, {"id": "11", "name": "Bed"}]
    import_path(session, write(services=both))
    session.query(Job).delete()

    import_path(session, write(services=[both[0], {"id": "11", "name": "Warm bed"}]))

    assert only(session, Job).payload == {"ids": [record_id("made-up", "service", "11")]}


def test_a_new_name_of_an_organization_indexes_its_services_again(session: Session, write: Write) -> None:
    import_path(session, write())
    session.query(Job).delete()

    import_path(session, write(organizations=[{"id": "1", "name": "New name"}]))

    assert only(session, Job).kind == "index-services"


# Status


def test_a_source_that_is_out_of_use_as_a_whole_is_not_believed(session: Session, write: Write) -> None:
    services = [{"id": str(key), "name": "Advice", "status": "inactive"} for key in range(9)]
    services.append({"id": "9", "name": "Advice", "status": "active"})

    report = import_path(session, write(services=services))

    found = set(session.execute(select(Service.status, Service.source_status)).all())
    assert found == {("unknown", "inactive"), ("active", "active")}
    assert any(
        warning.startswith("9 of 10 services are said to be out of use") for warning in report.warnings
    )


def test_services_whose_status_nobody_knows_are_no_error_of_an_export(session: Session, write: Write) -> None:
    report = import_path(session, write(services=[{"id": "1", "name": "Advice", "status": "unknown"}]))

    assert only(session, Service).status == "unknown"
    assert report.warnings == []


def test_a_few_services_out_of_use_are_believed(session: Session, write: Write) -> None:
    services = [*SERVICES, {"id": "11", "name": "Bed", "status": "temporarily closed"}]

    import_path(session, write(services=services))

    assert set(session.scalars(select(Service.status))) == {"active", "temporarily closed"}


def test_a_status_that_is_missing_or_odd_is_unknown(session: Session, write: Write) -> None:
    services = [{"id": "1", "name": "A", "status": ""}, {"id": "2", "name": "B", "status": "open?"}]

    report = import_path(session, write(services=services))

    assert set(session.execute(select(Service.status, Service.source_status)).all()) == {
        ("unknown", None),
        ("unknown", "open?"),
    }
    assert "services.csv: 'open?' is no status of HSDS; it is unknown (row 3)." in report.warnings


# References and cells


def test_a_service_of_an_unknown_organization_comes_in_without_it(session: Session, write: Write) -> None:
    report = import_path(session, write(services=[{**SERVICES[0], "organization_id": "99"}]))

    assert only(session, Service).organization_id is None
    assert report.rejected == []
    assert "services.csv: organization_id names a record that is not there (row 2)." in report.warnings


def test_a_service_of_two_organizations_takes_the_first_that_is_there(session: Session, write: Write) -> None:
    report = import_path(session, write(services=[{**SERVICES[0], "organization_id": "99,1"}]))

    assert only(session, Service).organization_id == record_id("made-up", "organization", "1")
    assert any("organization_id names several" in warning for warning in report.warnings)


def test_a_place_of_a_service_that_is_not_there_is_refused(session: Session, write: Write) -> None:
    places = [{"id": "1", "service_id": "10", "location_id": "77"}]

    report = import_path(session, write(service_at_location=places))

    assert session.scalar(select(func.count()).select_from(ServiceAtLocation)) == 0
    assert [(item.file, item.row, item.field, item.value) for item in report.rejected] == [
        ("service_at_location.csv", 2, "location_id", "77")
    ]


@pytest.mark.parametrize(
    ("file", "row", "field"),
    [
        ("organizations", {"id": "2", "name": " "}, "name"),
        ("services", {"id": "2", "name": "null"}, "name"),
        ("phones", {"id": "2", "service_id": "10", "number": ""}, "number"),
        ("cost_options", {"id": "2", "service_id": "", "amount": "3"}, "service_id"),
        ("languages", {"id": "2", "service_id": "", "name": "Lithuanian"}, "service_id"),
        ("attributes", {"id": "2", "link_entity": "service", "link_id": "77", "value": "x"}, "link_id"),
        ("attributes", {"id": "2", "link_entity": "moon", "link_id": "10", "value": "x"}, "link_id"),
        ("attributes", {"id": "2", "link_entity": "service", "link_id": "10"}, "taxonomy_term_id"),
    ],
)
def test_a_row_that_cannot_do_without_a_cell_is_refused(
    session: Session, write: Write, file: str, row: dict[str, str], field: str
) -> None:
    report = import_path(session, write(**{file: [row]}))

    assert [(item.file, item.row, item.field) for item in report.rejected] == [(f"{file}.csv", 2, field)]


@pytest.mark.parametrize(
    ("file", "row", "reason"),
    [
        ("locations", {"id": "1", "latitude": "100", "longitude": "25"}, "not between -90 and 90"),
        ("locations", {"id": "1", "latitude": "55", "longitude": "-181"}, "not between -180 and 180"),
        ("locations", {"id": "1", "latitude": "north", "longitude": "25"}, "not a number"),
        ("services", {**SERVICES[0], "assured_date": "01/02/2026"}, "not a date of the form 2026-11-30"),
        ("services", {**SERVICES[0], "minimum_age": "1_8"}, "not a number"),
        ("services", {**SERVICES[0], "url": "javascript:alert(1)"}, "a web address begins with http"),
        ("services", {**SERVICES[0], "duration": "often"}, "only once, short, long are known here"),
        ("cost_options", {"id": "1", "service_id": "10", "amount": "-5"}, "not between 0 and"),
        ("cost_options", {"id": "1", "service_id": "10", "currency": "euros"}, "longer than 3 characters"),
        ("organizations", {**ORGS[0], "year_incorporated": "1990.5"}, "a whole number is needed here"),
    ],
)
def test_a_cell_that_cannot_be_read_is_left_empty_and_named(
    session: Session, write: Write, file: str, row: dict[str, str], reason: str
) -> None:
    report = import_path(session, write(**{file: [row]}))

    assert [item.file for item in report.rejected] == [f"{file}.csv"]
    assert report.rejected[0].reason.startswith(f"left empty: {reason}")


def test_the_point_zero_zero_is_no_point(session: Session, write: Write) -> None:
    report = import_path(session, write(locations=[{"id": "1", "latitude": "0", "longitude": "0.0"}]))

    assert only(session, Location).latitude is None
    assert reasons(report)[0][:3] == ("locations.csv", 2, "latitude")


def test_text_loses_entities_and_spare_blanks_and_keeps_lines(session: Session, write: Write) -> None:
    text = "  They&rsquo;re   here.\r\nSee a?b=1&copy=2\x0b "

    import_path(session, write(services=[{**SERVICES[0], "description": text}]))

    assert only(session, Service).description == "They’re here.\nSee a?b=1&copy=2"


def test_cells_under_no_column_are_named(session: Session, write: Write) -> None:
    path = write()
    with (path / "organizations.csv").open("a", encoding="utf-8") as file:
        file.write("2,Second,surplus\n")

    report = import_path(session, path)

    assert [(item.row, item.value) for item in report.rejected] == [(3, "surplus")]


def test_the_row_number_is_that_of_a_spreadsheet(session: Session, write: Write) -> None:
    services = [{**SERVICES[0], "description": "two\nlines"}, {"id": "11", "name": ""}]

    report = import_path(session, write(services=services))

    assert [item.row for item in report.rejected] == [3]


def test_columns_and_files_without_a_home_are_named_with_their_count(session: Session, write: Write) -> None:
    report = import_path(
        session,
        write(
            organizations=[{**ORGS[0], "crest": "x.png", "colour": ""}],
            recipes=[{"id": "1"}, {"id": "2"}],
        ),
    )

    assert {
        "organizations.csv: netmap does not keep these columns (filled cells): crest (1), colour (0).",
        "recipes.csv is no file that HSDS knows; 2 rows were not taken in.",
    } <= set(report.warnings)


# Old names


def test_names_of_older_versions_are_known(session: Session, write: Write) -> None:
    import_path(
        session,
        write(
            organization=[{"id": "7", "name": "Singular"}],
            locations=[{"id": "3", "name": "Hall"}],
            services_at_location=[{"id": "1", "service_id": "10", "location_id": "3"}],
            physical_addresses=[{"id": "1", "location_id": "3", "address_1": "1 Road", "city": "Town"}],
            regular_schedule=[
                {
                    "id": "1",
                    "service_id": "10",
                    "weekday": "Monday",
                    "opens_at": "09:00",
                    "closes_at": "12:00",
                }
            ],
            languages=[{"id": "1", "service_id": "10", "language": "Spanish"}],
            taxonomy=[{"id": "4", "name": "Food"}],
            services_taxonomy=[{"id": "1", "service_id": "10", "taxonomy_id": "4"}],
            service_areas=[{"id": "1", "service_id": "10", "service_area": "Town"}],
            eligibility=[{"id": "1", "service_id": "10", "eligibility": "Adults"}],
            programs=[{"id": "2", "name": "Warm Winter"}],
            services=[{**SERVICES[0], "program_id": "2", "fees": "Free"}],
        ),
    )

    service = only(session, Service)
    assert (service.program.name, service.fees_description, service.eligibility_description) == (
        "Warm Winter",
        "Free",
        "Adults",
    )
    assert only(session, Address).address_type == "physical"
    assert (only(session, Schedule).byday, only(session, Schedule).opens_at) == ("MO", "09:00")
    assert (only(session, Language).name, only(session, Language).code) == ("Spanish", "es")
    assert only(session, Attribute).link_id == service.id
    assert only(session, ServiceArea).name == "Town"


@pytest.mark.parametrize(
    ("cells", "byday", "opens", "closes", "unread"),
    [
        (
            {"weekday": "Monday - Friday", "dtstart": "8:30AM", "until": "5PM"},
            "MO,TU,WE,TH,FR",
            "08:30",
            "17:00",
            None,
        ),
        ({"weekday": "Saturday - Sunday", "dtstart": "24 hours"}, "SA,SU", "00:00", "23:59", None),
        ({"weekday": "24-7"}, "MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59", None),
        ({"weekday": "Saturday", "dtstart": "By appointment"}, "SA", None, None, "By appointment"),
        ({"weekday": "9:00AM", "dtstart": "5:00PM"}, None, None, None, "9:00AM / 5:00PM"),
        (
            {"weekday": "Monday", "byday": "Tuesday", "opens_at": "9:00"},
            None,
            None,
            None,
            "Monday / Tuesday / 9:00",
        ),
        ({"byday": "MO", "freq": "YEARLY", "opens_at": "9:00"}, "MO", None, None, "YEARLY / 9:00"),
        ({"byday": "1SA", "opens_at": "10:00Z", "closes_at": "12:00Z"}, "1SA", "10:00", "12:00", None),
    ],
)
def test_hours_are_read_or_kept_in_their_words(
    session: Session,
    write: Write,
    cells: dict[str, str],
    byday: str | None,
    opens: str | None,
    closes: str | None,
    unread: str | None,
) -> None:
    report = import_path(session, write(schedules=[{"id": "1", "service_id": "10", **cells}]))

    row = only(session, Schedule)
    assert (row.byday, row.opens_at, row.closes_at, row.unread) == (byday, opens, closes, unread)
    assert any("cannot be read" in warning for warning in report.warnings) == (unread is not None)


def test_hours_that_name_a_service_and_a_place_belong_to_the_service_at_that_place(
    session: Session, write: Write
) -> None:
    import_path(
        session,
        write(
            locations=[{"id": "3"}],
            service_at_location=[{"id": "1", "service_id": "10", "location_id": "3"}],
            schedules=[{"id": "1", "service_id": "10", "location_id": "3", "byday": "MO"}],
        ),
    )

    assert only(session, Schedule).service_at_location_id == only(session, ServiceAtLocation).id


# netmap's own taxonomies


def own_types(
    code: str, link_type: str = "service_type", uri: str = "urn:netmap:service-types"
) -> dict[str, Rows]:
    """Return the files that give the service one term of one of netmap's taxonomies."""
    return {
        "taxonomies": [{"id": "1", "name": "Own", "uri": uri}],
        "taxonomy_terms": [{"id": "1", "code": code, "name": code, "taxonomy_id": "1"}],
        "attributes": [
            {
                "id": "1",
                "link_id": "10",
                "link_entity": "service",
                "link_type": link_type,
                "taxonomy_term_id": "1",
            }
        ],
    }


def test_a_type_stated_by_the_source_is_confirmed(session: Session, write: Write) -> None:
    import_path(session, write(**own_types("job_search_support")))

    link = only(session, ServiceTypeLink)
    assert (link.code, link.state, link.confidence, link.evidence) == (
        "job_search_support",
        "confirmed",
        None,
        "source",
    )
    assert only(session, Attribute).link_type == "service_type"


def test_a_type_that_a_person_rejected_stays_rejected(session: Session, write: Write) -> None:
    path = write(**own_types("job_search_support"))
    import_path(session, path)
    link = only(session, ServiceTypeLink)
    link.state, link.decided_at = "rejected", now()
    session.flush()

    import_path(session, path)

    assert only(session, ServiceTypeLink).state == "rejected"


def test_a_type_that_the_source_states_no_more_is_taken_back(session: Session, write: Write) -> None:
    import_path(session, write(**own_types("job_search_support")))

    import_path(session, write(**own_types("career_guidance")))

    assert only(session, ServiceTypeLink).code == "career_guidance"


def test_a_code_that_netmap_does_not_know_is_refused_with_the_nearest(session: Session, write: Write) -> None:
    report = import_path(session, write(**own_types("job_search_suport")))

    assert reasons(report) == [
        ("attributes.csv", 2, "taxonomy_term_id", "not a code of netmap; the nearest is 'job_search_support'")
    ]
    assert only(session, Attribute).taxonomy_term_id is not None


@pytest.mark.parametrize("effect", ["required", "excluded", "welcome"])
def test_eligibility_in_own_terms_becomes_a_rule(session: Session, write: Write, effect: str) -> None:
    import_path(
        session, write(**own_types("child_under_7", f"eligibility_{effect}", "urn:netmap:circumstances"))
    )

    rule = only(session, EligibilityRule)
    assert (rule.code, rule.effect) == ("child_under_7", effect)


# Bad input


def broken(folder: Path, name: str, data: bytes) -> Path:
    """Put bytes in place of a file."""
    (folder / name).write_bytes(data)
    return folder


BAD_FILES = [
    (b"id,name\n1,A\x00id\n", r"organizations\.csv holds a NUL byte in line 2"),
    (b'id,name\n1,"Aid\n', r"organizations\.csv cannot be read at line \d"),
    (b"", r"organizations\.csv is empty"),
    (b"id,title\n1,Aid\n", r"organizations\.csv lacks the column name; its first line names id, title"),
    (b"id,name,name\n1,Aid,B\n", r"organizations\.csv names the column 'name' twice"),
]


@pytest.mark.parametrize(("data", "sentence"), BAD_FILES)
def test_a_bad_file_is_named_and_leaves_the_database_as_it_was(
    session: Session, write: Write, data: bytes, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        import_path(session, broken(write(), "organizations.csv", data))

    assert session.scalar(select(func.count()).select_from(Source)) == 0
    assert session.scalar(select(func.count()).select_from(Service)) == 0


def test_an_error_in_the_middle_leaves_the_database_as_it_was(
    session: Session, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise Invalid("too late")

    monkeypatch.setattr("netmap.directory.hsds.finish", fail)
    with pytest.raises(Invalid, match="too late"):
        import_path(session, write())

    assert session.scalar(select(func.count()).select_from(Organization)) == 0


def test_a_byte_order_mark_and_semicolons_are_read(session: Session, write: Write) -> None:
    path = broken(write(), "organizations.csv", "\ufeffid;name\n1;Šalpa\n".encode())

    import_path(session, path)

    assert only(session, Organization).name == "Šalpa"


def test_a_missing_path_and_a_folder_without_a_directory_are_told_apart(
    session: Session, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "cars").mkdir()
    (tmp_path / "cars" / "cars.csv").write_text("id,name\n1,Car\n")
    for wrong, sentence in (
        ("nothing", "There is nothing at"),
        ("empty", "holds no CSV, XLSX or JSON file"),
        ("cars", r"holds no table that HSDS knows.*It holds cars\.csv"),
    ):
        with pytest.raises(Invalid, match=sentence):
            import_path(session, tmp_path / wrong)


def pack(folder: Path, **extra: bytes) -> Path:
    """Zip a folder as programs do, with one folder inside; keywords add members by name."""
    path = folder.parent / "packed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"export/{file.name}")
        archive.writestr("export/datapackage.json", "{}")
        archive.writestr("__MACOSX/export/._services.csv", b"\x00\x01")
        for name, data in extra.items():
            archive.writestr(name, data)
    return path


def test_a_zip_comes_in_like_its_folder(session: Session, write: Write) -> None:
    report = import_path(session, pack(write()))

    assert (report.source, only(session, Service).name) == ("packed", "Advice")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("bomb.csv", b"a" * 5_000_000, "packed over 100-fold"),
        ("../services.csv", b"id", "unsafe file name"),
        ("/etc/services.csv", b"id", "unsafe file name"),
        ("other/services.csv", b"id", "there twice"),
    ],
)
def test_a_zip_that_cannot_be_trusted_is_not_opened(
    session: Session, write: Write, name: str, data: bytes, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        import_path(session, pack(write(), **{name: data}))


@pytest.mark.parametrize(
    ("limit", "value", "sentence"),
    [
        ("FILE_MEGABYTES", 0, "larger than 0 MB"),
        ("UNPACKED_MEGABYTES", 0, "unpacks to more than 0 MB"),
        ("MEMBERS", 2, "more than 2 files"),
        ("ROWS", 0, "more than 0 rows"),
        ("CELL", 5, "field larger than field limit"),
    ],
)
def test_what_is_too_large_is_refused(
    session: Session, write: Write, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, sentence: str
) -> None:
    path = pack(write())
    monkeypatch.setattr(limits, limit, value)

    with pytest.raises(Invalid, match=sentence):
        import_path(session, path)


def test_a_damaged_zip_is_refused(session: Session, write: Write) -> None:
    path = pack(write())
    data = bytearray(path.read_bytes())
    data[60:90] = bytes(30)
    path.write_bytes(data)

    with pytest.raises(Invalid, match="cannot be unpacked"):
        import_path(session, path)


# Derived facts


def test_the_language_of_a_service_is_noted_where_it_is_clear(session: Session, write: Write) -> None:
    services = [
        {
            "id": "1",
            "name": "Konsultacijos",
            "description": "Padedame žmonėms, kurie neteko darbo ir ieško naujo.",
        },
        {"id": "2", "name": "112", "description": ""},
    ]

    import_path(session, write(services=services))

    found = dict(session.execute(select(Service.source_key, Service.text_language)).all())
    assert found == {"1": "lt", "2": None}


def test_the_same_directory_under_another_name_is_told(session: Session, write: Write) -> None:
    organizations = [{"id": str(key), "name": f"Aid {key}"} for key in range(6)]
    import_path(session, write("july", organizations=organizations))

    report = import_path(session, write("august", organizations=organizations))

    assert any("6 organizations have the same name in the source 'july'" in text for text in report.warnings)


def test_the_moment_of_change_is_that_of_the_source(session: Session, write: Write) -> None:
    import_path(session, write(services=[{**SERVICES[0], "last_modified": "2026-01-02T03:04:05+02:00"}]))

    assert only(session, Service).last_modified == datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)


def test_progress_is_told_table_by_table(session: Session, write: Write) -> None:
    told: list[tuple[str, int, int]] = []

    import_path(session, write(), progress=lambda *step: told.append(step))

    assert told[-1] == ("service", 1, 1)


# Real directories


def test_washington_comes_in_whole_and_twice_is_once(session: Session, shared: Path) -> None:
    report = import_path(session, shared / "data" / "us_dc_2022_07", source="washington")

    def count(model: type[Any]) -> int:
        return session.scalar(select(func.count()).select_from(model)) or 0

    assert (count(Organization), count(Service), count(Location), count(ServiceAtLocation)) == (
        227,
        1134,
        607,
        1517,
    )
    assert count(Attribute) == 3007
    assert count(TaxonomyTerm) == 447
    assert session.scalar(select(func.count()).where(TaxonomyTerm.taxonomy_id.is_not(None))) == 428
    assert (count(Program), report.table("program").read) == (42, 42)
    assert (count(Accessibility), report.table("accessibility").read) == (1, 5)
    assert set(session.execute(select(Service.status, Service.source_status)).all()) == {
        ("unknown", "inactive")
    }
    assert session.scalar(select(func.count()).where(Service.organization_id.is_(None))) == 39
    assert any(warning.startswith("1134 of 1134 services") for warning in report.warnings)
    assert session.scalar(select(func.count()).where(Area.kind == "postcode")) == 29
    known_times = select(func.count(Schedule.service_id.distinct())).where(Schedule.closes_at.is_not(None))
    assert (session.scalar(known_times) or 0) > 450

    again = import_path(session, shared / "data" / "us_dc_2022_07", source="washington").as_dict()
    assert (again["added"], again["changed"], again["removed_in_source"]) == (0, 0, 0)


def test_the_official_example_comes_in_with_its_dangling_references_told(
    session: Session, shared: Path
) -> None:
    report = import_path(session, shared / "hsds" / "examples" / "csv")

    assert only(session, Service).name == "Community Counselling"
    assert only(session, Service).program.name == "Community Mental Health Support"
    assert only(session, CostOption).currency == "GBP"
    assert only(session, Phone).number == "+44 1234 234567"
    assert only(session, Location).latitude is None
    assert only(session, Location).organization_id is None
    assert [(item.file, item.field) for item in report.rejected] == [
        ("locations.csv", "latitude"),
        ("service_capacity.csv", "service_id"),
        ("url.csv", "organization_id"),
        ("attributes.csv", "link_id"),
        ("metadata.csv", "resource_id"),
    ]
    dangling = {warning for warning in report.warnings if "names a record that is not there" in warning}
    assert dangling == {
        f"{where} names a record that is not there (row 2)."
        for where in (
            # the seven that the constraints of HSDS find
            "locations.csv: organization_id",
            "contacts.csv: organization_id",
            "contacts.csv: service_at_location_id",
            "service_areas.csv: service_at_location_id",
            "taxonomy_terms.csv: taxonomy_id",
            "service_capacity.csv: service_id",
            "service_capacity.csv: unit_id",
            # and two to rows of the same table
            "organizations.csv: parent_organization_id",
            "taxonomy_terms.csv: parent_id",
        )
    }
    again = import_path(session, shared / "hsds" / "examples" / "csv").as_dict()
    assert (again["added"], again["changed"], again["removed_in_source"]) == (0, 0, 0)


def test_a_directory_in_another_form_is_refused_with_what_it_lacks(session: Session, shared: Path) -> None:
    with pytest.raises(Invalid, match=r"locations\.csv lacks the column id"):
        import_path(session, shared / "data" / "us_legal_aid" / "florida")
