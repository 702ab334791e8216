"""Every route x every role by real requests; every route states its permit; no form without its token."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import MetaData, select, text
from werkzeug.routing import Rule

from netmap.auth.models import ROLES, User
from netmap.auth.permits import PERMITS, allowed
from netmap.db import open_session
from netmap.directory.models import Organization, Service
from netmap.web.door import permit_of

SAFE = {"GET", "HEAD", "OPTIONS"}
SignIn = Callable[[str | None], FlaskClient]


def rules(app: Flask) -> list[tuple[Rule, str]]:
    """Return every (rule, method) of the application but static files."""
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        if rule.endpoint != "static"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def address(app: Flask, rule: Rule) -> str:
    """Return an address of the rule with real ids."""
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        known = {
            "service_id": session.scalars(select(Service.id).order_by(Service.id)).first(),
            "organization_id": session.scalars(select(Organization.id).order_by(Organization.id)).first(),
            "user_id": str(session.scalars(select(User.id).where(User.role == "planner")).one()),
            "code": "homeless_unemployed",
            "number": "1",
            "run_id": "1",
            "key": "no-such-gap",
            "link_id": "00000000-0000-0000-0000-000000000000",
        }
    return re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", lambda found: str(known[found[1]]), rule.rule)


def rows(app: Flask) -> dict[str, int]:
    """Return how many rows each table holds, sessions and counters of tries left out."""
    engine = app.extensions["netmap_engine"]
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0
            for name in found.tables
            if name not in {"web_session", "sign_in_try"}
        }


def test_every_route_states_a_known_permit(app: Flask) -> None:
    assert [rule.rule for rule, _method in rules(app) if permit_of(app, rule.endpoint) not in PERMITS] == []


def test_a_route_without_a_permit_answers_nobody(app: Flask, sign_in: SignIn) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert sign_in("admin").get("/forgotten").status_code == 403


@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_route_opens_for_exactly_the_roles_of_the_table(
    app: Flask, sign_in: SignIn, role: str | None
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = sign_in_without_token(app, role)
    before = rows(app)
    wrong = []
    for rule, method in rules(app):
        permit = permit_of(app, rule.endpoint)
        if rule.endpoint in {"account.sign_out", "account.check_sign_in"}:
            continue
        expected = allowed(permit or "", role)
        if expected and method not in SAFE:
            continue  # what they may do is tested where it is done; here nobody may write who may not
        answer = client.open(address(app, rule), method=method)
        refused = answer.status_code in {401, 403} or "/sign-in" in answer.headers.get("Location", "")
        if refused == expected or answer.status_code >= 500:
            wrong.append((method, rule.rule, role, answer.status_code))
    assert wrong == []
    assert rows(app) == before


def sign_in_without_token(app: Flask, role: str | None) -> FlaskClient:
    from tests.county import EMAILS, PASSWORD

    client = app.test_client()
    if role is not None:
        client.post("/sign-in", data={"email": EMAILS[role], "password": PASSWORD})
    return client


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_write_is_refused_without_the_token_of_the_form(
    app: Flask, sign_in: SignIn, role: str
) -> None:
    client, before = sign_in(role), rows(app)
    wrong = []
    for rule, method in rules(app):
        if method in SAFE or not allowed(permit_of(app, rule.endpoint) or "", role):
            continue
        answer = client.open(address(app, rule), method=method, data={"role": "admin"})
        if answer.status_code != 400:
            wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []
    assert rows(app) == before


def test_a_locked_out_person_is_out_at_the_next_request(app: Flask, sign_in: SignIn) -> None:
    planner, admin = sign_in("planner"), sign_in("admin")
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        number = session.scalars(select(User.id).where(User.role == "planner")).one()
    admin.post(f"/people/{number}", data={"active": "no", "csrf_token": admin.token("/people")})
    assert "/sign-in" in planner.get("/gaps").headers["Location"]


def test_the_old_cookie_opens_nothing_after_signing_out(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    cookie = client.get_cookie("netmap")
    assert cookie is not None
    client.post("/sign-out", data={"csrf_token": client.token("/")})
    thief = app.test_client()
    thief.set_cookie("netmap", cookie.value)
    assert "/sign-in" in thief.get("/gaps").headers["Location"]


@pytest.mark.parametrize("path", ["/", "/sign-in", "/no-such-page", "/static/netmap.css", "/api/no-such"])
def test_every_answer_carries_the_safety_headers(app: Flask, path: str) -> None:
    response = app.test_client().get(path)
    headers = response.headers
    response.close()  # a static file stays open else
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "address",
    ["/services/99999999999999999999", "/organizations/x", "/gaps/x", "/people/99999999999999999999"],
)
def test_an_id_that_does_not_exist_is_not_found_and_never_a_failure(sign_in: SignIn, address: str) -> None:
    assert sign_in("planner").get(address).status_code in {404, 405}
