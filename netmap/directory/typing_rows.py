"""The rows that typing reads, and the eligibility that it takes from terms."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import Attribute, EligibilityRule, Service, ServiceTypeLink, TaxonomyTerm
from netmap.directory.typing_model import Text
from netmap.directory.typing_terms import circumstances
from netmap.vocabulary.terms import LANGUAGES
from netmap.vocabulary.words import languages_of

TERM = "term: "  # how evidence from a term begins


def texts_of(session: Session) -> dict[str, Text]:
    """Return what providers wrote about each service that is still in its source, in the order of the ids."""
    query = (
        select(Service.id, Service.name, Service.description, Service.text_language)
        .where(Service.removed_in_source.is_(None))
        .order_by(Service.id)
    )
    return {
        id_: Text(name, description, (language,) if language else languages_of(f"{name}. {description}"))
        for id_, name, description, language in session.execute(query)
    }


def terms_of(session: Session) -> dict[str, list[str]]:
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


def languages_in(texts: Iterable[Text]) -> tuple[str, ...]:
    """Return the languages of netmap that occur in the texts; all where none does."""
    occur = {language for text in texts for language in text.languages}
    return tuple(language for language in LANGUAGES if language in occur) or LANGUAGES


def links_of(session: Session) -> dict[str, dict[str, ServiceTypeLink]]:
    """Return the type links of every service by type."""
    found: dict[str, dict[str, ServiceTypeLink]] = {}
    query = select(ServiceTypeLink).order_by(ServiceTypeLink.service_id, ServiceTypeLink.code)
    for link in session.scalars(query):
        found.setdefault(link.service_id, {})[link.code] = link
    return found


def welcome(session: Session, terms: Mapping[str, list[str]]) -> set[str]:
    """Store for whom services are meant by their terms and return the services that changed.

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
