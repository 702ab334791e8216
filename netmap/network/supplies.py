"""How much each service can give and how long one waits for it, as its records of places say.

A service may have several such records: newer ones replace older ones of the same unit and people, and where
one is for everybody it holds the others. What is not recorded is unknown, never nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.conditions import ServiceCapacity, Unit

TIME = frozenset({"hour", "hours", "h", "hr", "hur", "minute", "minutes", "min"})  # these count no people


class CapacityRow(NamedTuple):
    """One record of places of a service."""

    service: str
    unit: str | None
    unit_name: str | None
    unit_code: str | None
    target: str | None
    maximum: float | None
    wait_days: int | None
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class Supply:
    """What a service can give, by unit (a name, or "" where none is told), and its last known wait.

    ``most`` holds units that count people: places, beds, seats. ``in_time``: it is told in hours.
    ``wait_target`` are those who wait so long, None for everybody.
    """

    most: Mapping[str, float]
    in_time: bool
    wait_days: int | None
    wait_on: date | None
    wait_target: str | None = None


def supplies(session: Session, services: Collection[str] | None = None) -> dict[str, Supply]:
    """Return what the services can give, those of which something is recorded.

    Parameters
    ----------
    session : Session
    services : collection of str, optional
        Only these, by their ids; all where not given.
    """
    row = ServiceCapacity
    query = select(
        row.service_id,
        row.unit_id,
        Unit.name,
        Unit.identifier,
        row.target,
        row.maximum,
        row.wait_days,
        row.updated,
    )
    query = query.outerjoin(Unit, Unit.id == row.unit_id).where(row.removed_in_source.is_(None))
    query = query.order_by(row.service_id, row.updated.asc().nulls_first(), row.id)
    if services is not None:
        query = query.where(row.service_id.in_(services))
    return supplies_of(CapacityRow(*found) for found in session.execute(query))


def supplies_of(rows: Iterable[CapacityRow]) -> dict[str, Supply]:
    """Return what services can give by their records, those of a service from the oldest to the newest.

    Examples
    --------
    >>> rows = [CapacityRow("s", None, None, None, None, 20, None, None),
    ...         CapacityRow("s", None, None, None, None, 30, 14, None)]
    >>> supplies_of(rows)["s"].most, supplies_of(rows)["s"].wait_days
    ({'': 30}, 14)
    """
    grouped: dict[str, list[CapacityRow]] = {}
    for row in rows:
        grouped.setdefault(row.service, []).append(row)
    return {service: _supply(some) for service, some in grouped.items()}


def _supply(rows: Sequence[CapacityRow]) -> Supply:
    newest: dict[tuple[str, str | None], float | None] = {}
    wait: CapacityRow | None = None
    in_time = False
    for row in rows:
        if {(row.unit_name or "").casefold(), (row.unit_code or "").casefold()} & TIME:
            in_time = True
        else:
            newest[row.unit_name or "", row.target] = row.maximum
        wait = row if row.wait_days is not None else wait
    most: dict[str, float] = {}
    for unit in dict.fromkeys(unit for unit, _target in newest):
        parts = {target: amount for (of, target), amount in newest.items() if of == unit}
        amounts = [parts[None]] if None in parts else list(parts.values())
        known = [amount for amount in amounts if amount is not None]
        if len(known) == len(amounts):  # a sum with an unknown part is unknown
            most[unit] = sum(known)
    if wait is None:
        return Supply(most, in_time, None, None)
    day = wait.updated.date() if wait.updated else None
    return Supply(most, in_time, wait.wait_days, day, wait.target)


def in_one_unit(
    services: Sequence[str], known: Mapping[str, Supply]
) -> tuple[NDArray[np.float64], str, frozenset[str]]:
    """Return the capacity of each service in one unit, that unit, and the services that count in others.

    Beds and seats cannot be added: the unit that most of the services use is taken. Whoever gives only
    another one, or hours, counts as unknown (NaN), as do those of which nothing is recorded.

    Examples
    --------
    >>> known = {"a": Supply({"places": 8}, False, None, None), "b": Supply({}, True, None, None)}
    >>> in_one_unit(["a", "b", "c"], known)
    (array([ 8., nan, nan]), 'places', frozenset({'b'}))
    """
    used = Counter(unit for one in services if one in known for unit in known[one].most)
    unit = max(used, key=lambda name: used[name]) if used else ""  # of equals the first
    found = [known[one].most.get(unit, np.nan) if one in known else np.nan for one in services]
    told = (one for one in services if one in known and (known[one].most or known[one].in_time))
    others = frozenset(one for one in told if unit not in known[one].most)
    return np.array(found, dtype=float), unit, others


def known_waits(services: Sequence[str], known: Mapping[str, Supply], since: date) -> NDArray[np.float64]:
    """Return for how many days one waits for each service, NaN where that is not known.

    A wait that was recorded before ``since``, on an unknown day or for some people only says nothing of now
    and everybody.

    Examples
    --------
    >>> day = date(2026, 11, 1)
    >>> known = {"a": Supply({}, False, 45, day), "b": Supply({}, False, 45, date(2025, 11, 1))}
    >>> known_waits(["a", "b", "c"], known, date(2026, 5, 5)).tolist()
    [45.0, nan, nan]
    """
    return np.array([_wait(known.get(one), since) for one in services], dtype=float)


def _wait(one: Supply | None, since: date) -> float:
    if one is None or one.wait_days is None or one.wait_on is None or one.wait_target is not None:
        return float("nan")
    return float(one.wait_days) if one.wait_on >= since else float("nan")
