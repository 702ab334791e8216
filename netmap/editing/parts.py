"""What a record is made of, as a form shows it: columns of the row itself, and rows that hang on it.

Every part knows the names of its fields, reads them as text, says what is wrong with what was typed, and
writes what is right. Only what differs from what was read is looked at, so that an old value that would be
refused today stands in nobody's way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import new_id
from netmap.editing.fields import Field, Words
from netmap.i18n import gettext as _

Texts = Mapping[str, str]
Problems = dict[str, str]
MOST_ROWS = 60  # of one kind on one record


@dataclass(frozen=True)
class Pen:
    """Who writes, and when."""

    session: Session
    by: str | None
    moment: datetime


class Part(Protocol):
    """One part of a record; names of fields are those below the record (`name`, `phones.7.number`)."""

    def field(self, name: str) -> Field | None:
        """Return the field of this name, None where it is none of this part."""

    def read(self, session: Session, row: Any) -> dict[str, str]:
        """Return the fields of a row that hold something."""

    def problems(self, session: Session, before: Texts, after: Texts) -> Problems:
        """Return what is wrong with what was changed; ``before`` is empty for a new row."""

    def write(self, pen: Pen, row: Any, before: Texts, after: Texts) -> None:
        """Write what was changed; it has been looked at before."""

    def remove(self, pen: Pen, row: Any) -> None:
        """Remove what hangs on a row that is about to go."""


def key_of(row_id: str) -> str:
    """Return an id as it stands within the names of fields, where a dot parts.

    Examples
    --------
    >>> key_of("a.b~c"), id_of("a~1b~0c")
    ('a~1b~0c', 'a.b~c')
    """
    return row_id.replace("~", "~0").replace(".", "~1")


def id_of(key: str) -> str:
    """Return the id that stands within the name of a field."""
    return key.replace("~1", ".").replace("~0", "~")


def below(texts: Texts, start: str) -> dict[str, str]:
    """Return the fields below a name, by what follows it.

    Examples
    --------
    >>> below({"phones.7.number": "1", "name": "Shelter"}, "phones.")
    {'7.number': '1'}
    """
    size = len(start)
    return {name[size:]: text for name, text in texts.items() if name.startswith(start)}


def by_row(texts: Texts, name: str) -> dict[str, dict[str, str]]:
    """Return key of a row -> its fields, in the order in which the rows come.

    Examples
    --------
    >>> by_row({"phones.7.number": "1", "phones.+1.number": "2", "phones.7.type": "fax"}, "phones")
    {'7': {'number': '1', 'type': 'fax'}, '+1': {'number': '2'}}
    """
    found: dict[str, dict[str, str]] = {}
    for rest, text in below(texts, f"{name}.").items():
        key, dot, field = rest.partition(".")
        if key and dot:
            found.setdefault(key, {})[field] = text
    return found


@dataclass(frozen=True)
class Rows:
    """Rows of another table that hang on this row.

    Parameters
    ----------
    name : str
        The start of their fields: "phones".
    model : class
    owner : str
        The column that names the row they hang on.
    one : callable
        What one of them is called.
    parts : tuple of Part
        What such a row is made of.
    """

    name: str
    model: type[Any]
    owner: str
    one: Words
    parts: tuple[Part, ...]

    def field(self, name: str) -> Field | None:
        """Return the field of this name, called after its row: "Phone: number"."""
        start, _dot, rest = name.partition(".")
        _key, _dot, rest = rest.partition(".")
        if start != self.name or not rest:
            return None
        found = field_of(self.parts, rest)
        if found is None:
            return None
        return replace(
            found, label=lambda: f"{self.one()}: {found.label()}", short=found.short or found.label
        )

    def rows(self, session: Session, row: Any) -> Iterable[Any]:
        """Return the rows that hang on a row and are not gone in their source."""
        query = select(self.model).where(getattr(self.model, self.owner) == row.id)
        if hasattr(self.model, "removed_in_source"):
            query = query.where(self.model.removed_in_source.is_(None))
        return session.scalars(query.order_by(self.model.id)).all()

    def read(self, session: Session, row: Any) -> dict[str, str]:
        """Return the fields of all rows."""
        found: dict[str, str] = {}
        for one in self.rows(session, row):
            start = f"{self.name}.{key_of(one.id)}."
            found |= {f"{start}{name}": text for name, text in read(self.parts, session, one).items()}
        return found

    def problems(self, session: Session, before: Texts, after: Texts) -> Problems:
        """Return what is wrong with the rows that are new or changed."""
        known, wanted = by_row(before, self.name), by_row(after, self.name)
        if len(wanted) > max(MOST_ROWS, len(known)):
            first = f"{self.name}.{next(iter(wanted))}.{next(iter(next(iter(wanted.values()))))}"
            said = {"most": MOST_ROWS, "what": self.one()}
            return {first: _("%(what)s: there cannot be more than %(most)s of them. Remove some.", **said)}
        found: Problems = {}
        for key, texts in wanted.items():
            if texts != known.get(key):
                for name, sentence in problems(self.parts, session, known.get(key, {}), texts).items():
                    found[f"{self.name}.{key}.{name}"] = sentence
        return found

    def write(self, pen: Pen, row: Any, before: Texts, after: Texts) -> None:
        """Change, add and remove rows."""
        known, wanted = by_row(before, self.name), by_row(after, self.name)
        for key in known.keys() - wanted.keys():
            self._remove_one(pen, pen.session.get_one(self.model, id_of(key)))
        for key, texts in wanted.items():
            if key in known:
                if texts != known[key]:
                    write(self.parts, pen, pen.session.get_one(self.model, id_of(key)), known[key], texts)
                continue
            new = self.model(id=new_id(), **{self.owner: row.id})
            first, *others = self.parts
            first.write(pen, new, {}, texts)
            pen.session.add(new)
            pen.session.flush()
            write(others, pen, new, {}, texts)

    def remove(self, pen: Pen, row: Any) -> None:
        """Remove all rows that hang on a row."""
        for one in self.rows(pen.session, row):
            self._remove_one(pen, one)

    def _remove_one(self, pen: Pen, one: Any) -> None:
        """Remove a row, or untie it where it hangs on something else too."""
        if any(getattr(one, name) for name in _owners(self.model) if name != self.owner):
            setattr(one, self.owner, None)
            return
        for part in self.parts:
            part.remove(pen, one)
        pen.session.flush()
        pen.session.delete(one)
        pen.session.flush()


_SHARED = {"phone", "contact", "schedule", "language", "service_area", "funding", "url"}


def _owners(model: type[Any]) -> list[str]:
    """Return the columns by which a row hangs on others, where one row may hang on several."""
    names = (
        "service_id",
        "service_at_location_id",
        "location_id",
        "organization_id",
        "contact_id",
        "phone_id",
    )
    table = model.__table__
    return [name for name in names if table.name in _SHARED and name in table.c]


def field_of(parts: Iterable[Part], name: str) -> Field | None:
    """Return the field of this name of any of the parts."""
    return next((found for part in parts if (found := part.field(name)) is not None), None)


def read(parts: Iterable[Part], session: Session, row: Any) -> dict[str, str]:
    """Return the fields of all parts of a row that hold something."""
    return {name: text for part in parts for name, text in part.read(session, row).items()}


def problems(parts: Iterable[Part], session: Session, before: Texts, after: Texts) -> Problems:
    """Return field -> what is wrong with it, over all parts of a row."""
    return {name: said for part in parts for name, said in part.problems(session, before, after).items()}


def write(parts: Iterable[Part], pen: Pen, row: Any, before: Texts, after: Texts) -> None:
    """Write all parts of a row."""
    for part in parts:
        part.write(pen, row, before, after)
