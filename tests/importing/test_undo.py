"""The whole import is taken back, exactly; what people did since is never overwritten in silence."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from netmap.app import drain
from netmap.config import Settings
from netmap.db import open_session, transaction
from netmap.directory.curation import Wish, curate
from netmap.directory.kept import Curation
from netmap.directory.models import Area, Location, Phone, Service, ServiceTypeLink
from netmap.directory.typing import decide
from netmap.errors import Conflict, NotFound
from netmap.importing import journal, queries, work
from netmap.importing.models import ImportChange, ImportRun
from netmap.importing.service import ask_undo
from netmap.importing.terminal import import_now, undo_now
from netmap.importing.uploads import Uploads
from netmap.jobs.models import Job
from netmap.network.models import Demand, Travel
from netmap.packages.service import load_seeds
from tests.importing.conftest import Make, exact_hash


@pytest.fixture
def uploads(settings: Settings) -> Uploads:
    return Uploads(settings.data_dir)


def bring(engine: Engine, uploads: Uploads, path: Path, **more: str) -> int:
    import_now(engine, uploads, {"directory": path}, allow_removals=True, **more)
    with open_session(engine, reading=True) as session:
        return queries.runs(session, limit=1)[0].id


def test_undoing_the_first_import_leaves_nothing(engine: Engine, uploads: Uploads, make: Make) -> None:
    before = exact_hash(engine)
    run = bring(engine, uploads, make())
    with open_session(engine, reading=True) as session:
        assert session.scalar(select(func.count()).select_from(Service)) == 12
        assert session.scalar(select(func.count()).select_from(Area)) == 3
        assert session.scalar(select(func.count()).select_from(ServiceTypeLink)) > 0
    assert exact_hash(engine) != before
    undo_now(engine, uploads, run, rest=False)
    assert exact_hash(engine) == before


def test_undoing_a_second_import_gives_back_the_first(engine: Engine, uploads: Uploads, make: Make) -> None:
    first = bring(engine, uploads, make(12), source="list")
    before = exact_hash(engine)
    second = bring(engine, uploads, make(9, "More of it."), source="list")  # adds none, changes 9, 3 are gone
    assert exact_hash(engine) != before
    undo_now(engine, uploads, second, rest=False)
    assert exact_hash(engine) == before
    undo_now(engine, uploads, first, rest=False)
    with open_session(engine, reading=True) as session:
        assert session.scalar(select(func.count()).select_from(Service)) == 0


def test_areas_demand_and_travel_times_are_taken_back_too(
    engine: Engine, uploads: Uploads, make: Make, tmp_path: Path
) -> None:
    with transaction(engine) as session:
        load_seeds(session)
    bring(engine, uploads, make())
    before = exact_hash(engine)
    areas, demand = tmp_path / "areas.csv", tmp_path / "demand.csv"
    areas.write_text("code,name,latitude,longitude\nold,Oldbridge,54.5,25.5\nnew,Newtown,,\n")
    demand.write_text("area,package,clients\nold,homeless_unemployed,17\n")
    travel = tmp_path / "travel.csv"
    travel.write_text("from,to,minutes\nold,new,17\n")
    import_now(engine, uploads, {"areas": areas, "demand": demand, "travel": travel})
    with open_session(engine, reading=True) as session:
        assert session.scalar(select(Demand.clients)) == 17
        assert session.scalar(select(Travel.minutes)) == 17
        numbers = [run.id for run in queries.runs(session, limit=3)]
    for number in numbers:
        undo_now(engine, uploads, number, rest=False)
    assert exact_hash(engine) == before


def test_a_later_import_of_the_same_source_comes_first(engine: Engine, uploads: Uploads, make: Make) -> None:
    first = bring(engine, uploads, make(), source="list")
    second = bring(engine, uploads, make(12, "x"), source="list")
    with pytest.raises(Conflict, match=f"Import {second} of the same source came after this one"):
        undo_now(engine, uploads, first, rest=False)
    undo_now(engine, uploads, second, rest=False)
    with pytest.raises(Conflict, match="undone already"):
        undo_now(engine, uploads, second, rest=False)
    with pytest.raises(NotFound):
        undo_now(engine, uploads, 999, rest=False)
    undo_now(engine, uploads, first, rest=False)


def test_what_a_person_changed_since_is_listed_and_kept(engine: Engine, uploads: Uploads, make: Make) -> None:
    bring(engine, uploads, make(), source="list")
    second = bring(engine, uploads, make(12, "Changed."), source="list")
    with transaction(engine) as session:
        service = session.scalars(select(Service).where(Service.name == "Service 3")).one()
        service.description = "Typed by hand"
    edited = exact_hash(engine)
    with pytest.raises(Conflict, match="1 records were changed since"):
        undo_now(engine, uploads, second, rest=False)
    assert exact_hash(engine) == edited
    found = undo_now(engine, uploads, second, rest=True)
    assert [(one.table, one.name, one.why) for one in found.kept] == [("service", "Service 3", "changed")]
    with open_session(engine, reading=True) as session:
        words = {one.name: one.description for one in session.scalars(select(Service))}
    assert words.pop("Service 3") == "Typed by hand"
    assert not any("Changed." in text for text in words.values())


def test_a_service_that_somebody_decided_about_stays_whole(
    engine: Engine, uploads: Uploads, make: Make
) -> None:
    run = bring(engine, uploads, make())
    with transaction(engine) as session:
        service = session.scalars(select(Service).where(Service.name == "Service 3")).one()
        decide(session, service.id, "debt_advice", "confirmed", by="coordinator@demo.example")
        id_ = service.id
    found = undo_now(engine, uploads, run, rest=True)
    kept = {one.table for one in found.kept}
    assert {"service", "organization", "phone", "service_at_location", "location", "address"} <= kept
    with open_session(engine, reading=True) as session:
        (service,) = session.scalars(select(Service))
        assert (service.id, service.organization.name, len(service.phones)) == (id_, "House 1", 1)
        assert [place.location.addresses[0].city for place in service.places] == ["Rivermouth"]
        assert [(link.code, link.state) for link in service.types if link.decided_by] == [
            ("debt_advice", "confirmed")
        ]
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_a_service_that_a_coordinator_put_first_stays_with_the_decision(
    engine: Engine, uploads: Uploads, make: Make
) -> None:
    assert journal.watched().keys() & {"curation", "saved_search"} == set()
    run = bring(engine, uploads, make())
    with transaction(engine) as session:
        service = session.scalars(select(Service).where(Service.name == "Service 3")).one()
        wish = Wish("need", "fin.food", "first", "Nearest")
        curate(session, service.id, wish, by="coordinator@demo.example", today=date(2026, 11, 26))
    found = undo_now(engine, uploads, run, rest=True)
    assert ("service", "Service 3", "used") in [(one.table, one.name, one.why) for one in found.kept]
    with open_session(engine, reading=True) as session:
        assert list(session.scalars(select(Service.name))) == ["Service 3"]
        assert [row.reason for row in session.scalars(select(Curation))] == ["Nearest"]


def test_what_a_person_entered_keeps_the_record_it_hangs_on(
    engine: Engine, uploads: Uploads, make: Make
) -> None:
    run = bring(engine, uploads, make())
    with transaction(engine) as session:
        place = session.scalars(select(Location).where(Location.name == "Place 5")).one()
        session.add(Phone(location_id=place.id, number="555 9999"))
    found = undo_now(engine, uploads, run, rest=True)
    assert ("location", "Place 5", "used") in [(one.table, one.name, one.why) for one in found.kept]
    with open_session(engine, reading=True) as session:
        assert [phone.number for phone in session.scalars(select(Phone))] == ["555 9999"]


def test_a_row_that_another_import_changed_names_that_import(
    engine: Engine, uploads: Uploads, make: Make, tmp_path: Path
) -> None:
    run = bring(engine, uploads, make())
    areas = tmp_path / "areas.csv"
    areas.write_text("code,name\nold,Oldbridge\n")
    import_now(engine, uploads, {"areas": areas})
    with open_session(engine, reading=True) as session:
        later = queries.runs(session, limit=1)[0].id
        found = work.undo.plan(session, queries.run(session, run))
    assert {one.run for one in found.kept if one.table == "location" and one.why == "changed"} == {later}


def test_the_same_entered_again_is_not_overwritten(engine: Engine, uploads: Uploads, make: Make) -> None:
    """An import took a type back that the source no longer states; since then a person has given it."""
    bring(engine, uploads, make())
    with transaction(engine) as session:
        service = session.scalars(select(Service).where(Service.name == "Service 0")).one()
        run = ImportRun(kind="directory", source="list", file_name="x.zip", state="done", step="apply")
        run.applied_at = work.now()
        session.add(run)
        session.flush()
        gone = ServiceTypeLink(service_id=service.id, code="shelter", state="confirmed", evidence="source")
        row = {"id": "gone", "service_id": service.id, "code": "shelter", "state": "confirmed"}
        row |= {"confidence": None, "evidence": "source", "decided_at": None, "decided_by": None}
        session.add(ImportChange(run_id=run.id, table_name="service_type_link", row_id="gone", before=row))
        gone.decided_by = "coordinator@demo.example"
        session.execute(ServiceTypeLink.__table__.delete().where(ServiceTypeLink.service_id == service.id))
        session.add(gone)
        number = run.id
    found = undo_now(engine, uploads, number, rest=True)
    assert [(one.table, one.why) for one in found.kept] == [("service_type_link", "twice")]


def test_an_import_that_waits_to_be_undone_is_still_in_the_directory(
    engine: Engine, uploads: Uploads, make: Make
) -> None:
    first = bring(engine, uploads, make(), source="list")
    second = bring(engine, uploads, make(12, "x"), source="list")
    with transaction(engine) as session:
        ask_undo(session, queries.run(session, second), rest=False)
    with pytest.raises(Conflict, match=f"Import {second} of the same source came after this one"):
        undo_now(engine, uploads, first, rest=True)
    with open_session(engine) as session, pytest.raises(Conflict, match="at another step by now"):
        ask_undo(session, queries.run(session, second), rest=False)
    undo_now(engine, uploads, second, rest=False)  # the terminal may be faster than the worker
    undo_now(engine, uploads, first, rest=False)


def test_learning_that_died_at_the_terminal_is_done_by_the_worker(
    engine: Engine, settings: Settings, uploads: Uploads, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(work, "learn", lambda engine, run_id: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            bring(engine, uploads, make(), source="list")
    drain(engine, settings)
    with open_session(engine, reading=True) as session:
        assert queries.runs(session)[0].state == "done"
        assert session.scalar(select(func.count()).select_from(ServiceTypeLink)) > 0


def test_the_index_is_told(engine: Engine, settings: Settings, uploads: Uploads, make: Make) -> None:
    run = bring(engine, uploads, make())
    drain(engine, settings)
    undo_now(engine, uploads, run, rest=False)
    with open_session(engine, reading=True) as session:
        payloads = [job.payload for job in session.scalars(select(Job)) if "after" not in job.payload]
        assert payloads == [{"all": True}]  # beside the job for the next day
    drain(engine, settings)


def test_journals_of_old_imports_go(engine: Engine, uploads: Uploads, make: Make) -> None:
    numbers = [bring(engine, uploads, make(6, str(n)), source="list") for n in range(7)]
    with open_session(engine, reading=True) as session:
        held = [number for number in numbers if queries.journal_size(session, number)]
    assert held == numbers[2:]
    for number in reversed(numbers[2:]):
        undo_now(engine, uploads, number, rest=False)
    with pytest.raises(Conflict, match="not kept any more"):
        undo_now(engine, uploads, numbers[1], rest=False)


@pytest.mark.parametrize(("by_person", "kept"), [(False, []), (True, ["Service 1"])])
def test_what_somebody_wrote_between_two_writings_of_a_run_is_not_taken_for_its_own(
    engine: Engine, uploads: Uploads, make: Make, by_person: bool, kept: list[str]
) -> None:
    """Types are learnt after the commit, in a second transaction of the same run."""
    run = bring(engine, uploads, make(), source="list")
    before = exact_hash(engine)
    with transaction(engine) as session:
        number = run + 1
        session.add(ImportRun(id=number, kind="directory", source="list", file_name="x.zip", state="done"))
        session.get_one(ImportRun, number).applied_at = work.now()

    def write(**values: str) -> None:
        with transaction(engine) as session:
            if "description" not in values:
                journal.watch_when_it_begins(session)
            session.execute(update(Service).where(Service.name == "Service 1").values(**values))
            if "description" not in values:
                journal.take(session, number)

    write(email="first@x.example")
    if by_person:
        write(description="Typed by hand")
    write(email="second@x.example")
    found = undo_now(engine, uploads, number, rest=True)
    assert [one.name for one in found.kept] == kept
    assert (exact_hash(engine) == before) is not by_person
