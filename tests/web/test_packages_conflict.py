"""Two tabs on one package: what only one has changed is kept, the rest is asked, nothing typed is lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from netmap.db import open_session
from netmap.packages.document import Document, stored, to_mapping
from netmap.packages.service import get, history
from netmap.web.packages_draft import NO_DOSE, Draft, DraftLine, DraftSubstitute, from_document
from netmap.web.packages_form import document_of
from netmap.web.packages_merge import draft_of, together
from netmap.web.packages_sent import from_form, to_form
from tests.pages import fields, page, words

CODE = "drinking_single_parent_with_debts"
EDIT = f"/packages/{CODE}/edit"
SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def coordinator(sign_in: SignIn) -> FlaskClient:
    return sign_in("coordinator")


@pytest.fixture
def other(sign_in: SignIn) -> FlaskClient:
    return sign_in("coordinator")


def opened(client: FlaskClient) -> MultiDict[str, str]:
    """The form as a tab holds it."""
    return fields(page(client.get(EDIT)), EDIT)


def send(client: FlaskClient, form: MultiDict[str, str], do: str = "save", **changes: str) -> TestResponse:
    sent = form.copy()
    for name, value in {**changes, "do": do}.items():
        sent[name] = value
    return client.post(EDIT, data=sent)


def kept(app: Flask) -> Document:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return get(session, CODE).document


def numbers(app: Flask) -> list[int]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return [version.number for version in history(session, CODE)]


def test_what_only_one_of_two_has_changed_is_kept_without_asking(
    app: Flask, coordinator: FlaskClient, other: FlaskClient
) -> None:
    mine, theirs = opened(coordinator), opened(other)
    assert send(other, theirs, **{"lines.0.start_day": "9", "note": "later"}).status_code == 303
    answer = send(coordinator, mine, **{"name.en": "My name"})
    assert answer.status_code == 303
    assert "It also holds what somebody else saved as version 2" in coordinator.get(answer.location).text
    assert numbers(app) == [3, 2, 1]
    assert (kept(app).name["en"], kept(app).lines[0].start_day) == ("My name", 9)


@pytest.mark.parametrize(("choice", "name"), [("mine", "My name"), ("theirs", "Their name")])
def test_where_both_differ_the_second_sees_all_three_and_chooses(
    app: Flask, coordinator: FlaskClient, other: FlaskClient, choice: str, name: str
) -> None:
    before = kept(app).name["en"]
    mine, theirs = opened(coordinator), opened(other)
    send(other, theirs, **{"name.en": "Their name", "max_km": "12"})
    answer = send(coordinator, mine, **{"name.en": "My name", "budget": "7", "note": "why I did it"})
    tree = page(answer)
    assert answer.status_code == 409
    assert all(text in words(tree) for text in (before, "Their name", "My name", "Keep mine", "Take theirs"))
    assert numbers(app) == [2, 1]
    again = fields(tree, EDIT)
    assert [one for one in again if one.startswith("keep.")] == [], "nothing is chosen for the person"
    saved = send(coordinator, again, "settle", **{"keep.texts.name.en": choice})
    assert saved.status_code == 303
    found = kept(app)
    assert (found.name["en"], found.max_km, found.budget) == (name, 12, 7)
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert get(session, CODE).note == "why I did it"


def test_a_choice_that_is_missing_is_asked_for_again_at_its_field(
    app: Flask, coordinator: FlaskClient, other: FlaskClient
) -> None:
    mine, theirs = opened(coordinator), opened(other)
    send(other, theirs, **{"name.en": "Their name", "paper_name.en": "Their paper"})
    form = fields(page(send(coordinator, mine, **{"name.en": "My name", "paper_name.en": "My paper"})), EDIT)
    answer = send(coordinator, form, "settle", **{"keep.texts.name.en": "mine"})
    tree = page(answer)
    ids = {part.get("id") for part in tree.iter()}
    assert answer.status_code == 409
    assert 'href="#keep.texts.paper_name.en"' in answer.text
    assert "keep.texts.paper_name.en" in ids
    again = fields(tree, EDIT)
    assert again["keep.texts.name.en"] == "mine", "what was chosen stays chosen"
    assert numbers(app) == [2, 1]


def test_going_on_to_edit_shows_both_together_and_saves_nothing_yet(
    app: Flask, coordinator: FlaskClient, other: FlaskClient
) -> None:
    mine, theirs = opened(coordinator), opened(other)
    send(other, theirs, **{"name.en": "Their name", "max_km": "12"})
    form = fields(page(send(coordinator, mine, **{"name.en": "My name", "budget": "7"})), EDIT)
    answer = send(coordinator, form, "settle-edit", **{"keep.texts.name.en": "mine"})
    again = fields(page(answer), EDIT)
    assert answer.status_code == 200
    assert (again["name.en"], again["max_km"], again["budget"]) == ("My name", "12", "7")
    assert numbers(app) == [2, 1]
    assert send(coordinator, again, **{"name.en": "Our name"}).status_code == 303
    assert kept(app).name["en"] == "Our name"


def test_a_third_person_in_between_makes_the_second_look_again(
    app: Flask, coordinator: FlaskClient, other: FlaskClient
) -> None:
    mine, theirs = opened(coordinator), opened(other)
    send(other, theirs, **{"name.en": "Their name"})
    form = fields(page(send(coordinator, mine, **{"name.en": "My name"})), EDIT)
    send(other, opened(other), **{"name.en": "Their newest name"})
    answer = send(coordinator, form, "settle", **{"keep.texts.name.en": "theirs"})
    assert answer.status_code == 409
    assert "saved once more" in answer.text
    assert "Their newest name" in answer.text
    assert "My name" in answer.text
    assert numbers(app) == [3, 2, 1]


def test_a_form_that_hides_where_it_started_is_asked_about_every_difference(
    app: Flask, coordinator: FlaskClient
) -> None:
    answer = send(coordinator, opened(coordinator), **{"name.en": "Mine", "max_km": "3", "expected": "x"})
    again = page(answer)
    assert answer.status_code == 409
    radios = {part.get("name") for part in again.iter("input") if part.get("type") == "radio"}
    assert radios == {"keep.texts.name.en", "keep.max_km"}
    assert "When you opened it" not in words(again)
    assert numbers(app) == [1]


def test_a_line_that_one_removes_and_the_other_changes_is_asked_about_as_a_whole(
    app: Flask, coordinator: FlaskClient, other: FlaskClient
) -> None:
    mine = opened(coordinator)
    gone = fields(page(send(other, opened(other), "remove.1")), EDIT)
    key = kept(app).lines[1].key
    assert send(other, gone).status_code == 303
    answer = send(coordinator, mine, **{"lines.1.goal.en": "My own goal"})
    assert answer.status_code == 409
    assert "My own goal" in words(page(answer))
    form = fields(page(answer), EDIT)
    saved = send(coordinator, form, "settle", **{f"keep.lines.{key}": "mine"})
    assert saved.status_code == 303
    assert [line.key for line in kept(app).lines].index(key) == 1
    assert kept(app).lines[1].goal["en"] == "My own goal"


def test_two_changes_of_dose_and_substitutes_are_shown_in_words(
    coordinator: FlaskClient, other: FlaskClient
) -> None:
    mine, theirs = opened(coordinator), opened(other)
    dose, stand_in = "lines.1.dose.times", "lines.1.substitutes.0.share"
    assert send(other, theirs, **{dose: "3", stand_in: "0.25"}).status_code == 303
    answer = send(coordinator, mine, **{dose: "2", stand_in: "0.75", "model": "broker"})
    assert answer.status_code == 409
    shown = words(page(answer))
    assert "2 times a week, for 26 weeks" in shown
    assert "3 times a week, for 26 weeks" in shown
    assert "Self-help group, a little of it, if the person does not want the first" in shown
    assert "Self-help group, most of it, if the person does not want the first" in shown


def test_two_new_lines_with_the_same_key_are_both_kept(
    app: Flask, coordinator: FlaskClient, other: FlaskClient
) -> None:
    count = len(kept(app).lines)
    start = f"lines.{count}"
    line = {f"{start}.need": "fin.budgeting", f"{start}.service_type": "debt_advice"}
    for client in (other, coordinator):
        client.form = fields(page(send(client, opened(client), "add")), EDIT)  # type: ignore[attr-defined]
    for client, goal in ((other, "Their goal"), (coordinator, "My goal")):
        answer = send(client, client.form, **line, **{f"{start}.goal.en": goal})  # type: ignore[attr-defined]
        assert answer.status_code == 303
    goals = [one.goal.get("en") for one in kept(app).lines]
    assert {"Their goal", "My goal"} <= set(goals)
    assert len(goals) == count + 2


def test_changes_that_do_not_go_together_come_back_as_a_form_with_the_error(
    app: Flask, coordinator: FlaskClient, other: FlaskClient
) -> None:
    closed = {"fact.age_18_29": "excluded", "reason.en": "There is another house for the young"}
    assert send(other, opened(other), **closed).status_code == 303
    mine, theirs = opened(coordinator), opened(other)
    assert send(other, theirs, **{"fact.age_18_29": "", "reason.en": ""}).status_code == 303
    answer = send(coordinator, mine, **{"fact.age_under_18": "excluded", "name.en": "My name"})
    again = fields(page(answer), EDIT)
    assert answer.status_code == 422
    assert "Say why the package is closed" in answer.text
    assert (again["name.en"], again["fact.age_under_18"], again["expected"]) == ("My name", "excluded", "3")
    assert numbers(app) == [3, 2, 1]


def test_what_was_typed_is_sent_along_as_text_never_as_markup(
    app: Flask, coordinator: FlaskClient, other: FlaskClient
) -> None:
    evil = "<script>alert(1)</script>\"'"
    mine, theirs = opened(coordinator), opened(other)
    send(other, theirs, **{"name.en": evil + "theirs", "note": evil})
    answer = send(coordinator, mine, **{"name.en": evil + "mine"})
    assert answer.status_code == 409
    assert "<script>alert" not in answer.text
    assert fields(page(answer), EDIT)["name.en"] == evil + "mine"


KEYS = ("debts", "job", "home")
CODES = ("fin.consumer_debt", "fin.budgeting", "emp.unemployed")
STAND_IN = DraftSubstitute("budgeting_course", when="refused", note={"lt": "e"})
LAWYER = DraftSubstitute("legal_aid", "0.5")
WORKING = {
    "track": ("barriers", "job_search"), "model": ("", "broker"), "cost": ("", "40"), "pilot": ("", "yes"),
    "owner": ("", "a@b.example"),
}  # fmt: skip


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Forms of documents with up to three lines in any order."""
    keys = draw(st.lists(st.sampled_from((*KEYS, "line_1")), unique=True, max_size=4))
    lines = tuple(
        DraftLine(
            key,
            need=draw(st.sampled_from(CODES)),
            service_type="debt_advice",
            goal={"en": draw(st.sampled_from(["a", "b", "c"]))},
            addresses=tuple((code, "1") for code in draw(st.lists(st.sampled_from(CODES), unique=True))),
            after=tuple(one for one in keys[:place] if draw(st.booleans())),
            required=draw(st.booleans()),
            cause=draw(st.sampled_from([{}, {"uk": "d"}])),
            dose=draw(st.sampled_from([NO_DOSE, ("2", "week", "6"), ("1", "once", "")])),
            substitutes=draw(st.sampled_from([(), (STAND_IN,), (STAND_IN, LAWYER)])),
            **draw(st.sampled_from([{}, *({"beside": one, "when": ("rural",)} for one in keys[:place])])),
        )
        for place, key in enumerate(keys)
    )
    rows = draw(st.lists(st.sampled_from(CODES), unique=True))
    names = draw(st.dictionaries(st.sampled_from(["name.en", "name.lt"]), st.sampled_from(["x", "y", "z"])))
    weights = st.sampled_from(["1", "0.5", "0.25"])
    profile = tuple((code, draw(weights)) for code in rows)
    hours = draw(st.sampled_from(["", "MO-FR 17:00-20:00"]))
    working = {name: draw(st.sampled_from(values)) for name, values in WORKING.items()}
    types = tuple(draw(st.lists(st.sampled_from(["shelter", "crisis_line"]), unique=True)))
    return Draft(
        code="small",
        texts=names,
        profile=profile,
        hours=hours,
        lines=lines,
        note="n",
        expected=1,
        crisis_types=types,
        **working,
    )


def plain(draft: Draft) -> object:
    """A form whatever the order of its rows; the order of its lines counts."""
    lines = [
        replace(line, addresses=tuple(sorted(line.addresses)), after=tuple(sorted(line.after)))
        for line in draft.lines
    ]
    working = [getattr(draft, name) for name in WORKING]
    types = sorted(draft.crisis_types)
    return dict(draft.texts), sorted(draft.profile), draft.hours, lines, draft.note, working, types


@settings(max_examples=150, deadline=None)
@given(base=drafts(), theirs=drafts(), mine=drafts(), choose=st.sampled_from(["mine", "theirs"]))
def test_nothing_typed_into_a_package_is_lost(base: Draft, theirs: Draft, mine: Draft, choose: str) -> None:
    found, mine = together(base, theirs, mine)
    settled = draft_of(found.settled({one.name: choose for one in found.disagreements}), theirs, mine, 2)
    at_first = {line.key: line for line in base.lines}
    if choose == "mine":
        for name, text in mine.texts.items():
            assert settled.texts.get(name) == text or base.texts.get(name) == text
        there = {line.key: line for line in settled.lines}
        for line in mine.lines:
            assert line.key in there or at_first.get(line.key) == line, "my line is there, unless I left it"
            if line.key in there and line.goal != getattr(at_first.get(line.key), "goal", None):
                assert there[line.key].goal["en"] == line.goal["en"]
    keys = [line.key for line in settled.lines]
    assert len(keys) == len(set(keys))
    assert all(key in keys for line in settled.lines for key in (*line.after, *filter(None, [line.beside])))


@settings(max_examples=60, deadline=None)
@given(base=drafts(), mine=drafts())
def test_alone_the_form_is_as_typed(base: Draft, mine: Draft) -> None:
    found, same = together(base, base, mine)
    assert found.disagreements == ()
    assert plain(draft_of(found.settled({}), base, same, 2)) == plain(mine)


@settings(max_examples=60, deadline=None)
@given(draft=drafts())
def test_a_form_that_is_sent_along_unseen_comes_back_as_it_was(draft: Draft) -> None:
    back = from_form(MultiDict(to_form(draft)))
    assert plain(replace(back, texts={name: text for name, text in back.texts.items() if text})) == plain(
        replace(draft, lines=back.lines)
    )
    assert [line.key for line in back.lines] == [line.key for line in draft.lines]
    assert (back.expected, back.profile) == (draft.expected, draft.profile)
    assert [more(line) for line in back.lines] == [more(line) for line in draft.lines]


def more(line: DraftLine) -> object:
    """The rare fields of a line; a browser sends every language, also the empty ones."""
    texts = [line.cause, *(one.note for one in line.substitutes)]
    kinds = [(one.service_type, one.share, one.when) for one in line.substitutes]
    said = [{name: text for name, text in one.items() if text} for one in texts]
    return line.beside, line.when, line.dose, kinds, said


def test_a_shipped_package_survives_being_taken_apart(app: Flask) -> None:
    document = kept(app)
    draft = from_document(document, 1)
    found, mine = together(draft, draft, draft)
    assert (
        document_of(draft_of(found.settled({}), draft, mine, 1)) == document == stored(to_mapping(document))
    )
