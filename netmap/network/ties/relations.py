"""The organizations as a graph: who they are, what they have with each other, and where they are."""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import networkx as nx
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.offers import area_insides
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.network import queries
from netmap.network.ties import queries as tie_queries
from netmap.network.ties.bonds import AGREEMENT, JOINT_BODY, Bond, months_before
from netmap.network.ties.links import all_bonds
from netmap.network.ties.queries import BodyRow
from netmap.network.ties.sectors import SECTORS, sector_of
from netmap.packages.fields import nearest
from netmap.vocabulary.terms import vocabulary

STRONG_MONTHS = 3  # an assumption: with a contact that recent a tie is in use


@dataclass(frozen=True)
class Network:
    """Organizations, their sectors and areas, and the ties between them.

    ``sectors`` gives sector and what it was told from; ``places`` the areas in which each has a place or
    says that it serves, with all areas inside; one that is not in it is nobody knows where. ``bodies`` are
    those that still meet. ``chosen`` are the organizations of the selection.
    """

    day: date
    since: date
    names: Mapping[str, str]
    sectors: Mapping[str, tuple[str, str]]
    places: Mapping[str, frozenset[str]]
    bonds: tuple[Bond, ...]
    bodies: tuple[BodyRow, ...]
    chosen: frozenset[str]

    @property
    def shown(self) -> list[Bond]:
        """Return the ties of which at least one end is chosen."""
        return [one for one in self.bonds if one.one in self.chosen or one.other in self.chosen]

    @cached_property
    def linked(self) -> frozenset[frozenset[str]]:
        """Return the pairs between which people can be handed over."""
        return frozenset(frozenset(one.pair) for one in self.bonds if one.links(self.day, self.since))

    @cached_property
    def agreed(self) -> frozenset[tuple[str, str]]:
        """Return the pairs with an agreement that is in force."""
        return frozenset(one.pair for one in self.bonds if one.kind == AGREEMENT and one.holds(self.day))

    @cached_property
    def strong(self) -> tuple[Bond, ...]:
        """Return the ties with a recent contact whose two ends have no agreement in force."""
        recent = months_before(self.day, STRONG_MONTHS)
        return tuple(
            one
            for one in self.bonds
            if one.kind != AGREEMENT and one.active(self.day, recent) and one.pair not in self.agreed
        )

    def graph(self) -> "nx.Graph[str]":
        """Return the chosen organizations with a link where people can be handed over."""
        return self.graph_of(self.chosen)

    def graph_of(self, chosen: Set[str]) -> "nx.Graph[str]":
        """Return some organizations with a link where people can be handed over."""
        found: nx.Graph[str] = nx.Graph()
        found.add_nodes_from(sorted(chosen))
        pairs = sorted(tuple(sorted(pair)) for pair in self.linked)
        found.add_edges_from((a, b) for a, b in pairs if a in chosen and b in chosen)
        return found

    def met_in(self, chosen: Set[str]) -> list[tuple[str, str]]:
        """Return the pairs of some organizations that sit in one body: they meet, which is no link yet."""
        pairs = {one.pair for one in self.bonds if one.kind == JOINT_BODY and one.holds(self.day)}
        return sorted((a, b) for a, b in pairs if a in chosen and b in chosen)


def load(
    session: Session,
    settings: Settings,
    *,
    area: str | None = None,
    sector: str | None = None,
) -> Network:
    """Return the network on this day: all organizations that have not closed, or those of a selection.

    Parameters
    ----------
    session : Session
    settings : Settings
        The time zone says which day it is; how long a contact counts stands there too.
    area : str, optional
        Only organizations that have a place in this area or serve it; those of an unknown area are left out.
    sector : str, optional
        Only organizations of this sector.

    Raises
    ------
    Invalid
        If there is no such area or sector.
    """
    day = now().astimezone(settings.zone()).date()
    known = tie_queries.living_organizations(session, day)
    groups = _groups(session)
    sectors = {key: sector_of(kind, groups.get(key, ())) for key, (_name, kind) in known.items()}
    places = _places(session)
    return Network(
        day=day,
        since=months_before(day, settings.contact_months),
        names={key: name for key, (name, _kind) in known.items()},
        sectors=sectors,
        places=places,
        bonds=tuple(one for one in all_bonds(session) if one.one in known and one.other in known),
        bodies=tuple(row for row in tie_queries.body_rows(session) if row.ends is None or row.ends >= day),
        chosen=_chosen(session, sectors, places, area, sector),
    )


def _chosen(
    session: Session,
    sectors: Mapping[str, tuple[str, str]],
    places: Mapping[str, frozenset[str]],
    area: str | None,
    sector: str | None,
) -> frozenset[str]:
    kept = frozenset(sectors)
    if sector is not None:
        if sector not in SECTORS:
            sentence = _(
                "There is no sector '%(code)s'; the nearest is '%(nearest)s'.",
                code=sector[:80],
                nearest=nearest(sector, SECTORS),
            )
            raise Invalid(sentence, {"sector": sentence})
        kept = frozenset(key for key in kept if sectors[key][0] == sector)
    if area is not None:
        codes = queries.area_codes(session)
        if area not in codes:
            sentence = _(
                "There is no area with the code '%(code)s'; the nearest is '%(nearest)s'.",
                code=area[:80],
                nearest=nearest(area, codes),
            )
            raise Invalid(sentence, {"area": sentence})
        inside = area_insides(session)(area)
        kept = frozenset(key for key in kept if places.get(key, frozenset()) & inside)
    return kept


def _groups(session: Session) -> Mapping[str, list[str]]:
    """Return organization -> the groups of the confirmed types of its services, as often as they come."""
    types = vocabulary().service_types
    found: dict[str, list[str]] = defaultdict(list)
    for organization, code in tie_queries.confirmed_types(session):
        if code in types:
            found[organization].append(types[code].group)
    return found


def _places(session: Session) -> Mapping[str, frozenset[str]]:
    inside = area_insides(session)
    found: dict[str, set[str]] = defaultdict(set)
    for organization, area in tie_queries.areas_of_organizations(session):
        found[organization].update(inside(area))
    return {key: frozenset(areas) for key, areas in found.items()}
