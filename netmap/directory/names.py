"""Tables of further names, and of who else stands behind a service. Both are netmap's own; HSDS has none."""

from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base
from netmap.directory.records import Sourced, part_of, points_to

if TYPE_CHECKING:
    from netmap.directory.models import Organization

ALIAS_KINDS = ("alias", "former")
PARTY_ROLES = ("decides", "delivers", "pays", "answers_to")


class Alias(Sourced, Base):
    """Another name under which people look for an organization or a service: in use, or a former one."""

    __tablename__ = "alias"

    organization_id: Mapped[str | None] = mapped_column(part_of("organization.id"), index=True)
    service_id: Mapped[str | None] = mapped_column(part_of("service.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(10), default="alias")


class ServiceParty(Sourced, Base):
    """Who decides about a service, delivers it, pays for it, or is answered to: a record, or a name alone."""

    __tablename__ = "service_party"

    service_id: Mapped[str] = mapped_column(part_of("service.id"), index=True)
    organization_id: Mapped[str | None] = mapped_column(points_to("organization.id"), index=True)
    name: Mapped[str | None]
    role: Mapped[str] = mapped_column(String(10))

    organization: Mapped["Organization | None"] = relationship()
