"""XLSX: every visible sheet a table, and nothing of it lost without a word."""

from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from netmap.directory.csvfiles import CsvFile
from netmap.directory.hsds import import_path
from netmap.directory.reading.workbook import read_workbook
from netmap.directory.report import Report
from netmap.errors import Invalid
from tests.directory.reading.made_up import HEAD, TAIL, book, packed, raw_sheet, saved

pytestmark = pytest.mark.usefixtures("read_here")
ORGANIZATIONS = [["id", "name"], [5.0, "Aid"]]
SERVICES = [["id", "name", "organization_id", "assured_date"], [7, "Advice", 5, date(2026, 2, 3)]]


def only(data: bytes) -> tuple[CsvFile, Report]:
    report = Report("a")
    (found,) = read_workbook("a.xlsx", data, report)
    return found, report.close()


def test_a_workbook_with_a_sheet_for_each_table_comes_in(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "directory.xlsx"
    path.write_bytes(
        saved(book(organizations=ORGANIZATIONS, services=SERVICES, Notes=[["remember", "this"]]))
    )

    report = import_path(session, path)

    assert (report.table("organization").added, report.table("service").added) == (1, 1)
    assert report.rejected == []
    assert not any("names a record that is not there" in text for text in report.warnings)
    assert any(
        text.startswith("directory.xlsx, Notes is no file that HSDS knows") for text in report.warnings
    )


@pytest.mark.parametrize("name", ["services.xlsx", "services.csv", "services.json"])
def test_a_single_sheet_is_called_like_its_file_whatever_its_ending(
    session: Session, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(saved(book(Sheet1=SERVICES)))

    assert import_path(session, path).table("service").added == 1


def test_a_csv_called_xlsx_is_read_as_what_it_is(session: Session, tmp_path: Path) -> None:
    (tmp_path / "services.xlsx").write_text("id,name\n1,Aid\n")
    assert import_path(session, tmp_path / "services.xlsx").table("service").added == 1


def test_a_workbook_within_a_zip_is_read(session: Session, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(packed({"services.xlsx": saved(book(Sheet1=SERVICES))}))
    assert import_path(session, tmp_path / "a.zip").table("service").added == 1


def test_numbers_dates_and_times_come_as_a_person_reads_them() -> None:
    row = [
        5.0,
        2.5,
        True,
        date(2026, 1, 2),
        datetime.fromisoformat("2026-01-02T08:30"),
        time(8, 30),
        "  x ",
        None,
        "007",
    ]
    found, _report = only(saved(book(a=[list("abcdefghi"), row])))

    assert found.cells == [
        (2, ["5", "2.5", "true", "2026-01-02", "2026-01-02 08:30:00", "08:30", "  x ", "", "007"])
    ]


def test_merged_cells_count_for_each_of_their_rows() -> None:
    made = book(a=[["office", "service"], ["Aid", "One"], [None, "Two"], ["Club", "Three"]])
    made["a"].merge_cells("A2:A3")

    found, report = only(saved(made))

    assert [row for _place, row in found.cells] == [["Aid", "One"], ["Aid", "Two"], ["Club", "Three"]]
    assert report.warnings == ["a.xlsx, a: merged cells count for each of their rows (row 2)."]


def test_blank_rows_before_the_columns_are_passed_over_and_rows_keep_their_numbers() -> None:
    found, _report = only(saved(book(a=[[], [None, None], ["id", "name"], [1, "Aid"], [], [2, "Bed"]])))

    assert found.columns == ("id", "name")
    assert [place for place, _row in found.cells] == [4, 6]


def test_a_formula_without_a_result_is_told() -> None:
    found, report = only(saved(book(a=[["id", "name"], [1, "=A2"], [2, "Bed"]])))

    assert found.cells[0] == (2, ["1"])
    assert "a.xlsx, a: 1 cells hold formulas without a result (B2)" in report.warnings[0]


def test_a_formula_with_a_result_gives_the_result_and_an_error_none() -> None:
    sheet = (
        b'<row r="1"><c r="A1"><v>7</v></c><c r="B1"><v>8</v></c></row>'
        b'<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    found, report = only(raw_sheet(HEAD + sheet + TAIL))

    assert found.cells == [(2, ["2"])]
    assert report.warnings == ["a.xlsx, Sheet: a formula gives an error; the cell is empty (row 2)."]


def test_a_hidden_sheet_is_not_read_and_told() -> None:
    made = book(services=SERVICES, old=ORGANIZATIONS)
    made["old"].sheet_state = "hidden"

    found, report = only(saved(made))

    assert found.table == "services"
    assert report.warnings == ["a.xlsx: the hidden sheet 'old' was not read."]


def test_a_sheet_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(Invalid, match=r"has no sheet 'x'; it has services\."):
        read_workbook("a.xlsx", saved(book(services=SERVICES)), Report("a"), sheet="x")


def test_a_cell_a_million_rows_down_costs_nothing() -> None:
    far = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>'
    assert only(raw_sheet(HEAD + far + TAIL))[0].cells == [(1048576, ["2"])]
