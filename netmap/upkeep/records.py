"""Records that point nowhere: they name, without a foreign key, what does not exist."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from netmap.db import Base
from netmap.directory.kept import MergedInto
from netmap.directory.models import (
    Attribute,
    EligibilityRule,
    ServiceTypeLink,
    TaxonomyTerm,
)
from netmap.matching.models import Decision
from netmap.network.models import Demand
from netmap.packages.models import Package, PackageVersion
from netmap.upkeep.findings import Finding, some
from netmap.vocabulary.terms import vocabulary

AT_SOURCE = "Mend it where the record comes from and import it again."


def nowhere(session: Session) -> Iterator[Finding]:
    """Yield rows that name, without a foreign key, a row or a code that does not exist."""
    for what, found in (
        ("attributes hang on rows that do not exist", _loose_attributes(session)),
        ("taxonomy terms have a parent that does not exist", all_of(session, _loose_terms())),
        ("demand figures name a package that does not exist", all_of(session, _loose_demand())),
        ("decisions name a version of a package that does not exist", all_of(session, _loose_decisions())),
        ("packages have no version in use", all_of(session, _loose_packages())),
        ("types of services are not in the vocabulary of this version", _unknown_types(session)),
        ("merged records lead to a record that is gone", _lost_survivors(session)),
        ("rules on whom a service takes are not in the vocabulary of this version", _unknown_rules(session)),
    ):
        if found:
            yield Finding("dangling", "warning", f"{len(found)} {what}. {AT_SOURCE}", len(found), some(found))


def all_of(session: Session, query: Select[Any]) -> list[str]:
    """Return the first column of what a query finds, as text."""
    return [str(row[0]) for row in session.execute(query)]


def _loose_attributes(session: Session) -> list[str]:
    entities = session.scalars(select(Attribute.link_entity).distinct().order_by(Attribute.link_entity))
    found: list[str] = []
    for entity in list(entities):
        query = select(Attribute.id).where(Attribute.link_entity == entity).order_by(Attribute.id)
        table = Base.metadata.tables.get(entity)
        if table is not None and "id" in table.columns:
            query = query.where(Attribute.link_id.not_in(select(table.columns["id"])))
        found += all_of(session, query)
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


def _lost_survivors(session: Session) -> list[str]:
    query = select(MergedInto.table_name).distinct().order_by(MergedInto.table_name)
    found: list[str] = []
    for name in list(session.scalars(query)):
        table = Base.metadata.tables.get(name)
        lost = select(MergedInto.id).where(MergedInto.table_name == name).order_by(MergedInto.id)
        if table is not None:
            lost = lost.where(MergedInto.survivor_id.not_in(select(table.columns["id"])))
        found += all_of(session, lost)
    return found
