"""The pages of a service and of an organization, on a directory that fills every table."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from netmap.db import now, open_session
from netmap.directory.hsds import import_path
from netmap.directory.models import (
    Accessibility,
    Contact,
    Organization,
    Phone,
    Service,
    ServiceCapacity,
    Tie,
    Unit,
    Vacancy,
)
from netmap.web.directory_words import unit_name
from tests.directory.whole import WHOLE, write_whole
from tests.web.test_escaping import PAYLOAD, dangers

SignIn = Callable[[str | None], FlaskClient]
Rows = list[dict[str, str]]


@pytest.fixture
def case_manager(sign_in: SignIn) -> FlaskClient:
    return sign_in("case_manager")


@pytest.fixture
def take_in(app: Flask, tmp_path: Path) -> Callable[[Mapping[str, Rows]], dict[str, str]]:
    """Import a directory and return the addresses of its services and organizations by name."""

    def imported(files: Mapping[str, Rows]) -> dict[str, str]:
        with open_session(app.extensions["netmap_engine"]) as session:
            import_path(session, write_whole(tmp_path / "whole", files), source="whole")
            session.commit()
            found: dict[str, str] = {}
            for model, path in ((Service, "services"), (Organization, "organizations")):
                query = select(model.source_key, model.id).where(model.source_id == "whole")
                found |= {str(key): f"/{path}/{id_}" for key, id_ in session.execute(query)}
            return found

    return imported


@pytest.fixture
def pages(take_in: Callable[[Mapping[str, Rows]], dict[str, str]]) -> dict[str, str]:
    return take_in(WHOLE)


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def set_days(app: Flask, model: type[Any], **values: object) -> None:
    with open_session(app.extensions["netmap_engine"]) as session:
        session.execute(update(model).values(**values))
        session.commit()


def test_a_service_says_who_is_there_how_many_are_free_and_how_one_gets_in(
    app: Flask, case_manager: FlaskClient, pages: dict[str, str]
) -> None:
    moment = now() - timedelta(days=3)
    set_days(app, ServiceCapacity, updated=moment)
    page = text_of(case_manager, pages["beds"])
    for words in (
        "2 of 8 free (beds), checked ",
        "; waiting about 30 days",
        "<strong>Night nurse, Health</strong>",
        "(extension 12)",
        "Own hours: ",
        "Wed 09:00–11:00",
        "<strong>Porter</strong>",
        "A ramp. 1:12",
        "Warm Winter",
        "Gifts",
        ">Rules</a>",
        "no appointment needed",
        "The whole county",
    ):
        assert words in page
    assert "ask first" not in page


def test_hours_of_a_specialist_are_not_those_of_the_service(
    case_manager: FlaskClient, pages: dict[str, str]
) -> None:
    page = text_of(case_manager, pages["beds"])
    open_row = page.split(">When open<", 1)[1].split("</dd>", 1)[0]
    assert "Mon–Tue 22:00–06:00" in open_row
    assert "Wed" not in open_row


def row_of(page: str, key: str) -> str:
    return page.split(f">{key}<", 1)[1].split("</dd>", 1)[0]


EVENING = {
    "id": "1", "service_at_location_id": "1", "byday": "MO", "opens_at": "18:00", "closes_at": "20:00"
}  # fmt: skip


def test_hours_that_only_the_place_tells_stand_at_the_top_too(
    case_manager: FlaskClient, take_in: Callable[[Mapping[str, Rows]], dict[str, str]]
) -> None:
    addresses = take_in({**WHOLE, "schedules": [EVENING]})
    row = row_of(text_of(case_manager, addresses["beds"]), "When open")
    assert "Mon 18:00–20:00" in row
    assert "Hours not known" not in row


def test_hours_of_several_places_stand_at_the_top_with_their_names(
    case_manager: FlaskClient, take_in: Callable[[Mapping[str, Rows]], dict[str, str]]
) -> None:
    yard = {"id": "yard", "name": "The yard"}
    there = {"id": "2", "service_id": "beds", "location_id": "yard"}
    more = {"locations": [*WHOLE["locations"], yard], "schedules": [EVENING]}
    more["service_at_location"] = [*WHOLE["service_at_location"], there]
    row = row_of(text_of(case_manager, take_in({**WHOLE, **more})["beds"]), "When open")
    assert re.search("The hall: O[a-z]+ ", row)
    assert "The yard: Hours not known, call first" in row


def test_hours_that_do_not_come_every_week_are_told_beside_the_week(
    case_manager: FlaskClient, take_in: Callable[[Mapping[str, Rows]], dict[str, str]]
) -> None:
    weekly = {"id": "1", "service_id": "beds", "byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}
    monthly = {"id": "2", "service_id": "beds", "byday": "1SA", "opens_at": "10:00", "closes_at": "14:00"}
    addresses = take_in({**WHOLE, "schedules": [weekly, {**monthly, "description": "coffee"}]})
    row = row_of(text_of(case_manager, addresses["beds"]), "When open")
    assert "Mon 09:00–12:00" in row
    assert re.search(r"next: Sat \d+ \w+ 10:00–14:00: coffee", row)


def test_what_is_not_known_is_said_so_and_never_no(
    app: Flask, case_manager: FlaskClient, pages: dict[str, str]
) -> None:
    with open_session(app.extensions["netmap_engine"]) as session:
        session.execute(update(Accessibility).values(removed_in_source=now()))
        session.commit()
    soup = text_of(case_manager, pages["soup"])
    assert "not known how many are free, not known when checked; waiting about 1 day" in soup
    assert "ask first" in soup
    beds = text_of(case_manager, pages["beds"])
    assert "Getting in with a wheelchair or other aids: not known" in beds
    assert "A ramp" not in beds


def test_an_old_count_of_free_places_is_marked(
    app: Flask, case_manager: FlaskClient, pages: dict[str, str]
) -> None:
    set_days(app, ServiceCapacity, updated=now() - timedelta(days=31), wait_days=0)
    page = text_of(case_manager, pages["beds"])
    assert "; no waiting" in page
    assert "ask first" in page


def test_an_organization_says_with_whom_it_works_on_both_sides(
    case_manager: FlaskClient, pages: dict[str, str]
) -> None:
    house, bakery = text_of(case_manager, pages["house"]), text_of(case_manager, pages["bakery"])
    for page, other in ((house, "Corner Bakery"), (bakery, "Open House")):
        works = page.split(">Works with<", 1)[1]
        assert f">{other}</a>" in works
        assert "bread of the day before" in works
        assert "last contact 30 October 2026" in works
    assert "Non-profit organisation" in house
    assert "Company code 0042" in house
    assert "+37060000001</a> (extension 007) · Ukrainian" in house


def test_the_days_of_a_tie_are_told(app: Flask, case_manager: FlaskClient, pages: dict[str, str]) -> None:
    past = now().date() - timedelta(days=1)
    set_days(app, Tie, ends=past, review_date=past, last_contact=None, kind=None)
    page = text_of(case_manager, pages["house"])
    assert "Work together" in page
    assert "last contact not known" in page
    assert "<strong>ended " in page
    assert "<strong>was to be reviewed " in page


def test_a_vacancy_says_how_long_it_stands_and_who_said_so(
    app: Flask, case_manager: FlaskClient, pages: dict[str, str]
) -> None:
    today = now().date()
    set_days(app, Vacancy, valid_to=today + timedelta(days=5))
    page = text_of(case_manager, pages["bakery"])
    assert "stands until " in page
    assert "800-900 EUR" in page
    assert "attested by Open House, 1 Nov 2026" in page
    assert "days ago" in page
    set_days(app, Vacancy, valid_to=today - timedelta(days=5), attested_at=None)
    page = text_of(case_manager, pages["bakery"])
    assert "ran out" in page
    assert "do not send anybody" in page
    assert "attested by Open House, day not known" in page
    set_days(app, Vacancy, valid_to=None, attested_by=None)
    page = text_of(case_manager, pages["bakery"])
    assert "no last day given" in page
    assert "nobody has attested it: ask first" in page
    assert "nobody has attested it" in page


def test_what_is_gone_in_its_source_is_not_shown(
    app: Flask, case_manager: FlaskClient, pages: dict[str, str]
) -> None:
    for model in (Phone, Contact, Tie, Vacancy, ServiceCapacity):
        set_days(app, model, removed_in_source=now())
    beds, house = text_of(case_manager, pages["beds"]), text_of(case_manager, pages["house"])
    bakery = text_of(case_manager, pages["bakery"])
    for words in ("Night nurse", "+44 1632 960001", "2 of 8", "Corner Bakery", "Baker", "+37060000001"):
        assert words not in beds + house + bakery.split("</h1>", 1)[1]


def test_every_new_text_is_shown_as_text(
    take_in: Callable[[Mapping[str, Rows]], dict[str, str]], case_manager: FlaskClient
) -> None:
    kept = ("id", "_id", "code", "kind", "uri", "link_entity", "link_type", "status", "freq", "byday")
    files = {
        name: [
            {
                column: PAYLOAD if value and not column.endswith(kept) and value.isprintable() else value
                for column, value in row.items()
            }
            for row in rows
        ]
        for name, rows in WHOLE.items()
        if name not in {"schedules", "service_capacity"}
    }
    addresses = take_in(files)
    assert len(addresses) == 5
    for address in addresses.values():
        page = case_manager.get(address).get_data(as_text=True)
        assert dangers(page) == []
        assert "&lt;script&gt;" in page


@pytest.fixture
def counting(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = app.extensions["netmap_engine"]
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_a_page_asks_the_database_as_often_for_much_as_for_little(
    take_in: Callable[[Mapping[str, Rows]], dict[str, str]], case_manager: FlaskClient, counting: list[str]
) -> None:
    many = {
        name: [*rows, *({**row, "id": f"{row['id']}-{number}"} for row in rows for number in range(9))]
        if name in {"contacts", "phones", "languages", "locations", "service_at_location", "ties", "funding",
                    "vacancies", "accessibility", "service_capacity", "attributes", "url", "aliases"}
        else rows
        for name, rows in WHOLE.items()
    }  # fmt: skip
    addresses = take_in(many)
    numbers = {}
    for key in ("beds", "house"):
        case_manager.get(addresses[key])  # the session is noted as alive once a minute
        counting.clear()
        assert case_manager.get(addresses[key]).status_code == 200
        numbers[key] = len(counting)
    assert numbers["beds"] <= 22
    assert numbers["house"] <= 19, "15 of its own, and four to begin, to know who asks and its relation"


def test_units_of_netmap_are_named_in_the_language_of_the_reader() -> None:
    own = Unit(name="Lova", identifier="bed", uri="urn:netmap:units:bed")
    other = Unit(name="Lova", identifier="bed", uri="https://units.example/bed")

    assert (unit_name(own), unit_name(other)) == ("beds", "Lova")
