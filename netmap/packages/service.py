"""Packages: load the shipped ones, read them, and save a change as a new version."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.packages import queries
from netmap.packages.document import Document, read, stored, text, to_mapping
from netmap.packages.models import Package, PackageVersion
from netmap.paths import shipped

LONGEST_NOTE = 500


@dataclass(frozen=True)
class Version:
    """A version of a package; ``current`` is the number of the version in use."""

    code: str
    number: int
    current: int
    document: Document
    note: str
    made_at: datetime
    made_by: str | None


def load_seeds(session: Session, folder: Path | None = None) -> Mapping[str, int]:
    """Return how many packages were added, changed and left as they are.

    A missing package is added. A package that a person has edited is left alone; one that nobody has
    edited follows the shipped file with a new version.

    Raises
    ------
    Invalid
        If a file cannot be read; names the file.
    """
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    for path in sorted((folder or shipped("seeds") / "packages").glob("*.toml")):
        document = _read_file(path)
        found = queries.one(session, document.code)
        if found is None:
            save_version(session, document.code, document, by=None, note="", expected=0)
            counts["added"] += 1
        elif queries.edited(session, document.code) or stored(found[0].document) == document:
            counts["unchanged"] += 1
        else:
            save_version(session, document.code, document, by=None, note="", expected=found[1])
            counts["changed"] += 1
    return counts


def published(session: Session) -> list[tuple[str, int, Document]]:
    """Return code, version number and document of every package in use, by code."""
    return [(row.package_code, row.number, stored(row.document)) for row in queries.in_use(session)]


def choices(session: Session, language: str) -> list[tuple[str, str]]:
    """Return (code, name) of every package in use, by name."""
    named = [(code, text(document.name, language)) for code, _number, document in published(session)]
    return sorted(named, key=lambda pair: (pair[1].casefold(), pair[0]))


def get(session: Session, code: str, number: int | None = None) -> Version:
    """Return a version of a package, the one in use where no number is given.

    Raises
    ------
    NotFound
        If there is no such package or version.
    """
    found = queries.one(session, code, number)
    if found is None:
        raise NotFound(_("There is no such package or version. Go back to the list of packages."))
    return _version(found[0], found[1])


def history(session: Session, code: str) -> list[Version]:
    """Return every version of a package, the newest first."""
    current = get(session, code).current
    return [_version(row, current) for row in queries.versions(session, code)]


def save_version(
    session: Session, code: str, document: Document, *, by: str | None, note: str, expected: int
) -> int:
    """Return the number of the version now in use: a new one, or the same if nothing has changed.

    Parameters
    ----------
    session : Session
        Is flushed, not committed.
    code : str
        The package; it never changes.
    document : Document
        What the new version holds; it is checked as `netmap.packages.document.read` does.
    by : str or None
        E-mail of the person, None for shipped packages.
    note : str
        What was changed and why.
    expected : int
        The version that the person started from, 0 for a new package.

    Raises
    ------
    Conflict
        If somebody else saved in the meantime, or the code of a new package is taken.
    Invalid
        If the document cannot be used.
    """
    note = _note(note)
    document = read(to_mapping(document))
    if document.code != code:
        raise Invalid(_("The code of a package never changes."), {"code": _("The code never changes.")})
    if expected == 0:
        _add(session, code)
    else:
        before = get(session, code)
        if before.document == document:
            return before.number
        _count_up(session, code, expected, before.number)
    row = PackageVersion(
        package_code=code, number=expected + 1, document=to_mapping(document), note=note, made_by=by
    )
    session.add(row)
    session.flush()
    return row.number


def restore(session: Session, code: str, number: int, *, by: str, expected: int) -> int:
    """Make an old version the one in use again, as a new version, and return its number.

    Raises
    ------
    NotFound, Conflict
        As for `get` and `save_version`.
    Invalid
        If the old version cannot be used any more, since codes that it names are gone.
    """
    old = get(session, code, number)
    note = _("Version %(number)s restored", number=number)
    return save_version(session, code, old.document, by=by, note=note, expected=expected)


def _add(session: Session, code: str) -> None:
    """Add the package; the database decides whether the code is free."""
    try:
        with session.begin_nested():
            session.add(Package(code=code, current=1))
    except IntegrityError as error:
        raise Conflict(
            _("There is already a package with the code '%(code)s'. Choose another code.", code=code)
        ) from error


def _count_up(session: Session, code: str, expected: int, current: int) -> None:
    """Make the next number current in one statement, so that of two people only one can."""
    changed = session.execute(
        update(Package)
        .where(Package.code == code, Package.current == expected)
        .values(current=expected + 1)
        .returning(Package.code)
    ).one_or_none()
    if changed is None:
        raise Conflict(
            _(
                "Somebody else has saved version %(number)s of this package in the meantime. "
                "Look at what they changed, then save again.",
                number=current,
            )
        )


def _note(note: str) -> str:
    """Return the note on one line."""
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE or not note.isprintable():
        sentence = _("The note may have at most %(longest)s ordinary characters.", longest=LONGEST_NOTE)
        raise Invalid(sentence, {"note": sentence})
    return note


def _read_file(path: Path) -> Document:
    """Return the document of one file."""
    try:
        document = read(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(
            _(
                "The package file %(file)s cannot be read: %(error)s. Mend it and try again.",
                file=path.name,
                error=str(error),
            )
        ) from error
    except Invalid as error:
        raise Invalid(f"{path.name}: {error.message}", error.fields) from error
    if document.code != path.stem:
        raise Invalid(
            _(
                "The package file %(file)s holds the code '%(code)s'; name the file by its code.",
                file=path.name,
                code=document.code,
            )
        )
    return document


def _version(row: PackageVersion, current: int) -> Version:
    return Version(
        row.package_code, row.number, current, stored(row.document), row.note, row.made_at, row.made_by
    )
