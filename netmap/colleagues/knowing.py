"""What a colleague knows and whom: said by that person, changed by that person, shared by that person."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from netmap.colleagues.models import SKILLS, PersonalTie, Skill
from netmap.directory.models import Area
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n.names import language_name
from netmap.partners.service import require_organization
from netmap.partners.typed import Form, Reading
from netmap.vocabulary.terms import vocabulary


def skills_of(session: Session, owner: str) -> Sequence[Skill]:
    """Return what one colleague can do and knows."""
    return session.scalars(
        select(Skill).where(Skill.owner == owner).order_by(Skill.kind, Skill.code, Skill.id)
    ).all()


def add_skill(session: Session, form: Form, *, owner: str) -> Skill:
    """Keep that a colleague speaks a language, or knows a need or an area well.

    Raises
    ------
    Invalid
        With a sentence for each wrong field; also where it stands there already.
    """
    read = Reading(form)
    kind, _colon, code = str(form.get("what") or "").partition(":")
    note = read.line("note")
    if kind not in SKILLS or not _known(session, kind, code):
        read.errors["what"] = _("Choose a language, a need or an area from the list.")
    elif session.scalar(select(Skill.id).where(Skill.owner == owner, Skill.kind == kind, Skill.code == code)):
        read.errors["what"] = _("This stands there already.")
    read.raise_errors(_("Nothing was kept."))
    row = Skill(owner=owner, kind=kind, code=code, note=note)
    session.add(row)
    session.flush()
    return row


def _known(session: Session, kind: str, code: str) -> bool:
    if kind == "language":
        return len(code) in (2, 3) and code.isalpha() and language_name(code) != code
    if kind == "need":
        return code in vocabulary().needs
    return session.get(Area, code) is not None


def remove_skill(session: Session, skill_id: str, *, owner: str) -> None:
    """Take out what a colleague said of himself or herself; raises NotFound for another one's."""
    row = session.get(Skill, skill_id)
    if row is None or row.owner != owner:
        raise NotFound(_("There is no such line of yours; it may have been removed."))
    session.delete(row)
    session.flush()


def ties_of(session: Session, owner: str) -> Sequence[PersonalTie]:
    """Return whom one colleague knows, by organization."""
    query = select(PersonalTie).where(PersonalTie.owner == owner)
    query = query.options(joinedload(PersonalTie.organization))
    return sorted(session.scalars(query), key=lambda row: (row.organization.name.casefold(), row.id))


def tie_to(session: Session, organization_id: str, owner: str) -> PersonalTie | None:
    """Return what a colleague keeps about whom he or she knows there."""
    where = PersonalTie.organization_id == organization_id, PersonalTie.owner == owner
    return session.scalars(select(PersonalTie).where(*where)).one_or_none()


def shared_ties(session: Session, organization_id: str) -> Sequence[PersonalTie]:
    """Return what colleagues have shared about whom they know at an organization."""
    where = PersonalTie.organization_id == organization_id, PersonalTie.shared.is_(True)
    return session.scalars(select(PersonalTie).where(*where).order_by(PersonalTie.owner)).all()


def keep_tie(session: Session, organization_id: str, form: Form, *, owner: str) -> PersonalTie:
    """Keep whom a colleague knows at an organization; nobody else sees it until it is shared.

    Raises
    ------
    NotFound
        If there is no such organization.
    Invalid
        With a sentence for each wrong field.
    """
    require_organization(session, organization_id)
    read = Reading(form)
    sentence = read.line("sentence", _("Say in one sentence whom you know there. No client's data."))
    read.raise_errors(_("Nothing was kept."))
    row = tie_to(session, organization_id, owner)
    if row is None:
        row = PersonalTie(owner=owner, organization_id=organization_id, sentence="")
        session.add(row)
    row.sentence = sentence or ""
    session.flush()
    return row


def own_tie(session: Session, tie_id: str, owner: str) -> PersonalTie:
    """Return a tie of a colleague; raises NotFound for another one's."""
    row = session.get(PersonalTie, tie_id)
    if row is None or row.owner != owner:
        raise NotFound(_("There is no such line of yours; it may have been removed."))
    return row


def share_tie(session: Session, tie_id: str, *, owner: str, shared: bool) -> PersonalTie:
    """Show a tie to all colleagues, or keep it to oneself again; only its owner can do that.

    It is no edit: somebody else could take that back, and so show what the owner keeps to himself or herself.
    """
    row = own_tie(session, tie_id, owner)
    row.shared = shared
    session.flush()
    return row


def remove_tie(session: Session, tie_id: str, *, owner: str) -> None:
    """Remove a tie of a colleague."""
    session.delete(own_tie(session, tie_id, owner))
    session.flush()


def require_colleague(session: Session, email: str, among: Sequence[str]) -> str:
    """Return the e-mail of somebody who may sign in; raises Invalid for another one."""
    if email not in among:
        raise Invalid(
            _(
                "Nobody with the e-mail “%(owner)s” may sign in. Choose somebody from the list.",
                owner=email[:80],
            )
        )
    return email
