"""S5: over sixty scripts in every stored text: a real Chromium runs none, and no policy has to stop one."""

import re
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import waitress
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Request,
    Response,
)
from sqlalchemy import JSON, String, Table, select, text

from netmap.app import create_app
from netmap.auth.models import User
from netmap.db import Base, open_session, transaction
from netmap.directory.curation import Wish, curate
from netmap.directory.indexing import rebuild
from netmap.directory.models import Service
from netmap.directory.saved import Found, save
from netmap.matching import curation as package_curation
from netmap.packages.approvals import record_opinion
from netmap.packages.models import Package
from netmap.paths import shipped
from netmap.printing.leaflet import code_svg
from tests.county import EMAILS, PASSWORD, StrictClient, settings_for
from tests.web.test_routes import address, rules

LISTED = (Path(__file__).parent / "scripts.txt").read_text(encoding="utf-8").splitlines()
PAYLOADS = (*LISTED, "\u202e<script>alert(63)</script>")
# Codes and keys that are never shown as they are, or that somebody else's page could not have without them.
CODES = {
    "code", "state", "status", "effect", "kind", "location_type", "role", "password_hash", "key", "outcome",
    "link_entity", "need_code", "service_type", "language", "text_language", "duration", "freq", "until",
    "package_code", "added", "dropped", "needs", "payload", "id_hash", "version_num", "created_by",
}  # fmt: skip
# Payloads that only a second decoding or a template brings to life: as plain HTML they are harmless.
CODED = ("&lt;", "&#60;", "%3C", "\\u003c", "\\x3c", "＜", "<![CDATA[", "{{", "${", "<%=")
TRAP = """
window.caught = [];
document.addEventListener('securitypolicyviolation',
  event => window.caught.push(event.violatedDirective + ' ' + event.blockedURI));
"""
INJECTED = """
const foreign = /^(IFRAME|OBJECT|EMBED|BASE|STYLE|MARQUEE|VIDEO|AUDIO|MATH|XMP|NOSCRIPT|TEMPLATE|IMG)$/i;
const runs = /^(javascript|data|vbscript):/i;
[...document.querySelectorAll('*')].flatMap(element => [
  ...(element.httpEquiv ? ['refresh'] : []),
  ...(foreign.test(element.tagName) ? [element.tagName] : []),
  ...[...element.attributes]
    .filter(one => /^on|^style$/i.test(one.name)
      || (/href|src|action/i.test(one.name) && runs.test(one.value.replace(/[\\x00-\\x20]/g, ""))))
    .map(one => element.tagName + ' ' + one.name)])
"""


def packed(turn: int) -> str:
    """All payloads on one line; each text begins with another one, so that none hides the next."""
    first = turn % len(PAYLOADS)
    return " ".join(PAYLOADS[first:] + PAYLOADS[:first])


def in_texts(value: Any, turn: int) -> Any:
    """A document with the payloads in every text that stands under a language."""
    if isinstance(value, dict):
        return {
            key: f"{one} {packed(turn)}"
            if key in {"en", "ru", "uk", "lt"} and isinstance(one, str)
            else in_texts(one, turn)
            for key, one in value.items()
        }
    return [in_texts(one, turn) for one in value] if isinstance(value, list) else value


def keep_something(app: Flask) -> None:
    """Keep what only people make: wishes, a saved search, opinions; the payloads are put in afterwards."""
    with transaction(app.extensions["netmap_engine"]) as session:
        services = session.scalars(select(Service.id).order_by(Service.id).limit(3)).all()
        for service_id, effect in zip(services, ("first", "out", "first"), strict=True):
            wish = Wish("need", "fin.food", effect, "reason")
            curate(session, service_id, wish, by=EMAILS["coordinator"], today=date(2026, 11, 26))
        user = session.scalars(select(User.id).where(User.email == EMAILS["coordinator"])).one()
        save(session, user, "Food", "q=food", Found(0, ()))
        for code in session.scalars(select(Package.code).order_by(Package.code).limit(4)).all():
            said = {"partner": "House", "person": "Rasa", "state": "objected", "note": "No"}
            record_opinion(session, code, 1, **said, by=EMAILS["coordinator"])
            shown = package_curation.Wish("include", "", "", "reason")
            package_curation.curate(session, code, shown, by=EMAILS["coordinator"], today=date(2026, 11, 26))


def poison(app: Flask) -> int:
    """Put the payloads into every stored text of every table and return how many columns were filled."""
    columns = 0
    with app.extensions["netmap_engine"].connect() as connection:
        for table in Base.metadata.sorted_tables:
            wanted = [column for column in table.columns if is_text(column)]
            if wanted and table.name not in {"security_event", "job"}:
                columns += len(wanted)
                fill(connection, table, wanted)
        connection.commit()
    return columns


def is_text(column: Any) -> bool:
    """Whether people write what stands in a column."""
    key = column.primary_key or column.foreign_keys or column.name.endswith(("_id", "_code"))
    return isinstance(column.type, String | JSON) and not key and column.name not in CODES


def fill(connection: Any, table: Table, wanted: list[Any]) -> None:
    keys = list(table.primary_key.columns)
    for number, row in enumerate(connection.execute(select(*keys, *wanted)).all()):
        values = {
            column: poisoned_value(column, row[len(keys) + place], number, number * 7 + place * 3)
            for place, column in enumerate(wanted)
        }
        where = [key == row[place] for place, key in enumerate(keys)]
        connection.execute(table.update().where(*where).values(values))


def poisoned_value(column: Any, value: Any, number: int, turn: int) -> Any:
    """What stands in a column instead of its value."""
    if isinstance(column.type, JSON):
        return in_texts(value, turn)
    if column.table.name == "user":
        return f'"><svg/onload=alert({number})>@office.example' if column.name == "email" else value
    if column.name in {"url", "uri", "website"}:
        return ("javascript:alert(1)", "data:text/html,x", "//evil.example")[number % 3]
    short = column.type.length is not None and column.type.length <= 100
    return value if short else f"{value or ''} {packed(turn)}"


@pytest.fixture(scope="module")
def server(
    prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, str, dict[str, str]]]:
    """A server on a county full of scripts, and the cookies of people who signed in before."""
    folder = tmp_path_factory.mktemp("scripts") / "data"
    shutil.copytree(prepared, folder)
    settings = settings_for(folder)
    app = create_app(settings)
    app.test_client_class = StrictClient
    cookies = {}
    for role in ("coordinator", "admin"):
        client = app.test_client()
        typed = {"email": EMAILS[role], "password": PASSWORD, "csrf_token": client.token()}  # type: ignore[attr-defined]
        assert client.post("/sign-in", data=typed).status_code == 303
        cookie = client.get_cookie("netmap")
        assert cookie is not None
        cookies[role] = cookie.value
    keep_something(app)
    assert poison(app) > 60
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        rebuild(session, settings)
    running = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{running.effective_port}", cookies
    running.close()
    thread.join(timeout=5)
    app.extensions["netmap_engine"].dispose()


def paths_of(app: Flask) -> list[str]:
    """Every page that can be read, several services and organizations, and questions full of scripts."""
    found = {
        address(app, rule)
        for rule, method in rules(app)
        if method == "GET" and not rule.rule.startswith("/api")
    }
    with app.extensions["netmap_engine"].connect() as connection:
        for table in ("service", "organization"):
            for (number,) in connection.execute(text(f"SELECT id FROM {table} ORDER BY id LIMIT 9")):
                found.add(f"/{table}s/{number}")
        for (code,) in connection.execute(text("SELECT code FROM package ORDER BY code LIMIT 4")):
            found |= {f"/packages/{code}", f"/packages/{code}/edit", f"/network?package={code}"}
    asked = [quote(" ".join(PAYLOADS[start : start + 3])[:190]) for start in range(0, len(PAYLOADS), 9)]
    found |= {f"/search?q={one}&near={one}&area={one}" for one in asked}
    found |= {
        "/search?q=debts",
        "/search?q=food&page=2",
        "/curation?state=ended",
        "/search?q=food",
        "/typing?state=confirmed",
        "/gaps?order=rate",
    }
    found |= {f"/sign-in?next={asked[0]}", f"/gaps?area={asked[1]}", f"/no-such/{asked[2]}"}
    return sorted(found | {"/people/events", f"/people/1?done={asked[3]}"})


def opened_page(page: Page, address: str) -> Response | None:
    """Open a page; None where the browser keeps a file instead, which shows nothing."""
    try:
        return page.goto(address, wait_until="load")
    except Error as error:
        if "Download is starting" not in str(error):
            raise
        return None


def look(context: BrowserContext, base: str, paths: list[str]) -> tuple[list[str], int]:
    """Open every page; return what a browser ran, was kept from or would follow, and how many showed text."""
    found: list[str] = []
    shown = 0
    context.add_init_script(TRAP)
    page = context.new_page()

    def asked_for(request: Request) -> None:
        if not request.url.startswith(base):
            found.append(f"request {request.url}")

    def said(message: ConsoleMessage) -> None:
        if "Security Policy" in message.text:
            found.append(f"{message.text[:200]} at {page.url[:100]}")

    def opened(dialog: Dialog) -> None:
        found.append(f"dialog {dialog.message} at {page.url[:100]}")
        dialog.dismiss()

    page.on("request", asked_for)
    page.on("console", said)
    page.on("dialog", opened)
    for path in paths:
        answer = opened_page(page, base + path)
        if answer is None:
            continue
        if answer.status >= 500:
            found.append(f"{answer.status} {path}")
        found += [f"{one} at {path}" for one in page.evaluate("window.caught") + page.evaluate(INJECTED)]
        shown += "alert(" in page.inner_text("body")
    return found, shown


@pytest.mark.browser
@pytest.mark.parametrize("role", ["coordinator", "admin"])
def test_no_page_runs_or_would_run_what_stands_in_a_text(
    browser: Browser, server: tuple[Flask, str, dict[str, str]], role: str
) -> None:
    app, base, cookies = server
    context = browser.new_context(locale="en-GB")
    context.add_cookies([{"name": "netmap", "value": cookies[role], "url": base}])
    paths = [
        path
        for path in paths_of(app)
        if role == "coordinator" or path.startswith(("/people", "/account", "/import"))
    ]
    found, shown = look(context, base, paths)
    context.close()
    assert found == []
    assert shown > (20 if role == "coordinator" else 1)


@pytest.mark.browser
def test_the_trap_catches_every_kind(browser: Browser, server: tuple[Flask, str, dict[str, str]]) -> None:
    app, base, _cookies = server
    app.view_functions["home.health"] = _open_hole
    context = browser.new_context()
    found, _shown = look(context, base, [f"/health?{number}" for number in range(len(PAYLOADS))])
    context.close()
    caught = {int(number) for one in found for number in re.findall(r"/health\?(\d+)", one)}
    missed = [one for number, one in enumerate(PAYLOADS) if number not in caught]
    assert [one for one in missed if not one.startswith(CODED)] == []


def _open_hole() -> str:
    from flask import request

    number = int(request.query_string or b"0")
    one = PAYLOADS[number]
    shapes = f'<input value="{one}"><input value=\'{one}\'><input value=`{one}`><a href="{one}">x</a>'
    return f"<!doctype html><title>x</title><body><p>{one}</p></script>{shapes}"


_open_hole.netmap_permit = "open"  # type: ignore[attr-defined]


def test_there_are_more_than_sixty_payloads_and_none_twice() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) > 60


def test_no_text_is_declared_safe() -> None:
    """``|safe``, ``Markup`` of anything but a literal, and templates made from strings do not exist."""
    templates = list(Path(shipped("templates")).rglob("*.html"))
    code = list((Path(__file__).resolve().parents[2] / "netmap").rglob("*.py"))
    assert len(templates) > 15
    bad_template = re.compile(r"\|\s*safe\b|autoescape\s+false|\|\s*tojson\s*\|\s*safe")
    bad_code = re.compile(
        r"Markup\((?!\s*[\"'][^\"'{]*[\"']\s*\))|render_template_string|autoescape\s*=\s*False|from_string\("
    )
    # One file without a server: hashes allow what stands in it. And the drawn codes of a leaflet.
    tried = {"offline.html", "offline.py", "leaflets.py"}
    found = [path.name for path in templates if bad_template.search(path.read_text(encoding="utf-8"))]
    found += [path.name for path in code if bad_code.search(path.read_text(encoding="utf-8"))]
    assert set(found) == tried, "their escaping is tried here and in tests/printing"
    assert "<script" not in code_svg("https://x.example/<script>", "<script>alert(1)</script>")
    assert bad_template.search("{{ x | safe }}")
    assert bad_code.search("Markup(value)")
    assert not bad_code.search('Markup("<br>")')
