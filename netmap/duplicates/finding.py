"""Pairs of records that may be one thing, with the reasons; what people said are two things stays away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, delete, insert
from sqlalchemy.orm import Session

from netmap.db import now, transaction
from netmap.directory.records import new_id
from netmap.duplicates.apart import known_apart
from netmap.duplicates.blocking import candidates
from netmap.duplicates.cards import TABLES, Card, Table
from netmap.duplicates.features import features
from netmap.duplicates.loading import cards
from netmap.duplicates.model import models
from netmap.duplicates.models import DuplicatePair, DuplicateSearch
from netmap.duplicates.reasons import Reason, reasons
from netmap.jobs.models import Job

KIND = "find-duplicates"
SURELY, PERHAPS = "surely", "perhaps"


@dataclass(frozen=True)
class Pair:
    """Two records that may be one thing, the smaller id first.

    Attributes
    ----------
    table : str
    first, second : Card
    likelihood : float
        Between 0 and 1; comparable within one table.
    sure : "surely" or "perhaps"
    reasons : tuple of (code, what belongs to it, whether it speaks for one thing)
    """

    table: Table
    first: Card
    second: Card
    likelihood: float
    sure: str
    reasons: tuple[Reason, ...]


def find(session: Session, table: Table) -> tuple[list[Pair], int]:
    """Return the pairs of a table that may be one thing, the likeliest first, and how many records it has."""
    stock = cards(session, table)
    return pairs_of(stock, known_apart(session, table)), len(stock)


def pairs_of(stock: Sequence[Card], apart: frozenset[tuple[str, str]] = frozenset()) -> list[Pair]:
    """Return the pairs among these records of one table, the likeliest first.

    Parameters
    ----------
    stock : sequence of Card
        In the order of their ids.
    apart : frozenset of (id, id), optional
        Pairs that are known to be two things.
    """
    rows = candidates(stock)
    if not len(rows):
        return []
    table = stock[0].table
    model, told = models()[table], features(stock, rows)
    likely = model.likelihood(told)
    found = []
    for number in (-likely).argsort(kind="stable"):
        if likely[number] < model.perhaps:
            break
        one, two = stock[rows[number, 0]], stock[rows[number, 1]]
        if (one.id, two.id) in apart or _is_unit(one, two):
            continue
        sure = SURELY if likely[number] >= model.surely else PERHAPS
        why = tuple(reasons(one, two, told[number], model))
        found.append(Pair(table, one, two, round(float(likely[number]), 4), sure, why))
    return found


def _is_unit(one: Card, two: Card) -> bool:
    """Return whether one organization is a unit of the other: then they are two, and somebody said so."""
    return one.table == "organization" and (one.owner_id == two.id or two.owner_id == one.id)


def search(session: Session) -> Mapping[Table, tuple[list[Pair], int]]:
    """Return what is found in every table; writes nothing."""
    return {table: find(session, table) for table in TABLES}


def keep(session: Session, found: Mapping[Table, tuple[list[Pair], int]]) -> None:
    """Put what was found in the place of what was found before."""
    session.execute(delete(DuplicatePair))
    session.execute(delete(DuplicateSearch))
    for table, (pairs, records) in found.items():
        session.add(DuplicateSearch(table_name=table, records=records, searched_at=now()))
        rows = [
            {
                "id": new_id(),
                "table_name": table,
                "first_id": pair.first.id,
                "second_id": pair.second.id,
                "likelihood": pair.likelihood,
                "sure": pair.sure,
                "reasons": [list(reason) for reason in pair.reasons],
            }
            for pair in pairs
        ]
        if rows:
            session.execute(insert(DuplicatePair), rows)
    session.flush()


def do(engine: Engine, session: Session) -> None:
    """Search in a session that only reads, and keep what was found in a transaction of its own."""
    found = search(session)
    with transaction(engine) as writing:
        keep(writing, found)


def search_later(session: Session, *, after: timedelta = timedelta()) -> None:
    """Ask the worker for a search, in the transaction that gives reason for it."""
    session.add(Job(kind=KIND, payload={}, due_at=now() + after))
    session.flush()
