"""Pages of prints: the dossier, leaflets, and the whole directory to take along."""

import io
from collections.abc import Callable
from dataclasses import replace

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from netmap.app import drain
from netmap.db import open_session, transaction
from netmap.directory.models import Address, Location, Organization, Service, ServiceAtLocation
from netmap.editing.writing import edit

SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def refuge(app: Flask) -> str:
    """The id of an organization with a confidential place, a safety note and a history."""
    with transaction(app.extensions["netmap_engine"]) as session:
        session.add(Organization(id="refuge-org", name="Quiet House"))
        session.flush()
        with edit(session, by="coordinator@demo.example", kind="new", about=("organization", "refuge-org")):
            place = Location(id="refuge", organization_id="refuge-org", name="HIDDEN-NAME", confidential=True)
            place.safety_note, place.transportation = "SAFETY-NOTE", "HIDDEN-WAY"
            place.addresses = [Address(address_1="HIDDEN-STREET")]
            session.add_all([place, Service(id="room", organization_id="refuge-org", name="A room")])
            session.flush()
            session.add(ServiceAtLocation(service_id="room", location_id="refuge"))
        with edit(session, by="coordinator@demo.example", kind="edit", about=("location", "refuge")):
            session.scalars(select(Address).where(Address.location_id == "refuge")).one().city = "HIDDEN-CITY"
    return "refuge-org"


def test_a_dossier_hides_the_address_and_tells_the_history(sign_in: SignIn, refuge: str) -> None:
    page = sign_in("case_manager").get(f"/organizations/{refuge}/dossier").get_data(as_text=True)
    assert "Quiet House" in page
    assert "the address is told by phone only" in page
    assert "coordinator@demo.example" in page
    assert "changed" in page
    assert "HIDDEN" not in page
    assert "SAFETY-NOTE" not in page
    assert "Inner copy" not in page


def test_the_inner_copy_is_for_who_edits_the_directory(sign_in: SignIn, refuge: str) -> None:
    path = f"/organizations/{refuge}/dossier"
    assert sign_in("case_manager").get(f"{path}?inner=1").status_code == 403
    client = sign_in("coordinator")
    assert f'{path}?inner=1"' in client.get(path).get_data(as_text=True)
    page = client.get(f"{path}?inner=1").get_data(as_text=True)
    assert "HIDDEN-STREET" in page
    assert "SAFETY-NOTE" not in page


def test_nobody_outside_reads_a_dossier_even_of_a_public_directory(app: Flask, refuge: str) -> None:
    app.extensions["netmap_settings"] = replace(app.extensions["netmap_settings"], public_directory=True)
    answer = app.test_client().get(f"/organizations/{refuge}/dossier")
    assert (answer.status_code, "/sign-in" in answer.headers["Location"]) == (302, True)


def test_a_leaflet_is_told_in_the_language_that_was_chosen(sign_in: SignIn, refuge: str) -> None:
    client = sign_in("case_manager")
    page = client.get("/leaflet?service=room&language=ru").get_data(as_text=True)
    assert '<article class="nm-leaflet nm-leaflet--13" lang="ru"' in page
    assert "Телефон" in page
    assert "HIDDEN" not in page
    pdf = client.get("/leaflet.pdf?service=room&language=ru&large=1")
    book = pypdf.PdfReader(io.BytesIO(pdf.data))
    assert (pdf.mimetype, len(book.pages)) == ("application/pdf", 1)
    assert "Телефон" in book.pages[0].extract_text()


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("", 422, "Tick at least one service"),
        ("service=no-such-service", 404, "There is no such service"),
        ("&".join(f"service=s{n}" for n in range(9)), 422, "8 services at most"),
    ],
)
def test_a_leaflet_of_nothing_is_told_what_is_missing(
    sign_in: SignIn, query: str, status: int, sentence: str
) -> None:
    answer = sign_in("case_manager").get(f"/leaflet?{query}")
    assert answer.status_code == status
    assert sentence in answer.get_data(as_text=True)


def test_our_own_address_is_on_a_leaflet_only_where_everybody_can_open_it(app: Flask) -> None:
    with transaction(app.extensions["netmap_engine"]) as session:
        session.add(Service(id="bare", name="Bare"))
    app.extensions["netmap_settings"] = replace(app.extensions["netmap_settings"], public_directory=True)
    page = app.test_client().get("/leaflet?service=bare").get_data(as_text=True)
    assert "camera here: http://localhost/services/bare</title>" in page


def test_inside_our_own_address_is_not_on_it(sign_in: SignIn, app: Flask) -> None:
    with transaction(app.extensions["netmap_engine"]) as session:
        session.add(Service(id="bare", name="Bare"))
    assert "camera here" not in sign_in("planner").get("/leaflet?service=bare").get_data(as_text=True)


def test_a_coordinator_has_a_print_made_and_everybody_fetches_it(app: Flask, sign_in: SignIn) -> None:
    coordinator, reader = sign_in("coordinator"), sign_in("planner")
    assert reader.get("/prints/offline-html/lt").status_code == 404
    form = {"form": "offline-html", "lang": "lt", "do": "make", "csrf_token": coordinator.token("/prints")}  # type: ignore[attr-defined]
    assert coordinator.post("/prints", data=form).status_code == 303
    assert "is being made" in coordinator.get("/prints").get_data(as_text=True)
    drain(app.extensions["netmap_engine"], app.extensions["netmap_settings"])
    assert "/prints/offline-html/lt" in reader.get("/prints").get_data(as_text=True)
    answer = reader.get("/prints/offline-html/lt", buffered=True)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=netmap-offline-html-lt-")
    assert b"<noscript>" in answer.data
    with transaction(app.extensions["netmap_engine"]) as session:
        session.scalars(select(Location).limit(1)).one().confidential = True
    assert reader.get("/prints/offline-html/lt").status_code == 503
    assert coordinator.post("/prints", data={**form, "do": "away"}).status_code == 303
    assert reader.get("/prints/offline-html/lt").status_code == 404


def test_a_print_that_does_not_exist_or_a_verb_that_means_nothing(sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    token = client.token("/prints")  # type: ignore[attr-defined]
    form = {"form": "book", "lang": "en", "do": "burn", "csrf_token": token}
    assert client.post("/prints", data=form).status_code == 422
    assert client.post("/prints", data={**form, "do": "make", "form": "poster"}).status_code == 404
    assert client.get("/prints/book/xx").status_code == 404


def test_the_workbook_is_for_coordinators(sign_in: SignIn, app: Flask) -> None:
    assert sign_in("planner").get("/prints/workbook.xlsx").status_code == 403
    answer = sign_in("coordinator").get("/prints/workbook.xlsx")
    assert answer.data.startswith(b"PK")
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert session.scalar(select(Service.id).limit(1)) is not None
