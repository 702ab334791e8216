"""Two records become one: nothing is lost, everything leads to the survivor, and it can be taken back."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from netmap.colleagues.models import PersonalTie
from netmap.db import Base
from netmap.directory.hsds import import_path
from netmap.directory.kept import Curation, MergedInto
from netmap.directory.merged import survivor
from netmap.directory.models import (
    Alias,
    Attribute,
    Contact,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceTypeLink,
    Tie,
)
from netmap.duplicates.apart import known_apart, two_things
from netmap.duplicates.finding import find
from netmap.duplicates.merging import merge
from netmap.duplicates.sides import side_by_side
from netmap.duplicates.uniting import references
from netmap.editing.restoring import take_back
from netmap.editing.rows import noted_by_hand
from netmap.errors import Conflict, Invalid, NotFound
from netmap.freshness.models import Call, CalledRecord, Confirmation
from netmap.freshness.reports import MistakeReport
from netmap.packages.models import Package, PackageApproval, PackageVersion
from netmap.selfservice.corrections import waiting_of
from netmap.selfservice.models import Correction
from tests.directory.whole import write_whole
from tests.duplicates.conftest import ANN, HALL, HOUSE, L1, OH, PARISH, S1, SOUP, dump, of


def ids(session: Session, model: type[Base]) -> set[str]:
    return set(session.scalars(select(model.id)))  # type: ignore[attr-defined]


def test_the_survivor_keeps_its_id_and_everything_leads_to_it(both: Session) -> None:
    merge(both, "organization", HOUSE, OH, by=ANN, keep="first")
    assert both.get(Organization, OH) is None
    house = both.get_one(Organization, HOUSE)
    assert {one.name for one in house.services} == {"Soup", "Hot soup", "Clothes"}
    assert {one.id for one in house.locations} == {HALL, L1}
    assert house.description == "A warm room."  # only the other one said anything
    assert survivor(both, OH) == HOUSE


def test_rows_that_say_the_same_become_one_and_what_differs_stays(both: Session) -> None:
    merge(both, "organization", HOUSE, OH, by=ANN, keep="first")
    phones = {(one.number, one.description) for one in both.get_one(Organization, HOUSE).phones}
    assert phones == {("(555) 201-0001", "all day"), ("(555) 201-0009", None)}
    (cook,) = both.scalars(select(Contact).where(Contact.organization_id == HOUSE))
    assert cook.title == "Cook"
    assert [one.number for one in cook.phones] == ["(555) 201-0002"]


def test_hours_are_united_only_word_for_word(both: Session) -> None:
    merge(both, "service", SOUP, S1, by=ANN, keep="first")
    hours = both.scalars(select(Schedule.byday).where(Schedule.service_id == SOUP)).all()
    assert sorted(hours) == ["MO", "TU"]


def test_a_service_at_one_place_of_two_names_is_given_there_once(both: Session) -> None:
    merge(both, "service", SOUP, S1, by=ANN, keep="first")
    merge(both, "location", HALL, L1, by=ANN, keep="first")
    places = both.scalars(select(ServiceAtLocation).where(ServiceAtLocation.service_id == SOUP)).all()
    assert [(one.location_id, one.description) for one in places] == [(HALL, "side door")]
    (address,) = both.get_one(Location, HALL).addresses
    assert (address.address_1, address.postal_code) == ("River Road 1", "10001")


def test_a_person_chooses_field_by_field(both: Session) -> None:
    sides = side_by_side(both, "service", SOUP, S1)
    said = {one.name: one.taken for one in sides.fields}
    assert said["name"] == said["description"] == "second"  # a person confirmed that one
    merge(both, "service", SOUP, S1, by=ANN, keep="first", choices={"description": "first"})
    soup = both.get_one(Service, SOUP)
    assert (soup.name, soup.description) == ("Hot soup", "Hot, at noon.")
    assert str(soup.assured_date) == "2026-11-01"


def test_a_name_that_was_not_chosen_stays_as_another_name(both: Session) -> None:
    merge(both, "organization", HOUSE, OH, by=ANN, keep="first", choices={"name": "first"})
    assert both.scalars(select(Alias.name).where(Alias.organization_id == HOUSE)).all() == [
        "OPEN HOUSE, Inc."
    ]


def test_what_a_person_decided_about_a_type_wins(both: Session) -> None:
    both.add(ServiceTypeLink(service_id=SOUP, code="meal", state="suggested", confidence=0.4))
    both.add(
        ServiceTypeLink(service_id=S1, code="meal", state="rejected", decided_by=ANN, decided_at=func.now())
    )
    both.flush()
    merge(both, "service", SOUP, S1, by=ANN, keep="first")
    link = both.scalars(select(ServiceTypeLink).where(ServiceTypeLink.service_id == SOUP)).one()
    assert (link.state, link.decided_by) == ("rejected", ANN)


def test_curation_and_attributes_follow_and_do_not_collide(both: Session) -> None:
    for service in (SOUP, S1):
        both.add(
            Curation(service_id=service, field="need", code="x", effect="first", reason="r", decided_by=ANN)
        )
        both.add(Attribute(link_entity="service", link_id=service, label="Lift", value="none"))
    both.flush()
    merge(both, "service", SOUP, S1, by=ANN, keep="first")
    assert both.scalars(select(Curation.service_id)).all() == [SOUP]
    assert both.scalars(select(Attribute.link_id).where(Attribute.label == "Lift")).all() == [SOUP]


def said(session: Session) -> list[tuple[object, ...]]:
    """What was said by telephone: whom the call went to, which record it tried, which one was confirmed."""
    asked = (
        select(Call.desk, Call.organization_id),
        select(CalledRecord.service_id),
        select(Confirmation.service_id, Confirmation.organization_id),
    )
    return [tuple(row) for query in asked for row in session.execute(query)]


def test_what_was_said_by_telephone_goes_along_and_comes_back(both: Session) -> None:
    call = Call(by=ANN, desk=OH, organization_id=OH, outcome="confirmed")
    call.records.append(CalledRecord(service_id=S1, found="right"))
    both.add_all(
        [call, Confirmation(service_id=S1, organization_id=OH, day=date(2026, 11, 2), by=ANN, how="phone")]
    )
    both.flush()
    before = said(both)
    first = merge(both, "organization", HOUSE, OH, by=ANN, keep="first")
    second = merge(both, "service", SOUP, S1, by=ANN, keep="first")
    assert said(both) == [(HOUSE, HOUSE), (SOUP,), (SOUP, HOUSE)]
    for edit in (second, first):
        take_back(both, edit.id, by=ANN)
    both.expire_all()
    assert said(both) == before


def test_ties_are_united_and_none_leads_to_itself(both: Session) -> None:
    bakery, baker = of("city", "organization", "bakery"), of("parish", "organization", "baker")
    both.add(Tie(organization_id=HOUSE, other_organization_id=OH, kind="joint_service"))
    both.flush()
    merge(both, "organization", HOUSE, OH, by=ANN, keep="first")
    merge(both, "organization", bakery, baker, by=ANN, keep="first")
    ties = both.scalars(select(Tie)).all()
    assert [(one.organization_id, one.other_organization_id, one.kind) for one in ties] == [
        (HOUSE, bakery, "contact")
    ]


@pytest.mark.parametrize(
    ("table", "first", "second"),
    [("organization", HOUSE, OH), ("service", SOUP, S1), ("location", HALL, L1)],
)
@pytest.mark.parametrize("keep", ["first", "second"])
def test_taking_back_puts_the_whole_database_back(
    both: Session, table: str, first: str, second: str, keep: str
) -> None:
    both.add(Curation(service_id=S1, field="need", code="x", effect="first", reason="r", decided_by=ANN))
    both.add(ServiceTypeLink(service_id=S1, code="clothes", state="suggested", confidence=0.4))
    both.flush()
    two_things(both, "location", HALL, L1, by=ANN)
    before = dump(both)
    entry = merge(both, table, first, second, by=ANN, keep=keep)
    assert dump(both) != before
    take_back(both, entry.id, by=ANN)
    assert dump(both) == before


def test_taking_back_says_what_was_changed_since(both: Session) -> None:
    entry = merge(both, "organization", HOUSE, OH, by=ANN, keep="first")
    both.get_one(Organization, HOUSE).description = "Warm and dry."
    merged = dump(both)
    with pytest.raises(Conflict, match=r"(?i)open house"):
        take_back(both, entry.id, by=ANN)
    assert dump(both) == merged


def test_every_reference_to_a_record_is_in_the_history(both: Session) -> None:
    """A table outside the history that names a record would lose its reference by an undo."""
    named = {
        child for table in ("organization", "service", "location") for child, _column in references(table)
    }
    assert named <= set(noted_by_hand())


def test_the_opinion_of_a_partner_on_a_package_follows_and_comes_back(both: Session) -> None:
    both.add(Package(code="p", current=1))
    both.add(PackageVersion(package_code="p", number=1, document={}, made_by=ANN))
    both.flush()
    said = {"package_code": "p", "number": 1, "partner": "Open House", "person": "A Cook", "state": "agreed"}
    both.add(PackageApproval(organization_id=OH, by=ANN, **said))
    both.flush()
    before = dump(both)
    entry = merge(both, "organization", HOUSE, OH, by=ANN, keep="first")
    assert both.scalars(select(PackageApproval.organization_id)).all() == [HOUSE]
    take_back(both, entry.id, by=ANN)
    assert dump(both) == before


def test_no_row_leads_nowhere_afterwards(both: Session) -> None:
    merge(both, "organization", HOUSE, OH, by=ANN, keep="second")
    merge(both, "service", SOUP, S1, by=ANN, keep="first")
    assert both.execute(text("PRAGMA foreign_key_check")).all() == []


def test_merging_with_itself_its_unit_or_what_is_merged_is_refused(both: Session) -> None:
    cellar = of("city", "organization", "cellar")
    with pytest.raises(Conflict, match="with itself"):
        merge(both, "organization", HOUSE, HOUSE, by=ANN)
    with pytest.raises(Conflict, match="is a unit of"):
        merge(both, "organization", cellar, HOUSE, by=ANN)
    with pytest.raises(NotFound):
        merge(both, "organization", HOUSE, "nobody", by=ANN)
    with pytest.raises(NotFound):
        merge(both, "user", "1", "2", by=ANN)
    with pytest.raises(Invalid):
        merge(both, "organization", HOUSE, OH, by=ANN, choices={"name": "both"})
    merge(both, "organization", HOUSE, OH, by=ANN, keep="first")
    with pytest.raises(Conflict, match="already"):
        merge(both, "organization", HOUSE, OH, by=ANN)


def test_a_record_changed_since_it_was_looked_at_is_not_merged(both: Session) -> None:
    sides = side_by_side(both, "organization", HOUSE, OH)
    seen = (sides.first["version"], sides.second["version"])
    both.get_one(Organization, OH).name = "Open House (parish)"
    both.flush()
    with pytest.raises(Conflict, match="meanwhile"):
        merge(both, "organization", HOUSE, OH, by=ANN, versions=seen)


def test_what_led_to_a_merged_record_is_led_further(both: Session) -> None:
    cellar = of("city", "organization", "cellar")
    both.get_one(Organization, cellar).parent_organization_id = None
    both.flush()
    merge(both, "organization", HOUSE, OH, by=ANN, keep="first")
    merge(both, "organization", HOUSE, cellar, by=ANN, keep="second")
    assert survivor(both, OH) == survivor(both, HOUSE) == cellar


@pytest.mark.parametrize("keep", ["first", "second"])
def test_a_hidden_address_stays_hidden(both: Session, keep: str) -> None:
    both.get_one(Location, L1).confidential = True
    both.flush()
    merge(both, "location", HALL, L1, by=ANN, keep=keep)
    assert both.scalars(select(Location.confidential)).all() == [True]


def test_the_next_import_finds_the_survivor(both: Session, folders: Mapping[str, Path]) -> None:
    merge(both, "organization", HOUSE, OH, by=ANN, keep="first")
    merge(both, "service", SOUP, S1, by=ANN, keep="first")
    merge(both, "location", HALL, L1, by=ANN, keep="first")
    counted = {
        model: ids(both, model) for model in (Organization, Service, Location, Phone, ServiceAtLocation)
    }
    for source, folder in folders.items():
        report = import_path(both, folder, source=source)
        assert report.conflicts == []
        assert {name: one.added for name, one in report.tables.items() if one.added} == {}
        assert {
            name: one.removed_in_source for name, one in report.tables.items() if one.removed_in_source
        } == {}
    assert {model: ids(both, model) for model in counted} == counted
    assert {one.organization_id for one in both.scalars(select(Service))} == {HOUSE}
    assert any("merged by hand" in sentence for sentence in report.warnings)


def test_a_new_row_of_the_merged_record_hangs_on_the_survivor(
    both: Session, tmp_path: Path, folders: Mapping[str, Path]
) -> None:
    merge(both, "organization", HOUSE, OH, by=ANN, keep="first")
    newer = {
        **PARISH,
        "phones": [*PARISH["phones"], {"id": "9", "organization_id": "oh", "number": "555 999 0000"}],
    }
    report = import_path(both, write_whole(tmp_path / "newer", newer), source="parish")
    assert report.tables["phone"].added == 1
    assert both.scalars(select(Phone.organization_id).where(Phone.number == "555 999 0000")).all() == [HOUSE]


def test_where_a_source_drops_its_own_double_the_survivor_is_not_gone(both: Session, tmp_path: Path) -> None:
    twice = {"organizations": [{"id": "1", "name": "Night Bus"}, {"id": "2", "name": "The Night Bus"}]}
    import_path(both, write_whole(tmp_path / "twice", twice), source="bus")
    one, two = of("bus", "organization", "1"), of("bus", "organization", "2")
    merge(both, "organization", one, two, by=ANN, keep="first")
    once = {"organizations": [{"id": "2", "name": "The Night Bus"}]}
    import_path(both, write_whole(tmp_path / "once", once), source="bus")
    assert both.get_one(Organization, one).removed_in_source is None
    assert both.get(Organization, two) is None


def test_after_taking_back_the_import_finds_both_again(both: Session, folders: Mapping[str, Path]) -> None:
    before = dump(both)
    entry = merge(both, "organization", HOUSE, OH, by=ANN, keep="first")
    take_back(both, entry.id, by=ANN)
    import_path(both, folders["parish"], source="parish")
    after = dump(both)
    assert both.scalar(select(func.count()).select_from(MergedInto)) == 0
    assert [row for row in after["organization"] if OH in row] == [
        row for row in before["organization"] if OH in row
    ]


def test_two_things_stay_apart_until_one_changes(both: Session) -> None:
    pairs, _records = find(both, "organization")
    assert [(one.first.id, one.second.id) for one in pairs if {one.first.id, one.second.id} == {HOUSE, OH}]
    two_things(both, "organization", OH, HOUSE, by=ANN)
    pairs, _records = find(both, "organization")
    assert not [one for one in pairs if {one.first.id, one.second.id} == {HOUSE, OH}]
    both.get_one(Organization, OH).description = "Other words."
    both.flush()
    assert known_apart(both, "organization") == {tuple(sorted((HOUSE, OH)))}
    both.get_one(Organization, OH).phones[0].number = "(555) 777-7777"
    both.flush()
    assert known_apart(both, "organization") == frozenset()


def test_what_waits_for_a_decision_about_a_record_follows_it_and_comes_back(both: Session) -> None:
    both.add(MistakeReport(service_id=S1, reason="phone"))
    both.add(
        Correction(
            organization_id=OH, table_name="service", row_id=S1, base={"name": "Hot soup"},
            wished={"name": "Soup at noon"}, by="head@house.example",
        )
    )  # fmt: skip
    both.add(MistakeReport(service_id=of("parish", "service", "s2"), reason="hours"))
    both.flush()
    before = dump(both)
    entry = merge(both, "service", SOUP, S1, by=ANN, keep="first")
    assert both.scalars(select(MistakeReport.service_id).where(MistakeReport.reason == "phone")).all() == [
        SOUP
    ]
    assert len(waiting_of(both, "service", SOUP)) == 1
    assert waiting_of(both, "service", S1) == []
    take_back(both, entry.id, by=ANN)
    assert dump(both) == before


def test_what_one_colleague_knows_of_both_stays_and_is_not_shown_by_it(both: Session) -> None:
    for organization, sentence, shared in ((HOUSE, "the cook", True), (OH, "the head", False)):
        both.add(PersonalTie(owner=ANN, organization_id=organization, sentence=sentence, shared=shared))
    both.flush()
    before = dump(both)
    entry = merge(both, "organization", HOUSE, OH, by=ANN, keep="first")
    (tie,) = both.scalars(select(PersonalTie)).all()
    assert (tie.sentence, tie.shared) == ("the cook / the head", False)
    take_back(both, entry.id, by=ANN)
    assert dump(both) == before
