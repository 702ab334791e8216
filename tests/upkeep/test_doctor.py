"""The examination finds each thing that can be wrong, and nothing in a healthy house."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from netmap.app import drain, import_all_models
from netmap.config import Settings
from netmap.db import now, open_engine, transaction
from netmap.directory.indexing import KIND, rebuild_now
from netmap.directory.kept import MergedInto
from netmap.directory.models import (
    Area,
    Attribute,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceCapacity,
    ServiceTypeLink,
    TaxonomyTerm,
    Tie,
    Vacancy,
)
from netmap.jobs.models import Job
from netmap.jobs.queue import later
from netmap.network.models import Demand
from netmap.partners.models import Agreement
from netmap.search.whoosh_backend import WhooshBackend
from netmap.upkeep import doctor
from netmap.upkeep.doctor import CHECKS, examine
from netmap.upkeep.findings import Finding
from netmap.upkeep.folder import note_backup

Change = Callable[[Session], None]


@pytest.fixture
def office(prepared: Path, tmp_path: Path) -> Settings:
    import_all_models()
    shutil.copytree(prepared, tmp_path / "data")
    settings = Settings(data_dir=tmp_path / "data")
    settings.data_dir.chmod(0o700)
    return settings


@pytest.fixture
def engine(office: Settings) -> Iterator[Engine]:
    engine = open_engine(office.database())
    yield engine
    engine.dispose()


def wrong(engine: Engine, office: Settings) -> list[Finding]:
    """What is wrong; work that waits for people, as in every directory, is no fault."""
    return [one for one in examine(engine, office) if one.severity != "note"]


def found(engine: Engine, office: Settings) -> list[tuple[str, str, int]]:
    return [(one.check, one.severity, one.count) for one in wrong(engine, office)]


def a_service(session: Session) -> Service:
    service = session.scalars(select(Service).order_by(Service.id)).first()
    assert service is not None
    return service


def test_a_healthy_house_has_no_findings(engine: Engine, office: Settings) -> None:
    assert found(engine, office) == []


def a_place(session: Session) -> str:
    """A place without hours of its own."""
    if session.get(Location, "yard") is None:
        session.add(Location(id="yard", name="The yard"))
        session.flush()
    return "yard"


def notes(engine: Engine, office: Settings) -> dict[str, int]:
    findings = [one for one in examine(engine, office, slow=True) if one.severity == "note"]
    return {
        check: sum(one.count for one in findings if one.check == check) for check in ("stale", "duplicate")
    }


def test_what_nobody_confirmed_and_what_is_there_twice_is_noted_and_no_fault(
    engine: Engine, office: Settings
) -> None:
    before = notes(engine, office)
    with transaction(engine) as session:
        same = {"website": "https://spring.example.org", "description": "Warm clothes."}
        session.add(Organization(id="one", name="Warm Spring Society", **same))
        session.add(Organization(id="two", name="Warm Spring Society", **same))
        session.flush()
        session.add(Phone(organization_id="one", number="(555) 201-0001"))
        session.add(Phone(organization_id="two", number="555 201 0001"))
        session.add(Service(id="coats", organization_id="one", name="Winter coats", status="active"))
    after = notes(engine, office)
    assert after == {"stale": before["stale"] + 1, "duplicate": before["duplicate"] + 1}
    assert all(one.about == "records" for one in examine(engine, office, slow=True) if one.severity == "note")


def rename(session: Session) -> None:
    a_service(session).name = "Changed behind the index"


def add(session: Session) -> None:
    session.add(Service(id="new", name="Not in the index"))


def close_early(session: Session) -> None:
    session.add(Schedule(service_id=a_service(session).id, byday="MO", opens_at="09:00", closes_at="05:00"))


def end_early(session: Session) -> None:
    session.add(Schedule(valid_from=date(2026, 5, 1), valid_to=date(2026, 4, 1)))


def turn_ages(session: Session) -> None:
    service = a_service(session)
    service.minimum_age, service.maximum_age = 65, 18


def at_zero(session: Session) -> None:
    session.add(Location(latitude=0, longitude=0))


def area_at_zero(session: Session) -> None:
    session.add(Area(code="nowhere", name="Nowhere", latitude=0, longitude=0))


def off_earth(session: Session) -> None:
    session.add(Location(latitude=25.1, longitude=555.0))


def overlap(session: Session) -> None:
    for opens, closes in (("09:00", "13:00"), ("12:00", "16:00")):
        session.add(Schedule(location_id=a_place(session), byday="MO,TU", opens_at=opens, closes_at=closes))


def no_such_day(session: Session) -> None:
    session.add(Schedule(location_id=a_place(session), unread="shut until 31 February"))


def below_zero(session: Session) -> None:
    session.add(ServiceCapacity(service_id=a_service(session).id, available=-1))


def too_many_free(session: Session) -> None:
    session.add(ServiceCapacity(service_id=a_service(session).id, available=9, maximum=8))


def agreement_ends_early(session: Session) -> None:
    days = {"begins": date(2026, 5, 1), "ends": date(2026, 4, 1)}
    session.add(Agreement(title="Beds", kind="cooperation", **days))


def tie_ends_early(session: Session) -> None:
    one, two = session.scalars(select(Organization.id).order_by(Organization.id).limit(2))
    days = {"begun": date(2026, 5, 1), "ends": date(2026, 4, 1)}
    session.add(Tie(organization_id=one, other_organization_id=two, **days))


def attested_late(session: Session) -> None:
    owner = session.scalars(select(Organization.id).order_by(Organization.id)).first()
    session.add(Vacancy(organization_id=owner, title="Cook", attested_at=now(), valid_to=date(2020, 1, 1)))


def circle(session: Session) -> None:
    one, two = session.scalars(select(Organization).order_by(Organization.id).limit(2))
    one.successor_id, two.successor_id = two.id, one.id


def closed_and_offering(session: Session) -> None:
    service = session.scalars(
        select(Service).where(Service.status == "active", Service.organization_id.is_not(None))
    ).first()
    assert service is not None
    assert service.organization is not None
    service.organization.closed_on = date(2026, 1, 1)


def assured_later(session: Session) -> None:
    a_service(session).assured_date = date(2999, 1, 1)


def lost_survivor(session: Session) -> None:
    session.add(MergedInto(id="old", table_name="service", survivor_id="gone", merged_by="a@office.example"))


def loose_attribute(session: Session) -> None:
    session.add(Attribute(link_entity="service", link_id="gone", value="x"))


def attribute_of_no_table(session: Session) -> None:
    session.add(Attribute(link_entity="choir", link_id="gone", value="x"))


def loose_term(session: Session) -> None:
    session.add(TaxonomyTerm(name="Leaf", parent_id="gone"))


def loose_demand(session: Session) -> None:
    area = session.scalars(select(Area.code).order_by(Area.code)).first()
    session.add(Demand(area_code=area, package_code="gone", clients=3))


def unknown_type(session: Session) -> None:
    session.add(ServiceTypeLink(service_id=a_service(session).id, code="gone", state="rejected"))


def loose_package(session: Session) -> None:
    session.execute(text("UPDATE package SET current = 9 WHERE code = (SELECT min(code) FROM package)"))


def loose_decision(session: Session) -> None:
    session.execute(
        text(
            "INSERT INTO decision SELECT 'd', min(code), 9, 'taken', 'fits', 1.0, NULL, NULL, '{}', '[]', "
            "'[]', '{}', '[]', NULL, '2026-11-01' FROM package"
        )
    )


def give_up(session: Session) -> None:
    session.add(Job(kind=KIND, payload={"ids": []}, state="failed", tries=5, error="OSError: disk full"))


def fail_once(session: Session) -> None:
    session.add(Job(kind="letter", payload={}, tries=1, error="OSError", due_at=now() + timedelta(minutes=2)))


def wait_long(session: Session) -> None:
    session.add(Job(kind="letter", payload={}, due_at=now() - timedelta(minutes=9)))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (rename, [("index", "error", 1)]),
        (add, [("index", "error", 1)]),
        (close_early, [("index", "error", 1), ("impossible", "warning", 1)]),
        (end_early, [("impossible", "warning", 1)]),
        (turn_ages, [("index", "error", 1), ("impossible", "warning", 1)]),
        (at_zero, [("impossible", "warning", 1)]),
        (area_at_zero, [("impossible", "warning", 1)]),
        (off_earth, [("impossible", "warning", 1)]),
        (overlap, [("impossible", "warning", 1)]),
        (no_such_day, [("impossible", "warning", 1)]),
        (below_zero, [("impossible", "warning", 1)]),
        (too_many_free, [("impossible", "warning", 1)]),
        (agreement_ends_early, [("impossible", "warning", 1)]),
        (tie_ends_early, [("impossible", "warning", 1)]),
        (attested_late, [("impossible", "warning", 1)]),
        (circle, [("index", "error", 3), ("impossible", "warning", 2)]),
        (closed_and_offering, [("index", "error", 2), ("impossible", "warning", 1)]),
        (assured_later, [("index", "error", 1), ("impossible", "warning", 1)]),
        (lost_survivor, [("dangling", "warning", 1)]),
        (loose_attribute, [("dangling", "warning", 1)]),
        (attribute_of_no_table, [("dangling", "warning", 1)]),
        (loose_term, [("dangling", "warning", 1)]),
        (loose_demand, [("dangling", "warning", 1)]),
        (unknown_type, [("dangling", "warning", 1)]),
        (loose_package, [("dangling", "warning", 1)]),
        (loose_decision, [("dangling", "warning", 1)]),
        (give_up, [("jobs", "error", 1)]),
        (fail_once, [("jobs", "warning", 1)]),
        (wait_long, [("jobs", "warning", 1)]),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_each_thing_that_is_wrong_is_found_alone(
    engine: Engine, office: Settings, change: Change, expected: list[tuple[str, str, int]]
) -> None:
    with transaction(engine) as session:
        change(session)
    assert found(engine, office) == expected


def test_a_service_that_is_gone_from_the_database_is_found_in_the_index(
    engine: Engine, office: Settings
) -> None:
    with transaction(engine) as session:
        add(session)
    rebuild_now(engine, office)
    with transaction(engine) as session:
        session.delete(session.get_one(Service, "new"))
    (one,) = wrong(engine, office)
    assert (one.check, one.examples) == ("index", ("new",))
    assert "gone" in one.sentence


def test_what_a_waiting_job_will_mend_is_no_finding(engine: Engine, office: Settings) -> None:
    with transaction(engine) as session:
        rename(session)
        later(session, KIND, ids=[a_service(session).id])
    assert found(engine, office) == []
    drain(engine, office)
    assert found(engine, office) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_and_a_missing_index_are_found_and_mended(engine: Engine, office: Settings) -> None:
    with transaction(engine) as session:
        give_up(session)
    for file in office.index_dir().rglob("*.seg"):
        file.write_bytes(file.read_bytes()[:-1])
    assert [one[0] for one in found(engine, office)] == ["index", "jobs"]
    shutil.rmtree(office.index_dir())
    assert [one[0] for one in found(engine, office)] == ["index", "jobs"]
    rebuild_now(engine, office)
    assert found(engine, office) == []


def test_damaged_arrays_are_a_warning_since_answers_stay_right(engine: Engine, office: Settings) -> None:
    for file in office.index_dir().rglob("base.arrays"):
        file.unlink()
    (one,) = wrong(engine, office)
    assert (one.check, one.severity) == ("index", "warning")
    assert "answers are right" in one.sentence
    rebuild_now(engine, office)
    assert found(engine, office) == []


def test_a_row_that_points_nowhere_is_found(engine: Engine, office: Settings) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql(
            "INSERT INTO service_area (id, service_id, area_code) VALUES ('x', 'gone', NULL)"
        )
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.exec_driver_sql("BEGIN")
    (one,) = wrong(engine, office)
    assert (one.check, one.severity) == ("references", "error")
    assert "service_area" in one.examples[0]


@pytest.mark.parametrize("pragma", ["synchronous=NORMAL", "foreign_keys=OFF", "secure_delete=OFF"])
def test_a_connection_that_could_lose_something_is_found(office: Settings, pragma: str) -> None:
    from sqlalchemy import event

    engine = open_engine(office.database())
    event.listen(engine, "connect", lambda connection, _record: connection.execute(f"PRAGMA {pragma}"))
    assert ("settings", "error", 1) in found(engine, office)
    engine.dispose()


def test_a_schema_that_differs_is_found(engine: Engine, office: Settings) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE demand ADD COLUMN extra INTEGER"))
    (one,) = wrong(engine, office)
    assert one.check == "schema"
    assert "extra" in one.examples[0]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON web_session BEGIN UPDATE user SET role = 'admin'; END", "t"),
        ("CREATE VIEW v AS SELECT * FROM user", "v"),
        ("DROP TRIGGER security_event_no_update", "security_event_no_update"),
    ],
)
def test_triggers_that_are_not_ours_or_are_missing_are_found(
    engine: Engine, office: Settings, change: str, named: str
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(change)
    (one,) = wrong(engine, office)
    assert (one.check, one.severity, one.examples) == ("guards", "error", (named,))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_database_is_found_and_the_other_checks_go_on(office: Settings) -> None:
    path = office.data_dir / "netmap.db"
    content = bytearray(path.read_bytes())
    for place in range(8 * 4096, len(content) - 4096, 4096):
        content[place : place + 64] = b"\xff" * 64
    path.write_bytes(content)
    engine = open_engine(office.database())
    findings = wrong(engine, office)
    assert findings[0].check == "database"
    assert "netmap restore" in findings[0].sentence
    engine.dispose()


@pytest.mark.skipif(os.name != "posix", reason="other systems keep permissions in another way")
def test_a_folder_that_others_may_open_is_found_with_the_command(engine: Engine, office: Settings) -> None:
    office.key()
    office.data_dir.chmod(0o755)
    (office.data_dir / "secret.key").chmod(0o644)
    (one,) = wrong(engine, office)
    assert (one.check, one.count) == ("folder", 2)
    assert f"chmod 700 {office.data_dir}" in one.sentence


def test_a_full_disk_is_found(engine: Engine, office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(office.data_dir)._replace(free=1_000_000)
    monkeypatch.setattr("netmap.upkeep.folder.shutil.disk_usage", lambda path: usage)
    assert found(engine, office) == [("room", "error", 1)]


def test_a_backup_that_is_too_old_is_found(engine: Engine, office: Settings) -> None:
    note_backup(office.data_dir, now() - timedelta(days=8), "old.zip")
    assert found(engine, office) == [("backup", "warning", 1)]
    note_backup(office.data_dir, now() - timedelta(days=6), "new.zip")
    assert found(engine, office) == []


def test_an_office_that_never_made_a_backup_is_told_after_a_week(engine: Engine, office: Settings) -> None:
    with transaction(engine) as session:
        session.execute(text("UPDATE user SET created_at = :then"), {"then": "2026-01-01 00:00:00.000000"})
    assert found(engine, office) == [("backup", "warning", 1)]


def test_a_check_that_cannot_be_done_is_a_finding(
    engine: Engine, office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> Iterator[doctor.Finding]:
        raise KeyError("x")

    monkeypatch.setattr(doctor, "CHECKS", {**CHECKS, "broken": broken})
    assert found(engine, office) == [("broken", "error", 1)]


def test_the_examination_keeps_nobody_waiting_and_changes_nothing(engine: Engine, office: Settings) -> None:
    with transaction(engine) as writing:
        rename(writing)
        writing.flush()
        assert found(engine, office) == []
        writing.rollback()
    assert WhooshBackend(office.index_dir()).ready()
