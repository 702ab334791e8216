"""What of a record is compared: its name in one spelling, how it is reached, where it is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from netmap.duplicates.spelling import name_words, numbers

Table = Literal["organization", "service", "location"]
TABLES: tuple[Table, ...] = get_args(Table)
DESCRIBED = 400  # letters of a description that are compared


@dataclass(frozen=True, slots=True)
class Card:
    """A record as far as it is compared with others.

    Attributes
    ----------
    id, table : str
    name : str
        As people read it.
    owner : str
        Name of the organization of a service or place; "" for organizations.
    owner_id, source : str or None
    words : tuple of str
        Of the name, in one spelling (`netmap.duplicates.spelling.name_words`).
    numbers : frozenset of str
        Numbers in the name.
    phones, domains, mails, addresses, cities, types : frozenset of str
        Keys in one spelling.
    points : tuple of (latitude, longitude)
    text : str
        The beginning of the description.
    """

    id: str
    table: Table
    name: str
    owner: str = ""
    owner_id: str | None = None
    source: str | None = None
    words: tuple[str, ...] = ()
    owner_words: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    mails: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    points: tuple[tuple[float, float], ...] = ()
    text: str = ""


@dataclass
class Draft:
    """A card while its rows are read."""

    id: str
    name: str
    owner: str = ""
    owner_id: str | None = None
    source: str | None = None
    text: str = ""
    phones: set[str | None] = field(default_factory=set)
    domains: set[str | None] = field(default_factory=set)
    mails: set[str | None] = field(default_factory=set)
    addresses: set[str | None] = field(default_factory=set)
    cities: set[str | None] = field(default_factory=set)
    types: set[str | None] = field(default_factory=set)
    points: set[tuple[float, float]] = field(default_factory=set)

    def card(self, table: Table) -> Card:
        """Return the card."""
        words = _whole_name(self.name, self.owner)
        return Card(
            self.id,
            table,
            self.name,
            self.owner,
            self.owner_id,
            self.source,
            words,
            name_words(self.owner),
            numbers(words),
            _known(self.phones),
            _known(self.domains),
            _known(self.mails),
            _known(self.addresses),
            _known(self.cities),
            _known(self.types),
            tuple(sorted(self.points)),
            " ".join(self.text.split())[:DESCRIBED].casefold(),
        )


def _known(values: Iterable[str | None]) -> frozenset[str]:
    return frozenset(value for value in values if value)


def _whole_name(name: str, owner: str) -> tuple[str, ...]:
    """Return the words of a name without those of its organization, where something is left.

    Examples
    --------
    >>> _whole_name("Health - Mazique Centre", "Mazique Centre"), _whole_name("Mazique", "Mazique Centre")
    (('health',), ('mazikue',))
    """
    words, of_owner = name_words(name), frozenset(name_words(owner))
    if len(of_owner) > 1 and of_owner <= set(words):
        return tuple(word for word in words if word not in of_owner) or words
    return words
