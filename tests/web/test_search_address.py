"""The address of a search: what it holds, and how links change it."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from netmap.directory.answers import Answer, Chip
from netmap.web.search import search
from netmap.web.search_address import (
    CHOSEN,
    SINGLE,
    Typed,
    address,
    changed,
    cleared,
    put_back,
    taken_away,
    typed_of,
    with_codes,
    with_page,
    without_code,
)
from netmap.web.search_share import codes_only, share_of


@pytest.fixture(autouse=True)
def request_() -> Iterator[None]:
    app = Flask(__name__)
    app.register_blueprint(search)
    with app.test_request_context("/search", base_url="https://netmap.example"):
        yield


def typed(query: str) -> Typed:
    return typed_of(MultiDict(parse_qsl(query, keep_blank_values=True)))


def query(search_: Typed) -> list[tuple[str, str]]:
    parts = urlsplit(address(search_))
    assert parts.path == "/search"
    return parse_qsl(parts.query)


def answer(*chips: Chip) -> Answer:
    return Answer("", (), (), 0, (), understood=chips)


def test_what_is_not_known_is_left_out_and_the_order_is_fixed() -> None:
    one = typed("type=b&q=rent&who=Anna&type=a&area=north&type=b&page=1")
    assert query(one) == [("q", "rent"), ("type", "b"), ("type", "a"), ("area", "north")]


def test_a_link_changes_one_thing_and_begins_at_the_first_page() -> None:
    here = typed("q=rent&type=a&type=b&open=now&page=3")
    assert query(without_code(here, "type", "a")) == [("q", "rent"), ("open", "now"), ("type", "b")]
    assert query(changed(here, open="")) == [("q", "rent"), ("type", "a"), ("type", "b")]
    assert query(with_codes(here, "area", "north"))[-1] == ("area", "north")
    assert query(with_page(here, 4))[-1] == ("page", "4")


def test_clearing_the_filters_keeps_the_words_what_was_taken_away_and_the_order() -> None:
    here = typed("q=rent&type=a&open=now&near=55.5,25&within=5&without=place:north&sort=name&checked=90")
    assert query(cleared(here)) == [("q", "rent"), ("sort", "name"), ("without", "place:north")]


def test_taking_away_and_putting_back_lead_to_where_one_was() -> None:
    here = typed("q=rent tonight&type=a")
    away = taken_away(here, "time:tonight")
    assert query(away)[-1] == ("without", "time:tonight")
    assert address(put_back(away, "time:tonight")) == address(here)


def test_of_other_words_nothing_was_taken_away() -> None:
    assert typed("q=rent&asked=rent&without=time:tonight").without == ("time:tonight",)
    assert typed("q=food&asked=rent&without=time:tonight").without == ()


@pytest.mark.parametrize("asks", ["q=rent", "type=a", "open=now", "checked=90", "near=1,1"])
def test_a_filter_alone_is_a_question(asks: str) -> None:
    assert typed(asks).asks
    assert not typed("sort=name&page=3&q=").asks


@given(st.dictionaries(st.sampled_from([*SINGLE, *CHOSEN, "without", "page"]), st.text(max_size=30)))
def test_an_address_read_again_is_the_same_search(parts: dict[str, str]) -> None:
    once = typed_of(MultiDict(parts))
    app = Flask(__name__)
    app.register_blueprint(search)
    with app.test_request_context("/search"):
        again = typed_of(MultiDict(parse_qsl(urlsplit(address(once)).query)))
    assert again == once


MORTGAGE = Chip("need", "fin.mortgage_arrears", "Mortgage arrears", "mortgage")
BABY = Chip("circumstance", "pregnant_or_infant", "With a baby", "with a baby")
RUSSIAN = Chip("language", "ru", "Russian", "in Russian")


def test_a_link_to_pass_on_holds_codes_and_nothing_of_a_person() -> None:
    here = typed("q=mortgage in Russian with a baby&target=veteran&cost=free&page=2")
    share = share_of(here, answer(MORTGAGE, BABY, RUSSIAN))
    assert share.codes == ("https://netmap.example/search?need=fin.mortgage_arrears&language=ru&cost=free")
    assert "mailto:?subject=" in share.mail_codes
    assert "mortgage+in" in share.words


@pytest.mark.parametrize(
    "words",
    ["Anna +370 612 34567", "write to ona@mail.example", "she lost her job and owes money to two banks"],
)
def test_no_link_is_made_of_words_that_may_be_personal(words: str) -> None:
    share = share_of(typed(f"q={words.replace('+', '%2B')}"), answer(MORTGAGE))
    assert (share.words, share.mail_words) == ("", "")
    assert share.codes.endswith("?need=fin.mortgage_arrears")


def test_a_point_is_passed_on_to_about_a_kilometre() -> None:
    assert query(codes_only(typed("q=x&near=55.523456,25.104321&within=5"), answer())) == [
        ("near", "55.52,25.10"),
        ("within", "5"),
    ]


def test_a_type_is_passed_on_only_where_no_need_says_more() -> None:
    debt_advice = Chip("type", "debt_advice", "Debt advice", "advice")
    assert dict(codes_only(typed("q=x"), answer(debt_advice)).chosen)["type"] == ("debt_advice",)
    assert dict(codes_only(typed("q=x"), answer(MORTGAGE, debt_advice)).chosen)["type"] == ()


def test_what_a_person_chose_is_not_widened_by_what_was_understood() -> None:
    assert dict(codes_only(typed("q=x&language=lt"), answer(RUSSIAN)).chosen)["language"] == ("lt",)
