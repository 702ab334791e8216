"""Decisions about packages as the network room counts them: the same codes in one week are one case."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.freshness.uses import monday
from netmap.matching.models import Decision
from netmap.packages.document import Line, stored
from netmap.packages.models import PackageVersion


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: package, area, day, what came of it, the client's needs, and who serves which line."""

    package: str
    area: str | None
    day: date
    outcome: str
    reason: str
    needs: frozenset[str]
    dropped: frozenset[str]
    providers: Mapping[str, str]
    lines: tuple[Line, ...]


def decided_once(session: Session, since: date) -> Iterator[Decided]:
    """Yield the decisions from a day on; of those with the same codes in one week only the last."""
    query = select(Decision).where(Decision.decided_on > since)
    query = query.order_by(Decision.decided_on, Decision.id)
    kept: dict[tuple[object, ...], Decision] = {}
    for row in session.scalars(query):
        codes = json.dumps(row.client, sort_keys=True)
        kept[row.package_code, row.area_code, monday(row.decided_on), codes] = row
    lines = _lines(session, {(row.package_code, row.package_version) for row in kept.values()})
    for row in kept.values():
        rated = row.client.get("needs", {})
        yield Decided(
            package=row.package_code,
            area=row.area_code,
            day=row.decided_on,
            outcome=row.outcome,
            reason=row.reason,
            needs=frozenset(code for code, one in rated.items() if one["severity"] > 0),
            dropped=frozenset(row.dropped),
            providers=row.providers,
            lines=lines.get((row.package_code, row.package_version), ()),
        )


def _lines(session: Session, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], tuple[Line, ...]]:
    """Return the lines of the versions of packages that were decided about."""
    codes = {code for code, _number in wanted}
    rows = session.scalars(select(PackageVersion).where(PackageVersion.package_code.in_(codes)))
    return {
        (row.package_code, row.number): stored(row.document).lines
        for row in rows
        if (row.package_code, row.number) in wanted
    }
