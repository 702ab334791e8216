"""Labelled pairs of records: judged by hand from real directories, or made up by us.

The real directories lie in ../shared/data and are read, never copied: `tests/duplicates/judged.csv` names
their records by id.
"""

import csv
import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from netmap.app import import_all_models
from netmap.db import Base, open_engine
from netmap.directory.hsds import import_path
from netmap.duplicates.cards import Card, Draft, Table
from netmap.duplicates.spelling import address_key, domain_key, letters, phone_key

ROOT = Path(__file__).resolve().parent.parent
JUDGED = ROOT / "tests" / "duplicates" / "judged.csv"
MADE_UP = ROOT / "tests" / "duplicates" / "made_up.toml"
SHARED = ROOT.parent / "shared" / "data"
DIRECTORIES = (
    ("us_dc_2022_07", None),
    ("us_sf_linksf", "linksf"),
    ("us_legal_aid/florida", "florida_legal_aid"),
    ("fr_mednum/hub-lo.json", "hub_lo"),
)


@dataclass(frozen=True)
class Labelled:
    """Two records and whether they are one thing; ``kind``: judged, changed or made up."""

    table: Table
    first: str
    second: str
    same: bool
    kind: str

    def in_training(self) -> bool:
        """Return whether the pair is learnt from; decided by the record that gives the pair its name."""
        return _half(self.first)


def _half(id_: str) -> bool:
    return hashlib.sha256(id_.encode()).digest()[0] % 2 == 0


def read_directories(shared: Path = SHARED) -> Session:
    """Return a session on a database in memory that holds the real directories."""
    import_all_models()
    engine = open_engine("sqlite://")
    Base.metadata.create_all(engine)
    session = Session(engine)
    for path, made in DIRECTORIES:
        chosen = ROOT / "seeds" / "maps" / f"{made}.toml" if made else None
        import_path(session, shared / path, map=chosen)
    return session


def judged() -> list[Labelled]:
    """Return the pairs judged by hand, so that records that hang together are in one half.

    The first record of each pair is the smallest id of all that are joined with it by some pair.
    """
    with JUDGED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    leader: dict[str, str] = {}

    def lead(id_: str) -> str:
        while leader.setdefault(id_, id_) != id_:
            id_ = leader[id_]
        return id_

    for row in rows:
        one, two = sorted((lead(row["a"]), lead(row["b"])))
        leader[two] = one
    return [
        _Judged(row["table"], row["a"], row["b"], row["same"] == "1", "judged", lead(row["a"]))
        for row in rows
    ]


@dataclass(frozen=True)
class _Judged(Labelled):
    leader: str = ""

    def in_training(self) -> bool:
        return _half(self.leader)


def made_up() -> tuple[list[Card], list[Labelled]]:
    """Return the cards and pairs of our own, in four languages."""
    content = tomllib.loads(MADE_UP.read_text(encoding="utf-8"))
    cards: list[Card] = []
    pairs: list[Labelled] = []
    for number, pair in enumerate(content["pair"]):
        table: Table = pair["table"]
        ids = [f"made-{number:03}-{side}" for side in ("a", "b")]
        cards += [_draft(id_, pair[side]).card(table) for id_, side in zip(ids, ("a", "b"), strict=True)]
        pairs.append(Labelled(table, ids[0], ids[1], pair["same"], "made up"))
    return cards, pairs


def _draft(id_: str, row: dict[str, str]) -> Draft:
    draft = Draft(id_, row["name"], owner=row.get("owner", ""), text=row.get("text", ""))
    draft.owner_id = row.get("owner_id")
    draft.phones = {phone_key(one) for one in row.get("phone", "").split(";") if one}
    draft.domains = {domain_key(row.get("website"))}
    street, _comma, city = row.get("address", "").rpartition("|")
    draft.addresses, draft.cities = {address_key(street, city)}, {letters(city)}
    return draft


def pairs_of(table: Table, pairs: list[Labelled]) -> Iterator[Labelled]:
    """Give the pairs of one table."""
    return (pair for pair in pairs if pair.table == table)
