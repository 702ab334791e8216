"""Pages of the network's relations: two people at once, what is typed, marks in the search, statements."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from netmap.db import open_session, transaction
from netmap.directory.models import Organization
from netmap.partners import agreements, matrix, service
from netmap.partners.models import Agreement, BodyMeeting, CoordinatingBody, PartnerService, Partnership
from tests.county import EMAILS, check_html
from tests.pages import fields, page, words

SignIn = Callable[[str | None], FlaskClient]
BY = EMAILS["coordinator"]
HOSPITAL, COUNCIL = "Kregžminos ligoninė", "Lauvenos krašto koordinacinė taryba"


def id_of(app: Flask, model: Any, **named: str) -> str:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return session.scalars(select(model).filter_by(**named)).one().id  # type: ignore[no-any-return]


def relation(app: Flask, organization: str) -> dict[str, str]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return service.as_form(service.of(session, organization))


def test_what_two_people_change_is_put_together_without_asking(app: Flask, sign_in: SignIn) -> None:
    client, hospital = sign_in("coordinator"), id_of(app, Organization, name=HOSPITAL)
    address = f"/organizations/{hospital}/relation/edit"
    mine, theirs = (fields(page(client.get(address)), address) for _number in range(2))
    assert client.post(address, data={**theirs, "note": "Theirs"}).status_code == 303
    assert client.post(address, data={**mine, "next_step": "Mine"}).status_code == 303
    assert (relation(app, hospital)["note"], relation(app, hospital)["next_step"]) == ("Theirs", "Mine")


def test_where_two_people_change_the_same_both_are_shown_and_nothing_typed_is_lost(
    app: Flask, sign_in: SignIn
) -> None:
    client, hospital = sign_in("coordinator"), id_of(app, Organization, name=HOSPITAL)
    address = f"/organizations/{hospital}/relation/edit"
    mine, theirs = (fields(page(client.get(address)), address) for _number in range(2))
    client.post(address, data={**theirs, "next_step": "Theirs", "note": "Their note"})
    answer = client.post(address, data={**mine, "next_step": "Mine", "state": "former"})
    assert answer.status_code == 409
    shown = page(answer)
    assert {"Mine", "Theirs", "Peržiūrėti"} <= {word.strip(":") for word in words(shown).split()}
    kept = fields(shown, address)
    assert (kept["next_step"], kept["state"]) == ("Mine", "former")
    assert relation(app, hospital)["next_step"] == "Theirs"
    nothing = client.post(address, data={**kept, "do": "settle"})
    assert (nothing.status_code, "Choose for: Next step" in words(page(nothing))) == (409, True)
    with transaction(app.extensions["netmap_engine"]) as session:
        newer = service.as_form(service.of(session, hospital)) | {"next_step": "A third"}
        service.change(session, hospital, newer, by=BY)
    chosen = {**kept, "do": "settle", "keep.next_step": "mine"}
    again = client.post(address, data=chosen)
    assert (again.status_code, "saved once more" in words(page(again))) == (409, True)
    assert (
        client.post(address, data={**fields(page(again), address), **_chosen("next_step")}).status_code == 303
    )
    now = relation(app, hospital)
    assert (now["next_step"], now["state"], now["note"]) == ("Mine", "former", "Their note")


def _chosen(name: str) -> dict[str, str]:
    return {"do": "settle", f"keep.{name}": "mine"}


def test_rows_of_an_agreement_that_both_changed_are_asked_about_whole(app: Flask, sign_in: SignIn) -> None:
    client, key = sign_in("coordinator"), id_of(app, Agreement, title="Detoksikacijos lovos")
    address = f"/agreements/{key}/edit"
    mine, theirs = (fields(page(client.get(address)), address) for _number in range(2))
    assert client.post(address, data={**theirs, "parties-0-role": "gydo"}).status_code == 303
    answer = client.post(address, data={**mine, "parties-2-name": "Mero pavaduotoja"})
    assert answer.status_code == 409
    assert {"gydo", "Mero pavaduotoja"} <= {
        one for one in ("gydo", "Mero pavaduotoja") if one in words(page(answer))
    }
    kept = fields(page(answer), address)
    assert client.post(address, data={**kept, **_chosen("parties")}).status_code == 303
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        names = [one.name for one in agreements.get(session, key).parties]
    assert names[-1] == "Mero pavaduotoja"
    assert len(names) == 3


def test_cells_that_others_answered_stay_and_the_same_cell_is_asked_about(
    app: Flask, sign_in: SignIn
) -> None:
    client, hospital = sign_in("coordinator"), id_of(app, Organization, name=HOSPITAL)
    address = "/partners/services/edit?group=addiction&page=1"
    shown = client.get(address).get_data(as_text=True)
    action = "/partners/services/edit?group=addiction&state=&page=1"
    mine = fields(page(client.get(address)), action)
    assert f"cell|{hospital}|harm_reduction" in shown
    with transaction(app.extensions["netmap_engine"]) as session:
        matrix.save(session, {f"{hospital}|gambling_help": "could"}, by=BY)
    saved = client.post(action, data={**mine, f"cell|{hospital}|self_help_group": "no"})
    assert saved.status_code == 303
    assert answers(app, hospital)["gambling_help"] == "could", "what I did not touch stays as they said"
    assert answers(app, hospital)["self_help_group"] == "no"
    answer = client.post(action, data={**mine, f"cell|{hospital}|self_help_group": "now"})
    assert answer.status_code == 409
    kept = fields(page(answer), action.partition("?")[0])
    settled = {**kept, **_chosen(f"{hospital}|self_help_group")}
    assert client.post(action, data=settled).status_code == 303
    assert answers(app, hospital)["self_help_group"] == "now"


def answers(app: Flask, organization: str) -> dict[str, str]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        rows = session.scalars(select(PartnerService).where(PartnerService.organization_id == organization))
        return {row.service_type: row.answer for row in rows}


def test_a_wrong_form_shows_a_sentence_at_the_field_and_all_that_was_typed(sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    form = fields(page(client.get("/agreements/new")), "/agreements/new")
    typed = {
        "title": "Winter", "kind": "contract", "begins": "2026-05-01", "ends": "2026-04-30",
        "parties-0-name": "Nobody's office", "parties-0-role": "pays", "goals": "Beds\nfor all",
    }  # fmt: skip
    answer = client.post("/agreements/new", data={**form, **typed})
    assert answer.status_code == 422
    tree = page(answer)
    assert "would end on 2026-04-30, before it begins on 2026-05-01" in words(tree)
    link = next(one for one in tree.iter("a") if "would end" in "".join(one.itertext()))
    assert link.get("href") == "#ends"
    again = fields(tree, "/agreements/new")
    assert {name: again[name] for name in typed} == typed


def test_an_agreement_can_be_begun_from_a_tie_that_tells_of_it(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    listed = client.get("/agreements")
    links = [one.get("href") or "" for one in page(listed).iter("a")]
    first = next(link for link in links if "/agreements/new?tie=" in link)
    before = len([link for link in links if "/agreements/new?tie=" in link])
    form = fields(page(client.get(first)), "/agreements/new")
    assert form["parties-0-name"]
    assert form["parties-1-name"]
    assert form["begins"]
    made = client.post("/agreements/new", data={**form, "kind": "memorandum", "title": "Told"})
    assert made.status_code == 303, words(page(made))
    links = [one.get("href") or "" for one in page(client.get("/agreements")).iter("a")]
    assert first not in links
    assert len([link for link in links if "/agreements/new?tie=" in link]) >= before - 1


def test_the_register_as_a_file_calculates_nothing_and_loses_nothing(app: Flask, sign_in: SignIn) -> None:
    form: dict[str, Any] = {"title": "=1+1", "kind": "contract", "parties": (("@office; =2", ""),)}
    with transaction(app.extensions["netmap_engine"]) as session:
        agreements.save(
            session, None, {**form, "price": "3.5", "volume_agreed": "8", "volume_used": "10"}, by=BY
        )
    answer = sign_in("planner").get("/agreements/register.csv")
    text = answer.get_data(as_text=True)
    (row,) = (line for line in text.splitlines() if "=1+1" in line)
    assert row.startswith("'=1+1,Contract,'@office; '=2,No beginning yet,125,3.5")
    assert text.startswith("\ufeffWhat it is about,Kind,Parties")


def test_who_is_only_potential_is_found_and_marked_for_staff_but_not_told_to_the_public(
    app: Flask, sign_in: SignIn
) -> None:
    from dataclasses import replace

    from netmap.app import create_app

    said = "Nothing is agreed with this provider yet: ask before you send anybody."
    found = sign_in("case_manager").get("/search?q=Northlight")
    assert "First Words Study Room" in words(page(found))
    assert said in words(page(found))
    public = create_app(replace(app.extensions["netmap_settings"], public_directory=True))
    told = public.test_client().get("/search?q=Northlight").get_data(as_text=True)
    key = id_of(app, Organization, name="Northlight Centre for Speech and Ageing")
    shown = public.test_client().get(f"/organizations/{key}").get_data(as_text=True)
    public.extensions["netmap_engine"].dispose()
    assert "First Words Study Room" in told
    assert said not in told
    assert said not in shown
    assert "Relation to the network" not in shown


@pytest.mark.parametrize("role", ["case_manager", "planner", "admin"])
def test_others_read_everything_and_have_no_button_to_write(app: Flask, sign_in: SignIn, role: str) -> None:
    client, hospital = sign_in(role), id_of(app, Organization, name=HOSPITAL)
    council = id_of(app, CoordinatingBody, name=COUNCIL)
    for address in (
        f"/organizations/{hospital}/relation", f"/organizations/{hospital}/role", "/partners", "/agreements",
        "/partners/services", "/coordination", f"/coordination/{council}", "/coordination/agenda",
    ):  # fmt: skip
        text = client.get(address).get_data(as_text=True)
        assert [sign for sign in ("/edit", "/new", "/done") if sign in text] == [], address
    can_note = "/contacts" in client.get(f"/organizations/{hospital}/relation").get_data(as_text=True)
    assert can_note == (role == "case_manager")


def test_a_case_manager_notes_a_contact_and_sees_it(app: Flask, sign_in: SignIn) -> None:
    client, hospital = sign_in("case_manager"), id_of(app, Organization, name=HOSPITAL)
    address = f"/organizations/{hospital}/contacts"
    form = fields(page(client.get(f"/organizations/{hospital}/relation")), address)
    tomorrow = (datetime.now(UTC).date() + timedelta(days=2)).isoformat()
    wrong = client.post(address, data={**form, "day": tomorrow, "how": "phone", "sentence": "Beds on Monday"})
    assert (wrong.status_code, fields(page(wrong), address)["sentence"]) == (422, "Beds on Monday")
    assert (
        client.post(address, data={**form, "how": "phone", "sentence": "Beds on Monday"}).status_code == 303
    )
    assert "by phone: Beds on Monday" in words(page(client.get(f"/organizations/{hospital}/relation")))


def test_an_action_is_noted_as_done_once(app: Flask, sign_in: SignIn) -> None:
    client, council = sign_in("coordinator"), id_of(app, CoordinatingBody, name=COUNCIL)
    shown = page(client.get(f"/coordination/{council}"))
    action = next(
        form.get("action") or "" for form in shown.iter("form") if "/done" in (form.get("action") or "")
    )
    sent = fields(shown, action)
    assert client.post(action, data=sent).status_code == 303
    again = client.post(action, data=sent)
    assert (again.status_code, "noted already" in words(page(again))) == (409, True)


def test_a_meeting_is_changed_row_by_row(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        key = session.scalars(select(BodyMeeting.id).order_by(BodyMeeting.held_on)).first()
    address = f"/coordination/meetings/{key}/edit"
    form = fields(page(client.get(address)), address)
    assert (
        client.post(address, data={**form, "actions-0-owner": "Ann", "decisions-0-sentence": ""}).status_code
        == 303
    )
    again = fields(page(client.get(address)), address)
    assert (again["actions-0-owner"], again["decisions-0-sentence"]) == ("Ann", "")


def test_the_briefing_comes_in_the_chosen_language_and_names_no_person(app: Flask, sign_in: SignIn) -> None:
    client, hospital = sign_in("case_manager"), id_of(app, Organization, name=HOSPITAL)
    for language, need in (("lt", "Benamystė"), ("ru", "Бездомность"), ("en", "Homelessness")):
        text = client.get(f"/organizations/{hospital}/briefing?language={language}").get_data(as_text=True)
        assert f'<div lang="{language}" class="nm-pn-sheet">' in text
        assert need.casefold() in text.casefold()
    assert client.get(f"/organizations/{hospital}/briefing?language=xx").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/partners?state=friend&owner=%00&sort=x&page=999999999&when=never&name=%25_%5C",
        "/agreements?state=x&sort=y&page=-1",
        "/partners/services?group=nothing&state=known&page=77",
        "/agreements/new?organization=gone&tie=gone",
    ],
)
def test_odd_questions_get_a_page(sign_in: SignIn, address: str) -> None:
    assert sign_in("coordinator").get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/organizations/gone/relation", "/organizations/gone/role", "/organizations/gone/briefing",
        "/organizations/gone/relation/edit", "/organizations/gone/role/edit", "/agreements/gone",
        "/agreements/gone/edit", "/coordination/gone", "/coordination/meetings/gone/edit",
        "/coordination/gone/meetings/new", "/coordination/agenda?body=gone",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(sign_in: SignIn, address: str) -> None:
    assert sign_in("coordinator").get(address).status_code == 404


def test_a_form_with_a_broken_state_asks_about_everything_in_place_of_overwriting(
    app: Flask, sign_in: SignIn
) -> None:
    client, hospital = sign_in("coordinator"), id_of(app, Organization, name=HOSPITAL)
    address = f"/organizations/{hospital}/relation/edit"
    form = fields(page(client.get(address)), address)
    for broken in ("", "{", "[1]", json.dumps({"next_step": {"a": 1}})):
        answer = client.post(address, data={**form, "was": broken, "next_step": "Other"})
        assert answer.status_code == 409
    assert relation(app, hospital)["next_step"] != "Other"


def test_pages_ask_the_database_as_often_for_a_thousand_partners(app: Flask, sign_in: SignIn) -> None:
    client, engine = sign_in("coordinator"), app.extensions["netmap_engine"]
    council = id_of(app, CoordinatingBody, name=COUNCIL)
    pages = (
        "/partners", "/agreements", "/agreements/register", "/partners/services", "/partners/services/edit",
        "/coordination", f"/coordination/{council}", "/coordination/agenda",
    )  # fmt: skip
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, said, *_rest: asked.append(said))

    def counted() -> dict[str, int]:
        found = {}
        for address in pages:
            client.get(address)  # the session is noted as alive once a minute
            asked.clear()
            answer = client.get(address)
            assert answer.status_code == 200
            check_html(answer.get_data(as_text=True))
            found[address] = len(asked)
        return found

    few = counted()
    with transaction(engine) as session:
        for number in range(1000):
            key = f"many-{number}"
            session.add(Organization(id=key, name=f"Organisation {number}"))
            session.add(
                Partnership(organization_id=key, state="partner", next_step="x", next_on=date(2020, 1, 1))
            )
            session.add(PartnerService(organization_id=key, service_type="debt_advice", answer="now"))
            begins = date(2020, 1, 1)
            agreement = Agreement(id=key, title=key, kind="other", begins=begins, review_on=begins)
            agreement.parties = []
            session.add(agreement)
    many = counted()
    assert many == few
    assert max(many.values()) <= 15, many
