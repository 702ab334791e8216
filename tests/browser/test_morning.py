"""A coordinator's morning: ten calls, two corrections, a closure, a merge, an import with its undo."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import waitress
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from netmap.app import create_app, start_worker
from netmap.db import open_session
from netmap.directory.models import Organization, Phone, Service
from netmap.editing.models import Edit
from netmap.freshness.models import Call
from tests.browser.conftest import sideways, violations
from tests.browser.test_provider import sign_in, telephone
from tests.county import provider_token, settings_for

pytestmark = pytest.mark.browser

LIST = b"Agency,Program,Street,Town,Tel\nLantern House,Warm room,1 Mill Lane,Oldbridge,+44 1632 960888\n"
CALLS = ("confirmed", "no_answer", "confirmed", "changed", "confirmed", "wrong_number", "confirmed", "closed",
         "confirmed", "confirmed")  # fmt: skip
NAME = "Long Meadow Care"
PATIENCE = 60_000  # ms for the worker


@pytest.fixture
def office(prepared: Path, tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """A running office of its own, with a worker: the morning changes much."""
    folder = tmp_path / "data"
    shutil.copytree(prepared, folder)
    settings = settings_for(folder)
    app = create_app(settings)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    stop = start_worker(app.extensions["netmap_engine"], settings)
    yield app, f"http://127.0.0.1:{server.effective_port}"
    stop.set()
    server.close()
    thread.join(timeout=5)
    app.extensions["netmap_engine"].dispose()


def test_a_coordinators_morning(browser: Browser, office: tuple[Flask, str], prepared: Path) -> None:
    app, address = office
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        named = select(Phone.number).join(Organization, Organization.id == Phone.organization_id)
        number = session.scalars(named.where(Organization.name == NAME)).first()
        assert number
    two_corrections_come_in(browser, f"{address}/provider/{provider_token(settings_for(prepared))}")
    desk = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB").new_page()
    sign_in(desk, address)
    rings(desk, address)
    decides(desk, address)
    merges(desk, address, number)
    imports(desk, address)
    desk.goto(f"{address}/upkeep")
    assert violations(desk) == []
    assert sideways(desk) == 0
    desk.context.close()
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        outcomes = dict(iter(session.execute(select(Call.outcome, func.count()).group_by(Call.outcome))))
        assert all(outcomes[one] >= CALLS.count(one) for one in CALLS)
        kinds = set(session.scalars(select(Edit.kind)))
        assert {"confirm", "close", "correction", "merge", "undo", "edit"} <= kinds
        assert session.scalar(select(Service.id).where(Service.name == "Warm room")) is None


def two_corrections_come_in(browser: Browser, address: str) -> None:
    """A provider on a telephone, without an account and without scripts, corrects two records."""
    phone = telephone(browser)
    for number in range(2):
        phone.goto(address)
        phone.locator(".nm-pv-open").nth(number).click()
        phone.get_by_role("link", name="Correct something").click()
        phone.locator("input[name=name]").fill(f"Better name {number}")
        phone.get_by_role("button", name="Send the corrections").click()
        expect(phone.get_by_role("status")).to_contain_text("Your correction has arrived")
    phone.context.close()


def rings(desk: Page, address: str) -> None:
    """Ten calls, one after another; what changed is written down, what closed is closed."""
    desk.goto(f"{address}/ringing")
    desk.get_by_role("button", name="Ring the next one").click()
    for outcome in CALLS:
        name = desk.locator("h1").inner_text()
        desk.locator(f"button[name=outcome][value={outcome}]").click()
        if outcome == "changed":
            if desk.locator("#services .govuk-error-message, #otherwise .govuk-error-message").count():
                desk.locator("input[name=otherwise]").first.check()
                desk.locator("button[name=outcome][value=changed]").click()
            desk.get_by_role("link", name="Change this record").first.click()
            desk.fill("#fees_description", "free on Mondays")
            desk.get_by_role("button", name="Save", exact=True).first.click()
            desk.go_back()
            desk.go_back()
            desk.get_by_role("button", name="All is written down: go on").click()
        expect(desk.get_by_role("status").first).to_contain_text(name)


def decides(desk: Page, address: str) -> None:
    """One correction is taken, the other one refused with a sentence."""
    desk.goto(f"{address}/corrections")
    desk.get_by_role("button", name="Take all").first.click()
    desk.get_by_label("Sentence for the provider").first.fill("The register says otherwise.")
    desk.get_by_role("button", name="Refuse").first.click()
    expect(desk.get_by_text("No correction waits.")).to_be_visible()


def merges(desk: Page, address: str, number: str) -> None:
    """An organisation that was written down twice becomes one, and two again when that is taken back."""
    desk.goto(f"{address}/organizations/new")
    desk.fill("#name", NAME)
    desk.fill("#helps_with", "looks after old people at home")
    desk.fill("#reach", number)
    desk.get_by_role("button", name="Add", exact=True).click()
    desk.get_by_role("button", name="It is another one: add it").click()
    expect(desk.get_by_role("heading", level=1, name=NAME)).to_be_visible()
    desk.goto(f"{address}/duplicates?table=organization")
    desk.get_by_role("button", name="Search").click()
    look = desk.locator(".nm-du-pair").filter(has_text=NAME).get_by_role("link", name="Look at both")
    expect(desk.get_by_text("The search is waiting for the worker")).to_be_visible()
    for _try in range(PATIENCE // 500):
        desk.reload()
        if look.count():
            break
        desk.wait_for_timeout(500)
    look.click()
    desk.get_by_role("button", name="Merge into one").click()
    expect(desk.get_by_role("heading", name="Merged into one")).to_be_visible()
    merged = desk.url
    desk.get_by_role("button", name="Take it back").click()
    desk.goto(merged)
    expect(desk.get_by_role("heading", name="Taken back")).to_be_visible()


def imports(desk: Page, address: str) -> None:
    """A file is uploaded, looked at before anything happens, applied and taken back."""
    desk.goto(f"{address}/import")
    desk.set_input_files("#file", {"name": "offers.csv", "mimeType": "text/csv", "buffer": LIST})
    desk.get_by_role("button", name="Check the file").click()
    desk.get_by_role("heading", name="What do the columns mean?").wait_for()
    desk.get_by_role("button", name="Check the file").click()
    expect(desk.get_by_role("heading", name="What would happen")).to_be_visible(timeout=PATIENCE)
    for more in desk.locator("details > summary").all():
        more.click()
    expect(desk.get_by_text("Warm room").first).to_be_visible()
    desk.get_by_role("button", name="Apply the import").click()
    desk.get_by_role("link", name="Undo this import").wait_for(timeout=PATIENCE)
    desk.get_by_role("link", name="Undo this import").click()
    desk.get_by_role("button", name="Undo the whole import").click()
    expect(desk.get_by_role("heading", name="undone")).to_be_visible(timeout=PATIENCE)
