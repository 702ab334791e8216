"""What people wrote here and what a source says since: nothing is overwritten in silence."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select

from netmap.config import Settings
from netmap.db import open_session, transaction
from netmap.directory.conflicting import SourceConflict
from netmap.directory.models import Organization, Phone, Service
from netmap.directory.report import Report
from netmap.editing import record
from netmap.editing.restoring import take_back
from netmap.editing.saving import Form, save
from netmap.editing.writing import edit
from netmap.errors import Conflict, Invalid, NotFound
from netmap.importing import conflicts
from netmap.importing.terminal import import_now, undo_now
from netmap.importing.uploads import Uploads
from tests.importing.conftest import exact_hash, package, zipped

ANN = "ann@office.example"
Bring = Callable[..., Report]


@pytest.fixture
def bring(engine: Engine, settings: Settings, tmp_path: Path) -> Bring:
    """Return a function that imports nine services, with some cells of the files replaced."""

    def do(replaced: tuple[str, str, str] | None = None, dry_run: bool = False) -> Report:
        files = package(9)
        if replaced:
            file, old, new = replaced
            assert old.encode() in files[file]
            files[file] = files[file].replace(old.encode(), new.encode())
        path = tmp_path / "list.zip"
        path.write_bytes(zipped(files))
        found = import_now(engine, Uploads(settings.data_dir), {"directory": path}, dry_run=dry_run)
        return found["directory"]

    return do


def write(engine: Engine, model: Any, key: str, **values: Any) -> int:
    """Change a row as a person does, and return the number of the edit."""
    with transaction(engine) as session:
        row = session.scalars(select(model).where(model.source_key == key)).one()
        table = model.__tablename__
        with edit(session, by=ANN, kind="edit", about=(table, row.id)) as entry:
            for name, value in values.items():
                setattr(row, name, value)
        return entry.id


def stands(engine: Engine, model: Any, key: str, field: str) -> Any:
    with open_session(engine, reading=True) as session:
        return getattr(session.scalars(select(model).where(model.source_key == key)).one(), field)


def listed(engine: Engine, state: str = "open") -> list[tuple[str, str, Any, Any, Any]]:
    with open_session(engine, reading=True) as session:
        return [
            (one.conflict.table_name, one.conflict.field, *_said(one.conflict))
            for one in conflicts.listing(session, state=state)
        ]


def _said(one: SourceConflict) -> tuple[Any, Any, Any]:
    return one.base, one.ours, one.theirs


def ids(engine: Engine) -> list[str]:
    with open_session(engine, reading=True) as session:
        return list(session.scalars(select(SourceConflict.id).where(SourceConflict.state == "open")))


PHONE = ("phones.csv", "555 0003", "555 9999")


def test_what_people_wrote_stays_while_the_source_says_what_it_said(bring: Bring, engine: Engine) -> None:
    bring()
    write(engine, Phone, "3", number="555 1111")
    write(engine, Service, "3", minimum_age=18.0, assured_date=date(2026, 11, 20))
    report = bring()
    assert stands(engine, Phone, "3", "number") == "555 1111"
    assert (report.conflicts, report.kept_by_hand) == ([], 1)  # the files say nothing of ages
    assert listed(engine) == []


def test_what_both_changed_is_listed_with_what_was_before_and_ours_stays(
    bring: Bring, engine: Engine
) -> None:
    bring()
    write(engine, Phone, "3", number="555 1111")
    write(engine, Phone, "3", number="555 2222")
    before = exact_hash(engine)
    report = bring(PHONE, dry_run=True)
    assert exact_hash(engine) == before
    assert [(one["field"], one["base"], one["ours"], one["theirs"]) for one in report.conflicts] == [
        ("number", "555 0003", "555 2222", "555 9999")
    ]
    bring(PHONE)
    assert stands(engine, Phone, "3", "number") == "555 2222"
    assert listed(engine) == [("phone", "number", "555 0003", "555 2222", "555 9999")]
    bring(PHONE)  # the same once more is no news
    assert len(listed(engine)) == 1
    bring(("phones.csv", "555 0003", "555 2222"))  # now the source agrees with us
    assert listed(engine) == []


def test_what_nobody_changed_by_hand_comes_in_as_ever(bring: Bring, engine: Engine) -> None:
    bring()
    number = write(engine, Phone, "3", number="555 1111")
    with transaction(engine) as session:
        take_back(session, number, by=ANN)
    report = bring(PHONE)
    assert (stands(engine, Phone, "3", "number"), report.conflicts) == ("555 9999", [])


@pytest.mark.parametrize(("side", "number"), [("ours", "555 1111"), ("theirs", "555 9999")])
def test_a_decision_is_an_edit_and_can_be_taken_back(
    bring: Bring, engine: Engine, side: str, number: str
) -> None:
    bring()
    write(engine, Phone, "3", number="555 1111")
    bring(PHONE)
    with transaction(engine) as session:
        (entry,) = conflicts.decide(session, dict.fromkeys(ids(engine), side), by=ANN)
        decision = entry.id
        assert (entry.kind, entry.by) == ("conflict", ANN)
    assert (stands(engine, Phone, "3", "number"), listed(engine)) == (number, [])
    bring(PHONE)  # decided is decided
    assert (stands(engine, Phone, "3", "number"), listed(engine)) == (number, [])
    with transaction(engine) as session:
        take_back(session, decision, by=ANN)
    assert len(listed(engine)) == 1
    assert stands(engine, Phone, "3", "number") == "555 1111"


def test_after_the_source_was_taken_it_may_change_again_and_so_may_we(bring: Bring, engine: Engine) -> None:
    bring()
    write(engine, Phone, "3", number="555 1111")
    bring(PHONE)
    with transaction(engine) as session:
        conflicts.decide(session, dict.fromkeys(ids(engine), "theirs"), by=ANN)
    bring(("phones.csv", "555 0003", "555 8888"))
    assert (stands(engine, Phone, "3", "number"), listed(engine)) == ("555 8888", [])
    write(engine, Phone, "3", number="555 3333")
    bring(("phones.csv", "555 0003", "555 8888"))
    assert (stands(engine, Phone, "3", "number"), listed(engine)) == ("555 3333", [])
    bring(("phones.csv", "555 0003", "555 7777"))
    assert listed(engine) == [("phone", "number", "555 8888", "555 3333", "555 7777")]


def test_ours_was_taken_and_the_source_says_a_third_thing(bring: Bring, engine: Engine) -> None:
    bring()
    write(engine, Phone, "3", number="555 1111")
    bring(PHONE)
    with transaction(engine) as session:
        conflicts.decide(session, dict.fromkeys(ids(engine), "ours"), by=ANN)
    bring(("phones.csv", "555 0003", "555 8888"))
    assert listed(engine) == [("phone", "number", "555 9999", "555 1111", "555 8888")]


@pytest.mark.parametrize(
    ("place", "rule", "number", "waiting"),
    [
        (("phone", "number"), "theirs", "555 9999", 0),
        (("phone", "*"), "ours", "555 1111", 0),
        (("*", "*"), "theirs", "555 9999", 0),
        (("service", "*"), "theirs", "555 1111", 1),
    ],
)
def test_a_rule_decides_in_the_import_and_the_report_says_so(
    bring: Bring, engine: Engine, place: tuple[str, str], rule: str, number: str, waiting: int
) -> None:
    bring()
    write(engine, Phone, "3", number="555 1111")
    with transaction(engine) as session:
        conflicts.set_rule(session, "list", *place, rule, by=ANN)
    report = bring(PHONE)
    assert (stands(engine, Phone, "3", "number"), len(listed(engine))) == (number, waiting)
    (told,) = report.conflicts
    assert told["state"] == ("open" if waiting else rule)
    assert listed(engine, told["state"]) == [("phone", "number", "555 0003", "555 1111", "555 9999")]


def test_undoing_the_import_takes_its_conflicts_back_too(
    bring: Bring, engine: Engine, settings: Settings
) -> None:
    bring()
    write(engine, Phone, "3", number="555 1111")
    before = exact_hash(engine)
    bring(PHONE)
    undo_now(engine, Uploads(settings.data_dir), 2, rest=False)
    assert exact_hash(engine) == before


def delete_service(engine: Engine, key: str) -> None:
    with transaction(engine) as session:
        row = session.scalars(select(Service).where(Service.source_key == key)).one()
        with edit(session, by=ANN, kind="edit", about=("service", row.id)):
            session.execute(delete(Phone).where(Phone.service_id == row.id))
            session.execute(delete(Service).where(Service.id == row.id))


def test_a_record_deleted_here_stays_away_with_its_parts_and_is_listed(bring: Bring, engine: Engine) -> None:
    bring()
    delete_service(engine, "4")
    report = bring()
    with open_session(engine, reading=True) as session:
        assert list(session.scalars(select(Service).where(Service.source_key == "4"))) == []
        assert list(session.scalars(select(Phone).where(Phone.source_key == "4"))) == []
    assert listed(engine) == [("service", "", None, None, "Service 4")]
    assert (report.tables["service"].added, report.rejected) == (0, [])
    assert bring().conflicts == []  # told once


def test_a_deleted_record_is_brought_back_whole_where_that_is_decided(bring: Bring, engine: Engine) -> None:
    bring()
    delete_service(engine, "4")
    bring()
    with transaction(engine) as session:
        conflicts.decide(session, dict.fromkeys(ids(engine), "theirs"), by=ANN)
    assert stands(engine, Service, "4", "name") == "Service 4"
    assert stands(engine, Phone, "4", "number") == "555 0004"
    assert listed(engine) == []
    bring()
    assert stands(engine, Service, "4", "name") == "Service 4"


def test_a_deleted_record_that_the_source_drops_too_is_no_conflict(bring: Bring, engine: Engine) -> None:
    bring()
    delete_service(engine, "8")
    report = bring(
        ("services.csv", package(9)["services.csv"].decode().splitlines()[-1], "88,2,Choir,active,Songs")
    )
    assert report.conflicts == []
    assert listed(engine) == []


def test_a_record_that_somebody_changed_meanwhile_is_not_decided_over_it(
    bring: Bring, engine: Engine
) -> None:
    bring()
    write(engine, Phone, "3", number="555 1111")
    write(engine, Organization, "1", description="Warm")
    bring(PHONE)
    write(engine, Phone, "3", number="555 4444")
    before = exact_hash(engine)
    with pytest.raises(Conflict, match="changed since"), transaction(engine) as session:
        conflicts.decide(session, dict.fromkeys(ids(engine), "theirs"), by=ANN)
    assert exact_hash(engine) == before


def test_a_wrong_choice_or_rule_is_refused_in_a_sentence(bring: Bring, engine: Engine) -> None:
    bring()
    with transaction(engine) as session:
        with pytest.raises(Invalid, match="no choice"):
            conflicts.decide(session, {"x": "both"}, by=ANN)
        with pytest.raises(NotFound, match="decided already"):
            conflicts.decide(session, {"x": "ours"}, by=ANN)
        for wrong in (
            ("nowhere", "*", "*", "ours"),
            ("list", "phone", "colour", "ours"),
            ("list", "*", "*", "x"),
        ):
            with pytest.raises(Invalid):
                conflicts.set_rule(session, *wrong, by=ANN)
        assert conflicts.rules(session) == []


def test_a_form_that_was_open_during_an_import_does_not_put_the_old_number_back(
    bring: Bring, engine: Engine
) -> None:
    bring()
    with open_session(engine, reading=True) as session:
        service = session.scalars(select(Service).where(Service.source_key == "3")).one()
        opened, version, service_id = record.read(session, "service", service.id), service.version, service.id
    bring(PHONE)
    typed = {**opened, "description": "Written meanwhile."}
    with transaction(engine) as session:
        save(session, "service", service_id, Form(typed, version, opened), by=ANN)
    assert stands(engine, Phone, "3", "number") == "555 9999"
    assert stands(engine, Service, "3", "description") == "Written meanwhile."


def test_bringing_back_a_row_leaves_what_else_was_written_with_its_deletion(
    bring: Bring, engine: Engine
) -> None:
    bring()
    with transaction(engine) as session:
        row = session.scalars(select(Service).where(Service.source_key == "3")).one()
        with edit(session, by=ANN, kind="edit", about=("service", row.id)):
            row.description = "Written with it."
            session.execute(delete(Phone).where(Phone.service_id == row.id))
    bring()
    assert [one[:2] for one in listed(engine)] == [("phone", "")]
    with transaction(engine) as session:
        (entry,) = conflicts.decide(session, dict.fromkeys(ids(engine), "theirs"), by=ANN)
        decision = entry.id
    assert stands(engine, Phone, "3", "number") == "555 0003"
    assert stands(engine, Service, "3", "description") == "Written with it."
    with transaction(engine) as session:
        take_back(session, decision, by=ANN)
        assert session.scalars(select(Phone).where(Phone.source_key == "3")).all() == []
    assert [one[:2] for one in listed(engine)] == [("phone", "")]
