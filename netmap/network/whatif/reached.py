"""How many of the clients whose gaps close the changed services can take. Pure.

Everybody may go to any changed service that passes for them; the most that can be taken is a maximum flow.
A service that changes first keeps the clients who have nobody else; the rest of its capacity is free.
"""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from netmap.network.cells.ground import Flags
from netmap.network.reach import unmet_flow
from netmap.network.whatif.effect import Reached

Areas = NDArray[np.float64]


class Takers:
    """The changed services of one kind and the clients whose gaps they close."""

    def __init__(self, service_type: str) -> None:
        self._type = service_type
        self._rows: dict[tuple[str, int], tuple[float, set[str]]] = {}
        self._kept: dict[str, dict[str, Flags]] = defaultdict(dict)
        self._clients: dict[str, Areas] = {}
        self._blank = False

    def closes(self, profile: str, clients: Areas, closed: Flags, sure: Mapping[str, Flags]) -> None:
        """Note the areas in which a gap closes, and where each changed service passes."""
        self._blank = self._blank or bool(np.isnan(clients[closed]).any())
        for column in np.flatnonzero(closed & (np.nan_to_num(clients) > 0)).tolist():
            there = {service for service, flags in sure.items() if flags[column]}
            number, known = self._rows.get((profile, column), (float(clients[column]), set()))
            self._rows[profile, column] = (number, known | there)

    def keeps(self, service: str, profile: str, clients: Areas, only: Flags) -> None:
        """Note the areas in which the clients of a service have nobody else, before and after."""
        self._clients[profile] = np.nan_to_num(clients)
        flags = self._kept[service].get(profile)
        self._kept[service][profile] = only if flags is None else flags | only

    def reached(self, capacities: Mapping[str, float]) -> Reached | None:
        """Return how many can be taken; None where nobody's gap closes."""
        if not self._rows:
            return None
        rows = list(self._rows.values())
        services = sorted({service for _number, there in rows for service in there})
        demand = [number for number, _there in rows]
        supply = [self._room(service, capacities) for service in services]
        near = np.array([[0.0 if one in there else np.inf for one in services] for _number, there in rows])
        eligible = sum(demand)
        if len(services) == 1:
            taken = min(eligible, supply[0])
        else:
            taken = eligible - unmet_flow(near, supply, demand, 0.0).unmet
        return Reached(
            self._type,
            tuple(demand),
            taken,
            tuple(one for one in services if one not in capacities),
            self._blank,
        )

    def _room(self, service: str, capacities: Mapping[str, float]) -> float:
        """Return how many more a service can take a year; infinite where nobody knows."""
        kept = sum(float(self._clients[code][only].sum()) for code, only in self._kept[service].items())
        return max(0.0, capacities.get(service, np.inf) - kept)
