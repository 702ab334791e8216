"""How rows of rooms further up are called in the history, and their fields; each such room adds its own."""

from collections.abc import Mapping

from netmap.editing.fields import Field, Words

Called = tuple[Words, Mapping[str, Field]]
FURTHER: dict[str, Called] = {}


def call(table: str, one: Words, *fields: Field) -> None:
    """Say what one row of a table is called, and its fields."""
    FURTHER[table] = one, {field.name: field for field in fields}
