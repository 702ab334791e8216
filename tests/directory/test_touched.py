"""Every change that a document shows reaches the search index, whatever row it is made in."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, select, update
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import Base, now, open_session, transaction
from netmap.directory import indexing
from netmap.directory.documents import all_documents
from netmap.directory.hsds import import_path
from netmap.directory.models import (
    CostOption,
    Organization,
    Service,
    ServiceCapacity,
    Tie,
)
from netmap.directory.touched import OWNERS, services_of_days, services_touched
from netmap.jobs.models import Job
from netmap.search.backend import Document
from tests.directory.whole import WHOLE, write_whole

NOT_READ = {"area", "job", "directory_change", "import_run", "import_change", "source", "web_session", "user"}


def documents(session: Session, settings: Settings) -> dict[str, Document]:
    return {one.id: one for one in all_documents(session, settings)}


def another(value: Any) -> Any:
    """Return another value of the same type; something to be met where there was none."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return {"MO,TU": "MO", "WEEKLY": "MONTHLY", "active": "defunct"}.get(
            value, f"{value[:2]}zebra 12345678"
        )
    if isinstance(value, int | float):
        return value + 3
    return value + timedelta(days=900) if isinstance(value, date | datetime) else value


def changes(table: Table, row: Any) -> Iterator[dict[str, Any]]:
    """Yield one change of a row after the other: each of its columns, and that it is gone in its source."""
    for column in table.c:
        if column.primary_key or column.name in ("source_id", "source_key", "version"):
            continue
        value = getattr(row, column.name)
        if column.foreign_keys:
            if column.nullable and value is not None:
                yield {column.name: None}
        elif value is not None:
            yield {column.name: another(value)}
    if "removed_in_source" in table.c:
        yield {"removed_in_source": now()}


@pytest.mark.usefixtures("read_here")
def test_whatever_a_document_shows_its_service_is_touched_by_a_change_of_it(
    session: Session, settings: Settings, tmp_path: Path
) -> None:
    import_path(session, write_whole(tmp_path / "whole"), source="whole")
    before = documents(session, settings)
    seen: set[str] = set()
    for table in Base.metadata.sorted_tables:
        if table.name in NOT_READ or "id" not in table.c:
            continue
        for row in session.execute(select(table)).all():
            for change in changes(table, row):
                with session.begin_nested() as nested:
                    session.execute(update(table).where(table.c.id == row.id).values(change))
                    was = {OWNERS[name]: {getattr(row, name)} for name in change.keys() & OWNERS.keys()}
                    after = documents(session, settings)
                    differ = {one for one in before if before[one] != after.get(one)}
                    touched = services_touched(session, {table.name: {row.id}, **was})
                    assert differ <= touched, (table.name, change)
                    seen |= {table.name} if differ else set()
                    nested.rollback()
                session.expire_all()
    assert {
        "accessibility", "address", "attribute", "contact", "cost_option", "eligibility_rule", "language",
        "location", "organization", "phone", "program", "schedule", "service", "service_area",
        "service_at_location", "service_capacity", "service_type_link", "taxonomy", "taxonomy_term", "tie",
    } - {"eligibility_rule"} <= seen  # fmt: skip


@pytest.mark.usefixtures("read_here")
def test_what_moves_from_one_service_to_another_touches_both(session: Session, tmp_path: Path) -> None:
    import_path(session, write_whole(tmp_path / "first"), source="whole")
    session.query(Job).delete()
    files = {
        **WHOLE,
        "phones": [
            {**row, "service_id": "soup"} if row.get("service_id") == "beds" else row
            for row in WHOLE["phones"]
        ],
    }
    import_path(session, write_whole(tmp_path / "second", files), source="whole")
    keys = dict(session.execute(select(Service.id, Service.source_key)).all())
    queued = {keys[one] for job in session.scalars(select(Job)) for one in job.payload["ids"]}
    assert queued == {"beds", "soup"}


DAY = date(2026, 6, 1)


@pytest.mark.parametrize("days", [-2, -1, 0, 1, 2])
@pytest.mark.parametrize("what", ["begins", "ends", "stale", "tie", "closes"])
def test_a_service_is_read_again_exactly_on_the_day_on_which_its_codes_change(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch, what: str, days: int
) -> None:
    for key in ("a", "b"):
        session.add(Service(id=key, name=key, organization=Organization(id=f"o{key}", name=key)))
    session.flush()
    closing = Organization(id="oc", name="c", closed_on=DAY)
    rows: dict[str, Any] = {
        "begins": CostOption(service_id="a", amount=0, valid_from=DAY),
        "ends": CostOption(service_id="a", amount=0, valid_to=DAY),
        "stale": ServiceCapacity(
            service_id="a", available=1, updated=datetime(2025, 6, 1, 23, tzinfo=now().tzinfo)
        ),
        "tie": Tie(organization_id="oa", other_organization_id="ob", kind="agreement", ends=DAY),
        "closes": Service(id="c", name="c", status="active", organization=closing),
    }
    session.add(rows[what])
    session.flush()
    today = DAY + timedelta(days=days)

    def on(day: date) -> dict[str, Document]:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=now().tzinfo)
        monkeypatch.setattr("netmap.directory.documents.now", lambda: noon)
        return documents(session, settings)

    yesterday = today - timedelta(days=1)
    differ = {one for one, document in on(today).items() if document != on(yesterday)[one]}
    assert services_of_days(session, yesterday, today, settings.stale_days) == differ


def test_the_next_day_is_planned_once_and_taken_up(engine: Engine, settings: Settings) -> None:
    with transaction(engine) as session:
        session.add(Service(id="a", name="Choir"))
    for _turn in range(2):
        with open_session(engine, reading=True) as session:
            indexing.index_services(session, settings, [{"ids": ["a"]}])
    with open_session(engine, reading=True) as session:
        (job,) = session.scalars(select(Job))
        assert job.payload == {"after": indexing.today_of(settings).isoformat()}
        assert timedelta(0) < job.due_at - now() <= timedelta(hours=25)


def test_a_job_that_waits_to_be_tried_again_is_no_plan_for_the_next_day(
    engine: Engine, settings: Settings
) -> None:
    with transaction(engine) as session:
        session.add(Service(id="a", name="Choir"))
        session.add(Job(kind=indexing.KIND, payload={"ids": ["a"]}, due_at=now() + timedelta(minutes=4)))
    for _turn in range(2):
        indexing.rebuild_now(engine, settings)
        with open_session(engine, reading=True) as session:
            (job,) = session.scalars(select(Job))
            assert list(job.payload) == ["after"]
