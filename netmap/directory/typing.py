"""Suggesting netmap service types for imported services, and keeping what people decide about them.

A suggestion comes from a table (term of another taxonomy -> type) and from the service's own words. It is
only a suggestion: it carries a badge, and counts as unknown in gaps, until a person has decided.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.models import (
    TYPE_STATES,
    Attribute,
    EligibilityRule,
    Service,
    ServiceTypeLink,
    TaxonomyTerm,
)
from netmap.directory.typing_model import Reading, Text, text_model
from netmap.directory.typing_terms import Vote, circumstances, votes
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.jobs import queue
from netmap.vocabulary.terms import LANGUAGES, vocabulary
from netmap.vocabulary.words import languages_of

LEAST_CONFIDENCE = 0.35  # chosen on the choosing half of the hand-typed sample: see benchmarks/service_types.py
MOST_TYPES = 3
LEAST_TEXT = 0.15  # below this the words do not count as evidence beside a term
FROM_SOURCE = "source"  # evidence of a type that the source itself states
TERM = "term: "
_CHUNK = 500


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


def suggest_types(session: Session, service_ids: Collection[str] | None = None) -> TypingResult:
    """Return the figures of a run that suggests types, and whom services are for.

    Suggestions of an earlier run are brought up to date or removed. What a person decided is never touched,
    and the types of a service with a confirmed one are left alone. The run reads the whole directory even
    where only some services are asked for, because its texts are learnt from.

    Parameters
    ----------
    session : Session
        The caller's transaction; rows are flushed, not committed.
    service_ids : collection of str, optional
        The services to look at; all where not given.
    """
    texts = _texts(session)
    terms = _terms(session)
    links = _links(session)
    wanted = sorted(texts) if service_ids is None else sorted(texts.keys() & set(service_ids))
    changed = _welcome(session, {service: terms.get(service, []) for service in wanted})
    untyped = [one for one in wanted if not _typed(links.get(one, {}).values())]
    reading = text_model(_languages(texts.values())).read(texts)
    found: list[list[Suggestion]] = []
    for service in untyped:
        own = links.get(service, {})
        rejected = {code for code, link in own.items() if link.state == "rejected"}
        found.append(_suggestions(reading, service, votes(terms.get(service, [])), rejected))
        if _store(session, service, found[-1], own):
            changed.add(service)
    session.flush()
    _index(session, changed)
    return TypingResult(
        suggested=sum(len(some) for some in found),
        services=len(untyped),
        covered=sum(bool(some) for some in found),
        by_table=sum(one.by_table for some in found for one in some),
        by_text=sum(one.by_text for some in found for one in some),
    )


def decide(
    session: Session, service_id: str, code: str, state: str, by: str | None = None
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

    Raises
    ------
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
    if state == "suggested":
        link = _take_back(session, link)
    else:
        if link is None:
            link = ServiceTypeLink(service_id=service_id, code=code)
            session.add(link)
        link.state, link.decided_at, link.decided_by = state, now(), by
    session.flush()
    _index(session, {service_id})
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


def _texts(session: Session) -> dict[str, Text]:
    query = (
        select(Service.id, Service.name, Service.description, Service.text_language)
        .where(Service.removed_in_source.is_(None))
        .order_by(Service.id)
    )
    return {
        id_: Text(name, description, (language,) if language else languages_of(f"{name}. {description}"))
        for id_, name, description, language in session.execute(query)
    }


def _terms(session: Session) -> dict[str, list[str]]:
    """Return the names of the terms of each service; netmap's own taxonomies are the importer's work."""
    query = (
        select(Attribute.link_id, TaxonomyTerm.name, Attribute.link_type)
        .join(TaxonomyTerm, Attribute.taxonomy_term_id == TaxonomyTerm.id)
        .where(Attribute.link_entity == "service", Attribute.removed_in_source.is_(None))
        .order_by(Attribute.link_id, TaxonomyTerm.name, TaxonomyTerm.id)
    )
    found: dict[str, list[str]] = {}
    for service, name, kind in session.execute(query):
        if not (kind or "").startswith(("service_type", "eligibility_")):
            found.setdefault(service, []).append(name)
    return found


def _languages(texts: Iterable[Text]) -> tuple[str, ...]:
    occur = {language for text in texts for language in text.languages}
    return tuple(language for language in LANGUAGES if language in occur) or LANGUAGES


def _typed(links: Iterable[ServiceTypeLink]) -> bool:
    return any(link.state == "confirmed" for link in links)


def _links(session: Session) -> dict[str, dict[str, ServiceTypeLink]]:
    found: dict[str, dict[str, ServiceTypeLink]] = {}
    query = select(ServiceTypeLink).order_by(ServiceTypeLink.service_id, ServiceTypeLink.code)
    for link in session.scalars(query):
        found.setdefault(link.service_id, {})[link.code] = link
    return found


def _suggestions(
    reading: Reading, service: str, by_table: Mapping[str, Vote], rejected: Collection[str]
) -> list[Suggestion]:
    """Return at most three suggestions for one service, the surest first."""
    by_text = reading.confidences(service)
    ranked = []
    for code in (by_text.keys() | by_table.keys()) - set(rejected):
        doubt = 1 - by_text.get(code, 0.0)
        if code in by_table:
            doubt *= 1 - by_table[code].confidence
        ranked.append((-round(1 - doubt, 3), code))
    found = []
    for negative, code in sorted(ranked)[:MOST_TYPES]:
        if -negative < LEAST_CONFIDENCE:
            break
        quote = reading.evidence(service, code) if by_text.get(code, 0.0) >= LEAST_TEXT else ""
        reasons = [f"{TERM}{by_table[code].term}"] if code in by_table else []
        reasons += [f"“{quote}”"] if quote else []
        found.append(Suggestion(code, -negative, "; ".join(reasons), code in by_table, bool(quote)))
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


def _welcome(session: Session, terms: Mapping[str, list[str]]) -> set[str]:
    """Store for whom services are meant by their terms, and return the services that changed.

    A term for people says whom a service has in mind, not that it sends others away: so "welcome", no more.
    """
    rules: dict[str, dict[str, list[EligibilityRule]]] = {}
    for rule in session.scalars(select(EligibilityRule).order_by(EligibilityRule.id)):
        rules.setdefault(rule.service_id, {}).setdefault(rule.code, []).append(rule)
    changed: set[str] = set()
    for service, names in terms.items():
        wanted = circumstances(names)
        for code, own in rules.get(service, {}).items():
            for rule in own:
                if code not in wanted and rule.effect == "welcome" and rule.evidence.startswith(TERM):
                    session.delete(rule)
                    changed.add(service)
        for code, term in wanted.items():
            if code not in rules.get(service, {}):
                evidence = f"{TERM}{term}"
                session.add(
                    EligibilityRule(service_id=service, code=code, effect="welcome", evidence=evidence)
                )
                changed.add(service)
    return changed


def _index(session: Session, services: Iterable[str]) -> None:
    ids = sorted(services)
    for start in range(0, len(ids), _CHUNK):
        queue.later(session, "index-services", ids=ids[start : start + _CHUNK])
