"""S2: what is missing, deleted, malformed or belongs to somebody else is answered alike."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from netmap.auth.models import User, WebSession
from netmap.db import open_session
from netmap.selfservice import attempts
from tests.trust.doors import changed, everything, same_but_for_this_request
from tests.web.test_routes import address, rules

SignIn = Callable[[str | None], FlaskClient]
MISSING = {"user_id": "4711", "number": "4711"}
MALFORMED = {
    "text": ("%00", "%FF", "' OR 1=1 --", "%2e%2e%2fx", "a" * 5000, "-1", "1;DROP TABLE user"),
    "number": ("0", "2147483647"),
}


def role_for(path: str) -> str:
    return "admin" if path.startswith("/people") else "coordinator"


def test_a_missing_and_a_malformed_id_are_answered_alike(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "PER_ADDRESS", 10_000)  # else guessing at links is slowed down
    clients = {role: sign_in(role) for role in ("admin", "coordinator")}
    seen, wrong = 0, []
    for rule, method in rules(app):
        names = sorted(rule.arguments)
        if not names:
            continue
        client, name = clients[role_for(rule.rule)], names[-1]
        place = rule.rule.replace("<int:", "<")
        values = MALFORMED["number" if name in MISSING else "text"]
        token = client.token("/account")  # type: ignore[attr-defined]

        def asked(value: str) -> tuple[int, str]:
            path = place.replace(f"<{name}>", value).replace("<code>", "homeless_unemployed")  # noqa: B023
            answer = client.open(path, method=method, data={"csrf_token": token})  # noqa: B023
            return answer.status_code, same_but_for_this_request(answer.get_data(as_text=True))

        first = asked(MISSING.get(name, "00000000-0000-0000-0000-000000000000"))
        if first[0] not in {404, 422} or any(
            asked(quote(one) if "%" not in one else one)[0] not in {first[0], 404} for one in values
        ):
            wrong.append((method, rule.rule, first[0]))
        if method == "GET":
            wrong += [
                (method, rule.rule, one) for one in values if "%" not in one and asked(quote(one)) != first
            ]
        seen += 1
    assert wrong == []
    assert seen > 7


def test_what_was_deleted_is_answered_like_what_never_was(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    paths = {
        table: address(app, rule)
        for rule, _method in rules(app)
        for table in ("service", "organization")
        if rule.rule == f"/{table}s/<{table}_id>"
    }
    with app.extensions["netmap_engine"].connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        for table, path in paths.items():
            assert client.get(path).status_code == 200
            connection.execute(text(f"DELETE FROM {table} WHERE id = :id"), {"id": path.split("/")[-1]})
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
    for table, path in paths.items():
        gone, never = client.get(path), client.get(f"/{table}s/never-was")
        assert gone.status_code == never.status_code == 404
        bodies = [same_but_for_this_request(one.get_data(as_text=True)) for one in (gone, never)]
        assert bodies[0] == bodies[1]


def test_nobody_sees_or_ends_the_sessions_of_another(app: Flask, sign_in: SignIn) -> None:
    mine, other = sign_in("planner"), sign_in("case_manager")
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        of_other = session.scalars(
            select(WebSession).join(User, User.id == WebSession.user_id).where(User.role == "case_manager")
        ).one()
    assert of_other.handle not in mine.get("/account").get_data(as_text=True)
    before = everything(app, without={"web_session"})
    answers = [
        mine.post("/account/sessions", data={"session": handle, "csrf_token": mine.token("/account")})  # type: ignore[attr-defined]
        for handle in (of_other.handle, of_other.id_hash, "0" * 16, "", "'", "%")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({same_but_for_this_request(answer.get_data(as_text=True)) for answer in answers}) == 1
    assert other.get("/account").status_code == 200
    assert changed(before, everything(app, without={"web_session"})) == set()


@pytest.mark.parametrize("field", ["user_id", "id", "email"])
def test_a_password_is_changed_for_nobody_but_oneself(app: Flask, sign_in: SignIn, field: str) -> None:
    from tests.county import EMAILS, PASSWORD

    client = sign_in("planner")
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        hashes = {user.role: user.password_hash for user in session.scalars(select(User))}
        admin = session.scalars(select(User).where(User.role == "admin")).one()
    new = "seven quiet boats at noon"
    typed = {
        "old_password": PASSWORD,
        "new_password": new,
        "again": new,
        "csrf_token": client.token("/account"),
    }  # type: ignore[attr-defined]
    typed[field] = EMAILS["admin"] if field == "email" else str(admin.id)
    assert client.post("/account/password", data=typed).status_code == 303
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        now = {user.role: user.password_hash for user in session.scalars(select(User))}
    assert {role for role in now if now[role] != hashes[role]} == {"planner"}
