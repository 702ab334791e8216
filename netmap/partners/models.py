"""Tables of the network's relations: partners, agreements, role sheets, services asked for, governance.

An organization stands in the directory whatever stands here: none of this is needed to list or to use it.
"""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from netmap.db import Base
from netmap.directory.models import Organization, new_id
from netmap.directory.records import part_of, points_to
from netmap.directory.ties import Tie

STATES = ("known", "potential", "in_talks", "partner", "former")
NOT_FIRM = ("potential", "former")  # found and shown, but never offered as a firm choice
HOW = ("phone", "visit", "meeting", "email", "letter", "other")
KINDS = ("memorandum", "contract", "work_programme", "referral", "other")
ANSWERS = ("now", "could", "no")


class PartnerContact(Base):
    """One contact with an organization: the day, how, and one sentence. Rows are added, never changed."""

    __tablename__ = "partner_contact"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organization_id: Mapped[str] = mapped_column(part_of("organization.id"), index=True)
    day: Mapped[date]
    how: Mapped[str] = mapped_column(String(10))
    sentence: Mapped[str]
    noted_by: Mapped[str]


class Partnership(Base):
    """How an organization stands to the network, who looks after it, and what comes next."""

    __tablename__ = "partnership"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organization_id: Mapped[str] = mapped_column(part_of("organization.id"), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="known", index=True)
    owner: Mapped[str | None]  # e-mail of a member of staff
    next_step: Mapped[str | None]
    next_on: Mapped[date | None]
    note: Mapped[str | None]

    organization: Mapped[Organization] = relationship()
    last_contact: Mapped[date | None] = column_property(
        select(func.max(PartnerContact.day))
        .where(PartnerContact.organization_id == organization_id)
        .correlate_except(PartnerContact)
        .scalar_subquery()
    )


class RoleSheet(Base):
    """What a partner is there for, what it brings and what it needs; agreed with it and reviewed."""

    __tablename__ = "role_sheet"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organization_id: Mapped[str] = mapped_column(part_of("organization.id"), unique=True)
    functions: Mapped[str | None]
    limits: Mapped[str | None]
    interests: Mapped[str | None]
    contribution: Mapped[str | None]
    strengths: Mapped[str | None]
    funding: Mapped[str | None]  # of the coordination itself
    staff: Mapped[str | None]
    premises: Mapped[str | None]  # rooms, equipment, internet
    our_view: Mapped[str | None]
    their_view: Mapped[str | None]
    agreed_on: Mapped[date | None]
    review_on: Mapped[date | None]

    organization: Mapped[Organization] = relationship()


class PartnerLicence(Base):
    """A licence or a mark of quality of an organization, and the day until which it holds."""

    __tablename__ = "partner_licence"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organization_id: Mapped[str] = mapped_column(part_of("organization.id"), index=True)
    place: Mapped[int]  # in the list, from 0
    name: Mapped[str]
    number: Mapped[str | None]
    valid_to: Mapped[date | None]


class PartnerService(Base):
    """What an organization answered about one kind of service; no row means that nobody asked."""

    __tablename__ = "partner_service"
    __table_args__ = (UniqueConstraint("organization_id", "service_type"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organization_id: Mapped[str] = mapped_column(part_of("organization.id"), index=True)
    service_type: Mapped[str] = mapped_column(String(40), index=True)
    answer: Mapped[str] = mapped_column(String(5))  # now, could or no


class Agreement(Base):
    """A written agreement of two or more parties; its state follows from its days."""

    __tablename__ = "agreement"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    title: Mapped[str]
    kind: Mapped[str] = mapped_column(String(20))
    owner: Mapped[str | None]  # e-mail of the member of staff who looks after it
    goals: Mapped[str | None]
    roles: Mapped[str | None]
    tools: Mapped[str | None]
    price: Mapped[float | None]
    price_per: Mapped[str | None]  # the currency and what it buys, such as "EUR per hour"
    volume_agreed: Mapped[float | None]
    volume_used: Mapped[float | None]
    volume_unit: Mapped[str | None]
    used_on: Mapped[date | None]  # the day for which ``volume_used`` was counted
    result: Mapped[str | None]
    begins: Mapped[date | None]
    ends: Mapped[date | None]
    ended_on: Mapped[date | None]  # where it was ended before its time
    review_on: Mapped[date | None]
    signed_by: Mapped[str | None]

    parties: Mapped[list["AgreementParty"]] = relationship(
        order_by="AgreementParty.place", cascade="all, delete-orphan", passive_deletes=True
    )
    documents: Mapped[list["AgreementDocument"]] = relationship(
        order_by="AgreementDocument.place", cascade="all, delete-orphan", passive_deletes=True
    )


class AgreementParty(Base):
    """A party of an agreement: an organization of the directory, or a name that does not stand there."""

    __tablename__ = "agreement_party"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    agreement_id: Mapped[str] = mapped_column(part_of("agreement.id"), index=True)
    organization_id: Mapped[str | None] = mapped_column(points_to("organization.id"), index=True)
    place: Mapped[int]
    name: Mapped[str]  # as it is called in the agreement: it stays when the organization goes
    role: Mapped[str | None]

    organization: Mapped[Organization | None] = relationship()


class AgreementDocument(Base):
    """A paper of an agreement: its name, and a link or the place where it lies."""

    __tablename__ = "agreement_document"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    agreement_id: Mapped[str] = mapped_column(part_of("agreement.id"), index=True)
    place: Mapped[int]
    name: Mapped[str]
    kept_at: Mapped[str | None]


class AgreementTie(Base):
    """A tie that follows from an agreement: it is made, changed and ended with it, never by itself."""

    __tablename__ = "agreement_tie"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    agreement_id: Mapped[str] = mapped_column(part_of("agreement.id"), index=True)
    tie_id: Mapped[str] = mapped_column(ForeignKey("tie.id", ondelete="CASCADE"), unique=True)

    tie: Mapped[Tie] = relationship()


class CoordinatingBody(Base):
    """A body in which those who work together decide: a council, a board, a round table."""

    __tablename__ = "coordinating_body"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    name: Mapped[str]
    purpose: Mapped[str | None]
    meets: Mapped[str | None]  # how often and where, in words
    ended_on: Mapped[date | None]

    members: Mapped[list["BodyMember"]] = relationship(
        order_by="BodyMember.place", cascade="all, delete-orphan", passive_deletes=True
    )


class BodyMember(Base):
    """A member of a body: an organization of the directory, or the name of a function."""

    __tablename__ = "body_member"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    body_id: Mapped[str] = mapped_column(part_of("coordinating_body.id"), index=True)
    organization_id: Mapped[str | None] = mapped_column(points_to("organization.id"), index=True)
    place: Mapped[int]
    name: Mapped[str]
    role: Mapped[str | None]

    organization: Mapped[Organization | None] = relationship()


class BodyMeeting(Base):
    """A meeting of a body, with what it decided and who was to do what."""

    __tablename__ = "body_meeting"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    body_id: Mapped[str] = mapped_column(part_of("coordinating_body.id"), index=True)
    held_on: Mapped[date]
    subject: Mapped[str | None]

    body: Mapped[CoordinatingBody] = relationship()
    decisions: Mapped[list["BodyDecision"]] = relationship(
        order_by="BodyDecision.place", cascade="all, delete-orphan", passive_deletes=True
    )
    actions: Mapped[list["BodyAction"]] = relationship(
        order_by="BodyAction.place",
        cascade="all, delete-orphan",
        passive_deletes=True,
        back_populates="meeting",
    )


class BodyDecision(Base):
    """What a meeting decided, in one sentence."""

    __tablename__ = "body_decision"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    meeting_id: Mapped[str] = mapped_column(part_of("body_meeting.id"), index=True)
    place: Mapped[int]
    sentence: Mapped[str]


class BodyAction(Base):
    """What somebody is to do after a meeting, by which day, and on which day it was done."""

    __tablename__ = "body_action"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    meeting_id: Mapped[str] = mapped_column(part_of("body_meeting.id"), index=True)
    place: Mapped[int]
    sentence: Mapped[str]
    owner: Mapped[str | None]  # a person or a function
    due: Mapped[date | None]
    done_on: Mapped[date | None]

    meeting: Mapped[BodyMeeting] = relationship(back_populates="actions")
