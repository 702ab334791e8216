"""Organizations in their order: what stands above, units below, sites of all, and who followed whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select, union
from sqlalchemy.orm import Session, aliased

from netmap.directory.models import Address, Area, Location, Organization, Service, ServiceAtLocation
from netmap.errors import Invalid
from netmap.i18n import gettext as _

DEEPEST = 8  # levels above and below; a real office has four
MOST = 300  # units and sites that one page shows


@dataclass(frozen=True)
class Named:
    """An organization by name, as others point to it."""

    id: str
    name: str
    closed_on: date | None = None


@dataclass(frozen=True)
class SiteLine:
    """A place as the tree shows it; ``where`` is its address, or its area where that is kept secret."""

    id: str
    name: str
    where: str
    secret: bool
    virtual: bool


@dataclass(frozen=True)
class UnitLine:
    """A unit in the tree: how deep it lies, and its sites."""

    named: Named
    depth: int
    sites: Sequence[SiteLine] = ()


@dataclass(frozen=True)
class Tree:
    """What stands above an organization, the nearest last, what lies below, and its own sites."""

    above: Sequence[Named]
    units: Sequence[UnitLine]
    sites: Sequence[SiteLine]
    more: bool = False


@dataclass(frozen=True)
class Line:
    """Who followed an organization and whom it followed; ``circle`` where the records run in a circle."""

    successors: Sequence[Named] = ()
    predecessors: Sequence[Named] = ()
    circle: bool = False


@dataclass
class _Walk:
    """Walks down from an organization; what was met once is not entered again."""

    below: Mapping[str, list[Named]]
    found: list[tuple[Named, int]] = field(default_factory=list)

    def down(self, start: str) -> list[tuple[Named, int]]:
        met, coming = {start}, [(one, 1) for one in reversed(self.below.get(start, []))]
        while coming:
            one, depth = coming.pop()
            if one.id not in met:
                met.add(one.id)
                self.found.append((one, depth))
                coming += [(child, depth + 1) for child in reversed(self.below.get(one.id, []))]
        return self.found


def tree_of(session: Session, organization: Organization) -> Tree:
    """Return where an organization stands, in a constant number of SELECTs."""
    units = _Walk(_below(session, organization.id)).down(organization.id)
    shown = units[:MOST]
    sites = _sites(session, [organization.id, *(one.id for one, _depth in shown)])
    return Tree(
        above=_above(session, organization),
        units=[UnitLine(one, depth, sites.get(one.id, ())) for one, depth in shown],
        sites=sites.get(organization.id, ()),
        more=len(units) > MOST,
    )


def _below(session: Session, root: str) -> Mapping[str, list[Named]]:
    """Return parent's id -> its units, of everything below an organization."""
    org = Organization
    living = org.removed_in_source.is_(None)
    start = select(org.id).where(org.parent_organization_id == root, living).cte("below", recursive=True)
    under = aliased(org)
    # UNION, not UNION ALL: in a circle of parents nobody is entered twice.
    step = select(under.id).join(start, under.parent_organization_id == start.c.id)
    every = start.union(step.where(under.removed_in_source.is_(None)))
    query = select(org.id, org.name, org.closed_on, org.parent_organization_id)
    query = query.where(org.id.in_(select(every.c.id))).order_by(org.name, org.id)
    found: dict[str, list[Named]] = defaultdict(list)
    for id_, name, closed_on, parent in session.execute(query):
        found[parent or ""].append(Named(id_, name, closed_on))
    return found


def _above(session: Session, organization: Organization) -> list[Named]:
    """Return what stands above, the nearest last."""
    steps, _circle = _chain(session, "parent_organization_id", organization)
    return [one for one in reversed(steps) if one.id != organization.id]


def _chain(session: Session, column: str, organization: Organization) -> tuple[list[Named], bool]:
    """Return where a reference leads step by step, each once, and whether that runs in a circle."""
    first = getattr(organization, column)
    if first is None:
        return [], False
    org, further = Organization, aliased(Organization)
    start = select(org.id).where(org.id == first).cte("way", recursive=True)
    step = select(getattr(further, column)).join(start, further.id == start.c.id)
    every = start.union(step.where(getattr(further, column).is_not(None)))
    query = select(org.id, org.name, org.closed_on, getattr(org, column))
    rows = {row[0]: row for row in session.execute(query.where(org.id.in_(select(every.c.id))))}
    found: list[Named] = []
    here: str | None = first
    met = {organization.id}
    while here in rows and here not in met and len(found) < DEEPEST:
        id_, name, closed_on, following = rows[here]
        found.append(Named(id_, name, closed_on))
        met.add(id_)
        here = following
    return found, here in met


def _sites(session: Session, organizations: Collection[str]) -> Mapping[str, list[SiteLine]]:
    """Return organization's id -> its places: those that it runs, and those where its services are given."""
    at = ServiceAtLocation
    owned = select(Location.organization_id.label("owner"), Location.id.label("place"))
    given = select(Service.organization_id, at.location_id).join(at, at.service_id == Service.id)
    given = given.where(Service.removed_in_source.is_(None), at.removed_in_source.is_(None))
    pairs = union(
        owned.where(Location.organization_id.in_(organizations)),
        given.where(Service.organization_id.in_(organizations)),
    ).subquery()
    open_address = (Address.location_id == Location.id) & Location.confidential.is_(False)
    query = (
        select(
            pairs.c.owner,
            Location.id,
            Location.name,
            Location.confidential,
            Location.location_type,
            Area.name,
            Address.address_1,
            Address.city,
        )
        .join(Location, Location.id == pairs.c.place)
        .outerjoin(Area, Area.code == Location.area_code)
        .outerjoin(Address, open_address & Address.removed_in_source.is_(None))
        .where(Location.removed_in_source.is_(None))
        .order_by(Location.name, Location.id, Address.address_type.desc(), Address.id)
    )
    found: dict[str, dict[str, SiteLine]] = defaultdict(dict)
    for row in session.execute(query):
        found[row[0]].setdefault(row[1], _site(*row[1:]))
    return {owner: list(sites.values())[:MOST] for owner, sites in found.items()}


def _site(id_: str, name: str | None, secret: bool, kind: str, *where: str | None) -> SiteLine:
    area, *address = where
    words = [area] if secret else address
    told = ", ".join(part for part in words if part)
    return SiteLine(id_, name or "", told, secret, kind == "virtual")


def line_of(session: Session, organization: Organization) -> Line:
    """Return who followed an organization, the next first, and whom it followed itself."""
    successors, circle = _chain(session, "successor_id", organization)
    query = select(Organization.id, Organization.name, Organization.closed_on)
    query = query.where(Organization.successor_id == organization.id).order_by(Organization.name)
    before = [Named(*row) for row in session.execute(query.limit(MOST))]
    return Line(successors, before, circle)


def require_no_circle(session: Session, organization_id: str, column: str, wanted: str | None) -> None:
    """Raise Invalid where an organization would stand above or after itself.

    Parameters
    ----------
    session : Session
    organization_id : str
        Whose parent or successor is set.
    column : str
        ``parent_organization_id`` or ``successor_id``.
    wanted : str or None
        The organization that shall stand there.
    """
    other = session.get(Organization, wanted) if wanted else None
    if other is None:
        return
    further, _circle = _chain(session, column, other)
    steps = [Named(other.id, other.name), *further]
    names = " → ".join(one.name for one in steps)
    if organization_id in {one.id for one in steps}:
        sentences = {
            "parent_organization_id": _(
                "These would be parts of each other: %(names)s. Choose one that is no part of this.",
                names=names,
            ),
            "successor_id": _(
                "That would run in a circle: %(names)s. Choose one that did not lead to this.", names=names
            ),
        }
        raise Invalid(sentences[column], fields={column: sentences[column]})
    if column == "successor_id" and len(steps) > 1:
        last = steps[-1].name
        sentence = _(
            "%(name)s was itself taken over: %(names)s. Choose %(last)s.",
            name=other.name,
            names=names,
            last=last,
        )
        raise Invalid(sentence, fields={column: sentence})
