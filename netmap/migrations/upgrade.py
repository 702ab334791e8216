"""Bring a database to the schema of this version of netmap."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError

from netmap.auth.models import GUARDS
from netmap.errors import Unavailable


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, working on ``connection`` where one is given."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Upgrade the database, making it where there is none.

    Raises
    ------
    Unavailable
        If the file is no database, or was made by a newer netmap. Nothing is changed then.
    """
    if (
        require_known(engine) == ScriptDirectory.from_config(configuration()).get_current_head()
        and revision == "head"
    ):
        return
    with engine.begin() as connection:
        command.upgrade(configuration(connection), revision)
        if revision == "head" and engine.dialect.name == "sqlite":
            for guard in GUARDS:  # Alembic compares tables, not triggers, so they are not left to a revision
                connection.exec_driver_sql(guard)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to an older revision."""
    with engine.begin() as connection:
        command.downgrade(configuration(connection), revision)


def require_known(engine: Engine) -> str | None:
    """Return the revision of the database; None for an empty one.

    Raises
    ------
    Unavailable
        If this netmap does not know the revision.
    """
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except DatabaseError as error:
        raise Unavailable(
            f"The database cannot be opened ({error.orig}). Check NETMAP_DATA_DIR and NETMAP_DATABASE_URL."
        ) from error
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if found is not None and found not in known:
        raise Unavailable(
            f"The database was made by a newer netmap (schema {found}). Install that version, or use another "
            "NETMAP_DATA_DIR. Nothing was changed."
        )
    return found
