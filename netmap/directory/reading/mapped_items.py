"""The items that a map makes rows of: lines of a table, or objects in JSON with those around them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from netmap.directory.csvfiles import CsvFile, Place
from netmap.directory.reading.json_text import scalar
from netmap.directory.reading.maps import Condition

FILLED = "*"  # in a condition: anything
KEY, VALUE, SURPLUS, UP = "#key", "#value", "#surplus", "up."


@dataclass(frozen=True)
class Item:
    """One thing that rows are made of, and where it stands."""

    place: Place
    values: Mapping[str, Any]
    key: str = ""
    up: "Item | None" = None

    def pieces(self, column: str) -> list[str] | None:
        """Return what stands under a column: one text, or several where JSON has a list; None if unknown.

        ``up.name`` asks the item around this one, ``a.b`` goes into objects, ``#key`` is the key under
        which the item stands and ``#value`` the item itself where it is no object. ``a.0`` is the first of
        a list.
        """
        if column.startswith(UP):
            return self.up.pieces(column.removeprefix(UP)) if self.up else None
        if column == KEY:
            return [self.key]
        if column in self.values:
            return _texts(self.values[column])
        value: Any = self.values
        for step in column.split("."):
            if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            elif isinstance(value, dict) and step in value:
                value = value[step]
            else:
                return None
        return _texts(value)


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    return [scalar(value)]


def wanted(item: Item, keep_if: Condition, skip_if: Condition) -> bool:
    """Return whether an item meets every condition for keeping and none for skipping.

    Examples
    --------
    >>> item = Item(2, {"State": "Closed", "Phone": "112"})
    >>> wanted(item, {"Phone": ("*",)}, {}), wanted(item, {}, {"State": ("closed", "draft")})
    (True, False)
    """
    return all(_meets(item, column, texts) for column, texts in keep_if.items()) and not any(
        _meets(item, column, texts) for column, texts in skip_if.items()
    )


def _meets(item: Item, column: str, texts: tuple[str, ...]) -> bool:
    found = [text.strip().casefold() for text in item.pieces(column) or [""]] or [""]
    return any(text in texts or (text != "" and FILLED in texts) for text in found)


def table_items(file: CsvFile) -> Iterator[Item]:
    """Give the lines of a table; ``#surplus`` is what stands under no column, which a shifted row shows."""
    surplus = dict(file.surplus())
    for place, cells in file.rows():
        yield Item(place, {**cells, SURPLUS: surplus.get(place, "")})


def json_items(documents: list[Any], path: tuple[str, ...]) -> Iterator[Item]:
    """Give the objects at a path: each step is a key, ``*`` is every key; lists open by themselves.

    Raises
    ------
    LookupError
        If no object has a step; its arguments are the step and the keys that are there.
    """
    root = documents if len(documents) != 1 else documents[0]
    level = list(_opened(None, root, "", ""))
    for step in path:
        if step != "*" and level and not any(step in item.values for item in level):
            raise LookupError(step, list(dict.fromkeys(key for item in level for key in item.values))[:30])
        level = [found for item in level for found in _within(item, step)]
    yield from level


def _opened(up: Item | None, value: Any, place: str, key: str) -> Iterator[Item]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _opened(up, item, f"{place}[{number}]", key)
    elif isinstance(value, dict):
        yield Item(place, value, key, up)
    elif value is not None:
        yield Item(place, {VALUE: value}, key, up)


def _within(item: Item, step: str) -> Iterator[Item]:
    """Give what stands one step down; an object whose keys are ids is no level of its own for ``up``."""
    keys, up = (list(item.values), item.up) if step == "*" else ([step], item)
    for key in keys:
        if key in item.values:
            place = f"{item.place}.{key}" if item.place else str(key)
            yield from _opened(up, item.values[key], place, key)


def nearest(word: str, known: list[str]) -> str:
    """Return the known word that a wrong one may have meant, or ""."""
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=0.0)
    return folded[close[0]] if close else ""


def known_columns(items: list[Item]) -> list[str]:
    """Return the columns that the items have, outer ones with their "up."."""
    found: dict[str, None] = {}
    for item in items[:2000]:
        prefix, level = "", item
        while True:
            for name, value in level.values.items():
                if name != SURPLUS:
                    found[prefix + name] = None
                if isinstance(value, dict):
                    found.update(dict.fromkeys(f"{prefix}{name}.{inner}" for inner in list(value)[:50]))
            if level.up is None:
                break
            prefix, level = prefix + UP, level.up
    return list(found)
