"""Answers about where to open as plain dictionaries for pages and the command line."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number as in_digits
from netmap.network.gaps.loading import Question
from netmap.network.new_sites.uncovered import Uncovered
from netmap.network.siting import Siting
from netmap.network.siting.input import Numbers
from netmap.network.siting.milp import INFEASIBLE, OPTIMAL
from netmap.network.siting.near import TOLERANCE, Near
from netmap.network.siting.sharing import SERVED
from netmap.vocabulary.terms import label

CURVE: Final = 5  # how many places the curve shows at least
UNITS: Final = {"cover": "clients", "median": "client_km", "center": "km", "package": "clients"}
NOTHING: Final[Mapping[str, Any]] = {
    "sites": [], "value": 0.0, "status": "optimal", "gap": 0.0, "greedy": 0.0, "curve": [], "near": [],
    "undecided": [], "unreached": [],
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
        },
        "notes": _notes(found, objective, unsure),
        "assumptions": {"circuity": question.settings.circuity, "near": TOLERANCE},
    }


def outcome(
    question: Question,
    found: Uncovered,
    candidates: Sequence[str],
    cost: Numbers,
    best: Siting,
    amounts: Numbers,
    objective: str,
) -> dict[str, Any]:
    """Return the chosen sites with whom they help, and who is left without.

    ``amounts`` says how much of each point goes to each chosen site: with a limit of places the clients of
    one area may be shared out, and some of them be left.
    """
    weights = np.array([point.weight for point in found.points])
    return {
        "sites": [
            site_row(question, found, candidates[site], cost[:, site], amounts[:, column])
            for column, site in enumerate(best.sites)
            if amounts[:, column].any()
        ],
        "value": finite(best.objective),
        "mean_km": _mean_km(weights, best) if objective == "median" else None,
        "status": best.status,
        "gap": finite(best.gap),
        "unreached": _unreached(question, found, cost, weights - amounts.sum(axis=1), best),
    }


def site_row(
    question: Question, found: Uncovered, code: str, ways: Numbers, amounts: Numbers
) -> dict[str, Any]:
    """Return one site with the areas that it serves, the nearest first."""
    served: dict[str, dict[str, Any]] = {}
    for point in sorted(np.flatnonzero(amounts).tolist(), key=lambda place: (ways[place], place)):
        area = found.points[point].area
        row = served.setdefault(
            area, {**area_row(question, area), "km": round(float(ways[point]), 1), "clients": 0.0}
        )
        row["clients"] += float(amounts[point])
    return {
        **area_row(question, code),
        "clients": float(amounts.sum()),
        "reaches": list(served.values()),
    }


def curve_rows(
    question: Question,
    candidates: Sequence[str],
    curve: Sequence[tuple[Siting, float]],
    objective: str,
    total: float,
) -> list[dict[str, Any]]:
    """Return what 1, 2, 3 ... places achieve, and what each adds to those before."""
    rows, before = [], 0.0 if objective == "cover" else None
    sign = 1.0 if objective == "cover" else -1.0
    for places, (best, greedy) in enumerate(curve, start=1):
        value = finite(best.objective)
        gain = None if value is None or before is None else max(0.0, sign * (value - before))
        rows.append(
            {
                "places": places,
                "value": value,
                "gain": gain,
                "share": value / total if objective == "cover" and value and total else None,
                "greedy": finite(greedy),
                "status": best.status,
                "sites": [area_row(question, candidates[site]) for site in best.sites],
            }
        )
        before = value
    return rows


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


def _unreached(
    question: Question, found: Uncovered, cost: Numbers, without: Numbers, best: Siting
) -> list[dict[str, Any]]:
    """Return the areas in which clients are left, with the way to the nearest chosen site, farthest last."""
    left: dict[str, dict[str, Any]] = {}
    for place in np.flatnonzero(without > SERVED).tolist() if best.sites else ():
        code = found.points[place].area
        km = finite(cost[place, list(best.sites)].min())
        km = None if km is None else round(km, 1)
        row = left.setdefault(code, {**area_row(question, code), "km": km, "clients": 0.0})
        row["clients"] += float(without[place])
    return sorted(left.values(), key=lambda row: (row["km"] is None, row["km"], row["name"]))


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
