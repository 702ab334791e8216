"""What a survey says beside its gaps: whole packages, closures, idle providers, hand-overs, what is doubtful.

All of it is numbers and codes, so that it can be kept and told in every language.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

from netmap.config import Settings
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number as in_digits
from netmap.network.cells.engine import GROWN_UP
from netmap.network.few import bounds
from netmap.network.gaps import cards
from netmap.network.gaps.loading import Question
from netmap.network.planning import FEWEST_PLACES, WIDEST_KM
from netmap.network.statistics import MIN_CELL_COUNT, PRIOR_CASES, PRIOR_PEOPLE


class Overview(TypedDict):
    """Numbers and codes of one survey; ``unsure`` is what its warnings are made of."""

    as_of: str
    demand_known: bool
    packages: dict[str, int]
    closures: list[dict[str, Any]]
    unused: list[dict[str, str]]
    handoffs: dict[str, Any]
    assumptions: dict[str, float]
    straight_share: float  # of the pairs of areas, those between which no road is known
    unsure: dict[str, Any]


def overview_of(question: Question) -> Overview:
    """Return what a survey says beside its gaps."""
    cells, demands = question.survey.cells, question.demands
    complete, pairs = cards.complete_packages(cells, demands)
    perhaps, _pairs = cards.complete_packages(cells, demands, "n_hi")
    return {
        "as_of": question.day.isoformat(),
        "demand_known": bool(demands),
        "packages": {"complete": complete, "at_most": perhaps, "of": pairs},
        "closures": [
            {"provider": key, "name": question.names.get(key, key), "cells": count, **_people(clients)}
            for key, count, clients in cards.closures(cells, demands)
        ],
        "unused": _unused(question),
        "handoffs": _handoffs(question),
        "assumptions": assumptions(question.settings),
        "straight_share": question.ground.straight_share,
        "unsure": {
            "left_out": question.left_out,
            "areas": len(question.ground.areas),
            "profiles": len(question.profiles),
            "set_aside": list(question.set_aside),
            "untyped": list(question.untyped),
        },
    }


def _people(parts: Sequence[float]) -> dict[str, Any]:
    """Return a sum of clients, and between what it may be told; None where nobody counted any."""
    return {"clients": sum(parts) if parts else None, "between": bounds(parts) if parts else None}


def _unused(question: Question) -> list[dict[str, str]]:
    """Return the providers that offer a wanted kind of service and are there for no cell of any place."""
    named = [{"id": key, "name": question.names.get(key, key)} for key in question.survey.idle]
    return sorted(named, key=lambda row: (row["name"], row["id"]))


def _handoffs(question: Question) -> dict[str, Any]:
    """Return where both ends of a hand-over are there, for how many clients, and where they work together.

    A client with two hand-overs counts twice; where nobody counted clients, areas stand for them.
    """
    rows: list[dict[str, Any]] = []
    every: dict[str, list[float]] = {"clients": [], "linked": []}
    codes = [area.code for area in question.ground.areas]
    for one in question.survey.handoffs:
        known = [question.demands.get((code, one.profile)) for code in codes]
        heads = [found.clients if found else 0.0 if question.demands else 1.0 for found in known]
        both = [number for number, here in zip(heads, one.reached, strict=True) if here]
        met = [number for number, here in zip(heads, one.linked, strict=True) if here]
        ends = {"from": one.first.key, "to": one.then.key}
        rows.append({"profile": one.profile, **ends, "clients": sum(both), "linked": sum(met)})
        every["clients"] += both
        every["linked"] += met
    total = {name: sum(parts) for name, parts in every.items()}
    return {**total, "between": {name: bounds(parts) for name, parts in every.items()}, "rows": rows}


def assumptions(settings: Settings) -> dict[str, float]:
    """Return the numbers that were assumed, not found, for the page to show."""
    return {
        "max_km": settings.max_km,
        "circuity": settings.circuity,
        "stale_days": settings.stale_days,
        "half_life_days": settings.half_life_days,
        "closure_hazard": settings.closure_hazard,
        "fewest_providers": settings.fewest_providers,
        "min_capacity_ratio": settings.min_capacity_ratio,
        "link_loss": settings.link_loss,
        "contact_months": settings.contact_months,
        "failure_rate": settings.failure_rate,
        "failure_certainty": settings.failure_certainty,
        "prior_cases": PRIOR_CASES,
        "prior_people": PRIOR_PEOPLE,
        "min_cell_count": MIN_CELL_COUNT,
        "youngest_client": GROWN_UP[0],
        "most_untyped": cards.MOST_UNTYPED,
        "fewest_places": FEWEST_PLACES,
        "widest_km": WIDEST_KM,
    }


def warnings(unsure: dict[str, Any], names: dict[str, str]) -> list[str]:
    """Return what makes a survey doubtful, in words; ``names`` are those of areas."""
    found = []
    if unsure["left_out"]:
        found.append(
            ngettext(
                "%(number)s area made from addresses is left out: fewer than %(places)s places with a point "
                "lie in it, or it lies more than %(km)s km from the middle of the others.",
                "%(number)s areas made from addresses are left out: fewer than %(places)s places with a "
                "point lie in them, or they lie more than %(km)s km from the middle of the others.",
                unsure["left_out"],
                places=FEWEST_PLACES,
                km=in_digits(WIDEST_KM),
            )
        )
    elif not unsure["areas"]:
        found.append(_("There is no area with a point on the map: import areas, or add their coordinates."))
    if not unsure["profiles"]:
        found.append(_("There is no package in use: load or write packages first."))
    if unsure["set_aside"]:
        found.append(
            _(
                "Demand figures of these areas are not used, because they hold other areas, have no "
                "coordinates or are left out: %(areas)s.",
                areas=", ".join(names.get(code, code) for code in unsure["set_aside"]),
            )
        )
    untyped, services = unsure["untyped"]
    if cards.doubts(untyped, services):
        found.append(
            _(
                "%(untyped)s of %(services)s services have no confirmed type: any of them may offer what "
                "seems to be missing, so no gap is certain before their types are confirmed.",
                untyped=in_digits(untyped),
                services=in_digits(services),
            )
        )
    return found
