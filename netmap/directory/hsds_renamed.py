"""Which records of a new edition are old ones under another key: found before anything is written."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.hsds_identity import Identity
from netmap.directory.hsds_rows import Row
from netmap.directory.hsds_tables import SPECS
from netmap.directory.likeness import Rarity, Words, compare, digits, folded
from netmap.directory.pairing import pairs
from netmap.directory.report import Renamed

OTHER_NAME = 50  # of 100: a row whose key stayed and whose name is that unlike may be another record
CORE = tuple(name for name, spec in SPECS.items() if spec.core)
# What a record belongs to, what it is reached by, and which details tell of it.
WITHIN = {"program": "organization_id", "service": "organization_id", "location": "organization_id",
          "taxonomy_term": "taxonomy_id"}  # fmt: skip
LINKS = ("email", "website", "url", "uri")
OWNERS = {"organization": "organization_id", "service": "service_id", "location": "location_id"}
Resolve = Callable[[str, str], str]
"""Table and key of the source -> the id that the record has or will have here."""


@dataclass(frozen=True)
class Agreed:
    """What somebody has looked at: which records are renamed, and which (table, id) are not the same."""

    renamed: tuple[Renamed, ...]
    apart: frozenset[tuple[str, str]] = frozenset()


@dataclass
class Renames:
    """What was found: table -> new key -> the record; and table -> ids that their key means no more."""

    by_table: dict[str, dict[str, Renamed]] = field(default_factory=lambda: defaultdict(dict))
    apart: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def ids(self, table: str) -> Mapping[str, str]:
        """Return new key -> id for one table."""
        return {key: one.id for key, one in self.by_table.get(table, {}).items()}


def find_renamed(
    session: Session,
    source: str,
    rows: Mapping[str, Sequence[Row]],
    key_of: Callable[[Row], str],
    agreed: Agreed | None = None,
) -> Renames:
    """Return which rows are stored records of the source under another key.

    Parameters
    ----------
    rows : mapping
        Table -> all its rows in the files.
    key_of : callable
        Gives the key of a row.
    agreed : Agreed, optional
        What somebody has looked at: then exactly that is taken and nothing is sought.
    """
    found, told = Renames(), {table: {key_of(row): row for row in rows[table]} for table in rows}
    if agreed is not None:
        for table, id_ in agreed.apart:
            found.apart[table].add(id_)
        for one in agreed.renamed:
            if (one.table, one.id) not in agreed.apart and one.source_key[1] in told.get(one.table, {}):
                found.by_table[one.table][one.source_key[1]] = one
        return found
    seeker = _Seeker(session, source, rows, key_of, found)
    for table in CORE:
        if table in told:
            seeker.seek(table, told[table])
    return found


class _Seeker:
    """Goes through the tables of a source, those that others belong to first."""

    def __init__(
        self,
        session: Session,
        source: str,
        rows: Mapping[str, Sequence[Row]],
        key_of: Callable[[Row], str],
        found: Renames,
    ) -> None:
        self._session, self._source, self._rows, self._key_of, self._found = (
            session,
            source,
            rows,
            key_of,
            found,
        )
        self._ids: dict[str, Identity] = {}

    def seek(self, table: str, told: Mapping[str, Row]) -> None:
        """Pair what is gone with what came; tables that others belong to come first."""
        columns = SPECS[table].table.c
        query = select(SPECS[table].table).where(
            columns.source_id == self._source, columns.removed_in_source.is_(None)
        )
        stored = {row["id"]: dict(row) for row in self._session.execute(query).mappings()}
        identity = Identity(self._session, self._source, table)
        self._ids[table] = identity
        now = {identity.id_for(key): key for key in told}
        gone = [id_ for id_ in stored if id_ not in now]
        come = [key for id_, key in now.items() if id_ not in identity.key_of]
        other = [id_ for id_, key in now.items() if id_ in stored and _is_other(stored[id_], told[key])]
        if not (gone or other) or not (come or other):
            return
        old, new = self._stored_words(table, stored), self._told_words(table, told)
        rarity = Rarity(old.values())
        other = [id_ for id_ in other if compare(old[id_], new[now[id_]], rarity).points < 0]
        for pair in pairs(
            [old[id_] for id_ in [*gone, *other]],
            [new[key] for key in [*come, *(now[id_] for id_ in other)]],
            rarity,
        ):
            if now.get(pair.old) == pair.new:
                continue
            row = stored[pair.old]
            self._found.by_table[table][pair.new] = Renamed(
                table,
                pair.old,
                (row["source_key"] or "", pair.new),
                (str(row.get("name") or ""), new[pair.new].shown),
                pair.why,
                pair.confidence,
            )
        self._ids[table] = Identity(self._session, self._source, table, self._found.ids(table))

    def _resolve(self, table: str, key: str) -> str:
        if table not in self._ids:
            self._ids[table] = Identity(self._session, self._source, table)
        return self._ids[table].id_for(key)

    def _stored_words(self, table: str, stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Words]:
        """Return what the stored records say, with the details that hang on them."""
        words = {
            id_: _words(id_, row, str(row.get(WITHIN.get(table, "")) or "")) for id_, row in stored.items()
        }
        details = _Details(table)
        for detail in details.tables():
            columns = SPECS[detail].table.c
            query = select(SPECS[detail].table).where(
                columns.source_id == self._source, columns.removed_in_source.is_(None)
            )
            for row in map(dict, self._session.execute(query).mappings()):
                details.add(detail, str(row.get(OWNERS[table]) or ""), row, row)
        return details.into(words)

    def _told_words(self, table: str, told: Mapping[str, Row]) -> dict[str, Words]:
        """Return what the rows of the files say."""
        words = {}
        for key, row in told.items():
            within = row.named.get(WITHIN.get(table, ""), [])[:1]
            owner = SPECS[table].references().get(WITHIN.get(table, ""), "")
            words[key] = _words(key, row.values, self._resolve(owner, within[0]) if within else "")
        details = _Details(table)
        for detail in details.tables():
            for row in self._rows.get(detail, ()):
                named = {
                    name: self._resolve(target, row.named[name][0])
                    for name, target in SPECS[detail].references().items()
                    if target in {"service", "location"} and target != table and row.named.get(name)
                }
                for key in row.named.get(OWNERS[table], ()):
                    details.add(detail, key, row.values, named)
        return details.into(words)


class _Details:
    """What hangs on the records of one table: telephones, addresses, and what belongs to them."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._of: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def tables(self) -> tuple[str, ...]:
        """Return the tables that tell of such records."""
        return {
            "organization": ("phone", "service"),
            "service": ("phone", "service_at_location"),
            "location": ("phone", "address", "service_at_location"),
        }.get(self._table, ())

    def add(self, detail: str, owner: str, values: Mapping[str, Any], named: Mapping[str, Any]) -> None:
        """Take in one row of a detail under its owner."""
        of = self._of[owner]
        if detail == "phone":
            of["numbers"].add(digits(values.get("number")))
        elif detail == "address":
            of["addresses"].add(folded(f"{values.get('address_1') or ''} {values.get('postal_code') or ''}"))
        elif detail == "service":
            of["holds"].add(folded(values.get("name")))
        else:
            other = "location_id" if self._table == "service" else "service_id"
            of["holds"].add(str(named.get(other) or ""))

    def into(self, words: dict[str, Words]) -> dict[str, Words]:
        """Return the words of the records together with their details."""
        found = {}
        for key, one in words.items():
            of = {kind: frozenset(some - {""}) for kind, some in self._of.get(key, {}).items()}
            found[key] = replace(
                one,
                numbers=of.get("numbers", one.numbers),
                addresses=of.get("addresses", frozenset()) | one.addresses,
                holds=of.get("holds", one.holds),
            )
        return found


def _words(key: str, values: Mapping[str, Any], within: str) -> Words:
    links = {folded(str(values.get(name) or "").removeprefix("https").removeprefix("http")) for name in LINKS}
    name = str(values.get("name") or "")
    addresses = frozenset[str]()
    if values.get("latitude") is not None and values.get("longitude") is not None:
        addresses = frozenset({f"{float(values['latitude']):.5f} {float(values['longitude']):.5f}"})
    return Words(
        key, folded(name), folded(values.get("description")), within,
        links=frozenset(links - {""}), addresses=addresses, shown=name,
    )  # fmt: skip


def _is_other(stored: Mapping[str, Any], row: Row) -> bool:
    """Return whether a row whose key stayed has a name that is nothing like the stored one."""
    mine, theirs = folded(stored.get("name")), folded(row.values.get("name"))
    return bool(mine and theirs) and mine != theirs and fuzz.token_sort_ratio(mine, theirs) < OTHER_NAME
