"""How often help of a kind was looked for and not got, from what staff recorded: counts, never a client.

Three kinds of record tell of it. A need that nobody could meet, kept at the desk; a decision about a package
in which a needed line found nobody or somebody; a report that a service sent a person away. Two of them may
speak of the same client, and none says who it was: so of each kind of service, area and week only the kind
of record with the most failures counts, and decisions that hold the same codes in one week count once. The
figures are therefore rather too low than too high.

Calls to providers are left out: a provider who says that the record is right has not helped anybody yet.
How often a service was shown or opened is left out too: nobody knows what came of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from netmap.db import now
from netmap.freshness.uses import monday
from netmap.network import queries
from netmap.network.counts import told
from netmap.network.demand.decided import Decided, decided_once
from netmap.vocabulary.terms import vocabulary

DAYS = 365  # older failures may have been mended since
Place = tuple[str, str | None]  # service type, area; None where nobody said where


@dataclass(frozen=True, slots=True)
class Evidence:
    """How often it failed and how often it worked, and the last day on which it failed.

    ``repeated`` is the part of the failures that other kinds of service tell of too, because one record may
    stand for several kinds: over all of them each record counts once.

    For a page small numbers go in as `netmap.network.counts.told` says.
    """

    failed: float
    worked: float
    last: date | None
    repeated: float = 0.0

    @property
    def asked(self) -> float:
        """Return how often it was tried."""
        return self.failed + self.worked


@dataclass(frozen=True, slots=True)
class Trial:
    """One try to get help of a kind.

    ``told`` is the kind of record that tells of it; it stands for so many ``kinds`` of service.
    """

    place: Place
    day: date
    told: str
    failed: bool
    kinds: int = 1


def evidence(session: Session, today: date | None = None) -> Mapping[Place, Evidence]:
    """Return for each (service type, area) what failed of what was tried within a year.

    Parameters
    ----------
    session : Session
        Is only read from.
    today : date, optional
        Only what was recorded within a year before counts; the day of now where not given.
    """
    since = (today or now().date()) - timedelta(days=DAYS)
    found: dict[Place, list[Trial]] = defaultdict(list)
    for trial in (*_unmet(session, since), *_decided(session, since), *_turned_away(session, since)):
        found[trial.place].append(trial)
    return {place: _together(found[place]) for place in sorted(found, key=lambda one: (one[0], one[1] or ""))}


def _together(trials: list[Trial]) -> Evidence:
    """Return the sums over weeks; of the failures of a week only one kind of record counts."""
    weeks: dict[date, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for trial in trials:
        if trial.failed:
            weeks[monday(trial.day)][trial.told].append(1 / trial.kinds)
    counted = [share for week in weeks.values() for share in max(week.values(), key=len)]
    failed, last = len(counted), max((trial.day for trial in trials if trial.failed), default=None)
    worked = sum(not trial.failed for trial in trials)
    known = told(failed)  # where that is not the number itself, the shares must not tell it either
    once = sum(counted) if known == failed else known * max(counted)
    return Evidence(known, told(worked), last, known - once)


def _unmet(session: Session, since: date) -> Iterator[Trial]:
    """Yield the recorded unmet needs; a need stands for every kind of service that answers it."""
    needs = vocabulary().needs
    for need, service_type, area, day in queries.unmet_since(session, since):
        known = needs[need].service_types if need and need in needs else ()
        codes = (service_type,) if service_type else known
        for code in codes:
            yield Trial((code, area), day, "unmet", failed=True, kinds=len(codes))


def _decided(session: Session, since: date) -> Iterator[Trial]:
    """Yield the lines of packages for which somebody was chosen, or nobody could be."""
    for one in decided_once(session, since):
        for service_type, served in _lines(one):
            yield Trial((service_type, one.area), one.day, "decision", failed=not served)


def _lines(one: Decided) -> Iterator[tuple[str, bool]]:
    """Yield the kinds of service that a client needed, and whether somebody was chosen.

    Where the package was not taken, only the lines that found nobody count, and only if that was the reason.
    """
    if one.outcome == "rejected" and one.reason != "no_provider":
        return
    for line in one.lines:
        served = line.key in one.providers
        needed = line.required and not line.beside and line.key not in one.dropped and line.need in one.needs
        if needed and (not served or one.outcome != "rejected"):
            yield line.service_type, served


def _turned_away(session: Session, since: date) -> Iterator[Trial]:
    """Yield the reports that a service sent somebody away; the area is that of the service's places.

    The same reason for the same service by the same person counts once a week.
    """
    types, homes = queries.confirmed_types(session), queries.service_areas(session)
    seen: set[tuple[str, str, str | None, date]] = set()
    for service, reason, by, day in queries.turned_away_since(session, since):
        key = (service, reason, by, monday(day))
        if key not in seen:
            seen.add(key)
            areas = homes.get(service, set())
            area = next(iter(areas)) if len(areas) == 1 else None
            codes = sorted(types.get(service, ()))
            for code in codes:
                yield Trial((code, area), day, "report", failed=True, kinds=len(codes))
