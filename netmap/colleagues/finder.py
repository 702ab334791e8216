"""Which colleague to ask: who speaks a language, knows a matter or an area, or knows a provider."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from netmap.auth.models import User
from netmap.colleagues.models import PersonalTie, Skill
from netmap.directory.models import Organization
from netmap.directory.plain_search import patterns
from netmap.partners.models import PartnerContact, Partnership

MOST_WORDS = 6
# What each reason is worth in the order: own words, then looking after, then having spoken with them.
SAYS, LOOKS_AFTER, KNOWS, SPOKE = "says", "looks_after", "knows", "spoke"
WORTH = {SAYS: 8, LOOKS_AFTER: 4, KNOWS: 2, SPOKE: 1}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for among colleagues: codes and words of a provider's name, each may be empty."""

    language: str = ""
    need: str = ""
    area: str = ""
    provider: str = ""

    def anything(self) -> bool:
        """Whether anything was asked."""
        return bool(self.language or self.need or self.area or self.provider.strip())


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a colleague may know it.

    ``kind`` is "says", "looks_after", "knows" or "spoke"; ``code`` the skill's kind and code; ``name`` and
    ``organization_id`` the provider's; ``day`` that of the last contact.
    """

    kind: str
    code: tuple[str, str] = ("", "")
    note: str = ""
    name: str = ""
    organization_id: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Expert:
    """A colleague with the reasons to ask this one, the weightiest first."""

    email: str
    role: str
    reasons: tuple[Reason, ...]


def find(session: Session, asked: Asked, *, reader: str) -> list[Expert]:
    """Return colleagues who may sign in and know what was asked, those who know most of it first.

    Parameters
    ----------
    session : Session
    asked : Asked
        Everything that is given has to be met; with nothing given, all colleagues who said something.
    reader : str
        E-mail of who asks: a tie that is not shared is shown to its owner only.
    """
    found: dict[str, list[Reason]] = defaultdict(list)
    wanted = 0
    for kind, code in (("language", asked.language), ("need", asked.need), ("area", asked.area)):
        if code or not asked.anything():
            for owner, reason in _skills(session, kind, code):
                found[owner].append(reason)
        wanted += bool(code)
    if asked.provider.strip():
        for owner, reason in _providers(session, asked.provider, reader):
            found[owner].append(reason)
        wanted += 1
    active = session.execute(select(User.email, User.role).where(User.active.is_(True)))
    roles = {email: role for email, role in active}  # noqa: C416  (rows are no pairs for mypy)
    experts = [
        Expert(owner, roles[owner], tuple(sorted(reasons, key=_weight)))
        for owner, reasons in found.items()
        if owner in roles and _met(reasons) >= wanted
    ]
    return sorted(experts, key=lambda one: (-sum(WORTH[why.kind] for why in one.reasons), one.email))


def _weight(reason: Reason) -> tuple[int, str, str]:
    return -WORTH[reason.kind], reason.name.casefold(), reason.code[1]


def _met(reasons: list[Reason]) -> int:
    """Return how many of the things asked the reasons answer: each kind of skill, and the provider."""
    skills = {reason.code[0] for reason in reasons if reason.kind == SAYS}
    return len(skills) + any(reason.kind != SAYS for reason in reasons)


def _skills(session: Session, kind: str, code: str) -> Iterator[tuple[str, Reason]]:
    query = select(Skill).where(Skill.kind == kind, *([Skill.code == code] if code else []))
    for row in session.scalars(query.order_by(Skill.code, Skill.id)):
        yield row.owner, Reason(SAYS, (row.kind, row.code), row.note or "")


def _named(words: str) -> ColumnElement[bool]:
    """Return the condition that an organization has all words in its name, with any ending."""
    found: ColumnElement[bool] = Organization.removed_in_source.is_(None)
    for word in words.split()[:MOST_WORDS]:
        found &= or_(*(Organization.name.like(like, escape="\\") for like in patterns(word)))
    return found


def _providers(session: Session, words: str, reader: str) -> Iterator[tuple[str, Reason]]:
    named = _named(words)
    query = select(Partnership.owner, Organization.id, Organization.name).join(Partnership.organization)
    for owner, id_, name in session.execute(query.where(named, Partnership.owner.is_not(None))):
        yield str(owner), Reason(LOOKS_AFTER, name=name, organization_id=id_)
    ties = select(PersonalTie, Organization.name).join(PersonalTie.organization).where(named)
    ties = ties.where(or_(PersonalTie.shared.is_(True), PersonalTie.owner == reader))
    for tie, name in session.execute(ties):
        yield tie.owner, Reason(KNOWS, note=tie.sentence, name=name, organization_id=tie.organization_id)
    spoke = select(PartnerContact.noted_by, Organization.id, Organization.name, func.max(PartnerContact.day))
    spoke = spoke.join(Organization, Organization.id == PartnerContact.organization_id).where(named)
    for owner, id_, name, day in session.execute(spoke.group_by(PartnerContact.noted_by, Organization.id)):
        yield owner, Reason(SPOKE, name=name, organization_id=id_, day=day)
