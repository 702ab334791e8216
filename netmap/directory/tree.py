"""Organizations in their order: what stands above, units below, sites of all, and who followed whom."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import CTE, or_, select, union
from sqlalchemy.orm import Session, aliased

from netmap.directory.models import Address, Area, Location, Organization, Service, ServiceAtLocation
from netmap.errors import Invalid
from netmap.i18n import gettext as _

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


@dataclass(frozen=True)
class Family:
    """Where an organization stands: its tree, and its line of successors."""

    tree: Tree
    line: Line


class _Kin(NamedTuple):
    """One organization among those that have to do with another one."""

    id: str
    name: str
    closed_on: date | None
    parent_organization_id: str | None
    successor_id: str | None
    removed: datetime | None

    def named(self) -> Named:
        return Named(self.id, self.name, self.closed_on)


def family_of(session: Session, organization_id: str) -> Family:
    """Return where an organization stands, by two SELECTs, however large its family is."""
    kin = _kin(session, organization_id)
    units = _units(kin, organization_id)
    shown = units[:MOST]
    sites = _sites(session, [organization_id, *(one.id for one, _depth in shown)])
    above, _circle = _chain(kin, "parent_organization_id", organization_id)
    successors, circle = _chain(kin, "successor_id", organization_id)
    before = [one for one in kin.values() if one.successor_id == organization_id]
    tree = Tree(
        above=above[::-1],
        units=[UnitLine(one.named(), depth, sites.get(one.id, ())) for one, depth in shown],
        sites=sites.get(organization_id, ()),
        more=len(units) > MOST,
    )
    return Family(tree, Line(successors, [one.named() for one in before[:MOST]], circle))


def _kin(session: Session, root: str) -> Mapping[str, _Kin]:
    """Return what stands above, below, before and after an organization, and itself, by name."""
    org = Organization
    living = org.removed_in_source.is_(None)
    below = select(org.id).where(org.parent_organization_id == root, living).cte("below", recursive=True)
    under = aliased(org)
    # UNION, not UNION ALL: in a circle nobody is entered twice.
    step = select(under.id).join(below, under.parent_organization_id == below.c.id)
    every = [
        select(below.union(step.where(under.removed_in_source.is_(None))).c.id),
        select(_way("parent_organization_id", root).c.id),
        select(_way("successor_id", root).c.id),
        select(org.id).where(or_(org.id == root, org.successor_id == root)),
    ]
    ids = union(*every).subquery()
    columns = (getattr(org, name) for name in _Kin._fields[:-1])
    query = select(*columns, org.removed_in_source).join(ids, org.id == ids.c.id)
    return {row[0]: _Kin._make(row) for row in session.execute(query.order_by(org.name, org.id))}


def _way(column: str, root: str) -> CTE:
    """Return where a reference leads from an organization, step by step."""
    org, further = Organization, aliased(Organization)
    first, onward = getattr(org, column), getattr(further, column)
    start = select(first.label("id")).where(org.id == root, first.is_not(None)).cte(column, recursive=True)
    return start.union(select(onward).join(start, further.id == start.c.id).where(onward.is_not(None)))


def _units(kin: Mapping[str, _Kin], root: str) -> list[tuple[_Kin, int]]:
    """Return the units below an organization in the order of a tree, each with its depth, each once."""
    below: dict[str | None, list[_Kin]] = defaultdict(list)
    for one in kin.values():
        if one.removed is None:
            below[one.parent_organization_id].append(one)
    found: list[tuple[_Kin, int]] = []
    met, coming = {root}, [(one, 1) for one in reversed(below[root])]
    while coming:
        one, depth = coming.pop()
        if one.id not in met:
            met.add(one.id)
            found.append((one, depth))
            coming += [(child, depth + 1) for child in reversed(below[one.id])]
    return found


def _chain(kin: Mapping[str, _Kin], column: str, start: str) -> tuple[list[Named], bool]:
    """Return where a reference leads step by step, each once, and whether that runs in a circle."""
    found: list[Named] = []
    met = {start}
    here: str | None = getattr(kin[start], column) if start in kin else None
    while here is not None and here in kin and here not in met:
        found.append(kin[here].named())
        met.add(here)
        here = getattr(kin[here], column)
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
    kin = _kin(session, wanted) if wanted else {}
    if wanted is None or wanted not in kin:
        return
    other = kin[wanted].named()
    further, _circle = _chain(kin, column, wanted)
    steps = [other, *further]
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
