from datetime import UTC, date, datetime

import numpy as np
from sqlalchemy.orm import Session

from netmap.network.supplies import CapacityRow, Supply, in_one_unit, supplies, supplies_of

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def row(maximum, *, unit=None, code=None, target=None, wait=None, service="s", updated=None):
    return CapacityRow(service, unit, unit, code, target, maximum, wait, updated)


def test_a_newer_record_replaces_the_older():
    assert supplies_of([row(20), row(30)])["s"].most == {"": 30}


def test_records_for_some_people_add_up_and_one_for_all_holds_them():
    some = [row(8, target="women"), row(5, target="men")]
    assert supplies_of(some)["s"].most == {"": 13}
    assert supplies_of([*some, row(12)])["s"].most == {"": 12}


def test_a_sum_with_an_unknown_part_is_unknown():
    assert supplies_of([row(8, target="women"), row(None, target="men")])["s"].most == {}
    assert supplies_of([row(8), row(None)])["s"].most == {}


def test_beds_and_seats_are_kept_apart_and_hours_count_no_people():
    found = supplies_of([row(8, unit="beds"), row(4, unit="seats"), row(40, unit="Valanda", code="hour")])[
        "s"
    ]
    assert (found.most, found.in_time) == ({"beds": 8, "seats": 4}, True)
    assert supplies_of([row(40, unit="Hours")])["s"].most == {}


def test_the_last_recorded_wait_is_kept_with_its_day():
    found = supplies_of([row(8, wait=14, updated=DAY), row(9)])["s"]
    assert (found.wait_days, found.wait_on) == (14, date(2026, 11, 1))
    assert supplies_of([row(8)])["s"].wait_days is None


def test_one_kind_of_service_is_counted_in_the_unit_of_most():
    known = {
        "a": Supply({"beds": 40}, False, None, None),
        "b": Supply({"places": 8}, False, None, None),
        "c": Supply({"places": 9, "beds": 20}, False, None, None),
        "d": Supply({}, False, 7, None),
        "e": Supply({"places": 1}, False, None, None),
        "f": Supply({}, True, None, None),
    }
    found, unit, others = in_one_unit(["a", "b", "c", "d", "e", "f", "g"], known)
    assert unit == "places"
    assert np.nan_to_num(found, nan=-1).tolist() == [-1, 8, 9, -1, 1, -1, -1]
    assert others == {"a", "f"}


def test_where_nothing_is_recorded_everything_is_unknown():
    found, unit, others = in_one_unit(["a"], {})
    assert (np.isnan(found).tolist(), unit, others) == ([True], "", frozenset())


def test_the_worked_example_from_the_database(town_session: Session) -> None:
    found = supplies(town_session)
    assert {key: one.most[""] for key, one in found.items()} == {
        "v1": 30, "v2": 40, "v3": 20, "v4": 200, "v5": 30, "v6": 25
    }  # fmt: skip
    assert supplies(town_session, ["v1"]).keys() == {"v1"}
