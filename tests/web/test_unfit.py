"""A case that no package fits: one click, no words, once a week, taken back in time, seen in groups."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner
from sqlalchemy import select

from netmap.db import open_session, transaction
from netmap.matching.kept import UnfitCase
from netmap.matching.service import Matcher
from netmap.matching.unfit import record_unfit
from tests.pages import fields, page, words

SignIn = Callable[[str | None], FlaskClient]
NOTHING_FITS: dict[str, Any] = {
    "needs": {"hlt.palliative": {"severity": 3, "urgency": 1}, "leg.paperwork": {"severity": 2}},
    "facts": {"rural": "yes"},
    "area": "lauvena",
}
FITS: dict[str, Any] = {"needs": {"hou.homeless": {"severity": 2}, "emp.unemployed": {"severity": 2}}}
BUTTON = "Keep this case, so that a package can be written"


def result(client: FlaskClient, needs: dict[str, Any]) -> Any:
    """The page of packages for these needs."""
    sent = {"do": "packages", "client": json.dumps(needs), "csrf_token": client.token("/needs")}  # type: ignore[attr-defined]
    return page(client.post("/needs", data=sent))


def click(client: FlaskClient, needs: dict[str, Any], **more: str) -> tuple[int, Any]:
    """Send the form with the button as it is offered; return status and page."""
    form = fields(result(client, needs), "/unfit-cases")
    answer = client.post("/unfit-cases", data={**form, **more})
    return answer.status_code, page(answer)


def kept(app: Flask) -> list[UnfitCase]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return list(session.scalars(select(UnfitCase)))


def test_one_click_keeps_codes_and_leads_back(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    assert BUTTON in words(result(client, NOTHING_FITS))
    status, shown = click(client, NOTHING_FITS)
    assert (status, "The case is kept" in words(shown)) == (200, True)
    (row,) = kept(app)
    assert set(row.needs) == {"hlt.palliative", "leg.paperwork"}
    assert (row.facts, row.area_code) == ({"rural": "yes"}, "lauvena")
    assert row.best_score < 50
    back = client.post("/needs", data={**fields(shown, "/needs"), "do": "packages"})
    assert "Packages that fit" in words(page(back))


def test_where_a_package_fits_there_is_no_button_and_nothing_is_kept(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    assert BUTTON not in words(result(client, FITS))
    sent = {"client": json.dumps(FITS), "csrf_token": client.token("/needs")}  # type: ignore[attr-defined]
    answer = client.post("/unfit-cases", data=sent)
    assert (answer.status_code, "A package fits by now" in words(page(answer))) == (409, True)
    assert kept(app) == []


def test_a_second_click_asks_for_a_code_and_keeps_nothing_twice(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    click(client, NOTHING_FITS)
    status, shown = click(client, NOTHING_FITS)
    assert (status, "for another client of this week give a code" in words(shown)) == (409, True)
    form = fields(shown, "/unfit-cases")
    assert client.post("/unfit-cases", data={**form, "case": "x" * 61}).status_code == 422
    assert client.post("/unfit-cases", data={**form, "case": "B 4"}).status_code == 200
    assert client.post("/unfit-cases", data={**form, "case": "b4"}).status_code == 409
    assert len(kept(app)) == 2


def test_it_is_taken_back_within_ten_minutes_by_the_same_person(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, other = sign_in("case_manager"), sign_in("coordinator")
    form = fields(click(client, NOTHING_FITS)[1], "/unfit-cases/take-back")
    stolen = {**form, "csrf_token": other.token("/account")}  # type: ignore[attr-defined]
    assert other.post("/unfit-cases/take-back", data=stolen).status_code == 404
    assert client.post("/unmet-needs/take-back", data=form).status_code == 404, "a token of another kind"
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: int(time.time()) + 601)
    assert client.post("/unfit-cases/take-back", data=form).status_code == 404
    monkeypatch.undo()
    assert len(kept(app)) == 1
    assert "taken back" in words(page(client.post("/unfit-cases/take-back", data=form)))
    assert kept(app) == []


def test_a_package_rejected_for_other_needs_is_such_a_case_once(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    sent = {
        "client": json.dumps(FITS),
        "package": "homeless_unemployed",
        "outcome": "rejected",
        "reason": "not_wanted",
        "csrf_token": client.token("/needs"),  # type: ignore[attr-defined]
    }
    assert client.post("/needs/decision", data=sent).status_code == 303
    assert kept(app) == []
    for package in ("homeless_unemployed", "released_from_prison"):
        sent |= {"reason": "other_needs", "package": package}
        assert client.post("/needs/decision", data=sent).status_code == 303
    (row,) = kept(app)
    assert (row.best_code, set(row.needs)) == ("homeless_unemployed", set(FITS["needs"]))


def fill(app: Flask, cases: int) -> None:
    """Keep cases of one kind."""
    settings = app.extensions["netmap_settings"]
    with transaction(app.extensions["netmap_engine"]) as session:
        matcher = Matcher(session, settings)
        one = matcher.read(NOTHING_FITS)
        for number in range(cases):
            record_unfit(session, settings, one, *matcher.nearest(one), 1, f"c{number}")


def test_of_fewer_than_three_cases_only_number_and_needs_are_told(app: Flask, sign_in: SignIn) -> None:
    fill(app, 2)
    client = sign_in("coordinator")
    answer = client.get("/unfit-cases")
    seen = words(page(answer))
    assert "2 cases" in seen
    assert "Palliative care" in seen
    main = seen.split("All packages", 1)[1]
    assert not any(told in main for told in ("Lauvena", "week", "rural or remote place", "Nearest package"))
    assert "/draft" not in answer.get_data(as_text=True)


def test_a_package_is_written_from_a_group_and_saved(app: Flask, sign_in: SignIn) -> None:
    fill(app, 3)
    client = sign_in("coordinator")
    tree = page(client.get("/unfit-cases"))
    seen = words(tree)
    assert all(told in seen for told in ("3 cases", "Lauvena", "in 1 week", "Nearest package today"))
    link = next(one.get("href") or "" for one in tree.iter("a") if (one.get("href") or "").endswith("/draft"))
    form = fields(page(client.get(link)), "/packages/new")
    assert dict(zip(form.getlist("profile.code"), form.getlist("profile.weight"), strict=True)) == {
        "hlt.palliative": "1", "leg.paperwork": "1", "": "0.5",
    }  # fmt: skip
    assert form["lines.0.need"] == "hlt.palliative"
    assert form["lines.0.service_type"]
    assert form["fact.rural"] == "optional"
    form["code"], form["paper_name.en"], form["description.en"] = "from_a_group", "Plan of help", "Try it."
    form.add("do", "save")
    assert client.post("/packages/new", data=form).status_code == 303
    assert "fits by now" in words(page(client.get("/unfit-cases")))


def test_a_group_that_is_gone_or_small_gives_no_draft(app: Flask, sign_in: SignIn) -> None:
    fill(app, 2)
    assert sign_in("coordinator").get("/unfit-cases/0123456789ab/draft").status_code == 404


@pytest.mark.parametrize("role", ["case_manager", "planner", "admin"])
def test_the_groups_are_for_coordinators(sign_in: SignIn, role: str) -> None:
    assert sign_in(role).get("/unfit-cases").status_code == 403
