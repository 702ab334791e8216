"""Two people changed one record: its fields put together, rows that one side lacks as wholes. Pure.

A row that all sides have is compared field by field. One that somebody added or removed stays whole, so that
a record never gets half a telephone.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from netmap.merging import Merge, merge

Texts = Mapping[str, str]
Whole = tuple[tuple[str, str], ...]  # the fields of a row, by what follows its name


def together(base: Texts | None, theirs: Texts, mine: Texts) -> Merge:
    """Return what two changes of a record make together.

    Parameters
    ----------
    base : mapping or None
        The record as it was when mine began; None where that is not known.
    theirs, mine : mapping
        The record as it is kept now, and as it was typed.

    Examples
    --------
    >>> base = {"name": "Shelter", "phones.7.number": "1", "phones.7.type": "fax"}
    >>> theirs = {"name": "Night shelter"}
    >>> mine = {**base, "phones.7.number": "2", "phones.+1.number": "3"}
    >>> found = together(base, theirs, mine)
    >>> found.from_theirs, found.from_mine, [one.name for one in found.disagreements]
    (('name',), ('phones.+1',), ['phones.7'])
    >>> sorted(fields_of(found.settled({"phones.7": "mine"})))
    ['name', 'phones.+1.number', 'phones.7.number', 'phones.7.type']
    """
    sides = [side for side in (base, theirs, mine) if side is not None]
    common = set.intersection(*(_rows(side) for side in sides))
    first, second = _flat(theirs, common), _flat(mine, common)
    return merge(None if base is None else _flat(base, common), first, second)


def fields_of(settled: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a record of what was settled: whole rows taken apart again."""
    found: dict[str, str] = {}
    for name, value in settled.items():
        found |= (
            {f"{name}.{rest}": text for rest, text in value} if isinstance(value, tuple) else {name: value}
        )
    return found


def rows_of(name: str) -> list[str]:
    """Return the names of the rows in which a field lies, from the outside to the inside.

    Examples
    --------
    >>> rows_of("contacts.7.phones.3.number"), rows_of("places.4.hours.MO"), rows_of("hours.MO")
    (['contacts.7', 'contacts.7.phones.3'], ['places.4'], [])
    """
    pieces = name.split(".")
    return [".".join(pieces[:size]) for size in range(2, len(pieces), 2)]


def _rows(side: Iterable[str]) -> set[str]:
    return {row for name in side for row in rows_of(name)}


def _flat(side: Texts, common: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    wholes: dict[str, list[tuple[str, str]]] = {}
    for name, text in side.items():
        outer = next((row for row in rows_of(name) if row not in common), None)
        if outer is None:
            found[name] = text
        else:
            wholes.setdefault(outer, []).append((name.removeprefix(f"{outer}."), text))
    return found | {row: tuple(sorted(fields)) for row, fields in wholes.items()}
