"""Who is linked with whom, so that a client can be handed over from one to the other."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations

from sqlalchemy.orm import Session

from netmap.network.ties import bonds
from netmap.network.ties import queries as tie_queries
from netmap.network.ties.bonds import CONTACT_MONTHS, Bond, months_before
from netmap.network.ties.meeting import MOST_MEMBERS
from netmap.network.ties.queries import AgreementRow, TieRow

__all__ = ["CONTACT_MONTHS", "all_bonds", "linked"]

KIND_OF_ROLE = {
    "decides": bonds.JOINT_SERVICE,
    "delivers": bonds.JOINT_SERVICE,
    "pays": bonds.FUNDING,
    "answers_to": bonds.OVERSIGHT,
}


def linked(session: Session, day: date, months: int = CONTACT_MONTHS) -> frozenset[frozenset[str]]:
    """Return the pairs of organizations between which people can be handed over on a day.

    Two are linked by an agreement or a joint service that holds on the day, or by any recorded contact or use
    within the months before it. Money that flows, or oversight, links nobody without a contact; to sit in
    one body never does. What our own staff noted about one organization is a contact with us and links no
    two of them. An organization is linked with itself, without a pair saying so.

    Parameters
    ----------
    session : Session
    day : date
    months : int
        How long a contact counts.
    """
    since = months_before(day, months)
    return frozenset(frozenset(one.pair) for one in _that_may_link(session) if one.links(day, since))


def all_bonds(session: Session) -> list[Bond]:
    """Return every tie between two: agreements, ties of the directory, joint services, seats in one body."""
    return [*_that_may_link(session), *_of_bodies(session)]


def _that_may_link(session: Session) -> list[Bond]:
    ties = tie_queries.tie_rows(session)
    agreements = tie_queries.agreement_rows(session)
    noted = tie_queries.last_contacts(session)
    return [*_of_agreements(agreements, ties, noted), *_of_ties(ties), *_of_services(session)]


def _of_agreements(
    agreements: Sequence[AgreementRow], ties: Sequence[TieRow], noted: Mapping[str, date]
) -> Iterator[Bond]:
    """Give each two parties of an agreement.

    Their last contact is what their tie in the directory tells, or the day for which use was counted.
    """
    contacts: Mapping[tuple[str, frozenset[str]], list[date]] = defaultdict(list)
    for tie in ties:
        if tie.agreement and tie.last:
            contacts[tie.agreement, frozenset((tie.one, tie.other))].append(tie.last)
    for row in agreements:
        if row.begins is None:
            continue  # a draft binds nobody
        parties = dict.fromkeys(party for party in row.parties if party)
        for one, other in combinations(parties, 2):
            days = [*contacts[row.id, frozenset((one, other))], *([row.used_on] if row.used_on else [])]
            ours = max((noted[party] for party in (one, other) if party in noted), default=None)
            yield bonds.bond(
                one, other, bonds.AGREEMENT, row.title,
                begins=row.begins, ends=row.ends, last=max(days, default=None),
                source="agreement", key=row.id, noted=ours,
            )  # fmt: skip


def _of_ties(ties: Sequence[TieRow]) -> Iterator[Bond]:
    for tie in ties:
        if tie.agreement is None:
            yield bonds.bond(
                tie.one, tie.other, tie.kind or bonds.CONTACT, tie.matter or "",
                begins=tie.begins, ends=tie.ends, last=tie.last, key=tie.id,
            )  # fmt: skip


def _of_services(session: Session) -> Iterator[Bond]:
    for row in tie_queries.party_rows(session):
        yield bonds.bond(
            row.host, row.party, KIND_OF_ROLE[row.role], row.name, source="service", key=row.service
        )


def _of_bodies(session: Session) -> Iterator[Bond]:
    """Give each two organizations that sit in the same body, unless it is a large assembly."""
    for row in tie_queries.body_rows(session):
        if len(row.members) <= MOST_MEMBERS:
            for one, other in combinations(row.members, 2):
                yield bonds.bond(
                    one, other, bonds.JOINT_BODY, row.name,
                    ends=row.ends, last=row.met, source="body", key=row.id,
                )  # fmt: skip
