"""Where figures of demand come from: a count, a share that was chosen, cases seen; else unknown."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from netmap.db import now
from netmap.directory.models import Area
from netmap.errors import Invalid
from netmap.matching.models import Decision
from netmap.network.counts import guarded, share_demand, small, telling
from netmap.network.demand.demands import RECORDED, demands, figures
from netmap.network.demand.priors import priors, read_priors
from netmap.network.demand.recorded import Recorded, recorded
from netmap.network.few import told_sum
from netmap.network.models import COUNTED, SHARE, Demand, UnmetNeed
from netmap.network.service import gaps
from netmap.network.statistics import demand, together
from tests.network.examples import ADDICTION, DEBT, JOB, NEEDS, TRANSPORT

MONDAY = date(2026, 11, 16)
TODAY = date(2026, 11, 26)


@pytest.fixture
def decide(town_session):
    def keep(day=MONDAY, *, package="k1", area="C", outcome="taken", reason="fits", severity=2):
        rated = {NEEDS[DEBT]: {"severity": severity, "urgency": 1}}
        town_session.add(
            Decision(
                package_code=package, package_version=1, outcome=outcome, reason=reason, score=80.0,
                client={"needs": rated}, area_code=area, decided_on=day,
            )
        )  # fmt: skip
        town_session.flush()

    return keep


@pytest.fixture
def empty(town_session):
    town_session.execute(delete(Demand))
    return town_session


def enter(session, **values):
    session.add(Demand(**{"area_code": "C", "package_code": "k1", "clients": 12} | values))
    session.flush()


def test_a_count_has_its_source_its_day_and_an_interval(empty, settings):
    enter(empty, population=3000, source="office, table 4")
    figure = figures(empty, settings)["C", "k1"]
    assert (figure.origin.kind, figure.origin.source) == (COUNTED, "office, table 4")
    assert figure.origin.day == now().date()
    assert figure.origin.interval.low < figure.demand.expected < figure.origin.interval.high


def test_a_share_stands_for_a_count_with_a_wide_interval(empty, settings):
    enter(empty, clients=25.7, base=100, kind=SHARE, prior="transport")
    enter(empty, area_code="A", clients=25.7)
    known = figures(empty, settings)
    assert known["C", "k1"].origin.kind == SHARE
    shared, counted = known["C", "k1"].origin.interval, known["A", "k1"].origin.interval
    assert shared.high - shared.low > 2 * (counted.high - counted.low)


def test_a_share_says_nothing_of_the_rate_of_the_region(empty, settings):
    enter(empty, clients=30, population=1000)
    alone = figures(empty, settings)["C", "k1"]
    enter(empty, area_code="A", clients=90, base=100, kind=SHARE, prior="transport")
    assert figures(empty, settings)["C", "k1"] == alone


def test_cases_seen_stand_in_only_where_nobody_entered_a_figure(empty, settings, decide):
    decide(now().date())
    assert figures(empty, settings)["C", "k1"].origin.kind == RECORDED
    assert demands(empty, settings)["C", "k1"].clients == 1
    enter(empty)
    assert demands(empty, settings)["C", "k1"].clients == 12


def test_where_nothing_is_known_there_is_no_figure_and_the_gaps_say_so(empty, settings):
    assert demands(empty, settings) == {}
    found = gaps(empty, settings)
    assert found["demand_known"] is False
    assert {gap["clients"] for gap in found["gaps"]} == {None}


def test_a_case_counts_once_a_week(empty, decide):
    decide()
    decide(MONDAY + timedelta(days=3), outcome="corrected")
    assert recorded(empty, TODAY)["C", "k1"] == Recorded(
        (1,), MONDAY + timedelta(days=3), MONDAY + timedelta(days=3)
    )
    decide(severity=3)
    assert recorded(empty, TODAY)["C", "k1"].cases == 2, "other codes, another case"
    decide(MONDAY + timedelta(days=7))
    assert recorded(empty, TODAY)["C", "k1"].cases == 3, "another week"


@pytest.mark.parametrize(
    ("outcome", "reason", "cases"),
    [
        ("taken", "fits", 1), ("rejected", "no_provider", 1), ("rejected", "too_far", 1),
        ("rejected", "other_needs", 0), ("rejected", "not_wanted", 0),
    ],
)  # fmt: skip
def test_a_package_that_did_not_fit_is_no_case_of_it(empty, decide, outcome, reason, cases):
    decide(outcome=outcome, reason=reason)
    assert len(recorded(empty, TODAY)) == cases


def test_an_unmet_need_counts_for_a_package_only_where_no_other_has_a_line_for_it(empty):
    def unmet(day=MONDAY, **about):
        empty.add(UnmetNeed(area_code="C", recorded_on=day, **about))
        empty.flush()

    unmet(service_type=JOB)
    assert recorded(empty, TODAY) == {}, "both packages have a line for work"
    unmet(service_type=TRANSPORT)
    unmet(need_code=NEEDS[DEBT])
    unmet(need_code=NEEDS[ADDICTION])
    found = recorded(empty, TODAY)
    assert {pair: one.cases for pair, one in found.items()} == {("C", "k1"): 1, ("C", "k2"): 1}
    unmet(need_code=NEEDS[DEBT])
    assert recorded(empty, TODAY)["C", "k1"].cases == 2


def test_a_match_and_an_unmet_need_of_one_week_may_be_one_case(empty, decide):
    decide()
    empty.add(UnmetNeed(area_code="C", recorded_on=MONDAY, need_code=NEEDS[DEBT]))
    empty.flush()
    assert recorded(empty, TODAY)["C", "k1"].cases == 1


def test_cases_without_an_area_or_older_than_a_year_are_left_out(empty, decide):
    decide(area=None)
    decide(TODAY - timedelta(days=365))
    assert recorded(empty, TODAY) == {}


def test_the_shipped_shares_are_those_that_were_published():
    shares = {code: one.share for code, one in priors().items()}
    assert shares == {"skills_or_motivation": 0.564, "transport": 0.257, "addiction_or_debts": 0.048}
    assert all("25.5 thousand" in one.base["en"] and one.date == "2023-05" for one in priors().values())
    assert all("llustrative" in one.caution["en"] for one in priors().values())


def test_the_shares_stand_in_the_source(shared):
    text = "".join(path.read_text(encoding="utf-8") for path in (shared / "sources").glob("*.txt"))
    assert [one for one in ("56,4 proc.", "25,7 proc.", "4,8 proc.", "25,5 tūkst.") if one not in text] == []


@pytest.mark.parametrize(("old", "new"), [("share = 0.564", "share = 56.4"), ("skl.social", "skl.soczial")])
def test_a_share_that_cannot_be_used_is_named(old, new):
    from netmap.paths import shipped

    text = (shipped("seeds") / "demand" / "priors.toml").read_text(encoding="utf-8")
    with pytest.raises(Invalid, match="skills_or_motivation"):
        read_priors(text.replace(old, new))


def test_the_share_of_a_small_problem_is_as_unsure_as_it_is():
    found = share_demand(4.8, 100)
    assert found.expected == 4.8
    assert found.variance + found.common**2 > found.expected + 40


def test_a_share_that_stands_in_for_many_areas_is_as_unsure_as_for_one():
    """It is wrong in all of them alike, so the errors do not even out."""
    one, twenty = together([share_demand(10, 100)]), together([share_demand(10, 100)] * 20)
    assert twenty.mean == 20 * one.mean
    assert (twenty.high - twenty.low) / twenty.mean > 0.8 * (one.high - one.low) / one.mean
    counted = together([demand(10, None, None)] * 20)
    assert (counted.high - counted.low) / counted.mean < 0.4


def test_the_gaps_take_such_a_share_as_unsure(town_session, settings):
    """The list, the card and the selection have one interval."""
    for row in town_session.query(Demand).where(Demand.package_code == "k1"):
        row.kind, row.base, row.clients, row.population = SHARE, 100, 10, None
    town_session.flush()
    wide = {10 * many: together([share_demand(10, 100)] * many) for many in (2, 3)}
    found = [gap for gap in gaps(town_session, settings)["gaps"] if gap["clients"] in wide]
    assert found
    for gap in found:
        assert gap["interval"] == [round(wide[gap["clients"]].low, 1), round(wide[gap["clients"]].high, 1)]


people = st.lists(st.integers(0, 30), max_size=6)


@given(people, st.lists(st.integers(1, 4), min_size=6, max_size=6))
def test_no_sum_tells_small_groups_apart(groups, few):
    other = [new if small(one) else one for one, new in zip(groups, few, strict=False)]
    assert told_sum(groups) == told_sum(other) == told_sum(map(guarded, groups))
    assert sum(map(guarded, groups)) == sum(map(guarded, other))


@given(people)
def test_a_sum_without_small_groups_is_the_sum(groups):
    large = [one for one in groups if not small(one)]
    assert told_sum(large) == str(sum(large))


def test_the_rate_of_a_region_is_that_of_its_planning_areas(town_session, settings):
    """A wider area counts nobody twice, and its own figure cannot be worked out from the rate."""
    before = figures(town_session, settings)["A", "k1"].rate
    town_session.add(Area(code="wide", name="Wide", kind="county"))
    town_session.flush()
    town_session.get(Area, "A").parent_code = "wide"
    town_session.add(Demand(area_code="wide", package_code="k1", clients=999, population=1_000))
    town_session.flush()
    assert figures(town_session, settings)["A", "k1"].rate == before


def test_what_was_seen_is_told_as_the_least_that_tells_no_small_number(empty, settings, decide):
    """The unmet needs of an area are told beside it: a sum of 20 and 3 would give the 3 away."""
    for number in range(20):
        decide(MONDAY - timedelta(days=7 * number))
    for _number in range(3):
        empty.add(UnmetNeed(area_code="C", recorded_on=MONDAY - timedelta(days=210), need_code=NEEDS[DEBT]))
    empty.flush()
    assert demands(empty, settings)["C", "k1"].clients == 23
    with telling():
        assert demands(empty, settings)["C", "k1"].clients == 21
