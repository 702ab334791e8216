"""What waits for people in every directory: records long unconfirmed, and pairs to be merged."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.models import Organization, Service, Source, Vacancy
from netmap.duplicates.finding import SURELY, search
from netmap.freshness.age import age_of, rhythm
from netmap.upkeep.findings import Finding, some

GONE = ("inactive", "defunct")
_WORDS = {"organization": "organizations", "service": "services", "location": "places"}


def stale(session: Session, settings: Settings) -> Iterator[Finding]:
    """Yield how many services of each source nobody confirmed, or not for longer than their own rhythm."""
    today = now().astimezone(settings.zone()).date()
    yield from _of_services(session, today, settings.stale_days)
    over = select(Vacancy.id).where(
        Vacancy.valid_to < today, Vacancy.withdrawn_at.is_(None), Vacancy.removed_in_source.is_(None)
    )
    found = list(session.scalars(over.order_by(Vacancy.id)))
    if found:
        sentence = f"{len(found)} vacancies are past their last day, and nobody withdrew or renewed them."
        yield Finding("stale", "note", sentence, len(found), some(found))


def _of_services(session: Session, today: date, stale_days: int) -> Iterator[Finding]:
    query = select(
        Service.id, Service.source_id, Service.assured_date, Service.review_days, Organization.review_days
    ).outerjoin(Organization, Service.organization_id == Organization.id)
    query = query.where(Service.removed_in_source.is_(None), Service.status.not_in(GONE))
    names = {row.id: row.name for row in session.execute(select(Source.id, Source.name))}
    found: dict[str | None, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for id_, source, assured, own, of_organization in session.execute(query.order_by(Service.id)):
        age = age_of(assured, rhythm(own, of_organization, stale_days), today)
        found[source]["all"].append(id_)
        if age.warns:
            found[source][age.state].append(id_)
    for source in sorted(found, key=str):
        never, old, total = (found[source][name] for name in ("never", "old", "all"))
        if never or old:
            where = f"of {names.get(source or '', source)}" if source else "that were typed here"
            sentence = (
                f"{len(never)} of {len(total)} services {where} were never confirmed by a person, and "
                f"{len(old)} not for longer than they should be. The page Upkeep says whom to ring first."
            )
            yield Finding("stale", "note", sentence, len(never) + len(old), some([*old, *never]))


def duplicate(session: Session, _settings: Settings) -> Iterator[Finding]:
    """Yield how many pairs of records are surely one thing."""
    for table, (pairs, _records) in search(session).items():
        surely = [pair for pair in pairs if pair.sure == SURELY]
        if surely:
            sentence = (
                f"{len(surely)} pairs of {_WORDS[table]} are surely one thing. Merge them on the page "
                "Duplicates, or say there that they are two."
            )
            named = [f"{pair.first.id} and {pair.second.id}" for pair in surely]
            yield Finding("duplicate", "note", sentence, len(surely), some(named))
