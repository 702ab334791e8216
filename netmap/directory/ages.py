"""Ages as bands: what a person told about age, and what follows from it. Pure."""

import math
from collections.abc import Mapping
from typing import Literal

Fact = Literal["yes", "no", "unknown"]

ADULT = 18
AGE_BANDS: Mapping[str, tuple[float, float]] = {  # circumstance -> years from (included) to (not included)
    "age_under_18": (0, 18),
    "age_18_29": (18, 30),
    "age_30_54": (30, 55),  # no circumstance of its own: what is left when the others are "no"
    "age_55_64": (55, 65),
    "age_65_plus": (65, math.inf),
}


def age_range_of(circumstances: Mapping[str, Fact]) -> tuple[float, float] | None:
    """Return the ages that a person may have by what was told, in years, the upper end not included.

    Returns
    -------
    tuple of (float, float) or None
        None where nothing was told, or where the answers cannot all be true.

    Examples
    --------
    >>> age_range_of({"age_18_29": "yes"}), age_range_of({"age_65_plus": "no"}), age_range_of({})
    ((18, 30), (0, 65), None)
    """
    told = {code: circumstances.get(code, "unknown") for code in AGE_BANDS}
    if all(fact == "unknown" for fact in told.values()):
        return None
    chosen = [code for code, fact in told.items() if fact == "yes"]
    possible = chosen or [code for code, fact in told.items() if fact != "no"]
    if not possible or len(chosen) > 1:
        return None
    return AGE_BANDS[possible[0]][0], AGE_BANDS[possible[-1]][1]


def fact_from_age(code: str, ages: tuple[float, float] | None) -> Fact:
    """Return whether a circumstance about age holds for a person of these ages.

    Examples
    --------
    >>> fact_from_age("age_65_plus", (18, 30)), fact_from_age("age_18_29", (0, 65))
    ('no', 'unknown')
    """
    if code not in AGE_BANDS or ages is None:
        return "unknown"
    low, high = AGE_BANDS[code]
    if ages[1] <= low or ages[0] >= high:
        return "no"
    return "yes" if low <= ages[0] and ages[1] <= high else "unknown"
