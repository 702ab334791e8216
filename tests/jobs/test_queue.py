"""The queue keeps what is to be done, whatever fails."""

from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from netmap.db import open_session, transaction
from netmap.jobs.models import Job
from netmap.jobs.queue import MAX_TRIES, later, run_due


def test_a_job_exists_exactly_if_the_change_is_committed(engine: Engine) -> None:
    def change() -> None:
        with transaction(engine) as session:
            later(session, "count", number=1)
            raise RuntimeError("the change fails")

    with pytest.raises(RuntimeError):
        change()
    with open_session(engine, reading=True) as session:
        assert session.scalars(select(Job)).all() == []


def test_jobs_of_one_kind_are_done_together_in_their_order(engine: Engine) -> None:
    seen: list[list[int]] = []

    def handler(session: Session, payloads: list[dict[str, Any]]) -> None:
        seen.append([payload["number"] for payload in payloads])

    with transaction(engine) as session:
        for number in range(3):
            later(session, "count", number=number)
    assert run_due(engine, {"count": handler}) == 3
    assert seen == [[0, 1, 2]]
    with open_session(engine, reading=True) as session:
        assert session.scalars(select(Job)).all() == []


def test_people_can_write_while_a_job_runs(engine: Engine) -> None:
    def handler(session: Session, payloads: list[dict[str, Any]]) -> None:
        session.scalars(select(Job)).all()
        with transaction(engine) as other:
            later(other, "written meanwhile")

    with transaction(engine) as session:
        later(session, "count")
    assert run_due(engine, {"count": handler, "written meanwhile": lambda session, payloads: None}) == 2


def test_a_failing_job_is_put_off_with_its_reason_and_leaves_no_half_written_state(engine: Engine) -> None:
    def handler(session: Session, payloads: list[dict[str, Any]]) -> None:
        raise OSError("disk full")

    with transaction(engine) as session:
        later(session, "count")
    assert run_due(engine, {"count": handler}) == 0
    with open_session(engine, reading=True) as session:
        job = session.scalars(select(Job)).one()
        assert (job.kind, job.tries, job.state, job.error) == ("count", 1, "due", "OSError: disk full")


def test_a_job_stops_after_five_tries(engine: Engine) -> None:
    def handler(session: Session, payloads: list[dict[str, Any]]) -> None:
        raise OSError("still full")

    with transaction(engine) as session:
        session.add(Job(kind="count", tries=MAX_TRIES - 1))
    run_due(engine, {"count": handler})
    with open_session(engine, reading=True) as session:
        assert session.scalars(select(Job)).one().state == "failed"


def test_a_job_of_an_unknown_kind_does_not_stop_the_others(engine: Engine) -> None:
    done = []
    with transaction(engine) as session:
        later(session, "unknown")
        later(session, "count")
    run_due(engine, {"count": lambda session, payloads: done.append(len(payloads))})
    assert done == [1]
