"""What a source and the people here disagree about: the list, the decisions, and the rules for next time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from netmap.db import Base
from netmap.directory.conflicting import ANY, RULES, WHOLE, SourceConflict, SourceRule
from netmap.directory.hsds_tables import SPECS
from netmap.directory.models import Source
from netmap.editing.models import Edit, EditChange
from netmap.editing.returning import bring_back
from netmap.editing.rows import plain
from netmap.editing.writing import edit
from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _

SIDES = ("ours", "theirs")
OWNERS = ("service", "organization", "location")


@dataclass(frozen=True)
class Shown:
    """One open conflict with the record that it is about, for a person who decides."""

    conflict: SourceConflict
    table: str
    record_id: str
    name: str


def count_open(session: Session) -> int:
    """Return how many conflicts wait for a person."""
    query = select(func.count()).select_from(SourceConflict).where(SourceConflict.state == "open")
    return session.scalar(query) or 0


def listing(
    session: Session, *, source: str = "", state: str = "open", limit: int = 50, offset: int = 0
) -> list[Shown]:
    """Return conflicts, those of one record together."""
    query = select(SourceConflict).where(SourceConflict.state == state)
    if source:
        query = query.where(SourceConflict.source_id == source)
    order = (SourceConflict.source_id, SourceConflict.table_name, SourceConflict.row_id, SourceConflict.field)
    found = session.scalars(query.order_by(*order).limit(limit).offset(offset))
    return [_shown(session, one) for one in found]


def _shown(session: Session, conflict: SourceConflict) -> Shown:
    """Return a conflict with the record on whose page a person would look for it."""
    table, row_id = conflict.table_name, conflict.row_id
    clause = plain(table)
    row = session.execute(select(clause).where(clause.c.id == row_id)).mappings().first()
    if row is None:
        return Shown(conflict, table, "", str(conflict.theirs or row_id))
    for owner in OWNERS if table not in OWNERS else ():
        if row.get(f"{owner}_id"):
            parent = plain(owner)
            name = session.scalar(select(parent.c.name).where(parent.c.id == row[f"{owner}_id"]))
            return Shown(conflict, owner, row[f"{owner}_id"], str(name or ""))
    return Shown(conflict, table if table in OWNERS else "", row_id, str(row.get("name") or row_id))


def sources(session: Session) -> Mapping[str, str]:
    """Return the sources that records came from: id -> name."""
    return {row.id: row.name for row in session.scalars(select(Source).order_by(Source.name))}


def decide(session: Session, choices: Mapping[str, str], *, by: str) -> list[Edit]:
    """Decide conflicts, each for itself, and return the edits that do it.

    Parameters
    ----------
    choices : mapping
        Id of a conflict -> "ours" or "theirs".

    Raises
    ------
    Invalid
        If a choice is neither.
    NotFound
        If there is no such conflict any more.
    Conflict
        If the record was changed since the conflict was listed; nothing is decided then.
    """
    if wrong := [side for side in choices.values() if side not in SIDES]:
        raise Invalid(_("'%(side)s' is no choice: take ours or theirs.", side=wrong[0]))
    found = {one.id: one for one in session.scalars(_by_id(choices))}
    if found.keys() != choices.keys():
        raise NotFound(_("One of these is decided already or was withdrawn. Look at the list again."))
    return [_decide(session, found[id_], side, by) for id_, side in choices.items()]


def _by_id(ids: Collection[str]) -> Any:
    return select(SourceConflict).where(SourceConflict.id.in_(list(ids)), SourceConflict.state == "open")


def _decide(session: Session, conflict: SourceConflict, side: str, by: str) -> Edit:
    about = (conflict.table_name, conflict.row_id)
    note = _("The source and people here disagreed; taken: %(side)s", side=side_words()[side])
    with edit(session, by=by, kind="conflict", about=about, note=note) as entry:
        conflict.state, conflict.by_rule = side, False
        if side == "theirs" and conflict.field == WHOLE:
            bring_back(session, _deletion(session, conflict), about)
        elif side == "theirs":
            _write(session, conflict)
    return entry


def _write(session: Session, conflict: SourceConflict) -> None:
    """Put the word of the source in the place of ours, unless somebody wrote another one meanwhile."""
    clause = plain(conflict.table_name)
    own = clause.c.id == conflict.row_id
    row = session.execute(select(clause).where(own)).mappings().first()
    if row is None or row[conflict.field] != conflict.ours:
        raise Conflict(
            _("This record was changed since. Look at it and write there what is right; nothing was decided.")
        )
    session.flush()
    session.execute(update(clause).where(own).values({conflict.field: conflict.theirs}))
    session.expire_all()


def _deletion(session: Session, conflict: SourceConflict) -> int:
    query = (
        select(EditChange.edit_id)
        .join(Edit, Edit.id == EditChange.edit_id)
        .where(EditChange.table_name == conflict.table_name, EditChange.row_id == conflict.row_id)
        .where(EditChange.after.is_(None), Edit.undone_by_id.is_(None))
        .order_by(EditChange.id.desc())
    )
    found = session.scalars(query.limit(1)).first()
    if found is None:
        raise Conflict(_("How this record was deleted is not kept, so it cannot be brought back from here."))
    return found


def side_words() -> Mapping[str, str]:
    """Return the two sides in words."""
    return {"ours": _("what people wrote here"), "theirs": _("what the source says")}


def decided(session: Session, limit: int = 10) -> list[tuple[Edit, str]]:
    """Return the last decisions that were not taken back, each with the name of its record."""
    query = select(Edit).where(Edit.kind == "conflict", Edit.undone_by_id.is_(None))
    query = query.where(Edit.about_table != "source")
    found = []
    for entry in session.scalars(query.order_by(Edit.id.desc()).limit(limit)):
        clause = plain(entry.about_table)
        row = session.execute(select(clause).where(clause.c.id == entry.about_id)).mappings().first()
        shown = dict(row) if row else {}
        found.append((entry, str(shown.get("name") or shown.get("number") or entry.about_id)))
    return found


def require_decision(session: Session, edit_id: int) -> None:
    """Raise NotFound where an edit is no decision about a conflict."""
    entry = session.get(Edit, edit_id)
    if entry is None or entry.kind != "conflict":
        raise NotFound(_("There is no such decision."))


def rule_words() -> Mapping[str, str]:
    """Return the rules in words."""
    return {
        "ask": _("ask each time; ours stays meanwhile"),
        "ours": _("ours stays"),
        "theirs": _("the source counts"),
    }


def rules(session: Session) -> list[SourceRule]:
    """Return all rules, those of one source together."""
    order = (SourceRule.source_id, SourceRule.table_name, SourceRule.field)
    return list(session.scalars(select(SourceRule).order_by(*order)))


def set_rule(session: Session, source: str, table: str, field: str, rule: str, *, by: str) -> None:
    """Say whose word counts from the next import on; "ask", the default, removes a rule.

    Raises
    ------
    Invalid
        If there is no such source, table, field or rule.
    """
    if rule not in RULES:
        raise Invalid(_("Choose whose word counts."), {"rule": _("Choose whose word counts.")})
    if session.get(Source, source) is None:
        raise Invalid(_("There is no such source."), {"source": _("There is no such source.")})
    known = table == ANY or table in SPECS
    if not known or (field != ANY and (table == ANY or field not in Base.metadata.tables[table].c)):
        sentence = _("There is no such field. Choose one from the list.")
        raise Invalid(sentence, {"field": sentence})
    query = select(SourceRule).where(SourceRule.source_id == source)
    found = session.scalars(query.where(SourceRule.table_name == table, SourceRule.field == field)).first()
    with edit(session, by=by, kind="conflict", about=("source", source)):
        if found is not None and rule == "ask":
            session.delete(found)
        elif found is not None:
            found.rule = rule
        elif rule != "ask":
            session.add(SourceRule(source_id=source, table_name=table, field=field, rule=rule))


def settle_by_rules(session: Session, source: str, *, by: str) -> int:
    """Decide what is open now by the rules of a source; return how many conflicts were decided."""
    by_field = {(one.table_name, one.field): one.rule for one in rules(session) if one.source_id == source}
    choices = {}
    for one in session.scalars(
        select(SourceConflict).where(SourceConflict.source_id == source, SourceConflict.state == "open")
    ):
        asked = ((one.table_name, one.field), (one.table_name, ANY), (ANY, ANY))
        rule = next((by_field[place] for place in asked if place in by_field), "ask")
        if rule in SIDES:
            choices[one.id] = rule
    return len(decide(session, choices, by=by)) if choices else 0
