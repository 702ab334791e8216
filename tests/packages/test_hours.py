"""When the people of a package can come."""

from typing import Any

import pytest

from netmap.errors import Invalid
from netmap.packages.document import read
from netmap.packages.hours import windows


def error_of(raw: dict[str, Any], hours: object) -> str:
    with pytest.raises(Invalid) as caught:
        read(raw | {"hours": hours})
    assert list(caught.value.fields) == ["hours"]
    return caught.value.fields["hours"]


def test_a_package_without_hours_means_any_time(raw: dict[str, Any]) -> None:
    assert read(raw).hours == ()
    assert windows(()) == ()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("MO-FR 17:00-20:00", "MO-FR 17:00-20:00"),
        ("mon - fri 17:00 – 20:00", "MO-FR 17:00-20:00"),
        ("пн, ср 9:00-12:30", "MO,WE 09:00-12:30"),
        ("SU-MO 10:00-12:00", "MO,SU 10:00-12:00"),
        ("daily 5pm-24:00", "MO-SU 17:00-24:00"),
    ],
)
def test_hours_are_kept_in_one_way_of_writing(raw: dict[str, Any], typed: str, kept: str) -> None:
    assert read(raw | {"hours": [typed]}).hours == (kept,)


def test_equal_hours_compare_equal_whatever_their_order(raw: dict[str, Any]) -> None:
    typed = ["SA 09:00-14:00", "MO-FR 17:00-20:00", "sat 9:00-14:00"]
    assert read(raw | {"hours": typed}).hours == ("MO-FR 17:00-20:00", "SA 09:00-14:00")


@pytest.mark.parametrize(
    "entry",
    ["evenings", "MO 17:00", "17:00-20:00", "MO 25:00-26:00", "2SA 10:00-12:00", "", "MO " * 30, 17, None],
)
def test_what_is_no_time_of_every_week_is_refused(raw: dict[str, Any], entry: object) -> None:
    assert "MO-FR 17:00-20:00" in error_of(raw, [entry])


@pytest.mark.parametrize("entry", ["MO 20:00-17:00", "MO 17:00-17:00"])
def test_an_end_before_the_start_is_refused(raw: dict[str, Any], entry: str) -> None:
    assert "later" in error_of(raw, [entry])


def test_a_text_in_place_of_a_list_is_refused(raw: dict[str, Any]) -> None:
    assert "list" in error_of(raw, "MO-FR 17:00-20:00")


def test_endless_hours_are_refused(raw: dict[str, Any]) -> None:
    assert "28" in error_of(raw, ["MO 17:00-20:00"] * 29)
