"""What the reach of a kind of service comes to, as plain rows: areas, overloaded groups, queues, services."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from netmap.directory.queries import area_name
from netmap.i18n import language
from netmap.network.reach import sums as reach_sums
from netmap.network.reach.catchment import Floats
from netmap.network.reach.loading import Scene
from netmap.network.reach.sums import Sums, Unserved, Waiting
from netmap.network.statistics import MIN_CELL_COUNT
from netmap.packages.document import text

THOUSAND = 1000.0


def rows(
    found: Scene, made: Sums, lacking: Unserved | None, demand: Floats, package: str | None
) -> list[dict[str, Any]]:
    """Return one row for each area, of the package that is asked for or of all kinds of clients.

    ``lacking`` is None where people stand for clients, of whom nobody has counted any.
    """
    kinds = [found.kind[package]] if package else list(range(len(found.costs)))
    weight, scale = demand[kinds], THOUSAND if lacking is None else 1.0
    ratios = {
        name: reach_sums.together(getattr(made, name)[kinds], weight) * scale
        for name in ("access", "banded", "least", "banded_least")
    }
    idle = made.idle[kinds].any(axis=0) & (weight.sum(axis=0) == 0)
    for name in ("access", "banded"):
        ratios[name] = np.where(idle, np.nan, ratios[name])
    groups = None if lacking is None else lacking.certain.groups.reshape(demand.shape)[kinds]
    few, rows = frozenset() if lacking is None else _few(found, demand), []
    for number, area in enumerate(found.areas):
        near = _near(found, kinds, number)
        packages = [package] if package else list(found.packages)
        figures = [found.demands[area.code, code] for code in packages if (area.code, code) in found.demands]
        waits: list[dict[str, Any]] = [
            {"days": known.wait_days, "on": _day(known.wait_on), "service": found.names[one]}
            for one in near
            if (known := found.supply.get(one)) and known.wait_days is not None
        ]
        overloaded = [] if groups is None else [int(one) for one in groups[:, number] if one >= 0]
        rows.append(
            {
                "code": area.code,
                "name": area_name(area, language()),
                "clients": sum(one.expected for one in figures) if figures else None,
                "population": area.population,
                "services": len(near),
                "near": int(found.within_reach[number]),
                "shut_to": [code for code in packages if not made.reached[found.kind[code], number]],
                "idle": bool(idle[number]),
                "few": any(found.column[one] in few for one in near),
                "unknown": int(made.unknown[kinds, number].max()),
                "doubtful": int(made.doubtful[kinds, number].max()),
                "nearest": min(near.values(), default=None),
                "nearest_straight": bool(near) and _is_straight(found, near, number),
                "ratio": _number(ratios["access"][number]),
                "ratio_least": float(ratios["least"][number]),
                "banded": _number(ratios["banded"][number]),
                "banded_least": float(ratios["banded_least"][number]),
                "wait": min(waits, key=lambda one: one["days"], default=None),
                "group": min(overloaded, default=None),
            }
        )
    return rows


def _near(found: Scene, kinds: Sequence[int], number: int) -> dict[str, float]:
    """Return the services in reach of an area for any of these clients, with the way to each."""
    near: dict[str, float] = {}
    for kind in kinds:
        table = found.costs[kind]
        part = slice(table.indptr[number], table.indptr[number + 1])
        for column, way in zip(table.indices[part].tolist(), table.data[part].tolist(), strict=True):
            if not np.isnan(way):
                near[found.services[column]] = way
    return near


def _few(found: Scene, demand: Floats) -> frozenset[int]:
    """Return the columns of the services that so few clients share that a ratio would tell how many."""
    wanted = np.zeros(len(found.services))
    for table, clients in zip(found.costs, demand, strict=True):
        near = ~np.isnan(table.data)
        rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))[near]
        wanted += np.bincount(table.indices[near], weights=clients[rows], minlength=len(wanted))
    return frozenset(np.flatnonzero((wanted > 0) & (wanted < MIN_CELL_COUNT)).tolist())


def _is_straight(found: Scene, near: Mapping[str, float], number: int) -> bool:
    first = min(near, key=lambda one: near[one])
    return bool(found.straight[number, found.column[first]])


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def none(found: Scene, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the areas with no service within reach, and those where none takes clients of some packages.

    Packages whose clients the same services let in stand together.
    """
    taken = []
    for kind in sorted(set(found.kind.values())):
        packages = [code for code in found.packages if found.kind[code] == kind]
        areas = [row["name"] for row in rows if row["near"] and set(packages) & set(row["shut_to"])]
        asked = [code for code in packages if any(code in row["shut_to"] for row in rows)]
        if areas:
            names = [text(found.packages[code].name, language()) for code in asked]
            taken.append({"packages": names, "areas": sorted(areas)})
    return {"within": sorted(row["name"] for row in rows if not row["near"]), "taken": taken}


def groups(found: Scene, made: Sums, lacking: Unserved, demand: Floats) -> list[dict[str, Any]]:
    """Return the overloaded areas by who shares services, those that lack most first.

    ``empty``: there is no service in their reach at all; each such area stands for itself.
    """
    numbers = lacking.certain.groups.reshape(demand.shape)
    told = []
    for group, unmet in enumerate(lacking.certain.shortage.tolist()):
        kinds, areas = np.nonzero(numbers == group)
        clients = float(demand[kinds, areas].sum())
        told.append(
            {
                "group": group,
                "areas": [area_name(found.areas[one], language()) for one in sorted(set(areas.tolist()))],
                "clients": clients,
                "places": round(clients - unmet, 3),  # people are counted in millionths at most
                "lacking": unmet,
                "empty": not made.reached[kinds, areas].any(),
            }
        )
    return sorted(told, key=lambda one: (-one["lacking"], one["group"]))


def waiting(found: Scene, one: Waiting, stay: float) -> dict[str, Any]:
    """Return one queue in days; None where nothing can be said."""
    queue, loss = one.queue, one.loss
    steady = queue is not None and queue.steady
    return {
        "areas": [area_name(found.areas[number], language()) for number in one.areas],
        "clients": one.clients,
        "places": one.places,
        "unknown": one.unknown,
        "load": None if queue is None or np.isinf(queue.load) else queue.load,
        "steady": None if queue is None else queue.steady,
        "waits": queue.waits if queue and steady else None,
        "wait_days": queue.wait * stay if queue and steady else None,
        "turned_away": None if loss is None else loss.blocked,
    }


def services(found: Scene) -> list[dict[str, Any]]:
    """Return every service with what is recorded of its places and its wait."""
    return [
        {
            "id": service,
            "name": found.names[service],
            "capacity": _number(amount),
            "wait_days": found.supply[service].wait_days if service in found.supply else None,
            "wait_on": _day(found.supply[service].wait_on) if service in found.supply else None,
        }
        for service, amount in zip(found.services, found.capacity.tolist(), strict=True)
    ]


def straight_share(found: Scene) -> float | None:
    """Return which share of the ways within reach are straight lines; None where there are none."""
    near = np.zeros(found.straight.shape, dtype=bool)
    for table in found.costs:
        rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
        near[rows, table.indices] |= table.data > 0  # where help comes to people, there is no way
    return float(found.straight[near].mean()) if near.any() else None
