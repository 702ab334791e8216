"""What a service is said to be by codes: its types, for whom it is, and how easy it is to begin.

Here the code itself is the name of the field (`types.debt_advice`), so that two people who say the same do
not say it twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory import typing
from netmap.directory.facet_codes import THRESHOLDS
from netmap.directory.hsds_names import THRESHOLDS_URI
from netmap.directory.models import (
    TYPE_STATES,
    Attribute,
    EligibilityRule,
    ServiceTypeLink,
    Taxonomy,
    TaxonomyTerm,
    new_id,
)
from netmap.editing.fields import Field
from netmap.editing.parts import Pen, Problems, Texts, below
from netmap.editing.words import effect_names, threshold_names, type_state_names
from netmap.i18n import gettext as _
from netmap.vocabulary.terms import label, vocabulary

STRONGEST_FIRST = ("required", "excluded", "welcome")


@dataclass(frozen=True)
class Types:
    """The service types, each with what was decided about it; a type that is left out waits again."""

    name = "types"

    def field(self, name: str) -> Field | None:
        """Return the field of a type."""
        start, _dot, code = name.partition(".")
        if start != self.name or code not in vocabulary().service_types:
            return None
        return Field(code, lambda: _("Type: %(what)s", what=label(code)), "choice", choices=type_state_names)

    def read(self, session: Session, row: Any) -> dict[str, str]:
        """Return type -> what was decided about it; codes that netmap does not have stay as they are."""
        query = (
            select(ServiceTypeLink).where(ServiceTypeLink.service_id == row.id).order_by(ServiceTypeLink.code)
        )
        links = [link for link in session.scalars(query) if link.code in vocabulary().service_types]
        return {f"{self.name}.{link.code}": link.state for link in links}

    def problems(self, session: Session, before: Texts, after: Texts) -> Problems:
        """Return the types about which nothing was chosen that can be."""
        return _unknown(self.name, TYPE_STATES, before, after)

    def write(self, pen: Pen, row: Any, before: Texts, after: Texts) -> None:
        """Write what was decided."""
        was, wanted = below(before, f"{self.name}."), below(after, f"{self.name}.")
        for code in dict.fromkeys([*was, *wanted]):
            if was.get(code) != wanted.get(code):
                typing.decide(pen.session, row.id, code, wanted.get(code, "suggested"), pen.by)

    def remove(self, pen: Pen, row: Any) -> None:
        """Do nothing: the database removes them with their service."""


@dataclass(frozen=True)
class ForWhom:
    """Circumstances that are required, excluded or welcome."""

    name = "eligibility"

    def field(self, name: str) -> Field | None:
        """Return the field of a circumstance."""
        start, _dot, code = name.partition(".")
        if start != self.name or code not in vocabulary().circumstances:
            return None
        return Field(code, lambda: label(code), "choice", choices=effect_names)

    def read(self, session: Session, row: Any) -> dict[str, str]:
        """Return circumstance -> what it means here, of several effects the strongest; others stay."""
        known, rules = vocabulary().circumstances, self._rules(session, row)
        return {f"{self.name}.{code}": rules[code][0].effect for code in rules if code in known}

    def _rules(self, session: Session, row: Any) -> dict[str, list[EligibilityRule]]:
        query = select(EligibilityRule).where(EligibilityRule.service_id == row.id)
        found: dict[str, list[EligibilityRule]] = {}
        for rule in session.scalars(query.order_by(EligibilityRule.code)):
            found.setdefault(rule.code, []).append(rule)
        for rules in found.values():
            rules.sort(key=lambda rule: STRONGEST_FIRST.index(rule.effect))
        return found

    def problems(self, session: Session, before: Texts, after: Texts) -> Problems:
        """Return the circumstances about which nothing was chosen that can be."""
        return _unknown(self.name, STRONGEST_FIRST, before, after)

    def write(self, pen: Pen, row: Any, before: Texts, after: Texts) -> None:
        """Write what was changed; other effects of a circumstance that was changed go."""
        was, wanted = below(before, f"{self.name}."), below(after, f"{self.name}.")
        rules = self._rules(pen.session, row)
        for code in dict.fromkeys([*was, *wanted]):
            if was.get(code) == wanted.get(code):
                continue
            for rule in rules.get(code, ()):
                pen.session.delete(rule)
            pen.session.flush()
            if effect := wanted.get(code):
                pen.session.add(EligibilityRule(id=new_id(), service_id=row.id, code=code, effect=effect))
        pen.session.flush()

    def remove(self, pen: Pen, row: Any) -> None:
        """Do nothing: the database removes them with their service."""


@dataclass(frozen=True)
class Thresholds:
    """How easy it is to begin; what is not ticked is not known, never "no"."""

    name = "threshold"

    def field(self, name: str) -> Field | None:
        """Return the field of a threshold."""
        start, _dot, code = name.partition(".")
        if start != self.name or code not in THRESHOLDS:
            return None
        return Field(code, lambda: threshold_names()[code], "yes")

    def read(self, session: Session, row: Any) -> dict[str, str]:
        """Return the thresholds that are known to be low."""
        found = {term.code for _attribute, term in self._stated(session, row)}
        return {f"{self.name}.{code}": "yes" for code in THRESHOLDS if code in found}

    def _stated(self, session: Session, row: Any) -> list[tuple[Attribute, TaxonomyTerm]]:
        query = (
            select(Attribute, TaxonomyTerm)
            .join(TaxonomyTerm, Attribute.taxonomy_term_id == TaxonomyTerm.id)
            .join(Taxonomy, TaxonomyTerm.taxonomy_id == Taxonomy.id)
            .where(Attribute.link_entity == "service", Attribute.link_id == row.id)
            .where(Taxonomy.uri == THRESHOLDS_URI, Attribute.removed_in_source.is_(None))
            .order_by(Attribute.id)
        )
        return [(attribute, term) for attribute, term in session.execute(query)]

    def problems(self, session: Session, before: Texts, after: Texts) -> Problems:
        """Return the thresholds that are neither ticked nor not."""
        return _unknown(self.name, ("yes",), before, after)

    def write(self, pen: Pen, row: Any, before: Texts, after: Texts) -> None:
        """Add what is ticked, remove what is not."""
        was, wanted = below(before, f"{self.name}."), below(after, f"{self.name}.")
        for attribute, term in self._stated(pen.session, row):
            if term.code in was and term.code not in wanted:
                pen.session.delete(attribute)
        for code in wanted.keys() - was.keys():
            term = _threshold_term(pen.session, code)
            pen.session.add(
                Attribute(
                    id=new_id(), link_id=row.id, link_entity="service", link_type="threshold",
                    taxonomy_term_id=term.id,
                )
            )  # fmt: skip
        pen.session.flush()

    def remove(self, pen: Pen, row: Any) -> None:
        """Remove them: no foreign key leads to the service."""
        for attribute, _term in self._stated(pen.session, row):
            pen.session.delete(attribute)


def _threshold_term(session: Session, code: str) -> TaxonomyTerm:
    """Return the term of a threshold; a base that has never met one gets it."""
    taxonomy = session.scalars(
        select(Taxonomy).where(Taxonomy.uri == THRESHOLDS_URI).order_by(Taxonomy.id).limit(1)
    ).first()
    if taxonomy is None:
        taxonomy = Taxonomy(id=new_id(), name="Thresholds of netmap", uri=THRESHOLDS_URI)
        session.add(taxonomy)
        session.flush()
    query = select(TaxonomyTerm).where(TaxonomyTerm.taxonomy_id == taxonomy.id, TaxonomyTerm.code == code)
    term = session.scalars(query.order_by(TaxonomyTerm.id).limit(1)).first()
    if term is None:
        term = TaxonomyTerm(id=new_id(), code=code, name=code, taxonomy_id=taxonomy.id)
        session.add(term)
        session.flush()
    return term


def _unknown(name: str, values: tuple[str, ...], before: Texts, after: Texts) -> Problems:
    was: Mapping[str, str] = below(before, f"{name}.")
    sentence = _("Choose one of what the list offers.")
    return {
        f"{name}.{code}": sentence
        for code, value in below(after, f"{name}.").items()
        if value != was.get(code) and value not in values
    }
