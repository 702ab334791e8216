"""Pages: weights and thresholds, and what a package or other rules would change."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from netmap.db import open_session, transaction
from netmap.matching.past import past_cases
from netmap.matching.service import Matcher
from netmap.matching.unfit import record_unfit
from netmap.packages.service import get
from netmap.web.effects import case_words
from netmap.web.packages_draft import from_document
from netmap.web.packages_sent import to_form
from tests.trust.doors import everything

SignIn = Callable[[str | None], FlaskClient]
FIELD = re.compile(r'<(?:input|textarea)[^>]* name="([^"]+)"[^>]*? value="([^"]*)"')


def fields(page: str) -> dict[str, str]:
    """What the form of the rules sends."""
    names = ("weights.", "thresholds.", "per_site", "expected", "note", "csrf_token")
    return {name: value for name, value in FIELD.findall(page) if name.startswith(names)}


def test_a_change_is_tried_saved_and_taken_back(sign_in: SignIn, app: Flask) -> None:
    browser = sign_in("coordinator")
    form = fields(browser.get("/rules").get_data(as_text=True))
    assert len(form) == 15
    form |= {"weights.way": "0,05", "weights.wait": "0.40", "thresholds.many_domains": "4"}
    before = everything(app)
    page = browser.post("/rules/effect", data=form).get_data(as_text=True)
    assert "What this would change" in page
    assert "case management becomes coordination team" in page
    assert fields(page)["weights.way"] == "0,05"  # what was typed is still there
    assert everything(app) == before

    unsaid = browser.post("/rules", data=form)
    assert unsaid.status_code == 422
    assert "Say in a few words" in unsaid.get_data(as_text=True)
    saved = browser.post("/rules", data=form | {"note": "Buses are rare"}, follow_redirects=True)
    page = saved.get_data(as_text=True)
    assert "Version 1 is in use now." in page
    assert "Short way: 0.25 became 0.05." in page
    late = browser.post("/rules", data=form | {"note": "Again"})
    assert late.status_code == 409
    assert "Somebody else has saved version 1" in late.get_data(as_text=True)

    back = {"number": "0", "expected": "1", "csrf_token": form["csrf_token"]}
    page = browser.post("/rules/restore", data=back, follow_redirects=True).get_data(as_text=True)
    assert "Version 2 is in use now." in page
    assert fields(page)["weights.way"] == "0.25"
    assert browser.post("/rules/restore", data=back | {"number": "77", "expected": "2"}).status_code == 404
    with app.extensions["netmap_engine"].connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM matching_rules")) == 2


def test_every_wrong_number_is_named_and_kept(sign_in: SignIn) -> None:
    browser = sign_in("coordinator")
    form = fields(browser.get("/rules").get_data(as_text=True))
    form |= {"weights.cost": "0.2", "weights.way": "0.15", "per_site": "", "thresholds.low_score": "high"}
    for address in ("/rules/effect", "/rules"):
        answer = browser.post(address, data=form | {"note": "x"})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        for name in ("per_site", "thresholds.low_score"):
            assert f'href="#{name}"' in page
        assert 'value="high"' in page
    cheap = form | {"per_site": "0.1", "thresholds.low_score": "50", "note": "x"}
    page = browser.post("/rules", data=cheap).get_data(as_text=True)
    assert "must not go to whoever is cheapest" in page


def test_the_editor_shows_what_a_package_would_change_and_keeps_what_was_typed(
    sign_in: SignIn, app: Flask
) -> None:
    browser = sign_in("coordinator")
    address = "/packages/released_from_prison"
    edit = browser.get(f"{address}/edit").get_data(as_text=True)
    assert f'formaction="{address}/effect#effect"' in edit
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        draft = from_document(get(session, "released_from_prison").document, 1)
    sent: dict[str, list[str]] = {"csrf_token": [browser.token(f"{address}/edit")], "do": ["effect"]}
    for name, value in to_form(draft):
        if not name.startswith(("lines.0.", "lines.1.", "lines.2.")):
            sent.setdefault(name, []).append(value)
    sent["note"] = ["the first lines are gone"]
    for name in list(sent):
        if name.endswith(".after"):
            del sent[name]
    before = everything(app)
    page = browser.post(f"{address}/effect", data=sent).get_data(as_text=True)
    assert everything(app) == before
    assert "What this would change" in page
    assert "Exercise: Out on Friday" in page
    assert "it covers" in page
    assert "the first lines are gone" in page

    sent["profile.weight"] = ["9" for _weight in sent["profile.weight"]]
    wrong = browser.post(f"{address}/effect", data=sent)
    assert wrong.status_code == 422
    assert "What this would change" not in wrong.get_data(as_text=True)


def test_a_new_package_is_tried_before_it_is_there(sign_in: SignIn) -> None:
    browser = sign_in("coordinator")
    page = browser.get("/packages/new").get_data(as_text=True)
    assert 'formaction="/packages/new/effect#effect"' in page
    token = {"csrf_token": browser.token("/packages/new")}
    sent = token | {
        "code": "bets", "name.en": "A person who bets", "paper_name.en": "Plan of help",
        "profile.code": "add.gambling", "profile.weight": "1", "lines.0.key": "help",
        "lines.0.need": "add.gambling", "lines.0.service_type": "gambling_help",
        "lines.0.goal.en": "A week without a bet", "lines.0.weight": "1", "lines.0.start_day": "0",
        "lines.0.required": "yes",
    }  # fmt: skip
    for number, (need, kind) in enumerate(
        (("fin.consumer_debt", "debt_advice"), ("fam.conflict", "family_mediation")), start=1
    ):
        values = {"key": kind, "need": need, "service_type": kind, "goal.en": "Calmer", "weight": "1"}
        sent |= {f"lines.{number}.{name}": value for name, value in values.items()}
    answer = browser.post("/packages/new/effect", data=sent)
    told = answer.get_data(as_text=True)
    assert answer.status_code == 200, told
    assert "Exercise: One more bet" in told
    assert "A person who bets" in told
    assert "the package is new" in told


@pytest.mark.parametrize(("cases", "told"), [(2, False), (3, True)])
def test_a_past_case_that_is_nearly_alone_is_shown_without_area_and_month(
    app: Flask, cases: int, told: bool
) -> None:
    values = {"needs": {"add.gambling": {"severity": 2}}, "area": "lauvena"}
    with app.test_request_context(), transaction(app.extensions["netmap_engine"]) as session:
        settings = app.extensions["netmap_settings"]
        matcher = Matcher(session, settings)
        for number in range(cases):
            record_unfit(session, settings, matcher.read(values), None, 0.0, 1, f"c{number}")
        past = past_cases(session, matcher.places)
        titles = {case_words(past)(case).title for case in past.cases if case.source == "unfit"}
    assert len(titles) == 1
    assert ("Lauvena" in titles.pop()) is told


def test_case_managers_do_not_see_the_rules(sign_in: SignIn) -> None:
    browser = sign_in("case_manager")
    assert browser.get("/rules").status_code == 403
    assert "/rules" not in browser.get("/packages").get_data(as_text=True)
    assert 'href="/rules"' in sign_in("coordinator").get("/packages").get_data(as_text=True)
