"""Rows of several tables that hang on the same rows, read by one SELECT.

The page of a service shows rows of twenty tables; one SELECT for each would be most of its time. Each row
comes as JSON and becomes an object of the session, as if it had been loaded by itself.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Date, Select, and_, func, literal_column, or_, select, union_all
from sqlalchemy.orm import Mapper, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from netmap.db import UtcDateTime

Model = type[Any]


def hang(
    session: Session,
    parts: Mapping[Model, str],
    owners: Sequence[Any],
    besides: Mapping[Model, Any] | None = None,
    only: Mapping[Model, Any] | None = None,
) -> dict[Model, list[Any]]:
    """Put the living rows of some tables on the rows on which they hang, and return them, in order of ids.

    Parameters
    ----------
    session : Session
    parts : mapping
        Model -> the name of the relationship of its owners that shall hold it.
    owners : sequence
        Rows of any tables, among them those that have these relationships.
    besides : mapping, optional
        Model -> a condition: other rows that come by the same SELECT, and hang on nothing.
    only : mapping, optional
        Model -> a condition that its rows must fulfil too.
    """
    by_column: dict[str, dict[str, Any]] = defaultdict(dict)
    for owner in owners:
        by_column[f"{owner.__tablename__}_id"][owner.id] = owner
    columns = {part: [one for one in by_column if _takes(part, one, parts, by_column)] for part in parts}
    wanted = {part: _hanging(part, some, by_column) for part, some in columns.items() if some}
    for part in wanted.keys() & (only or {}).keys():
        wanted[part] = and_(wanted[part], (only or {})[part])
    found = rows(session, {**wanted, **(besides or {})})
    for part, name in parts.items():
        for column in columns[part]:
            hung: dict[str | None, list[Any]] = defaultdict(list)
            for row in found.get(part, ()):
                hung[getattr(row, column)].append(row)
            for row_id, owner in by_column[column].items():
                set_committed_value(owner, name, hung[row_id])
    return {part: found.get(part, []) for part in (*parts, *(besides or {}))}


def _takes(part: Model, column: str, parts: Mapping[Model, str], by_column: Mapping[str, Any]) -> bool:
    """Return whether rows of a table hang on owners by a column, and these have the relationship for them."""
    owner = next(iter(by_column[column].values()))
    return column in part.__table__.c and hasattr(type(owner), parts[part])


def _hanging(part: Model, columns: Iterable[str], by_column: Mapping[str, Mapping[str, Any]]) -> Any:
    return or_(*(getattr(part, column).in_(by_column[column]) for column in columns))


def rows(session: Session, wanted: Mapping[Model, Any]) -> dict[Model, list[Any]]:
    """Return model -> its living rows for which a condition holds, in order of ids, by one SELECT."""
    if not wanted:
        return {}
    models = {model.__tablename__: model for model in wanted}
    found: dict[Model, list[Any]] = {model: [] for model in wanted}
    for name, text in session.execute(union_all(*(_as_json(model, wanted[model]) for model in wanted))):
        model = models[name]
        found[model].append(_row(session, model, json.loads(text)))
    for some in found.values():
        some.sort(key=lambda row: row.id)
    return found


def _row(session: Session, model: Model, values: Mapping[str, Any]) -> Any:
    """Return the row of the session with this id; a new one holds the values that were read."""
    known = session.identity_map.get(identity_key(model, values["id"]))
    if known is not None:
        return known
    row = model(**{key: read(values[key]) if read else values[key] for key, read in _readers(model).items()})
    make_transient_to_detached(row)
    session.add(row)
    return row


def _as_json(model: Model, condition: Any) -> Select[Any]:
    pairs = [part for name in _readers(model) for part in (_quoted(name), getattr(model, name))]
    query = select(_quoted(model.__tablename__), func.json_object(*pairs)).where(condition)
    living = getattr(model, "removed_in_source", None)
    return query if living is None else query.where(living.is_(None))


def _quoted(name: str) -> Any:
    """Return the name of one of our own tables or columns as text in SQL."""
    return literal_column(f"'{name}'")


def _readers(model: Model) -> Mapping[str, Callable[[Any], Any] | None]:
    """Return attribute -> what makes a value of what the database holds; None where it is the value."""
    return _readers_of(model.__mapper__)


@cache
def _readers_of(mapper: Mapper[Any]) -> Mapping[str, Callable[[Any], Any] | None]:
    found: dict[str, Callable[[Any], Any] | None] = {}
    for attribute in mapper.column_attrs:
        kind = attribute.columns[0].type
        if isinstance(kind, UtcDateTime):
            found[attribute.key] = _moment
        elif isinstance(kind, Date):
            found[attribute.key] = lambda text: date.fromisoformat(text) if text else None
        else:
            found[attribute.key] = _truth if isinstance(kind, Boolean) else None
    return found


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _moment(text: str | None) -> datetime | None:
    return UtcDateTime().process_result_value(datetime.fromisoformat(text), None) if text else None
