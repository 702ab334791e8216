"""Tables of what staff know: languages and matters, people at providers, whom to call in a settlement."""

from datetime import date

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base
from netmap.directory.models import Area, Organization, new_id
from netmap.directory.records import part_of, points_to

SKILLS = ("language", "need", "area")


class Skill(Base):
    """What a member of staff can do or knows well: a language, a need, an area; said by that person."""

    __tablename__ = "skill"
    __table_args__ = (UniqueConstraint("owner", "kind", "code"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(254), index=True)  # e-mail
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(80))
    note: Mapped[str | None]


class PersonalTie(Base):
    """A member of staff knows somebody at an organization; only that person sees it until it is shared."""

    __tablename__ = "personal_tie"
    __table_args__ = (UniqueConstraint("owner", "organization_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(String(254), index=True)  # e-mail
    organization_id: Mapped[str] = mapped_column(part_of("organization.id"), index=True)
    sentence: Mapped[str]
    shared: Mapped[bool] = mapped_column(default=False)

    organization: Mapped[Organization] = relationship()


class SettlementContact(Base):
    """Whom to call in a settlement, and on which day that person agreed to be named here."""

    __tablename__ = "settlement_contact"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    area_code: Mapped[str] = mapped_column(part_of("area.code"), index=True)
    name: Mapped[str]
    role: Mapped[str | None]
    phone: Mapped[str]
    helps_with: Mapped[str | None]
    organization_id: Mapped[str | None] = mapped_column(points_to("organization.id"), index=True)
    agreed_on: Mapped[date]
    checked_on: Mapped[date | None]
    owner: Mapped[str] = mapped_column(String(254))  # e-mail of who keeps in touch

    area: Mapped[Area] = relationship()
    organization: Mapped[Organization | None] = relationship()
