"""Two people changed one record: what both wanted is put together, only disagreements are asked about. Pure.

A record is a flat mapping of field names to values; a field that is missing has the value None. What one side
alone has changed is taken from that side. Where both have changed a field in different ways, a person says
whose value it shall be; nothing is dropped without being shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Fields = Mapping[str, Any]
Side = Literal["mine", "theirs"]


@dataclass(frozen=True)
class Disagreement:
    """A field that both have changed in different ways: as it was, as it is kept now, as it was typed."""

    name: str
    base: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True)
class Merge:
    """What two changes of one record make together.

    Attributes
    ----------
    agreed : mapping
        Every field about which there is nothing to ask.
    disagreements : tuple of Disagreement
        The others, in the order of the fields typed, then of those kept.
    from_theirs, from_mine : tuple of str
        Names of the fields of ``agreed`` that only that side has changed.
    """

    agreed: Fields
    disagreements: tuple[Disagreement, ...]
    from_theirs: tuple[str, ...]
    from_mine: tuple[str, ...]

    def settled(self, choices: Mapping[str, str]) -> dict[str, Any]:
        """Return the whole record, with "mine" or "theirs" chosen for every disagreement.

        Raises
        ------
        KeyError
            If a disagreement has no such choice; see `open`.
        """
        chosen = {
            one.name: {"mine": one.mine, "theirs": one.theirs}[choices[one.name]]
            for one in self.disagreements
        }
        return {**self.agreed, **{name: value for name, value in chosen.items() if value is not None}}

    def open(self, choices: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names of the disagreements about which nothing has been chosen yet."""
        return tuple(
            one.name for one in self.disagreements if choices.get(one.name) not in ("mine", "theirs")
        )


def merge(base: Fields | None, theirs: Fields, mine: Fields) -> Merge:
    """Return what two changes of one record make together.

    Parameters
    ----------
    base : mapping or None
        The record as it was when the second person opened it; None where nobody knows: then every difference
        is asked about.
    theirs : mapping
        The record as somebody else has kept it meanwhile.
    mine : mapping
        The record as the second person wants to keep it.

    Examples
    --------
    >>> base = {"name": "Choir", "day": "Monday", "room": "1"}
    >>> found = merge(base, {**base, "day": "Tuesday", "room": "2"}, {**base, "name": "Choirs", "room": "3"})
    >>> dict(found.agreed), found.from_theirs
    ({'name': 'Choirs', 'day': 'Tuesday'}, ('day',))
    >>> found.disagreements
    (Disagreement(name='room', base='1', theirs='2', mine='3'),)
    >>> found.settled({"room": "mine"})["room"]
    '3'
    """
    agreed: dict[str, Any] = {}
    disagreements: list[Disagreement] = []
    from_theirs: list[str] = []
    from_mine: list[str] = []
    for name in dict.fromkeys([*mine, *theirs]):
        was = None if base is None else base.get(name)
        kept, typed = theirs.get(name), mine.get(name)
        if kept == typed:
            value = typed
        elif base is not None and kept == was:
            value = typed
            from_mine.append(name)
        elif base is not None and typed == was:
            value = kept
            from_theirs.append(name)
        else:
            disagreements.append(Disagreement(name, was, kept, typed))
            continue
        if value is not None:
            agreed[name] = value
    return Merge(agreed, tuple(disagreements), tuple(from_theirs), tuple(from_mine))
