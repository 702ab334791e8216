"""Readiness of packages over the tables: states of areas, sentences, and what a process keeps."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now, open_session, transaction
from netmap.directory import changes
from netmap.directory.models import Schedule, Service
from netmap.errors import Invalid
from netmap.network import service
from netmap.network.readiness import service as room
from netmap.network.readiness.service import counts, readiness

SETTINGS = Settings()


def with_hours(session: Session, *services: str) -> None:
    """Let these services be open on Tuesdays, and checked today."""
    for one in services:
        session.add(
            Schedule(
                id=f"h-{one}", service_id=one, freq="WEEKLY", byday="TU", opens_at="09:00", closes_at="12:00"
            )
        )
    session.execute(update(Service).where(Service.id.in_(services)).values(assured_date=now().date()))
    session.flush()


def package(session: Session, code: str, area: str | None = None) -> dict:  # type: ignore[type-arg]
    found = readiness(session, SETTINGS, code, area)["packages"]
    assert len(found) == 1
    return dict(found[0])


def states(one: dict, area: str) -> dict[str, str]:  # type: ignore[type-arg]
    row = next(row for row in one["areas"] if row["area"] == area)
    return {key: cell["state"] for key, cell in row["lines"].items()} | {"": row["state"]}


def test_a_package_is_as_ready_as_the_worst_line_that_it_needs(town_session: Session) -> None:
    with_hours(town_session, "v1", "v2", "v3", "v4")
    found = package(town_session, "k1")
    assert states(found, "A") == {
        "debt": "ready", "addiction": "not", "childcare": "ready", "job": "ready", "": "not",
    }  # fmt: skip
    assert (found["ready"], found["of"]) == (0, 3)
    assert found["sentence"].startswith("Ready in 0 of 3 areas. Missing in 3 areas: Outpatient addiction")


def test_reasons_name_the_provider_the_distance_or_what_shuts_people_out(town_session: Session) -> None:
    with_hours(town_session, "v1", "v2")
    rows = {row["area"]: row["lines"] for row in package(town_session, "k1")["areas"]}
    assert "checked on" in rows["A"]["debt"]["reason"]
    assert rows["A"]["debt"]["service_id"] == "v1"
    assert rows["C"]["debt"]["reason"] == "1 service offers it, none within 30 km and serving the place"
    assert "Provider P2" in rows["A"]["addiction"]["reason"]
    assert rows["A"]["childcare"]["reason"].endswith("no hours are recorded for this week")


def test_an_old_check_is_told_in_months(town_session: Session) -> None:
    with_hours(town_session, "v1")
    old = now().date() - timedelta(days=430)
    town_session.execute(update(Service).where(Service.id == "v1").values(assured_date=old))
    cell = next(row for row in package(town_session, "k1", "A")["areas"])["lines"]["debt"]
    assert (cell["state"], cell["gap"]) == ("ask", None)
    assert cell["reason"].startswith("only ")
    assert cell["reason"].endswith("last checked 14 months ago")


def test_what_is_missing_leads_to_its_gap(town_session: Session) -> None:
    keys = {gap["key"] for gap in service.gaps(town_session, SETTINGS)["gaps"]}
    for one in readiness(town_session, SETTINGS)["packages"]:
        for row in one["areas"]:
            for cell in row["lines"].values():
                assert (cell["gap"] is None) or cell["gap"] in keys
                assert cell["state"] != "not" or cell["gap"] in keys


def test_one_area_and_an_unknown_package(town_session: Session) -> None:
    assert [row["area"] for row in package(town_session, "k2", "B")["areas"]] == ["B"]
    with pytest.raises(Invalid, match="the nearest is 'k1'"):
        readiness(town_session, SETTINGS, "k11")


def test_the_counts_are_those_of_the_tables_and_are_kept_until_something_changes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, engine = app.extensions["netmap_settings"], app.extensions["netmap_engine"]
    with open_session(engine, reading=True) as session:
        told = {one["package"]: (one["ready"], one["of"]) for one in readiness(session, settings)["packages"]}
        first = counts(session, settings)
        assert {code: (found.ready, found.areas) for code, found in first.items()} == told
        assert any(found.ready for found in first.values())
        assert session.scalar(select(func.count(Service.id)))
    asked: list[int] = []
    real = room._counted
    monkeypatch.setattr(room, "_counted", lambda *which: asked.append(1) or real(*which))
    with open_session(engine, reading=True) as session:
        assert counts(session, settings) is first
        assert asked == []
    with transaction(engine) as session:
        session.execute(update(Service).values(status="inactive"))
        changes.note_all(session)
    with open_session(engine, reading=True) as session:
        assert sum(found.ready for found in counts(session, settings).values()) == 0
        assert asked == [1]
