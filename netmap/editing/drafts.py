"""Forms that a person has put aside: nobody else sees them, and no record changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from netmap.db import Base, UtcDateTime, now
from netmap.directory.records import new_id, part_of
from netmap.editing.saving import Form
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _

MOST = 100  # of one person


class EditDraft(Base):
    """A form as one person left it; of each record a person has one at most, of new ones several."""

    __tablename__ = "edit_draft"
    __table_args__ = (UniqueConstraint("user_id", "about_table", "about_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    user_id: Mapped[int] = mapped_column(part_of("user.id"), index=True)
    about_table: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[str | None] = mapped_column(String(80))  # None: a record that is not there yet
    parent_id: Mapped[str | None] = mapped_column(String(36))  # the organization of a new service
    name: Mapped[str] = mapped_column(default="")
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    base: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))  # as it was when opened
    version: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


@dataclass(frozen=True)
class About:
    """What a draft is about; ``record_id`` is None for a record that is not there yet."""

    kind: str
    record_id: str | None
    parent_id: str | None = None


def keep(session: Session, user_id: int, about: About, form: Form, draft_id: str | None = None) -> EditDraft:
    """Put a form aside and return the draft; an earlier draft of the same person and record gives way.

    Raises
    ------
    Invalid
        If the person has too many drafts.
    """
    draft = find(session, user_id, about) if about.record_id else None
    if draft is None and draft_id:
        draft = session.get(EditDraft, draft_id)
        if draft is not None and (draft.user_id != user_id or draft.about_id != about.record_id):
            draft = None
    if draft is None:
        if count(session, user_id) >= MOST:
            raise Invalid(
                _("You have %(most)s drafts already. Take some up or throw them away first.", most=MOST)
            )
        draft = EditDraft(user_id=user_id, about_table=about.kind, about_id=about.record_id)
        session.add(draft)
    draft.parent_id, draft.name = about.parent_id, form.fields.get("name", "")[:300]
    draft.fields, draft.version, draft.at = dict(form.fields), form.version, now()
    draft.base = None if form.base is None else dict(form.base)
    session.flush()
    return draft


def find(session: Session, user_id: int, about: About) -> EditDraft | None:
    """Return the draft that a person has of a record."""
    query = select(EditDraft).where(EditDraft.user_id == user_id, EditDraft.about_table == about.kind)
    return session.scalars(query.where(EditDraft.about_id == about.record_id)).one_or_none()


def get(session: Session, user_id: int, draft_id: str) -> EditDraft:
    """Return a draft of a person.

    Raises
    ------
    NotFound
        If the person has no such draft; that others have one is not said.
    """
    draft = session.get(EditDraft, draft_id)
    if draft is None or draft.user_id != user_id:
        raise NotFound(_("You have no such draft; it may have been saved or thrown away."))
    return draft


def of_person(session: Session, user_id: int) -> Sequence[EditDraft]:
    """Return the drafts of a person, the latest first."""
    query = select(EditDraft).where(EditDraft.user_id == user_id)
    return session.scalars(query.order_by(EditDraft.at.desc(), EditDraft.id)).all()


def count(session: Session, user_id: int) -> int:
    """Return how many drafts a person has."""
    query = select(func.count()).select_from(EditDraft).where(EditDraft.user_id == user_id)
    return session.scalar(query) or 0


def throw_away(session: Session, user_id: int, draft_id: str) -> None:
    """Remove a draft of a person."""
    session.delete(get(session, user_id, draft_id))
    session.flush()


def forget(session: Session, user_id: int, draft_id: str) -> None:
    """Remove the draft that a saved form came from, where there is one."""
    draft = session.get(EditDraft, draft_id) if draft_id else None
    if draft is not None and draft.user_id == user_id:
        session.delete(draft)
        session.flush()


def form_of(draft: EditDraft) -> Form:
    """Return the form that was put aside."""
    base: Mapping[str, str] | None = draft.base
    return Form(draft.fields, draft.version, base)
