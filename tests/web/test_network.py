"""The list of gaps page by page, and what stands on a card."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from netmap.db import open_session
from netmap.directory import changes
from netmap.directory.models import ServiceTypeLink

SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def planner(sign_in: SignIn) -> FlaskClient:
    return sign_in("planner")


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_card_names_the_other_packages_that_miss_the_service(planner: FlaskClient) -> None:
    address = "/gaps?package=long_term_unemployed_without_motivation"
    page = text_of(planner, "/gaps")
    assert "Also needed by:" in page
    assert "young_person_neet" not in page.split("<ol", 1)[1]  # by name, not by code
    alone = text_of(planner, address)
    assert "Also needed by:" in alone  # a selection hides gaps, not who else would be helped
    key = alone.split("<ol", 1)[1].split('href="/gaps/', 1)[1].split('"', 1)[0]
    assert "Also needed by:" in text_of(planner, f"/gaps/{key}")


def test_a_page_past_the_end_is_the_last_one(planner: FlaskClient) -> None:
    last = text_of(planner, "/gaps?page=99")
    assert "Previous page" in last
    assert "Next page" not in last
    assert 'start="1"' not in last


def test_the_page_says_why_no_gap_is_certain(app: Flask, planner: FlaskClient) -> None:
    assert "no gap is certain" not in text_of(planner, "/gaps")
    with open_session(app.extensions["netmap_engine"]) as session:
        session.execute(delete(ServiceTypeLink))
        changes.note_all(session)
        session.commit()
    page = text_of(planner, "/gaps")
    assert "no gap is certain" in page
    assert "FIRM" not in page.split('<ol class="nm-hits"', 1)[1]  # what it means is told above
