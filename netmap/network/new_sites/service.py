"""Where to open: the best places for new services, for those whom no service is there for."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.network.cells.engine import survey
from netmap.network.gaps import kept_question
from netmap.network.gaps.loading import Question
from netmap.network.new_sites import views as new_sites_views
from netmap.network.new_sites.packages import package_answer
from netmap.network.new_sites.uncovered import Uncovered, uncovered, with_type
from netmap.network.new_sites.views import CURVE
from netmap.network.siting import Siting
from netmap.network.siting.input import Numbers
from netmap.network.siting.measures import (
    OBJECTIVES,
    Measure,
    center_measure,
    cover_measure,
    median_measure,
)
from netmap.network.siting.milp import Clock
from netmap.network.siting.near import Near, near_best, one_by_one
from netmap.packages.fields import nearest
from netmap.packages.service import published

MOST_PLACES = 20
SECONDS = 20.0  # for one answer, since a person waits; of these at most
QUICK_SECONDS = 2.0  # for choosing one place after another,
BEST_SECONDS = 8.0  # for the best choice,
NEAR_SECONDS = 3.0  # and for those nearly as good; the curve has the rest


def where_to_open(
    session: Session,
    settings: Settings,
    *,
    service_type: str | None,
    places: int,
    objective: str,
    area: str | None = None,
    capacity: float | None = None,
    unsure: bool = False,
) -> dict[str, Any]:
    """Return where new services would help most those who have none within reach.

    What is open already is taken from the gaps: only areas and packages that no service is there for are
    weighed. Any planning area may become a site; the way is that from its middle.

    Parameters
    ----------
    session : Session
    settings : Settings
    service_type : str or None
        The kind of service; with the objective "package" it may be None, or only packages that need it count.
    places : int
        How many services are to be opened.
    objective : "cover", "median", "center" or "package"
        Most people within reach; shortest ways of all together; shortest longest way, in which a village
        weighs as much as a town; most people whose whole package becomes available.
    area : str, optional
        Only this area and what lies in it, for people and for sites.
    capacity : float, optional
        How many clients a year one new service can help; for "cover" only.
    unsure : bool
        Count also where somebody may be there, which nobody has asked yet.

    Returns
    -------
    dict
        ``sites`` (with whom they reach), ``value``, ``status``, ``gap``, ``greedy``, ``curve``, ``near`` (all
        sites within 5 per cent of the best), ``unreached``, ``uncovered`` and ``notes``.

    Raises
    ------
    Invalid
        If there is no such type, area or objective, or the numbers make no sense.
    """
    _check_numbers(places, objective, capacity)
    _check_type(service_type, objective, types_to_open(session))
    question = kept_question.question(session, settings, None, area)
    if objective == "package":
        return package_answer(question, service_type, places, unsure=unsure, seconds=SECONDS)
    assert service_type is not None
    return _answer(question, service_type, places, objective, capacity, unsure)


def types_to_open(session: Session) -> list[str]:
    """Return every kind of service that some package in use needs."""
    found = {line.service_type for _code, _number, document in published(session) for line in document.lines}
    return sorted(found)


def _answer(
    question: Question, service_type: str, places: int, objective: str, capacity: float | None, unsure: bool
) -> dict[str, Any]:
    found = _uncovered(question, service_type, unsure)
    candidates = [one.code for one in question.ground.areas]
    head = new_sites_views.head(question, service_type, objective, places, found, capacity, unsure)
    if not found.points:
        return {**head, **new_sites_views.NOTHING}
    _check_places(places, len(candidates))
    cost, weights, within = _table(question, found, candidates)
    measure = _measure(objective, cost, weights, within, capacity)
    clock, longest = Clock(SECONDS), max(places, min(CURVE, len(candidates)))
    quick = one_by_one(len(candidates), longest, measure, seconds=QUICK_SECONDS)
    best = measure.best(places, [], BEST_SECONDS)
    others = _others(measure, best, len(candidates), clock) if best.sites else Near((), ())
    curve = [
        best if p == places else measure.best(p, [], clock.left() / (longest - p + 1))
        for p in range(1, longest + 1)
    ]
    tell = new_sites_views.Told(question, found, candidates, measure)
    return {
        **head,
        **tell.outcome(cost, best, objective),
        "greedy": new_sites_views.finite(measure.worth(quick[:places])) if places <= len(quick) else None,
        "curve": tell.curve(curve, quick, objective, float(weights.sum())),
        **new_sites_views.near_rows(question, candidates, others, best),
    }


def _uncovered(question: Question, service_type: str, unsure: bool) -> Uncovered:
    """Return who is without the service; only the lines that ask for it are judged."""
    profiles = {
        code: replace(
            profile, lines=tuple(line for line in profile.lines if line.service_type == service_type)
        )
        for code, profile in with_type(question.profiles, service_type).items()
    }
    cells = survey(question.ground, profiles.values(), question.day, question.settings.stale_days).cells
    closed = cells.those(cells.take("n_lo") == 0)
    return uncovered(closed, profiles, question.demands, unsure=unsure)


def _table(
    question: Question, found: Uncovered, candidates: Sequence[str]
) -> tuple[Numbers, Numbers, Numbers]:
    """Return the kilometres from each point to each site, the weights and the limits of the points."""
    row = {code: place for place, code in enumerate(candidates)}
    km = np.nan_to_num(question.ground.between(), nan=np.inf, posinf=np.inf)
    cost = km[[row[point.area] for point in found.points]]
    weights = np.array([point.weight for point in found.points])
    return cost, weights, np.array([point.within for point in found.points])


def _measure(
    objective: str, cost: Numbers, weights: Numbers, within: Numbers, capacity: float | None
) -> Measure:
    if objective == "cover":
        return cover_measure(cost, weights, within, capacity)
    return median_measure(cost, weights) if objective == "median" else center_measure(cost, weights)


def _others(measure: Measure, best: Siting, sites: int, clock: Clock) -> Near:
    seconds = min(NEAR_SECONDS, clock.left())
    return near_best(best, sites, measure, seconds=seconds)


def _check_numbers(places: int, objective: str, capacity: float | None) -> None:
    if objective not in OBJECTIVES:
        raise _wrong(
            "objective",
            _(
                "The objective '%(objective)s' is not known: choose 'cover', 'median', 'center' or "
                "'package'.",
                objective=objective[:80],
            ),
        )
    if not 1 <= places <= MOST_PLACES:
        raise _wrong(
            "places", _("The number of places must be a whole number from 1 to %(most)s.", most=MOST_PLACES)
        )
    if capacity is not None and (objective != "cover" or not 0 < capacity < np.inf):
        raise _wrong(
            "capacity",
            _(
                "How many clients one place can help is a number above 0, and counts only for the objective "
                "'cover'."
            ),
        )


def _check_type(service_type: str | None, objective: str, types: Sequence[str]) -> None:
    if service_type is None and objective != "package":
        raise _wrong("type", _("Say which kind of service is to be opened."))
    if service_type is not None and service_type not in types:
        raise _wrong(
            "type",
            _(
                "No package in use needs a service of the type '%(code)s'; the nearest is '%(nearest)s'.",
                code=service_type[:80],
                nearest=nearest(service_type, types),
            ),
        )


def _check_places(places: int, candidates: int) -> None:
    if places > candidates:
        raise _wrong(
            "places",
            _(
                "%(places)s places are to be opened, but there are only %(areas)s areas: ask for fewer.",
                places=places,
                areas=candidates,
            ),
        )


def _wrong(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, {name: sentence})
