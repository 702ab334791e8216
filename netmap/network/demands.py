"""What is known of how many clients of each package an area has, and where each figure comes from."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.network import queries
from netmap.network.statistics import Demand, Estimate, demand, region_rate, together

COUNTED = "counted"
Pair = tuple[str, str]  # area, package


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure comes from: its kind, who says so, when, and between what the truth lies."""

    kind: str
    source: str
    day: date | None
    interval: Estimate


@dataclass(frozen=True, slots=True)
class Figure:
    """The demand of one package in one area with its origin."""

    demand: Demand
    origin: Origin


def demands(session: Session, settings: Settings) -> Mapping[Pair, Demand]:
    """Return the demand of each (area, package) of which anything is known; the others are unknown."""
    return {pair: figure.demand for pair, figure in figures(session, settings).items()}


def figures(session: Session, settings: Settings) -> Mapping[Pair, Figure]:
    """Return each figure with its origin; counts are drawn towards the package's rate in the region."""
    rows = queries.demand_rows(session)
    counts: dict[str, list[tuple[float, float | None]]] = defaultdict(list)
    for row in rows:
        counts[row.package_code].append((row.clients, row.population))
    rates = {code: region_rate(found) for code, found in counts.items()}
    found: dict[Pair, Figure] = {}
    for row in rows:
        known = demand(row.clients, row.population, rates[row.package_code])
        origin = Origin(COUNTED, row.source, None, together([known]))
        found[row.area_code, row.package_code] = Figure(known, origin)
    return found
