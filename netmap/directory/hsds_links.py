"""Types and eligibility that a source states in netmap's own taxonomies."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.hsds_names import CIRCUMSTANCES_URI, SERVICE_TYPES_URI
from netmap.directory.hsds_resolve import Record
from netmap.directory.models import (
    Attribute,
    EligibilityRule,
    Service,
    ServiceTypeLink,
    Taxonomy,
    TaxonomyTerm,
)
from netmap.directory.report import Report
from netmap.i18n import gettext as _
from netmap.vocabulary.terms import vocabulary

EVIDENCE = "source"  # marks what a source said, so that the next import may take it back
EFFECTS = {
    "eligibility_required": "required",
    "eligibility_excluded": "excluded",
    "eligibility_welcome": "welcome",
}


def link(session: Session, source: str, attributes: Iterable[Record], report: Report) -> set[str]:
    """Give services the types and eligibility rules that the source states; return the services that changed.

    What a person decided about a type is never touched. What an earlier import of this source stated and
    the source states no more is taken back.
    """
    rows = {record.id: record for record in attributes}
    types: set[tuple[str, str]] = set()
    rules: set[tuple[str, str, str]] = set()
    known = vocabulary()
    for id_, service_id, kind, code, uri in _stated(session, source):
        codes: Mapping[str, object] = known.service_types if uri == SERVICE_TYPES_URI else known.circumstances
        if uri == CIRCUMSTANCES_URI and kind not in EFFECTS:
            _refuse(report, rows.get(id_), "link_type", kind, EFFECTS)
        elif code not in codes:
            _refuse(report, rows.get(id_), "taxonomy_term_id", code, codes)
        elif uri == SERVICE_TYPES_URI:
            types.add((service_id, str(code)))
        else:
            rules.add((service_id, str(code), EFFECTS[str(kind)]))
    session.expire_all()
    return _set_types(session, source, types) | _set_rules(session, source, rules)


def _stated(session: Session, source: str) -> list[tuple[str, str, str | None, str | None, str | None]]:
    query = (
        select(Attribute.id, Attribute.link_id, Attribute.link_type, TaxonomyTerm.code, Taxonomy.uri)
        .join(TaxonomyTerm, Attribute.taxonomy_term_id == TaxonomyTerm.id)
        .join(Taxonomy, TaxonomyTerm.taxonomy_id == Taxonomy.id)
        .where(Attribute.source_id == source, Attribute.removed_in_source.is_(None))
        .where(Attribute.link_entity == "service", Taxonomy.uri.in_((SERVICE_TYPES_URI, CIRCUMSTANCES_URI)))
        .order_by(Attribute.id)
    )
    return [(id_, linked, kind, code, uri) for id_, linked, kind, code, uri in session.execute(query)]


def _refuse(
    report: Report, record: Record | None, field: str, word: str | None, known: Mapping[str, object]
) -> None:
    nearest = get_close_matches((word or "")[:100], known, n=1, cutoff=0.0)
    reason = _("not a code of netmap; the nearest is '%(nearest)s'", nearest=nearest[0] if nearest else "")
    report.reject(record.file if record else "", record.number if record else 0, field, word, reason)


def _set_types(session: Session, source: str, wanted: set[tuple[str, str]]) -> set[str]:
    query = select(ServiceTypeLink, Service.source_id).join(Service)
    links = {(link.service_id, link.code): (link, owner) for link, owner in session.execute(query)}
    changed: set[str] = set()
    for key, (found, owner) in links.items():
        by_source = found.evidence == EVIDENCE and found.decided_at is None
        if key not in wanted and by_source and owner == source:
            session.delete(found)
            changed.add(found.service_id)
    for service_id, code in sorted(wanted):
        before = links.get((service_id, code), (None, None))[0]
        if before is None:
            new = ServiceTypeLink(service_id=service_id, code=code, state="confirmed", evidence=EVIDENCE)
            session.add(new)
        elif before.decided_at is None and before.evidence != EVIDENCE:
            before.state, before.confidence, before.evidence = "confirmed", None, EVIDENCE
        else:
            continue
        changed.add(service_id)
    session.flush()
    return changed


def _set_rules(session: Session, source: str, wanted: set[tuple[str, str, str]]) -> set[str]:
    query = select(EligibilityRule, Service.source_id).join(Service)
    rules = {(rule.service_id, rule.code, rule.effect): (rule, of) for rule, of in session.execute(query)}
    changed: set[str] = set()
    for key, (found, owner) in rules.items():
        if key not in wanted and found.evidence == EVIDENCE and owner == source:
            session.delete(found)
            changed.add(found.service_id)
    for service_id, code, effect in sorted(wanted - set(rules)):
        session.add(EligibilityRule(service_id=service_id, code=code, effect=effect, evidence=EVIDENCE))
        changed.add(service_id)
    session.flush()
    return changed
