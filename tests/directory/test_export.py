"""The directory goes out and comes back: the same rows, the same bytes, as the official schemas want it."""

import gzip
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from netmap.db import Base, now, open_engine
from netmap.demo import prepare
from netmap.directory import export as export_module
from netmap.directory.export import FORMATS, export
from netmap.directory.hsds import import_path
from netmap.directory.hsds_tables import LINKED, SPECS
from netmap.directory.models import Location, Phone, Service, ServiceCapacity, ServiceTypeLink, Taxonomy
from netmap.directory.records import Edited
from netmap.directory.spreadsheet import import_areas
from netmap.errors import Conflict, Invalid, Unavailable
from tests.directory.whole import WHOLE, write_whole

REAL = [pytest.param("data/us_dc_2022_07", marks=pytest.mark.slow), "hsds/examples/csv"]
Tables = dict[str, list[dict[str, Any]]]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Session]:
    """An empty database beside the one of the test."""
    engine = open_engine(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def whole(session: Session, tmp_path: Path) -> Session:
    """A session on the made-up directory that fills every table."""
    report = import_path(session, write_whole(tmp_path / "whole"), source="whole")
    assert [item.reason for item in report.rejected] == []
    return session


def contents(session: Session) -> Tables:
    """Return all rows by table: every column but where the row came from."""
    found: Tables = {}
    for table, spec in SPECS.items():
        columns = spec.table.c
        left_out = {"source_id", "source_key", "source_status", "removed_in_source"}
        if issubclass(spec.model, Edited):
            left_out |= {"version"}  # it counts what was written here
        query = select(*(one for one in columns if one.name not in left_out)).order_by(columns.id)
        found[table] = [dict(row) for row in session.execute(query).mappings()]
    return found


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def read(folder: Path, table: str) -> list[dict[str, Any]]:
    found = json.loads((folder / f"{table}s.json").read_text(encoding="utf-8"))
    assert found["size"] == found["total_items"] == len(found["contents"])
    return list(found["contents"])


def test_the_made_up_directory_fills_every_table(whole: Session) -> None:
    assert [table for table, rows in contents(whole).items() if not rows] == []


def test_a_data_package_comes_back_row_by_row(whole: Session, elsewhere: Session, tmp_path: Path) -> None:
    export(whole, tmp_path / "out", "datapackage")

    report = import_path(elsewhere, tmp_path / "out", source="back")

    assert report.rejected == []
    assert contents(elsewhere) == contents(whole)


def test_a_data_package_of_its_own_import_is_the_same_byte_for_byte(
    whole: Session, elsewhere: Session, tmp_path: Path
) -> None:
    export(whole, tmp_path / "out", "datapackage")
    import_path(elsewhere, tmp_path / "out", source="back")
    export(elsewhere, tmp_path / "again", "datapackage")

    assert bytes_of(tmp_path / "again") == bytes_of(tmp_path / "out")
    assert b",+37060000001,007," in bytes_of(tmp_path / "out")["phones.csv"]
    assert b",=2+2 euro," in bytes_of(tmp_path / "out")["services.csv"]


def test_the_demo_county_comes_back(
    engine: Engine, elsewhere: Session, settings: Any, tmp_path: Path
) -> None:
    prepare(engine, settings, lambda line: None)
    with Session(engine) as session:
        export(session, tmp_path / "out", "datapackage")
        import_areas(elsewhere, tmp_path / "out" / "areas.csv")
        import_path(elsewhere, tmp_path / "out", source="back")
        assert contents(elsewhere) == contents(session)
    export(elsewhere, tmp_path / "again", "datapackage")
    assert bytes_of(tmp_path / "again") == bytes_of(tmp_path / "out")


@pytest.mark.parametrize("directory", REAL)
def test_real_directories_come_back(
    session: Session, elsewhere: Session, shared: Path, tmp_path: Path, directory: str
) -> None:
    import_path(session, shared / directory, source="real")
    export(session, tmp_path / "out", "datapackage")
    import_path(elsewhere, tmp_path / "out", source="back")
    export(elsewhere, tmp_path / "again", "datapackage")
    assert bytes_of(tmp_path / "again") == bytes_of(tmp_path / "out")


def test_a_zip_holds_what_the_folder_holds_and_is_the_same_twice(whole: Session, tmp_path: Path) -> None:
    for name in ("folder", "one.zip", "two.zip"):
        export(whole, tmp_path / name, "datapackage")

    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        packed = {name: archive.read(name) for name in sorted(archive.namelist())}
    assert packed == bytes_of(tmp_path / "folder")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_descriptor_names_every_file_and_every_column(whole: Session, tmp_path: Path) -> None:
    export(whole, tmp_path / "out", "datapackage")

    described = json.loads((tmp_path / "out" / "datapackage.json").read_bytes())
    columns = {
        resource["path"]: [field["name"] for field in resource["schema"]["fields"]]
        for resource in described["resources"]
    }
    headers = {
        name: content.decode().split("\r\n")[0].split(",")
        for name, content in bytes_of(tmp_path / "out").items()
        if name.endswith(".csv")
    }
    assert columns == headers
    assert set(WHOLE) <= {name.removesuffix(".csv") for name in headers}


# JSON


def official(shared: Path, table: str) -> jsonschema.Draft202012Validator:
    schema = json.loads(gzip.decompress((shared / "hsds/schema/compiled" / f"{table}.json.gz").read_bytes()))
    checker = jsonschema.FormatChecker(["uuid", "date", "email"])
    return jsonschema.Draft202012Validator(schema, format_checker=checker)


@pytest.mark.parametrize("table", ["service", "organization"])
def test_the_json_is_valid_by_the_official_schemas(
    whole: Session, shared: Path, tmp_path: Path, table: str
) -> None:
    export(whole, tmp_path / "out", "json")

    validator = official(shared, table)
    found = read(tmp_path / "out", table)
    assert [error.json_path for one in found for error in validator.iter_errors(one)] == []
    spoilt = {**found[0], "alternate_name": None}
    assert [error.json_path for error in validator.iter_errors(spoilt)] == ["$.alternate_name"]


@pytest.mark.parametrize("directory", REAL)
def test_the_json_of_real_directories_is_valid(
    session: Session, shared: Path, tmp_path: Path, directory: str
) -> None:
    import_path(session, shared / directory, source="real")
    export(session, tmp_path / "out", "json")
    for table in ("service", "organization"):
        validator = official(shared, table)
        errors = [error for one in read(tmp_path / "out", table) for error in validator.iter_errors(one)]
        assert [(error.json_path, error.message) for error in errors[:5]] == []


def test_the_json_holds_what_hangs_on_a_service(whole: Session, tmp_path: Path) -> None:
    exported = export(whole, tmp_path / "out", "json")

    soup, beds = sorted(read(tmp_path / "out", "service"), key=lambda one: str(one["name"]), reverse=True)
    assert beds["organization"]["kind"] == "ngo"
    assert beds["program"] == {**beds["program"], "name": "Warm Winter", "description": ""}
    (capacity,) = beds["capacities"]
    assert (capacity["available"], capacity["wait_days"], capacity["unit"]["name"]) == (2, 30, "beds")
    assert capacity["updated"] == "2026-11-03T08:00:00.250Z"
    assert capacity["target"] == "veteran"
    assert [(one["role"], one["name"]) for one in beds["parties"]] == [("decides", "The town council")]
    assert (beds["duration"], beds["layer"], beds["alert_until"]) == ("short", "circle", "2027-01-31")
    (contact,) = beds["contacts"]
    assert (contact["phones"][0]["extension"], contact["schedules"][0]["byday"]) == (12, "WE")
    place = beds["service_at_locations"][0]
    assert place["location"]["accessibility"][0]["description"] == "A ramp"
    assert place["location"]["attributes"][0]["value"] == "none"
    assert place["location"]["metadata"][0]["previous_value"] == "Hall"
    assert place["contacts"][0]["title"] == "Porter"
    assert {one["taxonomy_term"]["code"] for one in beds["attributes"]} == {
        "no_appointment",
        "shelter",
    }
    assert [one.get("closed") for one in beds["schedules"]].count(True) == 1
    assert "WE" not in [one.get("byday") for one in beds["schedules"]]
    daily = next(one for one in soup["schedules"] if one.get("opens_at") == "12:00")
    assert (daily["freq"], daily["byday"]) == ("WEEKLY", "MO,TU,WE,TH,FR,SA,SU")
    assert (soup["status"], soup["status_known"], "status_known" in beds) == ("active", False, False)
    assert "capacities" not in soup
    assert exported.notes == (
        "1 capacities are left out: HSDS requires the number that is free, and it is not known.",
        "2 records hang on no service and no organization: HSDS JSON has no place for them, "
        "a data package has.",
    )


def test_an_extension_that_is_no_number_is_kept_apart(whole: Session, tmp_path: Path) -> None:
    export(whole, tmp_path / "out", "json")

    house = next(one for one in read(tmp_path / "out", "organization") if one["name"] == "Open House")
    assert house["phones"][0]["extension_text"] == "007"
    assert "extension" not in house["phones"][0]
    assert house["ties"][0]["matter"] == "bread of the day before"


# What goes out


def test_the_json_comes_back_with_what_hsds_has_no_word_for(
    whole: Session, elsewhere: Session, tmp_path: Path
) -> None:
    export(whole, tmp_path / "out", "json")

    report = import_path(elsewhere, tmp_path / "out", source="back")

    assert not any("status_known" in line or "extension_text" in line for line in report.warnings)
    for column in (Service.status, Phone.extension):
        query = select(column).order_by(column)
        assert list(elsewhere.scalars(query)) == list(whole.scalars(query))


def test_the_json_says_how_many_rows_it_has_no_place_for(session: Session, tmp_path: Path) -> None:
    session.add(Service(name="Advice"))
    session.flush()
    assert export(session, tmp_path / "all", "json").notes == ()

    session.add_all([Location(name="Nobody's hall"), Taxonomy(name="Unused")])
    session.flush()
    done = export(session, tmp_path / "some", "json")
    assert "2 records hang on no service and no organization" in done.notes[0]
    assert export(session, tmp_path / "package", "datapackage").notes == ()


def test_rows_that_are_gone_in_their_source_stay_behind_with_what_hangs_on_them(
    whole: Session, tmp_path: Path
) -> None:
    beds = whole.scalars(select(Service).where(Service.name == "Night beds")).one()
    beds.removed_in_source = now()
    whole.flush()

    counts = export(whole, tmp_path / "out", "datapackage").tables

    assert counts["service"] == 1
    assert "service_at_location" not in counts
    assert counts["service_capacity"] == 1  # that of the soup
    assert counts["phone"] == 1  # the organization's; those of the service and of its nurse are gone
    assert "+44 1632 960001" not in (tmp_path / "out" / "phones.csv").read_text(encoding="utf-8")


def test_types_go_out_as_people_decided(whole: Session, elsewhere: Session, tmp_path: Path) -> None:
    """A confirmed type goes out as an attribute; a rejected one does not, whatever the source said."""
    services = {one.name: one for one in whole.scalars(select(Service))}
    (stated,) = services["Night beds"].types
    stated.state, stated.decided_at = "rejected", now()
    added = ServiceTypeLink(service_id=services["Soup"].id, code="food_aid", state="confirmed")
    added.decided_at = now()
    whole.add(added)
    whole.add(ServiceTypeLink(service_id=services["Soup"].id, code="debt_counselling", state="suggested"))
    whole.flush()

    export(whole, tmp_path / "out", "datapackage")
    report = import_path(elsewhere, tmp_path / "out", source="back")

    assert report.rejected == []
    links = select(Service.name, ServiceTypeLink.code, ServiceTypeLink.state).join(Service)
    assert elsewhere.execute(links).all() == [("Soup", "food_aid", "confirmed")]


# The place


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_there_already_is_not_written_over(whole: Session, tmp_path: Path, form: str) -> None:
    out = tmp_path / ("out.xlsx" if form == "xlsx" else "out")
    out.write_text("a letter")
    with pytest.raises(Conflict, match="choose another name"):
        export(whole, out, form)
    assert out.read_text() == "a letter"


def test_an_empty_folder_is_filled_and_a_full_one_refused(whole: Session, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    export(whole, out, "json")
    before = bytes_of(out)
    with pytest.raises(Conflict):
        export(whole, out, "datapackage")
    assert bytes_of(out) == before


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_that_breaks_off_leaves_nothing_behind(
    whole: Session, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "place"
    place.mkdir()

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setattr(export_module, "_zip", full)
    names = {"json": "out.zip", "datapackage": "out", "xlsx": "out.xlsx"}
    with pytest.raises(Unavailable, match="No space left on device"):
        export(whole, place / names[form], form)
    assert list(place.iterdir()) == []


def test_names_that_do_not_fit_are_refused(whole: Session, tmp_path: Path) -> None:
    for name, form in (("out.xlsx", "json"), ("out", "xlsx")):
        with pytest.raises(Invalid, match=r"ends with \.xlsx"):
            export(whole, tmp_path / name, form)
    with pytest.raises(Invalid, match="There is no folder"):
        export(whole, tmp_path / "none" / "out", "json")


# The workbook

FORMULAS = ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠A1"]
PLAIN = ["2026-11-03", "0043", "TRUE", "1+1"]


def test_every_cell_of_the_workbook_is_text(whole: Session, tmp_path: Path) -> None:
    service = whole.scalars(select(Service).where(Service.name == "Soup")).one()
    whole.add_all(Phone(service_id=service.id, number="9", description=text) for text in FORMULAS + PLAIN)
    whole.flush()
    export(whole, tmp_path / "out.xlsx", "xlsx")

    book = load_workbook(tmp_path / "out.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    marked = {str(cell.value).strip(): cell.quotePrefix for cell in cells}
    assert [text for text in FORMULAS if not marked[text.strip()]] == []
    assert [text for text in PLAIN if marked[text]] == []


def test_the_workbook_has_a_sheet_for_each_table_that_has_rows(whole: Session, tmp_path: Path) -> None:
    export(whole, tmp_path / "out.xlsx", "xlsx")
    assert load_workbook(tmp_path / "out.xlsx").sheetnames == [spec.file for spec in SPECS.values()]


def test_a_text_that_no_cell_can_hold_is_told(whole: Session, tmp_path: Path) -> None:
    whole.scalars(select(ServiceCapacity).where(ServiceCapacity.maximum == 8)).one().description = (
        "x" * 40_000
    )
    whole.flush()
    (note,) = export(whole, tmp_path / "out.xlsx", "xlsx").notes
    assert note.startswith("service_capacity: description of ")


def test_rows_that_hang_on_any_table_know_it(whole: Session) -> None:
    found = contents(whole)
    entities = {row[LINKED[table][0]] for table in LINKED for row in found[table]}
    assert entities == {"service", "location", "phone"}
