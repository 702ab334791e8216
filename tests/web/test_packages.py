import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from netmap.db import open_session, transaction
from netmap.packages.document import Document, Line, read
from netmap.packages.service import get, history, save_version
from netmap.paths import shipped
from netmap.web.packages_draft import Draft, DraftLine, change, from_document
from netmap.web.packages_form import document_of
from tests.pages import fields, page, words

CODE = "drinking_single_parent_with_debts"
EDIT = f"/packages/{CODE}/edit"
SEEDS = sorted((shipped("seeds") / "packages").glob("*.toml"))
SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    return sign_in("coordinator")


def typed(client: FlaskClient, do: str, address: str = EDIT, **changes: str) -> MultiDict[str, str]:
    form = fields(page(client.get(address)), address)
    for name, value in {**changes, "do": do}.items():
        form[name] = value
    return form


def kept(app: Flask, code: str = CODE) -> Document:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return get(session, code).document


def numbers(app: Flask, code: str = CODE) -> list[int]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return [version.number for version in history(session, code)]


def test_nobody_reads_packages_without_signing_in(app: Flask) -> None:
    assert "/sign-in" in app.test_client().get("/packages").headers["Location"]


def test_a_case_manager_reads_packages_but_may_not_change_them(sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    shown = client.get(f"/packages/{CODE}")
    assert shown.status_code == 200
    assert EDIT not in shown.text
    assert client.get(EDIT).status_code == 403
    assert client.get("/packages/new").status_code == 403


def test_the_list_shows_every_package(coordinator: FlaskClient) -> None:
    links = {link.get("href") for link in page(coordinator.get("/packages")).iter("a")}
    assert len({href for href in links if href and href.startswith("/packages/")} - {"/packages/new"}) >= 16


def test_the_list_can_be_narrowed_to_one_problem(coordinator: FlaskClient) -> None:
    shown = coordinator.get("/packages?need=add.alcohol").text
    assert f"/packages/{CODE}" in shown
    assert "/packages/remote_villager_without_transport" not in shown


def test_an_unknown_problem_narrows_nothing(coordinator: FlaskClient) -> None:
    assert coordinator.get("/packages?need=no.such").text.count("nm-card") >= 16


def test_a_package_shows_its_weights_in_words_and_its_lines_in_order(coordinator: FlaskClient) -> None:
    shown = words(page(coordinator.get(f"/packages/{CODE}")))
    assert all(word in shown for word in ("defining", "typical", "occasional", "shipped with netmap"))
    assert shown.index("in good hands") < shown.index("Sober days") < shown.index("whose hours fit")


@pytest.mark.parametrize(
    "address",
    [
        "/packages/no_such",
        "/packages/no_such/edit",
        f"/packages/{CODE}/versions/2",
        f"/packages/{CODE}/versions/0",
        f"/packages/{CODE}/versions/99999999999999999999",
        f"/packages/{CODE}/versions/x",
    ],
)
def test_what_does_not_exist_is_not_found(coordinator: FlaskClient, address: str) -> None:
    assert coordinator.get(address).status_code == 404


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_every_shipped_package_comes_back_from_its_form_unchanged(path: Path) -> None:
    document = read(tomllib.loads(path.read_text(encoding="utf-8")))
    assert document_of(from_document(document, 1)) == document


@pytest.mark.parametrize("code", [CODE, "released_from_prison"])
def test_a_page_saved_as_it_came_makes_no_version(app: Flask, coordinator: FlaskClient, code: str) -> None:
    address = f"/packages/{code}/edit"
    answer = coordinator.post(address, data=typed(coordinator, "save", address))
    assert (answer.status_code, numbers(app, code)) == (303, [1])


def test_saving_makes_a_version_with_the_name_of_the_person(app: Flask, coordinator: FlaskClient) -> None:
    form = typed(coordinator, "save", **{"lines.0.start_day": "5", "note": "later, as the nursery asked"})
    answer = coordinator.post(EDIT, data=form)
    assert answer.status_code == 303
    shown = words(page(coordinator.get(answer.headers["Location"])))
    assert numbers(app) == [2, 1]
    assert "Version 2 is saved" in shown
    assert "coordinator@demo.example" in shown
    assert "later, as the nursery asked" in shown
    assert "start day: “0” became “5”" in shown


def test_an_old_version_stays_readable_and_says_that_it_is_old(coordinator: FlaskClient) -> None:
    coordinator.post(EDIT, data=typed(coordinator, "save", **{"name.en": "New name"}))
    shown = words(page(coordinator.get(f"/packages/{CODE}/versions/1")))
    assert "Version 2 is in use" in shown
    assert "New name" not in shown


def test_moving_a_line_keeps_what_was_typed_and_saves_nothing(app: Flask, coordinator: FlaskClient) -> None:
    form = typed(coordinator, "down.0", **{"lines.0.goal.en": "Typed & not saved", "note": "half a note"})
    tree = page(coordinator.post(EDIT, data=form))
    after = fields(tree, EDIT)
    assert (after["lines.1.goal.en"], after["lines.1.key"]) == ("Typed & not saved", "childcare")
    assert after["note"] == "half a note"
    assert "Not saved yet" in words(tree)
    assert numbers(app) == [1]


def test_a_removed_line_is_no_longer_waited_for(app: Flask, coordinator: FlaskClient) -> None:
    removed = fields(page(coordinator.post(EDIT, data=typed(coordinator, "remove.0"))), EDIT)
    removed["do"] = "save"
    assert coordinator.post(EDIT, data=removed).status_code == 303
    assert all("childcare" not in (line.key, *line.after) for line in kept(app).lines)


def test_an_added_line_deals_with_its_own_problem_unless_another_is_chosen(
    app: Flask, coordinator: FlaskClient
) -> None:
    form = fields(page(coordinator.post(EDIT, data=typed(coordinator, "add"))), EDIT)
    number = len(kept(app).lines)
    form[f"lines.{number}.need"] = "fin.budgeting"
    form[f"lines.{number}.service_type"] = "debt_advice"
    form[f"lines.{number}.goal.en"] = "Money lasts until the end of the month"
    form["do"] = "save"
    assert coordinator.post(EDIT, data=form).status_code == 303
    assert dict(kept(app).lines[-1].addresses) == {"fin.budgeting": 1.0}


def test_hours_are_typed_one_entry_a_line_and_shown_in_words(app: Flask, coordinator: FlaskClient) -> None:
    typed_hours = "sat 9:00-14:00\r\n\r\nMO-FR 17:00-20:00"
    answer = coordinator.post(EDIT, data=typed(coordinator, "save", hours=typed_hours))
    assert answer.status_code == 303
    assert kept(app).hours == ("MO-FR 17:00-20:00", "SA 09:00-14:00")
    shown = words(page(coordinator.get(answer.headers["Location"])))
    assert "Mon–Fri 17:00–20:00; Sat 09:00–14:00" in shown
    assert fields(page(coordinator.get(EDIT)), EDIT)["hours"].split("\n")[-1] == "SA 09:00-14:00"


def test_a_reason_is_typed_in_each_language_and_shown_in_the_readers(
    app: Flask, coordinator: FlaskClient
) -> None:
    reasons = {"reason.en": "Only for widows", "reason.ru": "Только для вдов"}
    answer = coordinator.post(
        EDIT, data=typed(coordinator, "save", **{"fact.widowed": "required"}, **reasons)
    )
    assert answer.status_code == 303
    assert dict(kept(app).reason) == {"en": "Only for widows", "ru": "Только для вдов"}
    shown = words(page(coordinator.get(f"/packages/{CODE}")))
    assert "Why it is closed to some Only for widows" in shown
    assert "Why it is closed to some Только" not in shown


def test_the_enter_key_saves_moves_and_removes_nothing(coordinator: FlaskClient) -> None:
    form = next(form for form in page(coordinator.get(EDIT)).iter("form") if form.get("action") == EDIT)
    assert next(form.iter("button")).get("value") == "check"


@pytest.mark.parametrize("number", ["-1", "99", "x", "", "9" * 30])
def test_a_button_for_a_line_that_is_not_there_changes_nothing(number: str) -> None:
    draft = Draft(lines=(DraftLine("a"), DraftLine("b")))
    assert change(draft, f"remove.{number}") == draft


BAD = {
    "name": {f"name.{language}": "" for language in ("en", "ru", "uk", "lt")},
    "long name": {"name.lt": "x" * 301},
    "weight": {"profile.weight": "0.3"},
    "need": {"lines.1.need": "no.such"},
    "service": {"lines.1.service_type": ""},
    "day": {"lines.1.start_day": "soon"},
    "share": {"lines.0.addresses.share": "7"},
    "goal": {f"lines.0.goal.{language}": "" for language in ("en", "ru", "uk", "lt")},
    "circle": {"lines.0.after": "debts"},
    "reason": {"fact.widowed": "required"},
    "origin": {"fact.displaced": "optional"},
    "language": {"languages": "Ukrainian"},
    "budget": {"budget": "much"},
    "hours": {"hours": "MO-FR 17:00-20:00\nevenings"},
    "long reason": {"reason.lt": "x" * 2001},
    "note": {"note": "x" * 501},
    "key": {"lines.1.key": "debts"},
    "duration": {"lines.1.duration": "ever"},
}


@pytest.fixture
def small(app: Flask) -> str:
    """The address of a form with two lines."""
    keys = {"debts": "debt_advice", "job": "job_search_support"}
    document = Document(
        code="small",
        name={"en": "Small"},
        paper_name={"en": "Plan of help"},
        description={},
        profile={"fin.consumer_debt": 1.0},
        lines=tuple(
            Line(key, "fin.consumer_debt", service, {"en": "Better"}, {"fin.consumer_debt": 1.0})
            for key, service in keys.items()
        ),
    )
    with transaction(app.extensions["netmap_engine"]) as session:
        save_version(session, "small", document, by=None, note="", expected=0)
    return "/packages/small/edit"


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
def test_bad_input_is_refused_with_a_link_to_its_field(
    app: Flask, coordinator: FlaskClient, small: str, changes: dict[str, str]
) -> None:
    answer = coordinator.post(small, data=typed(coordinator, "save", small, **changes))
    tree = page(answer)
    ids = [part.get("id") for part in tree.iter() if part.get("id")]
    summary = next(part for part in tree.iter("div") if "govuk-error-summary" in (part.get("class") or ""))
    links = [(link.get("href") or "")[1:] for link in summary.iter("a")]
    assert answer.status_code == 422
    assert links
    assert set(links) <= set(ids)
    assert len(ids) == len(set(ids))
    assert numbers(app, "small") == [1]


def test_the_same_problem_twice_is_refused_instead_of_losing_one(coordinator: FlaskClient) -> None:
    form = typed(coordinator, "save")
    codes = form.getlist("profile.code")
    codes[-1] = codes[0]
    form.setlist("profile.code", codes)
    answer = coordinator.post(EDIT, data=form)
    assert answer.status_code == 422
    assert "is chosen twice" in answer.text


def new_package(client: FlaskClient, **changes: str) -> MultiDict[str, str]:
    simple = {
        "code": "our_own",
        "name.ru": "Наш пакет",
        "paper_name.en": "Plan of help: money",
        "profile.code": "fin.budgeting",
        "lines.0.need": "fin.budgeting",
        "lines.0.service_type": "debt_advice",
        "lines.0.goal.en": "Money lasts",
    }
    return typed(client, "save", "/packages/new", **(simple | changes))


def test_a_new_package_can_be_made_in_one_language(app: Flask, coordinator: FlaskClient) -> None:
    assert coordinator.post("/packages/new", data=new_package(coordinator)).status_code == 303
    assert dict(kept(app, "our_own").name) == {"ru": "Наш пакет"}
    assert "Наш пакет" in coordinator.get("/packages/our_own").text


def test_a_taken_code_is_told_at_its_field_and_the_form_stays(app: Flask, coordinator: FlaskClient) -> None:
    answer = coordinator.post("/packages/new", data=new_package(coordinator, code=CODE))
    assert answer.status_code == 409
    assert fields(page(answer), "/packages/new")["name.ru"] == "Наш пакет"
    assert numbers(app) == [1]


def test_what_somebody_typed_is_shown_as_text_never_as_markup(coordinator: FlaskClient) -> None:
    evil = "<script>alert(1)</script>\"'"
    coordinator.post(EDIT, data=typed(coordinator, "save", **{"name.en": evil, "note": evil}))
    for address in ("/packages", f"/packages/{CODE}", EDIT):
        assert "<script>alert" not in coordinator.get(address).text


def test_old_versions_show_codes_that_the_vocabulary_no_longer_has(
    app: Flask, coordinator: FlaskClient
) -> None:
    from netmap.packages.models import PackageVersion

    with transaction(app.extensions["netmap_engine"]) as session:
        row = session.query(PackageVersion).filter_by(package_code=CODE).one()
        row.document = {**row.document, "profile": {"fin.gone": 1.0}}
    assert "fin.gone" in coordinator.get(f"/packages/{CODE}").text
    assert 'value="fin.gone" selected' in coordinator.get(EDIT).text


def test_a_form_with_endless_lines_is_refused(app: Flask, coordinator: FlaskClient, small: str) -> None:
    form = typed(coordinator, "save", small)
    for number in range(2, 60):
        form[f"lines.{number}.key"] = f"line_{number}"
    assert coordinator.post(small, data=form).status_code == 422
