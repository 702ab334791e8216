from datetime import UTC, date, datetime

import numpy as np
from sqlalchemy.orm import Session

from netmap.network.supplies import CapacityRow, Supply, in_one_unit, supplies, supplies_of

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def row(maximum, *, unit=None, target=None, wait=None, service="s", updated=None):
    return CapacityRow(service, unit, unit, target, maximum, wait, updated)


def test_a_newer_record_replaces_the_older():
    assert supplies_of([row(20), row(30)])["s"].most == {"": 30}


def test_records_for_some_people_add_up_and_one_for_all_holds_them():
    some = [row(8, target="women"), row(5, target="men")]
    assert supplies_of(some)["s"].most == {"": 13}
    assert supplies_of([*some, row(12)])["s"].most == {"": 12}


def test_a_sum_with_an_unknown_part_is_unknown():
    assert supplies_of([row(8, target="women"), row(None, target="men")])["s"].most == {}
    assert supplies_of([row(8), row(None)])["s"].most == {}


def test_beds_and_hours_are_kept_apart():
    assert supplies_of([row(8, unit="beds"), row(40, unit="hours")])["s"].most == {"beds": 8, "hours": 40}


def test_the_last_recorded_wait_is_kept_with_its_day():
    found = supplies_of([row(8, wait=14, updated=DAY), row(9)])["s"]
    assert (found.wait_days, found.wait_on) == (14, date(2026, 11, 1))
    assert supplies_of([row(8)])["s"].wait_days is None


def test_one_kind_of_service_is_counted_in_the_unit_of_most():
    known = {
        "a": Supply({"hours": 40}, None, None),
        "b": Supply({"places": 8}, None, None),
        "c": Supply({"places": 9, "hours": 20}, None, None),
        "d": Supply({}, 7, None),
        "e": Supply({"places": 1}, None, None),
    }
    found, unit, others = in_one_unit(["a", "b", "c", "d", "e", "f"], known)
    assert unit == "places"
    assert np.nan_to_num(found, nan=-1).tolist() == [-1, 8, 9, -1, 1, -1]
    assert others == {"a"}


def test_where_nothing_is_recorded_everything_is_unknown():
    found, unit, others = in_one_unit(["a"], {})
    assert (np.isnan(found).tolist(), unit, others) == ([True], "", frozenset())


def test_the_worked_example_from_the_database(town_session: Session) -> None:
    found = supplies(town_session)
    assert {key: one.most[""] for key, one in found.items()} == {
        "v1": 30, "v2": 40, "v3": 20, "v4": 200, "v5": 30, "v6": 25
    }  # fmt: skip
    assert supplies(town_session, ["v1"]).keys() == {"v1"}
