"""Areas from a spreadsheet, areas made from addresses, and which record lies in which area."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.areas import assign_areas, far_off_places
from netmap.directory.models import (
    Address,
    Area,
    Location,
    Organization,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Source,
)
from netmap.directory.report import Report
from netmap.directory.spreadsheet import derive_areas, import_areas
from netmap.errors import Invalid
from netmap.jobs.models import Job
from netmap.network.models import Demand

HEADER = "code,name,name_en,name_ru,name_uk,name_lt,parent,latitude,longitude,population,kind\n"
COUNTY = "lauke-county,Laukės apskritis,Lauke County,,,,,55.5,25.0,50000,county\n"
CITY = "lauke,Laukė,Lauke,Лауке,,,lauke-county,55.5,25.0,30000,City\n"
VILLAGE = "upyte,Upytė,,,,,lauke-county,55.9,25.4,210,village\n"


def areas(session: Session, tmp_path: Path, *rows: str, header: str = HEADER) -> Report:
    """Import a file with these rows."""
    path = tmp_path / "areas.csv"
    path.write_text(header + "".join(rows), encoding="utf-8")
    return import_areas(session, path)


def place(
    session: Session, city: str | None = None, point: tuple[float, float] | None = None, **more: str
) -> Location:
    """Add a place of an imported source with an address in a city."""
    if session.get(Source, "s") is None:
        session.add(Source(id="s", name="s"))
        session.flush()
    latitude, longitude = point or (None, None)
    location = Location(name=city, latitude=latitude, longitude=longitude, source_id="s")
    session.add(location)
    session.flush()
    if city is not None:
        session.add(Address(location_id=location.id, city=city, **more))
        session.flush()
    return location


def test_areas_come_in_with_names_parents_and_numbers(session: Session, tmp_path: Path) -> None:
    report = areas(session, tmp_path, VILLAGE, CITY, COUNTY)

    city = session.get(Area, "lauke")
    assert city is not None
    assert (city.names, city.parent_code, city.population, city.kind, city.derived) == (
        {"en": "Lauke", "ru": "Лауке"},
        "lauke-county",
        30000,
        "city",
        False,
    )
    assert (report.table("area").added, report.rejected) == (3, [])


def test_the_same_areas_again_change_nothing(session: Session, tmp_path: Path) -> None:
    areas(session, tmp_path, COUNTY, CITY)

    report = areas(session, tmp_path, COUNTY, CITY.replace("30000", "31000"))

    assert (report.table("area").unchanged, report.table("area").changed) == (1, 1)


def test_a_population_that_is_not_given_is_not_known(session: Session, tmp_path: Path) -> None:
    areas(session, tmp_path, COUNTY.replace("50000", ""))

    assert session.scalars(select(Area.population)).one() is None


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (CITY, "code", "row 3 has the same code"),
        (VILLAGE.replace("lauke-county", "nowhere"), "parent", "there is no area with this code"),
        (VILLAGE.replace("210", "few"), "population", "not a number"),
        (VILLAGE.replace("210", "-3"), "population", "not between"),
        (VILLAGE.replace("55.9", "155.9"), "latitude", "not between -90 and 90"),
        (VILLAGE.replace("55.9", ""), "latitude", "a point needs latitude and longitude"),
        (VILLAGE.replace("Upytė", ""), "name", "an area cannot do without this"),
        (VILLAGE.replace("upyte", ""), "code", "an area cannot do without this"),
        (VILLAGE.replace("upyte", "u" * 81), "code", "longer than 80"),
        (VILLAGE.replace("lauke-county", "upyte"), "parent", "lead in a circle"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_and_the_others_come_in(
    session: Session, tmp_path: Path, row: str, field: str, reason: str
) -> None:
    report = areas(session, tmp_path, COUNTY, CITY, row)

    assert [(item.row, item.field) for item in report.rejected] == [(4, field)]
    assert reason in report.rejected[0].reason
    assert report.table("area").added == 2


def test_a_circle_through_areas_given_earlier_is_refused(session: Session, tmp_path: Path) -> None:
    areas(session, tmp_path, COUNTY, CITY)

    report = areas(session, tmp_path, COUNTY.replace(",,,,,55.5", ",,,,lauke,55.5"))

    assert [item.field for item in report.rejected] == ["parent"]


def test_a_missing_column_is_named(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"areas\.csv lacks the column code"):
        areas(session, tmp_path, header="name,kind\n")


def test_a_missing_file_is_a_sentence(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="There is nothing at"):
        import_areas(session, tmp_path / "areas.csv")


def test_a_place_lies_in_the_area_of_its_city(session: Session, tmp_path: Path) -> None:
    here = place(session, "LAUKE", (55.9, 25.4))

    areas(session, tmp_path, COUNTY, CITY, VILLAGE)

    assert here.area_code == "lauke"


def test_a_city_called_like_its_county_is_the_city(session: Session, tmp_path: Path) -> None:
    here = place(session, "Laukė")

    areas(session, tmp_path, COUNTY.replace("Laukės apskritis", "Laukė"), CITY, VILLAGE)

    assert here.area_code == "lauke"


def test_a_place_without_a_known_city_lies_in_the_nearest_area_within_five_kilometres(
    session: Session, tmp_path: Path
) -> None:
    near, far = place(session, "Elsewhere", (55.92, 25.42)), place(session, None, (56.5, 25.4))

    areas(session, tmp_path, COUNTY, CITY, VILLAGE)

    assert (near.area_code, far.area_code) == ("upyte", None)


def test_a_service_area_is_found_by_code_or_by_one_name_only(session: Session, tmp_path: Path) -> None:
    place(session)
    session.add(Service(id="1", name="Advice"))
    session.flush()
    named = {"code": ("upyte", None), "name": (None, "LAUKE COUNTY"), "words": (None, "the whole north")}
    for key, (extent, name) in named.items():
        session.add(ServiceArea(id=key, service_id="1", extent=extent, name=name, source_id="s"))
    session.flush()

    areas(session, tmp_path, COUNTY, CITY, VILLAGE)

    found = {row.id: row.area_code for row in session.scalars(select(ServiceArea))}
    assert found == {"code": "upyte", "name": "lauke-county", "words": None}


def test_an_area_that_a_person_chose_is_kept(session: Session, tmp_path: Path) -> None:
    areas(session, tmp_path, COUNTY, CITY, VILLAGE)
    here = place(session, "Lauke")
    here.source_id, here.area_code = None, "upyte"

    assign_areas(session)

    assert here.area_code == "upyte"


def test_areas_that_came_or_changed_are_indexed_again_with_all_their_services(
    session: Session, tmp_path: Path
) -> None:
    here = place(session, "Lauke")
    session.add_all([Organization(id="o", name="Aid"), Service(id="1", name="Advice", organization_id="o")])
    session.flush()
    session.add(ServiceAtLocation(service_id="1", location_id=here.id))

    areas(session, tmp_path, COUNTY, CITY)

    assert session.scalars(select(Job)).one().payload == {"all": True}
    areas(session, tmp_path, COUNTY, CITY)
    assert len(session.scalars(select(Job)).all()) == 1


def test_cities_become_areas_where_nobody_gave_any(session: Session) -> None:
    for city, point in (("Upytė", (55.9, 25.4)), ("upytė", (55.7, 25.2)), ("Kita", None)):
        place(session, city, point)

    assert derive_areas(session) == 2

    upyte, kita = session.get(Area, "upyte"), session.get(Area, "kita")
    assert upyte is not None
    assert kita is not None
    assert (upyte.derived, upyte.kind, upyte.latitude, upyte.population) == (True, "city", 55.8, None)
    assert kita.latitude is None


def test_a_city_that_holds_most_places_is_divided_by_postcode(session: Session) -> None:
    for code in ("20001", "20001-1234", "20002"):
        place(session, "Washington", (38.9, -77.0), postal_code=code)
    place(session, "Bowie", (38.9, -76.7), postal_code="20715")

    derive_areas(session)
    assign_areas(session)

    codes = {area.code: area.parent_code for area in session.scalars(select(Area))}
    assert codes == {
        "washington": None,
        "bowie": None,
        "washington-20001": "washington",
        "washington-20002": "washington",
    }
    assert sorted(session.scalars(select(Location.area_code))) == [  # type: ignore[type-var]
        "bowie",
        "washington-20001",
        "washington-20001",
        "washington-20002",
    ]


def test_areas_are_not_made_where_a_person_gave_some(session: Session, tmp_path: Path) -> None:
    areas(session, tmp_path, COUNTY)
    place(session, "Upytė")

    assert derive_areas(session) == 0


def test_areas_made_from_addresses_give_way_to_given_ones(session: Session, tmp_path: Path) -> None:
    here = place(session, "Lauke", (55.5, 25.0))
    derive_areas(session)
    assign_areas(session)

    areas(session, tmp_path, COUNTY, CITY.replace("lauke,", "lauke-city,"))

    assert set(session.scalars(select(Area.code))) == {"lauke-county", "lauke-city"}
    session.refresh(here)
    assert here.area_code == "lauke-city"


def test_an_area_made_from_addresses_stays_where_demand_names_it(session: Session, tmp_path: Path) -> None:
    place(session, "Oldtown")
    derive_areas(session)
    session.add(Demand(area_code="oldtown", package_code="p", clients=3))

    areas(session, tmp_path, COUNTY)

    assert session.get(Area, "oldtown") is not None


def test_a_point_on_another_continent_does_not_move_its_city_and_is_told(session: Session) -> None:
    for _number in range(5):
        place(session, "Washington", (38.9, -77.0), postal_code="20001")
    wrong = place(session, "Washington", (34.0, -118.5), postal_code="20002")
    place(session, "Washington", (38.8, -77.1), postal_code="20002")

    derive_areas(session)

    part = session.get(Area, "washington-20002")
    assert part is not None
    assert (part.latitude, part.longitude) == (38.8, -77.1)
    assert far_off_places(session, "s") == [wrong]
