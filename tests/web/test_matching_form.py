"""The form of needs: two lengths of the same data, safety apart, nothing chosen in advance."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from netmap.vocabulary.terms import vocabulary
from netmap.web.matching_form import client_from, typed_from
from tests.pages import fields, page, words

SignIn = Callable[[str | None], FlaskClient]
SAFETY = [code for code, need in vocabulary().needs.items() if need.safety]
RICH: dict[str, Any] = {
    "needs": {
        "emp.unemployed": {"severity": 2, "urgency": 1},
        "skl.neet": {"severity": 0, "urgency": 0},
        "hlt.palliative": {"severity": 1, "urgency": 0},
        "vio.elder": {"severity": 2, "urgency": 1},
    },
    "facts": {"widowed": "yes", "rural": "no", "men.suicide": "no", "fin.food": "yes"},
    "languages": ["lt", "de"],
    "area": "lauvena_county",
    "max_km": 0.0,
    "budget": 0.0,
    "most_places": 2,
    "hours": [{"day": "TU", "from": "08:00", "to": "13:00"}, {"day": "SU", "from": "17:00", "to": "21:00"}],
    "refused": ["s1"],
    "wanted": ["s2"],
    "refused_types": ["debt_advice"],
    "strengths": ["own_car", "can_stay"],
    "contested": ["hlt.palliative", "vio.elder"],
    "track": "barriers",
    "long_term": True,
    "needs_company": True,
    "overrides": [{"service_id": "s3", "line": "debts", "criterion": "cost", "reason": "paid by a fund"}],
    "chosen": {"debts": "s3"},
}


@pytest.fixture
def browser(sign_in: SignIn) -> FlaskClient:
    return sign_in("case_manager")


def send(browser: FlaskClient, typed: Mapping[str, str], do: str) -> Element:
    answer = browser.post("/needs", data={**typed, "csrf_token": browser.token("/needs"), "do": do})
    assert answer.status_code == 200, words(page(answer))[:600]
    return page(answer)


def form(tree: Element) -> dict[str, str]:
    sent: MultiDict[str, str] = fields(tree, "/needs")
    assert len(list(sent.items(multi=True))) == len(sent), "a field stands twice"
    return dict(sent)


def client_on(tree: Element) -> dict[str, Any]:
    found = next(one for one in tree.iter("input") if one.get("name") == "client")
    client: dict[str, Any] = json.loads(found.get("value") or "")
    return client


def test_a_client_comes_back_from_the_form_as_it_went_in() -> None:
    assert client_from(typed_from(RICH)) == RICH


@pytest.mark.parametrize(
    "facts",
    [
        {"age_55_64": "yes"},
        {"age_65_plus": "no"},
        {"age_under_18": "no", "age_18_29": "no", "age_55_64": "no", "age_65_plus": "no"},
    ],
)
def test_an_age_is_one_answer_and_comes_back_as_it_was_told(
    browser: FlaskClient, facts: dict[str, str]
) -> None:
    client = {"needs": {"fin.food": {"severity": 2, "urgency": 0}}, "facts": facts, "languages": []}
    for length in ("short", "long"):
        typed = form(send(browser, typed_from(client), length))
        assert client_from(typed)["facts"] == facts
        assert client_from({**typed, "age": "age_18_29"})["facts"] == {"age_18_29": "yes"}


def test_switching_between_the_forms_loses_nothing(browser: FlaskClient) -> None:
    real = {**RICH, "area": "lauvena", "refused": [], "wanted": []}
    real = {name: value for name, value in real.items() if value or name in ("max_km", "budget")}
    del real["area"]
    short = form(send(browser, typed_from(real), "short"))
    long = form(send(browser, short, "long"))
    again = form(send(browser, long, "short"))
    assert (short["length"], long["length"], again["length"]) == ("short", "long", "short")
    assert "week-SU-evening" in short
    for typed in (short, long, again):
        assert client_from(typed) == real


def test_from_the_packages_back_to_the_form(browser: FlaskClient) -> None:
    first = send(browser, {"severity-fin.food": "2", "strong-own_car": "yes", "length": "long"}, "match")
    client = client_on(first)
    opened = form(send(browser, {"client": json.dumps(client), "length": "long"}, "again"))
    assert (opened["length"], client_from(opened)["strengths"]) == ("long", ["own_car"])


def test_nothing_is_chosen_in_advance(browser: FlaskClient) -> None:
    note = "Lost his job, drinks every evening, owes money on loans, beats his wife, daughter is 3 years old."
    for typed in (form(page(browser.get("/needs"))), form(send(browser, {"note": note}, "suggest"))):
        kept = {name: value for name, value in typed.items() if value}
        assert {name for name in kept if name.partition("-")[0] != "urgency"} == {"csrf_token", "length"}
        assert client_errors(typed) == {"needs"}


def client_errors(typed: Mapping[str, str]) -> set[str]:
    from netmap.errors import Invalid

    with pytest.raises(Invalid) as caught:
        client_from(typed)
    return set(caught.value.fields)


def test_suggestions_and_questions_say_why_and_choose_nothing(browser: FlaskClient) -> None:
    tree = send(browser, {"note": "He owes money on loans and drinks every evening."}, "suggest")
    assert "He owes money on loans" in [" ".join(one.itertext()) for one in tree.iter("q")]
    assert "owes money" not in json.dumps(form(tree))
    asked = send(browser, {"severity-fin.consumer_debt": "2"}, "short")
    assert "Did you ask?" in words(asked)
    assert form(asked)["severity-add.gambling"] == ""


@pytest.mark.parametrize("length", ["short", "long"])
def test_the_questions_about_safety_are_on_both_forms(browser: FlaskClient, length: str) -> None:
    typed = form(send(browser, {"length": length}, length))
    assert len(SAFETY) == 8
    assert {code: typed[f"safe-{code}"] for code in SAFETY} == dict.fromkeys(SAFETY, "")


@pytest.mark.parametrize("step", ["match", "long", "short"])
def test_a_yes_about_safety_opens_the_box_on_the_next_page(browser: FlaskClient, step: str) -> None:
    typed = {"severity-fin.food": "1", "safe-vio.elder": "yes"}
    assert "Safety first" in words(send(browser, typed, step))
    assert "Safety first" not in words(send(browser, {**typed, "safe-vio.elder": "no"}, step))


def test_a_yes_alone_is_enough_and_weighs_most(browser: FlaskClient) -> None:
    client = client_on(send(browser, {"safe-vio.elder": "yes"}, "match"))
    assert client["needs"] == {"vio.elder": {"severity": 3, "urgency": 2}}


def test_what_was_not_asked_about_safety_is_a_warning_until_somebody_answers(browser: FlaskClient) -> None:
    open_page = words(send(browser, {"severity-fin.food": "2", "safe-men.suicide": ""}, "match"))
    assert "not asked yet Safety: Suicide risk" in open_page
    answered = {f"safe-{code}": "no" for code in SAFETY}
    tree = send(browser, {"severity-fin.food": "2", **answered}, "match")
    assert "not asked yet" not in words(tree)
    assert client_on(tree)["facts"] == dict.fromkeys(SAFETY, "no")


def test_a_safety_need_that_the_person_denies_still_opens_the_box(browser: FlaskClient) -> None:
    typed = {"severity-fin.food": "2", "safe-vio.domestic": "yes", "theirs-vio.domestic": "no"}
    text = words(send(browser, typed, "match"))
    assert "Safety first" in text
    assert "no score counts them: Domestic violence" in text


def test_what_the_person_does_not_see_has_no_weight(browser: FlaskClient) -> None:
    typed = {"severity-fin.consumer_debt": "3", "severity-add.alcohol": "2"}
    alone = {"severity-fin.consumer_debt": "3"}

    def scores(sent: dict[str, str]) -> list[str]:
        tree = send(browser, sent, "match")
        return ["".join(one.itertext()) for one in tree.iter("span") if one.get("class") == "nm-score"]

    assert scores({**typed, "theirs-add.alcohol": "no"}) == scores(alone) != scores(typed)


def test_a_refused_service_is_remembered_and_not_offered(browser: FlaskClient) -> None:
    tree = send(browser, {"severity-fin.consumer_debt": "3", "find_service": "debt advice"}, "find")
    name = next(name for name in form(tree) if name.startswith("service-"))
    typed = {**form(tree), name: "refused"}
    assert form(send(browser, typed, "short"))[name] == "refused"
    result = send(browser, typed, "match")
    assert client_on(result)["refused"] == [name.removeprefix("service-")]


def test_the_enter_key_in_the_search_looks_for_the_service(browser: FlaskClient) -> None:
    tree = send(browser, {"severity-fin.food": "2", "find_service": "debt advice"}, "match")
    assert any(name.startswith("service-") for name in form(tree))
    assert "The directory has no service" in words(send(browser, {"find_service": "qqqqqzzzzz"}, "find"))


@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        ("x" * 100_000, "The text has 100000 letters and the most is"),
        ("   ", "Paste some words first"),
    ],
)
def test_a_note_that_cannot_be_read_is_answered_with_a_sentence(
    browser: FlaskClient, note: str, sentence: str
) -> None:
    answer = browser.post(
        "/needs", data={"csrf_token": browser.token("/needs"), "do": "suggest", "note": note}
    )
    assert answer.status_code == 422
    assert sentence in words(page(answer))


@pytest.mark.parametrize(
    ("note", "foreign"),
    [
        ("Նա աշխատանք չունի և պարտքեր ունի", True),
        ("Er hat seine Arbeit verloren und hat Schulden bei der Bank, trinkt jeden Abend.", True),
        ("Stracił pracę, ma długi i pije co wieczór, dzieci są głodne.", True),
        ("Lost his job, owes money on loans.", False),
        ("Потерял работу, должен банку.", False),
        ("Втратив роботу, винен банку.", False),
        ("Neteko darbo, turi skolų bankui.", False),
    ],
)
def test_a_note_in_a_language_that_is_not_understood_is_told_so(
    browser: FlaskClient, note: str, foreign: bool
) -> None:
    assert ("This does not look like English" in words(send(browser, {"note": note}, "suggest"))) is foreign


@pytest.mark.parametrize(
    ("typed", "anchor"),
    [
        ({"fact-lives_alone": "yes", "fact-child_under_7": "yes"}, "fact-child_under_7"),
        ({"hours_also": "some day"}, "hours_also"),
        ({"budget": "-1"}, "budget"),
        ({"most_places": "0"}, "most_places"),
        ({"service-s1": "refused", "max_km": "far"}, "max_km"),
    ],
)
def test_what_is_wrong_is_shown_where_it_was_typed_also_from_the_short_form(
    browser: FlaskClient, typed: dict[str, str], anchor: str
) -> None:
    sent = {"csrf_token": browser.token("/needs"), "length": "short", "severity-fin.food": "2", **typed}
    answer = browser.post("/needs", data={**sent, "do": "match"})
    tree = page(answer)
    assert answer.status_code == 422
    assert any(link.get("href") == f"#{anchor}" for link in tree.iter("a"))
    assert any(one.get("id") == anchor for one in tree.iter()), "the link leads nowhere"
    for name, value in typed.items():
        assert name.startswith("service-") or form(tree)[name] == value


def test_a_strength_stands_beside_the_plan_and_changes_no_score(browser: FlaskClient) -> None:
    typed = {"severity-emp.unemployed": "2", "severity-fin.consumer_debt": "2"}
    plain, strong = (send(browser, {**typed, **more}, "match") for more in ({}, {"strong-has_offer": "yes"}))
    score = [
        ["".join(one.itertext()) for one in tree.iter("span") if one.get("class") == "nm-score"]
        for tree in (plain, strong)
    ]
    assert score[0] == score[1]
    sentence = "Job search support may not be needed: An employer would take the person on."
    assert (sentence in words(plain), sentence in words(strong)) == (False, True)
