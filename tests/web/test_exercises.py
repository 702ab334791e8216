"""Exercises: the usual form carries the mark along, nothing is kept, and the comparison is shown."""

import html
import json
import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from netmap.matching.exercises import exercises
from netmap.web.exercises import PLACES
from tests.trust.doors import SESSIONS, changed, everything

SignIn = Callable[[str | None], FlaskClient]
BET = "one_more_bet"
CLIENT = {
    "needs": {"add.gambling": {"severity": 3, "urgency": 1}, "fin.food": {"severity": 2}},
    "area": "lauvena",
}
STORY = "Bets on his phone since the lockdown"


def addresses(page: str) -> set[str]:
    """Every address of the pages of needs that a page leads to."""
    found = re.findall(r'(?:href|action|formaction)="(/needs[^"#]*)', page)
    return {html.unescape(address) for address in found}


def test_the_list_and_a_story_show_no_answer(sign_in: SignIn) -> None:
    browser = sign_in("case_manager")
    page = browser.get("/exercises").get_data(as_text=True)
    assert all(f'href="/exercises/{code}"' in page for code in exercises())
    page = browser.get(f"/exercises/{BET}").get_data(as_text=True)
    assert STORY in page
    assert "No package is written for gambling" not in page
    assert f'href="/needs?exercise={BET}"' in page
    assert browser.get("/exercises/nobody").status_code == 404
    assert browser.get("/needs?exercise=nobody").status_code == 404


def test_the_mark_goes_along_through_the_form_to_the_comparison(sign_in: SignIn, app: Flask) -> None:
    browser = sign_in("case_manager")
    before = everything(app)
    form = browser.get(f"/needs?exercise={BET}").get_data(as_text=True)
    assert STORY in form
    assert addresses(form.split("<main", 1)[1]) >= {f"/needs?exercise={BET}"}
    token = {"csrf_token": browser.token(f"/needs?exercise={BET}")}
    chosen = {"severity-add.gambling": "3", "urgency-add.gambling": "1", "severity-fin.food": "2"}
    found = browser.post(f"/needs?exercise={BET}", data=token | chosen | {"do": "match"})
    packages = found.get_data(as_text=True)
    assert found.status_code == 200
    assert "Compare with the model answer" in packages
    assert {address for address in addresses(packages.split("<main", 1)[1]) if BET not in address} == set()

    sent = token | {"client": json.dumps(CLIENT)}
    told = browser.post(f"/exercises/{BET}/compare", data=sent).get_data(as_text=True)
    assert "A question of safety was missed" in told
    for heading, code in (
        ("Found", "Gambling"),
        ("Missed", "Consumer debt"),
        ("In addition", "Lack of food"),
    ):
        part = told.split(f">{heading} (", 1)[1].split("</ul>", 1)[0]
        assert code in part
    assert "no package fits; that is an answer, too" in told
    assert "No package is written for gambling" in told
    assert changed(before, everything(app)) <= SESSIONS


def test_nothing_decided_in_an_exercise_is_kept(sign_in: SignIn, app: Flask) -> None:
    browser = sign_in("case_manager")
    token = browser.token("/needs")
    sent = {
        "csrf_token": token, "client": json.dumps(CLIENT), "package": "homeless_unemployed",
        "outcome": "taken", "reason": "fits",
    }  # fmt: skip
    table = browser.post(f"/needs/table?exercise={BET}", data=sent).get_data(as_text=True)
    assert "What did you decide?" not in table
    before = everything(app)
    answer = browser.post(f"/needs/decision?exercise={BET}", data=sent)
    assert answer.status_code == 409
    assert "neither kept nor counted" in answer.get_data(as_text=True)
    assert changed(before, everything(app)) <= SESSIONS
    table = browser.post("/needs/table", data=sent).get_data(as_text=True)
    assert "What did you decide?" in table
    assert browser.post("/needs/decision", data=sent).status_code == 303
    assert "decision" in changed(before, everything(app))


def test_no_page_of_needs_writes_in_an_exercise(sign_in: SignIn, app: Flask) -> None:
    """Whatever route is added to the pages of needs: it is refused, or it only reads."""
    browser = sign_in("coordinator")
    token = {"csrf_token": browser.token("/needs")}
    writing = [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in PLACES]
    assert len(writing) >= 6
    before = everything(app)
    for rule in writing:
        if "POST" in (rule.methods or ()):
            reads = getattr(app.view_functions[rule.endpoint], "netmap_reads", False)
            status = browser.post(
                f"{rule.rule.replace('<unfit_id>', 'x')}?exercise={BET}", data=token
            ).status_code
            assert reads or status == 409, rule.rule
    assert changed(before, everything(app)) <= SESSIONS


def test_the_story_is_told_in_the_readers_language(sign_in: SignIn) -> None:
    browser = sign_in("case_manager")
    browser.post("/language", data={"language": "uk", "next": "/", "csrf_token": browser.token()})
    page = browser.get(f"/exercises/{BET}").get_data(as_text=True)
    assert "Ставить із телефона" in page


def test_planners_do_not_train(sign_in: SignIn) -> None:
    assert sign_in("planner").get("/exercises").status_code == 403
