"""Suggesting netmap service types for imported services, and keeping what people decide about them.

A suggestion comes from a table (term of another taxonomy -> type) and from the service's own words. It is
only a suggestion: it carries a badge, and counts as unknown in gaps, until a person has decided.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.models import TYPE_STATES, Service, ServiceTypeLink
from netmap.directory.touched import index_later
from netmap.directory.typing_model import Reading, text_model
from netmap.directory.typing_rows import TERM, languages_in, links_of, terms_of, texts_of, welcome
from netmap.directory.typing_terms import Vote, votes
from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.vocabulary.terms import vocabulary

# Chosen on the choosing half of the hand-typed sample (benchmarks/service_types.py): a second type is right
# less often than a first one of the same confidence.
LEAST_FIRST, LEAST_FURTHER = 0.4, 0.55
MOST_TYPES = 3
LEAST_TEXT = 0.15  # below this the words do not count as evidence beside a term
FROM_SOURCE = "source"  # evidence of a type that the source itself states


@dataclass(frozen=True)
class TypingResult:
    """What a run of :func:`suggest_types` did.

    Attributes
    ----------
    suggested : int
        Suggestions that now wait for a decision.
    services : int
        Services without a confirmed type that were looked at.
    covered : int
        Those of them with at least one suggestion.
    by_table, by_text : int
        Suggestions that a term, or words of the text, speak for; one may count in both.
    """

    suggested: int
    services: int
    covered: int
    by_table: int
    by_text: int


@dataclass(frozen=True)
class Suggestion:
    """A type, how sure netmap is of it (0 to 1) and why."""

    code: str
    confidence: float
    evidence: str
    by_table: bool
    by_text: bool


Proposals = Mapping[str, list[Suggestion]]
"""Service id -> what netmap would suggest for it; services with a confirmed type are not there."""


def suggest_types(session: Session, service_ids: Collection[str] | None = None) -> TypingResult:
    """Return the figures of a run that suggests types, and whom services are for: `propose`, then `keep`.

    Parameters
    ----------
    session : Session
        The caller's transaction; rows are flushed, not committed.
    service_ids : collection of str, optional
        The services to look at; all where not given.
    """
    return keep(session, propose(session, service_ids), service_ids)


def propose(session: Session, service_ids: Collection[str] | None = None) -> Proposals:
    """Return what would be suggested; nothing is written, since learning takes seconds and locks nobody out.

    The run reads the whole directory even where only some services are asked for, because its texts are
    learnt from.
    """
    texts, terms, links = texts_of(session), terms_of(session), links_of(session)
    wanted = sorted(texts) if service_ids is None else sorted(texts.keys() & set(service_ids))
    reading = text_model(languages_in(texts.values())).read(texts)
    return {
        one: _suggestions(reading, one, votes(terms.get(one, [])), _rejected(links.get(one, {})))
        for one in wanted
        if not _is_typed(links.get(one, {}).values())
    }


def keep(session: Session, proposals: Proposals, service_ids: Collection[str] | None = None) -> TypingResult:
    """Return the figures of what was stored: suggestions, and the groups that terms say a service is for.

    It can be repeated: own suggestions that no longer hold go, and what a person decided, also since the
    proposals were made, stays.
    """
    terms, links = terms_of(session), links_of(session)
    known = texts_of(session).keys()
    asked = known if service_ids is None else known & set(service_ids)
    changed = welcome(session, {service: terms.get(service, []) for service in sorted(asked)})
    found: list[list[Suggestion]] = []
    for service, proposed in proposals.items():
        own = links.get(service, {})
        if service not in known or _is_typed(own.values()):
            continue
        found.append([one for one in proposed if one.code not in _rejected(own)])
        if _store(session, service, found[-1], own):
            changed.add(service)
    session.flush()
    index_later(session, changed)
    return TypingResult(
        suggested=sum(len(some) for some in found),
        services=len(found),
        covered=sum(bool(some) for some in found),
        by_table=sum(one.by_table for some in found for one in some),
        by_text=sum(one.by_text for some in found for one in some),
    )


def _rejected(links: Mapping[str, ServiceTypeLink]) -> set[str]:
    return {code for code, link in links.items() if link.state == "rejected"}


class DecidedMeanwhile(Conflict):
    """Somebody else has decided otherwise since the person looked; ``link`` is what holds now."""

    def __init__(self, message: str, link: ServiceTypeLink) -> None:
        super().__init__(message)
        self.link = link


def decide(
    session: Session,
    service_id: str,
    code: str,
    state: str,
    by: str | None = None,
    seen: int | None = None,
) -> ServiceTypeLink | None:
    """Return the link after a person has decided whether a service is of a type; None where it is gone.

    Parameters
    ----------
    session : Session
        The caller's transaction.
    service_id, code : str
        The service and the service type. A type that was not suggested is added by confirming it.
    state : str
        "confirmed", "rejected", or "suggested" to take the decision back: a suggestion waits again, what the
        source said holds again, and what a person added is removed.
    by : str, optional
        E-mail address of the person.
    seen : int, optional
        The version of the link that the person looked at, 0 where there was none. None overrules whatever
        was decided meanwhile.

    Raises
    ------
    DecidedMeanwhile
        If a person has decided otherwise since that version.
    NotFound
        If there is no such service.
    Invalid
        If there is no such service type or state.
    """
    if session.get(Service, service_id) is None:
        raise NotFound(_("There is no such service. It may have been removed."))
    if code not in vocabulary().service_types:
        sentence = _("Choose a service type from the list.")
        raise Invalid(_("This type cannot be added: %(why)s", why=sentence), {"code": sentence})
    if state not in TYPE_STATES:
        raise Invalid(_("A type is confirmed, rejected or suggested, not '%(state)s'.", state=state[:40]))
    query = select(ServiceTypeLink).where(
        ServiceTypeLink.service_id == service_id, ServiceTypeLink.code == code
    )
    link = session.scalar(query)
    if link is not None and link.decided_at and link.state != state and seen not in (None, link.version):
        raise DecidedMeanwhile(_("Somebody else has decided otherwise about this type."), link)
    if state == "suggested":
        link = _take_back(session, link)
    else:
        if link is None:
            link = ServiceTypeLink(service_id=service_id, code=code)
            session.add(link)
        link.state, link.decided_at, link.decided_by = state, now(), by
    session.flush()
    index_later(session, {service_id})
    return link


def _take_back(session: Session, link: ServiceTypeLink | None) -> ServiceTypeLink | None:
    if link is None:
        return None
    if link.confidence is None and link.evidence != FROM_SOURCE:
        session.delete(link)
        return None
    link.state = "confirmed" if link.evidence == FROM_SOURCE else "suggested"
    link.decided_at = link.decided_by = None
    return link


def _is_typed(links: Iterable[ServiceTypeLink]) -> bool:
    return any(link.state == "confirmed" for link in links)


def ranked(reading: Reading, service: str, by_table: Mapping[str, Vote]) -> list[tuple[str, float]]:
    """Return the types of one service with the confidence in each, the surest first.

    A term and the words are taken as independent witnesses: what both name is surer than what one names.
    """
    by_text = reading.confidences(service)
    found = []
    for code in by_text.keys() | by_table.keys():
        doubt = 1 - by_text.get(code, 0.0)
        if code in by_table:
            doubt *= 1 - by_table[code].confidence
        found.append((code, round(1 - doubt, 3)))
    return sorted(found, key=lambda one: (-one[1], one[0]))


def enough(candidates: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return those of the candidates, the surest first, that are sure enough to be suggested.

    Examples
    --------
    >>> enough([("shelter", 0.5), ("social_housing", 0.5)])
    [('shelter', 0.5)]
    """
    best = list(candidates)[:MOST_TYPES]
    return [one for place, one in enumerate(best) if one[1] >= (LEAST_FURTHER if place else LEAST_FIRST)]


def _suggestions(
    reading: Reading, service: str, by_table: Mapping[str, Vote], rejected: Collection[str]
) -> list[Suggestion]:
    candidates = [one for one in ranked(reading, service, by_table) if one[0] not in rejected]
    by_text = reading.confidences(service)
    found = []
    for code, confidence in enough(candidates):
        quote = reading.evidence(service, code) if by_text.get(code, 0.0) >= LEAST_TEXT else ""
        reasons = [f"{TERM}{by_table[code].term}"] if code in by_table else []
        reasons += [f"“{quote}”"] if quote else []
        found.append(Suggestion(code, confidence, "; ".join(reasons), code in by_table, bool(quote)))
    return found


def _store(
    session: Session, service: str, wanted: list[Suggestion], own: Mapping[str, ServiceTypeLink]
) -> bool:
    """Bring the suggestions of one service up to date and return whether anything changed."""
    changed = False
    for code, link in own.items():
        if link.state == "suggested" and code not in {one.code for one in wanted}:
            session.delete(link)
            changed = True
    for one in wanted:
        known = own.get(one.code)
        if known is not None and (known.confidence, known.evidence) == (one.confidence, one.evidence):
            continue
        link = known or ServiceTypeLink(service_id=service, code=one.code, state="suggested")
        link.confidence, link.evidence = one.confidence, one.evidence
        session.add(link)
        changed = True
    return changed
