"""How rows of rooms further up are called in the history, and their fields; each such room adds its own."""

from collections.abc import Mapping

from netmap.editing.fields import Field, Words

Called = tuple[Words, Mapping[str, Field]]
FURTHER: dict[str, Called] = {}
PRIVATE: set[str] = set()  # tables whose rows are their owner's alone: no history tells them


def call(table: str, one: Words, *fields: Field, private: bool = False) -> None:
    """Say what one row of a table is called, and its fields; rows of a private table are never told."""
    FURTHER[table] = one, {field.name: field for field in fields}
    if private:
        PRIVATE.add(table)
