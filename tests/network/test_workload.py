"""Workload: the published figures by hand, and numbers that cannot be used."""

import pytest
from flask.testing import FlaskClient

from netmap.errors import Invalid
from netmap.network.areas.workload import Norms, forecast, read


def test_the_published_figures_give_what_can_be_worked_out_by_hand():
    now = forecast(Norms())[0]
    assert round(now.each) == 232
    assert round(now.possible, 1) == 9.2  # 110 x 1600 / (25500 x .75)


def test_growth_adds_up_year_by_year():
    years = forecast(Norms(clients=100, growth=10, managers=2))
    assert [round(year.clients, 2) for year in years[:3]] == [100, 110, 121]
    assert [round(year.each, 2) for year in years[:3]] == [50, 55, 60.5]


def test_so_many_as_are_needed_can_give_the_wished_sessions():
    year = forecast(Norms(direct=60))[0]
    again = forecast(Norms(direct=60, managers=year.needed))[0]
    assert round(again.possible, 6) == 6


def test_without_clients_nobody_is_needed_and_nothing_is_divided():
    year = forecast(Norms(clients=0))[0]
    assert (year.each, year.possible, year.needed) == (0, None, 0)


@pytest.mark.parametrize(
    "typed", [{"managers": "0"}, {"growth": "many"}, {"minutes": "nan"}, {"hours": "-1"}]
)
def test_what_cannot_be_used_is_named(typed):
    with pytest.raises(Invalid) as caught:
        read(typed)
    assert list(caught.value.fields) == list(typed)


def test_the_page_reads_the_norms_from_its_address(sign_in):
    planner: FlaskClient = sign_in("planner")
    page = planner.get("/workload?clients=1000&managers=10&growth=0").get_data(as_text=True)
    assert ">100</td>" in page
    wrong = planner.get("/workload?managers=0")
    assert wrong.status_code == 422
    assert "Give a number from 1 to 100,000." in wrong.get_data(as_text=True)
    assert planner.get("/workload").status_code == 200
