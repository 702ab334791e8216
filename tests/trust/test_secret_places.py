"""An address that is kept secret is in nothing that leaves: every page, paper, export, index and answer."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from netmap.app import create_app, drain
from netmap.cli.giving import export_command
from netmap.db import open_session, transaction
from netmap.directory.areas import assign_areas, derive_areas, drop_derived_areas, slug
from netmap.directory.documents import all_documents
from netmap.directory.models import Address, Area, Location, Metadata, ServiceAtLocation
from netmap.directory.queries import service_page
from netmap.directory.sites import location_page
from netmap.directory.touched import index_all_later
from tests.county import EMAILS, PASSWORD, StrictClient
from tests.terminal import terminal
from tests.trust.doors import unsafe
from tests.trust.test_s03_mass_assignment import FORMS
from tests.web.test_routes import address, rules

FORMS_OF_EXPORT = next(one for one in export_command.params if one.name == "form").type.choices
SECRET, NOTE = "Quietlane", "darkstairs"
NORTH, EAST = 55.513579, 25.024681
WORDS = (SECRET.casefold(), NOTE, "55.5135", "25.0246")
# What staff who edit the directory see. A new page for them belongs here only if it must show the address.
FOR_EDITORS = {"locations.show", "locations.edit"}
SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def hidden(app: Flask) -> Flask:
    """The county with every address kept secret, and a word in all that leads to a door."""
    engine, settings = app.extensions["netmap_engine"], app.extensions["netmap_settings"]
    told = dict.fromkeys(("description", "transportation", "alternate_name", "external_identifier"), SECRET)
    with transaction(engine) as session:
        place = session.scalars(select(Location.id).order_by(Location.id)).first()
        session.execute(
            update(Location).values(
                confidential=True, latitude=NORTH, longitude=EAST, safety_note=NOTE,
                url=f"https://{SECRET}.example", **told,
            )
        )  # fmt: skip
        session.execute(
            update(Address).values(
                address_1=f"{SECRET} 1", address_2=SECRET, attention=SECRET, postal_code=SECRET, region=SECRET
            )
        )
        was = {"resource_id": place, "resource_type": "location", "previous_value": SECRET}
        session.add(Metadata(**was, field_name="transportation"))
        index_all_later(session)
    drain(engine, settings)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def leaks(text: str) -> list[str]:
    return [word for word in WORDS if word in text.casefold()]


def said(answer: TestResponse) -> str:
    """The words of an answer, also of a paper."""
    if answer.mimetype == "application/pdf":
        return pdf_text(io.BytesIO(answer.get_data()))
    return answer.get_data().decode("utf-8", "replace")


def pdf_text(file: Any) -> str:
    pypdf = pytest.importorskip("pypdf")
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(file).pages).split())


def addresses_of(app: Flask) -> Iterator[tuple[str, str]]:
    """Every page with every service, organization and place in it that it can be about."""
    for rule, method in rules(app):
        if method == "GET":
            yield rule.endpoint, address(app, rule)
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        for key in session.scalars(select(Location.id).order_by(Location.id).limit(12)):
            yield "locations.show", f"/locations/{key}"
        link = next(
            address(app, rule) for rule, _method in rules(app) if rule.endpoint == "provider.overview"
        )
        for key in session.scalars(select(Location.id)):
            yield "provider.show", f"{link}/locations/{key}"
    yield "search.show", "/search?q=shelter&near=55.5,25.0&sort=near"
    yield "search.show", "/search?q=debts&map=1"
    yield "api.search", "/api/search?q=shelter"


def client_of(app: Flask, role: str | None) -> FlaskClient:
    client = app.test_client()
    if role:
        assert client.post("/sign-in", data={"email": EMAILS[role], "password": PASSWORD}).status_code == 303
    return client


@pytest.mark.parametrize("role", ["case_manager", "planner", "coordinator"])
def test_no_page_shows_it_to_staff_who_do_not_edit_the_directory(hidden: Flask, role: str) -> None:
    client, found, seen = client_of(hidden, role), {}, 0
    editor = role == "coordinator"
    for endpoint, path in addresses_of(hidden):
        answer = client.get(path)
        seen += answer.status_code == 200
        note = NOTE if endpoint in {"locations.show"} else ""  # staff are told of the place, on its own page
        told = [word for word in leaks(said(answer)) if word != note]
        if told and not (editor and endpoint in FOR_EDITORS):
            found[path] = told
    assert found == {}
    assert seen > 25


def test_nobody_who_is_not_signed_in_reads_it_or_the_note_about_safety(hidden: Flask) -> None:
    public = create_app(replace(hidden.extensions["netmap_settings"], public_directory=True))
    public.test_client_class = StrictClient
    client, found, seen = public.test_client(), {}, 0
    for _endpoint, path in addresses_of(public):
        answer = client.get(path)
        seen += answer.status_code == 200
        if told := leaks(said(answer)):
            found[path] = told
    public.extensions["netmap_engine"].dispose()
    assert found == {}
    assert seen > 15


def test_no_answer_and_no_paper_of_matching_shows_it(hidden: Flask) -> None:
    client, found, seen = client_of(hidden, "coordinator"), {}, 0
    for rule, method, _role in unsafe(hidden):
        view = hidden.view_functions[rule.endpoint]
        if getattr(view, "netmap_reads", False):
            form: dict[str, Any] = dict(FORMS[rule.endpoint])
            as_json = rule.endpoint.startswith("api.")
            if rule.endpoint == "api.match":
                form["needs"] = {"fin.consumer_debt": {"severity": 2}, "hou.homeless": {"severity": 3}}
            how = {"json": form} if as_json else {"data": form}
            answer = client.open(address(hidden, rule), method=method, **how)
            seen += answer.status_code == 200
            if told := leaks(said(answer)):
                found[rule.endpoint] = told
    assert found == {}
    assert seen > 5


def test_the_index_knows_nothing_of_it_and_no_search_finds_it(hidden: Flask) -> None:
    engine, settings = hidden.extensions["netmap_engine"], hidden.extensions["netmap_settings"]
    with open_session(engine, reading=True) as session:
        documents = list(all_documents(session, settings))
    assert len(documents) > 50
    assert [one.id for one in documents if leaks(repr(one)) or one.points] == []
    answer = client_of(hidden, "case_manager").get(f"/api/search?q={SECRET}").get_json()
    assert answer["total"] == 0 or answer["read_as"], "a word that stands in no document finds nothing"


@pytest.mark.parametrize("form", FORMS_OF_EXPORT)
def test_no_export_holds_it(
    hidden: Flask, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("NETMAP_DATA_DIR", str(hidden.extensions["netmap_settings"].data_dir))
    endings = {"xlsx": ".xlsx", "book": ".pdf", "offline-html": ".html"}
    out = tmp_path / f"out{endings.get(form, '')}"
    status, _said, errors = terminal(monkeypatch, capsys)("export", "--format", form, str(out))
    if "fonts for print are missing" in errors:
        pytest.skip("the fonts for print are not here: run `make setup`")
    assert status == 0, errors
    held = "".join(text_of(path) for path in ([out] if out.is_file() else sorted(out.rglob("*"))))
    assert len(held) > 1000
    assert leaks(held) == []


def text_of(path: Path) -> str:
    if path.suffix in {".xlsx", ".zip"}:
        with zipfile.ZipFile(path) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if path.suffix == ".pdf":
        return pdf_text(path)
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def test_an_area_made_from_addresses_does_not_lie_where_its_only_place_does(hidden: Flask) -> None:
    with transaction(hidden.extensions["netmap_engine"]) as session:
        session.execute(update(Area).values(derived=True, latitude=NORTH, longitude=EAST))
        drop_derived_areas(session)
        derive_areas(session)
        assign_areas(session)
        cities = {slug(city or "") for city in session.scalars(select(Address.city))}
        made = list(session.scalars(select(Area).where(Area.code.in_(cities), Area.derived.is_(True))))
        assert made
        assert [area.code for area in made if area.latitude == NORTH] == []
        assert [area.code for area in made if leaks(f"{area.code} {area.name}")] == []


def test_what_pages_are_made_of_holds_no_secret_address(hidden: Flask) -> None:
    with open_session(hidden.extensions["netmap_engine"], reading=True) as session:
        at = session.scalars(
            select(ServiceAtLocation)
            .join(Address, Address.location_id == ServiceAtLocation.location_id)
            .order_by(ServiceAtLocation.id)
        ).first()
        assert at is not None
        page = service_page(session, at.service_id)
        assert [place.location.addresses for place in page.places if place.location.addresses] == []
        session.expire_all()
        assert location_page(session, at.location_id, with_secrets=False).location.addresses == []
        session.expire_all()
        assert len(location_page(session, at.location_id, with_secrets=True).location.addresses) > 0


def test_staff_who_edit_the_directory_may_open_it_on_the_page_of_the_place(hidden: Flask) -> None:
    with open_session(hidden.extensions["netmap_engine"], reading=True) as session:
        key = session.scalars(select(Address.location_id).order_by(Address.id)).first()
    page = client_of(hidden, "coordinator").get(f"/locations/{key}").get_data(as_text=True)
    other = client_of(hidden, "case_manager").get(f"/locations/{key}").get_data(as_text=True)
    assert f"{SECRET} 1" in page.split("Show the secret address", 1)[1]
    assert "The address is kept secret" in page
    assert "The address is kept secret" in other
    assert NOTE in other
    assert leaks(other) == [NOTE]
