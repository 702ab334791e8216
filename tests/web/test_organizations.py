"""A coordinator keeps organizations and places: the short way in, the long forms, history and undo."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from netmap.app import drain
from netmap.db import open_session, transaction
from netmap.directory.models import (
    Address,
    Alias,
    Area,
    Contact,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTypeLink,
)
from netmap.editing.models import Edit
from tests.pages import fields, page, words

SignIn = Callable[[str | None], FlaskClient]
LIGHT = {"name": "Quilt Circle", "helps_with": "sorts out debts with the bank", "area": "lauvena",
         "reach": "+370 600 00001", "note": "Ask for Rita", "do": "add"}  # fmt: skip


@pytest.fixture
def coordinator(app: Flask, sign_in: SignIn) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    return sign_in("coordinator")


def stored(app: Flask, model: type[Any], **where: Any) -> list[Any]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return list(session.scalars(select(model).filter_by(**where).order_by(model.id)))


def put(app: Flask, *rows: Any) -> None:
    with transaction(app.extensions["netmap_engine"]) as session:
        session.add_all(rows)


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return words(page(answer))


def send(client: FlaskClient, address: str, **typed: str) -> Any:
    """Open a form, change some fields, save it."""
    form = fields(page(client.get(address)), address.partition("?")[0])
    for name, value in typed.items():
        form[name.replace("__", ".")] = value
    form["do"] = typed.get("do", "save")
    return client.post(address.partition("?")[0], data=form)


# The short way in


def test_five_fields_make_an_organization_that_the_search_finds(app: Flask, coordinator: FlaskClient) -> None:
    answer = coordinator.post("/organizations/new", data=LIGHT)
    assert answer.status_code == 303
    (made,) = stored(app, Organization, name="Quilt Circle")
    (service,) = stored(app, Service, organization_id=made.id)
    assert [one.number for one in stored(app, Phone, organization_id=made.id)] == ["+370 600 00001"]
    assert [one.area_code for one in stored(app, ServiceArea, service_id=service.id)] == ["lauvena"]
    links = stored(app, ServiceTypeLink, service_id=service.id)
    assert {link.state for link in links} == {"suggested"}
    assert "debt_advice" in {link.code for link in links}
    assert made.source_id is service.source_id is None
    drain(app.extensions["netmap_engine"], app.extensions["netmap_settings"])
    for question in ("quilt circle", "sorts out debts", "кто поможет с долгами"):
        found = coordinator.get("/api/search", query_string={"q": question, "limit": 50}).get_json()[
            "results"
        ]
        assert service.id in {one["service_id"] for one in found}, question


def test_the_short_form_has_five_fields_and_asks_for_two(app: Flask, coordinator: FlaskClient) -> None:
    form = fields(page(coordinator.get("/organizations/new")), "/organizations/new")
    assert set(form) - {"csrf_token"} == {"name", "helps_with", "area", "reach", "note"}
    answer = coordinator.post("/organizations/new", data={"name": "A", "helps_with": "walks dogs"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Give the name under which people know it."),
        ({"helps_with": " "}, "Say in a few words what it helps with"),
        ({"area": "atlantis"}, "Choose an area from the list"),
        ({"reach": "the blue door"}, "Give one telephone number, e-mail address or web page"),
        ({"reach": "javascript:alert(1)"}, "Give one telephone number, e-mail address or web page"),
        ({"note": "x" * 2001}, "Shorten this to 2000 characters."),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_half_written(
    app: Flask, coordinator: FlaskClient, change: dict[str, str], sentence: str
) -> None:
    before = len(stored(app, Organization)), len(stored(app, Service)), len(stored(app, Edit))
    answer = coordinator.post("/organizations/new", data={**LIGHT, **change})
    assert answer.status_code == 422
    assert sentence in words(page(answer))
    typed = fields(page(answer), "/organizations/new")
    kept = (
        {**change, "area": ""} if "area" in change else change
    )  # what is not in the list cannot stay chosen
    assert {name: typed[name] for name in change} == kept
    assert (len(stored(app, Organization)), len(stored(app, Service)), len(stored(app, Edit))) == before


def test_one_of_the_same_name_is_shown_before_a_second_is_made(app: Flask, coordinator: FlaskClient) -> None:
    put(app, Organization(id="old", name="„Quilt  circle“"), Organization(id="new", name="Needles"))
    put(app, Alias(organization_id="new", name="Quilt Circle", kind="former"))
    incomplete = words(page(coordinator.post("/organizations/new", data={**LIGHT, "helps_with": ""})))
    assert "There is one of this name already" not in incomplete  # first what is wrong, then the question
    answer = coordinator.post("/organizations/new", data=LIGHT)
    said = words(page(answer))
    assert "There is one of this name already" in said
    assert "Needles" in said
    first = next(one for one in page(answer).iter("button") if one.get("name") == "do")
    assert first.get("value") == "add"  # what the Enter key presses must not say yes
    assert stored(app, Organization, name="Quilt Circle") == []
    assert coordinator.post("/organizations/new", data={**LIGHT, "do": "anyway"}).status_code == 303
    assert len(stored(app, Organization, name="Quilt Circle")) == 1


def test_a_unit_and_a_service_are_added_from_the_page_of_their_organization(
    app: Flask, coordinator: FlaskClient
) -> None:
    put(app, Organization(id="top", name="Top"))
    coordinator.post("/organizations/new", data={**LIGHT, "parent": "top"})
    (unit,) = stored(app, Organization, name="Quilt Circle")
    assert unit.parent_organization_id == "top"
    address = f"/organizations/{unit.id}/services/new"
    assert (
        coordinator.post(address, data={**LIGHT, "name": "Mending", "reach": "a@b.example"}).status_code
        == 303
    )
    assert "There is one of this name already" in words(
        page(coordinator.post(address, data={**LIGHT, "name": "mending"}))
    )
    (service,) = stored(app, Service, name="Mending")
    assert (service.organization_id, service.email) == (unit.id, "a@b.example")
    top = text_of(coordinator, "/organizations/top")
    assert "Units and places Quilt Circle" in top
    assert "Part of Top" in text_of(coordinator, f"/organizations/{unit.id}")


# The long forms


def test_the_form_of_an_organization_keeps_what_was_typed(app: Flask, coordinator: FlaskClient) -> None:
    put(app, Organization(id="a", name="Aid"), Organization(id="b", name="Better Aid"))
    answer = send(
        coordinator, "/organizations/a/edit", name="First Aid", closed_on="2026-05-31", duty_days="14",
        successor_id="better aid", alert="No telephone", alert_until="2999-12-31",
        **{"aliases__+1__name": "Aid", "aliases__+1__kind": "former"},
        **{"identifiers__+1__identifier": "0042", "funding__+1__source": "City"},
    )  # fmt: skip
    assert answer.status_code == 303, words(page(answer))
    (kept,) = stored(app, Organization, id="a")
    assert (kept.name, kept.successor_id, kept.duty_days) == ("First Aid", "b", 14)
    shown = text_of(coordinator, "/organizations/a")
    for said in ("Closed 31 May 2026", "Renamed to, or taken over by: Better Aid", "Formerly Aid", "0042",
                 "City", "No telephone"):  # fmt: skip
        assert said in shown, said
    assert "Formerly First Aid (closed 31 May 2026)" in text_of(coordinator, "/organizations/b")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"successor_id": "Nobody at all"}, "There is no organisation Nobody at all."),
        ({"successor_id": "Aid of the North"}, "There is no organisation Aid of the North. Did you mean: "),
        ({"successor_id": "Twin Aid"}, "There are 2 organisations called Twin Aid."),
        ({"parent_organization_id": "Below"}, "These would be parts of each other: Below → Aid."),
        ({"closed_on": "2026-02-31"}, "There is no 31 in February 2026: its last day is 28."),
        ({"email": "not an address"}, "An e-mail address looks like"),
    ],
)
def test_what_leads_nowhere_or_in_a_circle_is_refused_with_everything_typed(
    app: Flask, coordinator: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    put(app, Organization(id="a", name="Aid"), Organization(id="b", name="Below", parent_organization_id="a"))
    put(app, Organization(id="t1", name="Twin Aid"), Organization(id="t2", name="Twin Aid"))
    answer = send(coordinator, "/organizations/a/edit", description="Typed with care", **typed)
    assert answer.status_code == 422
    assert sentence in words(page(answer))
    form = fields(page(answer), "/organizations/a/edit")
    assert form["description"] == "Typed with care"
    assert {name: form[name] for name in typed} == typed
    assert stored(app, Organization, id="a")[0].version == 1


def test_the_address_of_a_page_names_one_of_two_twins(app: Flask, coordinator: FlaskClient) -> None:
    twins = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002")
    put(app, Organization(id="a", name="Aid"), *(Organization(id=key, name="Twin") for key in twins))
    address = f"http://localhost/organizations/{twins[1]}"
    assert send(coordinator, "/organizations/a/edit", parent_organization_id=address).status_code == 303
    assert stored(app, Organization, id="a")[0].parent_organization_id == twins[1]


def test_a_specialist_has_hours_of_her_own(app: Flask, coordinator: FlaskClient) -> None:
    put(app, Organization(id="a", name="Aid"))
    person = {"contacts__+1__title": "Debt adviser", "contacts__+1__name": "Rita",
              "contacts__+1__department": "Money", "contacts__+1__phones__+1__number": "112",
              "contacts__+1__hours__TU__from1": "9", "contacts__+1__hours__TU__to1": "12:30"}  # fmt: skip
    assert send(coordinator, "/organizations/a/edit", **person).status_code == 303
    (rita,) = stored(app, Contact, organization_id="a")
    assert [(row.byday, row.opens_at) for row in stored(app, Schedule, contact_id=rita.id)] == [
        ("TU", "09:00")
    ]
    shown = text_of(coordinator, "/organizations/a")
    assert "Debt adviser, Money Rita 112 Own hours:" in shown
    assert "Tue 09:00–12:30" in shown


def test_two_people_at_one_organization_are_both_heard(app: Flask, coordinator: FlaskClient) -> None:
    put(app, Organization(id="a", name="Aid"))
    form = fields(page(coordinator.get("/organizations/a/edit")), "/organizations/a/edit")
    send(coordinator, "/organizations/a/edit", name="Theirs", email="they@aid.example")
    form["name"], form["do"], form["website"] = "Mine", "save", "https://aid.example"
    answer = coordinator.post("/organizations/a/edit", data=form)
    assert answer.status_code == 409
    said = words(page(answer))
    assert "Theirs" in said
    assert "Mine" in said
    settled = fields(page(answer), "/organizations/a/edit")
    settled["keep.name"], settled["do"] = "mine", "settle"
    assert coordinator.post("/organizations/a/edit", data=settled).status_code == 303
    (kept,) = stored(app, Organization, id="a")
    assert (kept.name, kept.email, kept.website) == ("Mine", "they@aid.example", "https://aid.example")


def test_a_place_is_added_and_its_address_can_be_made_secret(
    app: Flask, coordinator: FlaskClient, sign_in: SignIn
) -> None:
    put(app, Organization(id="a", name="Aid"))
    place = {"name": "Blue house", "organization": "a", "addresses__+1__address_1": "Pine Lane 3",
             "addresses__+1__city": "Lauvena", "area_code": "lauvena", "latitude": "55,5",
             "longitude": "25.0",
             "hours__MO__from1": "22", "hours__MO__to1": "6", "hours__overnight": "yes",
             "safety_note": "Ring before you come"}  # fmt: skip
    answer = send(coordinator, "/locations/new?organization=a", **place)
    assert answer.status_code == 303, words(page(answer))
    (made,) = stored(app, Location, name="Blue house")
    assert (made.organization_id, made.latitude, made.area_code) == ("a", 55.5, "lauvena")
    other = sign_in("case_manager")
    assert "Pine Lane 3, Lauvena" in text_of(other, f"/locations/{made.id}")
    assert send(coordinator, f"/locations/{made.id}/edit", confidential="yes").status_code == 303
    shown = text_of(other, f"/locations/{made.id}")
    assert "Pine Lane" not in shown
    assert "The address is kept secret" in shown
    assert "Ring before you come" in shown
    assert "Pine Lane" not in text_of(other, f"/history/location/{made.id}")
    assert "Pine Lane" in text_of(coordinator, f"/history/location/{made.id}")
    assert [one.address_1 for one in stored(app, Address, location_id=made.id)] == ["Pine Lane 3"]


# History


def test_the_history_tells_each_field_in_words_and_takes_back(app: Flask, coordinator: FlaskClient) -> None:
    put(app, Organization(id="a", name="Aid", kind="ngo"), Organization(id="b", name="Big Aid"))
    send(coordinator, "/organizations/a/edit", kind="clinic", parent_organization_id="Big Aid",
         closed_on="2026-05-31", **{"phones__+1__number": "112"})  # fmt: skip
    said = text_of(coordinator, "/history/organization/a")
    for line in (
        "changed", "coordinator@demo.example",
        "Organisation · What kind of organisation: Non-profit organisation → became Clinic",
        "Organisation · Part of: nothing → became Big Aid",
        "Organisation · Closed for good on: nothing → became 31 May 2026",
        "Telephone 112: new · Number: nothing → became 112",
    ):  # fmt: skip
        assert line in said, line
    (entry,) = stored(app, Edit, about_id="a")
    assert coordinator.post(f"/edits/{entry.id}/take-back").status_code == 303
    assert stored(app, Organization, id="a")[0].kind == "ngo"
    assert stored(app, Phone, organization_id="a") == []
    said = text_of(coordinator, "/history/organization/a")
    assert "taken back since" in said
    assert said.count("Take this back") == 1, "only the undo itself can be taken back now"


def test_what_others_wrote_since_stands_in_the_way_of_an_undo_and_is_named(
    app: Flask, coordinator: FlaskClient
) -> None:
    put(app, Organization(id="a", name="Aid"))
    send(coordinator, "/organizations/a/edit", name="First")
    send(coordinator, "/organizations/a/edit", name="Second")
    first = stored(app, Edit, about_id="a")[0]
    answer = coordinator.post(f"/edits/{first.id}/take-back")
    assert answer.status_code == 409
    assert "changed since or is in use: organization Second" in words(page(answer))
    assert stored(app, Organization, id="a")[0].name == "Second"


def test_old_entries_come_on_further_pages_and_mine_are_listed(
    app: Flask, coordinator: FlaskClient, sign_in: SignIn
) -> None:
    put(app, Organization(id="a", name="Aid"))
    for number in range(23):
        send(coordinator, "/organizations/a/edit", name=f"Aid {number:02}")
    first = coordinator.get("/history/organization/a")
    assert "Aid 22" in words(page(first))
    assert "Aid 01 → " not in words(page(first))
    older = next(a.get("href") for a in page(first).iter("a") if a.get("rel") == "next")
    assert "nothing" not in (older or "")
    assert "Aid 01 → became Aid 02" in text_of(coordinator, older or "")
    assert "Aid 22 : changed" in text_of(coordinator, "/history/mine")
    assert "You have changed nothing by hand yet." in text_of(sign_in("planner"), "/history/mine")


def test_mine_names_settlements_and_the_table_of_who_offers_what(
    app: Flask, coordinator: FlaskClient
) -> None:
    put(app, Area(code="m", name="Millby", kind="settlement"))
    put(app, Edit(by="coordinator@demo.example", kind="partner", about_table="area", about_id="m"))
    put(app, Edit(by="coordinator@demo.example", kind="partner", about_table="partner_service", about_id=""))
    told = page(coordinator.get("/history/mine"))
    assert "Millby: relation changed" in words(told)
    assert "Who offers what : relation changed" in words(told)
    assert "/partners/services" in [a.get("href") for a in told.iter("a")]


def test_a_history_of_nothing_is_not_found(coordinator: FlaskClient) -> None:
    assert coordinator.get("/history/organization/none").status_code == 404
    assert coordinator.get("/history/user/1").status_code == 404


# How often the database is asked


@pytest.fixture
def counting(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = app.extensions["netmap_engine"]
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def busy_place(app: Flask, key: str, many: int) -> None:
    """A place with so many services of as many organizations, each with a person and hours."""
    put(app, Location(id=key, name=key))
    for number in range(many):
        name = f"{key}-{number}"
        put(app, Organization(id=name, name=name), Service(id=name, name=name, organization_id=name))
        put(app, ServiceAtLocation(id=name, service_id=name, location_id=key))
        put(
            app,
            Contact(id=name, title=name, service_at_location_id=name),
            ServiceArea(service_id=name, name=name),
        )
        put(app, Schedule(contact_id=name, byday="MO", freq="WEEKLY", opens_at="09:00", closes_at="10:00"))


def test_a_place_with_many_services_asks_the_database_as_often_as_one_with_few(
    app: Flask, coordinator: FlaskClient, counting: list[str]
) -> None:
    numbers = []
    for key, many in (("few", 1), ("many", 25)):
        busy_place(app, key, many)
        coordinator.get(f"/locations/{key}")
        counting.clear()
        shown = text_of(coordinator, f"/locations/{key}")
        numbers.append(len(counting))
        assert shown.count("Own hours:") == many
    assert numbers[0] == numbers[1] <= 16


def test_the_history_asks_the_database_as_often_for_many_fields_as_for_one(
    app: Flask, coordinator: FlaskClient, counting: list[str]
) -> None:
    put(app, Organization(id="a", name="Aid"), Organization(id="b", name="B"))
    send(coordinator, "/organizations/a/edit", name="Aid 1", parent_organization_id="B")
    numbers = []
    for _turn in range(2):
        counting.clear()
        coordinator.get("/history/organization/a")
        numbers.append(len(counting))
        for number in range(9):
            send(
                coordinator,
                "/organizations/a/edit",
                name=f"Aid {number}9",
                parent_organization_id="" if number % 2 else "B",
            )
    assert numbers[0] == numbers[1] <= 10


def test_the_made_up_people_of_a_place_are_counted_once(app: Flask, coordinator: FlaskClient) -> None:
    put(
        app,
        Location(id="l", name="L"),
        Organization(id="o", name="O"),
        Service(id="s", name="S", organization_id="o"),
    )
    put(app, ServiceAtLocation(id="sal", service_id="s", location_id="l"))
    put(app, Contact(id="c", title="Porter", location_id="l", service_at_location_id="sal"))
    assert text_of(coordinator, "/locations/l").count("Porter") == 1
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert session.scalar(select(func.count()).select_from(Contact).where(Contact.id == "c")) == 1
