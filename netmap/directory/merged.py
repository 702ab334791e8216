"""Records that were merged with another one: where whoever still names them is led."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.kept import MergedInto


def survivor(session: Session, id_: str) -> str | None:
    """Return the id of the record with which this one was merged, None where it was not."""
    return session.scalar(select(MergedInto.survivor_id).where(MergedInto.id == id_))


def merged_ids(session: Session) -> Mapping[str, str]:
    """Return every record that was merged -> the one that it is now."""
    rows = session.execute(select(MergedInto.id, MergedInto.survivor_id)).all()
    return {row.id: row.survivor_id for row in rows}


def merged_keys(session: Session, source: str, table: str) -> Mapping[str, str]:
    """Return what a source calls its merged records of a table -> their ids, as if they were there."""
    query = select(MergedInto.source_key, MergedInto.id).where(
        MergedInto.source_id == source, MergedInto.table_name == table, MergedInto.source_key.is_not(None)
    )
    return {row.source_key or "": row.id for row in session.execute(query)}
