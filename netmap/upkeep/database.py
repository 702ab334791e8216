"""Is the database whole, opened safely, and of the schema that this version knows?"""

from collections.abc import Iterator

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from netmap.auth.models import GUARDS
from netmap.db import Base
from netmap.upkeep.findings import Finding, some

SAFE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
RESTORE = "Stop netmap and bring the last backup back with `netmap restore`."


def integrity(engine: Engine) -> Iterator[Finding]:
    """Yield what SQLite itself finds wrong in the file."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        found = [row[0] for row in connection.execute(text("PRAGMA integrity_check(100)"))]
    if found != ["ok"]:
        yield Finding(
            "database", "error", f"The database file is damaged. {RESTORE}", len(found), some(found)
        )


def references(engine: Engine) -> Iterator[Finding]:
    """Yield rows that point to rows which are not there."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        rows = connection.execute(text("PRAGMA foreign_key_check")).all()
    by_pair: dict[tuple[str, str], list[str]] = {}
    for table, row, parent, _number in rows:
        by_pair.setdefault((table, parent), []).append(f"{table} row {row}")
    for (table, parent), places in sorted(by_pair.items()):
        yield Finding(
            "references",
            "error",
            f"{len(places)} rows of {table} point to rows of {parent} that are not there. {RESTORE} If that "
            "is not possible, delete these rows.",
            len(places),
            some(places),
        )


def pragmas(engine: Engine) -> Iterator[Finding]:
    """Yield settings of the connection with which something acknowledged could be lost."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        found = {name: connection.scalar(text(f"PRAGMA {name}")) for name in SAFE}
    for name, wanted in SAFE.items():
        if found[name] != wanted:
            yield Finding(
                "settings",
                "error",
                f"The database is opened with {name} = {found[name]} instead of {wanted}: a change that was "
                "acknowledged could be lost. Keep the data folder on a local disk, not on a network drive.",
            )


def schema(engine: Engine) -> Iterator[Finding]:
    """Yield differences between the tables and what this version expects."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        differences = [_words(one) for one in compare_metadata(context, Base.metadata)]
    if differences:
        yield Finding(
            "schema",
            "error",
            "The tables are not those of this version. Make a backup, then run `netmap db upgrade`.",
            len(differences),
            some(differences),
        )


def guards(engine: Engine) -> Iterator[Finding]:
    """Yield triggers and views that netmap did not make, and its own that are missing or changed.

    A backup from elsewhere could bring some that change rows behind netmap's back.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY name")
        )
        found = {sql: name for name, sql in rows}
    own = {guard.replace("IF NOT EXISTS ", "") for guard in GUARDS}
    strange = [found[sql] for sql in found if sql not in own]
    missing = [guard.split()[2] for guard in sorted(own - found.keys())]
    if strange or missing:
        yield Finding(
            "guards",
            "error",
            "The database holds triggers or views that are not netmap's, or lacks those that keep the book "
            f"of security events from being changed: somebody has changed the file. {RESTORE}",
            len(strange) + len(missing),
            some([*strange, *missing]),
        )


def _words(difference: object) -> str:
    """Return a difference of Alembic's on one line: tuples hold whole tables."""
    parts = difference[0] if isinstance(difference, list) else difference
    if not isinstance(parts, tuple):
        return str(parts)
    return " ".join(str(getattr(part, "name", part)) for part in parts if part is not None)[:200]
