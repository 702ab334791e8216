"""How rows of rooms further up are called in the history, and their fields; each such room adds its own."""

from collections.abc import Mapping

from netmap.editing.fields import Field, Words

Called = tuple[Words, Mapping[str, Field]]
FURTHER: dict[str, Called] = {}
PRIVATE: set[tuple[str, str]] = set()  # table, column: for one person only, no history tells it


def call(table: str, one: Words, *fields: Field, private: str = "") -> None:
    """Say what one row of a table is called, and its fields; what stands in a private one is not told."""
    FURTHER[table] = one, {field.name: field for field in fields}
    if private:
        PRIVATE.add((table, private))
