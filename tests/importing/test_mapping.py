"""A plain CSV: what its columns mean is guessed, chosen, checked, and then imported line by line."""

import io
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from netmap.app import drain
from netmap.db import open_session
from netmap.directory.hsds_names import SPECS
from netmap.directory.models import Location, Organization, Phone, Service
from netmap.errors import Invalid
from netmap.importing.map_text import as_map
from netmap.importing.mapping import WORDS, check_choices, columns, guess, needs_columns
from netmap.importing.models import ImportRun
from netmap.importing.reading import take_in
from netmap.web.importing_columns import groups

LIST = (
    "Agency,Program,What,Street,Town,Tel,Fax,Checked\n"
    'Lantern House,Warm room,"Beds, and\nsoup",1 Mill Lane,Oldbridge,555 0001,1,2026-05-01\n'
    "Lantern House,Advice on debts,Every day,1 Mill Lane,Oldbridge,555 0001,2,May\n"
    "\n"
    ",,no name at all,2 Mill Lane,Oldbridge,,,\n"
    "Bridge,Soup,Meals,9 Mill Lane,Highfield,555 0002,,\n"
)
CHOICES = {
    "Agency": "organization.name", "Program": "service.name", "What": "service.description",
    "Street": "address.address_1", "Town": "address.city", "Tel": "phone.number", "Fax": "",
    "Checked": "service.assured_date",
}  # fmt: skip
HOSTILE = "\"'></title></select></textarea><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def flat(tmp_path: Path) -> Path:
    path = tmp_path / "offers.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_every_field_on_the_list_is_one_of_the_directory_and_has_a_label() -> None:
    for target in WORDS:
        table, _dot, name = target.partition(".")
        assert name in {"id", *SPECS[table].fields()}, target
    assert {value for _heading, fields in groups() for value, _label in fields} == set(WORDS)
    labels = [label for _heading, fields in groups() for _value, label in fields]
    assert len(set(labels)) == len(labels)


def test_only_a_single_table_with_a_name_of_its_own_needs_columns(tmp_path: Path) -> None:
    names = {"offers.csv": True, "services.csv": False, "Service.CSV": False, "list.zip": False}
    for name in names:
        (tmp_path / name).write_text(LIST, encoding="utf-8")
    assert {name: needs_columns(tmp_path / name) for name in names} == names


def test_columns_come_with_sample_rows_and_a_guess(flat: Path) -> None:
    found = {one.name: one for one in columns(flat)}
    assert {name: one.guess for name, one in found.items()} == {**CHOICES, "What": ""}
    assert found["Tel"].samples == ("555 0001", "555 0001", "")


def test_no_field_is_guessed_twice() -> None:
    found = guess(["name", "service name", "title", "program", "organization", "agency"])
    chosen = [target for target in found.values() if target]
    assert len(chosen) == len(set(chosen))
    assert found["program"] == "service.name" or found["service name"] == "service.name"


@pytest.mark.parametrize(
    ("choices", "where"),
    [
        ({"a": "service.name", "b": "service.name"}, {"a", "b"}),
        ({"a": "phone.number"}, {""}),
        ({"a": "service.version", "b": "service.name"}, {"a"}),
    ],
)
def test_choices_that_cannot_be_are_named_by_their_column(choices: dict[str, str], where: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        check_choices(choices)
    assert set(refused.value.fields) == where


def test_each_line_becomes_a_service_of_one_organisation_at_one_place(session: Session, flat: Path) -> None:
    report = take_in(session, flat, "directory", "offers", CHOICES)
    services = {one.name: one for one in session.scalars(select(Service))}
    assert set(services) == {"Warm room", "Advice on debts", "Soup"}
    warm = services["Warm room"]
    assert (warm.organization.name, warm.description) == ("Lantern House", "Beds, and\nsoup")  # type: ignore[union-attr]
    assert [place.location.addresses[0].address_1 for place in warm.places] == ["1 Mill Lane"]
    assert [phone.number for phone in warm.phones] == ["555 0001"]
    assert len(session.scalars(select(Organization)).all()) == 2
    assert len(session.scalars(select(Location)).all()) == 3
    wrong = {(one.file, one.row, one.field) for one in report.rejected}
    assert ("offers.csv, services", 3, "assured_date") in wrong  # "May" is no date
    assert ("offers.csv, services", 5, "name") in wrong  # neither a service nor an organisation
    assert any("does not take these columns (filled cells): Fax (2)" in one for one in report.warnings)


def test_a_place_with_a_number_needs_no_town(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "offers.csv"
    path.write_text("Program,Place id,Street,Town\nSoup,7,9 Mill Lane,\nBaths,,,\n", encoding="utf-8")
    choices = {one.name: one.guess for one in columns(path)}
    take_in(session, path, "directory", "offers", choices)
    (place,) = session.scalars(select(Location))
    assert [address.address_1 for address in place.addresses] == ["9 Mill Lane"]


def test_the_choices_come_as_a_map_too() -> None:
    found = tomllib.loads(as_map(CHOICES, "offers", 'of"fers.csv'))
    assert (found["source"], found["title"]) == ("offers", 'of"fers.csv')
    tables = {table["into"]: table["fields"] for table in found["table"]}
    assert list(tables) == [
        "organizations", "services", "locations", "service_at_location", "addresses", "phones",
    ]  # fmt: skip
    assert tables["services"]["name"] == "Program"
    assert tables["services"]["id"]["columns"] == ["Agency", "Program", "Street", "Town"]
    assert tables["phones"]["number"] == "Tel"
    assert "Fax" not in str(found)


def test_a_second_import_of_the_same_list_changes_nothing(session: Session, flat: Path) -> None:
    take_in(session, flat, "directory", "offers", CHOICES)
    again = take_in(session, flat, "directory", "offers", CHOICES).as_dict()
    assert (again["added"], again["changed"], again["removed_in_source"]) == (0, 0, 0)


def send(client: FlaskClient, content: bytes, name: str = "offers.csv") -> str:
    values = {"kind": "directory", "file": (io.BytesIO(content), name), "csrf_token": client.token("/import")}
    return client.post("/import", data=values).headers["Location"]


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in("coordinator")


def test_the_page_lets_a_person_choose_and_corrects_what_cannot_be(app: Flask, client: FlaskClient) -> None:
    engine: Engine = app.extensions["netmap_engine"]
    address = send(client, LIST.encode())
    assert address == "/import/1/columns"
    page = client.get(address).get_data(as_text=True)
    assert "Lantern House" in page
    assert page.count("<select") == 8
    token = client.token("/import")
    wrong = {f"column-{place}": "phone.number" for place in range(1, 9)}
    answer = client.post(address, data={"csrf_token": token, **wrong})
    assert answer.status_code == 422
    assert "the same is chosen there" in answer.get_data(as_text=True)
    chosen = {f"column-{place}": target for place, target in enumerate(CHOICES.values(), start=1)}
    assert client.post(address, data={"csrf_token": token, **chosen}).status_code == 303
    drain(engine, app.extensions["netmap_settings"])
    page = client.get("/import/1").get_data(as_text=True)
    assert "Fax (2)" in page
    assert "Change what the columns mean" in page
    made = client.get("/import/1/map.toml")
    assert tomllib.loads(made.get_data(as_text=True))["source"] == "offers"
    client.post("/import/1/apply", data={"csrf_token": token})
    drain(engine, app.extensions["netmap_settings"])
    with open_session(engine, reading=True) as session:
        assert session.get_one(ImportRun, 1).state == "done"
        phones = select(Phone.number).where(Phone.source_id == "offers").order_by(Phone.number)
        assert session.scalars(phones).all() == ["555 0001", "555 0001", "555 0002"]


def test_hostile_names_of_columns_and_cells_run_nothing(client: FlaskClient) -> None:
    from tests.web.test_escaping import dangers

    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    other = quoted.replace("7*7", "8*8")
    address = send(client, f"{quoted},name,{other}\n{quoted},b,{quoted}\n".encode())
    page = client.get(address).get_data(as_text=True)
    assert "&lt;script&gt;" in page
    assert dangers(page) == []
    values = {"csrf_token": client.token("/import"), "column-1": HOSTILE, "column-2": "service.name"}
    answer = client.post(address, data=values)
    assert answer.status_code == 422
    assert dangers(answer.get_data(as_text=True)) == []


def test_a_table_of_two_thousand_columns_stays_usable(app: Flask, client: FlaskClient) -> None:
    names = [f"field {n}" for n in range(1998)] + ["agency", "program"]
    content = "\n".join([",".join(names), *[",".join(f"cell {n}" for n in range(2000))] * 10]).encode()
    address = send(client, content)
    page = client.get(address).get_data(as_text=True)
    assert page.count("<select") == 2  # what netmap knows stands at the top
    assert "1,998 more columns are left out" in page
    assert len(page) < 1_000_000
    values = {"csrf_token": client.token("/import"), "column-1999": "organization.name"}
    values |= {"column-2000": "service.name", "column-7": "Service: description"}
    values |= {f"column-{n}": "" for n in range(8, 1999)}
    assert client.post(address, data=values).status_code == 303
    drain(app.extensions["netmap_engine"], app.extensions["netmap_settings"])
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        run = session.get_one(ImportRun, 1)
        assert run.choices is not None
        assert run.choices["field 6"] == "service.description"
        assert run.state == "checked"


def test_a_table_that_cannot_be_read_says_so_instead_of_asking(app: Flask, client: FlaskClient) -> None:
    address = send(client, b'a,b\n1,"x\n')
    assert address == "/import/1"
    drain(app.extensions["netmap_engine"], app.extensions["netmap_settings"])
    assert "quotation marks" in client.get(address).get_data(as_text=True)


def test_a_workbook_of_services_needs_columns_as_well(session: Session, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["Agency", "Program", "Tel"], ["Lantern House", "Warm room", "555 0001"]):
        book.active.append(row)
    path = tmp_path / "offers.xlsx"
    book.save(path)
    assert needs_columns(path)
    choices = {one.name: one.guess for one in columns(path)}
    assert choices == {"Agency": "organization.name", "Program": "service.name", "Tel": "phone.number"}
    take_in(session, path, "directory", "offers", choices)
    assert [phone.number for phone in session.scalars(select(Phone))] == ["555 0001"]
