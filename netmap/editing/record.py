"""A record of the directory as a flat mapping of field names to text, and back again.

`name`, `phones.<id>.number`; a new row has a number of its own (`phones.+1.number`), a row whose fields
are all missing (or that has `phones.<id>.remove`) is removed. A field that holds nothing
is not in the mapping.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.models import Location, Organization, Service, Vacancy
from netmap.editing import fields as single
from netmap.editing import parts, specs_places, specs_service, specs_vacancies
from netmap.editing.fields import Field
from netmap.editing.parts import Part, Pen, Rows
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n.names import language_name

KINDS: Mapping[str, tuple[type[Any], Callable[[], tuple[Part, ...]]]] = {
    "service": (Service, specs_service.service),
    "organization": (Organization, specs_places.organization),
    "location": (Location, specs_places.location),
    "vacancy": (Vacancy, specs_vacancies.vacancy),
}
LONGEST_FORM = 4_000  # fields
Fields = Mapping[str, str]


def read(session: Session, kind: str, record_id: str) -> dict[str, str]:
    """Return the fields of a record that hold something.

    Parameters
    ----------
    session : Session
    kind : "service", "organization" or "location"
    record_id : str

    Raises
    ------
    NotFound
        If there is no such record.
    """
    return parts.read(parts_of(kind), session, require(session, kind, record_id))


def check(session: Session, kind: str, record_id: str | None, fields: Fields) -> dict[str, str]:
    """Return field -> a sentence for everything that was changed and cannot be kept; {} if all is right.

    ``record_id`` is None for a record that is not there yet.
    """
    before = read(session, kind, record_id) if record_id else {}
    return parts.problems(parts_of(kind), session, before, tidied(kind, fields))


def check_and_write(
    session: Session, kind: str, record_id: str, fields: Fields, *, by: str | None = None
) -> None:
    """Write the fields of a form that differ from the record, and remove rows that are not in it.

    Fields that no form of this kind has are left aside.

    Parameters
    ----------
    session : Session
        The caller's transaction; rows are flushed.
    kind, record_id : str
        As for :func:`read`.
    fields : mapping
        The whole record: what is missing is empty.
    by : str, optional
        E-mail of the person, kept with what a person decides about types.

    Raises
    ------
    Invalid
        With a sentence for each field; then nothing is written.
    NotFound
        If there is no such record.
    """
    row = require(session, kind, record_id)
    before, after = parts.read(parts_of(kind), session, row), tidied(kind, fields)
    _refuse(parts.problems(parts_of(kind), session, before, after))
    parts.write(parts_of(kind), _pen(session, by), row, before, after)
    session.flush()


def add(session: Session, row: Any, fields: Fields, *, by: str | None = None) -> None:
    """Check a form and add a new record, with what hangs on it.

    Parameters
    ----------
    session : Session
    row : Service, Organization or Location
        Not in the session yet; holds what the form does not ask, such as the organisation of a service.
    fields : mapping
    by : str, optional
        E-mail of the person.

    Raises
    ------
    Invalid
        With a sentence for each field; then nothing is written.
    """
    kind = row.__tablename__
    after = tidied(kind, fields)
    _refuse(parts.problems(parts_of(kind), session, {}, after))
    first, *others = parts_of(kind)
    pen = _pen(session, by)
    first.write(pen, row, {}, after)
    session.add(row)
    session.flush()
    parts.write(others, pen, row, {}, after)
    session.flush()


def tidied(kind: str, fields: Fields) -> dict[str, str]:
    """Return the fields that a record of this kind has, without blanks around them and without empty ones.

    Examples
    --------
    >>> tidied("service", {"name": "  Soup   kitchen ", "phones.7.number": "1", "phones.7.remove": "yes"})
    {'name': 'Soup kitchen'}
    """
    gone = tuple(
        name.removesuffix("remove") for name, text in fields.items() if text and name.endswith(".remove")
    )
    found: dict[str, str] = {}
    for name, text in list(fields.items())[:LONGEST_FORM]:
        field = None if gone and name.startswith(gone) else field_of(kind, name)
        if field is not None and (said := single.tidy(field, text)):
            found[name] = said
    return found


def field_of(kind: str, name: str) -> Field | None:
    """Return the field of a record by its name, None where no record of this kind has one."""
    return parts.field_of(parts_of(kind), name)


def label(kind: str, name: str) -> str:
    """Return what a field is called in the reader's language.

    Examples
    --------
    >>> label("service", "phones.7.number"), label("service", "hours.MO"), label("service", "strange")
    ('Telephone: Number', 'Monday', 'strange')
    """
    field = field_of(kind, name)
    return field.label() if field else name


def row_label(kind: str, name: str) -> str:
    """Return what a row is called in the reader's language.

    Examples
    --------
    >>> row_label("service", "contacts.7.phones.3"), row_label("service", "exceptions.9")
    ('Person to ask: Telephone', 'Days with other hours')
    """
    found, inside = [], parts_of(kind)
    for start in name.split(".")[::2]:
        rows = next((one for one in inside if isinstance(one, Rows) and one.name == start), None)
        found.append(rows.one() if rows else _("Days with other hours"))
        inside = rows.parts if rows else ()
    return ": ".join(found)


def words(session: Session, kind: str, name: str, text: str | None) -> tuple[str, ...]:
    """Return the text of a field as lines in the reader's words; none where it holds nothing."""
    field = field_of(kind, name)
    if not text:
        return ()
    if field is None:
        return (text,)
    if field.choices is not None:
        return (field.choices().get(text, text),)
    if field.refers is not None:
        row = session.get(field.refers, text)
        return (getattr(row, "name", None) or text,)
    if field.kind == "language":
        return (language_name(text),)
    return (_("yes"),) if field.kind == "yes" else tuple(text.splitlines())


def parts_of(kind: str) -> tuple[Part, ...]:
    """Return what a record of this kind is made of."""
    return KINDS[kind][1]()


def require(session: Session, kind: str, record_id: str) -> Any:
    """Return the row of a record.

    Raises
    ------
    NotFound
        If there is none.
    """
    row = session.get(KINDS[kind][0], record_id)
    if row is None:
        raise NotFound(_("There is no such record; it may have been removed."))
    return row


def _refuse(problems: Mapping[str, str]) -> None:
    if problems:
        raise Invalid(
            _("Nothing was saved. %(why)s", why=" ".join(dict.fromkeys(problems.values()))), problems
        )


def _pen(session: Session, by: str | None) -> Pen:
    return Pen(session, by, now())
