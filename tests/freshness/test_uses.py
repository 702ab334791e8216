"""Use is counted in memory and written with the next change; and the daily job of the worker."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from netmap.app import handlers
from netmap.config import Settings
from netmap.db import now, open_session, transaction
from netmap.freshness import daily, uses
from netmap.freshness.models import ServiceUse, TruthSnapshot
from netmap.freshness.uses import KEPT_WEEKS, Uses, monday, write
from netmap.jobs import queue
from netmap.jobs.models import Job
from tests.freshness.conftest import TODAY


def test_counts_are_handed_over_once_a_minute_and_can_be_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(uses.time, "monotonic", lambda: clock[0])
    counts = Uses()
    counts.note("shown", ["a", "b", "a"])
    counts.note("opened", ["a"])
    assert counts.due() == {}
    clock[0] = 61.0
    taken = counts.due()
    assert taken == {("a", "shown"): 1, ("b", "shown"): 1, ("a", "opened"): 1}
    counts.back(taken)
    clock[0] = 122.0
    assert counts.due() == taken
    with pytest.raises(ValueError, match="eaten"):
        counts.note("eaten", ["a"])


def test_counts_add_up_by_week_and_old_weeks_go(office: Session) -> None:
    old = monday(TODAY) - timedelta(weeks=KEPT_WEEKS + 1)
    office.add(ServiceUse(service_id="food", week=old, shown=1, opened=0, matched=0, chosen=0))
    office.flush()
    write(office, {("debts", "shown"): 2, ("gone", "shown"): 9}, TODAY)
    write(office, {("debts", "shown"): 3, ("debts", "chosen"): 1}, TODAY)
    (row,) = office.scalars(select(ServiceUse)).all()
    assert (row.service_id, row.week, row.shown, row.chosen) == ("debts", monday(TODAY), 5, 1)


def test_a_page_counts_in_memory_and_the_next_change_writes_it(
    app: Flask, sign_in: Callable[[str | None], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = app.extensions["netmap_engine"]
    with open_session(engine, reading=True) as session:
        before = session.scalar(select(func.sum(ServiceUse.opened)))
        one = session.scalars(select(ServiceUse.service_id).order_by(ServiceUse.service_id)).first()
    client = sign_in("case_manager")
    assert client.get(f"/services/{one}").status_code == 200
    monkeypatch.setattr(uses, "SECONDS", 0)
    with open_session(engine, reading=True) as session:
        assert session.scalar(select(func.sum(ServiceUse.opened))) == before
    assert (
        client.post("/language", data={"language": "en", "csrf_token": client.token("/")}).status_code < 400
    )  # type: ignore[attr-defined]
    with open_session(engine, reading=True) as session:
        assert session.scalar(select(func.sum(ServiceUse.opened))) == before + 1


def test_the_worker_keeps_the_truth_of_today_and_comes_again_tomorrow(
    engine: Engine, settings: Settings
) -> None:
    daily.begin(engine)
    daily.begin(engine)
    assert queue.run_due(engine, handlers(engine, settings)) == 1
    with transaction(engine) as session:
        assert session.scalars(select(TruthSnapshot.part)).all() == ["all"]
        (job,) = session.scalars(select(Job)).all()
        assert (job.kind, job.state) == (daily.KIND, "due")
        assert timedelta(0) < job.due_at - now() < timedelta(days=2)
    assert queue.run_due(engine, handlers(engine, settings)) == 0
