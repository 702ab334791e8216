"""A running application on the demo county, and browsers of every role."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from netmap.app import create_app, drain, import_all_models
from netmap.config import Settings
from netmap.db import now, open_engine, transaction
from netmap.demo import PASSWORD, PEOPLE, prepare
from netmap.directory.models import Service
from netmap.migrations.upgrade import upgrade
from netmap.selfservice import links
from netmap.selfservice.models import ProviderLink
from tests.pages import parsed, skeleton

PLAIN_TOKEN = "t" * 43
EMAILS = {role: email for email, role in PEOPLE}


def settings_for(folder: Path) -> Settings:
    return Settings(data_dir=folder, secret_key="k" * 64, demo=True)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo county, made once."""
    folder = tmp_path_factory.mktemp("county") / "data"
    folder.mkdir()
    settings = settings_for(folder)
    import_all_models()
    engine = open_engine(settings.database())
    upgrade(engine)
    assert prepare(engine, settings, lambda line: None)
    with transaction(engine) as writing:
        writing.add(provider_link(writing))
    drain(engine, settings)
    engine.dispose()
    return folder


def provider_token(settings: Settings) -> str:
    """The token of the one link that a provider of the county holds."""
    return links._signer(settings).sign(PLAIN_TOKEN).decode()


def provider_link(session: Session) -> ProviderLink:
    """A link to the records of the organization whose service comes first by its id."""
    service = session.scalars(select(Service).order_by(Service.id)).first()
    assert service is not None
    assert service.organization_id is not None
    return ProviderLink(
        id="11111111-1111-4111-8111-111111111111", organization_id=service.organization_id,
        addressee="head@provider.example", language="en", token_hash=links._hash(PLAIN_TOKEN),
        made_by="coordinator@demo.example", expires_at=now() + timedelta(days=30),
    )  # fmt: skip


@pytest.fixture
def app(prepared: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of the prepared folder."""
    folder = tmp_path / "data"
    shutil.copytree(prepared, folder)
    app = create_app(settings_for(folder))
    app.test_client_class = StrictClient
    yield app
    app.extensions["netmap_engine"].dispose()


_good: set[int] = set()  # the shapes of pages that were parsed without a fault


class StrictClient(FlaskClient):
    """A client that parses every HTML answer strictly and shows the lines before an error."""

    def open(self, *args: Any, **values: Any) -> TestResponse:
        response = super().open(*args, **values)
        shown = response.status_code not in {301, 302, 303, 308} and values.get("method") != "HEAD"
        if response.mimetype == "text/html" and shown:
            check_html(response.get_data(as_text=True))
        return response

    def token(self, address: str = "/sign-in") -> str:
        """Return the form token of a page."""
        page = self.get(address).get_data(as_text=True)
        return page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def check_html(text: str) -> None:
    """Raise with the surrounding lines if the page is not well-formed HTML.

    A page that differs from one that was good in nothing but plain words is not parsed again.
    """
    shape = hash(skeleton(text))
    if shape in _good:
        return
    for (line, column), problem, _values in parsed(text)[1]:
        lines = text.splitlines()[max(0, line - 4) : line]
        raise AssertionError(f"{problem} at line {line}, column {column}:\n" + "\n".join(lines))
    _good.add(shape)


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str | None], FlaskClient]:
    """Return a function that gives a client signed in as a role (None: nobody)."""

    def as_role(role: str | None) -> FlaskClient:
        client = app.test_client()
        if role is not None:
            answer = client.post(
                "/sign-in",
                data={"email": EMAILS[role], "password": PASSWORD, "csrf_token": client.token()},
            )
            assert answer.status_code == 303, answer.get_data(as_text=True)
        return client

    return as_role
