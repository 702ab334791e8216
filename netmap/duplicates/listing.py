"""What the last search for duplicates found and nobody has decided yet, for people to look through."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.hsds_store import chunks
from netmap.directory.models import Location, Organization, Service, Source
from netmap.duplicates.apart import known_apart
from netmap.duplicates.cards import TABLES, Table
from netmap.duplicates.finding import SURELY
from netmap.duplicates.models import DuplicatePair, DuplicateSearch

_MODELS: Mapping[Table, Any] = {"organization": Organization, "service": Service, "location": Location}


@dataclass(frozen=True)
class Known:
    """A record as it is named in a list: with its organization and where it came from."""

    id: str
    name: str
    owner: str
    source: str


@dataclass(frozen=True)
class Waiting:
    """A pair that waits for a decision."""

    pair: DuplicatePair
    first: Known
    second: Known


@dataclass(frozen=True)
class Count:
    """How many pairs of a table wait, and how many of them are surely one thing."""

    pairs: int
    surely: int


def undecided(session: Session, table: Table) -> list[DuplicatePair]:
    """Return the pairs of a table of which both records are still there and nobody said what they are."""
    found = select(DuplicatePair).where(DuplicatePair.table_name == table)
    for column in (DuplicatePair.first_id, DuplicatePair.second_id):
        found = found.where(column.in_(select(_MODELS[table].id)))
    rows = session.scalars(found.order_by(DuplicatePair.likelihood.desc(), DuplicatePair.id)).all()
    apart = known_apart(session, table)
    return [row for row in rows if (row.first_id, row.second_id) not in apart]


def counts(session: Session) -> Mapping[Table, Count]:
    """Return how many pairs of each table wait."""
    found = {table: undecided(session, table) for table in TABLES}
    return {
        table: Count(len(pairs), sum(pair.sure == SURELY for pair in pairs)) for table, pairs in found.items()
    }


def with_names(session: Session, pairs: Sequence[DuplicatePair]) -> list[Waiting]:
    """Return pairs of one table with the names of their records."""
    if not pairs:
        return []
    ids = {id_ for pair in pairs for id_ in (pair.first_id, pair.second_id)}
    named = names(session, pairs[0].table_name, ids)
    return [Waiting(pair, named[pair.first_id], named[pair.second_id]) for pair in pairs]


def names(session: Session, table: str, ids: Collection[str]) -> Mapping[str, Known]:
    """Return records by id as they are named in a list."""
    model = _MODELS[table]  # type: ignore[index]
    sources = {row.id: row.name for row in session.execute(select(Source.id, Source.name))}
    columns = [model.id, model.name, model.source_id]
    query = select(*columns, Organization.name.label("owner"))
    if table == "organization":
        query = select(*columns)
    else:
        query = query.outerjoin(Organization, model.organization_id == Organization.id)
    found = {}
    for some in chunks(sorted(ids)):
        for row in session.execute(query.where(model.id.in_(some))).mappings():
            source = sources.get(row["source_id"], "")
            found[row["id"]] = Known(row["id"], row["name"] or "", row.get("owner") or "", source)
    return found


def searched(session: Session) -> Mapping[str, DuplicateSearch]:
    """Return when duplicates of each table were last searched for; a table that never was is missing."""
    return {row.table_name: row for row in session.scalars(select(DuplicateSearch))}
