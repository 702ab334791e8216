"""An unmet need on the pages: one click, no words, once a week, taken back within ten minutes."""

import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy import select

from netmap.auth.models import ROLES
from netmap.db import open_session
from netmap.network.models import UnmetNeed
from tests.pages import fields, page, words
from tests.web.test_privacy import forms_of, found_in

SignIn = Callable[[str | None], FlaskClient]
SEARCH = "/search?q=mortgage+debt"


def click(client: FlaskClient, address: str = SEARCH, **more: str) -> "tuple[int, str]":
    """Send the form under the results as it is offered; return status and where it leads, or the page."""
    form = fields(page(client.get(address)), "/unmet-needs")
    answer = client.post("/unmet-needs", data={**form, **more})
    return answer.status_code, answer.headers.get("Location") or words(page(answer))


def recorded(app: Flask) -> list[tuple[str | None, str | None, str | None, str | None, str | None]]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return [
            (row.need_code, row.service_type, row.area_code, row.language, row.part_of_day)
            for row in session.scalars(select(UnmetNeed))
        ]


@pytest.mark.parametrize("role", ROLES)
def test_every_role_records_what_was_understood_by_one_click(app: Flask, sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    seen = words(page(client.get(SEARCH)))
    assert "Record as an unmet need: Mortgage debt" in seen
    status, address = click(client)
    assert status == 303
    assert recorded(app) == [("fin.mortgage_debt", None, None, None, None)]
    shown = client.get(address)
    assert "The unmet need is recorded" in words(page(shown))
    assert SEARCH in shown.get_data(as_text=True), "the way back to the search"


def test_area_language_and_time_go_with_it(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    area = fields(page(client.get("/search?q=food&area=lauvena")), "/unmet-needs")["unmet_area"]
    assert area == "lauvena", "the area of the filter is chosen"
    more = {"unmet_about": "type:shelter", "unmet_language": "uk", "unmet_part_of_day": "evening"}
    status, address = click(client, "/search?q=food&area=lauvena", **more)
    assert status == 303
    assert recorded(app) == [(None, "shelter", "lauvena", "uk", "evening")]
    seen = words(page(client.get(address)))
    assert all(part in seen for part in ("Ukrainian", "in the evening", "Lauvena"))


def test_the_second_click_counts_nothing_and_says_how_to_count_another_client(
    app: Flask, sign_in: SignIn
) -> None:
    client = sign_in("case_manager")
    click(client)
    status, seen = click(client)
    assert status == 409
    assert "Recorded already this week; for another client of this week give a code." in seen
    assert click(client, unmet_case="F-17")[0] == 303
    assert click(client, unmet_case="F-17")[0] == 409
    assert len(recorded(app)) == 2
    assert click(sign_in("planner"))[0] == 303, "another person's client without a code"


def test_what_was_chosen_is_kept_on_the_page_that_asks_again(sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    chosen = {"unmet_about": "type:shelter", "unmet_language": "ru", "unmet_part_of_day": "night"}
    click(client, **chosen)
    form = fields(page(client.get(SEARCH)), "/unmet-needs")
    again = fields(page(client.post("/unmet-needs", data={**form, **chosen})), "/unmet-needs")
    assert {name: again[name] for name in chosen} == chosen
    assert again["back"] == "q=mortgage+debt"


@pytest.mark.parametrize(
    "about", ["", "need:", "need:no.such", "type:no_such", "area:lauvena", "fin.mortgage_debt"]
)
def test_without_a_need_or_type_nothing_is_recorded(app: Flask, sign_in: SignIn, about: str) -> None:
    status, seen = click(sign_in("case_manager"), unmet_about=about)
    assert status == 422
    assert "There is a problem" in seen
    assert recorded(app) == []


def test_neither_words_nor_the_code_of_the_client_stand_anywhere(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    status, _address = click(client, "/search?q=zyxwcanary+mortgage+debt", unmet_case="Zyxwcanary-17")
    assert status == 303
    folder = app.extensions["netmap_settings"].data_dir
    assert found_in(folder, forms_of("zyxwcanary")) == []


def take_back(client: FlaskClient, address: str) -> int:
    form = fields(page(client.get(address)), "/unmet-needs/take-back")
    answer = client.post("/unmet-needs/take-back", data=form)
    if answer.status_code == 303:
        assert "The record is taken back" in words(page(client.get(answer.headers["Location"])))
    return answer.status_code


def test_a_mistake_is_taken_back_once(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    _status, address = click(client)
    form = fields(page(client.get(address)), "/unmet-needs/take-back")
    assert take_back(client, address) == 303
    assert recorded(app) == []
    assert client.post("/unmet-needs/take-back", data=form).status_code == 404
    assert click(client)[0] == 303, "what was taken back does not count for the week"


def test_nobody_takes_back_what_another_recorded(app: Flask, sign_in: SignIn) -> None:
    mine, other = sign_in("case_manager"), sign_in("planner")
    _status, address = click(mine)
    form = fields(page(mine.get(address)), "/unmet-needs/take-back")
    sent = {**form, "csrf_token": other.token("/account")}  # type: ignore[attr-defined]
    assert other.get(address).status_code == 404
    for token in (form["token"], form["token"][:-1] + "x", "", "a.b.c"):
        assert other.post("/unmet-needs/take-back", data={**sent, "token": token}).status_code == 404
    assert mine.post("/unmet-needs/take-back", data={**form, "token": form["token"] + "x"}).status_code == 404
    assert len(recorded(app)) == 1


@pytest.mark.parametrize(("minutes", "status"), [(9, 303), (11, 404)])
def test_it_can_be_taken_back_for_ten_minutes(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, minutes: int, status: int
) -> None:
    client = sign_in("case_manager")
    _status, address = click(client)
    form = fields(page(client.get(address)), "/unmet-needs/take-back")
    later = int(time.time()) + minutes * 60
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: later)
    app.config["WTF_CSRF_ENABLED"] = False  # its token has a clock, too
    assert client.post("/unmet-needs/take-back", data=form).status_code == status
    assert len(recorded(app)) == (status == 404)


def test_planners_read_how_often_it_was_recorded_but_not_how_few(app: Flask, sign_in: SignIn) -> None:
    case_manager, planner = sign_in("case_manager"), sign_in("planner")
    for client in range(9):
        click(case_manager, unmet_case=f"F-{client}")
    click(case_manager, unmet_about="type:shelter", unmet_language="uk", unmet_part_of_day="night")
    assert "/unmet-needs" in planner.get("/gaps").get_data(as_text=True)
    seen = words(page(planner.get("/unmet-needs")))
    assert "Mortgage debt not said 9 " in seen
    assert "service type not said <5 " in seen
    assert (
        "Language the client speaks not said: 6 to 12 Ukrainian: <5 "
        "When it was wanted not said: 6 to 12 at night: <5" in seen
    ), "nine exactly would leave one for each of the others"
