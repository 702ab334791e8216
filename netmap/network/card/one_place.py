"""What one new service of a gap can open at best: it stands in one place, and not all areas reach it."""

import numpy as np

from netmap.i18n import gettext as _
from netmap.network.card.asks import opens
from netmap.network.gaps.one_gap import Found


def best_place(found: Found) -> tuple[str, tuple[str, ...]]:
    """Return the area in which one new service would reach most clients of the gap, and the areas it reaches.

    As in "where to open": any planning area may be the place, the way is that from its middle, and an area
    that nobody counted weighs as one client.
    """
    question, areas = found.question, found.card.areas
    row = {one.code: place for place, one in enumerate(question.ground.areas)}
    km = np.nan_to_num(question.ground.between()[[row[area] for area in areas]], nan=np.inf, posinf=np.inf)
    reach = km <= question.profiles[found.card.profile].typical.max_km
    weights = np.array([sum(found.clients((area,))) or 1.0 for area in areas])
    # of places that reach as many clients the one that reaches more areas, then one of the gap itself
    inside = np.isin(np.arange(km.shape[1]), [row[area] for area in areas])
    best = int(np.lexsort((~inside, -reach.sum(axis=0), -(weights @ reach)))[0])
    reached = tuple(area for area, near in zip(areas, reach[:, best].tolist(), strict=True) if near)
    return question.ground.areas[best].code, reached


def new_service(found: Found, step: str) -> str:
    """Return the step of a new service with what it would open at best, in words."""
    areas = found.card.areas
    place, reached = best_place(found) if len(areas) > 1 else ("", areas)
    if len(reached) == len(areas):
        return f"{step}: {opens(found, areas, sure=True)}"
    return _(
        "%(step)s: in the best single place, %(place)s, it %(opens)s; the other areas need more places",
        step=step,
        place=found.question.area_name(place),
        opens=opens(found, reached, sure=True),
    )
