"""How many cases netmap itself has seen for each package and area: one case and week once.

A case is seen where a package was chosen for somebody, or was not taken because the help for it is not
there (no provider, too far, wrong language); and where nobody could be found for a need which just one
package in use has a line for. Nothing says who it was, so the same client in two weeks counts twice, and of
one week only the kind of record with the most cases counts. Not every case is met with netmap: a figure of
this kind says "at least".
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from netmap.freshness.uses import monday
from netmap.matching.audit import LACKS
from netmap.network import queries
from netmap.network.demand.decided import decided_once
from netmap.network.demand.evidence import DAYS
from netmap.packages.document import Document
from netmap.packages.service import published

Pair = tuple[str, str]  # area, package


@dataclass(frozen=True, slots=True)
class Recorded:
    """Cases of one package in one area within a year, and the first and the last day of them.

    ``parts`` are the cases that each kind of record tells of.
    """

    parts: tuple[int, ...]
    first: date
    last: date

    @property
    def cases(self) -> int:
        """Return how many cases there are."""
        return sum(self.parts)


def recorded(session: Session, today: date) -> Mapping[Pair, Recorded]:
    """Return the cases of a year for each (area, package) of which there is one."""
    since = today - timedelta(days=DAYS)
    weeks: dict[Pair, dict[date, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    days: dict[Pair, list[date]] = defaultdict(list)
    for pair, day, told in (*_matched(session, since), *_unmet(session, since)):
        weeks[pair][monday(day)][told] += 1
        days[pair].append(day)
    return {
        pair: Recorded(_parts(found.values()), min(days[pair]), max(days[pair]))
        for pair, found in sorted(weeks.items())
    }


def _parts(weeks: Iterable[Counter[str]]) -> tuple[int, ...]:
    """Return the cases of all weeks by the kind of record that has most of a week."""
    found: Counter[str] = Counter()
    for week in weeks:
        told, cases = max(sorted(week.items()), key=lambda one: one[1])
        found[told] += cases
    return tuple(found.values())


def _matched(session: Session, since: date) -> Iterator[tuple[Pair, date, str]]:
    for one in decided_once(session, since):
        if one.area and (one.outcome != "rejected" or one.reason in LACKS):
            yield (one.area, one.package), one.day, "decision"


def _unmet(session: Session, since: date) -> Iterator[tuple[Pair, date, str]]:
    """Yield the unmet needs; a week's cases of a package are those of the need that came most often."""
    needs, types = _lone_packages([document for _code, _number, document in published(session)])
    for need, service_type, area, day in queries.unmet_since(session, since):
        package = needs.get(need) if need else types.get(service_type or "")
        if area and package:
            yield (area, package), day, need or service_type or ""


def _lone_packages(documents: list[Document]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the needs, and the kinds of service, that only one package has a line for, with that package."""
    needs: dict[str, set[str]] = defaultdict(set)
    types: dict[str, set[str]] = defaultdict(set)
    for one in documents:
        for line in one.lines:
            needs[line.need].add(one.code)
            types[line.service_type].add(one.code)
    return _alone(needs), _alone(types)


def _alone(found: Mapping[str, set[str]]) -> Mapping[str, str]:
    return {code: next(iter(packages)) for code, packages in found.items() if len(packages) == 1}
