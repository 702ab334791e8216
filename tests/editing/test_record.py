"""Records as flat fields: read, written back, changed, refused with a sentence."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.db import open_session
from netmap.directory.models import (
    Contact,
    EligibilityRule,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceCapacity,
    ServiceTypeLink,
)
from netmap.editing import record
from netmap.errors import Invalid, NotFound


@pytest.fixture
def county(app: Flask) -> Iterator[Session]:
    """The demo county, in a session that is never committed."""
    with open_session(app.extensions["netmap_engine"]) as session:
        yield session
        session.rollback()


@pytest.fixture
def shelter(session: Session) -> Service:
    """A service of an organization with one place."""
    session.add_all([Organization(id="org", name="Warm House"), Location(id="loc", name="Hall")])
    session.flush()
    service = Service(id="svc", organization_id="org", name="Shelter", status="active")
    session.add(service)
    session.flush()
    session.add(ServiceAtLocation(id="at", service_id="svc", location_id="loc"))
    session.flush()
    return service


def wrong(session: Session, **changes: str) -> dict[str, str]:
    """Return the sentences for a form with these changes, and see that nothing was written."""
    before = record.read(session, "service", "svc")
    with pytest.raises(Invalid) as caught:
        record.check_and_write(session, "service", "svc", {**before, **changes})
    assert not session.dirty
    assert not session.new
    assert not session.deleted
    assert record.read(session, "service", "svc") == before
    return caught.value.fields


def save(session: Session, **changes: str | None) -> dict[str, str]:
    """Write changes (None: the field is missing) and return the record as it is then."""
    fields = {**record.read(session, "service", "svc"), **changes}
    record.check_and_write(session, "service", "svc", {k: v for k, v in fields.items() if v is not None})
    session.expire_all()
    return record.read(session, "service", "svc")


@pytest.mark.parametrize("kind", ["service", "organization", "location"])
def test_every_record_of_the_county_written_back_changes_nothing(county: Session, kind: str) -> None:
    """Over all records and all their rows: not one row is touched by a form that nobody changed."""
    model = record.KINDS[kind][0]
    for one in county.scalars(select(model.id)).all():
        before = record.read(county, kind, one)
        with county.no_autoflush:
            record.parts.write(
                record.parts_of(kind), record._pen(county, None), record.require(county, kind, one), before,
                record.tidied(kind, before),
            )  # fmt: skip
            assert not {*county.dirty, *county.new, *county.deleted}, one
    assert record.tidied(kind, before) == before != {}


def test_a_field_is_changed_and_emptied(session: Session, shelter: Service) -> None:
    assert save(session, description="Beds  for\r\na night ", minimum_age="17,5")["minimum_age"] == "17.5"
    assert session.get_one(Service, "svc").description == "Beds  for\na night"
    assert "description" not in save(session, description="")
    assert session.get_one(Service, "svc").description == ""


def test_rows_are_added_changed_and_removed(session: Session, shelter: Service) -> None:
    fields = save(session, **{"phones.+1.number": "111", "phones.+2.number": "222", "phones.+2.type": "fax"})
    numbers = {text: name for name, text in fields.items() if name.endswith(".number")}
    assert sorted(numbers) == ["111", "222"]
    fields = save(session, **{numbers["111"]: "112", numbers["222"].replace("number", "remove"): "yes"})
    assert [one.number for one in session.scalars(select(Phone))] == ["112"]
    save(session, **{numbers["111"]: None})
    assert session.scalars(select(Phone)).all() == []


def test_a_row_that_hangs_on_another_record_too_is_only_untied(session: Session, shelter: Service) -> None:
    session.add(Phone(id="p", service_id="svc", organization_id="org", number="5"))
    session.flush()
    save(session, **{"phones.p.number": None})
    phone = session.get_one(Phone, "p")
    assert (phone.service_id, phone.organization_id) == (None, "org")


def test_a_row_of_another_record_cannot_be_reached(session: Session, shelter: Service) -> None:
    session.add_all([Service(id="other", name="Other"), Phone(id="p", service_id=None, number="5")])
    session.flush()
    session.get_one(Phone, "p").service_id = "other"
    session.flush()
    save(session, **{"phones.p.number": "666"})
    assert session.get_one(Phone, "p").number == "5"
    assert session.scalars(select(Phone.number).where(Phone.service_id == "svc")).all() == ["666"]


def test_names_that_no_form_has_change_nothing(session: Session, shelter: Service) -> None:
    save(
        session, **{"organization_id": "x", "version": "9", "assured_date": "2020-01-01", "phones.x.id": "y"}
    )
    service = session.get_one(Service, "svc")
    assert (service.organization_id, service.assured_date) == ("org", None)


def test_old_values_that_would_be_refused_today_stand_in_nobodys_way(
    session: Session, shelter: Service
) -> None:
    shelter.email, shelter.url, shelter.status = "see web page", "none", "active"
    shelter.minimum_age, shelter.maximum_age = 60.0, 16.0
    session.flush()
    assert save(session, alternate_name="House")["email"] == "see web page"
    assert "maximum_age" in wrong(session, maximum_age="17")


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("name", "", "Fill in"),
        ("name", "x" * 301, "shorten"),
        ("email", "desk at help", "e-mail address looks like"),
        ("url", "javascript:alert(1)", "web address begins with"),
        ("minimum_age", "-1", "cannot be below zero"),
        ("minimum_age", "old", "must be a number"),
        ("minimum_age", "nan", "must be a number"),
        ("minimum_age", "200", "must lie between"),
        ("status", "open", "Choose from the list"),
        ("duration", "weeks", "Choose from the list"),
        ("text_language", "xx", "code of two or three letters"),
        ("cost_options.+1.valid_to", "2027-02-31", "There is no 31 in February 2027: its last day is 28"),
        ("cost_options.+1.valid_to", "soon", "year-month-day"),
        ("capacities.+1.available", "-2", "cannot be below zero"),
        ("capacities.+1.wait_days", "1.5", "whole number"),
        ("phones.+1.type", "fax", "Fill in: Number"),
        ("places.+1.location_id", "nowhere", "not there any more"),
        ("types.nonsense", "confirmed", ""),
        ("types.shelter", "perhaps", "Choose one"),
        ("hours.MO", "9–", "say until when"),
        ("hours.MO", "–9", "say from when"),
        ("hours.MO", "early–9", "“early” is no time"),
        ("hours.MO", "9–13; 12–17", "09:00–13:00 and 12:00–17:00 overlap"),
        ("hours.MO", "9–9", "opens and closes at the same time"),
        ("hours.FR", "22–2", "Friday closes at 02:00, before it opens at 22:00"),
        ("hours.valid_to", "2027-02-30", "There is no 30 in February"),
        ("exceptions.+1.why", "Holiday", ""),
        ("exceptions.+1.to", "2026-12-26", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(
    session: Session, shelter: Service, name: str, text: str, part: str
) -> None:
    if name == "types.nonsense":
        assert name not in save(session, **{name: text})  # no such field: left aside
        return
    sentences = wrong(session, **{name: text})
    row = name.rpartition(".")[0]
    found = sentences.get(name) or next(said for one, said in sentences.items() if one.startswith(row))
    assert part in found
    assert found.endswith(".")


def test_more_free_than_there_are_is_refused(session: Session, shelter: Service) -> None:
    said = wrong(session, **{"capacities.+1.available": "5", "capacities.+1.maximum": "4"})
    assert said == {"capacities.+1.available": "5 cannot be free where there are 4 in all: mend one."}


def test_hours_of_a_week_become_as_few_rules_as_hold_them(session: Session, shelter: Service) -> None:
    week = {f"hours.{day}": "9–12; 13–17" for day in ("MO", "TU", "WE", "TH", "FR")}
    fields = save(session, **week, **{"hours.SA": "00:00–24:00"})
    assert fields["hours.MO"] == "09:00–12:00; 13:00–17:00"
    assert fields["hours.SA"] == "00:00–24:00"
    rows = session.scalars(select(Schedule).order_by(Schedule.opens_at, Schedule.byday)).all()
    assert [(row.byday, row.opens_at, row.closes_at) for row in rows] == [
        ("SA", "00:00", "00:00"),
        ("MO,TU,WE,TH,FR", "09:00", "12:00"),
        ("MO,TU,WE,TH,FR", "13:00", "17:00"),
    ]
    before = {row.id for row in rows}
    save(session, **{"hours.MO": "10–12; 13–17"})
    rows = session.scalars(select(Schedule).order_by(Schedule.opens_at)).all()
    assert [(row.byday, row.opens_at) for row in rows] == [
        ("SA", "00:00"), ("TU,WE,TH,FR", "09:00"), ("MO", "10:00"), ("MO,TU,WE,TH,FR", "13:00"),
    ]  # fmt: skip
    assert len(before & {row.id for row in rows}) == 3  # what holds still is not written anew


def test_hours_over_midnight_are_kept_once_a_person_says_so(session: Session, shelter: Service) -> None:
    fields = save(session, **{"hours.FR": "22–2", "hours.overnight": "yes"})
    assert fields["hours.FR"] == "22:00–02:00"
    assert fields["hours.overnight"] == "yes"
    said = wrong(session, **{"hours.SA": "1–5"})
    assert said["hours.SA"].startswith("Saturday opens at 01:00 while the hours of Friday go on until 02:00.")


def test_rules_that_the_week_cannot_hold_stay_until_they_are_removed(
    session: Session, shelter: Service
) -> None:
    monthly = Schedule(
        id="m", service_id="svc", freq="MONTHLY", byday="1TU", opens_at="09:00", closes_at="12:00"
    )
    unread = Schedule(id="u", service_id="svc", unread="when the light is on")
    person = Schedule(
        id="c", service_id="svc", contact_id=None, byday="MO", opens_at="09:00", closes_at="12:00"
    )
    session.add_all([monthly, unread, person])
    session.flush()
    fields = save(session, **{"hours.MO": "10–12"})
    assert fields["kept.m"] == fields["kept.u"] == "yes"
    assert session.get(Schedule, "c") is None
    save(session, **{"kept.u": None})
    assert [row.id for row in session.scalars(select(Schedule).where(Schedule.id.in_(["m", "u"])))] == ["m"]


def test_days_that_are_different(session: Session, shelter: Service) -> None:
    christmas = {
        "exceptions.+1.from": "2026-12-24",
        "exceptions.+1.to": "2026-12-26",
        "exceptions.+1.why": "Christmas",
    }
    eve = {"exceptions.+2.from": "2026-12-31", "exceptions.+2.hours": "9–12"}
    fields = save(session, **christmas, **eve)
    rows = session.scalars(select(Schedule).order_by(Schedule.valid_from, Schedule.closed)).all()
    assert [(row.closed, row.valid_from, row.valid_to, row.opens_at) for row in rows] == [
        (True, date(2026, 12, 24), date(2026, 12, 26), None),
        (False, date(2026, 12, 31), date(2026, 12, 31), "09:00"),
        (True, date(2026, 12, 31), date(2026, 12, 31), None),
    ]
    name = next(name for name, text in fields.items() if text == "09:00–12:00")
    fields = save(session, **{name: "10–12"})
    assert fields[name] == "10:00–12:00"
    assert not any(name.startswith("kept.") for name in fields)
    start = name.removesuffix("hours")
    save(session, **{f"{start}{part}": None for part in ("from", "hours")})
    assert len(session.scalars(select(Schedule)).all()) == 1
    assert wrong(session, **{"exceptions.+1.from": "2026-12-24", "exceptions.+1.to": "2026-12-20"})


def test_a_specialist_has_telephone_and_hours_of_their_own(session: Session, shelter: Service) -> None:
    new = {"name": "Ona", "title": "Debt adviser", "phones.+1.number": "77", "hours.TU": "9–12"}
    fields = save(session, **{f"contacts.+1.{name}": text for name, text in new.items()})
    contact = session.scalars(select(Contact)).one()
    assert fields[f"contacts.{contact.id}.hours.TU"] == "09:00–12:00"
    assert "hours.TU" not in fields
    assert contact.phones[0].number == "77"
    assert contact.schedules[0].service_id is None
    save(session, **{name: None for name in fields if name.startswith("contacts.")})
    assert not session.scalars(select(Contact)).all()
    assert not session.scalars(select(Phone)).all()
    assert not session.scalars(select(Schedule)).all()


def test_a_place_goes_with_what_hangs_on_it(session: Session, shelter: Service) -> None:
    fields = save(session, **{"places.at.hours.MO": "9–12", "places.at.phones.+1.number": "8"})
    assert session.scalars(select(Schedule.service_at_location_id)).one() == "at"
    save(session, **{name: None for name in fields if name.startswith("places.")})
    for model in (ServiceAtLocation, Schedule, Phone):
        assert not session.scalars(select(model)).all()
    assert session.get(Location, "loc") is not None


def test_types_circumstances_and_thresholds(session: Session, shelter: Service) -> None:
    session.add(ServiceTypeLink(service_id="svc", code="safe_shelter", state="suggested", confidence=0.5))
    session.flush()
    changes = {"types.shelter": "confirmed", "types.safe_shelter": "rejected", "threshold.anonymous": "yes"}
    fields = save(session, **changes, **{"eligibility.veteran": "required"})
    assert changes.items() <= fields.items()
    assert fields["eligibility.veteran"] == "required"
    fields = save(
        session, **{"eligibility.veteran": "excluded", "threshold.anonymous": None, "types.shelter": None}
    )
    assert [(rule.code, rule.effect) for rule in session.scalars(select(EligibilityRule))] == [
        ("veteran", "excluded")
    ]
    assert not any(name.startswith("threshold.") for name in fields)
    assert "types.shelter" not in fields
    assert fields["types.safe_shelter"] == "rejected"


def test_a_capacity_tells_when_it_was_written(session: Session, shelter: Service) -> None:
    save(session, **{"capacities.+1.available": "3", "capacities.+1.maximum": "8"})
    row = session.scalars(select(ServiceCapacity)).one()
    assert (row.available, row.maximum) == (3, 8)
    assert row.updated is not None


def test_a_new_service_is_added_whole_or_not_at_all(session: Session, shelter: Service) -> None:
    with pytest.raises(Invalid) as caught:
        record.add(session, Service(id="new", organization_id="org"), {"phones.+1.number": "1"})
    assert set(caught.value.fields) == {"name", "status"}
    assert session.get(Service, "new") is None
    fields = {"name": "Kitchen", "status": "active", "phones.+1.number": "1", "hours.MO": "9–12"}
    record.add(session, Service(id="new", organization_id="org"), fields)
    assert record.read(session, "service", "new")["hours.MO"] == "09:00–12:00"


def test_a_record_that_is_not_there(session: Session) -> None:
    with pytest.raises(NotFound):
        record.read(session, "service", "nowhere")


def test_fields_and_values_have_words(session: Session, shelter: Service) -> None:
    assert record.label("service", "contacts.7.phones.+1.number") == "Person to ask: Telephone: Number"
    assert record.words(session, "service", "places.at.location_id", "loc") == ("Hall",)
    assert record.words(session, "service", "status", "active") == ("offered now",)
    assert record.words(session, "service", "languages.1.code", "uk") == ("Ukrainian",)
    assert record.words(session, "service", "description", None) == ()
