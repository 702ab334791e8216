"""What the tests of the doors share: every route, who may use it, and everything that is stored."""

import re
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from netmap.auth.models import ROLES
from netmap.auth.permits import PERMITS
from netmap.web.door import permit_of
from tests.web.test_routes import SAFE, rows, rules

Tables = dict[str, list[tuple[object, ...]]]
SESSIONS = {"web_session", "sign_in_try", "security_event"}
NOTED = {"web_session", "link_event"}  # that a session is alive, and what was tried with a provider's link


def everything(app: Flask, *, without: set[str] | None = None) -> Tables:
    """Every row of every table."""
    with app.extensions["netmap_engine"].connect() as connection:
        return {
            table: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{table}"'))]
            for table in {*rows(app), *SESSIONS} - (without or set())
        }


def changed(before: Tables, after: Tables) -> set[str]:
    """The tables that are not as they were."""
    return {name for name in after if before[name] != after[name]}


def unsafe(app: Flask) -> Iterator[tuple[Rule, str, str | None]]:
    """Every (rule, method, role that may) that can write; a role of None: open to everybody."""
    for rule, method in rules(app):
        if method not in SAFE:
            roles = PERMITS[permit_of(app, rule.endpoint) or ""]
            yield rule, method, next((role for role in reversed(ROLES) if role in roles), None)


def refused(answer: TestResponse) -> bool:
    return answer.status_code in {401, 403} or "/sign-in?next=" in answer.headers.get("Location", "")


def try_in(client: FlaskClient, email: str, password: str, **headers: str) -> TestResponse:
    """Try to sign in."""
    typed = {"email": email, "password": password, "csrf_token": client.token()}  # type: ignore[attr-defined]
    return client.post("/sign-in", data=typed, headers=headers)


def same_but_for_this_request(page: str) -> str:
    """A page without what belongs to one request: the form's token, the address, the number."""
    page = re.sub(r'name="(csrf_token|next)" value="[^"]*"', "", page)
    return re.sub(r"[0-9a-f]{12}", "", page)
