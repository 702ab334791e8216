from datetime import UTC, date, datetime, timedelta

import pytest

from netmap.directory.models import Organization, Service, ServiceParty, Tie
from netmap.network.ties.bonds import bond, months_before, state_of
from netmap.network.ties.links import all_bonds, linked
from netmap.partners.models import Agreement, AgreementParty, AgreementTie, PartnerContact

DAY = date(2026, 11, 22)
OLD = DAY - timedelta(days=500)
RECENT = DAY - timedelta(days=30)


@pytest.fixture
def three(session):
    for key in "abc":
        session.add(Organization(id=key, name=f"Organization {key}"))
    session.flush()
    return session


def tie(session, kind, **facts):
    session.add(Tie(organization_id="b", other_organization_id="a", kind=kind, **facts))
    session.flush()


def agree(session, *parties, **facts):
    session.add(row := Agreement(title="Work together", kind="memorandum", **facts))
    session.flush()
    for place, party in enumerate(parties):
        session.add(
            AgreementParty(agreement_id=row.id, organization_id=party, place=place, name=party or "X")
        )
    session.flush()
    return row


AB = frozenset({frozenset("ab")})


@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        ("agreement", {"begun": OLD}, AB),
        ("agreement", {"begun": OLD, "ends": DAY}, AB),
        ("agreement", {"begun": OLD, "ends": DAY - timedelta(days=1)}, frozenset()),
        ("agreement", {"begun": OLD, "ends": RECENT, "last_contact": RECENT}, AB),
        ("agreement", {"begun": DAY + timedelta(days=1)}, frozenset()),
        ("joint_service", {}, AB),
        ("contact", {"last_contact": RECENT}, AB),
        ("contact", {"last_contact": date(2025, 11, 22)}, AB),
        ("contact", {"last_contact": date(2025, 11, 21)}, frozenset()),
        ("contact", {"begun": OLD}, frozenset()),
        ("funding", {"begun": OLD}, frozenset()),
        ("funding", {"begun": OLD, "last_contact": RECENT}, AB),
    ],
)
def test_a_tie_links_while_it_binds_or_while_there_is_contact(three, kind, facts, expected):
    tie(three, kind, **facts)
    assert linked(three, DAY, 12) == expected


def test_each_two_parties_of_an_agreement_in_force_are_linked(three):
    agree(three, "a", "b", None, "c", begins=OLD)
    assert linked(three, DAY, 12) == {frozenset(pair) for pair in ("ab", "ac", "bc")}


@pytest.mark.parametrize("facts", [{}, {"begins": OLD, "ended_on": RECENT}, {"begins": OLD, "ends": RECENT}])
def test_a_draft_and_an_ended_agreement_link_nobody(three, facts):
    agree(three, "a", "b", **facts)
    assert linked(three, DAY, 12) == frozenset()


def test_an_agreement_and_its_tie_are_one_bond_with_the_later_activity(three):
    row = agree(three, "a", "b", begins=OLD, volume_used=3, used_on=RECENT)
    tie(three, "agreement", begun=OLD, last_contact=OLD)
    three.add(AgreementTie(agreement_id=row.id, tie_id=three.query(Tie).one().id))
    three.flush()
    (found,) = all_bonds(three)
    assert (found.source, found.pair, found.last) == ("agreement", ("a", "b"), RECENT)


def test_a_tie_that_its_source_no_longer_tells_of_links_nobody(three):
    tie(three, "agreement", removed_in_source=datetime(2026, 11, 1, tzinfo=UTC))
    assert linked(three, DAY, 12) == frozenset()


@pytest.mark.parametrize(
    ("role", "expected"),
    [("decides", AB), ("delivers", AB), ("pays", frozenset()), ("answers_to", frozenset())],
)
def test_who_decides_or_delivers_is_linked_with_who_offers(three, role, expected):
    three.add(Service(id="s", organization_id="a", name="Help", status="active"))
    three.flush()
    three.add(ServiceParty(service_id="s", organization_id="b", role=role))
    three.flush()
    assert linked(three, DAY, 12) == expected


def test_what_our_own_staff_noted_about_two_organizations_links_them_with_us_only(three):
    for key in "ab":
        three.add(
            PartnerContact(organization_id=key, day=RECENT, how="phone", sentence="Fine.", noted_by="c@x.org")
        )
    three.flush()
    assert linked(three, DAY, 12) == frozenset()


@pytest.mark.parametrize(("used", "state"), [(None, "silent"), (OLD, "dead"), (RECENT, "living")])
def test_a_call_of_our_own_does_not_bring_an_agreement_of_two_others_to_life(three, used, state):
    """An office that rings everybody once a year would else never see a dead agreement."""
    agree(three, "a", "b", begins=OLD, volume_used=3, used_on=used)
    three.add(
        PartnerContact(organization_id="a", day=RECENT, how="phone", sentence="Fine.", noted_by="c@x.org")
    )
    three.flush()
    (found,) = all_bonds(three)
    assert (found.last, found.noted) == (used, RECENT)
    assert state_of(found, DAY, months_before(DAY, 12)) == state


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"begins": OLD, "last": RECENT}, "living"),
        ({"begins": OLD, "last": OLD}, "dead"),
        ({"begins": OLD}, "silent"),
        ({}, "silent"),
        ({"begins": RECENT}, "new"),
        ({"begins": OLD, "ends": RECENT}, "ended"),
        ({"begins": DAY + timedelta(days=1)}, "coming"),
    ],
)
def test_how_much_life_is_in_a_tie(facts, state):
    assert state_of(bond("a", "b", "agreement", **facts), DAY, months_before(DAY, 12)) == state
