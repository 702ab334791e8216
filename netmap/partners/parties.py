"""Names typed in forms, brought together with organizations; and lists of rows that a form holds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import Organization
from netmap.i18n import gettext as _
from netmap.partners.typed import Reading

MOST_OFFERED = 2000  # names that a form offers; more make a page heavy, and can be typed all the same
SHORT = 8  # signs of an id that tell organizations of one name apart


class Named(NamedTuple):
    """A name as it was typed, the organization of the directory that it is, if any, and what was added."""

    name: str
    organization_id: str | None
    role: str | None


def offered(session: Session) -> Sequence[str]:
    """Return the names of organizations as they can be typed, none where there are too many of them."""
    rows = session.execute(_named().limit(MOST_OFFERED + 1)).all()
    if len(rows) > MOST_OFFERED:
        return ()
    count: dict[str, int] = {}
    for _id, name in rows:
        count[name] = count.get(name, 0) + 1
    return [typed_as(id_, name, unique=count[name] == 1) for id_, name in rows]


def typed_as(organization_id: str, name: str, *, unique: bool) -> str:
    """Return how an organization is typed: its name, and the beginning of its id where others have it too."""
    return name if unique else f"{name} [{organization_id[:SHORT]}]"


def _named() -> Any:
    query = select(Organization.id, Organization.name).where(Organization.removed_in_source.is_(None))
    return query.order_by(Organization.name, Organization.id)


def read_named(session: Session, read: Reading, field: str) -> list[Named]:
    """Return the rows of a field with (name, role), each with the organization that has this name.

    A name that no organization has is kept as it is; one that several have is a mistake to be mended.
    """
    typed: list[tuple[int, str, str | None]] = []
    for number, (first, second) in enumerate(read.rows(field)):
        told = read.line_of(f"{field}-{number}-name", first, _("Give the name that belongs to the role."))
        typed.append((number, told or "", read.line_of(f"{field}-{number}-role", second)))
    known = _by_name(session, [name for _number, name, _role in typed])
    found: list[Named] = []
    for number, name, role in typed:
        bare, short = _taken_apart(name)
        meant = [one for one in known.get(bare.casefold(), ()) if one[0].startswith(short)]
        meant = meant or known.get(name.casefold(), [])
        if len(meant) > 1:
            names = ", ".join(f"{called} [{id_[:SHORT]}]" for id_, called in meant[:5])
            read.errors[f"{field}-{number}-name"] = _(
                "Several organisations have this name. Choose one of: %(names)s.", names=names
            )
        id_, called = meant[0] if meant else (None, name)
        found.append(Named(called, id_, role))
    seen: set[str] = set()
    for number, one in enumerate(found):
        key = one.organization_id or one.name.casefold()
        if key in seen:
            read.errors[f"{field}-{number}-name"] = _("“%(name)s” stands here twice.", name=one.name)
        seen.add(key)
    return found


def _taken_apart(name: str) -> tuple[str, str]:
    """Return name and beginning of the id of what `typed_as` gives.

    Examples
    --------
    >>> _taken_apart("Choir [1a2b3c4d]"), _taken_apart("Choir")
    (('Choir', '1a2b3c4d'), ('Choir', ''))
    """
    bare, bracket, rest = name.rpartition(" [")
    return (bare, rest[:-1]) if bracket and rest.endswith("]") else (name, "")


def _by_name(session: Session, names: Iterable[str]) -> Mapping[str, list[tuple[str, str]]]:
    """Return folded name -> (id, name) of the organizations that are called so, in whatever case."""
    typed = {form for name in names for form in (name, _taken_apart(name)[0]) if form}
    wanted = {form.casefold() for form in typed}
    found: dict[str, list[tuple[str, str]]] = {}
    rows = session.execute(_named().where(Organization.name.in_(sorted(typed)))).all()
    if wanted - {name.casefold() for _id, name in rows}:  # perhaps written in other case: look at all
        rows = [row for row in session.execute(_named()) if row.name.casefold() in wanted]
    for id_, name in rows:
        found.setdefault(name.casefold(), []).append((id_, name))
    return found


def as_rows(rows: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    """Return stored rows with a name and a role as a form shows them."""
    return tuple((row.name, row.role or "") for row in rows)


def put_rows(kept: list[Any], model: type[Any], values: Sequence[Mapping[str, Any]]) -> None:
    """Make a list of stored rows hold these values in this order; rows that stay keep their ids."""
    del kept[len(values) :]
    for place, some in enumerate(values):
        if place == len(kept):
            kept.append(model(place=place))
        for name, value in {**some, "place": place}.items():
            setattr(kept[place], name, value)
