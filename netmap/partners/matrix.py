"""Partners by kinds of service: who offers what now, who could, who not; and where nobody does yet.

An empty cell says that nobody has asked: it is never a no. What the directory tells by a confirmed type of a
living service stands beside it as a mark, and where a partner said something else, that is shown.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.directory.models import Organization, Service, ServiceTypeLink
from netmap.editing.models import Edit
from netmap.editing.writing import edit
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.partners.models import ANSWERS, PartnerService, Partnership
from netmap.partners.typed import Form
from netmap.vocabulary.terms import GROUPS, label, vocabulary

SHOWN_STATES = ("partner", "in_talks", "potential")
Cell = tuple[str, str]  # organization id, service type


@dataclass(frozen=True)
class Matrix:
    """The answers of some organizations about some types of service; ``listed``: told by the directory."""

    organizations: Sequence[tuple[str, str, str]]  # id, name, state
    types: Sequence[str]
    answers: Mapping[Cell, str]
    listed: frozenset[Cell]

    def answer(self, organization_id: str, service_type: str) -> str:
        """Return "now", "could", "no", or "" where nobody asked."""
        return self.answers.get((organization_id, service_type), "")

    def contradicts(self, organization_id: str, service_type: str) -> bool:
        """Return whether the partner said that it does not offer what the directory lists."""
        cell = organization_id, service_type
        return cell in self.listed and self.answers.get(cell) in ("could", "no")


@dataclass(frozen=True, slots=True)
class Reach:
    """How many partners offer a type now (``listed`` by the directory only), could, do not."""

    service_type: str
    now: int
    listed: int
    could: int
    no: int


def types_of(group: str) -> tuple[str, ...]:
    """Return the service types of a group of the vocabulary, by their names."""
    found = [code for code, one in vocabulary().service_types.items() if one.group == group]
    return tuple(sorted(found, key=lambda code: label(code).casefold()))


def group_or_first(wish: str) -> str:
    """Return a group of service types, the first where there is none of that name."""
    return wish if wish in GROUPS else GROUPS[0]


def page(session: Session, group: str, *, state: str = "", limit: int, offset: int = 0) -> tuple[int, Matrix]:
    """Return how many organizations have a row, and a part of the matrix for a group of service types."""
    states = (state,) if state in SHOWN_STATES else SHOWN_STATES
    wanted = Partnership.state.in_(states)
    total = session.scalar(select(func.count(Partnership.id)).where(wanted)) or 0
    query = select(Organization.id, Organization.name, Partnership.state)
    query = query.join(Partnership, Partnership.organization_id == Organization.id).where(wanted)
    rows = session.execute(query.order_by(Organization.name, Organization.id).limit(limit).offset(offset))
    return total, _matrix(session, [(row[0], row[1], row[2]) for row in rows], types_of(group))


def of_some(session: Session, ids: Collection[str], group: str) -> Matrix:
    """Return the answers of these organizations, by name, for a group of service types."""
    query = select(Organization.id, Organization.name, func.coalesce(Partnership.state, "known"))
    query = query.outerjoin(Partnership, Partnership.organization_id == Organization.id)
    query = query.where(Organization.id.in_(sorted(ids))).order_by(Organization.name, Organization.id)
    rows = [(row[0], row[1], row[2]) for row in session.execute(query)]
    return _matrix(session, rows, types_of(group))


def of_organization(session: Session, organization: Organization, state: str) -> Matrix:
    """Return all answers of one organization and what the directory tells of it."""
    types = tuple(vocabulary().service_types)
    return _matrix(session, [(organization.id, organization.name, state)], types)


def _matrix(session: Session, organizations: Sequence[tuple[str, str, str]], types: Sequence[str]) -> Matrix:
    ids = [one[0] for one in organizations]
    query = select(PartnerService.organization_id, PartnerService.service_type, PartnerService.answer)
    query = query.where(PartnerService.organization_id.in_(ids), PartnerService.service_type.in_(types))
    answers = {(one, code): answer for one, code, answer in session.execute(query)}
    return Matrix(organizations, types, answers, frozenset(_listed(session, ids, types)))


def _listed(session: Session, ids: Collection[str], types: Collection[str]) -> list[Cell]:
    query = select(Service.organization_id, ServiceTypeLink.code).distinct()
    query = query.join(ServiceTypeLink, ServiceTypeLink.service_id == Service.id)
    query = query.where(Service.organization_id.in_(ids), ServiceTypeLink.code.in_(types))
    query = query.where(ServiceTypeLink.state == "confirmed", Service.removed_in_source.is_(None))
    query = query.where(Service.status.in_(("active", "unknown")))
    return [(one, code) for one, code in session.execute(query) if one]


def reaches(session: Session) -> list[Reach]:
    """Return for every service type how many partners offer it, could or do not; by group and name.

    Only partners count: what potential ones could do is no offer of the network yet.
    """
    partners = select(Partnership.organization_id).where(Partnership.state == "partner")
    query = select(PartnerService.organization_id, PartnerService.service_type, PartnerService.answer)
    query = query.where(PartnerService.organization_id.in_(partners))
    answers = {(one, code): answer for one, code, answer in session.execute(query)}
    ids = session.scalars(partners).all()
    listed = set(_listed(session, ids, tuple(vocabulary().service_types))) - answers.keys()
    found = []
    for code in (code for group in GROUPS for code in types_of(group)):
        said = [answer for (_one, kind), answer in answers.items() if kind == code]
        by_list = sum(kind == code for _one, kind in listed)
        counted = (said.count("now"), by_list, said.count("could"), said.count("no"))
        found.append(Reach(code, *counted))
    return found


def as_form(matrix: Matrix) -> dict[str, str]:
    """Return the cells of a matrix as a form shows them: "organization|type" -> answer."""
    ids = [one[0] for one in matrix.organizations]
    return {f"{one}|{code}": matrix.answer(one, code) for one in ids for code in matrix.types}


def save(session: Session, form: Form, *, by: str) -> Edit:
    """Keep the answers of a form of cells, an empty one as "not asked"; return the edit.

    Raises
    ------
    Invalid
        If a cell names an organization or a type that does not exist, or another answer.
    """
    wanted: dict[Cell, str] = {}
    errors = {}
    for name, answer in form.items():
        one, _bar, code = name.partition("|")
        if code not in vocabulary().service_types or answer not in ("", *ANSWERS):
            errors[name] = _("Choose one of: not asked, now, could, no.")
        wanted[one, code] = answer
    ids = sorted({one for one, _code in wanted})
    known = set(session.scalars(select(Organization.id).where(Organization.id.in_(ids))))
    if set(ids) - known:
        errors["grid"] = _("An organisation of this table has been removed meanwhile. Open the table anew.")
    if errors:
        raise Invalid(_("The answers were not saved."), errors)
    with edit(session, by=by, kind="partner", about=("partner_service", "")) as entry:
        query = select(PartnerService).where(PartnerService.organization_id.in_(ids))
        kept = {(row.organization_id, row.service_type): row for row in session.scalars(query)}
        for cell, answer in wanted.items():
            row = kept.get(cell)
            if row is not None and not answer:
                session.delete(row)
            elif row is not None:
                row.answer = answer
            elif answer:
                session.add(PartnerService(organization_id=cell[0], service_type=cell[1], answer=answer))
        session.flush()
    return entry
