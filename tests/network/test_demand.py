"""Demand from a spreadsheet."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import Area
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.network.demand.spreadsheet import import_demand
from netmap.network.models import Demand
from netmap.packages.models import Package

HEADER = "area,package,clients,population,year,source\n"
ROW = "lauke,homeless_unemployed,24,24100,2026,office figures\n"


@pytest.fixture(autouse=True)
def known(session: Session) -> None:
    """One area and one package that rows may name."""
    session.add_all([Area(code="lauke", name="Laukė", names={}), Package(code="homeless_unemployed")])
    session.flush()


def demand(session: Session, tmp_path: Path, *rows: str, header: str = HEADER) -> Report:
    """Import a file with these rows."""
    path = tmp_path / "demand.csv"
    path.write_text(header + "".join(rows), encoding="utf-8")
    return import_demand(session, path)


def test_demand_comes_in_with_its_source(session: Session, tmp_path: Path) -> None:
    demand(session, tmp_path, ROW)

    row = session.scalars(select(Demand)).one()
    assert (row.clients, row.population, row.year, row.source) == (24, 24100, 2026, "office figures")


def test_the_same_demand_again_changes_nothing(session: Session, tmp_path: Path) -> None:
    demand(session, tmp_path, ROW)

    report = demand(session, tmp_path, ROW).as_dict()

    assert (report["added"], report["changed"], report["unchanged"]) == (0, 0, 1)


def test_a_new_figure_replaces_the_old_one(session: Session, tmp_path: Path) -> None:
    demand(session, tmp_path, ROW)

    report = demand(session, tmp_path, ROW.replace("24,", "30,", 1))

    assert (report.table("demand").changed, session.scalars(select(Demand.clients)).one()) == (1, 30)


def test_zero_clients_is_a_figure_and_an_empty_cell_is_not(session: Session, tmp_path: Path) -> None:
    report = demand(session, tmp_path, ROW.replace(",24,", ",0,"))
    assert report.table("demand").added == 1

    report = demand(session, tmp_path, ROW.replace(",24,", ",,"))
    assert [item.field for item in report.rejected] == ["clients"]


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (ROW.replace("lauke", "laukke"), "area", "the nearest is 'lauke'"),
        (ROW.replace("homeless", "homless"), "package", "the nearest is 'homeless_unemployed'"),
        (ROW.replace("24,", "-24,", 1), "clients", "not between 0 and"),
        (ROW.replace("24,", "many,", 1), "clients", "not a number"),
        (ROW, "package", "row 2 has the same area and package"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_the_reason(
    session: Session, tmp_path: Path, row: str, field: str, reason: str
) -> None:
    first = ROW if row == ROW else ""

    report = demand(session, tmp_path, first, row)

    assert [item.field for item in report.rejected] == [field]
    assert reason in report.rejected[0].reason
    assert report.table("demand").added == bool(first)


def test_an_unreadable_population_leaves_the_figure_of_clients(session: Session, tmp_path: Path) -> None:
    report = demand(session, tmp_path, ROW.replace("24100", "a lot"))

    assert session.scalars(select(Demand)).one().population is None
    assert report.rejected[0].reason == "left empty: not a number"


def test_fewer_people_than_clients_are_refused_as_on_the_form(session: Session, tmp_path: Path) -> None:
    report = demand(session, tmp_path, ROW.replace("24100", "20"))

    assert session.scalars(select(Demand)).all() == []
    assert (report.rejected[0].field, report.rejected[0].value) == ("population", "20")
    assert "fewer people than clients" in report.rejected[0].reason


def test_a_missing_column_is_named(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"demand\.csv lacks the column clients"):
        demand(session, tmp_path, header="area,package,number\n")
