"""S7: every answer carries the headers that keep a browser in bounds, errors included."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.test_routes import SAFE, address, rules

SignIn = Callable[[str | None], FlaskClient]
FORBIDDEN = ("unsafe", "*", "http:", "https:", "blob:")


def problems(answer: TestResponse, *, production: bool = False, static: bool = False) -> list[str]:
    """What is missing in the headers of an answer."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    parts = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    found = [
        name
        for name, good in {
            "default-src": parts.get("default-src") == "'none'",
            "frame-ancestors": parts.get("frame-ancestors") == "'none'",
            "base-uri": parts.get("base-uri") == "'none'",
            "form-action": parts.get("form-action") == "'self'",
            "script-src": parts.get("script-src") == "'self'",
            "style-src": parts.get("style-src") == "'self'",
            "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
            "referrer": headers.get("Referrer-Policy") in {"same-origin", "no-referrer"},
            "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
            "resource": headers.get("Cross-Origin-Resource-Policy") == "same-origin",
            "permissions": "camera=()" in headers.get("Permissions-Policy", ""),
            "no-store": static or headers.get("Cache-Control") == "no-store",
            "type": answer.status_code in {302, 303, 304}
            or "charset" in headers["Content-Type"]
            or headers["Content-Type"].endswith(("json", "sheet", "pdf")),
        }.items()
        if not good
    ]
    found += [f"{word} in the policy" for word in FORBIDDEN if word in policy]
    strict = headers.get("Strict-Transport-Security", "")
    seconds = int(strict.partition("max-age=")[2].partition(";")[0] or 0)
    if production and not (seconds >= 31536000 and "includeSubDomains" in strict):
        found.append("HSTS")
    if not production and strict:
        found.append("HSTS without HTTPS")
    return found


def test_every_route_answers_everybody_with_the_headers(app: Flask, sign_in: SignIn) -> None:
    wrong = []
    for client in (sign_in(None), sign_in("coordinator"), sign_in("admin")):
        for rule, method in rules(app):
            answer = client.open(address(app, rule), method=method)
            wrong += [(method, rule.rule, answer.status_code, one) for one in problems(answer)]
            if method not in SAFE:
                answer = client.open(address(app, rule), method="DELETE")
                wrong += [("DELETE", rule.rule, answer.status_code, one) for one in problems(answer)]
    assert wrong == []


@pytest.mark.parametrize(
    ("status", "method", "path", "body"),
    [
        (404, "GET", "/no-such-page", b""), (404, "GET", "/api/no-such", b""), (405, "PUT", "/sign-in", b""),
        (413, "POST", "/sign-in", b"a=" + b"x" * 3_000_000), (400, "POST", "/sign-in", b"email=x"),
        (200, "GET", "/static/netmap.css", b""), (404, "GET", "/static/no-such.css", b""),
        (302, "GET", "/gaps", b""), (401, "GET", "/api/gaps", b""), (200, "GET", "/health", b""),
        (200, "HEAD", "/sign-in", b""),
    ],
)  # fmt: skip
def test_every_kind_of_answer_has_them(app: Flask, status: int, method: str, path: str, body: bytes) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = app.test_client().open(path, method=method, data=body, content_type=kind)
    assert (answer.status_code, problems(answer, static=path.startswith("/static"))) == (status, [])
    answer.close()


@pytest.mark.parametrize("path", ["/gaps", "/api/gaps"])
def test_a_failure_of_ours_has_them(
    app: Flask, sign_in: SignIn, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object, **_values: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("netmap.web.network.find_gaps", fail, raising=False)
    monkeypatch.setattr("netmap.api.routes.find_gaps", fail)
    client = sign_in("planner")
    monkeypatch.setitem(app.view_functions, "network.gaps", _with_permit(fail))
    with caplog.at_level(logging.CRITICAL):
        answer = client.get(path)
    assert (answer.status_code, problems(answer)) == (500, [])


def _with_permit(view: Callable[..., None]) -> Callable[..., None]:
    view.netmap_permit = "read gaps"  # type: ignore[attr-defined]
    return view


def test_behind_https_browsers_are_told_to_stay_there(second: Callable[..., Flask]) -> None:
    client = second(secure_cookies=True).test_client()
    for path in ("/sign-in", "/no-such-page", "/gaps", "/static/netmap.css"):
        answer = client.get(path, base_url="https://localhost")
        assert problems(answer, production=True, static=path.startswith("/static")) == [], path
        answer.close()


def test_no_template_holds_what_the_policy_forbids() -> None:
    import re

    from netmap.paths import shipped

    bad = re.compile(
        r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|\|\s*safe|javascript:|autoescape", re.I
    )
    found = [
        (path.name, match[0])
        for path in Path(shipped("templates")).rglob("*.html")
        for match in [bad.search(path.read_text(encoding="utf-8"))]
        if match and path.name != "offline.html"  # a file without a server, with a policy of its own
    ]
    assert found == []
