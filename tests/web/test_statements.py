"""A page asks the database a few times, whatever it shows: counted, since times differ by machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from netmap.db import open_session
from netmap.directory.models import Service

MOST = 15
SignIn = Callable[[str | None], FlaskClient]


@contextmanager
def asked(app: Flask) -> Iterator[list[str]]:
    """Give a list that grows by everything that the application asks the database."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        alive = "web_session" in statement and "JOIN user" not in statement  # noted once a minute
        if statement.startswith("SELECT") and not alive:
            statements.append(statement)

    engine = app.extensions["netmap_engine"]
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("role", ["case_manager", "coordinator"])
def test_a_page_of_a_service_asks_at_most_fifteen_times(app: Flask, sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        services = session.scalars(select(Service.id).order_by(Service.id)).all()[::25]
    client.get(f"/services/{services[0]}")  # the first page of a minute notes that the session is alive
    for one in services:
        with asked(app) as statements:
            assert client.get(f"/services/{one}").status_code == 200
        assert len(statements) <= MOST, "\n".join(statements)


@pytest.mark.parametrize("question", ["debts", "shelter", "q", "lawyer in Lauvena on Monday"])
def test_a_list_of_services_asks_at_most_fifteen_times(app: Flask, sign_in: SignIn, question: str) -> None:
    client = sign_in("coordinator")
    client.get("/search?q=first")
    with asked(app) as statements:
        assert client.get("/search", query_string={"q": question}).status_code == 200
    assert len(statements) <= MOST, "\n".join(statements)
