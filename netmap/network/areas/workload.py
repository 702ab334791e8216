"""What case managers can do: clients for each, and sessions for each client, by norms one can change. Pure.

Nothing here is a finding: it multiplies what a planner assumes, so that the assumptions can be talked about.
"""

from dataclasses import dataclass, fields

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n.numbers import number as in_digits

YEARS = 6


@dataclass(frozen=True, slots=True)
class Norms:
    """What is assumed: clients and case managers now, growth of clients in per cent a year, and the norms.

    ``minutes`` is the time that a session takes, ``hours`` what a case manager works in a year, ``direct``
    the per cent of it that is spent with clients, ``sessions`` what a client needs in a year. Clients, case
    managers and minutes are, where nothing is typed, those of a press release of the Lithuanian employment
    service of May 2023; all else is assumed.
    """

    clients: float = 25_500
    managers: float = 110
    growth: float = 5
    minutes: float = 45
    hours: float = 1_600
    direct: float = 100
    sessions: float = 6


LIMITS = {
    "clients": (0, 1e7), "managers": (1, 1e5), "growth": (-50, 100), "minutes": (1, 600), "hours": (1, 3_000),
    "direct": (1, 100), "sessions": (0, 400),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Year:
    """One year from now: clients, clients for each case manager, and sessions that each client can have.

    ``needed`` is how many case managers the wished sessions take.
    """

    after: int
    clients: float
    each: float
    possible: float | None
    needed: float


def forecast(norms: Norms) -> list[Year]:
    """Return the coming years, this one first.

    Examples
    --------
    >>> now = forecast(Norms())[0]
    >>> round(now.each), round(now.possible, 1), round(now.needed, 1)
    (232, 9.2, 71.7)
    """
    found = []
    for after in range(YEARS):
        clients = norms.clients * (1 + norms.growth / 100) ** after
        hours = norms.hours * norms.direct / 100  # with clients, for each case manager
        session = norms.minutes / 60
        found.append(
            Year(
                after=after,
                clients=clients,
                each=clients / norms.managers,
                possible=norms.managers * hours / (clients * session) if clients else None,
                needed=clients * norms.sessions * session / hours,
            )
        )
    return found


def read(values: dict[str, str]) -> Norms:
    """Return the norms that were typed, the usual ones where nothing was.

    Raises
    ------
    Invalid
        With a sentence for each number that cannot be used.
    """
    errors, found = {}, {}
    for field in fields(Norms):
        typed = values.get(field.name, "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
        low, high = LIMITS[field.name]
        try:
            number = float(typed) if typed else float(field.default)  # type: ignore[arg-type]
        except ValueError:
            number = float("nan")
        if low <= number <= high:
            found[field.name] = number
        else:
            errors[field.name] = _(
                "Give a number from %(low)s to %(high)s.", low=in_digits(low), high=in_digits(high)
            )
    if errors:
        raise Invalid(" ".join(errors.values()), errors)
    return Norms(**found)
