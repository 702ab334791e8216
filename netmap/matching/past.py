"""Cases that are known by codes: stored decisions, cases that nothing fitted, and the exercise cases."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.matching.exercises import exercises
from netmap.matching.facts import Client, Rated
from netmap.matching.intake import Places
from netmap.matching.kept import UnfitCase
from netmap.matching.models import Decision
from netmap.vocabulary.terms import vocabulary

MOST = 10_000  # the newest cases of each source

Source = Literal["exercise", "decision", "unfit"]
Stored = tuple[Mapping[str, Any], str | None, date]  # codes of a client, area, day


@dataclass(frozen=True)
class Case:
    """One case: what it was, the client in codes, the day (None for an exercise) and the exercise's code."""

    source: Source
    values: Mapping[str, Any]
    client: Client
    day: date | None = None
    exercise: str = ""


@dataclass(frozen=True)
class Cases:
    """All cases, exercises first, then the newest decisions; ``older`` counts decisions that are left out."""

    cases: tuple[Case, ...]
    older: int

    def count(self, source: Source) -> int:
        """Return how many cases come from one source."""
        return sum(case.source == source for case in self.cases)


def past_cases(session: Session, places: Places) -> Cases:
    """Return every case that a change can be tried on.

    Parameters
    ----------
    session : Session
        Is only read from.
    places : Places
        The areas of the directory.
    """
    newest = select(Decision.client, Decision.area_code, Decision.decided_on)
    newest = newest.order_by(Decision.decided_on.desc(), Decision.id).limit(MOST)
    decided = session.execute(newest).all()
    total = session.scalar(select(func.count()).select_from(Decision)) or 0
    cases = []
    for one in exercises().values():
        model = one.client_among(places.names)
        cases.append(Case("exercise", model, client_of_codes(model, None, places), exercise=one.code))
    sources: tuple[tuple[Source, Iterable[Stored]], ...] = (
        ("decision", decided),
        ("unfit", _unfit(session)),
    )
    for source, rows in sources:
        for values, area, day in rows:
            with_area = {**values, "area": area} if area in places.names else dict(values)
            cases.append(Case(source, with_area, client_of_codes(with_area, day, places), day))
    return Cases(tuple(cases), total - len(decided))


def _unfit(session: Session) -> Iterator[Stored]:
    """Return the newest cases that no package fitted."""
    newest = select(UnfitCase).order_by(UnfitCase.recorded_on.desc(), UnfitCase.id).limit(MOST)
    for row in session.scalars(newest):
        yield {"needs": row.needs, "facts": row.facts}, row.area_code, row.recorded_on


def client_of_codes(values: Mapping[str, Any], day: date | None, places: Places) -> Client:
    """Return the client that was kept as codes (`netmap.matching.decisions.codes_of`), without a check.

    It was checked when it was kept. Codes that the vocabulary no longer has are left out; facts that were
    not kept are unknown.
    """
    known = vocabulary()
    facts = {*known.circumstances, *known.needs}
    area = values.get("area")
    return Client(
        needs={
            code: Rated(int(rated["severity"]), int(rated.get("urgency", 0)))
            for code, rated in values.get("needs", {}).items()
            if code in known.needs
        },
        facts={code: fact for code, fact in values.get("facts", {}).items() if code in facts},
        languages=frozenset(values.get("languages", ())),
        area=area,
        point=places.points.get(area) if area else None,
        long_term=bool(values.get("long_term", False)),
        needs_company=bool(values.get("needs_company", False)),
        day=day,
        track=values.get("track", ""),
        contested=frozenset(values.get("contested", ())),
    )
