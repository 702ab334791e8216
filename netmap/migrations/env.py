"""Alembic's entry: runs the revisions on the connection that `upgrade.py` hands over."""

from alembic import context

from netmap.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
