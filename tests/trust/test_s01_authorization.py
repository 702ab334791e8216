"""S1: every route x every person x every method by real requests; who is refused writes nothing."""

from collections import defaultdict
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update

from netmap.auth.models import ROLES, WebSession
from netmap.auth.permits import PERMITS, allowed
from netmap.db import transaction
from netmap.web.door import permit_of
from tests.county import EMAILS, PASSWORD
from tests.trust.doors import NOTED, SESSIONS, changed, everything, refused
from tests.web.test_routes import SAFE, address, rules

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE")
ALL = {"case_manager", "coordinator", "planner", "admin"}
# Written a second time on purpose: a slip in the table of permits does not pass unseen.
WHO = {
    "open": {None, *ALL},
    "read directory": ALL,
    "record unmet need": ALL,
    "enter demand": {"case_manager", "coordinator", "planner"},
    "save searches": ALL,
    "read history": ALL,
    "curate": {"coordinator"},
    "match": {"case_manager", "coordinator"},
    "write entry criteria": {"coordinator"},
    "read packages": ALL,
    "edit packages": {"coordinator"},
    "read decisions": {"coordinator", "planner"},
    "edit rules": {"coordinator"},
    "train": {"case_manager", "coordinator"},
    "read gaps": ALL,
    "plan network": {"coordinator", "planner"},
    "decide types": {"coordinator"},
    "judge search": {"coordinator"},
    "edit directory": {"coordinator"},
    "change capacity": {"case_manager", "coordinator"},
    "merge duplicates": {"coordinator"},
    "ring round": {"case_manager", "coordinator"},
    "upkeep": {"coordinator", "planner"},
    "read partners": ALL,
    "note contact": {"case_manager", "coordinator"},
    "write partners": {"coordinator"},
    "provider link": {None, *ALL},
    "report mistake": ALL,
    "decide corrections": {"coordinator"},
    "manage feeds": {"coordinator", "admin"},
    "import": {"coordinator", "admin"},
    "manage people": {"admin"},
    "own account": ALL,
}
PEOPLE = [(None, True), *((role, True) for role in ROLES), ("admin", False), ("coordinator", False)]


def client_of(app: Flask, role: str | None, active: bool) -> FlaskClient:
    """A browser of a person; one that is not active was locked out behind the back of the session."""
    app.config["WTF_CSRF_ENABLED"] = False  # else a missing token would hide a missing permit
    client = app.test_client()
    if role is not None:
        answer = client.post("/sign-in", data={"email": EMAILS[role], "password": PASSWORD})
        assert answer.status_code == 303
    if not active:
        with transaction(app.extensions["netmap_engine"]) as writing:
            writing.execute(text("UPDATE user SET active = 0 WHERE role = :role"), {"role": role})
    return client


def test_the_table_of_permits_says_what_was_agreed() -> None:
    said = {permit: {role for role in (None, *ALL) if allowed(permit, role)} for permit in PERMITS}
    assert said == WHO, "a permit has changed: say here, too, who has it"


def test_every_route_states_a_known_permit(app: Flask) -> None:
    assert [rule.rule for rule, _method in rules(app) if permit_of(app, rule.endpoint) not in PERMITS] == []


@pytest.mark.parametrize("role", [None, *ROLES])
def test_a_route_without_a_permit_answers_nobody(app: Flask, role: str | None) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = client_of(app, role, True).get("/forgotten")
    assert (answer.status_code, "secret" in answer.get_data(as_text=True)) == (403, False)


@pytest.mark.parametrize(("role", "active"), PEOPLE)
def test_every_route_opens_for_exactly_those_who_may(app: Flask, role: str | None, active: bool) -> None:
    client = client_of(app, role, active)
    now_role = role if active else None
    before, wrong, open_to_write = everything(app, without=NOTED), [], []
    endpoints: dict[str, dict[str, str]] = defaultdict(dict)
    for rule, method in rules(app):
        endpoints[address(app, rule)][method] = rule.endpoint
    for path, known in sorted(endpoints.items()):
        for method in METHODS:
            endpoint = known.get("GET" if method == "HEAD" else method)
            may = endpoint is not None and now_role in WHO[permit_of(app, endpoint) or ""]
            if may and method not in SAFE:
                open_to_write.append((path, method))
                continue
            answer = client.open(path, method=method)
            expected = answer.status_code == 405 if endpoint is None else refused(answer) != may
            if not expected or answer.status_code >= 500:
                wrong.append((method, path, answer.status_code))
    assert wrong == []
    assert changed(before, everything(app, without=NOTED)) == set()
    # what may be done: an empty form is answered with what is wrong with it, never with a refusal
    for path, method in sorted(open_to_write, key=lambda one: one[0] == "/sign-out"):
        answer = client.open(path, method=method)
        if refused(answer) or answer.status_code >= 500:
            wrong.append((method, path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize(
    "path", ["/gaps", "/search?q=debts", "/needs", "/packages", "/network", "/account", "/"]
)
def test_reading_writes_nothing_but_that_the_session_is_alive(
    app: Flask, sign_in: Callable[[str | None], FlaskClient], path: str
) -> None:
    from datetime import timedelta

    from netmap.db import now

    client, engine = sign_in("coordinator"), app.extensions["netmap_engine"]
    with transaction(engine) as writing:
        writing.execute(update(WebSession).values(seen_at=now() - timedelta(minutes=5)))
    before, alive = everything(app), everything(app, without=SESSIONS)
    client.get(path)
    assert changed(before, everything(app)) == {"web_session"}
    assert everything(app, without=SESSIONS) == alive
