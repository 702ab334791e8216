"""Pages of the ring-round: from the queue through a call to the next one, and taking it back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from netmap.db import now, open_session, transaction
from netmap.directory.models import Organization, Phone, Service
from netmap.freshness.models import Call, Claim, DoubtfulPhone, stands
from tests.county import EMAILS

SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def desk(app: Flask) -> str:
    """A provider with two or more services and a telephone number, which nobody has today."""
    with transaction(app.extensions["netmap_engine"]) as session:
        session.execute(delete(Claim))
        session.execute(delete(Call))
        session.execute(delete(DoubtfulPhone))
        query = select(Service.organization_id).join(Phone, Phone.organization_id == Service.organization_id)
        found = session.scalars(query.where(Service.status == "active").order_by(Service.organization_id))
        owners = list(found)
        return next(one for one in owners if one and owners.count(one) >= 2)


def services(app: Flask, desk: str) -> list[Service]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return list(session.scalars(select(Service).where(Service.organization_id == desk)))


def calls(app: Flask) -> list[Call]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return list(session.scalars(select(Call).where(stands()).order_by(Call.id)))


def send(client: FlaskClient, path: str, **form: object) -> TestResponse:
    return client.post(path, data={**form, "csrf_token": client.token("/")})  # type: ignore[attr-defined]


def ids(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" type="(?:checkbox|radio)" value="([^"]+)"', page)


def test_one_click_confirms_all_services_and_brings_the_next_call(
    app: Flask, sign_in: SignIn, desk: str
) -> None:
    client = sign_in("case_manager")
    page = client.get(f"/ringing/{desk}").get_data(as_text=True)
    ticked = ids(page, "services")
    assert len(ticked) >= 2
    answer = send(
        client, f"/ringing/{desk}", outcome="confirmed", services=ticked, phone=ids(page, "phone")[0]
    )
    assert answer.status_code == 303
    assert "/ringing/" in answer.headers["Location"]
    assert desk not in answer.headers["Location"]
    following = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Kept: Confirmed" in following
    today = datetime.now(UTC).date()
    assert {(one.assured_date, one.assurer_email) for one in services(app, desk)} == {
        (today, EMAILS["case_manager"])
    }
    (made,) = calls(app)
    send(client, f"/ringing/calls/{made.id}/undo", do="undo")
    assert calls(app) == []
    assert EMAILS["case_manager"] not in {one.assurer_email for one in services(app, desk)}


def test_who_may_not_write_leaves_what_was_heard_to_a_coordinator(
    app: Flask, sign_in: SignIn, desk: str
) -> None:
    client = sign_in("case_manager")
    first = services(app, desk)[0].id
    answer = send(
        client, f"/ringing/{desk}", outcome="changed", services=first, note="Now on Mondays, too",
        since="2026-11-01",
    )  # fmt: skip
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Now on Mondays, too" in page
    assert "A coordinator writes it" in page
    assert f"/services/{first}/edit" not in page
    writer = sign_in("coordinator")
    due = writer.get("/upkeep/due").get_data(as_text=True)
    assert "Now on Mondays, too" in due
    written = re.search(r'href="(/ringing/calls/\d+)"', due)
    assert written is not None
    assert f"/services/{first}/edit" in writer.get(written[1]).get_data(as_text=True)
    send(writer, f"{written[1]}/written", do="written")
    assert "Now on Mondays, too" not in writer.get("/upkeep/due").get_data(as_text=True)


def test_what_is_wrong_is_said_and_what_was_typed_stays(app: Flask, sign_in: SignIn, desk: str) -> None:
    client = sign_in("coordinator")
    answer = send(
        client,
        f"/ringing/{desk}",
        outcome="no_answer",
        hours="soon",
        since="31 February",
        note="<b>never</b>",
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Give whole hours from 1 to 336." in page
    assert "Write the day as 2026-11-26." in page
    assert "&lt;b&gt;never&lt;/b&gt;" in page
    assert calls(app) == []


def test_another_persons_call_is_refused_and_nothing_is_kept(app: Flask, sign_in: SignIn, desk: str) -> None:
    first = sign_in("case_manager")
    assert send(first, f"/ringing/{desk}/claim", do="claim").status_code == 303
    second = sign_in("coordinator")
    assert "rings this provider today" in second.get(f"/ringing/{desk}").get_data(as_text=True)
    answer = send(second, f"/ringing/{desk}", outcome="no_answer")
    assert answer.status_code == 409
    assert calls(app) == []
    send(first, f"/ringing/{desk}/claim", do="release")
    assert send(second, f"/ringing/{desk}", outcome="no_answer").status_code == 303


def test_nobody_takes_back_the_call_of_another_but_a_coordinator(
    app: Flask, sign_in: SignIn, desk: str
) -> None:
    coordinator = sign_in("coordinator")
    send(coordinator, f"/ringing/{desk}", outcome="no_answer")
    (made,) = calls(app)
    other = sign_in("case_manager")
    assert send(other, f"/ringing/calls/{made.id}/undo", do="undo").status_code == 404
    assert other.get(f"/ringing/calls/{made.id}").status_code == 404
    assert len(calls(app)) == 1
    assert send(coordinator, f"/ringing/calls/{made.id}/undo", do="undo").status_code == 303


def test_closing_with_nothing_ticked_closes_all_and_can_be_taken_back(
    app: Flask, sign_in: SignIn, desk: str
) -> None:
    client = sign_in("coordinator")
    every = [one.id for one in services(app, desk)]
    before = [one.status for one in services(app, desk)]
    assert send(client, f"/ringing/{desk}", outcome="closed", services=every).status_code == 303
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        assert session.get_one(Organization, desk).closed_on == now().date()
    assert {one.status for one in services(app, desk)} == {"defunct"}
    assert client.get(f"/ringing/{desk}").status_code == 404
    (made,) = calls(app)
    send(client, f"/ringing/calls/{made.id}/undo", do="undo")
    assert [one.status for one in services(app, desk)] == before


def test_a_coordinator_shares_calls_out_and_each_sees_their_own(
    app: Flask, sign_in: SignIn, desk: str
) -> None:
    coordinator = sign_in("coordinator")
    people = [EMAILS["case_manager"], EMAILS["coordinator"], EMAILS["planner"]]  # the planner may not ring
    assert send(coordinator, "/upkeep/queue/share", people=people, each="5").status_code == 303
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        given = [row.person for row in session.scalars(select(Claim))]
    assert {one: given.count(one) for one in given} == {people[0]: 5, people[1]: 5}
    assert "5 providers to ring" in sign_in("case_manager").get("/ringing").get_data(as_text=True)
    assert send(coordinator, "/upkeep/queue/share", each="5").status_code == 422


def test_the_script_speaks_the_language_that_was_chosen(sign_in: SignIn, desk: str) -> None:
    client = sign_in("case_manager")
    for language in ("en", "ru", "uk", "lt"):
        page = client.get(f"/ringing/{desk}?say={language}").get_data(as_text=True)
        assert f'class="nm-up-script" lang="{language}"' in page
    assert client.get(f"/ringing/{desk}?say=xx&done=99999999999999999999").status_code == 200


def test_a_planner_reads_the_queue_and_rings_nobody(sign_in: SignIn, desk: str) -> None:
    client = sign_in("planner")
    page = client.get("/upkeep/queue").get_data(as_text=True)
    assert "providers to ring" in page
    assert "/ringing/" not in page
    assert "Share calls out" not in page
    assert client.get("/ringing").status_code == 403


def test_the_pages_of_upkeep_say_as_of_when_and_give_a_file(sign_in: SignIn) -> None:
    client = sign_in("planner")
    assert "As of" in client.get("/upkeep").get_data(as_text=True)
    page = client.get("/upkeep/truth").get_data(as_text=True)
    assert "As of" in page
    assert "275 services" in page
    file = client.get("/upkeep/truth.csv")
    assert file.mimetype == "text/csv"
    lines = file.get_data(as_text=True).splitlines()
    assert lines[0].startswith("as_of,part,code,name,services,")
    assert lines[1].split(",")[1:5] == ["all", "", "All", "275"]
    assert client.get("/upkeep/duty").status_code == 200


def test_a_doubtful_number_is_told_wherever_it_is_read(app: Flask, sign_in: SignIn, desk: str) -> None:
    client = sign_in("case_manager")
    phone = ids(client.get(f"/ringing/{desk}").get_data(as_text=True), "phone")[0]
    told = "doubtful: somebody else answered"
    assert told not in client.get(f"/organizations/{desk}").get_data(as_text=True)
    assert send(client, f"/ringing/{desk}", outcome="wrong_number", phone=phone).status_code == 303
    assert told in client.get(f"/organizations/{desk}").get_data(as_text=True)
    send(client, f"/ringing/phones/{phone}", do="trust", desk=desk)
    assert told not in client.get(f"/organizations/{desk}").get_data(as_text=True)


def test_a_card_and_a_page_tell_day_person_and_way(app: Flask, sign_in: SignIn, desk: str) -> None:
    client = sign_in("case_manager")
    one = services(app, desk)[0]
    send(client, f"/ringing/{desk}", outcome="confirmed", services=one.id)
    page = client.get(f"/services/{one.id}").get_data(as_text=True)
    assert re.search(rf"{EMAILS['case_manager']} · by phone", page)
    found = client.get("/search", query_string={"q": one.name}).get_data(as_text=True)
    assert re.search(rf"{EMAILS['case_manager']} · by phone", found)
