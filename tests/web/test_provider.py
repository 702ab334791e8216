"""A provider's link: a robot changes nothing, nobody reaches what is another's, each try is in the book."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from netmap.app import create_app
from netmap.db import now, open_session, transaction
from netmap.directory.models import Organization, Service
from netmap.editing.models import Edit
from netmap.selfservice import attempts
from netmap.selfservice.models import Attestation, Correction, LinkEvent, ProviderLink
from tests.county import StrictClient, provider_token
from tests.pages import fields, page, words
from tests.trust.doors import changed, everything

SignIn = Callable[[str | None], FlaskClient]
BOOK = {"link_event"}


@pytest.fixture
def path(app: Flask) -> str:
    return f"/provider/{provider_token(app.extensions['netmap_settings'])}"


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    return app.test_client()


def reading(app: Flask) -> Session:
    return open_session(app.extensions["netmap_engine"], reading=True)


def own_service(app: Flask) -> str:
    with reading(app) as session:
        return session.scalars(select(Service.id).order_by(Service.id)).first() or ""


def foreign_service(app: Flask) -> str:
    with reading(app) as session:
        mine = session.scalars(select(ProviderLink.organization_id)).one()
        query = select(Service.id).where(Service.organization_id != mine).order_by(Service.id)
        return session.scalars(query).first() or ""


def links_of(answer: str, path: str) -> list[str]:
    return sorted(set(re.findall(rf'href="({re.escape(path)}[^"]*)"', answer)))


def tried(app: Flask, *kinds: str) -> int:
    with reading(app) as session:
        return session.scalar(select(func.sum(LinkEvent.times)).where(LinkEvent.kind.in_(kinds))) or 0


def corrections(app: Flask) -> list[Correction]:
    with reading(app) as session:
        return list(session.scalars(select(Correction).order_by(Correction.at)))


def send(client: FlaskClient, shown: str, action: str, **typed: object) -> object:
    """Send the form with this action as a browser does that shows a page, with some fields changed."""
    form = fields(page(client.get(shown)), action)
    for name, value in typed.items():
        form[name] = value
    return client.post(action, data=form)


def test_a_robot_that_follows_every_link_a_hundred_times_changes_nothing(
    app: Flask, phone: FlaskClient, path: str
) -> None:
    pages = links_of(phone.get(path).get_data(as_text=True), path)
    pages += [f"{one}/correct" for one in pages if one.count("/") > 3]
    assert len(pages) >= 4
    before, seen = everything(app, without=BOOK), tried(app, attempts.OPENED, attempts.PROBED)
    for number in range(100):
        method = "HEAD" if number % 4 == 3 else "GET"
        assert phone.open(pages[number % len(pages)], method=method).status_code == 200
    assert changed(before, everything(app, without=BOOK)) == set()
    assert tried(app, attempts.OPENED, attempts.PROBED) - seen == 100
    assert tried(app, attempts.PROBED) == 25


def test_a_robot_that_sends_the_forms_too_has_no_token_and_changes_nothing(
    app: Flask, phone: FlaskClient, path: str
) -> None:
    service = f"{path}/services/{own_service(app)}"
    phone.get(service)
    before = everything(app, without=BOOK)
    for action in ("confirm", "correct", "state", "free"):
        assert phone.post(f"{service}/{action}", data={"do": "all", "status": "defunct"}).status_code == 400
    cross = phone.post(f"{service}/confirm", headers={"Sec-Fetch-Site": "cross-site"})
    assert cross.status_code == 403
    assert changed(before, everything(app, without=BOOK)) == set()
    assert tried(app, attempts.WITHOUT_FORM) == 5


def test_what_belongs_to_another_organization_is_not_there(app: Flask, phone: FlaskClient, path: str) -> None:
    mine, other = own_service(app), foreign_service(app)
    token = phone.token(path)  # type: ignore[attr-defined]
    before = everything(app, without=BOOK)
    never = phone.get(f"{path}/services/never-was").get_data(as_text=True)
    for shown in (f"{path}/services/{other}", f"{path}/services/{other}/correct", f"{path}/x/{mine}"):
        answer = phone.get(shown)
        assert (answer.status_code, answer.get_data(as_text=True)) == (404, never)
    typed = {"csrf_token": token, "do": "all", "seen": "{}", "name": "Mine now", "status": "defunct",
             "alert_until": "2035-01-01", "capacities.+1.available": "7"}  # fmt: skip
    for action in ("confirm", "correct", "state", "free"):
        assert phone.post(f"{path}/services/{other}/{action}", data=typed).status_code == 404
    with reading(app) as session:
        units = select(Organization.id).where(Organization.id != session.scalars(
            select(ProviderLink.organization_id)).one())  # fmt: skip
        stranger = session.scalars(units.order_by(Organization.id)).first()
    assert phone.post(f"{path}/organizations/{stranger}/correct", data=typed).status_code == 404
    assert changed(before, everything(app, without=BOOK | {"sign_in_try"})) == set()
    assert tried(app, attempts.NOT_TAKEN) == 5


@pytest.mark.parametrize(
    ("end", "status", "kind", "said"),
    [
        ("UPDATE provider_link SET revoked_at = '2026-01-01 00:00:00'", 403, "revoked", "taken back"),
        ("UPDATE provider_link SET expires_at = '2026-01-01 00:00:00'", 403, "expired", "has ended"),
        ("DELETE FROM provider_link", 404, "unknown", "not known here"),
    ],
)
def test_a_link_that_is_over_opens_nothing_and_does_nothing(
    app: Flask, phone: FlaskClient, path: str, end: str, status: int, kind: str, said: str
) -> None:
    service = f"{path}/services/{own_service(app)}"
    form = fields(page(phone.get(service)), f"{service}/confirm") | {"do": "all"}
    with transaction(app.extensions["netmap_engine"]) as session:
        session.execute(text("DELETE FROM link_event"))
        session.execute(text(end))
    before = everything(app, without=BOOK | {"sign_in_try"})
    shown = phone.get(path)
    assert (shown.status_code, said in words(page(shown))) == (status, True)
    assert phone.post(f"{service}/confirm", data=form).status_code == status  # what was opened before
    assert phone.post(f"{path}", data=form).status_code == status
    assert changed(before, everything(app, without=BOOK | {"sign_in_try"})) == set()
    assert tried(app, kind) == 3


def test_a_forged_link_opens_nothing(app: Flask, phone: FlaskClient, path: str) -> None:
    first, _dot, signature = path.partition(".")
    for forged in (path[:-1], f"{first}.{'A' * len(signature)}", "/provider/x", f"{path}A"):
        assert phone.get(forged).status_code == 404
    assert tried(app, attempts.UNKNOWN) == 4


def test_guessing_is_slowed_down_and_does_not_fill_the_book(
    app: Flask, phone: FlaskClient, path: str
) -> None:
    codes = [phone.get(f"/provider/guess{number}").status_code for number in range(40)]
    assert codes == [404] * 30 + [429] * 10
    assert phone.get("/provider/x").headers["Retry-After"].isdecimal()
    with reading(app) as session:
        rows = session.scalars(select(LinkEvent)).all()
    assert sum(row.times for row in rows) == 41
    assert len(rows) <= 4
    elsewhere = app.test_client().get(path, environ_base={"REMOTE_ADDR": "10.9.8.7"})
    assert elsewhere.status_code == 200


def test_the_book_holds_no_token_and_no_address(app: Flask, phone: FlaskClient, path: str) -> None:
    phone.get(path, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    phone.get("/provider/secret-guess", environ_base={"REMOTE_ADDR": "203.0.113.77"})
    told = repr(everything(app)["link_event"])
    assert told.count("opened") == 1
    assert "203.0.113.77" not in told
    assert path.removeprefix("/provider/").partition(".")[0] not in told
    assert "secret-guess" not in told


def test_the_pages_tell_the_address_to_nobody(app: Flask, phone: FlaskClient, path: str) -> None:
    service = f"{path}/services/{own_service(app)}"
    for shown in (path, service, f"{service}/correct", f"{path}x"):
        answer = phone.get(shown)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Cache-Control"] == "no-store"
        html = answer.get_data(as_text=True)
        away = [one for one in re.findall(r'(?:href|src|action)="([^"#]+)"', html)
                if not one.startswith((path, "/static/"))]  # fmt: skip
        assert away == []
        assert "<script" not in html


def test_a_failure_does_not_write_the_key_into_the_log(
    app: Flask,
    phone: FlaskClient,
    path: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_values: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("netmap.selfservice.scope.own", fail)
    assert phone.get(path).status_code == 500
    line = capsys.readouterr().err
    assert "/provider/<token>" in line
    assert path not in line


def test_behind_https_the_forms_work_though_no_page_is_named_as_their_origin(
    app: Flask, phone: FlaskClient, path: str
) -> None:
    service = f"{path}/services/{own_service(app)}"
    over = {"base_url": "https://localhost"}
    form = fields(page(phone.get(service, **over)), f"{service}/confirm") | {"do": "all"}
    assert phone.post(f"{service}/confirm", data=form, **over).status_code == 303


def test_everything_is_right_confirms_the_record_and_every_field(
    app: Flask, phone: FlaskClient, path: str, sign_in: SignIn
) -> None:
    id_ = own_service(app)
    service = f"{path}/services/{id_}"
    answer = send(phone, service, f"{service}/confirm", do="all")
    assert answer.headers["Location"].endswith("done=right")  # type: ignore[attr-defined]
    with reading(app) as session:
        row = session.get_one(Service, id_)
        day = now().astimezone(app.extensions["netmap_settings"].zone()).date()
        assert (row.assurer_email, row.assured_date) == ("head@provider.example", day)
        told = session.scalars(select(Attestation)).all()
        assert {one.field for one in told} >= {"name", "description"}
        assert {one.by for one in told} == {"head@provider.example"}
        assert session.scalars(select(Edit.kind).where(Edit.about_id == id_)).all() == ["confirm"]
    seen = words(page(sign_in("case_manager").get(f"/services/{id_}")))
    assert "Said to be right by the provider on" in seen
    assert tried(app, attempts.ACTED) == 1


def test_only_what_was_ticked_is_attested(app: Flask, phone: FlaskClient, path: str) -> None:
    id_ = own_service(app)
    service = f"{path}/services/{id_}"
    with reading(app) as session:
        before = session.get_one(Service, id_).assured_date
    assert send(phone, service, f"{service}/confirm", do="ticked", right="name").status_code == 303  # type: ignore[attr-defined]
    assert send(phone, service, f"{service}/confirm", do="ticked").status_code == 422  # type: ignore[attr-defined]
    with reading(app) as session:
        assert [one.field for one in session.scalars(select(Attestation))] == ["name"]
        assert session.get_one(Service, id_).assured_date == before


def test_what_changed_since_it_was_shown_is_not_attested(app: Flask, phone: FlaskClient, path: str) -> None:
    id_ = own_service(app)
    service = f"{path}/services/{id_}"
    form = fields(page(phone.get(service)), f"{service}/confirm") | {"do": "all"}
    with transaction(app.extensions["netmap_engine"]) as session:
        session.get_one(Service, id_).description = "Something else"
    answer = phone.post(f"{service}/confirm", data=form)
    assert (answer.status_code, "changed after you had opened it" in words(page(answer))) == (409, True)
    with reading(app) as session:
        assert session.scalars(select(Attestation)).all() == []


def test_an_attestation_is_silent_once_the_value_is_another(
    app: Flask, phone: FlaskClient, path: str, sign_in: SignIn
) -> None:
    id_ = own_service(app)
    service = f"{path}/services/{id_}"
    send(phone, service, f"{service}/confirm", do="ticked", right="description")
    staff = sign_in("planner")
    assert "Said to be right by the provider" in words(page(staff.get(f"/services/{id_}")))
    with transaction(app.extensions["netmap_engine"]) as session:
        session.get_one(Service, id_).description = "Something else"
    assert "Said to be right by the provider" not in words(page(staff.get(f"/services/{id_}")))


def test_free_places_are_taken_at_once(app: Flask, phone: FlaskClient, path: str) -> None:
    id_ = own_service(app)
    service = f"{path}/services/{id_}"
    form = fields(page(phone.get(service)), f"{service}/free")
    name = next(name for name in form if name.endswith(".available"))
    form[name] = "4"
    assert phone.post(f"{service}/free", data=form).status_code == 303
    form[name] = "-1"
    assert phone.post(f"{service}/free", data=form).status_code == 422
    with reading(app) as session:
        row = session.get_one(Service, id_)
        assert [one.available for one in row.capacities if one.available == 4] == [4]
        edits = session.scalars(select(Edit).where(Edit.about_id == id_)).all()
        assert [(one.kind, one.by) for one in edits] == [("provider", "head@provider.example")]


def test_an_act_too_many_waits(
    app: Flask, phone: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "PER_LINK", 3)
    form = {"csrf_token": phone.token(path), "language": "lt"}  # type: ignore[attr-defined]
    codes = [phone.post(f"{path}", data=form).status_code for _number in range(5)]
    assert codes == [303, 303, 303, 429, 429]
    assert tried(app, attempts.TOO_OFTEN) == 2


def test_the_page_speaks_the_language_of_the_letter_until_another_is_chosen(
    app: Flask, phone: FlaskClient, path: str
) -> None:
    with transaction(app.extensions["netmap_engine"]) as session:
        session.scalars(select(ProviderLink)).one().language = "lt"
    assert 'lang="lt" class="govuk-template"' in phone.get(path).get_data(as_text=True)
    form = {"csrf_token": phone.token(path), "language": "uk"}  # type: ignore[attr-defined]
    phone.post(f"{path}", data=form)
    assert 'lang="uk" class="govuk-template"' in phone.get(path).get_data(as_text=True)


def test_a_unit_of_the_organization_belongs_to_it(app: Flask, phone: FlaskClient, path: str) -> None:
    other = foreign_service(app)
    with transaction(app.extensions["netmap_engine"]) as session:
        top = session.scalars(select(ProviderLink.organization_id)).one()
        unit = session.get_one(Service, other).organization_id
        session.get_one(Organization, unit).parent_organization_id = top
        session.get_one(Organization, top).parent_organization_id = unit  # a ring ends
    assert phone.get(f"{path}/services/{other}").status_code == 200


def test_a_link_ends_when_its_time_is_over_and_old_tries_are_forgotten(
    app: Flask, phone: FlaskClient, path: str
) -> None:
    phone.get(path)
    with transaction(app.extensions["netmap_engine"]) as session:
        session.scalars(select(LinkEvent)).one().at = now() - timedelta(days=400)
    phone.get(path)
    with reading(app) as session:
        assert len(session.scalars(select(LinkEvent)).all()) == 1


@pytest.fixture
def at_once(app: Flask) -> Flask:
    made = create_app(replace(app.extensions["netmap_settings"], corrections="apply"))
    made.test_client_class = StrictClient
    yield made
    made.extensions["netmap_engine"].dispose()
