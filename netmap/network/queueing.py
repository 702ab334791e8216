"""How often somebody is turned away and how long people wait, from arrivals, length of stay and staff. Pure.

A model, not a measurement: arrivals at random, stays of all lengths, nobody gives up. Real waits are longer
where people miss appointments or come in groups.
"""

import math
from dataclasses import dataclass
from numbers import Real


@dataclass(frozen=True, slots=True)
class Loss:
    """Places where nobody can wait (beds of a shelter).

    Attributes
    ----------
    offered : float
        Places that would be taken if there were enough: arrivals x stay.
    servers : int
    blocked : float
        Share of those who come and are turned away.
    busy : float
        Share of the places that are taken; NaN where there are none.
    """

    offered: float
    servers: int
    blocked: float
    busy: float


@dataclass(frozen=True, slots=True)
class Queue:
    """Staff for whom people wait (appointments).

    Attributes
    ----------
    offered : float
        Staff that would be busy if nobody had to wait: arrivals x length of the service.
    servers : int
    steady : bool
        False where more come than can be served: the queue grows without end and no mean exists.
    load : float
        ``offered / servers``; infinite without servers.
    waits : float
        Share of those who come and have to wait; 1 where nothing is steady.
    queue : float
        People waiting, on average; infinite where nothing is steady.
    wait : float
        Mean wait of all who come, in lengths of one service; infinite where nothing is steady.
    """

    offered: float
    servers: int
    steady: bool
    load: float
    waits: float
    queue: float
    wait: float


def erlang_b(a: float, c: int) -> Loss:
    """Return how often all of ``c`` places are taken.

    Parameters
    ----------
    a : float
        Arrivals x mean stay, in the same unit of time.
    c : int
        Places.

    Notes
    -----
    ``B_0 = 1, B_k = a B_(k-1) / (k + a B_(k-1))``.

    References
    ----------
    Erlang, A. K. (1917). Solution of some problems in the theory of probabilities of significance in
    automatic telephone exchanges. Elektroteknikeren 13.

    Examples
    --------
    Eight beds, six of them taken if nobody were turned away:

    >>> round(erlang_b(6, 8).blocked, 4)
    0.1219
    """
    a, c = _checked(a, c)
    blocked = 1.0
    for taken in range(1, c + 1):
        blocked = a * blocked / (taken + a * blocked)
        if not blocked:  # too little for a number, and with more places no more
            break
    return Loss(a, c, blocked, a * (1 - blocked) / c if c else math.nan)


def erlang_c(a: float, c: int) -> Queue:
    """Return how many wait for ``c`` people on duty, and how long.

    Parameters
    ----------
    a : float
        Arrivals x mean length of the service, in the same unit of time.
    c : int
        People on duty.

    Notes
    -----
    With B of `erlang_b` and rho = a / c: ``waits = B / (1 - rho (1 - B))``,
    ``queue = waits rho / (1 - rho)``, ``wait = queue / a`` (Little). Where rho is 1 or
    more there is no steady state.

    References
    ----------
    Erlang 1917, as `erlang_b`; Little 1961, doi:10.1287/opre.9.3.383.

    Examples
    --------
    Three advisers, two of them busy on average:

    >>> found = erlang_c(2, 3)
    >>> round(found.waits, 4), round(found.queue, 4), round(found.wait, 4)
    (0.4444, 0.8889, 0.4444)
    >>> erlang_c(3, 3).steady
    False
    """
    a, c = _checked(a, c)
    load = a / c if c else math.inf
    if load >= 1:
        return Queue(a, c, False, load, 1.0, math.inf, math.inf)
    blocked = erlang_b(a, c).blocked
    waits = blocked / (1 - load * (1 - blocked))
    return Queue(a, c, True, load, waits, waits * load / (1 - load), waits / (c - a))


def _checked(a: float, c: int) -> tuple[float, int]:
    if not 0 <= a < math.inf:
        raise ValueError(f"{a} cannot be what is asked for: a number from 0 is needed.")
    if not (isinstance(c, Real) and 0 <= c < math.inf and c == int(c)):
        raise ValueError(f"{c} cannot be the number of places or staff: a whole number from 0 is needed.")
    return float(a), int(c)
