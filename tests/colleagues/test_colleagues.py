"""What colleagues know: seen by whom it should be, found by what one asks, handed over whole and undone."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.auth.models import User
from netmap.colleagues import called, finder, handover, knowing, settlements
from netmap.colleagues.finder import Asked
from netmap.colleagues.models import PersonalTie, SettlementContact
from netmap.db import open_session, transaction
from netmap.directory.models import Area, Organization
from netmap.editing.models import Edit
from netmap.editing.restoring import take_back
from netmap.editing.told import lines_of
from netmap.errors import Conflict, Invalid, NotFound
from netmap.partners.models import Agreement, PartnerContact, Partnership

ANN, BEN, EVE, GONE = "ann@office.example", "ben@office.example", "eve@office.example", "gone@office.example"
TODAY = date(2026, 11, 26)
CALL = {"area_code": "north", "name": "Librarian", "phone": "+370 600 00001", "agreed_on": "2026-11-01"}

SignIn = Callable[[str], Any]
called.tell()


@pytest.fixture
def office(session: Session) -> Session:
    """Three colleagues and one who has left, two organizations, a district with two settlements."""
    for email in (ANN, BEN, EVE, GONE):
        session.add(User(email=email, role="case_manager", password_hash="x", active=email != GONE))
    session.add_all(
        Organization(id=id_, name=name) for id_, name in (("hand", "Helping Hand"), ("roof", "Крыша"))
    )
    session.add(Area(code="district", name="District"))
    session.flush()
    session.add_all(Area(code=code, name=code.title(), parent_code="district") for code in ("north", "south"))
    session.flush()
    return session


def tie(session: Session, owner: str, organization_id: str = "hand") -> PersonalTie:
    return knowing.keep_tie(session, organization_id, {"sentence": f"{owner} knows the head"}, owner=owner)


def names(experts: list[finder.Expert]) -> list[str]:
    return [one.email for one in experts]


def test_a_tie_is_its_owners_until_it_is_shared(office: Session) -> None:
    row = tie(office, ANN)
    asked = Asked(provider="helping")
    assert names(finder.find(office, asked, reader=BEN)) == []
    assert names(finder.find(office, asked, reader=ANN)) == [ANN]
    assert knowing.shared_ties(office, "hand") == []
    with pytest.raises(NotFound):
        knowing.share_tie(office, row.id, owner=BEN, shared=True)
    knowing.share_tie(office, row.id, owner=ANN, shared=True)
    assert names(finder.find(office, asked, reader=BEN)) == [ANN]
    knowing.share_tie(office, row.id, owner=ANN, shared=False)
    assert names(finder.find(office, asked, reader=BEN)) == []


def test_what_is_kept_to_oneself_is_in_no_history(office: Session) -> None:
    row = tie(office, ANN)
    tie(office, ANN)
    knowing.remove_tie(office, row.id, owner=ANN)
    assert office.scalar(select(func.count()).select_from(Edit)) == 0


def test_everything_that_is_asked_has_to_be_met(office: Session) -> None:
    for owner, what in ((ANN, "language:uk"), (BEN, "language:uk"), (BEN, "need:fin.consumer_debt")):
        knowing.add_skill(office, {"what": what}, owner=owner)
    knowing.add_skill(office, {"what": "language:uk"}, owner=GONE)
    office.add(Partnership(organization_id="roof", state="partner", owner=ANN))
    office.add(PartnerContact(organization_id="roof", day=TODAY, how="phone", sentence="x", noted_by=BEN))
    office.flush()
    assert names(finder.find(office, Asked(language="uk"), reader=EVE)) == [ANN, BEN]
    assert names(finder.find(office, Asked(language="uk", need="fin.consumer_debt"), reader=EVE)) == [BEN]
    assert names(finder.find(office, Asked(provider="крыши"), reader=EVE)) == [ANN, BEN]
    assert names(finder.find(office, Asked(language="uk", provider="Крыша"), reader=EVE)) == [ANN, BEN]
    assert names(finder.find(office, Asked(language="lt"), reader=EVE)) == []


@pytest.mark.parametrize("what", ["", "language:klingon", "need:nothing", "area:nowhere", "rank:high"])
def test_only_what_is_known_can_be_said_of_oneself(office: Session, what: str) -> None:
    with pytest.raises(Invalid) as refused:
        knowing.add_skill(office, {"what": what}, owner=ANN)
    assert list(refused.value.fields) == ["what"]


def test_a_settlement_has_somebody_to_call_and_the_others_come_first(office: Session) -> None:
    assert settlements.without(office) == 2
    row = settlements.keep(office, None, CALL, by=ANN, today=TODAY)
    assert [(one.area.code, len(one.contacts)) for one in settlements.settlements(office)] == [
        ("south", 0),
        ("north", 1),
    ]
    assert settlements.without(office) == 1
    number = settlements.remove(office, row.id, by=ANN)
    assert settlements.without(office) == 2
    take_back(office, number, by=ANN)
    assert settlements.without(office) == 1


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("area_code", "nowhere"), ("name", " "), ("phone", ""), ("agreed_on", ""),
        ("agreed_on", "2026-02-31"),
        ("agreed_on", "2027-01-01"), ("organization_id", "nobody"),
    ],
)  # fmt: skip
def test_a_wrong_contact_is_told_by_field(office: Session, field: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        settlements.keep(office, None, {**CALL, field: text}, by=ANN, today=TODAY)
    assert list(refused.value.fields) == [field]
    assert office.scalar(select(func.count()).select_from(SettlementContact)) == 0


def test_a_colleague_leaves_with_four_hundred_contacts(office: Session) -> None:
    for number in range(200):
        office.add(Organization(id=f"o{number}", name=f"Provider {number:03}"))
    office.flush()
    for number in range(200):
        office.add(Partnership(organization_id=f"o{number}", owner=GONE))
        office.add(PersonalTie(organization_id=f"o{number}", owner=GONE, sentence="knows them"))
    office.add(Agreement(title="Shelter", kind="contract", owner=GONE))
    office.flush()
    assert handover.without_owner(office) == [(GONE, 401)]
    everything = {one.key for one in handover.orphans(office, GONE)}
    edit, given = handover.hand_over(office, GONE, everything, [ANN, BEN], by=EVE)
    assert given == 401
    assert handover.without_owner(office) == []
    assert handover.orphans(office, GONE) == []
    shares = [len(handover.orphans(office, one)) for one in (ANN, BEN)]
    assert abs(shares[0] - shares[1]) <= 2
    for number in range(200):  # what belongs to one organization stays together
        owners = {
            office.scalar(select(model.owner).where(model.organization_id == f"o{number}"))
            for model in (Partnership, PersonalTie)
        }
        assert len(owners) == 1
    take_back(office, edit.id, by=EVE)
    assert handover.without_owner(office) == [(GONE, 401)]


def test_two_ties_to_one_provider_become_one_and_come_apart_again(office: Session) -> None:
    tie(office, ANN)
    mine = tie(office, BEN)
    keys = {one.key for one in handover.orphans(office, ANN)}
    edit, _given = handover.hand_over(office, ANN, keys, [BEN], by=EVE)
    assert office.scalars(select(PersonalTie.owner)).all() == [BEN]
    assert office.get_one(PersonalTie, mine.id).sentence == f"{BEN} knows the head / {ANN} knows the head"
    told = lines_of(office, edit.changes, with_secrets=True)
    assert told[edit.id] == []  # not even that somebody knows somebody
    assert "head" not in str(told)  # it is for whoever takes it on, not for the history
    take_back(office, edit.id, by=EVE)
    assert sorted(office.scalars(select(PersonalTie.owner))) == [ANN, BEN]


def test_a_hand_over_to_nobody_or_to_oneself_changes_nothing(office: Session) -> None:
    tie(office, ANN)
    keys = {one.key for one in handover.orphans(office, ANN)}
    for receivers in ([], [ANN], [ANN, BEN], [GONE], ["nobody@office.example"]):
        with pytest.raises(Invalid):
            handover.hand_over(office, ANN, keys, receivers, by=EVE)
    with pytest.raises(Invalid, match="Tick"):
        handover.hand_over(office, ANN, {"tie:other"}, [BEN], by=EVE)
    assert office.scalars(select(PersonalTie.owner)).all() == [ANN]


def test_what_changed_hands_since_stops_the_undo(office: Session) -> None:
    tie(office, ANN)
    edit, _given = handover.hand_over(
        office, ANN, {one.key for one in handover.orphans(office, ANN)}, [BEN], by=EVE
    )
    handover.hand_over(office, BEN, {one.key for one in handover.orphans(office, BEN)}, [EVE], by=ANN)
    with pytest.raises(Conflict):
        take_back(office, edit.id, by=EVE)


def send(browser: Any, page: str, path: str, **typed: Any) -> Any:
    return browser.post(path, data={**typed, "csrf_token": browser.token(page)})


def test_the_pages_keep_what_is_said_and_show_it(app: Flask, sign_in: SignIn) -> None:
    one, other = sign_in("coordinator"), sign_in("case_manager")
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        organization = session.scalars(select(Organization).order_by(Organization.name)).first()
        area = session.scalars(select(Area).where(Area.parent_code.is_not(None)).order_by(Area.code)).first()
    assert organization is not None
    assert area is not None
    assert send(one, "/colleagues/me", "/colleagues/me/skills", what="language:uk").status_code == 303
    assert send(one, "/colleagues/me", "/colleagues/me/skills", what="language:uk").status_code == 422
    assert "coordinator@demo.example" in other.get("/colleagues?language=uk").get_data(as_text=True)
    page = f"/organizations/{organization.id}/tie"
    assert send(one, page, page, sentence="a marker sentence").status_code == 303
    seen = [
        other.get(path).get_data(as_text=True)
        for path in (page, f"/organizations/{organization.id}", "/colleagues")
    ]
    assert not any("a marker sentence" in one for one in seen)
    typed = {"area_code": area.code, "name": "Elder", "phone": "+370 600 00002", "agreed_on": "2026-11-01"}
    assert send(other, "/settlements/new", "/settlements/new", **typed).status_code == 303
    assert "+370 600 00002" in one.get("/settlements").get_data(as_text=True)
    leaver = "/handover/coordinator@demo.example"
    assert "a marker sentence" not in one.get(leaver).get_data(as_text=True)
    assert send(one, leaver, leaver, receivers=[]).status_code == 422


def test_no_history_tells_what_a_colleague_keeps_to_oneself(office: Session) -> None:
    tie(office, ANN)
    tie(office, BEN)
    edit, _given = handover.hand_over(
        office, ANN, {one.key for one in handover.orphans(office, ANN)}, [BEN], by=EVE
    )
    assert {one.table_name for one in edit.changes} == {"personal_tie"}
    assert dict(lines_of(office, edit.changes, with_secrets=True)) == {}


def test_nobody_shares_the_tie_of_another_by_taking_something_back(office: Session) -> None:
    row = tie(office, ANN)
    knowing.share_tie(office, row.id, owner=ANN, shared=True)
    knowing.share_tie(office, row.id, owner=ANN, shared=False)
    for number in office.scalars(select(Edit.id)).all():
        take_back(office, number, by=BEN)
    assert not office.get_one(PersonalTie, row.id).shared


def test_what_was_kept_to_oneself_is_not_shown_by_a_hand_over(office: Session) -> None:
    tie(office, ANN)
    mine = tie(office, BEN)
    knowing.share_tie(office, mine.id, owner=BEN, shared=True)
    handover.hand_over(office, ANN, {one.key for one in handover.orphans(office, ANN)}, [BEN], by=EVE)
    assert knowing.shared_ties(office, "hand") == []


def test_nobody_takes_back_what_another_one_wrote_of_a_settlement(app: Flask, sign_in: SignIn) -> None:
    engine = app.extensions["netmap_engine"]
    with transaction(engine) as session:
        area = session.scalars(select(Area.code).order_by(Area.code)).first() or ""
        contact = settlements.keep(session, None, {**CALL, "area_code": area}, by=ANN, today=TODAY).id
        wrote = session.scalars(select(Edit.id).order_by(Edit.id.desc())).first()
    case = sign_in("case_manager")
    token = case.token("/settlements")
    answer = case.post("/settlements", data={"edit": str(wrote), "csrf_token": token})
    assert answer.status_code == 404
    removed = case.post(f"/settlements/{contact}/remove", data={"csrf_token": token}).headers["Location"]
    number = removed.rpartition("=")[2]
    assert case.post("/settlements", data={"edit": number, "csrf_token": token}).status_code == 303
    with open_session(engine, reading=True) as session:
        assert session.get(SettlementContact, contact) is not None
