"""Cases that no package fits: kept once a week without a person, and put together by what they share."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory import week_marks
from netmap.directory.models import Area
from netmap.directory.week_marks import AlreadyRecorded, take_back
from netmap.errors import Invalid, NotFound
from netmap.matching import unfit, unfit_listing
from netmap.matching.facts import Client, Rated
from netmap.matching.kept import UnfitCase
from netmap.matching.unfit import record_unfit
from netmap.matching.unfit_groups import Case, groups
from netmap.matching.unfit_listing import grouped, nearest
from netmap.packages.document import Document
from netmap.packages.service import save_version

SETTINGS = Settings(secret_key="s" * 64)
MONDAY = date(2026, 11, 16)


def client(**needs: int) -> Client:
    """A client with needs of these severities."""
    codes = {"transport": "trn.no_transport", "paper": "leg.paperwork", "digital": "skl.digital"}
    return Client(needs={codes[name]: Rated(severity, 1) for name, severity in needs.items()})


def keep(session: Session, one: Client, case: str = "", recorder: int = 1) -> UnfitCase:
    return record_unfit(session, SETTINGS, one, None, 0.0, recorder, case)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Any:
    """on(day) lets it be that day at noon."""

    def turn(day: date) -> None:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        for room in (unfit, unfit_listing):
            monkeypatch.setattr(room, "now", lambda: noon)

    turn(MONDAY)
    return turn


def test_codes_area_and_day_are_kept_and_nothing_else(session: Session, on: Any) -> None:
    session.add(Area(code="town", name="Town"))
    session.flush()
    one = Client(
        needs={"trn.no_transport": Rated(2, 1), "skl.digital": Rated(3, 0), "leg.paperwork": Rated(0, 0)},
        facts={"rural": "yes", "single_parent": "no", "child_under_7": "unknown"},
        contested=frozenset({"skl.digital"}),
        area="town",
        languages=frozenset({"uk"}),
    )
    row = record_unfit(session, SETTINGS, one, None, 12.5, 7, " A 17")
    assert row.needs == {"trn.no_transport": {"severity": 2, "urgency": 1}}
    assert row.facts == {"rural": "yes", "single_parent": "no"}
    assert (row.area_code, row.best_code, row.best_score, row.recorded_on) == ("town", None, 12.5, MONDAY)
    assert row.mark is not None
    assert "A17" not in row.mark


def test_a_case_counts_once_a_week(session: Session, on: Any) -> None:
    keep(session, client(transport=2), "A17")
    with pytest.raises(AlreadyRecorded, match="for this client"):
        keep(session, client(paper=3), "a 17", recorder=2)
    keep(session, client(transport=2), "B4")
    on(date(2026, 11, 22))
    with pytest.raises(AlreadyRecorded):
        keep(session, client(transport=2), "B4")
    on(date(2026, 11, 23))
    keep(session, client(transport=2), "A17")
    assert len(session.scalars(select(UnfitCase)).all()) == 3


def test_without_a_code_the_recorder_needs_and_area_tell_cases_apart(session: Session, on: Any) -> None:
    keep(session, client(transport=2))
    with pytest.raises(AlreadyRecorded, match="give a code"):
        keep(session, client(transport=2))
    keep(session, client(transport=2), recorder=2)
    keep(session, client(transport=3))


def test_marks_of_earlier_weeks_are_forgotten(session: Session, on: Any) -> None:
    first = keep(session, client(transport=2), "A17")
    on(date(2026, 11, 24))
    second = keep(session, client(transport=2), "A17")
    session.refresh(first)
    assert (first.mark, second.mark is None) == (None, False)


def test_a_record_can_be_taken_back_and_made_again(session: Session, on: Any) -> None:
    row = keep(session, client(transport=2))
    take_back(session, UnfitCase, row.id)
    with pytest.raises(NotFound):
        take_back(session, UnfitCase, row.id)
    keep(session, client(transport=2))


def test_cases_older_than_a_year_are_deleted_with_the_next(session: Session, on: Any) -> None:
    keep(session, client(transport=2), "A17")
    on(date(2027, 11, 15))
    keep(session, client(paper=2), "B4")
    assert len(session.scalars(select(UnfitCase)).all()) == 2
    on(date(2027, 11, 16))
    keep(session, client(paper=2), "C5")
    assert {row.recorded_on for row in session.scalars(select(UnfitCase))} == {
        date(2027, 11, 15),
        date(2027, 11, 16),
    }


def test_a_client_without_needs_or_an_endless_code_is_refused(session: Session, on: Any) -> None:
    with pytest.raises(Invalid, match="choose at least one"):
        keep(session, client(transport=0))
    with pytest.raises(Invalid) as refused:
        keep(session, client(transport=1), "x" * 61)
    assert "at most 60" in refused.value.fields["case"]


def case(area: str | None = None, day: date = MONDAY, facts: tuple[str, ...] = (), **needs: int) -> Case:
    codes = {code: rated.severity for code, rated in client(**needs).needs.items()}
    return Case(codes, dict.fromkeys(facts, "yes"), area, day)


def alike(one: Case, other: Case) -> float:
    codes = {*one.needs, *other.needs}
    both = [(one.needs.get(code, 0), other.needs.get(code, 0)) for code in codes]
    return sum(min(pair) for pair in both) / sum(max(pair) for pair in both)


def test_every_two_cases_of_a_group_are_half_alike_whatever_their_order() -> None:
    chance = random.Random(7)
    names = ("transport", "paper", "digital")
    for _round in range(30):
        cases = [
            case(**{name: chance.randint(1, 3) for name in chance.sample(names, chance.randint(1, 3))})
            for _one in range(12)
        ]
        found = groups(cases)
        assert sorted(map(str, (one for group in found for one in group.cases))) == sorted(map(str, cases))
        for group in found:
            assert all(alike(one, other) >= 0.5 - 1e-9 for one in group.cases for other in group.cases)
        chance.shuffle(cases)
        assert groups(cases) == found


def test_a_chain_of_cases_is_no_group() -> None:
    chain = [case(transport=2), case(transport=2, paper=2), case(paper=2, digital=2), case(digital=2)]
    assert [len(group.cases) for group in groups(chain)] == [2, 2]


def test_a_group_tells_shares_weights_places_and_weeks() -> None:
    cases = [
        case("a", transport=3, paper=2, facts=("rural",)),
        case("b", transport=3, paper=2, facts=("rural",)),
        case("a", date(2026, 11, 23), transport=3, facts=("single_parent",)),
    ]
    (group,) = groups(cases)
    assert [(code, round(share, 2)) for code, share, _severity in group.needs] == [
        ("trn.no_transport", 1.0),
        ("leg.paperwork", 0.67),
    ]
    assert group.profile() == {"trn.no_transport": 1.0, "leg.paperwork": 1.0}
    assert (group.areas, group.weeks, group.facts, group.few) == (("a", "b"), 2, ("rural",), False)
    assert groups(cases[:2])[0].few
    assert groups([]) == []


def test_groups_come_from_the_last_year_and_name_the_nearest_package(
    session: Session, on: Any, package_b: Document
) -> None:
    named = replace(package_b, reason={"en": "It begins with a home."})
    save_version(session, "b", named, by=None, note="", expected=0)
    debtor = Client(needs={"fin.mortgage_debt": Rated(2, 0), "skl.digital": Rated(3, 0)})
    on(date(2025, 11, 10))
    keep(session, debtor, "old")
    on(MONDAY)
    for number in range(3):
        keep(session, debtor, f"c{number}")
    found = grouped(session, SETTINGS)
    assert [len(group.cases) for group in found] == [3]
    (near,) = nearest(session, found)
    assert near is not None
    assert (near.code, near.lacks, near.fits) == ("b", ("skl.digital",), near.score >= 50)
    assert nearest(session, groups([case(paper=2)])) == [None]


def test_a_mark_is_another_one_each_week_and_needs_the_key() -> None:
    def mark(settings: Settings, day: date) -> str:
        return week_marks.mark(settings, "unfit case", day, "case", "A17")

    other = Settings(secret_key="t" * 64)
    assert mark(SETTINGS, MONDAY) == mark(SETTINGS, date(2026, 11, 22))
    assert len({mark(SETTINGS, MONDAY), mark(SETTINGS, date(2026, 11, 23)), mark(other, MONDAY)}) == 3
