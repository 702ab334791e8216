"""Is there enough of one kind of service, and how far is it: area by area, for a page or the terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.offers import area_insides
from netmap.directory.queries import area_name
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.i18n.numbers import number as in_digits
from netmap.network import queries, travel
from netmap.network.models import MODES
from netmap.network.reach import sums as reach_sums
from netmap.network.reach import views
from netmap.network.reach.catchment import Floats
from netmap.network.reach.flow import MOST_UNITS
from netmap.network.reach.loading import KM, Scene, needed_types, scene
from netmap.network.reach.sums import DAYS_A_YEAR, Sums, Unserved
from netmap.network.statistics import MIN_CELL_COUNT
from netmap.packages.document import text
from netmap.packages.fields import nearest
from netmap.vocabulary.terms import label, vocabulary

SHARES = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))  # of the limit, and what help at such a distance counts
SORTS = ("ratio", "area", "clients", "services", "nearest", "banded", "wait")
LONGEST_STAY = 3650.0


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see: of one kind of service, for a package or all, in an area or all.

    ``by`` is "km" or the way of travelling whose minutes count; ``within`` the limit in that unit, None for
    that of the settings; ``stay`` for how many days a client takes up a place, None where not said.
    """

    service_type: str | None = None
    package: str | None = None
    area: str | None = None
    by: str = KM
    within: float | None = None
    stay: float | None = None
    sort: str = "ratio"


def reach(session: Session, settings: Settings, asked: Asked) -> dict[str, Any]:
    """Return how much help of one kind there is per client in each area, and what nobody can serve.

    All areas and all packages that need this help share it, whichever of them are asked for.

    Returns
    -------
    dict
        ``areas`` (each with clients, services in reach, of how many the capacity is not known, the nearest
        and whether its way is a straight line, ratio and banded ratio with what they are at least, ``idle``
        where there are places and nobody counted who would use them, the shortest recorded wait, and the
        overloaded group it belongs to), ``none`` (areas with no service within reach at all, and those
        where one is within reach but none that clients of certain packages can use), ``unmet`` (at least
        and at most), ``groups`` (overloaded areas and what they lack together), ``waiting``, ``basis``
        ("clients", or "people" where no demand is known), ``straight_share`` and what else has to be told
        beside them.

    Raises
    ------
    Invalid
        If a code, a way of travelling or a number cannot be used.
    """
    types = needed_types(session)
    kind = _checked(session, asked, types)
    within = settings.max_km if asked.within is None else asked.within
    found = scene(session, settings, kind, asked.by, within)
    if asked.package is not None and asked.package not in found.packages:
        sentence = _("The package '%(code)s' does not need this kind of service.", code=asked.package[:80])
        raise Invalid(sentence, {"package": sentence})
    demand = _demand(found)
    basis = "clients" if demand.any() else "people"
    yearly = found.capacity * (DAYS_A_YEAR / asked.stay if asked.stay else 1.0)
    bands = [(within * share, weight) for share, weight in SHARES]
    lacking = None
    if basis == "people":
        people = np.array([float(area.population or 0) for area in found.areas])
        demand[:] = people
        made = reach_sums.sums_apart(found.costs, people, yearly, within, bands)
    else:
        _check_countable(demand)
        made = reach_sums.sums(found.costs, demand, yearly, within, bands)
        lacking = reach_sums.unserved(found.costs, demand, yearly, within)
    rows = _inside(session, views.rows(found, made, lacking, demand, asked.package), asked.area)
    return {
        "service_type": kind,
        "service_type_label": label(kind),
        "package": asked.package,
        "area": asked.area,
        "by": asked.by,
        "within": within,
        "bands": bands,
        "stay": asked.stay,
        "basis": basis,
        "areas": sorted(rows, key=lambda row: _place(row, asked.sort)),
        "none": views.none(found, rows),
        **_of_clients(found, made, lacking, demand, within, asked.stay),
        "coarse": bool(((demand > 0) & (demand < MIN_CELL_COUNT)).any()),
        "services": views.services(found),
        "unit": found.unit,
        "other_units": len(found.other_units),
        "unknown_capacity": int(np.isnan(found.capacity).sum()),
        "straight_share": views.straight_share(found),
        "packages": [
            {"code": code, "name": text(one.name, language())} for code, one in found.packages.items()
        ],
    }


def _of_clients(
    found: Scene,
    made: Sums,
    lacking: Unserved | None,
    demand: Floats,
    within: float,
    stay: float | None,
) -> dict[str, Any]:
    """Return what can be said only where somebody knows how many clients there are."""
    if lacking is None:
        return {"unmet": None, "groups": [], "waiting": [], "without_figures": []}
    queues = reach_sums.waiting(found.costs, demand, found.capacity, within, stay) if stay else []
    return {
        "unmet": {"least": lacking.certain.unmet, "most": lacking.possible.unmet},
        "groups": views.groups(found, made, lacking, demand),
        "waiting": [views.waiting(found, one, stay or 0) for one in queues],
        "without_figures": [
            area_name(area, language())
            for area in found.areas
            if not any((area.code, code) in found.demands for code in found.packages)
        ],
    }


def _checked(session: Session, asked: Asked, types: Mapping[str, Sequence[str]]) -> str:
    """Return the kind of service that is asked for, or the one that most packages need."""
    if asked.service_type is None:
        wanted = [kind for kind in types if asked.package is None or asked.package in types[kind]]
        kind = min(wanted, key=lambda one: (-len(types[one]), label(one).casefold()), default=None)
        if kind is None:
            raise Invalid(_("There is no package in use that needs any help: load or write packages first."))
    elif asked.service_type not in vocabulary().service_types:
        sentence = _(
            "There is no kind of service with the code '%(code)s'; the nearest is '%(nearest)s'.",
            code=asked.service_type[:80],
            nearest=nearest(asked.service_type, vocabulary().service_types),
        )
        raise Invalid(sentence, {"type": sentence})
    else:
        kind = asked.service_type
    if asked.area is not None and asked.area not in (codes := queries.area_codes(session)):
        sentence = _(
            "There is no area with the code '%(code)s'; the nearest is '%(nearest)s'.",
            code=asked.area[:80],
            nearest=nearest(asked.area, codes),
        )
        raise Invalid(sentence, {"area": sentence})
    if asked.by != KM and asked.by not in travel.ways(session):
        sentence = _(
            "No travel times are known for '%(way)s': import them, or measure in kilometres.",
            way=asked.by[:80],
        )
        raise Invalid(sentence, {"by": sentence})
    if asked.stay is not None and not 0 < asked.stay <= LONGEST_STAY:
        sentence = _("How long a client takes up a place is a number of days from 1 to 3650.")
        raise Invalid(sentence, {"stay": sentence})
    if asked.within is not None and not 0 < asked.within <= 1000:
        sentence = _("What is in reach is a number above 0, 1000 at most.")
        raise Invalid(sentence, {"within": sentence})
    return kind


def _check_countable(demand: Floats) -> None:
    if demand.sum() + demand.size > MOST_UNITS:
        raise Invalid(
            _(
                "The figures of demand for this kind of service come to %(clients)s clients a year, which is "
                "more than can be counted: look for a figure on the page of demand that is too large.",
                clients=in_digits(demand.sum(), 0),
            )
        )


def _demand(found: Scene) -> Floats:
    """Return the expected clients of each kind in each area; where nobody gave a figure, none are counted."""
    demand = np.zeros((len(found.costs), len(found.areas)))
    for number, area in enumerate(found.areas):
        for code, kind in found.kind.items():
            if (area.code, code) in found.demands:
                demand[kind, number] += found.demands[area.code, code].expected
    return demand


def _place(row: Mapping[str, Any], sort: str) -> tuple[Any, ...]:
    """Return where a row stands: what is worst first, what is unknown last."""
    name = row["name"].casefold(), row["code"]
    if sort == "area":
        return name
    value = {"wait": row["wait"] and row["wait"]["days"]}.get(sort, row.get(sort))
    worst = -1 if sort in ("clients", "nearest", "wait") else 1
    return (value is None, worst * (value or 0), *name)


def _inside(session: Session, rows: list[dict[str, Any]], area: str | None) -> list[dict[str, Any]]:
    if area is None:
        return rows
    wanted = area_insides(session)(area)
    return [row for row in rows if row["code"] in wanted]


def choices(session: Session) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the kinds of services that packages need, by name, and the ways of travelling that are known."""
    kinds = sorted(
        ((kind, label(kind)) for kind in needed_types(session)), key=lambda pair: pair[1].casefold()
    )
    return kinds, [mode for mode in MODES if mode in travel.ways(session)]
