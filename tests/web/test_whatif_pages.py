"""The pages of scenarios: made from a gap, changed, shared, compared, thrown away."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from netmap.app import create_app, import_all_models
from netmap.auth.service import add_user
from netmap.db import open_engine, open_session, transaction
from netmap.demo import PASSWORD, PEOPLE
from netmap.directory.conditions import CostOption
from netmap.directory.models import (
    EligibilityRule,
    Service,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceTypeLink,
)
from netmap.migrations.upgrade import upgrade
from netmap.network.gaps.loading import load
from netmap.network.service import gaps
from netmap.network.whatif.scenario_models import Scenario
from tests.county import StrictClient, settings_for
from tests.network.examples import put_town
from tests.pages import fields, page, words

SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The application on the three towns of the worked example."""
    folder = tmp_path / "data"
    folder.mkdir()
    settings = settings_for(folder)
    import_all_models()
    engine = open_engine(settings.database())
    upgrade(engine)
    with transaction(engine) as writing:
        put_town(writing)
        for email, role in PEOPLE:
            add_user(writing, email, PASSWORD, role, demo=True)
    engine.dispose()
    app = create_app(settings)
    app.test_client_class = StrictClient
    yield app
    app.extensions["netmap_engine"].dispose()


def key_of(app: Flask, kind: str) -> str:
    """Return the key of the first gap of a kind."""
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        found = gaps(session, app.extensions["netmap_settings"])
    return next(gap["key"] for gap in found["gaps"] if gap["type"] == kind)


def make(client: FlaskClient, address: str, **typed: str) -> str:
    """Fill in the form of a change at an address; return where it leads."""
    form = fields(page(client.get(address)), "/what-if/change")
    for name, value in typed.items():
        form[name] = value
    answer = client.post("/what-if/change", data=form)
    assert answer.status_code == 303, words(page(answer))
    return answer.headers["Location"]


def do(client: FlaskClient, address: str, **typed: str) -> str:
    """Send the form of a scenario; return where it leads."""
    answer = client.post(address, data={**fields(page(client.get(address)), address), **typed})
    assert answer.status_code == 303, words(page(answer))
    return answer.headers["Location"]


def parents(client: FlaskClient, name: str = "Parents are taken") -> str:
    """Make the scenario in which P2 takes parents."""
    address = "/what-if/change?do=change_service&service=v2&accept=single_parent"
    return make(client, address, name=name)


def seen(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return words(page(answer))


def kept(app: Flask) -> list[Scenario]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return list(session.scalars(select(Scenario).order_by(Scenario.name)))


def test_from_a_gap_to_the_rule_change_that_closes_it(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    told = seen(client, f"/what-if?gap={key_of(app, 'ELIGIBILITY')}")
    assert "Another rule: Service v2 (Provider P2) takes these people too (Single parent)" in told
    assert "A new service that meets the requirements, in Town A" in told
    told = seen(client, parents(client))
    assert "1 gap closes (areas: 2), for 50 clients a year." in told
    assert "50 clients come into question, the capacity is enough for 40." in told
    assert (
        "1 new hand-off has to be agreed on (areas: 2), for 50 clients a year. Provider P2 → Provider P4."
        in told
    )
    assert "Service v2 (Provider P2): no longer shuts out: Single parent." in told


@pytest.mark.parametrize(
    ("kind", "idea"),
    [
        ("DISTANCE", "comes to Town C too"),
        ("DURATION", "Service v8 (Provider P7) gives lasting help"),
        ("NO_PROVIDER", "A new service that meets the requirements, in Town A"),
    ],
)
def test_each_kind_of_gap_offers_what_would_open_it(
    app: Flask, sign_in: SignIn, kind: str, idea: str
) -> None:
    assert idea in seen(sign_in("planner"), f"/what-if?gap={key_of(app, kind)}")


def test_where_no_place_is_free_more_places_can_be_tried(app: Flask, sign_in: SignIn) -> None:
    with transaction(app.extensions["netmap_engine"]) as session:
        row = session.scalars(select(ServiceCapacity).where(ServiceCapacity.service_id == "v1")).one()
        row.available = 0
    client = sign_in("planner")
    tree = page(client.get(f"/what-if?gap={key_of(app, 'PLACES')}"))
    (link,) = [one for one in tree.iter("a") if "More places at Service v1" in words(one)]
    told = seen(client, make(client, link.get("href") or "", name="More places"))
    assert "Service v1 (Provider P1): for 80 clients a year." in told
    assert "1 gap closes (areas: 2), for 50 clients a year." in told


def test_an_idea_has_a_name_that_ends_at_a_word(app: Flask, sign_in: SignIn) -> None:
    with transaction(app.extensions["netmap_engine"]) as session:
        service = session.get_one(Service, "v2")
        service.name = "Advice and company for people who have been drinking for a long time and want to stop"
    tree = page(sign_in("planner").get(f"/what-if?gap={key_of(app, 'ELIGIBILITY')}"))
    link = next(one for one in tree.iter("a") if "Another rule" in words(one))
    name = parse_qs(urlsplit(link.get("href") or "").query)["name"][0]
    assert len(name) <= 80
    assert name.endswith(" …")
    assert words(link).startswith(name.removesuffix(" …") + " ")


def test_every_idea_about_a_gap_leads_to_a_form_that_can_be_sent(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    tried = 0
    for kind in ("ELIGIBILITY", "NO_PROVIDER", "DISTANCE", "DURATION"):
        tree = page(client.get(f"/what-if?gap={key_of(app, kind)}"))
        for link in tree.iter("a"):
            address = link.get("href") or ""
            if address.startswith("/what-if/change?"):
                told = seen(client, make(client, address, name=f"Idea {tried}"))
                assert "closes (areas: " in told or "close (areas: " in told, address
                tried += 1
    assert tried >= 6


def test_two_changes_together_and_one_taken_out_again(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    address = parents(client)
    key = address.rsplit("/", 1)[1]
    again = make(client, f"/what-if/change?do=link&one=P2&other=P4&scenario={key}")
    assert again == address
    assert "to be agreed on (" not in seen(client, address)
    do(client, address, do="without", number="1")
    assert "1 new hand-off has to be agreed on" in seen(client, address)


def test_a_provider_that_closes_is_told_with_its_gaps(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    assert "A provider closes" in seen(client, "/what-if?provider=P4")
    told = seen(client, make(client, "/what-if/change?do=close_provider&provider=P4", name="Without P4"))
    assert "2 new gaps open (areas: 3), for 100 clients a year." in told
    assert "Provider P4 closes, with everything that it offers." in told


def test_two_scenarios_side_by_side(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    one = parents(client).rsplit("/", 1)[1]
    other = make(
        client, "/what-if/change?do=add_service", name="Bus", service_type="transport_help", area="A",
        provider="Bus club", capacity="20",
    ).rsplit("/", 1)[1]  # fmt: skip
    told = seen(client, f"/what-if/compare?a={one}&b={other}")
    assert "Gaps that close 1 (areas: 2; clients a year: 50) 1 (areas: 2; clients a year: 30)" in told
    assert "Outpatient addiction treatment: 40 of 50" in told
    assert "20 of 30" in told
    assert "New hand-offs to be agreed on 1 (areas: 2; clients a year: 50) 0" in told


def test_nobody_sees_a_scenario_before_it_is_shared_and_nobody_else_changes_it(
    app: Flask, sign_in: SignIn
) -> None:
    planner, coordinator, case_manager = (
        sign_in(role) for role in ("planner", "coordinator", "case_manager")
    )
    address = parents(planner)
    assert coordinator.get(address).status_code == 404
    assert "Parents are taken" not in seen(coordinator, "/what-if")
    do(planner, address, do="share")
    for client in (coordinator, case_manager):
        assert "Shared by planner@demo.example" in seen(client, "/what-if")
        assert "1 gap closes" in seen(client, address)
    token = coordinator.token("/account")  # type: ignore[attr-defined]
    refused = coordinator.post(address, data={"csrf_token": token, "do": "delete", "version": "2"})
    assert refused.status_code == 403
    copied = do(coordinator, address, do="copy")
    assert "Copy of Parents are taken" in seen(coordinator, copied)
    do(planner, address, do="keep")
    assert case_manager.get(address).status_code == 404


def test_renaming_and_deleting(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    address = parents(client)
    do(client, address, do="rename", name="Parents are welcome")
    assert [one.name for one in kept(app)] == ["Parents are welcome"]
    assert "Delete “Parents are welcome” for good?" in seen(client, f"{address}?ask=delete")
    form = fields(page(client.get(f"{address}?ask=delete")), address)
    assert client.post(address, data={**form, "do": "delete"}).status_code == 303
    assert kept(app) == []
    assert client.get(address).status_code == 404


def test_a_form_of_an_older_state_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    address = parents(client)
    old = fields(page(client.get(address)), address)
    do(client, address, do="rename", name="Newer")
    assert client.post(address, data={**old, "do": "delete"}).status_code == 409
    assert [one.name for one in kept(app)] == ["Newer"]


@pytest.mark.parametrize(
    ("address", "typed", "told"),
    [
        ("do=add_service", {"area": "A", "name": "X"}, "Choose the kind of service."),
        ("do=add_service", {"service_type": "debt_advice", "name": "X"}, "Say in which area it lies"),
        ("do=change_service&service=v2", {"fee": "-1", "name": "X"}, "must lie from 0 to"),
        ("do=change_service&service=v2", {"fee": "much", "name": "X"}, "A number is needed here."),
        ("do=change_service&service=v2", {"hours": "always", "name": "X"}, "cannot be read as hours"),
        ("do=change_service&service=v2", {"name": "X"}, "Say what is to be different"),
        ("do=close_provider", {"provider": "Provider P44", "name": "X"}, "the nearest is"),
        ("do=link", {"one": "P1", "other": "P1", "name": "X"}, "Name two different providers."),
        ("do=close_provider&provider=P4", {"name": ""}, "Give the scenario a name"),
        ("do=close_provider&provider=P4", {"name": "call 8 612 34567"}, "A long number is not kept"),
    ],
)
def test_what_is_typed_wrong_is_told_beside_the_field_and_nothing_is_kept(
    app: Flask, sign_in: SignIn, address: str, typed: dict[str, str], told: str
) -> None:
    client = sign_in("planner")
    form = fields(page(client.get(f"/what-if/change?{address}")), "/what-if/change")
    answer = client.post("/what-if/change", data={**form, **typed})
    assert answer.status_code == 422
    assert told in words(page(answer))
    assert kept(app) == []


def test_a_kept_scenario_survives_changes_of_the_directory(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    address = parents(client)
    key = address.rsplit("/", 1)[1]
    make(client, f"/what-if/change?do=link&one=P2&other=P4&scenario={key}")
    with transaction(app.extensions["netmap_engine"]) as writing:
        for table in (EligibilityRule, ServiceAtLocation, ServiceCapacity, ServiceTypeLink, CostOption):
            writing.execute(delete(table).where(table.service_id == "v2"))
        writing.execute(delete(Service).where(Service.id == "v2"))
    told = seen(client, address)
    assert "Not tried: Change 1: 'v2' is not known" in told
    assert "Provider P2 and Provider P4 hand clients over to each other." in told


def test_a_case_manager_reads_and_does_not_plan(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("case_manager")
    assert "Begin a scenario" not in seen(client, "/what-if")
    assert client.get("/what-if/change?do=add_service").status_code == 403
    assert client.get("/what-if?gap=gone").status_code == 404


def test_every_gap_and_every_risk_has_its_page_of_ideas(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        found = load(session, app.extensions["netmap_settings"])
        keys = {card.key: card.kind for card in (*found.cards(), *found.apart())}
    assert {"CAPACITY", "BROKEN_LINK", "SINGLE_PROVIDER", "STALE", "PACKAGE"} <= set(keys.values())
    for key, kind in keys.items():
        told = seen(client, f"/what-if?gap={key}")
        assert "What could be tried about this gap" in told, kind
        if kind == "CAPACITY":
            assert "More places at Service v" in told
        if kind == "BROKEN_LINK":
            assert "Agree: Provider P5 hands clients over to Provider P4" in told


def test_the_way_back_to_the_gap_is_kept_whatever_is_done_with_a_scenario(
    app: Flask, sign_in: SignIn
) -> None:
    client, key = sign_in("planner"), key_of(app, "ELIGIBILITY")
    address = make(
        client, f"/what-if/change?do=change_service&service=v2&accept=single_parent&gap={key}", name="Parents"
    )
    back = f"/gaps/{key}"
    assert any(link.get("href") == back for link in page(client.get(address)).iter("a"))
    place = address.split("?")[0]
    for what in ("rename", "share", "copy"):
        form = {**fields(page(client.get(f"{place}?gap={key}")), place), "do": what}
        answer = client.post(place, data=form)
        leads = answer.headers["Location"]
        assert any(link.get("href") == back for link in page(client.get(leads)).iter("a")), what


def test_the_form_of_an_idea_shows_what_it_is_about_and_folds_the_rest(app: Flask, sign_in: SignIn) -> None:
    tree = page(sign_in("planner").get("/what-if/change?do=change_service&service=v2&accept=single_parent"))
    (folded,) = [one for one in tree.iter("details") if one.get("class") == "govuk-details"]
    inside = {one.get("name") for kind in ("input", "select") for one in folded.iter(kind)}
    assert {"fee", "capacity", "languages", "interpreter", "step_free"} <= inside
    assert "accept" not in inside
    legends = [words(one) for one in tree.iter("legend")]
    assert {"These people are taken from now on", "Languages", "Interpreter", "Way in"} <= set(legends)


def test_languages_are_ticked_and_typed(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    tree = page(client.get("/what-if/change?do=change_service&service=v2&languages=uk"))
    form = {**fields(tree, "/what-if/change"), "name": "Languages", "languages": ["uk", "pl"]}
    answer = client.post("/what-if/change", data=form)
    assert answer.status_code == 303, words(page(answer))
    assert "speaks Polish, Ukrainian" in seen(client, answer.headers["Location"])


def hrefs(client: FlaskClient, address: str, text: str) -> list[str]:
    """Return where the links with a text lead."""
    tree = page(client.get(address))
    return [one.get("href") or "" for one in tree.iter("a") if "".join(one.itertext()) == text]


def test_the_proposal_of_a_gap_holds_what_was_tried(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    gap = key_of(app, "ELIGIBILITY")
    key = parents(client).rsplit("/", 1)[1]
    (address,) = hrefs(client, f"/scenarios/{key}?gap={gap}", "To the proposal of this gap")
    assert address == f"/gaps/{gap}/proposal?scenario={key}"
    told = seen(client, address)
    assert "What was tried: Parents are taken" in told
    assert "closes in Town A, Town B" in told
    assert "Gaps that close 1 (areas: 2; clients a year: 50)" in told
    (plain,) = hrefs(client, address, "As text")
    text = client.get(plain).get_data(as_text=True)
    assert "WHAT WAS TRIED: PARENTS ARE TAKEN" in text
    assert "Gaps that close: 1 (areas: 2; clients a year: 50)" in text
    (pdf,) = hrefs(client, address, "As a PDF")
    sheets = pypdf.PdfReader(io.BytesIO(client.get(pdf).data)).pages
    assert "What was tried: Parents are taken" in "".join(one.extract_text() for one in sheets)
    assert "What was tried: Parents are taken" not in client.get(f"/gaps/{gap}/proposal.txt").text


SAID = ("Gaps that close", "Gaps that open", "Clients within capacity", "New hand-offs to be agreed on")


def test_the_proposal_says_what_the_page_of_comparing_says(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    gap = key_of(app, "ELIGIBILITY")
    one = parents(client).rsplit("/", 1)[1]
    two = make(client, "/what-if/change?do=close_provider&provider=P4", name="Without P4").rsplit("/", 1)[1]
    compared = f"/what-if/compare?a={one}&b={two}&gap={gap}"
    (address,) = hrefs(client, compared, "To the proposal of this gap")
    told, rows = seen(client, address), 0
    for line in page(client.get(compared)).iter("tr"):
        name, *values = [words(cell) for cell in line]
        for value in values if name in SAID else ():
            if value not in ("0", "–"):
                assert f"{name} {value}" in told
                rows += 1
    assert rows >= 3
    assert told.rindex("What was tried: Parents") < told.rindex("What was tried: Without P4")
    assert "This gap stays as it is" in told


def test_a_scenario_of_somebody_else_stands_in_a_proposal_once_it_is_shared(
    app: Flask, sign_in: SignIn
) -> None:
    client, other = sign_in("planner"), sign_in("coordinator")
    address = parents(client)
    proposal = f"/gaps/{key_of(app, 'ELIGIBILITY')}/proposal?scenario={address.rsplit('/', 1)[1]}"
    assert other.get(proposal).status_code == 404
    assert "Parents are taken" not in seen(other, proposal.partition("?")[0])
    do(client, address, do="share")
    assert "closes in Town A, Town B" in seen(other, proposal)


def test_the_proposal_holds_the_best_site_where_it_was_chosen(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("planner")
    gap = key_of(app, "NO_PROVIDER")
    (sites,) = hrefs(client, f"/gaps/{gap}/proposal", "Where to open it")
    (address,) = hrefs(client, sites, "To the proposal of this gap")
    best = address.rpartition("site=")[2]
    told = seen(client, address)
    assert "Where it helps most" in told
    assert "Proved: no other choice of so many places does better." in told
    name = seen(client, sites).split("The best choice ", 1)[1].split(" ·", 1)[0]
    assert f"{name}: " in told.split("Where it helps most", 1)[1]
    elsewhere = next(code for code in "ABC" if code != best)
    said = seen(client, f"/gaps/{gap}/proposal?site={elsewhere}")
    assert "is nearly as good as" in said or "is not the best choice" in said
    assert "Where it helps most" not in seen(client, f"/gaps/{gap}/proposal?site=nowhere")
