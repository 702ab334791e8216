"""The list of gaps: every title says what differs, the order can be understood, each figure stands once."""

import itertools
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def planner(sign_in: SignIn) -> FlaskClient:
    return sign_in("planner")


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def entries(client: FlaskClient, address: str) -> list[str]:
    """Return the entries of all pages of a list."""
    found: list[str] = []
    for number in range(1, 30):
        page = text_of(client, f"{address}&page={number}")
        found += page.split('<ol class="nm-hits"', 1)[1].split("</ol>", 1)[0].split('<li class="nm-hit">')[1:]
        if "Next page" not in page:
            return found
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("kind", ["", "ASK", "SINGLE_PROVIDER"])
def test_no_two_entries_bear_the_same_title(planner: FlaskClient, kind: str) -> None:
    titles = [words(one.split("</h2>", 1)[0]) for one in entries(planner, f"/gaps?kind={kind}")]
    assert len(titles) > 20
    assert [one for one in titles if titles.count(one) > 1] == []


def test_what_the_list_is_ordered_by_stands_in_it_and_falls(planner: FlaskClient) -> None:
    found = [words(one) for one in entries(planner, "/gaps?order=count")]
    exact = [
        re.search(r"([\d.]+) clients a year × weight ([\d.]+) .*expected ([\d.]+) to ([\d.]+)", one)
        for one in found
    ]
    told = [(float(one[3]) + float(one[4])) / 2 * float(one[2]) for one in exact if one]
    assert len(told) > 1
    assert all(later < 1.35 * earlier for earlier, later in itertools.pairwise(told))  # both rounded
    assert all("× weight" in one for one in found if "no demand figures" not in one)
    assert "weight" not in words(entries(planner, "/gaps?order=rate")[0])


def test_the_figure_of_an_entry_stands_once(planner: FlaskClient) -> None:
    found = [words(one) for one in entries(planner, "/gaps?kind=")]
    assert [one for one in found if "clients a year" in one and "Clients a year:" in one] == []
    of_an_area = [words(one) for one in entries(planner, "/gaps?area=lauvena")]
    assert any("In all areas:" in one and "Clients a year:" in one for one in of_an_area)


def test_the_labels_are_explained(planner: FlaskClient) -> None:
    page = words(text_of(planner, "/gaps"))
    for meaning in (
        "FIRM Nothing that",
        "LIKELY It is closed to",
        "CHECK DATA Something is not known",
        "Weight how heavy",
    ):
        assert meaning in page
