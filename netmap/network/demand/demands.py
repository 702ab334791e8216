"""What is known of how many clients of each package an area has, and where each figure comes from.

What a person entered goes first: a count, or a published share that they chose for this area. Where there is
neither, the cases that netmap has seen stand in, as "at least". Where there is nothing, nothing is known.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.network import counts, queries
from netmap.network.demand.priors import priors
from netmap.network.demand.recorded import recorded
from netmap.network.models import SHARE
from netmap.network.models import Demand as Entry
from netmap.network.planning import planning_areas
from netmap.network.statistics import Demand, Estimate, demand, region_rate, together

RECORDED: Final = "recorded"
Pair = tuple[str, str]  # area, package


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure comes from: its kind, who says so, when, and between what the truth lies."""

    kind: str  # counted, share or recorded
    source: str
    day: date
    interval: Estimate


@dataclass(frozen=True, slots=True)
class Figure:
    """The demand of one package in one area with its origin; ``rate`` is what a count was drawn towards."""

    demand: Demand
    origin: Origin
    rate: float | None = None


def demands(session: Session, settings: Settings) -> Mapping[Pair, Demand]:
    """Return the demand of each (area, package) of which anything is known; the others are unknown."""
    return {pair: figure.demand for pair, figure in figures(session, settings).items()}


def figures(session: Session, settings: Settings) -> Mapping[Pair, Figure]:
    """Return each figure with its origin; counts are drawn towards the package's rate in the region.

    That rate is of the planning areas: a wider area would count its people twice, and its own figure, which
    may not be told, could be worked out from a rate that holds it. For a page small groups go in as
    `netmap.network.counts.told` says.
    """
    found: dict[Pair, Figure] = {}
    for pair, seen in recorded(session, now().astimezone(settings.zone()).date()).items():
        known = demand(counts.at_least(seen.parts), None, None)
        found[pair] = Figure(known, Origin(RECORDED, "", seen.last, together([known])))
    rows = queries.demand_rows(session)
    by_package: dict[str, list[tuple[float, float | None]]] = defaultdict(list)
    planning = planning_areas(queries.areas(session), queries.located_places(session)).points
    for row in rows:
        if row.area_code in planning:
            by_package[row.package_code].append((counts.told(row.clients), row.population))
    rates = {code: region_rate(known) for code, known in by_package.items()}
    for row in rows:
        rate = rates.get(row.package_code) if row.population else None
        found[row.area_code, row.package_code] = _entered(row, counts.told(row.clients), rate)
    return found


def _entered(row: Entry, clients: float, rate: float | None) -> Figure:
    known = (
        counts.share_demand(clients, row.base)
        if row.kind == SHARE and row.base
        else demand(clients, row.population, rate)
    )
    published = priors().get(row.prior or "")
    source = row.source or (f"{published.source}, {published.date}" if published else "")
    return Figure(known, Origin(row.kind, source, row.entered_at.date(), together([known])), rate)
