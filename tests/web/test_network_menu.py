"""The menu of the network's pages: four groups, before the main part, and it says where one is."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

SignIn = Callable[[str | None], FlaskClient]

PAGES = {
    "/gaps": "What is missing",
    "/gaps/taken-up": "What is missing",
    "/demand": "What is missing",
    "/unmet-needs": "What is missing",
    "/network/map": "Where",
    "/network/matrix": "Where",
    "/reach": "Where",
    "/areas": "Where",
    "/territories": "Where",
    "/network": "Who works with whom",
    "/network/ties": "Who works with whom",
    "/network/bridges": "Who works with whom",
    "/network/measures": "Who works with whom",
    "/network/walk": "Who works with whom",
    "/what-if": "Try it out",
    "/what-if/compare": "Try it out",
    "/sites": "Try it out",
    "/workload": "Try it out",
}
GROUPS = ["What is missing", "Where", "Who works with whom", "Try it out"]


@pytest.fixture
def planner(sign_in: SignIn) -> FlaskClient:
    return sign_in("planner")


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def menu_of(page: str) -> str:
    """Return the menu, which has to stand before the main part."""
    before, _main = page.split("<main", 1)
    return before.split('<nav class="nm-nw-menu', 1)[1].split("</nav>", 1)[0]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_the_network_has_the_menu_before_its_main_part(
    planner: FlaskClient, address: str
) -> None:
    answer = planner.get(address)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    menu = menu_of(page)
    groups, pages = menu.split("</ul>")[:2]
    names = [words(one) for one in re.findall(r"<a.*?</a>", groups, re.DOTALL)]
    assert names == GROUPS
    current = re.findall(r'<a[^>]* aria-current="true"[^>]*>(.*?)</a>', groups, re.DOTALL)
    assert [words(one) for one in current] == [PAGES[address]]
    assert len(re.findall(r"<a ", pages)) <= 5
    assert pages.count("aria-current=") == 1
    assert "nm-nw-menu" not in page.split("<main", 1)[1]


@pytest.mark.parametrize("address", PAGES)
def test_the_main_menu_says_under_which_item_the_page_stands(planner: FlaskClient, address: str) -> None:
    bar = planner.get(address).get_data(as_text=True).split('id="navigation"', 1)[1].split("</ul>", 1)[0]
    marked = re.findall(r'aria-current="true">(.*?)</a>', bar)
    assert marked == ["Gaps" if PAGES[address] == GROUPS[0] else "Network"]


def test_a_page_below_a_page_marks_it_as_what_it_belongs_to(planner: FlaskClient) -> None:
    page = planner.get("/gaps").get_data(as_text=True)
    found = re.search(r'href="(/gaps/[0-9a-f]+)"', page)
    assert found
    menu = menu_of(planner.get(found[1]).get_data(as_text=True))
    assert re.search(r'href="/gaps" aria-current="true">Gaps<', menu)


def test_every_page_of_the_menu_can_be_reached(planner: FlaskClient) -> None:
    seen, waiting = set(), ["/gaps"]
    while waiting:
        address = waiting.pop()
        if address not in seen:
            seen.add(address)
            waiting += re.findall(r'href="(/[^"]*)"', menu_of(planner.get(address).get_data(as_text=True)))
    assert seen == set(PAGES) - {"/what-if/compare"}
