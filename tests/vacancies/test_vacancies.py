"""Vacancies: written down, attested, counted down; closed by themselves; seen by everybody at once."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.db import now, open_session, transaction
from netmap.directory.models import Contact, Organization, Vacancy
from netmap.editing import record
from netmap.editing.history import of_record
from netmap.editing.models import Edit
from netmap.errors import Conflict, Invalid, NotFound
from netmap.selfservice import links
from netmap.vacancies import queries, service
from netmap.vacancies.queries import ASK, CLOSED, OPEN, Wanted
from netmap.vacancies.state import state_of

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
ANN = "ann@office.example"
FIELDS = {"title": "Baker's mate", "pay": "900 EUR", "places": "2", "valid_to": "2026-12-24"}

SignIn = Callable[[str], Any]


@pytest.fixture
def vacancy(session: Session) -> Vacancy:
    session.add(Organization(id="bakery", name="Corner Bakery"))
    session.add(Organization(id="other", name="Other"))
    session.flush()
    session.add(Contact(id="stranger", organization_id="other", name="Stranger"))
    session.flush()
    return service.offer(session, "bakery", FIELDS, by=ANN, who="foreman, by phone", moment=NOON)


def listed(session: Session, moment: datetime = NOON, **wanted: str) -> list[str]:
    return [one.vacancy.title for one in queries.listing(session, Wanted(**wanted), moment, 72, limit=9)[1]]


def test_a_vacancy_has_who_attested_it_and_a_history(session: Session, vacancy: Vacancy) -> None:
    assert (vacancy.attested_by, vacancy.attested_at, vacancy.places) == ("foreman, by phone", NOON, 2)
    (entry,) = of_record(session, "vacancy", vacancy.id)
    assert (entry.edit.by, entry.edit.kind) == (ANN, "vacancy")


def test_it_ages_by_the_hour_and_is_asked_about_in_time(session: Session, vacancy: Vacancy) -> None:
    for hours, code in ((0, "fresh"), (71, "fresh"), (72, "old")):
        later = NOON + timedelta(hours=hours)
        assert state_of(vacancy, later, 72).code == code
        assert (listed(session, later, state=ASK) == []) is (code == "fresh")
        assert queries.waiting(session, later, 72) == (code == "old")
    service.attest(session, vacancy.id, by=ANN, who="owner", moment=NOON + timedelta(hours=80))
    assert listed(session, NOON + timedelta(hours=81), state=ASK) == []


def test_it_closes_itself_at_no_place_and_past_its_day(session: Session, vacancy: Vacancy) -> None:
    service.count(session, vacancy.id, -1, by=ANN)
    assert listed(session, state=OPEN) == ["Baker's mate"]
    service.count(session, vacancy.id, -1, by=ANN)
    assert listed(session, state=OPEN) == []
    assert listed(session, state=CLOSED) == ["Baker's mate"]
    with pytest.raises(Invalid, match="less than none"):
        service.count(session, vacancy.id, -1, by=ANN)
    with pytest.raises(Conflict, match="No place is left"):
        service.attest(session, vacancy.id, by=ANN, who="owner", moment=NOON)
    service.count(session, vacancy.id, 1, by=ANN)
    assert listed(session, state=OPEN) == ["Baker's mate"]
    assert listed(session, NOON + timedelta(days=29), state=OPEN) == []


def test_places_that_nobody_counted_are_not_none(session: Session, vacancy: Vacancy) -> None:
    service.change(session, vacancy.id, {**FIELDS, "places": ""}, by=ANN)
    assert vacancy.places is None
    assert listed(session, state=OPEN) == ["Baker's mate"]
    with pytest.raises(Invalid, match="how many places"):
        service.count(session, vacancy.id, -1, by=ANN)


def test_withdrawing_twice_is_one_thing(session: Session, vacancy: Vacancy) -> None:
    assert service.withdraw(session, vacancy.id, by=ANN, moment=NOON)
    assert service.withdraw(session, vacancy.id, by=ANN, moment=NOON + timedelta(hours=1)) is None
    assert vacancy.withdrawn_at == NOON
    with pytest.raises(Conflict, match="withdrawn"):
        service.attest(session, vacancy.id, by=ANN, who="owner", moment=NOON)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("places", "-1"),
        ("places", "two"),
        ("valid_to", "2027-02-31"),
        ("title", ""),
        ("contact_id", "stranger"),
    ],
)
def test_bad_input_is_told_by_field_and_nothing_is_written(
    session: Session, vacancy: Vacancy, field: str, text: str
) -> None:
    edits = session.scalar(select(func.count()).select_from(Edit))
    with pytest.raises(Invalid) as refused:
        service.change(session, vacancy.id, {**FIELDS, field: text}, by=ANN)
    assert list(refused.value.fields) == [field]
    assert session.get_one(Vacancy, vacancy.id).places == 2
    assert session.scalar(select(func.count()).select_from(Edit)) == edits


def test_nobody_answers_for_it_without_a_name(session: Session, vacancy: Vacancy) -> None:
    with pytest.raises(Invalid, match="Write who"):
        service.attest(session, vacancy.id, by=ANN, who="  ", moment=NOON)
    with pytest.raises(NotFound):
        service.attest(session, "nowhere", by=ANN, who="owner", moment=NOON)
    with pytest.raises(NotFound):
        service.offer(session, "nowhere", FIELDS, by=ANN, who="", moment=NOON)


def test_words_find_it_whatever_their_ending_and_their_capital(session: Session, vacancy: Vacancy) -> None:
    service.change(session, vacancy.id, {**FIELDS, "title": "Ночной пекарь", "pay": "100 % ставки"}, by=ANN)
    assert listed(session, words="ночная пекаря") == ["Ночной пекарь"]
    assert listed(session, words="corner") == ["Ночной пекарь"]
    assert listed(session, words="водитель") == []
    assert listed(session, words="%") == ["Ночной пекарь"]
    assert listed(session, words="_") == []


def send(browser: Any, path: str, **typed: str) -> Any:
    return browser.post(path, data={**typed, "csrf_token": browser.token("/vacancies")})


def first_vacancy(app: Flask) -> Vacancy:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        wanted = Wanted(state=OPEN)
        return queries.listing(session, wanted, now(), 72, limit=1)[1][0].vacancy


def test_a_change_is_seen_by_everybody_at_once_and_taken_back(app: Flask, sign_in: SignIn) -> None:
    row = first_vacancy(app)
    one, other = sign_in("coordinator"), sign_in("case_manager")
    there = f'id="vacancy-{row.id}"'
    assert there in other.get("/vacancies").get_data(as_text=True)
    answer = send(one, f"/vacancies/{row.id}/withdraw", back="/vacancies")
    assert there not in other.get("/vacancies").get_data(as_text=True)
    assert "do not send anybody" in other.get(f"/organizations/{row.organization_id}").get_data(as_text=True)
    number = answer.headers["Location"].rpartition("=")[2]
    assert send(other, "/vacancies/undo", edit=number).status_code == 409
    assert send(one, "/vacancies/undo", edit=number).status_code == 303
    assert there in other.get("/vacancies").get_data(as_text=True)
    assert send(one, "/vacancies/undo", edit="999999").status_code == 404


def test_two_who_change_the_same_field_are_both_shown(app: Flask, sign_in: SignIn) -> None:
    row = first_vacancy(app)
    coordinator = sign_in("coordinator")
    path = f"/vacancies/{row.id}/edit"
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        base = record.read(session, "vacancy", row.id)
    with transaction(app.extensions["netmap_engine"]) as session:
        session.get_one(Vacancy, row.id).pay = "from them"
    mine = {**base, "was": json.dumps(base), "pay": "from me"}
    answer = send(coordinator, path, **mine)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "from them" in page
    assert "from me" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    stale = {**mine, "do": "settle", "keep.pay": "mine", "seen": "of another day"}
    assert send(coordinator, path, **stale).status_code == 409
    assert send(coordinator, path, **{**mine, "keep.pay": "mine", "seen": seen}).status_code == 303
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert session.get_one(Vacancy, row.id).pay == "from me"


def test_a_form_that_is_wrong_keeps_what_was_typed(app: Flask, sign_in: SignIn) -> None:
    row = first_vacancy(app)
    coordinator = sign_in("coordinator")
    path = f"/organizations/{row.organization_id}/vacancies/new"
    typed = {"title": "Packer", "places": "-3", "who": "foreman"}
    answer = send(coordinator, path, **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="Packer"' in page
    assert 'value="foreman"' in page
    assert send(coordinator, path, **{**typed, "places": "3"}).status_code == 303
    page = coordinator.get("/vacancies?words=packer").get_data(as_text=True)
    assert "less than an hour ago" in page


def employers_link(app: Flask, row: Vacancy) -> str:
    settings = app.extensions["netmap_settings"]
    with transaction(app.extensions["netmap_engine"]) as session:
        return links.make(
            session, settings, row.organization_id, addressee="foreman@bakery.example", by=ANN,
            purpose="vacancy", about_id=row.id,
        )  # fmt: skip


def test_an_employer_confirms_and_fills_a_vacancy_with_one_click(app: Flask, sign_in: SignIn) -> None:
    row = first_vacancy(app)
    path = employers_link(app, row)
    employer, staff = app.test_client(), sign_in("case_manager")
    page = employer.get(path).get_data(as_text=True)
    assert row.title in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    act = f"{path}/vacancies/{row.id}/tell"
    assert employer.post(act, data={"do": "confirm", "csrf_token": token}).status_code == 303
    shown = staff.get("/vacancies").get_data(as_text=True)
    assert "attested by foreman@bakery.example" in shown
    assert "less than an hour ago" in shown
    assert employer.post(act, data={"do": "filled", "csrf_token": token}).status_code == 303
    assert f'id="vacancy-{row.id}"' not in staff.get("/vacancies").get_data(as_text=True)


def test_an_employers_link_reaches_its_vacancy_and_nothing_else(app: Flask) -> None:
    row = first_vacancy(app)
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        other = session.scalars(select(Vacancy).where(Vacancy.id != row.id).order_by(Vacancy.id)).first()
        assert other is not None
        places = other.places
    path = employers_link(app, row)
    employer = app.test_client()
    page = employer.get(path).get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    send = {"do": "filled", "csrf_token": token}
    assert employer.post(f"{path}/vacancies/{other.id}/tell", data=send).status_code == 404
    assert employer.get(f"{path}/organizations/{row.organization_id}").status_code == 404
    wrong = employer.post(f"{path}/vacancies/{row.id}/tell", data={**send, "do": "burn"})
    assert wrong.status_code == 422
    for _again in range(3):  # whoever only looks changes nothing
        employer.get(path)
        employer.head(path)
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert session.get_one(Vacancy, other.id).places == places
        assert session.get_one(Vacancy, other.id).withdrawn_at is None
        assert session.get_one(Vacancy, row.id).withdrawn_at is None


def test_what_is_past_its_last_day_cannot_be_confirmed_in_vain(app: Flask, sign_in: SignIn) -> None:
    row = first_vacancy(app)
    there, case = f"/vacancies/{row.id}/confirm", sign_in("case_manager")
    page = f"/organizations/{row.organization_id}"
    assert there in case.get(page).get_data(as_text=True)
    with transaction(app.extensions["netmap_engine"]) as session:
        session.get_one(Vacancy, row.id).valid_to = (now() - timedelta(days=2)).date()
    assert there not in case.get(page).get_data(as_text=True)
