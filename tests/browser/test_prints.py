"""Prints in a real browser: the offline file from the disk, and leaflets that fit on one sheet of paper."""

import io
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
import waitress
from playwright.sync_api import Browser, Page

from netmap.app import create_app, import_all_models
from netmap.db import now, open_engine, open_session, transaction
from netmap.directory.models import (
    Accessibility,
    Address,
    Location,
    Phone,
    RequiredDocument,
    Service,
    ServiceAtLocation,
)
from netmap.printing.making import make
from netmap.web.door import PAGE_LANGUAGES
from tests.browser.conftest import sideways, violations
from tests.county import settings_for

pytestmark = pytest.mark.browser

LONG = {
    "en": "Applicants are kindly requested to bring every certificate of residence that they possess, ",
    "ru": "Просим приносить с собой все имеющиеся свидетельства о регистрации по месту жительства, ",
    "uk": "Просимо приносити із собою всі наявні свідоцтва про реєстрацію за місцем проживання, ",
    "lt": "Maloniai prašome atsinešti visas turimas gyvenamosios vietos deklaravimo pažymas, ",
}


@pytest.fixture(scope="module")
def offline(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The made-up county as offline files in two languages."""
    import_all_models()
    settings = replace(settings_for(prepared), timezone="Europe/Vilnius")
    engine, folder, found = open_engine(settings.database()), tmp_path_factory.mktemp("offline"), {}
    for lang in ("ru", "en"):
        with open_session(engine, reading=True) as session:
            found[lang] = folder / f"{lang}.html"
            found[lang].write_bytes(make(session, settings, "offline-html", lang).content)
    engine.dispose()
    return found


@pytest.fixture
def opened(page: Page, offline: dict[str, Path]) -> Iterator[Page]:
    """The Russian file, opened from the disk; the test fails if anything leaves the file."""
    left: list[str] = []
    page.on("request", lambda request: left.append(request.url))
    page.goto(f"file://{offline['ru']}")
    page.wait_for_selector("#results article")
    yield page
    assert [url for url in left if url != f"file://{offline['ru']}"] == []


def ask(page: Page, question: str) -> list[str]:
    page.fill("#q", question)
    page.press("#q", "Enter")
    names: list[str] = page.eval_on_selector_all("#results h3", "all => all.map(one => one.textContent)")
    return names


def found(page: Page) -> int:
    return int(re.findall(r"\d+", page.inner_text("#count"))[0])


def kinds(page: Page) -> list[str]:
    told: list[str] = page.eval_on_selector_all("#results article", "all => all.map(one => one.dataset.k)")
    return told


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("долги по кредитам", "debt_advice"),
        ("негде ночевать", "shelter"),
        ("нечего есть", "food_aid"),
        ("how to find a job", "job_search_support"),
        ("де переночувати", "shelter"),
        ("nėra ko valgyti", "food_aid"),
        ("долгги", "debt_advice"),
        ("morgage", "mortgage_restructuring"),
    ],
)
def test_needs_are_found_in_four_languages_and_mistyped(opened: Page, question: str, kind: str) -> None:
    assert ask(opened, question)
    assert any(kind in told.split() for told in kinds(opened)[:3]), kinds(opened)[:5]


def test_the_file_is_usable_by_everybody(opened: Page) -> None:
    assert violations(opened) == []
    assert sideways(opened) <= 0
    assert "made today" in opened.inner_text("#age") or "сегодня" in opened.inner_text("#age")
    total = found(opened)
    opened.click("#more")
    assert opened.locator("#results article").count() == 40
    opened.click("#all")
    assert opened.locator("#results article").count() == total
    assert violations(opened) == []


def test_filters_leave_out_and_keep_what_nobody_knows(opened: Page) -> None:
    total = found(opened)
    if not opened.locator("#filters").get_attribute("open"):
        opened.evaluate("document.getElementById('filters').open = true")
    opened.select_option("#kind", "shelter")
    some = found(opened)
    assert 0 < some < total
    assert all("shelter" in one.split() for one in kinds(opened))
    opened.select_option("#kind", "")
    opened.select_option("#spoken", "uk")
    opened.click("#all")
    spoken = opened.eval_on_selector_all("#results article", "all => all.map(one => one.dataset.l)")
    assert "uk" in spoken[0].split()
    assert all("uk" in one.split() or one == "" for one in spoken)
    assert found(opened) < total


def test_the_old_file_says_how_old_it_is_and_what_is_open(browser: Browser, offline: dict[str, Path]) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB")
    page = context.new_page()
    today = now()
    monday = today + timedelta(days=41 - today.weekday())
    page.clock.set_fixed_time(monday.replace(hour=3, minute=0))
    page.goto(f"file://{offline['en']}")
    days = re.search(r"made (\d+) days ago: call first", page.inner_text("#age"))
    assert days is not None
    assert 33 <= int(days[1]) <= 42
    page.evaluate("document.getElementById('filters').open = true")
    at_night = found(page)
    page.check("#open")
    open_now = page.locator("#results .state", has_text="Open now").count()
    assert found(page) < at_night
    states = page.locator("#results .state").all_text_contents()
    assert "Closed now" not in states
    assert states[:open_now] == ["Open now"] * open_now, "what is not known stands behind"
    context.close()


def test_without_a_script_it_is_a_list_with_anchors(browser: Browser, offline: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"file://{offline['en']}")
    assert page.locator("article").count() == 275
    assert page.locator("#ask").is_hidden()
    link = page.locator("nav a").first
    page.goto(f"file://{offline['en']}{link.get_attribute('href')}")
    assert page.locator("h2:target").count() == 1
    assert page.inner_text("#age").startswith("As of ")
    context.close()


def test_if_the_script_fails_the_whole_list_is_there(
    browser: Browser, offline: dict[str, Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.html"
    text = offline["en"].read_text(encoding="utf-8")
    broken.write_text(text.replace('id="data">{', 'id="data">{{'), encoding="utf-8")
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"file://{broken}")
    page.wait_for_selector("nav li")
    assert page.locator("article").count() == 275
    context.close()


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("lang", PAGE_LANGUAGES)
def test_a_leaflet_with_long_data_is_one_sheet_of_paper(
    browser: Browser, long_served: str, lang: str, large: bool
) -> None:
    page = browser.new_page()
    fields = "".join(f"&field={one}" for one in (
        "say", "where", "way", "hours", "phone", "in", "bring", "cost", "who", "languages", "access", "about",
        "web", "checked", "qr",
    ))  # fmt: skip
    page.goto(
        f"{long_served}/leaflet?service=long-{lang}&language={lang}{fields}{'&large=1' if large else ''}"
    )
    assert page.locator(".nm-leaflet dt").count() >= 5
    sheet = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert [round(float(side)) for side in sheet.pages[0].mediabox[2:]] == [595, 842]
    assert len(sheet.pages) == 1
    assert violations(page) == []
    page.close()


@pytest.fixture(scope="module")
def long_served(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with a public directory that holds long services."""
    folder = tmp_path_factory.mktemp("long") / "data"
    shutil.copytree(prepared, folder)
    app = create_app(replace(settings_for(folder), public_directory=True))
    with transaction(app.extensions["netmap_engine"]) as session:
        for lang, words in LONG.items():
            made = Service(id=f"long-{lang}", name=(words * 2)[:140], status="active", text_language=lang)
            made.description = made.application_process = made.eligibility_description = words * 12
            made.fees_description, made.interpretation_services = words * 3, words * 3
            made.alert, made.url = (words * 2)[:160], f"https://long.example/{'a' * 80}"
            made.required_documents = [RequiredDocument(document=words) for _number in range(8)]
            made.phones = [Phone(number=f"+44 1632 96000{n}", description=words) for n in range(4)]
            place = Location(id=f"long-{lang}", name=words, transportation=words * 5)
            place.addresses = [Address(address_1=words, address_2=words, city="Lauvena")]
            place.accessibility = [Accessibility(description=words * 6)]
            session.add_all([made, place])
            session.flush()
            session.add(ServiceAtLocation(service_id=made.id, location_id=place.id))
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)
    app.extensions["netmap_engine"].dispose()


def test_ticked_services_of_a_search_come_onto_one_leaflet(page: Page, long_served: str) -> None:
    page.goto(f"{long_served}/search?q=debts")
    ticks = page.locator("input[name=service]")
    for number in range(2):
        ticks.nth(number).check()
    page.get_by_role("button", name="Leaflet of what is ticked").click()
    page.wait_for_url("**/leaflet?*")
    assert page.locator(".nm-leaflet__one").count() == 2
    assert violations(page) == []
    assert sideways(page) <= 0
