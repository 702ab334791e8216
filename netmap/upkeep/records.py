"""Records that cannot be right: they point nowhere, or say what is impossible."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

from netmap.db import Base
from netmap.directory.hours import parse_time
from netmap.directory.models import (
    Area,
    Attribute,
    EligibilityRule,
    Location,
    Schedule,
    Service,
    ServiceTypeLink,
    TaxonomyTerm,
)
from netmap.matching.models import Decision
from netmap.network.models import Demand
from netmap.packages.models import Package, PackageVersion
from netmap.upkeep.findings import Finding, some
from netmap.vocabulary.terms import vocabulary

LONGEST_NIGHT = 18 * 60  # minutes; 17:00 to 10:00 is a winter night, 09:00 to 05:00 a slip for 17:00
AT_SOURCE = "Mend it where the record comes from and import it again."


def nowhere(session: Session) -> Iterator[Finding]:
    """Yield rows that name, without a foreign key, a row or a code that does not exist."""
    for what, found in (
        ("attributes hang on rows that do not exist", _loose_attributes(session)),
        ("taxonomy terms have a parent that does not exist", _all(session, _loose_terms())),
        ("demand figures name a package that does not exist", _all(session, _loose_demand())),
        ("decisions name a version of a package that does not exist", _all(session, _loose_decisions())),
        ("packages have no version in use", _all(session, _loose_packages())),
        ("types of services are not in the vocabulary of this version", _unknown_types(session)),
        ("rules on whom a service takes are not in the vocabulary of this version", _unknown_rules(session)),
    ):
        if found:
            yield Finding("dangling", "warning", f"{len(found)} {what}. {AT_SOURCE}", len(found), some(found))


def impossible(session: Session) -> Iterator[Finding]:
    """Yield rows that say what cannot be."""
    for what, found in (
        ("hours close before they open", _backward_hours(session)),
        ("hours end before they begin to hold", _all(session, _backward_dates())),
        ("services have a lowest age above their highest", _all(session, _backward_ages())),
        ("places lie at 0,0, in the sea off Africa", _all(session, _at_zero(Location.id, Location))),
        ("areas lie at 0,0, in the sea off Africa", _all(session, _at_zero(Area.code, Area))),
        ("places have a latitude or longitude that is not on earth", _all(session, _off_earth())),
    ):
        if found:
            sentence = f"{len(found)} {what}. {AT_SOURCE}"
            yield Finding("impossible", "warning", sentence, len(found), some(found))


def _all(session: Session, query: Select[Any]) -> list[str]:
    return [str(row[0]) for row in session.execute(query)]


def _loose_attributes(session: Session) -> list[str]:
    entities = session.scalars(select(Attribute.link_entity).distinct().order_by(Attribute.link_entity))
    found: list[str] = []
    for entity in list(entities):
        query = select(Attribute.id).where(Attribute.link_entity == entity).order_by(Attribute.id)
        table = Base.metadata.tables.get(entity)
        if table is not None and "id" in table.columns:
            query = query.where(Attribute.link_id.not_in(select(table.columns["id"])))
        found += _all(session, query)
    return found


def _loose_terms() -> Select[Any]:
    there = select(TaxonomyTerm.id)
    loose = TaxonomyTerm.parent_id.is_not(None), TaxonomyTerm.parent_id.not_in(there)
    return select(TaxonomyTerm.id).where(*loose).order_by(TaxonomyTerm.id)


def _loose_demand() -> Select[Any]:
    return select(Demand.id).where(Demand.package_code.not_in(select(Package.code))).order_by(Demand.id)


def _loose_decisions() -> Select[Any]:
    named = (PackageVersion.package_code == Decision.package_code) & (
        PackageVersion.number == Decision.package_version
    )
    return select(Decision.id).where(~select(literal(1)).where(named).exists()).order_by(Decision.id)


def _loose_packages() -> Select[Any]:
    used = (PackageVersion.package_code == Package.code) & (PackageVersion.number == Package.current)
    return select(Package.code).where(~select(literal(1)).where(used).exists()).order_by(Package.code)


def _unknown_types(session: Session) -> list[str]:
    query = select(ServiceTypeLink.code).distinct().order_by(ServiceTypeLink.code)
    return [code for code in session.scalars(query) if code not in vocabulary().service_types]


def _unknown_rules(session: Session) -> list[str]:
    known = vocabulary().circumstances.keys() | vocabulary().needs.keys()
    query = select(EligibilityRule.code).distinct().order_by(EligibilityRule.code)
    return [code for code in session.scalars(query) if code not in known]


def _backward_hours(session: Session) -> list[str]:
    query = select(Schedule.id, Schedule.opens_at, Schedule.closes_at)
    query = query.where(Schedule.closes_at < Schedule.opens_at, Schedule.removed_in_source.is_(None))
    return [
        f"{row.id} ({row.opens_at} to {row.closes_at})"
        for row in session.execute(query.order_by(Schedule.id))
        if _open_minutes(row.opens_at, row.closes_at) > LONGEST_NIGHT
    ]


def _open_minutes(opens: str, closes: str) -> int:
    """Return how long a night is that begins and ends at these times, 0 where they cannot be read.

    Examples
    --------
    >>> _open_minutes("20:00", "08:00"), _open_minutes("09:00", "05:00"), _open_minutes("soon", "late")
    (720, 1200, 0)
    """
    first, last = parse_time(opens), parse_time(closes)
    if first is None or last is None:
        return 0
    begin, end = (int(one[:2]) * 60 + int(one[3:5]) for one in (first, last))
    return (end - begin) % (24 * 60)


def _backward_dates() -> Select[Any]:
    backward = (Schedule.valid_to < Schedule.valid_from) | (Schedule.until < Schedule.dtstart)
    return select(Schedule.id).where(backward, Schedule.removed_in_source.is_(None)).order_by(Schedule.id)


def _backward_ages() -> Select[Any]:
    backward = Service.maximum_age < Service.minimum_age
    return select(Service.id).where(backward, Service.removed_in_source.is_(None)).order_by(Service.id)


def _at_zero(key: Any, table: Any) -> Select[Any]:
    return select(key).where(table.latitude == 0, table.longitude == 0).order_by(key)


def _off_earth() -> Select[Any]:
    off = (func.abs(Location.latitude) > 90) | (func.abs(Location.longitude) > 180)
    return select(Location.id).where(off).order_by(Location.id)
