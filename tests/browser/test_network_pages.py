"""The pages of the network in a real browser: readable, wide and narrow, walked with the keyboard."""

import io

import pypdf
import pytest
from playwright.sync_api import Page

from netmap.demo import PASSWORD
from tests.browser.conftest import sideways, violations

pytestmark = pytest.mark.browser

PAGES = (
    "/network?package=homeless_unemployed", "/network/matrix", "/network/map", "/network/ties",
    "/network/bridges", "/network/measures", "/network/walk",
)  # fmt: skip

ON_PAPER = (
    *PAGES, "/gaps", "/demand", "/reach", "/areas", "/territories", "/workload",
    "/sites?type=career_guidance",
)  # fmt: skip
PAPER = 718  # pixels between the margins of A4


@pytest.fixture
def planner(page: Page, address: str) -> Page:
    page.goto(f"{address}/sign-in")
    page.fill("input[name=email]", "planner@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()
    return page


def test_the_pages_are_clean_and_fit_the_window(planner: Page, address: str) -> None:
    for path in PAGES:
        answer = planner.goto(f"{address}{path}")
        assert answer is not None
        assert answer.status == 200, path
        assert violations(planner) == [], path
        assert sideways(planner) == 0, path


def test_one_walks_with_the_keyboard_alone(planner: Page, address: str) -> None:
    planner.goto(f"{address}/network/walk")
    first = planner.locator("a.nm-walk__node").first
    name = first.locator("title").text_content()
    first.focus()
    planner.keyboard.press("Enter")
    planner.wait_for_url("**centre=*")
    centre = planner.locator("a.nm-walk__node--centre")
    assert centre.locator("title").text_content() == name
    assert planner.locator("h2", has_text=name).count() == 1
    planner.locator("a.nm-walk__node").nth(1).focus()
    planner.keyboard.press("Enter")
    planner.wait_for_load_state()
    assert planner.locator("a.nm-walk__node--centre title").text_content() != name


def test_a_table_is_sorted_with_the_keyboard(planner: Page, address: str) -> None:
    planner.goto(f"{address}/network/map")
    heads = planner.locator("thead a, .nm-nt-sorts a").filter(has_text="Lines missing")
    link = heads.locator("visible=true").first
    link.focus()
    planner.keyboard.press("Enter")
    planner.wait_for_url("**sort=*gaps*")
    numbers = planner.locator("td[data-label='Lines missing']").all_text_contents()
    assert [int(one) for one in numbers] == sorted((int(one) for one in numbers), reverse=True)


def test_paper_loses_no_column(planner: Page, address: str) -> None:
    planner.set_viewport_size({"width": PAPER, "height": 1040})
    planner.emulate_media(media="print")
    lost = []
    for path in ON_PAPER:
        planner.goto(f"{address}{path}")
        beyond = planner.evaluate(
            "wide => [...document.querySelectorAll('main *')]"
            ".filter(one => one.getBoundingClientRect().right > wide + 1 && one.checkVisibility())"
            ".map(one => one.textContent.trim().slice(0, 30))",
            PAPER,
        )
        lost += [(path, beyond[:3])] if beyond else []
        forms = planner.locator("main form[method=get]:has(select)")
        assert not any(form.is_visible() for form in forms.all()), path
    assert lost == []


def on_paper(page: Page) -> list[str]:
    made = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "1cm"))
    return [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(made)).pages]


def test_the_matrix_on_paper_names_every_area_and_the_sum(planner: Page, address: str) -> None:
    planner.goto(f"{address}/network/matrix")
    heads = planner.locator(".nm-nt-matrix thead th").all_text_contents()[1:]
    squares = planner.locator(".nm-nt-matrix tbody td:not(:empty)").count()
    paper = " ".join(on_paper(planner))
    assert len(heads) > 20
    assert [head for head in heads if head not in paper] == []
    assert sum(paper.count(f"{head}:") for head in heads) == squares


def test_the_legend_on_paper_stands_on_the_sheet_of_the_picture(planner: Page, address: str) -> None:
    planner.goto(f"{address}/network")
    names = planner.locator(".nm-graph__name").all_text_contents()
    (sheet,) = [one for one in on_paper(planner) if "two providers that can hand people over" in one]
    assert any(name in sheet for name in names)
