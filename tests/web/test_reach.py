"""The page of reach and capacity."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from netmap.web.reach import people_words, ratio_words

SignIn = Callable[[str | None], FlaskClient]


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_page_says_what_is_known_and_what_is_not(sign_in: SignIn) -> None:
    page = text_of(sign_in("planner"), "/reach?type=debt_advice")
    assert "it is counted as unknown, not as nothing" in page
    assert "of the ways within reach are straight lines" in page
    assert "none in reach" in page
    assert "<meter" in page


def test_a_length_of_stay_gives_a_queue(sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    assert "works out how long people would wait" in text_of(client, "/reach?type=debt_advice")
    assert "A model (Erlang), not a measurement" in text_of(client, "/reach?type=debt_advice&stay=90")


def test_headings_sort_by_a_link_that_keeps_the_question(sign_in: SignIn) -> None:
    page = text_of(sign_in("planner"), "/reach?type=debt_advice&stay=90&sort=wait")
    assert 'aria-sort="descending"' in page
    assert "type=debt_advice&amp;stay=90&amp;sort=clients#areas" in page


def test_a_package_that_does_not_need_it_is_left_out_with_a_sentence(sign_in: SignIn) -> None:
    page = text_of(sign_in("planner"), "/reach?type=debt_advice&package=carer_of_a_relative")
    assert "does not need this kind of service; all that need it are shown" in page


@pytest.mark.parametrize(
    "wrong",
    ["type=nothing", "area=nowhere", "by=boat", "stay=x", "within=0", "stay=1e99", "type=a%00b", "by=%07x"],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(sign_in: SignIn, wrong: str) -> None:
    assert sign_in("planner").get(f"/reach?{wrong}").status_code == 422


def test_few_people_are_not_told_nor_what_would_reveal_them() -> None:
    assert [people_words(count, True) for count in (0, 3, 11, 13)] == ["0", "<5", "10", "15"]
    assert people_words(13, False) == "13"
    assert (ratio_words(0.233, True), ratio_words(0.233, False)) == ("0.25", "0.23")
    assert (ratio_words(259.6, True), ratio_words(259.6, False)) == ("over 2", "259.6")


def test_territories_name_what_is_missing_and_link_to_each(sign_in: SignIn) -> None:
    page = text_of(sign_in("planner"), "/territories")
    assert "nobody is named whom to call" in page
    assert "/territories?area=lauvena" in page
    assert page.index("Gervotrakis") < page.index("Meldupe")  # what lacks most first
    by_name = text_of(sign_in("planner"), "/territories?sort=area")
    assert 'aria-sort="ascending"' in by_name


def test_what_only_says_that_it_serves_a_territory_is_not_told_as_there(sign_in: SignIn) -> None:
    page = text_of(sign_in("planner"), "/territories?sort=area")
    row = page[page.index("Gervotrakis") :].partition("</tr>")[0]
    (bar,) = re.findall(r"</meter> (\d+)</span>", row)
    (more,) = re.findall(r"(\d+) more say that they serve it", row)
    assert int(bar) < 5 < int(more)  # a village of 120 people; half the county's services name the county
    assert "How far they are is not weighed here" in text_of(
        sign_in("planner"), "/territories?area=gervotrakis"
    )


def test_a_territory_keeps_none_here_apart_from_not_checked(sign_in: SignIn) -> None:
    client = sign_in("planner")
    page = text_of(client, "/territories?area=kudrelinas")
    assert "Not checked (" in page
    assert "None here (" not in page
    assert "Meldupe has most of what is missing here" in page
    assert "type=transport_help" in page  # a link to look for it
    assert client.get("/territories?area=nowhere").status_code == 422
