"""What complete help needs in a territory, a coordinator, resources, partnerships, and what it lacks. Pure.

"None here" is said only where somebody looked and recorded that nobody was found. Where nothing is recorded,
nobody has looked: that is not checked, which is not a no.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

HERE, SERVED, ASK, NONE, UNCHECKED = "here", "served", "ask", "none", "unchecked"
STATES = (HERE, SERVED, ASK, NONE, UNCHECKED)
COORDINATOR, RESOURCES, PARTNERSHIPS = "coordinator", "resources", "partnerships"
ELEMENTS = (COORDINATOR, RESOURCES, PARTNERSHIPS)
LIKE = 2.0  # territories with half to twice as many people can be compared


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of service stands in a territory.

    ``services`` are (id, name) of those that are there, serve it or have to be asked; ``times`` how often it
    was recorded that nobody was found, for each need or type that was recorded, ``last`` when.
    """

    code: str
    state: str
    services: tuple[tuple[str, str], ...] = ()
    times: tuple[int, ...] = ()
    last: date | None = None


@dataclass(frozen=True)
class Territory:
    """One territory with its people, whom to call, kinds of services and organizations.

    ``contacts`` are (name, role, telephone); ``staff`` the e-mails of those who say that they know it;
    ``organizations`` those that have a place there, ``partners`` and ``bound`` those of them that are
    partners, or parties of an agreement in force.
    """

    code: str
    population: int | None
    contacts: tuple[tuple[str, str | None, str], ...]
    staff: tuple[str, ...]
    kinds: Mapping[str, Kind]
    organizations: frozenset[str]
    partners: frozenset[str]
    bound: frozenset[str]

    @property
    def there(self) -> frozenset[str]:
        """The kinds of services that are here or serve this territory."""
        return frozenset(code for code, kind in self.kinds.items() if kind.state in (HERE, SERVED))

    @property
    def missing(self) -> tuple[str, ...]:
        """The elements of which nothing is known here."""
        has = {
            COORDINATOR: bool(self.contacts or self.staff),
            RESOURCES: bool(self.there),
            PARTNERSHIPS: bool(self.partners or self.bound),
        }
        return tuple(element for element in ELEMENTS if not has[element])

    def count(self, state: str) -> int:
        """Return how many kinds of services are in a state."""
        return sum(kind.state == state for kind in self.kinds.values())


def kind_of(
    code: str,
    here: Sequence[tuple[str, str]],
    served: Sequence[tuple[str, str]],
    ask: Sequence[tuple[str, str]],
    times: tuple[int, ...],
    last: date | None,
) -> Kind:
    """Return how a kind stands: a service that is there wins over any record that nobody was found.

    Examples
    --------
    >>> [kind_of("debt_advice", [], [], [], times, None).state for times in ((), (2,))]
    ['unchecked', 'none']
    """
    for state, services in ((HERE, here), (SERVED, served), (ASK, ask)):
        if services:
            return Kind(code, state, tuple(services), times, last)
    return Kind(code, NONE if times else UNCHECKED, (), times, last)


def model_for(one: Territory, others: Collection[Territory]) -> Territory | None:
    """Return the best equipped comparable territory that has something which this one lacks, or None.

    Comparable are those with half to twice as many people; where there is none, or nobody knows how many
    live here, all are looked at.
    """
    rest = [other for other in others if other.code != one.code and any(to_copy(one, other))]
    among = [other for other in rest if _alike(one, other)] or rest
    return min(among, key=lambda other: (len(other.missing), -len(other.there), other.code), default=None)


def to_copy(one: Territory, model: Territory) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the elements and the kinds of services that the model has and this territory lacks."""
    elements = tuple(element for element in one.missing if element not in model.missing)
    return elements, tuple(sorted(model.there - one.there))


def _alike(one: Territory, other: Territory) -> bool:
    if not one.population or not other.population:
        return False
    return 1 / LIKE <= other.population / one.population <= LIKE
