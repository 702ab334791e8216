"""What a survey says beside its gaps: whole packages, closures, idle providers, hand-overs, what is doubtful.

All of it is numbers and codes, so that it can be kept and told in every language.
"""

from typing import Any, TypedDict

from netmap.config import Settings
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number as in_digits
from netmap.network.cells.engine import GROWN_UP
from netmap.network.few import bounds
from netmap.network.gaps import cards
from netmap.network.gaps.closures import Closure, closures
from netmap.network.gaps.handed import HandedOver, handed_over
from netmap.network.gaps.loading import Question
from netmap.network.gaps.whole import complete_packages
from netmap.network.gaps.words import FIRST_NAMES, names_of
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
    complete, pairs = complete_packages(cells, demands)
    perhaps, _pairs = complete_packages(cells, demands, perhaps=True)
    doubtful = cards.doubts(*question.untyped) > 0  # then any service may be what a package misses
    return {
        "as_of": question.day.isoformat(),
        "demand_known": bool(demands),
        "packages": {"complete": complete, "at_most": pairs if doubtful else perhaps, "of": pairs},
        "closures": [_closure(question, one) for one in closures(cells, demands)],
        "unused": _unused(question),
        "handoffs": _handed(handed_over(question)),
        "assumptions": assumptions(question.settings),
        "straight_share": question.ground.straight_share,
        "unsure": {
            "left_out": question.left_out,
            "without_point": len(question.without_point),
            "first_without": list(question.without_point[:FIRST_NAMES]),
            "areas": len(question.ground.areas),
            "profiles": len(question.profiles),
            "set_aside": list(question.set_aside),
            "untyped": list(question.untyped),
        },
    }


def _closure(question: Question, one: Closure) -> dict[str, Any]:
    """Return what the end of a provider would close, with the spans in which people may be told."""
    return {
        "provider": one.provider,
        "name": question.names.get(one.provider, one.provider),
        "cells": one.cells,
        "clients": one.clients,
        "between": bounds(one.people),
        "cells_at_most": one.most_cells,
        "clients_at_most": one.most_clients,
        "between_at_most": bounds(one.most_people),
    }


def _handed(found: HandedOver) -> dict[str, Any]:
    return {
        "clients": sum(found.people),
        "linked": sum(found.linked),
        "between": {"clients": bounds(found.people), "linked": bounds(found.linked)},
        "rows": list(found.rows),
    }


def _unused(question: Question) -> list[dict[str, str]]:
    """Return the providers that offer a wanted kind of service and are there for no cell of any place."""
    named = [{"id": key, "name": question.names.get(key, key)} for key in question.survey.idle]
    return sorted(named, key=lambda row: (row["name"], row["id"]))


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
        "wait_target_days": settings.wait_target_days,
        "wait_old_days": settings.wait_old_days,
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
    elif not unsure["areas"] and not unsure["without_point"]:
        found.append(_("There is no area with a point on the map: import areas, or add their coordinates."))
    if number := unsure["without_point"]:
        named = [names.get(code, code) for code in unsure["first_without"]]
        found.append(
            ngettext(
                "%(number)s area has no coordinates: nothing is said about it, neither that help is missing "
                "there nor that it is there. Add its coordinates: %(areas)s.",
                "%(number)s areas have no coordinates: nothing is said about them, neither that help is "
                "missing there nor that it is there. Add their coordinates: %(areas)s.",
                number,
                areas=names_of([*named, *[""] * (number - len(named))]),
            )
        )
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
