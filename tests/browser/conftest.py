"""A real Chromium on a real server with the demo county."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import waitress
from playwright.sync_api import Browser, Page

from netmap.app import create_app
from tests.chromium import AXE
from tests.county import settings_for


@pytest.fixture(scope="session")
def address(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on a copy of the demo county."""
    folder = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(prepared, folder)
    app = create_app(settings_for(folder))
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)
    app.extensions["netmap_engine"].dispose()


@pytest.fixture(
    params=[pytest.param(1280, id="desktop"), pytest.param(360, id="phone", marks=pytest.mark.slow)]
)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page that fails the test if its console or its content security policy complains.

    The same ways on a telephone take minutes and run in `make test-all`; that every page fits a narrow window
    is looked at every day (`test_every_page.py`).
    """
    context = browser.new_context(viewport={"width": request.param, "height": 900}, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page, one line each."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: Any = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']})"
    )
    return [
        f"{one['id']}: {one['help']}: {node['html'][:150]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
