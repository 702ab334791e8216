"""What coordinators put first or leave out: one SELECT, reasons, last days, no contradictions."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.asked import MOST_NEEDS
from netmap.directory.curation import Curated, Wish, curate, curated, end, left_out, listing, of_service
from netmap.directory.documents import index_documents
from netmap.directory.find import Question, find
from netmap.directory.kept import Curation
from netmap.directory.models import Organization, Service
from netmap.errors import Invalid, NotFound
from netmap.search.memory_backend import MemoryBackend
from tests.statements import counted

TODAY = date(2026, 11, 26)
NEED, OTHER_NEED = "fin.mortgage_debt", "fin.consumer_debt"
TYPE = "debt_advice"


@pytest.fixture
def services(session: Session) -> Session:
    for key in ("a", "b", "c"):
        session.add(Service(id=key, name=f"Desk {key}", organization=Organization(name=f"Firm {key}")))
    session.flush()
    return session


def decide(
    session: Session, service: str, effect: str, kind: str = "need", code: str = NEED, **more: Any
) -> Curation:
    wish = Wish(kind, code, effect, more.get("reason", f"reason of {service}"), more.get("until", ""))
    return curate(session, service, wish, by="c@office.example", today=more.get("today", TODAY))


def asked(session: Session, needs: tuple[str, ...] = (NEED,), types: tuple[str, ...] = ()) -> Curated:
    return curated(session, needs, types, TODAY)


def test_what_is_put_first_and_left_out_comes_with_its_reason(services: Session) -> None:
    decide(services, "a", "first")
    decide(services, "b", "out", reason="  No new\n clients  ")
    assert asked(services) == Curated({"a": "reason of a"}, {"b": "No new clients"})


def test_it_holds_for_what_it_was_decided_for_only(services: Session) -> None:
    decide(services, "a", "first")
    decide(services, "b", "out", kind="type", code=TYPE)
    assert asked(services, (OTHER_NEED,)) == Curated()
    assert asked(services, (), (TYPE,)) == Curated({}, {"b": "reason of b"})
    assert asked(services, (), ()) == Curated()


def test_the_latest_decision_stands_first(services: Session) -> None:
    for hours, key in ((3, "b"), (1, "c"), (2, "a")):
        decide(services, key, "first").decided_at = now() - timedelta(hours=hours)
    services.flush()
    assert list(asked(services).first) == ["c", "a", "b"]


def test_a_question_with_curation_costs_one_select(services: Session) -> None:
    decide(services, "a", "first")
    decide(services, "b", "out", kind="type", code=TYPE)
    services.flush()
    with counted(services) as statements:
        found = asked(services, (NEED, OTHER_NEED), (TYPE,))
    assert (len(found.first), len(found.out)) == (1, 1)
    assert len(statements) == 1


def test_what_is_said_of_the_need_wins_over_what_is_said_of_the_type(services: Session) -> None:
    decide(services, "a", "first")
    decide(services, "a", "out", kind="type", code=TYPE)
    decide(services, "b", "out")
    decide(services, "b", "first", kind="type", code=TYPE)
    assert asked(services, (NEED,), (TYPE,)) == Curated({"a": "reason of a"}, {"b": "reason of b"})


def test_first_for_one_of_two_needs_is_not_left_out_for_the_other(services: Session) -> None:
    decide(services, "a", "out")
    decide(services, "a", "first", code=OTHER_NEED)
    assert asked(services, (NEED, OTHER_NEED)) == Curated({"a": "reason of a"}, {})
    assert asked(services, (NEED,)).out == {"a": "reason of a"}


@pytest.mark.parametrize(("last", "holds"), [(TODAY, True), (TODAY - timedelta(days=1), False)])
def test_it_holds_on_its_last_day_and_not_after(services: Session, last: date, holds: bool) -> None:
    decide(services, "a", "first", until=last.isoformat(), today=TODAY - timedelta(days=9))
    assert bool(asked(services).first) is holds
    assert len(of_service(services, "a", TODAY)) == holds
    total, rows = listing(services, TODAY, ended=not holds, limit=9, offset=0)
    assert (total, [row.service_id for row in rows]) == (1, ["a"])
    assert listing(services, TODAY, ended=holds, limit=9, offset=0) == (0, [])


@pytest.mark.parametrize("second", ["first", "out"])
def test_a_second_decision_for_the_same_need_is_refused_and_names_the_first(
    services: Session, second: str
) -> None:
    decide(services, "a", "first", reason="Nearest to the court")
    with pytest.raises(Invalid) as error:
        decide(services, "a", second)
    assert set(error.value.fields) == {"about"}
    assert "put first for “Mortgage debt” already" in error.value.fields["about"]
    assert "Nearest to the court" in error.value.fields["about"]
    assert services.scalar(select(func.count()).select_from(Curation)) == 1


def test_the_database_itself_refuses_a_second_decision_in_force(services: Session) -> None:
    """Two processes may both have seen that nothing was decided."""
    decide(services, "a", "first")
    values = {"service_id": "a", "field": "need", "code": NEED, "reason": "r", "decided_by": "x"}
    with pytest.raises(IntegrityError), services.begin_nested():
        services.add(Curation(effect="out", **values))
    services.add(Curation(effect="out", ended_at=now(), **values))
    services.flush()


def test_what_was_ended_or_has_run_out_makes_room(services: Session) -> None:
    first = decide(services, "a", "first")
    assert (end(services, first.id, by="d@office.example").ended_by, first.ended_at is None) == (
        "d@office.example",
        False,
    )
    passing = decide(services, "a", "out", until="2026-11-27")
    assert asked(services).out == {"a": "reason of a"}
    later = decide(services, "a", "first", today=date(2026, 12, 1))
    assert (passing.ended_at is None, passing.ended_by) == (False, None)
    assert curated(services, (NEED,), (), date(2026, 12, 1)).first == {"a": later.reason}


def test_ending_twice_keeps_who_ended_it(services: Session) -> None:
    row = decide(services, "a", "first")
    ended = end(services, row.id, by="one@office.example").ended_at
    again = end(services, row.id, by="two@office.example")
    assert (again.ended_by, again.ended_at) == ("one@office.example", ended)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " \n "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"reason": "bell \x07"}, "reason"),
        ({"code": "fin.no_such"}, "about"),
        ({"kind": "type"}, "about"),
        ({"kind": "area"}, "about"),
        ({"effect": "second"}, "effect"),
        ({"until": "31.12.2026"}, "until"),
        ({"until": "2026-11-25"}, "until"),
        ({"until": "2099-01-01"}, "until"),
    ],
)
def test_what_cannot_be_used_is_said_by_field_and_nothing_is_kept(
    services: Session, change: dict[str, str], field: str
) -> None:
    typed = {"kind": "need", "code": NEED, "effect": "first", "reason": "good", "until": ""} | change
    with pytest.raises(Invalid) as error:
        curate(services, "a", Wish(**typed), by="c@office.example", today=TODAY)
    assert set(error.value.fields) == {field}
    assert error.value.fields[field].endswith(".")
    assert services.scalars(select(Curation)).all() == []


def test_a_missing_service_or_decision_is_said(services: Session) -> None:
    with pytest.raises(NotFound):
        decide(services, "nobody", "first")
    with pytest.raises(NotFound):
        end(services, "nothing", by="c@office.example")


def test_those_left_out_are_named_with_their_reasons(services: Session) -> None:
    decide(services, "b", "out")
    decide(services, "a", "out")
    found = left_out(services, asked(services).out)
    assert [(one.service, one.organisation, one.reason) for one in found] == [
        ("Desk a", "Firm a", "reason of a"),
        ("Desk b", "Firm b", "reason of b"),
    ]


def test_decisions_go_with_their_service(services: Session) -> None:
    decide(services, "a", "first")
    decide(services, "b", "out")
    services.execute(text("DELETE FROM service WHERE id = 'a'"))
    assert list(services.scalars(select(Curation.service_id))) == ["b"]


def test_a_need_too_doubtful_to_be_shown_leaves_nobody_out(session: Session, settings: Settings) -> None:
    words = "terminal cancer home visits"
    session.add(Service(id="s", name="Cancer home visits"))
    session.flush()
    backend = MemoryBackend()
    backend.put(index_documents(session, ["s"], settings))
    needs = [code for code, _name in find(session, backend, settings, Question(words)).needs]
    decide(session, "s", "out", code=needs[MOST_NEEDS])
    assert [one.service_id for one in find(session, backend, settings, Question(words)).results] == ["s"]
    decide(session, "s", "out", code=needs[0])
    answer = find(session, backend, settings, Question(words))
    assert (answer.results, [one.service_id for one in answer.left_out]) == ((), ["s"])
