"""Real directories through the maps that are shipped: the figures are those measured beside the files."""

from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.directory.hsds import import_path
from netmap.directory.models import (
    Address,
    Attribute,
    EligibilityRule,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceTypeLink,
    TaxonomyTerm,
)
from netmap.directory.report import Report
from netmap.paths import shipped

MAPS = shipped("seeds") / "maps"


def count(session: Session, model: type[Any], *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def distinct(session: Session, column: Any, *where: Any) -> int:
    return session.scalar(select(func.count(column.distinct())).where(*where)) or 0


def terms(session: Session, link_type: str) -> list[tuple[str, str]]:
    query = select(Attribute.link_id, TaxonomyTerm.name).join(
        TaxonomyTerm, Attribute.taxonomy_term_id == TaxonomyTerm.id
    )
    return [(link, name) for link, name in session.execute(query.where(Attribute.link_type == link_type))]


def said(report: Report, words: str) -> bool:
    return any(words in text for text in report.warnings)


def twice_is_once(session: Session, path: Path, map_: Path) -> None:
    again = import_path(session, path, map=map_).as_dict()
    assert (again["added"], again["changed"], again["removed_in_source"]) == (0, 0, 0)


def test_link_sf_comes_in_whole(session: Session, shared: Path) -> None:
    path, map_ = shared / "data" / "us_sf_linksf", MAPS / "linksf.toml"
    report = import_path(session, path, map=map_)

    assert (count(session, Organization), count(session, Location), count(session, Service)) == (
        217,
        217,
        242,
    )
    assert count(session, Location, Location.latitude.is_not(None), Location.longitude.is_not(None)) == 217
    assert count(session, Address, Address.address_1 != "", Address.city.is_not(None)) == 217
    assert Counter(name for _service, name in terms(session, "category")) == {
        "medical": 105, "technology": 55, "food": 44, "housing": 24, "hygiene": 14,
    }  # fmt: skip
    assert count(session, Schedule) == 1423
    assert count(session, Schedule, Schedule.opens_at.is_(None)) == 0
    assert count(session, Schedule, Schedule.opens_at == "00:00", Schedule.closes_at == "23:59") == 140
    assert distinct(session, Schedule.service_id) == 233
    assert len({service for service, _name in terms(session, "eligibility")}) == 66
    assert count(session, Service, Service.eligibility_description.is_not(None)) == 66
    assert count(session, Service, Service.application_process.is_not(None)) == 222
    # 190 organizations have a list of phones; ten entries are without a number, and the report says so.
    assert count(session, Phone) == 209
    assert said(report, "organizations.json: rows that hold nothing for phones: 9.")
    assert [(item.field, item.row) for item in report.rejected] == [("number", "VbwIjSCcQH.phones[0]")]
    assert count(session, ServiceTypeLink, ServiceTypeLink.code == "food_aid") == 44
    assert count(session, ServiceTypeLink, ServiceTypeLink.code == "medical_care") == 105
    assert said(report, "the map gives no meaning to technology (55), housing (24), hygiene (14)")
    twice_is_once(session, path, map_)


def test_florida_comes_in_whole_but_for_the_shifted_row(session: Session, shared: Path) -> None:
    path, map_ = shared / "data" / "us_legal_aid" / "florida", MAPS / "florida_legal_aid.toml"
    report = import_path(session, path, map=map_)

    assert (count(session, Organization), count(session, Service), count(session, Location)) == (20, 135, 378)
    assert count(session, Location, Location.latitude.is_not(None)) == 0
    shifted = session.scalars(select(Service).where(Service.name == "Birth Certificate Program")).one()
    # The figures count the cells of the shifted row as well: a web address as an age, "Staff" as a problem.
    problems = terms(session, "problem")
    assert len({service for service, _name in problems}) == 118 - 1
    assert len({name for _service, name in problems}) == 80 - 1
    assert count(session, Service, Service.minimum_age.is_not(None)) == 27 - 1
    assert (shifted.minimum_age, shifted.url, shifted.eligibility_description) == (None, None, None)
    assert [(item.row, item.value) for item in report.rejected if item.file == "services.csv"] == [
        (65, "Not in custody and no conditions | Pinellas County")
    ]
    income = Service.eligibility_description.contains("per cent of the federal poverty level")
    assert count(session, Service, income) == 48
    assert count(session, Service, Service.eligibility_description.contains("Immigration status: ")) == 51 - 1
    assert count(session, Service, Service.eligibility_description.contains("Custody: ")) == 33
    # 99 say whether one must be a veteran; 92 of them say no, which is no rule.
    assert count(session, EligibilityRule, EligibilityRule.code == "veteran") == 7
    assert said(report, "services.csv, code: the map gives no meaning to false (92)")
    assert distinct(session, ServiceArea.service_id) == 130
    assert count(session, Service, Service.maximum_age > 150) == 0
    assert said(report, "the map gives no meaning to 200 (17), 999 (4)")
    assert count(session, ServiceTypeLink, ServiceTypeLink.code == "legal_aid") == 117
    twice_is_once(session, path, map_)


def test_hub_lo_comes_in_whole_and_no_hours_are_lost(session: Session, shared: Path) -> None:
    path, map_ = shared / "data" / "fr_mednum" / "hub-lo.json", MAPS / "hub_lo.toml"
    report = import_path(session, path, map=map_)

    assert (count(session, Location), count(session, Service)) == (426, 426)
    assert count(session, Location, Location.latitude.is_not(None)) == 426
    assert count(session, Phone) == 364 - 7  # seven are a dash
    # 120 cells of hours, two of which hold "True" and "False": the words of all others are read or kept.
    assert distinct(session, Schedule.service_id) == 120 - 2
    neither = (Schedule.opens_at.is_(None), Schedule.unread.is_(None))
    assert count(session, Schedule, *neither) == 0
    assert said(report, "hub-lo.json: of 118 texts of hours")
    assert said(report, "the map gives no meaning to")
    assert {item.value for item in report.rejected} == set()
    assert said(report, "'msap' is not among the values of the map")
    twice_is_once(session, path, map_)
