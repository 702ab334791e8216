"""Writing by hand: each edit in the history, versions, readers told, and taking back."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from netmap.db import Base
from netmap.directory.changes import DirectoryChange
from netmap.directory.models import (
    Alias,
    Contact,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    Source,
)
from netmap.editing import rows
from netmap.editing.history import DELETED, by_person, hand_edited, of_record
from netmap.editing.models import Edit, EditChange
from netmap.editing.restoring import take_back
from netmap.editing.writing import edit
from netmap.errors import Conflict, NotFound

ANN = "ann@office.example"
ABOUT = ("service", "debts")


@pytest.fixture
def service(session: Session) -> Service:
    """A service with a telephone at one place."""
    session.add(Organization(id="hand", name="Helping Hand"))
    session.add(Location(id="hall", name="Town hall"))
    session.add(Service(id="debts", name="Debt advice", organization_id="hand", description="old"))
    session.flush()
    session.add(Phone(id="ring", service_id="debts", number="111"))
    session.add(ServiceAtLocation(id="there", service_id="debts", location_id="hall"))
    session.flush()
    return session.get_one(Service, "debts")


def dump(session: Session) -> Mapping[str, object]:
    """Everything in the tables that are noted, without what only counts the writing."""
    session.flush()
    found: dict[str, object] = {}
    for name in rows.noted_by_hand():
        for row in session.execute(select(rows.plain(name))).mappings():
            key = f"{name} {row[rows.key_of(name)]}"
            found[key] = {one: row[one] for one in row if one not in ("version", "last_modified")}
    return found


def test_an_edit_holds_every_row_that_changed(session: Session, service: Service) -> None:
    with edit(session, by=ANN, kind="edit", about=ABOUT, note="rang them") as entry:
        service.description = "new"
        session.get_one(Phone, "ring").number = "222"
        session.add(Phone(id="second", service_id="debts", number="333"))
    (told,) = of_record(session, "service", "debts")
    assert (told.edit.by, told.edit.note, told.edit.id) == (ANN, "rang them", entry.id)
    said = {(one.row_id, one.field): (one.before, one.after) for one in told.changes}
    assert said[("debts", "description")] == ("old", "new")
    assert said[("ring", "number")] == ("111", "222")
    assert said[("second", "number")] == (None, "333")
    assert by_person(session, ANN)[0].edit is entry


def test_the_telephone_of_a_person_at_a_place_raises_the_version_of_the_service(
    session: Session, service: Service
) -> None:
    session.add(Contact(id="ona", service_at_location_id="there", name="Ona"))
    session.flush()
    before = service.version
    with edit(session, by=ANN, kind="edit", about=("organization", "hand")):
        session.add(Phone(id="own", contact_id="ona", number="5"))
    session.refresh(service)
    assert service.version == before + 1


def test_what_the_database_deletes_by_itself_is_noted_too(session: Session, service: Service) -> None:
    before = dump(session)
    with edit(session, by=ANN, kind="edit", about=ABOUT) as entry:
        session.delete(service)
    gone = {(one.table_name, one.row_id) for one in entry.changes if one.after is None}
    assert gone == {("service", "debts"), ("service_at_location", "there")}
    take_back(session, entry.id, by=ANN)
    assert dump(session) == before


def test_nothing_changed_keeps_nothing(session: Session, service: Service) -> None:
    version = service.version
    with edit(session, by=ANN, kind="edit", about=ABOUT) as entry:
        service.description = "other"
        session.flush()
        service.description = "old"
    assert entry.nothing
    assert session.scalar(select(func.count()).select_from(Edit)) == 0
    assert session.scalar(select(func.count()).select_from(DirectoryChange)) == 0
    assert session.get_one(Service, "debts").version >= version


@pytest.mark.parametrize("own", [True, False])
def test_the_version_goes_up_by_a_change_of_a_part_too(session: Session, service: Service, own: bool) -> None:
    before = service.version
    with edit(session, by=ANN, kind="edit", about=ABOUT):
        if own:
            service.description = "new"
        session.get_one(Phone, "ring").number = "222"
    assert session.get_one(Service, "debts").version == before + 1
    assert session.get_one(Organization, "hand").version == 1


def test_readers_are_told_of_old_and_new_owners(session: Session, service: Service) -> None:
    session.add(Service(id="food", name="Food", organization_id="hand"))
    session.flush()
    with edit(session, by=ANN, kind="edit", about=ABOUT):
        session.execute(update(Phone).where(Phone.id == "ring").values(service_id="food"))
    told = set(session.scalars(select(DirectoryChange.service_id)))
    assert told == {"debts", "food"}


def test_one_edit_at_a_time_and_an_error_leaves_no_watch(session: Session, service: Service) -> None:
    with pytest.raises(ValueError, match="no kind"), edit(session, by=ANN, kind="paint", about=ABOUT):
        pass
    with (
        pytest.raises(RuntimeError),
        edit(session, by=ANN, kind="edit", about=ABOUT),
        edit(session, by=ANN, kind="edit", about=ABOUT),
    ):
        pass
    with edit(session, by=ANN, kind="edit", about=ABOUT) as entry:
        service.description = "new"
    assert not entry.nothing


def test_an_edit_is_taken_back_and_that_too(session: Session, service: Service) -> None:
    before = dump(session)
    with edit(session, by=ANN, kind="edit", about=ABOUT) as first:
        service.description = "new"
        session.add(Alias(id="other", service_id="debts", name="Money talk"))
        session.delete(session.get_one(Phone, "ring"))
    after = dump(session)
    undo = take_back(session, first.id, by="ben@office.example")
    assert dump(session) == before
    assert first.undone_by_id == undo.id
    with pytest.raises(Conflict, match="already"):
        take_back(session, first.id, by=ANN)
    take_back(session, undo.id, by=ANN)
    assert dump(session) == after
    assert session.get_one(Edit, first.id).undone_by_id is None
    take_back(session, first.id, by=ANN)
    assert dump(session) == before


def test_other_fields_changed_since_stay(session: Session, service: Service) -> None:
    with edit(session, by=ANN, kind="edit", about=ABOUT) as first:
        service.description = "new"
    with edit(session, by=ANN, kind="edit", about=ABOUT):
        session.get_one(Service, "debts").name = "Advice on debts"
    take_back(session, first.id, by=ANN)
    found = session.get_one(Service, "debts")
    assert (found.name, found.description) == ("Advice on debts", "old")


def test_what_was_changed_since_stops_the_undo_whole(session: Session, service: Service) -> None:
    with edit(session, by=ANN, kind="edit", about=ABOUT) as first:
        service.description = "new"
        service.url = "https://hand.example"
    with edit(session, by=ANN, kind="edit", about=ABOUT):
        session.get_one(Service, "debts").description = "newer"
    before = dump(session)
    with pytest.raises(Conflict, match="Debt advice"):
        take_back(session, first.id, by=ANN)
    assert dump(session) == before
    with pytest.raises(NotFound):
        take_back(session, 9999, by=ANN)


def test_a_new_record_in_use_cannot_be_taken_back(session: Session, service: Service) -> None:
    with edit(session, by=ANN, kind="new", about=("organization", "fresh")) as made:
        session.add(Organization(id="fresh", name="Fresh Start"))
    service.organization_id = "fresh"
    session.flush()
    with pytest.raises(Conflict, match="Fresh Start"):
        take_back(session, made.id, by=ANN)
    service.organization_id = "hand"
    session.flush()
    take_back(session, made.id, by=ANN)
    assert session.get(Organization, "fresh") is None


def test_what_people_changed_in_a_source_is_known(session: Session) -> None:
    session.add(Source(id="county", name="County"))
    session.flush()
    session.add(Service(id="one", name="One", source_id="county", source_key="1"))
    session.add(Service(id="two", name="Two", source_id="county", source_key="2"))
    session.add(Service(id="mine", name="Mine"))
    session.flush()
    for id_ in ("one", "mine"):
        with edit(session, by=ANN, kind="edit", about=("service", id_)) as entry:
            session.get_one(Service, id_).assured_date = date(2026, 11, 1)
    with edit(session, by=ANN, kind="close", about=("service", "two")) as closed:
        session.delete(session.get_one(Service, "two"))
    told = hand_edited(session, "county")
    assert {key: set(fields) for key, fields in told.items()} == {
        ("service", "one"): {"assured_date"},
        ("service", "two"): {DELETED},
    }
    take_back(session, closed.id, by=ANN)
    assert set(hand_edited(session, "county")) == {("service", "one")}
    assert session.scalar(select(func.count()).select_from(EditChange).where(EditChange.edit_id == entry.id))


def test_what_says_nothing_of_the_network_is_not_noted() -> None:
    noted = set(rows.noted_by_hand())
    assert {"organization", "service", "tie", "curation", "alias"} <= noted
    assert not noted & {"user", "web_session", "job", "edit", "edit_change", "decision", "saved_search"}
    assert noted <= set(Base.metadata.tables)
