"""Answers about where to open as plain dictionaries for pages and the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number as in_digits
from netmap.network.gaps.loading import Question
from netmap.network.new_sites.uncovered import Uncovered
from netmap.network.siting import Siting
from netmap.network.siting.input import Numbers
from netmap.network.siting.measures import Measure
from netmap.network.siting.milp import INFEASIBLE, OPTIMAL
from netmap.network.siting.near import TOLERANCE, Near
from netmap.network.siting.sharing import SERVED
from netmap.vocabulary.terms import label

CURVE: Final = 5  # how many places the curve shows at least
UNITS: Final = {"cover": "clients", "median": "client_km", "center": "km", "package": "clients"}
NOTHING: Final[Mapping[str, Any]] = {
    "sites": [], "value": 0.0, "status": "optimal", "gap": 0.0, "greedy": 0.0, "curve": [], "near": [],
    "undecided": [], "unreached": [], "counted": [], "uncounted": 0,
}  # fmt: skip


def head(
    question: Question,
    service_type: str,
    objective: str,
    places: int,
    found: Uncovered,
    capacity: float | None,
    unsure: bool,
) -> dict[str, Any]:
    """Return what was asked and who is without the service."""
    return {
        "type": service_type,
        "type_label": label(service_type),
        "objective": objective,
        "unit": UNITS[objective],
        "places": places,
        "capacity": capacity,
        "unsure": unsure,
        "as_of": question.day.isoformat(),
        "demand_known": found.known,
        "uncovered": {
            "clients": float(sum(point.weight for point in found.points)),
            "areas": len(found.areas),
            "without_figures": len(found.guessed),
            "to_ask": len(found.to_ask),
            **found.reached(found.weights),
        },
        "notes": _notes(found, objective, unsure),
        "assumptions": {"circuity": question.settings.circuity, "near": TOLERANCE},
    }


@dataclass(frozen=True)
class Told:
    """Choices as rows: what each site gives whom, by what the measure says."""

    question: Question
    found: Uncovered
    candidates: Sequence[str]
    measure: Measure

    def outcome(self, cost: Numbers, best: Siting, objective: str) -> dict[str, Any]:
        """Return the chosen sites with whom they help, and who is left without.

        With a limit of places the clients of one area may be shared out, and some of them be left.
        """
        amounts, weights = self.measure.amounts(best.sites), self.found.weights
        return {
            "sites": [
                self._site(site, cost[:, site], amounts[:, column])
                for column, site in enumerate(best.sites)
                if amounts[:, column].any()
            ],
            "value": finite(best.objective),
            "mean_km": _mean_km(weights, best) if objective == "median" else None,
            "status": best.status,
            "gap": finite(best.gap),
            "unreached": self._unreached(cost, weights - amounts.sum(axis=1), best),
            **self.found.reached(amounts.sum(axis=1)),
        }

    def _site(self, site: int, ways: Numbers, amounts: Numbers) -> dict[str, Any]:
        """Return one site with the areas that it serves, the nearest first."""
        served: dict[str, dict[str, Any]] = {}
        for point in sorted(np.flatnonzero(amounts).tolist(), key=lambda place: (ways[place], place)):
            row = served.setdefault(
                area := self.found.points[point].area,
                {**area_row(self.question, area), "km": round(float(ways[point]), 1), "clients": 0.0},
            )
            row["clients"] += float(amounts[point])
        return {
            **area_row(self.question, self.candidates[site]),
            "clients": float(amounts.sum()),
            "reaches": list(served.values()),
            **self.found.reached(amounts),
        }

    def _unreached(self, cost: Numbers, without: Numbers, best: Siting) -> list[dict[str, Any]]:
        """Return the areas in which clients are left, with the way to the nearest site, the farthest last.

        ``partly``: some clients of the area are helped.
        """
        left: dict[str, dict[str, Any]] = {}
        for place in np.flatnonzero(without > SERVED).tolist() if best.sites else ():
            point = self.found.points[place]
            km = finite(cost[place, list(best.sites)].min())
            km = None if km is None else round(km, 1)
            head = {**area_row(self.question, point.area), "km": km, "clients": 0.0, "partly": False}
            row = left.setdefault(point.area, head)
            row["clients"] += float(without[place])
            row["partly"] = bool(row["partly"] or without[place] < point.weight - SERVED)
        return sorted(left.values(), key=lambda row: (row["km"] is None, row["km"], row["name"]))

    def curve(
        self, curve: Sequence[Siting], quick: Sequence[int], objective: str, total: float
    ) -> list[dict[str, Any]]:
        """Return what 1, 2, 3 ... places achieve, and what each adds to those before.

        ``quick`` are sites chosen one after another, as far as there was time.
        """
        rows, cover = list[dict[str, Any]](), objective == "cover"
        before = 0.0 if cover else None
        for places, best in enumerate(curve, start=1):
            value, some = finite(best.objective), quick[:places] if places <= len(quick) else None
            more = None if value is None or before is None else value - before if cover else before - value
            rows.append(
                {
                    "places": places,
                    "value": value,
                    "gain": None if more is None else max(0.0, more),
                    "share": value / total if cover and value and total else None,
                    "greedy": None if some is None else finite(self.measure.worth(some)),
                    "status": best.status,
                    "sites": [area_row(self.question, self.candidates[site]) for site in best.sites],
                    **self._of(best.sites),
                    "quick": None if some is None else self._of(some),
                }
            )
            before = value
        return rows

    def _of(self, sites: Sequence[int]) -> dict[str, Any]:
        return self.found.reached(self.measure.amounts(sites).sum(axis=1))


def near_rows(
    question: Question, candidates: Sequence[str], others: Near, best: Siting
) -> dict[str, list[dict[str, Any]]]:
    """Return every site within the tolerance of the best, and those that were not decided."""
    return {
        "near": [
            {**area_row(question, candidates[site]), "chosen": site in best.sites} for site in others.sites
        ],
        "undecided": [area_row(question, candidates[site]) for site in others.undecided],
    }


def area_row(question: Question, code: str) -> dict[str, Any]:
    """Return an area with its name."""
    return {"area": code, "name": question.area_name(code)}


def finite(value: float) -> float | None:
    """Return a number that JSON can hold, None for infinity."""
    return float(value) if np.isfinite(value) else None


def _mean_km(weights: Numbers, best: Siting) -> float | None:
    total = float(weights.sum())
    return best.objective / total if total and np.isfinite(best.objective) else None


def _notes(found: Uncovered, objective: str, unsure: bool) -> list[str]:
    """Return what has to be known to read the figures rightly."""
    notes = []
    if found.points and not found.known:
        notes.append(
            _("There are no demand figures for these areas: each area counts as 1, whatever its size.")
        )
    elif found.guessed:
        notes.append(
            ngettext(
                "%(number)s area has no demand figure and counts as 1 client.",
                "%(number)s areas have no demand figure; each counts as 1 client.",
                len(found.guessed),
            )
        )
    if found.partly:
        notes.append(
            ngettext(
                "%(number)s area has figures for some packages only; the others count for nothing there.",
                "%(number)s areas have figures for some packages only; the others count for nothing there.",
                len(found.partly),
            )
        )
    if found.to_ask and not unsure:
        notes.append(
            ngettext(
                "In %(number)s area somebody may be there, which nobody has asked yet: it is not counted. "
                "A telephone call comes before a new service.",
                "In %(number)s areas somebody may be there, which nobody has asked yet: they are not "
                "counted. A telephone call comes before a new service.",
                len(found.to_ask),
            )
        )
    if found.to_ask and unsure:
        notes.append(
            ngettext(
                "In %(number)s area that is counted somebody may be there after all: ask first.",
                "In %(number)s areas that are counted somebody may be there after all: ask first.",
                len(found.to_ask),
            )
        )
    if objective in ("cover", "median"):
        notes.append(
            _(
                "Places with few clients seldom come first when people are counted: look at the shortest "
                "longest way too."
            )
        )
    notes.append(ways_note())
    return notes


def ways_note() -> str:
    """Return how ways are measured."""
    return _(
        "Ways are counted from the middle of one area to the middle of another: by road where a table of "
        "roads was brought in, else in a straight line made longer by a fixed factor."
    )


def proof(status: str, gap: float | None) -> str:
    """Return in plain words how sure it is that no other choice is better."""
    if status == OPTIMAL:
        return _("Proved: no other choice of so many places does better.")
    if status == INFEASIBLE:
        return _("So many places cannot reach everybody, wherever they are.")
    if gap is None:
        return _("No choice was found in the time that there was.")
    return _(
        "The best that was found in the time that there was; another choice may be better by at most "
        "%(share)s per cent.",
        share=in_digits(100 * gap),
    )
