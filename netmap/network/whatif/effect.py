"""What a scenario would change: gaps, packages, hand-offs and people reached. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from netmap.network.whatif.line_sums import Reason
from netmap.packages.document import Line


@dataclass(frozen=True, slots=True)
class HandOff:
    """Two lines of a package of which the second begins where the first ends."""

    profile: str
    first: Line
    then: Line


@dataclass(frozen=True, slots=True)
class CellChange:
    """One line of help for one profile in one area before and after; None means that it is open.

    ``providers`` are there afterwards. ``clients`` a year, None where nobody counted.
    """

    area: str
    profile: str
    line: Line
    before: Reason | None
    after: Reason | None
    providers: int
    clients: float | None


@dataclass(frozen=True, slots=True)
class PairChange:
    """A package that becomes whole in an area, or no longer is."""

    area: str
    profile: str
    clients: float | None


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A hand-off in an area between providers of whom no two work together, or of whom two now do.

    ``giving`` and ``taking`` are the providers of the two lines there, after the change where it opens and
    before it where it closes.
    """

    area: str
    hand_off: HandOff
    clients: float | None
    giving: tuple[str, ...]
    taking: tuple[str, ...]

    @property
    def profile(self) -> str:
        """Return the package."""
        return self.hand_off.profile


@dataclass(frozen=True, slots=True)
class SupplyChange:
    """A cell in which the supply per client falls below what is enough, or no longer is below it.

    ``before`` and ``after`` are the ratios; None where nobody was there before, or nobody knows.
    """

    area: str
    profile: str
    line: Line
    before: float | None
    after: float
    clients: float | None


@dataclass(frozen=True, slots=True)
class Reached:
    """Of the clients whose gaps close, how many the changed services can take in a year.

    ``people`` are those of each place and package, counted once. ``unknown`` are changed services whose
    capacity nobody knows; they are taken to have room for everybody, so ``clients`` are then the most that
    can be. ``blank``: gaps close in areas too where nobody counted.
    """

    service_type: str
    people: tuple[float, ...]
    clients: float
    unknown: tuple[str, ...]
    blank: bool = False

    @property
    def eligible(self) -> float:
        """Return all whose gaps close."""
        return sum(self.people)


@dataclass(frozen=True)
class Effect:
    """Everything that differs; what is not named here stays as it is.

    ``closed`` and ``opened`` are gaps; ``renamed`` stay closed for another reason; ``weakened`` are open and
    hang on one provider from now on, ``secured`` no longer do. ``links_opened`` are hand-offs that somebody
    has to agree on: a new service asks for them, so they are no gaps that open. In ``strained`` cells help is
    there from now on for too few, in ``relieved`` ones there no longer are too few places.
    """

    closed: tuple[CellChange, ...] = ()
    opened: tuple[CellChange, ...] = ()
    renamed: tuple[CellChange, ...] = ()
    weakened: tuple[CellChange, ...] = ()
    secured: tuple[CellChange, ...] = ()
    completed: tuple[PairChange, ...] = ()
    lost: tuple[PairChange, ...] = ()
    links_opened: tuple[LinkChange, ...] = ()
    links_closed: tuple[LinkChange, ...] = ()
    reached: tuple[Reached, ...] = ()
    relieved: tuple[SupplyChange, ...] = ()
    strained: tuple[SupplyChange, ...] = ()

    @property
    def downgraded(self) -> tuple[CellChange, ...]:
        """Return the gaps that close onto one provider only."""
        return tuple(change for change in self.closed if change.providers == 1)


Changes = Sequence[CellChange | PairChange | LinkChange | SupplyChange]


def people_of(changes: Changes) -> list[float]:
    """Return the clients of changes where somebody counted, those of one profile in one area once."""
    known = {(one.area, one.profile): one.clients for one in changes if one.clients is not None}
    return list(known.values())


def clients_of(changes: Changes) -> float | None:
    """Return all clients of changes, those of one profile in one area once; None where nobody counted."""
    known = people_of(changes)
    return sum(known) if known else None


def areas_of(changes: Changes) -> int:
    """Return in how many areas something changes."""
    return len({one.area for one in changes})


def blank_areas(changes: Changes) -> int:
    """Return in how many areas nobody counted the clients of a change."""
    return len({one.area for one in changes if one.clients is None})


def findings(changes: Changes) -> int:
    """Return how many different things change; a gap counts as one, as it does in the list of gaps."""
    return len({finding_of(one) for one in changes})


def finding_of(one: CellChange | PairChange | LinkChange | SupplyChange) -> tuple[object, ...]:
    """Return what a change has in common with the same change in other areas."""
    match one:
        case CellChange():
            reason = one.before or one.after
            return one.profile, one.line.service_type, reason and (reason.kind, reason.ask)
        case PairChange():
            return (one.profile,)
        case LinkChange():
            return one.hand_off.first.service_type, one.hand_off.then.service_type
        case SupplyChange():
            return one.profile, one.line.service_type


def asked(changes: Sequence[CellChange]) -> tuple[list[CellChange], list[CellChange]]:
    """Return the gaps that are gaps for sure, and those about which one only has to ask."""
    found: tuple[list[CellChange], list[CellChange]] = ([], [])
    for one in changes:
        reason = one.before or one.after
        found[reason is not None and reason.ask].append(one)
    return found
