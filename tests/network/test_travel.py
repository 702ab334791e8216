"""Travel times from a spreadsheet, and what they change."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.models import Area, Location
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.network.gaps.loading import load
from netmap.network.models import Travel
from netmap.network.travel import import_travel, roads, travel_times, ways

HEADER = "from,to,mode,minutes,km,source,day\n"
ROW = "lauke,girele,car,35,28.5,road survey,2026-05-01\n"


@pytest.fixture
def known(session: Session) -> None:
    """Two areas that rows may name, and a place in one of them."""
    session.add_all(
        [Area(code="lauke", name="Laukė", names={}), Area(code="girele", name="Girelė", names={})]
    )
    session.flush()
    session.add(Location(id="house", area_code="girele"))
    session.flush()


def travel(session: Session, tmp_path: Path, *rows: str, header: str = HEADER) -> Report:
    """Import a file with these rows."""
    path = tmp_path / "travel.csv"
    path.write_text(header + "".join(rows), encoding="utf-8")
    return import_travel(session, path)


@pytest.mark.usefixtures("known")
def test_a_way_comes_in_with_its_source_and_its_day(session: Session, tmp_path: Path) -> None:
    report = travel(session, tmp_path, ROW)
    row = session.scalars(select(Travel)).one()
    assert (row.from_area, row.to_area, row.mode, row.minutes, row.km) == ("lauke", "girele", "car", 35, 28.5)
    assert (row.source, row.day) == ("road survey", date(2026, 5, 1))
    assert report.table("travel").added == 1


@pytest.mark.usefixtures("known")
def test_the_same_again_changes_nothing_and_another_figure_replaces_it(
    session: Session, tmp_path: Path
) -> None:
    travel(session, tmp_path, ROW)
    assert travel(session, tmp_path, ROW).table("travel").unchanged == 1
    report = travel(session, tmp_path, ROW.replace("35", "40"))
    assert (report.table("travel").changed, session.scalars(select(Travel.minutes)).one()) == (1, 40)


@pytest.mark.usefixtures("known")
def test_by_car_is_meant_where_no_mode_is_named_and_other_rows_stay(session: Session, tmp_path: Path) -> None:
    travel(session, tmp_path, ROW.replace("car", "public"))
    report = travel(session, tmp_path, "lauke,girele,,,28.5,,\n")
    assert sorted(session.scalars(select(Travel.mode))) == ["car", "public"]
    assert "1 travel times given earlier are not in this file" in report.warnings[-1]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (ROW.replace("lauke", "laukke"), "from", "the nearest is 'lauke'"),
        (ROW.replace("girele", "xyz"), "to", "there is no area with this code"),
        (ROW.replace("car", "boat"), "mode", "this is none of car, public, foot, bicycle"),
        (ROW.replace("35", "-1"), "minutes", "not between 0 and 10000"),
        (ROW.replace("28.5", "far"), "km", "not a number"),
        ("lauke,girele,car,,,,\n", "minutes", "minutes, kilometres or both are needed here"),
        (ROW, "to", "row 2 has the same areas and mode"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_the_reason(
    session: Session, tmp_path: Path, row: str, field: str, reason: str
) -> None:
    report = travel(session, tmp_path, ROW if row == ROW else "", row)
    assert [item.field for item in report.rejected] == [field]
    assert reason in report.rejected[0].reason
    assert report.table("travel").added == (row == ROW)


@pytest.mark.usefixtures("known")
def test_an_unreadable_day_leaves_the_way(session: Session, tmp_path: Path) -> None:
    report = travel(session, tmp_path, ROW.replace("2026-05-01", "in May"))
    assert session.scalars(select(Travel.day)).one() is None
    assert report.rejected[0].field == "day"


@pytest.mark.usefixtures("known")
def test_a_missing_column_is_named(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"travel\.csv lacks the column to"):
        travel(session, tmp_path, header="from,minutes\n")


@pytest.mark.usefixtures("known")
def test_kilometres_by_car_and_minutes_by_each_way_are_told_apart(session: Session, tmp_path: Path) -> None:
    travel(session, tmp_path, "lauke,girele,car,,28.5,,\n", "girele,lauke,public,70,,,\n")
    assert roads(session).known == {("lauke", "girele"): 28.5}
    assert roads(session).homes == {"house": "girele"}
    assert travel_times(session, "public").known == {("girele", "lauke"): 70}
    assert travel_times(session, "car").homes == {}
    assert ways(session) == {"public": 1}


def test_the_gaps_say_between_how_many_areas_no_road_is_known(
    town_session: Session, settings: Settings, tmp_path: Path
) -> None:
    assert load(town_session, settings).ground.straight_share == 1
    travel(town_session, tmp_path, "B,A,car,45,40,,\n")
    assert load(town_session, settings).ground.straight_share == pytest.approx(2 / 3)


def test_the_gaps_measure_by_the_roads_that_are_known(
    town_session: Session, settings: Settings, tmp_path: Path
) -> None:
    """Assistants live in A and B; a road of 40 km instead of 12 takes A's out of reach of B."""
    for location in town_session.scalars(select(Location)):
        location.area_code = location.id[0]
    town_session.flush()

    def areas_without_assistant() -> list[str]:
        cells = load(town_session, settings, "k2").survey.cells
        return [cell.area for cell in cells if cell.line.key == "assistant" and cell.kind]

    assert areas_without_assistant() == ["C"]
    travel(town_session, tmp_path, "B,A,car,45,40,,\n")
    assert areas_without_assistant() == ["B", "C"]
