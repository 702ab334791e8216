"""Cases that no package fits, put together by the needs that they share. Pure.

Two cases are as alike as their needs, each weighted by its severity: the sum of what both have over the sum
of what either has (weighted Jaccard). Cases are joined from the most alike pair on, and two groups become one
only where every case of one is at least half alike every case of the other (complete linkage). So each case
lies in one group, and a group never strings together cases that share nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

ALIKE = 0.5
FEW = 3  # of fewer cases only their number and their needs are told
COMMON, TYPICAL, SOMETIMES = 2 / 3, 1 / 3, 1 / 10  # shares of the cases of a group


@dataclass(frozen=True, slots=True)
class Case:
    """One case: need -> severity (1 to 3), facts that are known, where and when."""

    needs: Mapping[str, int]
    facts: Mapping[str, str]
    area: str | None
    day: date


@dataclass(frozen=True)
class Group:
    """Cases that share their needs, the largest share first: (need, share of the cases, mean severity)."""

    cases: tuple[Case, ...]
    needs: tuple[tuple[str, float, float], ...]

    @property
    def few(self) -> bool:
        """Return whether the cases are so few that nothing but number and needs may be told."""
        return len(self.cases) < FEW

    @property
    def facts(self) -> tuple[str, ...]:
        """Return what holds for two thirds of the cases or more."""
        held = Counter(code for case in self.cases for code, fact in case.facts.items() if fact == "yes")
        return tuple(sorted(code for code, times in held.items() if times >= COMMON * len(self.cases)))

    @property
    def areas(self) -> tuple[str, ...]:
        """Return the areas from which the cases came, each once."""
        return tuple(sorted({case.area for case in self.cases if case.area}))

    @property
    def weeks(self) -> int:
        """Return in how many weeks there was such a case."""
        return len({case.day.isocalendar()[:2] for case in self.cases})

    def profile(self) -> dict[str, float]:
        """Return the weights of a package for these cases; what fewer than one in ten has is left out.

        Examples
        --------
        >>> one = Case({"fin.consumer_debt": 2}, {}, None, date(2026, 11, 2))
        >>> groups([one, one, one])[0].profile()
        {'fin.consumer_debt': 1.0}
        """
        return {code: weight for code, share, _severity in self.needs if (weight := weight_of(share))}


def weight_of(share: float) -> float:
    """Return the weight in a profile of a need that this share of the cases has: 1, .5, .25 or 0.

    Examples
    --------
    >>> weight_of(.7), weight_of(.4), weight_of(.2), weight_of(.05)
    (1.0, 0.5, 0.25, 0.0)
    """
    steps = ((COMMON, 1.0), (TYPICAL, 0.5), (SOMETIMES, 0.25))
    return next((weight for least, weight in steps if share >= least), 0.0)


def groups(cases: Iterable[Case]) -> list[Group]:
    """Return the groups, the largest first; the order in which the cases came plays no part."""
    ordered = sorted(cases, key=_order)
    by_group: dict[int, list[Case]] = {}
    for case, number in zip(ordered, _numbers(ordered), strict=True):
        by_group.setdefault(number, []).append(case)
    found = [Group(tuple(same), _needs(same)) for same in by_group.values()]
    return sorted(found, key=lambda group: (-len(group.cases), _order(group.cases[0])))


def _order(case: Case) -> tuple[object, ...]:
    return sorted(case.needs.items()), case.day, case.area or "", sorted(case.facts.items())


def _numbers(cases: Sequence[Case]) -> list[int]:
    """Return the number of the group of each case."""
    if len(cases) < 2:
        return [1] * len(cases)
    from scipy.cluster.hierarchy import fcluster, linkage  # takes long to import and is seldom needed
    from scipy.spatial.distance import pdist

    codes = sorted({code for case in cases for code in case.needs})
    table = np.array([[float(case.needs.get(code, 0)) for code in codes] for case in cases])
    apart = pdist(table, "cityblock")  # what only one of two has: the larger less the smaller of each need
    sums = table.sum(axis=1)
    first, second = np.triu_indices(len(cases), k=1)
    both = sums[first] + sums[second]
    joined = linkage(2 * apart / (both + apart), "complete")
    return [int(number) for number in fcluster(joined, 1 - ALIKE, "distance")]


def _needs(cases: Sequence[Case]) -> tuple[tuple[str, float, float], ...]:
    severities: dict[str, list[int]] = {}
    for case in cases:
        for code, severity in case.needs.items():
            severities.setdefault(code, []).append(severity)
    rows = [(code, len(had) / len(cases), sum(had) / len(had)) for code, had in severities.items()]
    return tuple(sorted(rows, key=lambda row: (-row[1], -row[2], row[0])))
