"""From rows to records: each gets its id, each reference its target, and what leads nowhere is told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import product, zip_longest

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.csvfiles import Place
from netmap.directory.hsds_identity import Identity
from netmap.directory.hsds_names import FILES, as_uuid, canonical, record_id
from netmap.directory.hsds_renamed import Renames
from netmap.directory.hsds_rows import Row
from netmap.directory.hsds_tables import LINKED, SPECS, Spec
from netmap.directory.merged import merged_ids, merged_keys
from netmap.directory.models import Attribute, Tie
from netmap.directory.report import Report
from netmap.i18n import gettext as _

# Where a row names several ids of two kinds, it means every pair; elsewhere it means each one once.
PAIRED = {"service_at_location", "schedule", "attribute", "tie"}


@dataclass
class Record:
    """What becomes one row of the database."""

    id: str
    key: str
    values: dict[str, object]
    file: str
    number: Place
    keyless: bool = False  # its key is made here, of its words


class Known:
    """The ids that a reference may lead to: those of this import, and UUIDs that are stored already."""

    def __init__(self, session: Session, source: str, renames: Renames | None = None) -> None:
        self.renames = renames or Renames()
        self.withheld: set[tuple[str, object]] = set()  # (table, id) of rows that people deleted here
        self._identities: dict[str, Identity] = {}
        self.ids: dict[str, dict[str, str]] = {}
        self._session = session
        self._source = source
        self._stored: dict[str, set[str]] = {}
        self._merged = merged_ids(session)

    def now(self, id_: str | None) -> str | None:
        """Return the id of the record that this one is now: itself, or the one that it was merged with."""
        return self._merged.get(id_, id_) if id_ else id_

    def find(self, table: str, key: str) -> str | None:
        """Return the id of a row that a source calls ``key``, or None if there is none."""
        if table not in self.ids:  # its file is not there this time
            self.ids[table] = self._from_before(table)
        if found := self.ids[table].get(key):
            return found
        uuid = as_uuid(key)
        return uuid if uuid and uuid in self._all_stored(table) else None

    def identity(self, table: str) -> Identity:
        """Return which id each key of a core table stands for."""
        if table not in self._identities:
            renamed, apart = self.renames.ids(table), self.renames.apart.get(table, ())
            self._identities[table] = Identity(self._session, self._source, table, renamed, apart)
        return self._identities[table]

    def _from_before(self, table: str) -> dict[str, str]:
        columns = SPECS[table].table.c
        rows = self._session.execute(
            select(columns.source_key, columns.id).where(columns.source_id == self._source)
        )
        found = {key: id_ for key, id_ in rows if key is not None}
        return {**merged_keys(self._session, self._source, table), **found}

    def _all_stored(self, table: str) -> set[str]:
        if table not in self._stored:
            self._stored[table] = set(self._session.scalars(select(SPECS[table].table.c.id)))
            self._stored[table] |= self._merged.keys()
        return self._stored[table]


def resolve(table: str, rows: Iterable[Row], known: Known, source: str, report: Report) -> list[Record]:
    """Return the records of one table; rows that repeat an id or lead nowhere are reported.

    Parameters
    ----------
    table : str
        Name of the table in the database.
    rows : iterable of Row
        All rows of this table, from however many files.
    known : Known
        Filled for the tables before this one; this table's ids are added.
    """
    spec = SPECS[table]
    keyed = _keyed(table, list(rows), known, source, report)
    taken: set[str] = set()
    records: list[Record] = []
    for key, row in keyed:
        for number, references in enumerate(_references(table, spec, row, known, report)):
            if not _is_whole(spec, row, references, report):
                break
            base = known.ids[table][key] if spec.core else record_id(source, table, key)
            id_ = _free_id(base, source, table, key, references, row, taken)
            if id_ is None:
                sentence = _(
                    "%(file)s: a row is there twice, word for word; it was taken once", file=row.file
                )
                report.note(sentence, row.number)
                continue
            if number == 0:
                known.ids[table].setdefault(key, id_)
            # The id is made of what the source names, so that it stays when two records become one here.
            named = {name: known.now(target) for name, target in references.items()}
            if spec.model is Tie and named["organization_id"] == named["other_organization_id"]:
                continue
            values = {**row.values, **named}
            records.append(Record(id_, key, values, row.file, row.number, not row.key))
    return _one_of_each(table, records, known, report)


def _one_of_each(table: str, records: list[Record], known: Known, report: Report) -> list[Record]:
    """Leave out records that a person merged with others; one stands in where the source has it only."""
    own = {record.id for record in records}
    kept: list[Record] = []
    for record in records:
        now = known.now(record.id)
        if now != record.id:
            sentence = _("%(file)s: merged by hand with another record, to which it leads", file=record.file)
            report.note(sentence, record.number)
            if now is None or now in own:
                continue
            own.add(now)
            record.id = now
        kept.append(record)
    return kept


def _keyed(table: str, rows: list[Row], known: Known, source: str, report: Report) -> list[tuple[str, Row]]:
    """Give every row a key; in core tables register the ids first, because rows refer to each other."""
    keyed: dict[str, Row] = {}
    pairs: list[tuple[str, Row]] = []
    known.ids[table] = {}
    for row in rows:
        key = key_of(row)
        if SPECS[table].core:
            if key in keyed:
                first = keyed[key].number
                reason = _("row %(first)s has the same id; this row was left out", first=first)
                report.reject(row.file, row.number, "id", row.key, reason)
                continue
            keyed[key] = row
            known.ids[table][key] = known.identity(table).id_for(key)
        pairs.append((key, row))
    return pairs


def key_of(row: Row) -> str:
    """Return what the source calls a row, or a key made of all its words."""
    return row.key or _fingerprint(row)


def _fingerprint(row: Row) -> str:
    content = "\x1f".join(f"{name}={row.cells[name]}" for name in sorted(row.cells))
    return sha256(content.encode()).hexdigest()


def _free_id(
    base: str, source: str, table: str, key: str, references: dict[str, str | None], row: Row, taken: set[str]
) -> str | None:
    """Return an id that no other record of this import has, or None where the row is there already.

    Real files repeat ids in schedules and phones: what a row refers to, then its content, tell them apart.
    """
    named = "|".join(f"{name}={references[name]}" for name in sorted(references))
    exact = record_id(source, table, f"{key}/{named}/{_fingerprint(row)}")
    if exact in taken:
        return None
    ids = (base, record_id(source, table, f"{key}/{named}"), exact)
    id_ = next(id_ for id_ in ids if id_ not in taken)
    taken.update((id_, exact))
    return id_


def _references(
    table: str, spec: Spec, row: Row, known: Known, report: Report
) -> Iterator[dict[str, str | None]]:
    """Give one set of references for each record that the row makes."""
    names = [name for name in spec.references() if name in row.named]
    found = [_targets(name, spec.references()[name], row, known, report) for name in names]
    if table in LINKED:
        names, found = [*names, LINKED[table][1]], [*found, _linked(*LINKED[table], row, known)]
    if spec.core:
        for name, targets in zip(names, found, strict=True):
            if len(row.named[name]) > 1:
                sentence = _(
                    "%(file)s: %(field)s names several where one is possible; the first there was taken",
                    file=row.file,
                    field=name,
                )
                report.note(sentence, row.number)
            del targets[1:]
    sets = product(*(targets or [None] for targets in found)) if table in PAIRED else zip_longest(*found)
    some = False
    for combination in sets:
        some = True
        yield dict(zip(names, combination, strict=True))
    if not some:  # nothing is named at all
        yield dict.fromkeys(names)


def _targets(name: str, table: str, row: Row, known: Known, report: Report) -> list[str | None]:
    targets: list[str | None] = []
    for key in row.named[name]:
        target = known.find(table, key)
        if target is not None:
            targets.append(target)
        else:
            sentence = _("%(file)s: %(field)s names a record that is not there", file=row.file, field=name)
            report.note(sentence, row.number)
    return targets


def _linked(table_field: str, id_field: str, row: Row, known: Known) -> list[str | None]:
    """Return the row of another table on which an attribute or a change hangs."""
    word = str(row.values.get(table_field) or "").casefold()
    file = canonical(word)
    table = word if word in SPECS or file not in FILES else FILES[file].table
    row.values[table_field] = table
    key = str(row.values.pop(id_field))
    row.named[id_field] = [key]
    return [known.find(table, key) if table in SPECS else None]


def _is_whole(spec: Spec, row: Row, references: dict[str, str | None], report: Report) -> bool:
    """Return whether the record leads somewhere; say so where it does not."""
    for name in spec.required:
        if name in references and references[name] is None:
            shown = ",".join(row.named.get(name, [])) or row.cells.get(name, "")
            reason = _("no record has this id, so the row was left out")
            report.reject(row.file, row.number, name, shown, reason)
            return False
    if spec.model is Attribute and not (references.get("taxonomy_term_id") or row.values.get("value")):
        shown = ",".join(row.named.get("taxonomy_term_id", []))
        reason = _("there is neither a known term nor a value, so the row was left out")
        report.reject(row.file, row.number, "taxonomy_term_id", shown, reason)
        return False
    if spec.model is Tie and references["organization_id"] == references["other_organization_id"]:
        shown = row.cells.get("other_organization_id", "")
        reason = _("an organization cannot have a tie with itself, so the row was left out")
        report.reject(row.file, row.number, "other_organization_id", shown, reason)
        return False
    if spec.owners and not any(references.get(name) for name in spec.owners):
        shown = ", ".join(key for name in spec.owners for key in row.named.get(name, []))
        reason = _("the row belongs to no record that is there, so nobody would ever see it; it was left out")
        report.reject(row.file, row.number, spec.owners[0], shown, reason)
        return False
    return True
