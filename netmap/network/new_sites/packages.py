"""Which services to open where, so that whole packages become available."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number as in_digits
from netmap.network.gaps.loading import Question
from netmap.network.new_sites.uncovered import incomplete, with_type
from netmap.network.new_sites.views import CURVE, NOTHING, UNITS, area_row, finite, ways_note
from netmap.network.siting.milp import Clock
from netmap.network.siting.near import TOLERANCE
from netmap.network.siting.package import (
    Lacking,
    Opened,
    PackageSiting,
    Wanted,
    package_cover,
    package_greedy,
)
from netmap.vocabulary.terms import label

MOST = 5_000_000  # ways from clients to places: more would take memory and minutes


def package_answer(
    question: Question, service_type: str | None, places: int, *, unsure: bool, seconds: float
) -> dict[str, Any]:
    """Return the services that make most packages whole, as `netmap.network.new_sites.service` does."""
    candidates = [one.code for one in question.ground.areas]
    profiles = with_type(question.profiles, service_type) if service_type else question.profiles
    cells = question.survey.cells
    closed = [cell for cell in cells.those(cells.take("n_lo") == 0) if cell.profile in profiles]
    rows = {code: place for place, code in enumerate(candidates)}
    pairs, guessed, left_out = incomplete(closed, profiles, question.demands, rows, unsure=unsure)
    wanted = [want for _package, want in pairs]
    told = _Told(question, candidates, pairs)
    answer = _head(question, service_type, places, unsure, wanted, guessed, left_out)
    answer["uncovered"] |= told.reached(range(len(pairs)))
    if not wanted:
        return answer
    if len(wanted) * len(candidates) > MOST:
        sentence = _(
            "%(pairs)s pairs of area and package with %(areas)s places each are too many to weigh at once: "
            "choose an area, or a kind of service.",
            pairs=in_digits(len(wanted)),
            areas=in_digits(len(candidates)),
        )
        raise Invalid(sentence, {"area": sentence})
    km = np.nan_to_num(question.ground.between(), nan=np.inf, posinf=np.inf)
    lacking, clock = Lacking(km, wanted), Clock(seconds)
    best = package_cover(lacking, places, time_limit=clock.left())
    curve = [
        best if budget == places else package_cover(lacking, budget, time_limit=clock.left())
        for budget in range(1, max(CURVE, places) + 1)
    ]
    quick = [package_greedy(lacking, budget) for budget in range(1, len(curve) + 1)]
    return {
        **answer,
        **told.reached(best.complete),
        "sites": [_site(question, candidates, one) for one in best.opened],
        "value": best.objective,
        "status": best.status,
        "gap": finite(best.gap),
        "greedy": lacking.value(quick[places - 1]),
        "complete": _complete(question, candidates, [pairs[place] for place in best.complete]),
        "curve": _curve(told, lacking, curve, quick, answer["uncovered"]["clients"]),
        **_near(question, candidates, lacking, best, clock),
    }


def _head(
    question: Question,
    service_type: str | None,
    places: int,
    unsure: bool,
    wanted: Sequence[Wanted],
    guessed: int,
    left_out: int,
) -> dict[str, Any]:
    """Return what was asked and whose packages lack something."""
    return {
        "type": service_type,
        "type_label": label(service_type) if service_type else None,
        "objective": "package",
        "unit": UNITS["package"],
        "places": places,
        "capacity": None,
        "unsure": unsure,
        "as_of": question.day.isoformat(),
        "demand_known": guessed < len(wanted),
        "uncovered": {
            "clients": float(sum(want.demand for want in wanted)),
            "areas": len({want.point for want in wanted}),
            "without_figures": guessed,
            "to_ask": left_out,
        },
        "notes": _notes(guessed, left_out),
        "assumptions": {"circuity": question.settings.circuity, "near": TOLERANCE},
        **NOTHING,
    }


def _site(question: Question, candidates: Sequence[str], one: Opened) -> dict[str, Any]:
    return {
        **area_row(question, candidates[one.site]),
        "type": one.service_type,
        "type_label": label(one.service_type),
    }


def _complete(
    question: Question, candidates: Sequence[str], pairs: Sequence[tuple[str, Wanted]]
) -> list[dict[str, Any]]:
    """Return the packages that become whole, with their areas and clients, the most clients first."""
    areas: dict[str, list[str]] = defaultdict(list)
    clients: dict[str, float] = defaultdict(float)
    for package, want in pairs:
        areas[package].append(candidates[want.point])
        clients[package] += want.demand
    return [
        {
            "package": package,
            "name": question.profile_name(package),
            "clients": clients[package],
            "areas": [area_row(question, code) for code in areas[package]],
        }
        for package in sorted(areas, key=lambda code: (-clients[code], code))
    ]


@dataclass(frozen=True)
class _Told:
    """What is wanted, pairs of package and `Wanted`, ready to be told."""

    question: Question
    candidates: Sequence[str]
    pairs: Sequence[tuple[str, Wanted]]

    def reached(self, places: Iterable[int]) -> dict[str, Any]:
        """Return the clients of the pairs that somebody counted, and in how many areas nobody did."""
        counted, uncounted = [], set()
        for package, want in (self.pairs[place] for place in places):
            if (self.candidates[want.point], package) in self.question.demands:
                counted.append(want.demand)
            else:
                uncounted.add(want.point)
        return {"counted": counted, "uncounted": len(uncounted)}


def _curve(
    told: _Told,
    lacking: Lacking,
    curve: Sequence[PackageSiting],
    quick: Sequence[Sequence[Opened]],
    total: float,
) -> list[dict[str, Any]]:
    rows, before = [], 0.0
    for places, (best, greedy) in enumerate(zip(curve, quick, strict=True), start=1):
        rows.append(
            {
                "places": places,
                "value": best.objective,
                "gain": best.objective - before,
                "share": best.objective / total if total else None,
                "greedy": lacking.value(greedy),
                "status": best.status,
                "sites": [_site(told.question, told.candidates, one) for one in best.opened],
                **told.reached(best.complete),
                "quick": told.reached(np.flatnonzero(lacking.complete(greedy)).tolist()),
            }
        )
        before = best.objective
    return rows


def _near(
    question: Question,
    candidates: Sequence[str],
    lacking: Lacking,
    best: PackageSiting,
    clock: Clock,
) -> dict[str, list[dict[str, Any]]]:
    """Return where each service could open instead, the others as they are, for 5 per cent fewer at most.

    Areas that there was no time to try stand apart, each once for each service.
    """
    enough = best.objective * (1 - TOLERANCE) - 1e-9
    found: dict[str, list[dict[str, Any]]] = {"near": [], "undecided": []}
    for one in best.opened:
        rest = [other for other in best.opened if other != one]
        for site in range(len(candidates)):
            other = Opened(one.service_type, site)
            if site != one.site and clock.over():
                found["undecided"].append(_site(question, candidates, other))
            elif site == one.site or lacking.value([*rest, other]) >= enough:
                row = {**_site(question, candidates, other), "chosen": other in best.opened}
                found["near"].append(row)
    return found


def _notes(guessed: int, left_out: int) -> list[str]:
    notes = []
    if guessed:
        notes.append(
            ngettext(
                "%(number)s pair of area and package has no demand figure and counts as 1 client.",
                "%(number)s pairs of area and package have no demand figure; each counts as 1 client.",
                guessed,
            )
        )
    if left_out:
        notes.append(
            ngettext(
                "%(number)s pair of area and package is left out: whether somebody is there is still to be "
                "asked.",
                "%(number)s pairs of area and package are left out: whether somebody is there is still to be "
                "asked.",
                left_out,
            )
        )
    notes.append(
        _("A package counts only when every service that it must have and that is missing opens in reach.")
    )
    return [*notes, ways_note()]
