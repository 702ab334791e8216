"""What people see is made of guarded counts; at the terminal they are exact."""

import pytest

from netmap.network.counts import telling, told
from netmap.network.demand.demands import demands
from netmap.network.models import Demand
from netmap.network.service import gaps


def test_small_groups_go_in_as_one_value_while_people_are_told(town_session, settings):
    row = town_session.query(Demand).filter_by(area_code="C", package_code="k1").one()
    row.clients = 3
    town_session.flush()
    with telling():
        first = gaps(town_session, settings)
        assert demands(town_session, settings)["C", "k1"].clients == 2.5
        row.clients = 1
        town_session.flush()
        assert gaps(town_session, settings) == first, "nothing tells one from three"
    assert demands(town_session, settings)["C", "k1"].clients == 1


def test_groups_of_five_are_told(town_session, settings):
    with telling():
        assert demands(town_session, settings)["C", "k1"].clients == 5


def fail() -> None:
    with telling():
        raise ZeroDivisionError


def test_it_ends_with_the_block_also_where_that_fails():
    with pytest.raises(ZeroDivisionError):
        fail()
    assert told(3) == 3
