"""The page that says where to open: what it shows, what it leaves out, and what it answers to nonsense."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from netmap.db import open_session
from netmap.network.few import told_sum
from netmap.network.models import Demand
from netmap.network.new_sites.shown import Figures

SignIn = Callable[[str | None], FlaskClient]
ADDRESS = "/sites?type=transport_help&places=2"


@pytest.fixture
def planner(sign_in: SignIn) -> FlaskClient:
    return sign_in("planner")


def text_of(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_without_a_kind_of_service_there_is_only_the_form(planner: FlaskClient) -> None:
    page = text_of(planner, "/sites")
    assert "Show the best places" in page
    assert "The best choice" not in page
    assert 'aria-current="page">Where to open' in page


def test_the_page_shows_the_choice_its_proof_the_curve_and_the_quick_way(planner: FlaskClient) -> None:
    page = text_of(planner, ADDRESS)
    assert 'value="transport_help" selected' in page
    for told in (
        "The best choice", "Proved: no other choice of so many places does better.", "Reaches:",
        "Choosing one place after another", "What each further place adds", "Nearly as good",
        "Still without it", "<meter", "What to know before you decide",
    ):  # fmt: skip
        assert told in page
    assert page.count('<tr class="govuk-table__row') == 5


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/sites?type=transport_help&objective=median", "The average way is then"),
        ("/sites?type=transport_help&objective=center", "The longest way of anybody is then"),
        ("/sites?objective=package&places=2", "Packages that become whole"),
        (f"{ADDRESS}&capacity=12", "Reached within the longest way of each package: 24 clients a year"),
    ],
)
def test_every_objective_is_told_in_words(planner: FlaskClient, address: str, told: str) -> None:
    assert told in text_of(planner, address)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/sites?type=nope", "No package in use needs a service of the type"),
        (f"{ADDRESS}&area=nope", "There is no area with the code"),
        ("/sites?type=transport_help&places=two", "Give the number of places in digits"),
        ("/sites?type=transport_help&places=21", "from 1 to 20"),
        (f"{ADDRESS}&capacity=many", "Give the clients a year in digits"),
        (f"{ADDRESS}&capacity=nan", "a number above 0"),
        (f"{ADDRESS}&objective=best", "is not known"),
    ],
)
def test_what_cannot_be_answered_stands_at_the_form(planner: FlaskClient, address: str, told: str) -> None:
    page = text_of(planner, address, 422)
    assert "There is a problem" in page
    assert told in page
    assert "The best choice" not in page


def test_a_handful_of_people_is_not_told_by_a_difference(app: Flask, planner: FlaskClient) -> None:
    pages = []
    for clients in (1.0, 4.0, 14.0):
        with open_session(app.extensions["netmap_engine"]) as session:
            session.execute(update(Demand).values(clients=clients))
            session.commit()
        pages.append(text_of(planner, ADDRESS).partition("The best choice")[2].partition("</main>")[0])
    one, four, fourteen = pages
    assert one == four, "whether it is one or four stands nowhere"
    assert four != fourteen


def test_areas_that_nobody_counted_stand_apart_and_small_groups_make_a_range(planner: FlaskClient) -> None:
    page = text_of(planner, "/sites?type=addiction_outpatient&places=2")
    (headline,) = re.findall(r"Without it now, in 23 areas: ([^(]*)", page)
    clients = told_sum([24, 6, 5, *[2.5] * 9])
    assert headline.strip() == f"{clients} clients a year, and 11 areas where nobody counted"


def test_what_a_place_adds_is_rounded_where_there_are_small_groups() -> None:
    def answer(*counted: list[float]) -> dict[str, object]:
        rows = [{"counted": one, "uncounted": 0} for one in counted]
        return {"demand_known": True, "unit": "clients", "uncovered": {"counted": counted[-1]}, "curve": rows}

    plain, small = Figures(answer([30.0], [30.0, 13.0])), Figures(answer([30.0], [30.0, 8.0, 3.0]))
    assert (plain.gain(1), small.gain(1)) == ("13", "10")
    assert (plain.coarse, small.coarse) == (False, True)
    assert Figures(answer([30.0], [30.0, 3.0])).gain(1) == "<5"
    # with a limit all is told as so many as the places are for, whoever they are
    limited = Figures({**answer([9.5, 2.5], [12.0, 9.5, 2.5]), "capacity": 12.0})
    assert (limited.reached({"counted": [9.5, 2.5]}), limited.gain(1)) == ("12", "12")
