"""Points that cannot be right are told, and nothing is corrected."""

from collections.abc import Sequence

import pytest
from sqlalchemy.orm import Session

from netmap.directory.models import Address, Area, Location, Source
from netmap.directory.odd_points import odd_points

TOWN = [(55.50 + step / 100, 25.00 + step / 100) for step in range(6)]


@pytest.fixture(autouse=True)
def source(session: Session) -> None:
    session.add(Source(id="here", name="here"))
    session.flush()


def found(session: Session, *more: tuple[float, float], city: str = "") -> tuple[list[str], list[str]]:
    for number, (latitude, longitude) in enumerate([*TOWN, *more]):
        place = Location(id=f"{number}", name=f"{number}", latitude=latitude, longitude=longitude)
        place.source_id = "here"
        place.addresses = [Address(city=city)] if city else []
        session.add(place)
    session.flush()
    odd = odd_points(session, "here")
    return _names(odd.swapped), _names(odd.far)


def _names(places: Sequence[Location]) -> list[str]:
    return [place.name or "" for place in places]


def test_a_point_that_fits_only_when_swapped_is_told_as_swapped(session: Session) -> None:
    assert found(session, (25.01, 55.51)) == (["6"], [])


def test_a_point_in_the_sea_is_told_as_far(session: Session) -> None:
    assert found(session, (55.5, 17.0)) == ([], ["6"])


def test_points_of_one_county_are_all_right(session: Session) -> None:
    assert found(session, (55.9, 25.6)) == ([], [])


def test_a_point_far_from_its_city_is_told(session: Session) -> None:
    assert found(session, (55.5, 27.5), city="Town") == ([], ["6"])


def test_a_directory_of_a_whole_country_has_no_far_points(session: Session) -> None:
    far_apart = [(48.9 + step / 2, 2.3 + step) for step in range(12)]
    assert found(session, *far_apart) == ([], [])


def test_areas_given_by_the_office_say_where_the_county_is(session: Session) -> None:
    """Where most of a file is swapped, its own middle would be swapped too."""
    for number in range(5):
        session.add(Area(code=f"a{number}", name=f"a{number}", latitude=55.5, longitude=25.0 + number / 10))
    session.flush()
    swapped, far = found(session, *[(longitude, latitude) for latitude, longitude in TOWN + TOWN])
    assert (len(swapped), far) == (12, [])
