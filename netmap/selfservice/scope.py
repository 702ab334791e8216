"""What a link reaches: its organization, the units below it, their services and own places; nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from netmap.directory.models import Location, Organization, Service, ServiceAtLocation
from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.selfservice.models import ProviderLink

KINDS: dict[str, type[Any]] = {"service": Service, "location": Location, "organization": Organization}


@dataclass(frozen=True, slots=True)
class Own:
    """The records of a provider, each kind by name."""

    organizations: Sequence[Organization]
    services: Sequence[Service]
    locations: Sequence[Location]


def units_of(session: Session, organization_id: str) -> list[str]:
    """Return an organization and every unit below it, however deep; a ring of units ends."""
    found = {organization_id: None}
    coming = [organization_id]
    while coming:
        below = select(Organization.id).where(Organization.parent_organization_id.in_(coming))
        coming = [one for one in session.scalars(below.order_by(Organization.id)) if one not in found]
        found |= dict.fromkeys(coming)
    return list(found)


def own(session: Session, link: ProviderLink) -> Own:
    """Return every record that a link reaches; one about a vacancy reaches nothing else."""
    if link.purpose == "vacancy":
        return Own((), (), ())
    ids = units_of(session, link.organization_id)
    there = Organization.removed_in_source.is_(None)
    return Own(
        session.scalars(
            select(Organization).where(Organization.id.in_(ids), there).order_by(Organization.name)
        ).all(),
        session.scalars(
            select(Service)
            .where(Service.organization_id.in_(ids), Service.removed_in_source.is_(None))
            .order_by(Service.name, Service.id)
        ).all(),
        session.scalars(_places(ids).order_by(Location.name, Location.id)).all(),
    )


def require(session: Session, link: ProviderLink, kind: str, record_id: str) -> Any:
    """Return a record that a link reaches.

    Raises
    ------
    NotFound
        If there is no such record, or it is somebody else's: nobody learns which of the two. So it is with
        a place whose address is kept secret.
    """
    if kind in KINDS and link.purpose != "vacancy":
        ids = units_of(session, link.organization_id)
        row = session.get(KINDS[kind], record_id)
        if row is not None and row.removed_in_source is None and _reaches(session, kind, row, ids):
            if kind == "location" and row.confidential:  # a link may be read by others on its way
                raise NotFound(
                    _("The address of this place is kept secret, so no link shows it. Ring us to change it.")
                )
            return row
    raise NotFound(_("There is no such record behind this link."))


def _reaches(session: Session, kind: str, row: Any, ids: Sequence[str]) -> bool:
    if kind == "location":
        return session.scalar(_places(ids).where(Location.id == row.id).limit(1)) is not None
    return (row.id if kind == "organization" else row.organization_id) in ids


def _places(ids: Sequence[str]) -> Any:
    """Return the SELECT of places that are the organizations' own, or nobody's and used by no one else."""
    at = ServiceAtLocation
    used = select(at.location_id).join(Service, at.service_id == Service.id)
    mine = used.where(Service.organization_id.in_(ids))
    others = used.where(or_(Service.organization_id.is_(None), Service.organization_id.not_in(ids)))
    nobodys = Location.organization_id.is_(None) & Location.id.in_(mine) & Location.id.not_in(others)
    owned = Location.organization_id.in_(ids)
    return select(Location).where(or_(owned, nobodys), Location.removed_in_source.is_(None))
