"""S6: a link leads to the web, a telephone or a letter; a redirect stays at home."""

from urllib.parse import quote, urlsplit

import pytest
from flask import Flask

from netmap.web.account import local
from netmap.web.show import link
from tests.county import EMAILS, PASSWORD
from tests.trust.test_s03_mass_assignment import typed_link

ODD = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
    "java\nscript:1", "\x01javascript:alert(1)", "data:text/html,<script>1</script>",
    "DATA:text/html;base64,PHNjcmlwdD4=", "vbscript:x", "file:///etc/passwd", "blob:https://a/b",
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "https:///evil.example", "https:evil.example", "http://[", "//[", "/\\[", "view-source:https://a",
    "https://a\r\nLocation: https://evil.example", "ftp://evil.example",
)  # fmt: skip
ELSEWHERE = (
    *ODD, "https://evil.example/", "HTTPS://EVIL.example", "http:evil.example", "evil.example", "",
    "/a\r\nSet-Cookie: x=1", "/" * 9 + "x", "/%0d%0aSet-Cookie: x\r\n", ".//evil.example", "?next=//evil",
    "https://localhost@evil.example", "/\u2028/evil",
)  # fmt: skip


@pytest.mark.parametrize("value", ODD)
def test_a_link_leads_to_the_web_or_nowhere(value: str) -> None:
    assert link(value) is None


@pytest.mark.parametrize("value", ["HTTPS://help.example/a", "http://help.example", "www.help.example"])
def test_a_good_link_stays(value: str) -> None:
    assert urlsplit(link(value) or "").hostname in {"help.example", "www.help.example"}


def test_signing_in_and_choosing_a_language_lead_to_no_other_site(app: Flask) -> None:
    wrong = []
    for target in ELSEWHERE:
        client = app.test_client()
        typed = {"email": EMAILS["planner"], "password": PASSWORD, "next": target}
        answers = [client.post("/sign-in", data={**typed, "csrf_token": client.token()})]
        chosen = {"language": "en", "next": target, "csrf_token": client.token("/")}
        answers.append(client.post("/language", data=chosen))
        wrong += [
            (target, one.status_code, one.headers.get("Location"))
            for one in answers
            if (one.status_code, one.headers.get("Location")) != (303, "/")
        ]
    assert wrong == []


def test_signing_in_leads_back_to_where_one_was(app: Flask) -> None:
    client = app.test_client()
    target = "/gaps?order=rate"
    asked = client.get(target)
    assert asked.headers["Location"].startswith("/sign-in?next=")
    typed = {"email": EMAILS["planner"], "password": PASSWORD, "next": target, "csrf_token": client.token()}
    assert client.post("/sign-in", data=typed).headers["Location"] == target


def test_deciding_a_type_leads_to_no_other_site(app: Flask) -> None:
    client = app.test_client()
    typed = {"email": EMAILS["coordinator"], "password": PASSWORD, "csrf_token": client.token()}
    client.post("/sign-in", data=typed)
    service, code = typed_link(app)
    sent = {"code": code, "state": "confirmed", "csrf_token": client.token("/account")}
    answers = {one: client.post(f"/typing/{service}", data={**sent, "next": one}) for one in ELSEWHERE}
    places = {target: answer.headers.get("Location", "") for target, answer in answers.items()}
    assert {target: place for target, place in places.items() if not place.startswith("/typing?")} == {}


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\\evil.example", "//evil.example/%2f..", "/%0d%0aSet-Cookie:x=1"]
)
def test_no_odd_address_becomes_a_redirect_elsewhere(app: Flask, path: str) -> None:
    from werkzeug.test import EnvironBuilder

    environ = EnvironBuilder(method="GET").get_environ()
    environ["PATH_INFO"], environ["RAW_URI"], environ["REQUEST_URI"] = path, path, path
    answer = app.test_client().open(environ)
    assert answer.status_code in {302, 308, 400, 404}
    assert urlsplit(answer.headers.get("Location", "")).hostname in {None, "localhost"}
    assert not answer.headers.get("Location", "").startswith("//")
    assert "Set-Cookie:x" not in str(answer.headers)


def test_what_is_local_stays_as_it_was_typed() -> None:
    assert local("/search?q=долги&near=55.5,25.1") == "/search?q=долги&near=55.5,25.1"
    assert local("/search?next=" + quote("//evil.example")) is not None
