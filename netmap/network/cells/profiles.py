"""The ideal-typical client of a package, as one who asks for help. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from netmap.directory.ages import ADULT, Fact, age_range_of
from netmap.directory.eligibility import Asker
from netmap.packages.document import DEFINING, TYPICAL, Document, Line
from netmap.packages.hours import windows

GROWN_UP = (float(ADULT), math.inf)  # an assumption: who fits a package that names no age is not a child


@dataclass(frozen=True)
class Profile:
    """The ideal-typical client of a package and the lines of help.

    ``stated`` knows what must hold for everybody in the package; ``typical`` also what holds for most.
    """

    code: str
    lines: tuple[Line, ...]
    stated: Asker
    typical: Asker


def profile_of(document: Document, *, max_km: float, circuity: float, day: date | None = None) -> Profile:
    """Return the ideal-typical client of a package as one who asks for help.

    Required circumstances and defining problems hold, excluded ones do not; typical ones hold for the
    typical client only, who is grown up where no age is named and comes at the hours of the package.
    Everything else is unknown.
    """
    stated: dict[str, Fact] = {code: "yes" for code, weight in document.profile.items() if weight == DEFINING}
    typical: dict[str, Fact] = {code: "yes" for code, weight in document.profile.items() if weight >= TYPICAL}
    for code in document.optional:
        typical[code] = "yes"
    for code in document.required:
        stated[code] = "yes"
    for code in document.excluded:
        stated[code] = "no"
    asker = Asker(
        circumstances=stated,
        languages=frozenset(document.languages),
        age_range=age_range_of(stated),
        max_km=max_km if document.max_km is None else document.max_km,
        budget=document.budget,
        day=day,
        circuity=circuity,
    )
    ages = age_range_of(typical | stated) or GROWN_UP
    usual = replace(asker, circumstances=typical | stated, age_range=ages, hours=windows(document.hours))
    return Profile(document.code, document.lines, asker, usual)


def needed(line: Line, lines: Sequence[Line]) -> bool:
    """Return whether a package is not whole without a line; an add-on is needed only with its main line."""
    main = next((one for one in lines if one.key == line.beside), line)
    return line.required and main.required
