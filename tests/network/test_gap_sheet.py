"""The card of a gap: the worked example in the database, told whole."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from netmap.db import now
from netmap.directory.models import EligibilityRule, Organization, Service, ServiceTypeLink
from netmap.errors import NotFound
from netmap.freshness.models import ServiceUse
from netmap.freshness.uses import monday
from netmap.network.card.gap_sheet import sheet_of
from netmap.network.gaps.cards import key_of
from netmap.network.gaps.one_gap import about, find
from netmap.network.gaps.remedies import RUNGS
from netmap.network.models import Demand, UnmetNeed
from netmap.partners.models import PartnerService, Partnership
from tests.network.examples import CLIENTS

ADDICTION = key_of("ELIGIBILITY", "addiction_outpatient", "k1")
TRANSPORT = key_of("NO_PROVIDER", "transport_help", "k2")
ASSISTANT_C = key_of("DISTANCE", "personal_assistant", "k2")


def sheet(session, settings, key):
    return sheet_of(session, find(session, settings, key))


def test_the_card_of_the_rule_that_would_help_fifty_people(town_session, settings):
    card = sheet(town_session, settings, ADDICTION)
    assert card.sentence.endswith("Town A, Town B. Clients a year: 50.")
    assert "services offer it" not in card.sentence  # the steps stand beside it
    assert card.clients == "50"
    assert [(step.criterion, step.number) for step in card.funnel] == [
        ("type", 2), ("distance", 1), ("eligibility", 0)
    ]  # fmt: skip
    assert card.funnel[-1].why == "Does not accept: Single parent"
    assert (card.nearest.service, card.nearest.provider) == ("v2", "P2")
    assert [(row.name, row.clients) for row in card.areas] == [("Town A", "40"), ("Town B", "10")]
    ask = next(one for rung in card.rungs for one in rung.asks if one.provider == "P2")
    assert (ask.rung, ask.text) == ("rule", "Ask Provider P2 to accept: Single parent")
    assert ask.opens == "would open 2 areas (Town A, Town B), clients a year: 50"
    assert dict(card.requirements)["Must accept"] == "Single parent"
    assert dict(card.requirements)["For how many"] == "50 clients a year, or more"
    assert dict(card.requirements)["How long it lasts"] == "lasting"


def test_the_ladder_goes_from_cheap_to_dear_on_every_card(town_session, settings):
    from netmap.network.service import gaps

    for gap in gaps(town_session, settings)["gaps"]:
        codes = [rung.code for rung in sheet(town_session, settings, gap["key"]).rungs]
        assert codes == sorted(codes, key=RUNGS.index)
        assert codes[-1] == "new"
        assert codes[0] == "data"  # nobody has made sure yet


def test_a_new_service_opens_what_one_place_reaches_and_no_more(town_session, settings):
    """A and B reach each other, C is 55 km away: one place opens A and B, not all three."""
    new = sheet(town_session, settings, TRANSPORT).rungs[-1]
    assert new.code == "new"
    assert new.texts[0].endswith(
        "in the best single place, Town A, it would open 2 areas (Town A, Town B), clients a year: 30; "
        "the other areas need more places"
    )
    near = sheet(town_session, settings, ADDICTION).rungs[-1]
    assert near.texts[0].endswith("would open 2 areas (Town A, Town B), clients a year: 50")


def test_hosts_are_ranked_by_what_speaks_for_them(town_session, settings):
    hosts = sheet(town_session, settings, ADDICTION).hosts
    assert hosts[0].provider == "P2"
    assert [reason.code for reason in hosts[0].reasons] == ["blocked", "premises"]
    assert hosts[0].reasons[1].text == "has a place in Town A"
    assert {one.provider for one in hosts[1:]} <= {"P1", "P3", "P4", "P5", "P6"}
    job = next(one for one in hosts if one.provider == "P4")
    assert job.reasons[0].text == "is there for the same people with: Job search support"


def test_a_closed_provider_is_no_host_and_nobody_to_ask(town_session, settings):
    town_session.get(Organization, "P4").closed_on = now().date() - timedelta(days=1)
    town_session.get(Organization, "P2").closed_on = now().date() - timedelta(days=1)
    town_session.flush()
    gone = key_of("ELIGIBILITY", "addiction_outpatient", "k1")
    with pytest.raises(NotFound):  # with P2 gone it is no question of a rule any more
        find(town_session, settings, gone)
    for kind in ("NO_PROVIDER", "MIXED", "DISTANCE", "ANY_OF", "DURATION"):
        try:
            card = sheet(town_session, settings, key_of(kind, "addiction_outpatient", "k1"))
        except NotFound:
            continue
        assert not {"P2", "P4"} & {one.provider for one in card.hosts}
        assert "P2" not in {ask.provider for rung in card.rungs for ask in rung.asks}


def test_who_said_no_is_no_host_and_who_could_is(town_session, settings):
    kind = "addiction_outpatient"
    town_session.add(PartnerService(organization_id="P2", service_type=kind, answer="no"))
    town_session.add(PartnerService(organization_id="P3", service_type=kind, answer="could"))
    town_session.add(Partnership(organization_id="P3", state="partner"))
    town_session.flush()
    hosts = {one.provider: one for one in sheet(town_session, settings, ADDICTION).hosts}
    assert "P2" not in hosts
    assert [reason.code for reason in hosts["P3"].reasons] == ["could", "clients", "premises", "partner"]


def test_nobody_offers_transport_and_the_card_says_so(town_session, settings):
    card = sheet(town_session, settings, TRANSPORT)
    assert (card.funnel, card.unfunnelled, card.nearest) == ((), "nobody is recorded as offering it", None)
    assert card.clients == "45"
    assert [rung.code for rung in card.rungs] == ["data", "remote", "capacity", "new"]
    assert dict(card.requirements)["Highest fee"] == "free of charge"
    assert card.ignorance.looked is None


def test_the_test_for_ignorance_names_what_to_look_at(town_session, settings):
    service = town_session.get(Service, "v2")
    week = monday(now().astimezone(settings.zone()).date())
    before = sheet(town_session, settings, ADDICTION).ignorance
    assert before.nobody_looked
    assert [one.service for one in before.unknown_to_staff] == ["v2", "v8"]
    town_session.add(ServiceUse(service_id=service.id, week=week, shown=30, opened=6, matched=0, chosen=0))
    town_session.add(ServiceTypeLink(service_id="v1", code="addiction_outpatient", state="suggested"))
    town_session.add(EligibilityRule(service_id="v1", code="single_parent", effect="excluded"))
    town_session.flush()
    after = sheet(town_session, settings, ADDICTION).ignorance
    assert (after.nobody_looked, after.looked) == (False, "36")
    assert [one.service for one in after.unknown_to_staff] == ["v8"]
    assert [one.service for one in after.suggested] == ["v1"]


def test_what_one_call_would_tell_is_listed_with_the_desk_to_ring(town_session, settings):
    town_session.get(Service, "v1").status = "unknown"
    town_session.flush()
    card = sheet(town_session, settings, key_of("NO_PROVIDER", "debt_advice", "k1", ask=True))
    (one,) = card.ignorance.to_ask
    assert (one.service, one.desk, one.about) == ("v1", "P1", "whether it is offered")
    assert [rung.code for rung in card.rungs] == ["data"]  # a phone call is no plan
    assert "CHECK DATA" in card.confidence


def test_unmet_needs_are_evidence_of_the_gap_and_lead_to_it(town_session, settings):
    today = now().date()
    for mark in "abcdef":
        town_session.add(UnmetNeed(need_code="add.alcohol", area_code="A", recorded_on=today, mark=mark))
    town_session.flush()
    card = sheet(town_session, settings, ADDICTION)
    assert {one.code: one.number for one in card.evidence}["unmet"] == "6"
    assert {one.code: one.number for one in card.evidence}["failed"] == "6 of 6"
    assert all(one.last == today for one in card.evidence)
    for mark in "ghijklm":
        town_session.add(UnmetNeed(need_code="add.alcohol", recorded_on=today, mark=mark))
    town_session.flush()
    lines = [(one.what, one.number) for one in sheet(town_session, settings, ADDICTION).evidence]
    assert lines == [
        ("staff recorded that nobody was found", "6"),
        ("staff recorded that nobody was found, and not where", "7"),
        ("tries to get this help that failed, within a year", "6 of 6"),
        ("tries that failed within a year, not recorded where", "7 of 7"),
    ], "what nobody said where would stand on the card of every place"
    found = about(town_session, settings, need="add.alcohol", area="A")
    assert [one.card.key for one in found] == [ADDICTION]


def test_an_area_that_is_not_counted_is_told_so(town_session, settings):
    town_session.query(Demand).where(Demand.area_code == "B").delete()
    card = sheet(town_session, settings, ADDICTION)
    assert [row.clients for row in card.areas] == ["40", ""]
    assert card.sentence.endswith("Clients a year: 40. No figures for 1 area.")


def test_one_small_area_hides_the_sum(town_session, settings):
    query = select(Demand).where(Demand.area_code == "B", Demand.package_code == "k1")
    town_session.scalars(query).one().clients = 3
    town_session.flush()
    card = sheet(town_session, settings, ADDICTION)
    assert [row.clients for row in card.areas] == ["40", "<5"]
    assert (card.clients, card.interval, card.rate) == ("41 to 44", "", "")
    assert card.areas[1].interval == ""


def test_what_hangs_on_one_provider_has_a_card_too(town_session, settings):
    card = sheet(town_session, settings, key_of("SINGLE_PROVIDER", "job_search_support", "k1"))
    assert (card.open, card.certain, card.funnel) == (False, False, ())
    assert "hangs on one provider" in card.sentence
    assert [rung.code for rung in card.rungs][:2] == ["data", "agreement"]


def test_a_gap_that_closes_is_not_found_any_more(town_session, settings):
    for rule in town_session.scalars(select(EligibilityRule)):
        town_session.delete(rule)
    town_session.flush()
    with pytest.raises(NotFound, match="may have been closed"):
        find(town_session, settings, ADDICTION)


def test_every_card_can_be_told_whole(town_session, settings):
    """Areas, figures, steps, who is asked, hosts and conditions: on the sheet, and again on the paper."""
    from netmap.network.gaps.loading import load
    from netmap.printing.proposal import MOST_HOSTS, as_text, choose, proposal

    question = load(town_session, settings)
    cards = [*question.cards(), *question.apart()]
    apart = {"PACKAGE", "BROKEN_LINK", "STALE", "SINGLE_PROVIDER", "CAPACITY"}
    assert apart <= {card.kind for card in cards}
    for card in cards:
        told = sheet(town_session, settings, card.key)
        paper = flat(as_text(proposal(told, None, "")))
        assert {row.code for row in told.areas} == set(card.areas), card.kind
        figures = {row.clients for row in told.areas}
        assert figures == {f"{CLIENTS[area, card.profile]}" for area in card.areas}
        assert [rung.code for rung in told.rungs] == sorted((r.code for r in told.rungs), key=RUNGS.index)
        offering = {one.organization_id for one in question.ground.of_type(card.service_type).offers}
        asked = [ask for rung in told.rungs for ask in rung.asks]
        assert {ask.provider for ask in asked} <= offering
        assert all(ask.opens.startswith("would ") for ask in asked)
        assert len({host.provider for host in told.hosts}) == len(told.hosts)
        assert all(reason.text for host in told.hosts for reason in host.reasons)
        needs_service = card.kind not in {"PACKAGE", "BROKEN_LINK", "STALE"}
        assert (bool(told.hosts), bool(told.requirements)) == (needs_service, needs_service), card.kind
        wanted = "" if card.kind == "CAPACITY" else told.clients * needs_service  # of those, what is missing
        assert dict(told.requirements).get("For how many", "").startswith(wanted)
        said = [
            told.name,
            told.sentence,
            *(row.name for row in told.areas),
            *dict(told.requirements).values(),
        ]
        said += [text for ask in choose(told.rungs, "").asks for text in (ask.text, ask.opens)]
        said += [
            text
            for host in told.hosts[:MOST_HOSTS]
            for text in (host.name, *(one.text for one in host.reasons))
        ]
        assert [text for text in said if flat(text) not in paper] == [], card.kind


def flat(text: str) -> str:
    """Return a text without what depends on where lines end."""
    return "".join(text.split())


def test_where_places_are_too_few_the_provider_is_asked_for_more(town_session, settings):
    card = sheet(town_session, settings, key_of("CAPACITY", "childcare_place", "k1"))
    rungs = {rung.code: rung for rung in card.rungs}
    assert list(rungs) == ["data", "agreement", "remote", "capacity", "new"]
    assert rungs["agreement"].providers == (("P3", "Provider P3"),)  # who has the 20 places
    assert rungs["capacity"].texts == ("Ask the provider for more places",)
    assert [rung.asks for rung in card.rungs] == [()] * 5  # no condition stands in anybody's way
    assert card.hosts[0].provider == "P1"
    assert {host.provider for host in card.hosts} <= {"P1", "P2", "P3", "P4", "P5"}


def test_the_paper_is_as_old_as_its_figures(town_session, settings):
    from netmap.printing.proposal import proposal

    found = find(town_session, settings, ADDICTION)
    read = replace(found, question=replace(found.question, day=date(2026, 3, 9)))
    assert proposal(sheet_of(town_session, read), None, "").as_of == "As of 9 March 2026"


def test_a_package_that_is_not_whole_leads_to_its_lines(town_session, settings):
    card = sheet(town_session, settings, key_of("PACKAGE", "", "k1"))
    assert ADDICTION in dict(card.parts)
    assert (card.requirements, card.hosts) == ((), ())


def test_a_broken_link_names_the_two_who_would_have_to_agree(town_session, settings):
    from netmap.network.gaps.loading import load

    (link,) = [one for one in load(town_session, settings).apart() if one.kind == "BROKEN_LINK"]
    card = sheet(town_session, settings, link.key)
    assert "→" in card.name
    (agree,) = [rung for rung in card.rungs if rung.code == "agreement"]
    assert {key for key, _name in agree.providers} == {"P5", "P4"}


def test_the_only_provider_is_not_asked_to_stand_in_for_itself(town_session, settings):
    card = sheet(town_session, settings, key_of("SINGLE_PROVIDER", "job_search_support", "k1"))
    assert "hangs on one provider in Town A, Town B, Town C: Provider P4." in card.sentence
    assert "P4" not in {ask.provider for rung in card.rungs for ask in rung.asks}
    assert "P4" not in {one.provider for one in card.hosts}
    assert card.hosts, "others have a place there or help the same people"


def test_the_only_provider_of_one_town_may_be_the_second_of_another(town_session, settings):
    """P4 in A, and from now on P1 in C: each could come to the other's place, and only there."""
    town_session.get(Service, "v5").organization_id = "P1"
    town_session.flush()
    card = sheet(town_session, settings, key_of("SINGLE_PROVIDER", "job_search_support", "k1"))
    asked = {ask.provider: ask.areas for rung in card.rungs for ask in rung.asks}
    assert {key: set(areas) for key, areas in asked.items()} == {"P4": {"C"}, "P1": {"A", "B"}}
    assert {"P1", "P4"} <= {one.provider for one in card.hosts}


def test_a_proposal_has_one_row_for_each_area(town_session, settings):
    """Two lines are missing in C, which has 15 clients: the rows add up to the number above them."""
    from netmap.printing.proposal import proposal

    card = sheet(town_session, settings, key_of("PACKAGE", "", "k2"))
    assert (len(card.areas), card.clients) == (4, "45")
    part = next(one for one in proposal(card, None, "").parts if one.head)
    assert [(row[0], row[1]) for row in part.rows] == [("Town A", "20"), ("Town C", "15"), ("Town B", "10")]
    assert part.texts == ()


def test_rules_and_agreements_are_not_said_to_cost_nothing(town_session, settings):
    from netmap.printing.proposal import as_text, proposal

    text = as_text(proposal(sheet(town_session, settings, ADDICTION), None, "new"))
    assert "costs nothing" not in text.lower()
    assert "WHAT NEEDS NO NEW SERVICE, AND CAN BE DONE MEANWHILE" in text
