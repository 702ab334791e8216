"""The page of a search: its cards, filters, chips, pages, map, and what it says where nothing fits."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from netmap.db import transaction
from netmap.directory.models import Area, Location, Service, ServiceAtLocation
from tests.pages import page, words

SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in("case_manager")


def shown(client: FlaskClient, address: str, status: int = 200) -> Element:
    answer = client.get(address)
    assert answer.status_code == status, words(page(answer))
    return page(answer)


def of_class(tree: Element, name: str) -> list[Element]:
    return [one for one in tree.iter() if name in (one.get("class") or "").split()]


def cards(tree: Element) -> list[Element]:
    return [one for one in of_class(tree, "nm-hit") if one.tag == "li"]


def names(tree: Element) -> list[str]:
    return [words(next(card.iter("h3"))) for card in cards(tree)]


def links(tree: Element) -> dict[str, str]:
    return {words(link): link.get("href") or "" for link in tree.iter("a")}


def status(tree: Element) -> str:
    return words(next(one for one in tree.iter() if one.get("role") == "status"))


def certain(tree: Element) -> int:
    found = re.match(r"\d+", status(tree))
    return int(found[0]) if found else 0


def ticks(tree: Element, group: str) -> dict[str, int]:
    """Code -> how many services its label promises, of the values that can be ticked in a group."""
    inputs = {one.get("id"): one.get("value") or "" for one in tree.iter("input") if one.get("name") == group}
    told = {one.get("for"): re.search(r"\((\d+)\)$", words(one)) for one in tree.iter("label")}
    return {value: int(told[id_][1]) for id_, value in inputs.items() if told[id_]}  # type: ignore[index]


def test_a_card_tells_in_order_what_where_when_why_its_limits_and_how_sure(client: FlaskClient) -> None:
    card = words(cards(shown(client, "/search?q=mortgage+debt"))[0])
    order = ["Why", "Cost", "Languages", "Phone", "Last checked", "Why this, why here"]
    places = [card.index(f"{one} ") for one in order[:-1]] + [card.index(order[-1])]
    assert places == sorted(places)
    first = cards(shown(client, "/search?q=mortgage+debt"))[0]
    assert next(link for link in first.iter("a") if (link.get("href") or "").startswith("tel:")) is not None
    when = words(of_class(first, "nm-hit__open")[0])
    assert re.match("Open now|Opens |Closes |Closed|Hours not known", when)


@pytest.mark.parametrize("query", ["q=mortgage+debt", "q=food+tonight+in+Russian&from=lauvena", "open=now"])
def test_the_points_of_every_card_add_up_to_its_sum(client: FlaskClient, query: str) -> None:
    seen = 0
    for card in cards(shown(client, f"/search?{query}")):
        for table in of_class(card, "nm-sum"):
            *points, total = [float(words(cell).replace("\u2212", "-")) for cell in table.iter("td")]
            assert sum(points) == pytest.approx(total, abs=1e-9)
            assert points
            seen += 1
    assert seen > 2


@pytest.mark.parametrize("group", ["language", "cost", "type", "area", "takes", "threshold", "relation"])
def test_a_filter_leaves_as_many_as_it_promised(client: FlaskClient, group: str) -> None:
    promised = ticks(shown(client, "/search?q=debt+food+shelter"), group)
    assert promised
    for code, number in list(promised.items())[:4]:
        found = shown(client, f"/search?q=debt+food+shelter&{group}={code}")
        assert certain(found) == number, code
        assert ticks(found, group).get(code) == number


def test_open_now_and_lately_checked_keep_their_promises_too(client: FlaskClient) -> None:
    tree = shown(client, "/search?q=debt+food+shelter")
    label = next(one for one in tree.iter("label") if one.get("for") == "open")
    promised = int(re.search(r"\((\d+)\)", words(label))[1])  # type: ignore[index]
    now = shown(client, "/search?q=debt+food+shelter&open=now")
    assert abs(certain(now) - promised) <= 1  # a door may open or close between the two
    options = [words(one) for one in tree.iter("option") if "days (" in words(one)]
    days, number = re.findall(r"\d+", options[0])
    assert certain(shown(client, f"/search?q=debt+food+shelter&checked={days}")) == int(number)


def test_values_of_one_group_widen_and_groups_narrow(client: FlaskClient) -> None:
    russian, ukrainian, both = (
        certain(shown(client, f"/search?q=debt+food&{chosen}"))
        for chosen in ("language=ru", "language=uk", "language=ru&language=uk")
    )
    assert both >= max(russian, ukrainian) > 0
    assert certain(shown(client, "/search?q=debt+food&language=ru&language=uk&cost=free")) <= both


def test_what_is_not_known_stands_behind_under_a_heading_of_its_own(client: FlaskClient) -> None:
    tree = shown(client, "/search?q=debt+food+shelter&takes=yes")
    assert "more where something is not known" in status(tree)
    sure = certain(tree)
    assert 0 < sure < 20
    lists = [one for one in tree.iter("ol") if one.get("class") == "nm-hits"]
    assert len(cards(lists[0])) == sure
    assert lists[1].get("start") == str(sure + 1)
    assert "Perhaps: something is not known" in [words(one) for one in tree.iter("h2")]
    assert all("Not known whether it takes new people" in words(card) for card in cards(lists[1]))


def test_where_none_fits_for_certain_it_is_not_counted_as_fitting(client: FlaskClient) -> None:
    tree = shown(client, "/search?q=food&cost=fee")
    assert status(tree).startswith("None fits for certain")
    assert len(cards(tree)) == int(re.findall(r"\d+", status(tree))[0])


def test_chosen_filters_are_links_that_take_them_away_and_the_words_stay(client: FlaskClient) -> None:
    tree = shown(client, "/search?q=debt&language=ru&open=now&within=20&from=lauvena&checked=365&sort=name")
    away = {text: href for text, href in links(tree).items() if text.startswith("Remove the filter")}
    assert [text.partition(": ")[2] for text in away] == [
        "Language: Russian",
        "Distance: 20 km from Lauvena",
        "Open: now",
        "Checked: within 365 days",
    ]
    for href in away.values():
        assert parse_qs(urlsplit(href).query)["q"] == ["debt"]
    assert links(tree)["Clear the filters, keep the words"] == "/search?q=debt&sort=name"


def test_what_is_closed_for_a_time_is_never_told_to_be_open(client: FlaskClient) -> None:
    card = next(card for card in cards(shown(client, "/search?q=Vagonas")) if "Vagonas" in words(card))
    assert words(of_class(card, "nm-hit__open")[0]) == "Temporarily closed"
    assert "Open now" not in words(card)
    assert "nm-hit--paused" in (card.get("class") or "")
    assert not any("Vagonas" in name for name in names(shown(client, "/search?q=Vagonas&open=now")))


def test_every_filter_belongs_to_the_form_of_the_question(client: FlaskClient) -> None:
    tree = shown(client, "/search?q=debt")
    outside = [
        one.get("name")
        for box in of_class(tree, "nm-find__filters")
        for one in box.iter()
        if one.tag in ("input", "select", "button") and one.get("form") != "ask"
    ]
    assert outside == []
    assert next(form for form in tree.iter("form") if form.get("id") == "ask").get("method") == "get"


def test_areas_are_indented_below_what_they_lie_in(client: FlaskClient) -> None:
    tree = shown(client, "/search?q=debt")
    boxes = {one.get("value"): one for one in tree.iter("input") if one.get("name") == "area"}
    parents = {child: parent for parent in tree.iter() for child in parent}
    assert "nm-tick--1" in (parents[boxes["lauvena"]].get("class") or "")
    assert "nm-tick--" not in (parents[boxes["lauvena-county"]].get("class") or "")


def test_a_chip_is_taken_away_and_put_back(client: FlaskClient) -> None:
    tree = shown(client, "/search?q=debt+advice+in+Russian")
    away = links(tree)["Take away: Russian"]
    assert parse_qs(urlsplit(away).query) == {"q": ["debt advice in Russian"], "without": ["language:ru"]}
    without = shown(client, away)
    assert "Take away: Russian" not in links(without)
    back = links(without)["Put back: Russian"]
    assert "Take away: Russian" in links(shown(client, back))


def test_new_words_are_understood_whole_though_something_was_taken_away_of_the_old(
    client: FlaskClient,
) -> None:
    tree = shown(client, "/search?q=food+in+Russian&asked=debt+in+Russian&without=language:ru")
    assert "Take away: Russian" in links(tree)


def test_words_that_name_two_places_ask_which(app: Flask, client: FlaskClient) -> None:
    with transaction(app.extensions["netmap_engine"]) as session:
        for parent in ("lauvena", "osrude"):
            session.add(
                Area(
                    code=f"{parent}-mill", name="Malūnai", names={"en": "Millbank"}, kind="village",
                    parent_code=parent, latitude=55.5, longitude=25.0,
                )
            )  # fmt: skip
    tree = shown(client, "/search?q=food+in+Millbank&cost=free")
    assert "There are 2 places called “millbank”: which one?" in words(tree).replace("Millbank”", "millbank”")
    ways = [link for link in links(tree).items() if "area=" in link[1] and "-mill" in link[1]]
    assert len(ways) == 2
    chosen = shown(client, ways[0][1])
    assert any(text.startswith("Remove the filter: Area") for text in links(chosen))


@pytest.mark.parametrize("wish", ["9", "99999", "1" + "0" * 20])
def test_a_page_that_is_not_there_says_so_and_leads_to_the_first(client: FlaskClient, wish: str) -> None:
    tree = shown(client, f"/search?q=debt&language=lt&page={wish}")
    assert "there is no page so far on" in words(tree)
    assert cards(tree) == []
    assert links(tree)["Show the first page"] == "/search?q=debt&language=lt"
    assert cards(shown(client, links(tree)["Show the first page"]))


@pytest.mark.parametrize("wish", ["", "0", "-1", "x", "1.5", "٣", "1e3"])
def test_what_is_no_page_is_the_first(client: FlaskClient, wish: str) -> None:
    assert names(shown(client, f"/search?q=debt&page={wish}")) == names(shown(client, "/search?q=debt"))


def test_pages_follow_each_other_without_gap_or_repetition(client: FlaskClient) -> None:
    first = shown(client, "/search?cost=free&sort=name")
    second = shown(client, links(first)["Next page"])
    numbers = [card.get("id") for tree in (first, second) for card in cards(tree)]
    assert numbers == [f"hit-{number}" for number in range(1, len(numbers) + 1)]
    assert len(cards(first)) == 20
    hrefs = [next(next(card.iter("h3")).iter("a")).get("href") for t in (first, second) for card in cards(t)]
    assert len(set(hrefs)) == len(hrefs)


def test_the_order_is_chosen_by_links_and_the_nearest_only_where_kilometres_are_known(
    client: FlaskClient,
) -> None:
    plain = links(shown(client, "/search?q=debt"))
    assert "nearest first" not in plain
    by_name = names(shown(client, plain["by name"]))
    assert by_name == sorted(by_name, key=str.casefold)
    near = shown(client, "/search?q=debt&from=lauvena")
    away = [
        float(found[1])
        for card in cards(shown(client, links(near)["nearest first"]))
        if (found := re.search(r"([\d.]+) km away", words(card)))
    ]
    assert len(away) > 3
    assert away == sorted(away)


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("language=hy&from=tolauke&within=1", ("mortgage debt", "Armenian", "1 km from Tolauke")),
        ("day={tomorrow}&time=03:30&cost=free", ("mortgage debt", "03:30", "Free of charge")),
        ("checked=1&type=mortgage_restructuring", ("within 1 day", "Mortgage restructuring")),
    ],
)
def test_where_nobody_fits_the_page_says_what_was_asked_and_how_to_go_on(
    client: FlaskClient, query: str, parts: tuple[str, ...]
) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    tree = shown(client, f"/search?q=mortgage+debt&{query.format(tomorrow=tomorrow)}")
    assert status(tree) == "Nobody in the directory fits all of this"
    told = words(tree)
    for part in parts:
        assert part in told
    ways = {text: href for text, href in links(tree).items() if text.startswith("Without the filter")}
    assert ways
    for text, href in ways.items():
        found = shown(client, href)
        total = sum(int(one) for one in re.findall(r"\d+", status(found)))
        assert total == int(text.rpartition(": ")[2])


def test_words_of_which_nothing_is_known_lead_on_too(client: FlaskClient) -> None:
    tree = shown(client, "/search?q=%E2%80%AEqqqqzzzz")
    assert cards(tree) == []
    assert "Try other words" in words(tree)


def test_the_map_has_the_numbers_of_the_page_and_the_rest_is_told_in_a_line(
    app: Flask, client: FlaskClient
) -> None:
    with transaction(app.extensions["netmap_engine"]) as session:
        place = Location(id="nowhere", name="Somewhere", location_type="physical")
        lost = Service(id="lost", name="Quite lost advice", status="active")
        session.add_all([place, lost])
        session.flush()
        session.add(ServiceAtLocation(service_id="lost", location_id="nowhere"))
    tree = shown(client, "/search?q=debt+food+shelter")
    numbers = {card.get("id") for card in cards(tree)}
    on_map = {(link.get("href") or "")[1:] for link in of_class(tree, "nm-map__spot")}
    section = of_class(tree, "nm-find__map")[0]
    beside = {
        (link.get("href") or "")[1:] for line in of_class(section, "nm-unknown") for link in line.iter("a")
    }
    assert on_map
    assert on_map | beside == numbers
    assert on_map & beside == set()


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("q=debt&within=far&from=lauvena", "within", "Enter kilometres as a number"),
        ("q=debt&within=-1&from=lauvena", "within", "zero or more"),
        ("q=debt&within=nan&from=lauvena", "within", "zero or more"),
        ("q=debt&within=5", "near", "Say from which point"),
        ("q=debt&near=here", "near", "Enter a point as latitude,longitude"),
        ("q=debt&near=91,181", "near", "latitude from -90 to 90"),
        ("q=debt&near=nan,nan", "near", "latitude from -90 to 90"),
        ("q=debt&from=nowhere", "from", "There is no area"),
        ("q=debt&day=2026-13-01&time=10:00", "day", "Enter the day as year-month-day"),
        ("q=debt&day=9999-12-31&time=10:00", "day", "Enter a day from today on"),
        ("q=debt&day=2020-01-01&time=10:00", "day", "Enter a day from today on"),
        ("q=debt&day=2099-01-01", "time", "Enter the time too"),
        ("q=debt&time=25:99", "time", "Enter the time as hours and minutes"),
        ("q=debt&checked=soon", "checked", "whole number"),
        ("q=debt&checked=0", "checked", "whole number"),
        ("q=debt&type=nothing", "type", "There is no service type"),
        ("q=debt&cost=cheap", "cost", "no value"),
        ("q=debt&area=atlantis", "area", "There is no area"),
        ("q=" + "x" * 10_000, "q", "has 10000 characters"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_the_rest_stays(
    client: FlaskClient, query: str, field: str, sentence: str
) -> None:
    tree = shown(client, f"/search?{query}&language=ru", 422)
    by_id = {one.get("id"): one for one in tree.iter() if one.get("id")}
    assert field in by_id
    assert sentence in words(by_id[f"{field}-error"])
    summary = of_class(tree, "govuk-error-summary")[0]
    assert f"#{field}" in links(summary).values()
    russian = next(one for one in tree.iter("input") if one.get("name") == "language")
    assert (russian.get("value"), russian.get("checked") is not None) == ("ru", True)


@pytest.mark.parametrize(
    "text",
    [
        "*", "[a TO z]", "(" * 150, "[" * 200, "\x00", "\x85\x1b", "🙂", "and the of", "   ",
        "\u200f\u202eabc", '"', '""', "a" * 200,
    ],
)  # fmt: skip
def test_whatever_is_typed_gets_a_useful_page(client: FlaskClient, text: str) -> None:
    answer = client.get("/search", query_string={"q": text, "open": "now"})
    assert answer.status_code in {200, 422}
    assert 'role="status"' in answer.get_data(as_text=True) or 'role="alert"' in answer.get_data(as_text=True)


def test_a_point_in_the_sea_finds_the_far_ones_or_says_how_far_they_are(client: FlaskClient) -> None:
    assert cards(shown(client, "/search?q=debt&near=0,0"))
    tree = shown(client, "/search?q=debt&near=0,0&within=10")
    assert "farther than 10 km" in words(tree)


def test_the_question_and_its_filters_can_be_read_before_anything_is_asked(client: FlaskClient) -> None:
    tree = shown(client, "/search")
    assert of_class(tree, "nm-hit") == []
    assert next(one for one in tree.iter("input") if one.get("name") == "q") is not None


def test_the_link_to_pass_on_holds_no_word_that_was_typed(client: FlaskClient) -> None:
    tree = shown(client, "/search?q=Zuzanna+needs+mortgage+help+in+Russian&cost=free")
    link = next(one.get("value") or "" for one in tree.iter("input") if one.get("id") == "share-codes")
    assert "zuzanna" not in link.casefold()
    assert parse_qs(urlsplit(link).query)["language"] == ["ru"]
    assert urlsplit(link).scheme in {"http", "https"}
    assert cards(shown(client, link.partition("://")[2].partition("/")[2].join(("/", ""))))
