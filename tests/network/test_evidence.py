"""Evidence that help was looked for and not got: each case and week once, and only what speaks of clients."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from netmap.directory.models import Location, Organization, Service, ServiceTypeLink
from netmap.freshness.reports import MistakeReport
from netmap.matching.models import Decision
from netmap.network.counts import telling
from netmap.network.demand.evidence import Evidence, evidence
from netmap.network.models import UnmetNeed
from tests.network.examples import ADDICTION, CHILDCARE, DEBT, JOB, NEEDS

MONDAY = date(2026, 11, 16)
TODAY = date(2026, 11, 26)


@pytest.fixture
def found(town_session):
    def count():
        town_session.flush()
        return evidence(town_session, TODAY)

    return count


@pytest.fixture
def unmet(town_session):
    def keep(day=MONDAY, *, need=None, kind=None, area="A"):
        town_session.add(UnmetNeed(need_code=need, service_type=kind, area_code=area, recorded_on=day))

    return keep


@pytest.fixture
def decide(town_session):
    def keep(
        day=MONDAY, *, serves=(), outcome="taken", reason="fits", needs=(DEBT, JOB), dropped=(), area="A"
    ):
        rated = {NEEDS[kind]: {"severity": 2, "urgency": 1} for kind in needs}
        town_session.add(
            Decision(
                package_code="k1", package_version=1, outcome=outcome, reason=reason, score=80.0,
                client={"needs": rated}, dropped=list(dropped), providers=dict.fromkeys(serves, "v1"),
                area_code=area, decided_on=day,
            )
        )  # fmt: skip

    return keep


@pytest.fixture
def report(town_session):
    def keep(day=MONDAY, *, reason="turned_full", state="open", by="case@demo.example", service="v1"):
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        town_session.add(MistakeReport(service_id=service, reason=reason, at=at, by=by, state=state))

    return keep


def test_nothing_recorded_is_no_evidence(found):
    assert found() == {}


def test_an_unmet_need_counts_for_every_kind_of_service_that_answers_it(found, unmet):
    unmet(need=NEEDS[DEBT])
    unmet(kind=JOB, area=None)
    counts = found()
    kinds = [kind for kind, area in counts if area == "A"]
    assert DEBT in kinds
    for kind in kinds:
        assert counts[kind, "A"] == Evidence(1, 0, MONDAY, repeated=1 - 1 / len(kinds))
    assert len(kinds) > 1
    assert counts[JOB, None] == Evidence(1, 0, MONDAY)


def test_a_decision_tells_which_needed_lines_found_somebody(found, decide):
    decide(serves=("debt",))
    assert found() == {(DEBT, "A"): Evidence(0, 1, None), (JOB, "A"): Evidence(1, 0, MONDAY)}


def test_lines_that_the_client_does_not_need_or_that_were_dropped_say_nothing(found, decide):
    decide(needs=(DEBT, CHILDCARE), dropped=("childcare",))
    assert found() == {(DEBT, "A"): Evidence(1, 0, MONDAY)}


@pytest.mark.parametrize("reason", ["not_wanted", "other_needs", "own_plan", "too_far"])
def test_a_package_that_was_not_taken_for_another_reason_says_nothing(found, decide, reason):
    decide(outcome="rejected", reason=reason)
    assert found() == {}


def test_a_package_rejected_for_want_of_a_provider_speaks_of_the_lines_that_found_nobody(found, decide):
    decide(outcome="rejected", reason="no_provider", serves=("debt",))
    assert found() == {(JOB, "A"): Evidence(1, 0, MONDAY)}


def test_the_same_codes_in_one_week_are_one_case(found, decide):
    decide(MONDAY)
    decide(MONDAY + timedelta(days=6), serves=("debt", "job"))
    assert found()[DEBT, "A"] == Evidence(0, 1, None), "only the last of the week counts"
    decide(MONDAY + timedelta(days=7))
    assert found()[DEBT, "A"] == Evidence(1, 1, MONDAY + timedelta(days=7))


def test_a_case_that_two_kinds_of_record_tell_of_counts_once(found, unmet, decide):
    unmet(kind=DEBT)
    decide()
    assert found()[DEBT, "A"] == Evidence(1, 0, MONDAY)
    unmet(kind=DEBT, day=MONDAY + timedelta(days=1))
    assert found()[DEBT, "A"].failed == 2, "the larger of both kinds"
    unmet(kind=DEBT, day=MONDAY - timedelta(days=1))
    assert found()[DEBT, "A"].failed == 3, "another week"


def test_a_person_sent_away_counts_where_the_service_is(town_session, found, report):
    report()
    assert found() == {(DEBT, None): Evidence(1, 0, MONDAY)}, "nobody said in which area it lies"
    town_session.execute(update(Location).values(area_code="A"))
    assert found() == {(DEBT, "A"): Evidence(1, 0, MONDAY)}


def test_the_same_report_of_one_person_counts_once_a_week(found, report):
    report(MONDAY)
    report(MONDAY + timedelta(days=2))
    assert found()[DEBT, None].failed == 1
    report(MONDAY, by="other@demo.example")
    assert found()[DEBT, None].failed == 2


@pytest.mark.parametrize(("reason", "state"), [("phone", "open"), ("turned_full", "no_mistake")])
def test_wrong_records_and_reports_without_ground_are_no_evidence(found, report, reason, state):
    report(reason=reason, state=state)
    assert found() == {}


def test_a_type_that_nobody_confirmed_is_no_type(town_session, found, report):
    town_session.add(Organization(id="P9", name="P9"))
    town_session.add(Service(id="v9", organization_id="P9", name="v9", status="active"))
    town_session.flush()
    town_session.add(ServiceTypeLink(service_id="v9", code=ADDICTION, state="suggested"))
    report(service="v9")
    assert found() == {}


def test_what_is_older_than_a_year_says_little_of_now(found, unmet, decide, report):
    long_ago = TODAY - timedelta(days=365)
    unmet(long_ago, kind=DEBT)
    decide(long_ago)
    report(long_ago)
    assert found() == {}
    unmet(long_ago + timedelta(days=1), kind=DEBT)
    assert found()[DEBT, "A"].failed == 1


def test_few_tries_go_in_as_one_value_while_people_are_told(found, unmet, town_session):
    """No share, order or sum that a page tells can hold their number."""
    for number in range(3):
        unmet(MONDAY - timedelta(days=7 * number), kind=JOB)
    exact = found()[JOB, "A"]
    with telling():
        few = found()
        unmet(MONDAY - timedelta(days=7 * 5), kind=JOB)
        assert found() == few, "nothing tells three from four"
        unmet(MONDAY - timedelta(days=7 * 6), kind=JOB)
        assert found()[JOB, "A"].failed == 5
    assert (exact.failed, few[JOB, "A"].failed, few[JOB, "A"].asked) == (3, 2.5, 2.5)
