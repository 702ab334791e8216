"""A planner with the keyboard alone: from the worst gap to a proposal on paper, one figure everywhere."""

import re
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Locator, Page, expect

from netmap.app import import_all_models
from netmap.db import open_engine, open_session
from netmap.demo import PASSWORD
from netmap.network import service
from netmap.network.counts import telling
from tests.browser.conftest import sideways, violations
from tests.county import settings_for

pytestmark = pytest.mark.browser

FURTHEST = 150  # how often one may press Tab before something is out of reach
# What of a cell lies over its neighbour: on a telephone the head of a column stands inside of it.
SPILLS = """() => [...document.querySelectorAll("td[data-label]")]
    .filter(one => one.checkVisibility() && one.scrollHeight > one.clientHeight + 2)
    .map(one => one.dataset.label)"""


def go_to(page: Page, target: Locator) -> Locator:
    """Press Tab until the element has the focus, which must be there to be seen."""
    goal = target.first.element_handle()
    assert goal is not None
    for _press in range(FURTHEST):
        page.keyboard.press("Tab")
        if goal.evaluate("one => one === document.activeElement"):
            expect(target.first).to_be_in_viewport()
            return target.first
    raise AssertionError(f"the keyboard does not reach {goal.evaluate('one => one.outerHTML')[:200]}")


def enter(page: Page, target: Locator) -> None:
    """Go to a link or a button, press Enter, and wait for the page that comes."""
    go_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    arrived(page)


def arrived(page: Page) -> None:
    """A page that is there, clean and no wider than the window; go past its menus as the first thing."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == [], page.url
    assert sideways(page) <= 0, page.url
    assert page.evaluate(SPILLS) == [], page.url
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")


def choose(page: Page, field: Locator, wish: str) -> None:
    """Choose an option by typing its name."""
    go_to(page, field)
    page.keyboard.type(wish)
    assert field.evaluate("one => one.selectedOptions[0].text") == wish


def signs_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    go_to(page, page.locator("main input[name=email]"))
    page.keyboard.type("planner@demo.example")
    go_to(page, page.locator("main input[name=password]"))
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who helps with what")


def opens_the_gaps(page: Page) -> None:
    """By the menu, which is folded away on a telephone."""
    link = page.locator("header").get_by_role("link", name="Gaps", exact=True)
    if not link.is_visible():
        go_to(page, page.locator("header summary, header button").filter(visible=True))
        page.keyboard.press("Enter")
        expect(link).to_be_visible()
    enter(page, link)


def table(page: Page, heading: str) -> dict[str, list[str]]:
    """Return the rows of the table under a heading by their first cell."""
    found = page.locator("table", has=page.locator("caption", has_text=heading)).locator("tbody tr")
    return {
        row.locator("th").inner_text().strip(): [one.strip() for one in row.locator("td").all_inner_texts()]
        for row in found.all()
    }


def worst(folder: Path) -> tuple[str, str, str]:
    """Return the key, the kind of service and the package of the gap that weighs most, worked out anew."""
    import_all_models()
    settings = settings_for(folder)
    engine = open_engine(settings.database())
    with open_session(engine, reading=True) as session, telling():
        firm = [one for one in service.gaps(session, settings)["gaps"] if one["clients"] is not None]
    engine.dispose()
    top = max(firm, key=lambda one: one["impact"])
    return top["key"], top["service_type"], top["profile"]


def test_a_planner_takes_the_worst_gap_to_the_council(page: Page, address: str, prepared: Path) -> None:
    key, kind, package = worst(prepared)
    signs_in(page, address)
    opens_the_gaps(page)
    first = page.locator(".nm-hit").first
    clients = first.locator("strong").inner_text()
    title, kind_of_gap = first.get_by_role("link").inner_text().splitlines()
    enter(page, first.get_by_role("link"))
    assert page.url.removesuffix("#main") == f"{address}/gaps/{key}"

    expect(page.get_by_role("heading", level=1)).to_have_text(title.strip())
    expect(page.locator("main .nm-badge").nth(1)).to_have_text(kind_of_gap)
    assert page.locator(".nm-gc-figures strong").first.inner_text() == clients
    areas = {name: cells[0] for name, cells in table(page, "Where, and how many people").items()}
    lowest = sum(int(one) for one in areas.values() if one.isdigit())
    low, _to, high = clients.partition(" to ")
    assert int(low) >= lowest, "the sum on top holds at least what its parts say"
    assert int(high or low) <= lowest + 5 * sum(one == "<5" for one in areas.values())

    tries_a_rule(page)
    enter(page, page.get_by_role("link", name="What could be tried about this gap"))
    tries_a_new_service(page)
    compares(page, areas)
    enter(page, page.get_by_role("link", name="Back to the gap"))
    sites(page, address, key, kind)
    enter(page, page.get_by_role("link", name="Back to the gap"))
    prints(page, clients, areas)
    the_figures_agree(page, key, kind, package, areas)


def tries_a_rule(page: Page) -> None:
    """Try the first change that the card proposes, the cheapest one."""
    rung = page.locator(".nm-gc-rung", has=page.get_by_role("heading", name="Change a rule", exact=True))
    enter(page, rung.get_by_role("link", name="Try it: what if?"))
    enter(page, page.get_by_role("region", name="What could be tried about this gap").locator("li a"))
    saves(page, named(page, "Rule"))


def tries_a_new_service(page: Page) -> None:
    """Try a service that has all that the package needs."""
    idea = page.get_by_role("link", name=re.compile("^A new service that meets the requirements"))
    enter(page, idea)
    saves(page, named(page, "New"))


def named(page: Page, name: str) -> str:
    """Return the name of a scenario on this screen: both screens share a planner."""
    assert page.viewport_size is not None
    return f"{name} {page.viewport_size['width']}"


def saves(page: Page, name: str) -> None:
    """Give the scenario a name of one's own in place of the one that is offered."""
    field = go_to(page, page.get_by_label("Name of the scenario"))
    assert field.input_value() != ""
    page.keyboard.press("Control+a")
    page.keyboard.type(name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    arrived(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("heading", name="What comes of it")).to_be_visible()


def compares(page: Page, areas: dict[str, str]) -> None:
    """Lay the new service beside the rule; it closes the whole gap, the rule a part of it."""
    whole = [closed(page, areas)]
    choose(page, page.get_by_label("Compare with"), named(page, "Rule"))
    enter(page, page.get_by_role("button", name="Compare"))
    heads = page.locator(".nm-wi-compare thead th")
    assert heads.all_inner_texts() == [named(page, "New"), named(page, "Rule")]
    row = page.locator(
        ".nm-wi-compare tr", has=page.get_by_role("rowheader", name="Gaps that close", exact=True)
    )
    counted = [int(one.split()[0]) for one in row.locator("td").all_inner_texts()]
    assert counted[0] > counted[1] > 0
    enter(page, heads.last.get_by_role("link"))
    whole.append(closed(page, areas))
    assert whole[0] == set(areas) > whole[1] > set()


def closed(page: Page, areas: dict[str, str]) -> set[str]:
    """Return in which areas of the gap a scenario closes it."""
    found = page.locator("[aria-labelledby=closed] tbody tr")
    names = {name for row in found.all() for name in row.locator("td").first.inner_text().split(", ")}
    return names & set(areas)


def sites(page: Page, address: str, key: str, kind: str) -> None:
    """Ask where the new service should stand; the form keeps where one came from."""
    enter(page, page.get_by_role("link", name="Where to open it"))
    assert page.url.removesuffix("#main") == f"{address}/sites?type={kind}&gap={key}"
    best = page.locator(".nm-st-sites strong")
    assert best.count() == 1
    once = reached(page)
    go_to(page, page.locator(".nm-fold > summary"))
    page.keyboard.press("Enter")
    places = go_to(page, page.get_by_label("Places to open"))
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    arrived(page)
    assert places.input_value() == "2"
    assert best.count() == 2
    assert reached(page) > once > 0


def reached(page: Page) -> int:
    """Return how many clients the chosen number of places reaches, as the table says, too."""
    told = page.locator(".nm-st-best").get_by_text("Reached within").inner_text()
    value = told.partition(": ")[2].split(" clients a year")[0]
    assert page.locator(".nm-st-chosen .nm-st-value").inner_text() == value
    assert "." not in value, "nobody is half a client"
    return int(value.split(" to ")[0])


def prints(page: Page, clients: str, areas: dict[str, str]) -> None:
    """Choose the new service as what is proposed, and take the paper as a PDF."""
    enter(page, page.get_by_role("link", name="Proposal sheet to print or send"))
    choose(page, page.get_by_label("What is proposed"), "A new service")
    go_to(page, page.get_by_label(f"What was tried: {named(page, 'New')}"))
    page.keyboard.press("Space")
    enter(page, page.get_by_role("button", name="Show"))
    paper = page.locator(".nm-gc-paper")
    expect(paper.get_by_role("heading", name="What is proposed: A new service")).to_be_visible()
    expect(paper.locator("dd").first).to_have_text(clients)
    rows = paper.locator("table").first.locator("tbody tr").all()
    assert {row.locator("th").inner_text(): row.locator("td").first.inner_text() for row in rows} == areas
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    with page.expect_download() as kept:
        go_to(page, page.get_by_role("link", name="As a PDF"))
        page.keyboard.press("Enter")
    assert page.request.get(kept.value.url).headers["content-type"] == "application/pdf"
    printed = " ".join(one.extract_text() for one in pypdf.PdfReader(kept.value.path()).pages)
    words = " ".join(printed.split())
    assert f"Clients a year {clients}" in words or f"Clients a year: {clients}" in words
    assert "What is proposed: A new service" in words
    assert f"What was tried: {named(page, 'New')}" in words
    closing = paper.get_by_text("closes in ").inner_text().removeprefix("closes in ")
    assert set(closing.split(", ")) >= set(areas)
    assert set(areas) <= set(re.findall(r"\w+", words))
    page.emulate_media(media="print")
    assert not page.locator(".nm-header").is_visible()
    assert paper.is_visible()
    page.emulate_media(media="screen")


def the_figures_agree(page: Page, key: str, kind: str, package: str, areas: dict[str, str]) -> None:
    """The table of needs by areas and the table under the map say the same of each area as the card."""
    enter(page, page.get_by_role("link", name="Back to the gap"))
    enter(page, page.get_by_role("link", name="Needs by areas").last)
    assert page.get_by_label("Package").input_value() == package
    heads = page.locator("thead th").all_inner_texts()
    cells = page.locator("tbody tr", has=page.locator(f"a[href='/gaps/{key}']")).locator("td")
    squares = dict(zip(heads[1:], cells.all(), strict=True))
    mine = {
        name: square for name, square in squares.items() if square.locator(f"a[href='/gaps/{key}']").count()
    }
    assert {name: square.locator(".nm-nt-people").inner_text() for name, square in mine.items()} == {
        name: f"{clients} clients" for name, clients in areas.items()
    }
    enter(page, mine[next(iter(mine))].locator("a"))
    enter(page, page.get_by_role("link", name="Map of gaps", exact=True).last)
    assert page.get_by_label("Kind of service").input_value() == kind
    told = table(page, "The same as a table")
    assert {name: told[name][0] for name in areas} == areas
    enter(page, page.get_by_role("rowheader", name=next(iter(areas)), exact=True).get_by_role("link"))
    assert page.locator(f"a[href='/gaps/{key}']").count() == 1, "an area leads to its gaps of this package"
    assert page.get_by_label("Package").input_value() == package
