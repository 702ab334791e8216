"""Every page, in every language, wide and narrow: no finding of axe and the HTML checker, a silent console.

All of it takes minutes and runs in `make test-all`; `make test` takes what a case manager sees, with
the longest words in the narrowest window, one page of each kind.
"""

import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from netmap.demo import PASSWORD, PEOPLE
from netmap.web.door import PAGE_LANGUAGES
from tests.browser.conftest import sideways, violations
from tests.chromium import ROOT

pytestmark = pytest.mark.browser

VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
WIDTHS = (1280, 320)
DAILY = {("lt", 320)}
ALIKE, DAILY_ALIKE = 2, 1  # pages of one kind that are looked at in all languages, and every day
ID = re.compile(r"/(?:\d+|[0-9a-f-]{12,}|[a-z0-9]+[_-][a-z0-9_-]+)(?=/|$)")
COMBINATIONS = [
    pytest.param(language, width, marks=() if (language, width) in DAILY else pytest.mark.slow)
    for language in PAGE_LANGUAGES
    for width in WIDTHS
]


def kind(address: str) -> str:
    """Return what sort of page an address is: its path without ids, and the names of what it asks."""
    parts = urlsplit(address)
    asked = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    return ID.sub("/*", parts.path) + ("?" + "&".join(asked) if asked else "")


def walk(page: Page, address: str, seen: Counter[str], alike: int) -> Iterator[tuple[str, str]]:
    """Give (address, HTML) of the pages that links lead to, few of each kind, each shown in turn."""
    waiting, known = [f"{address}/"], {f"{address}/"}
    while waiting:
        here = waiting.pop(0)
        seen[kind(here)] += 1
        if seen[kind(here)] > alike:
            continue
        answer = page.goto(here)
        assert answer is not None
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status == 200, f"{here}: {answer.status}"
        yield here, answer.text()
        pages = "a[href]:not([download])"
        links = page.eval_on_selector_all(pages, "all => all.map(one => one.getAttribute('href'))")
        for link in links:
            there = urljoin(here, link).partition("#")[0]
            if there.startswith(f"{address}/") and "/static/" not in there and there not in known:
                known.add(there)
                waiting.append(there)


def sign_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/sign-in")
    page.locator("main input[name=email]").fill(email)
    page.locator("main input[name=password]").fill(PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url(f"{address}/")


def listen(page: Page, faults: list[str]) -> None:
    """Collect what the console and the content security policy complain about."""
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))


@pytest.mark.parametrize(("language", "width"), COMBINATIONS)
def test_every_page(browser: Browser, address: str, language: str, width: int, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    daily = (language, width) in DAILY
    people = (*(one for one in PEOPLE if not daily or one[1] == "case_manager"), (None, None))
    faults: list[str] = []
    for email, _role in people:
        context = browser.new_context(viewport={"width": width, "height": 900}, locale=language)
        page = context.new_page()
        listen(page, faults)
        if email:
            sign_in(page, address, email)
        for here, text in walk(page, address, seen, DAILY_ALIKE if daily else ALIKE):
            assert f'<html lang="{language}"' in text, here
            faults += [f"{here}: {one}" for one in violations(page)]
            if (over := sideways(page)) > 0:
                faults.append(f"{here}: {over} pixels wider than the window")
            (tmp_path / f"{len(seen)}-{sum(seen.values())}.html").write_text(text, encoding="utf-8")
        context.close()

    assert faults == []
    assert len(seen) >= 15, sorted(seen)
    assert wrong_html(tmp_path) == []


def wrong_html(folder: Path) -> list[str]:
    """Return what the HTML checker of the W3C finds in a folder; nothing where Java is missing."""
    java = shutil.which("java")
    if java is None or not VNU.is_file():
        return []
    command = [java, "-jar", str(VNU), "--format", "json", "--stdout", "--exit-zero-always", "--errors-only"]
    found = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=True, timeout=300)
    return [
        f"{Path(one['url']).name}: {one['message']}: {one.get('extract', '')}"
        for one in json.loads(found.stdout)["messages"]
    ]


@pytest.mark.skipif(shutil.which("java") is None, reason="the HTML checker needs Java")
def test_the_html_checker_finds_a_bad_page(tmp_path: Path) -> None:
    bad = '<title>x</title><p><div>in</div></p><a id="a">1</a><b id="a">2</b>'
    (tmp_path / "bad.html").write_text(f'<!doctype html><html lang="en">{bad}</html>', encoding="utf-8")

    assert any("Duplicate ID" in one for one in wrong_html(tmp_path))
