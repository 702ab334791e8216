"""All that the office knows of a provider, for one paper: sites, services, people, ties, the last year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from netmap.directory import hours
from netmap.directory.models import Contact, Location, Organization, Service, Tie
from netmap.directory.queries import organization_page, partners
from netmap.editing.models import Edit, EditChange
from netmap.editing.told_names import known_of
from netmap.i18n import gettext as _
from netmap.matching.times import in_words
from netmap.printing.entries import Entry, areas_of, entries, where

YEAR = timedelta(days=365)
MOST = 300  # things that were done, told at most


@dataclass(frozen=True)
class Site:
    """A place of the provider: its name and address, and how one gets there."""

    where: str
    way: str


@dataclass(frozen=True)
class Person:
    """Somebody at the provider, with hours of their own in words."""

    contact: Contact
    at: str
    hours: str


@dataclass(frozen=True)
class Done:
    """What somebody in the office did: when, who, what kind of thing, with which record, which parts of it.

    Values are not told: an address that is confidential would stand among them.
    """

    at: datetime
    by: str
    kind: str
    record: str
    parts: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Dossier:
    """A provider as the office knows it. ``hides`` says that an address was left out."""

    organization: Organization
    sites: tuple[Site, ...]
    services: tuple[Entry, ...]
    people: tuple[Person, ...]
    ties: tuple[tuple[Tie, Organization], ...]
    done: tuple[Done, ...]
    hides: bool


def dossier(
    session: Session, organization_id: str, moment: datetime, stale_days: int, *, inner: bool
) -> Dossier:
    """Return the dossier of a provider, told in the language spoken now.

    Parameters
    ----------
    session : Session
    organization_id : str
    moment : datetime
        Now, in the time zone of the office.
    stale_days : int
        After so many days a check counts as old.
    inner : bool
        With confidential addresses, for the folder of the office.

    Raises
    ------
    NotFound
        If there is no such organization.
    """
    found = organization_page(session, organization_id)
    living = [one for one in found.services if one.removed_in_source is None]
    told = entries(session, [one.id for one in living], moment, stale_days, forget=False, inner=inner)
    services = sorted(told, key=lambda entry: entry.name.text.casefold())
    places = _places(session, found, living)
    areas = areas_of(session)
    return Dossier(
        organization=found,
        sites=tuple(_site(place, areas, inner) for place in places),
        services=tuple(services),
        people=tuple(_people(found, living, places, moment)),
        ties=tuple(partners(session, organization_id)),
        done=tuple(_done(session, found, living, places, moment)),
        hides=not inner and any(place.confidential for place in places),
    )


def _places(session: Session, organization: Organization, services: Sequence[Service]) -> list[Location]:
    """Return the places of a provider: its own, and those where its services are."""
    own = select(Location).where(Location.organization_id == organization.id)
    found = {place.id: place for place in session.scalars(own.order_by(Location.id))}
    found |= {at.location_id: at.location for service in services for at in service.places}
    return [place for place in found.values() if place.removed_in_source is None]


def _site(place: Location, areas: dict[str, str], inner: bool) -> Site:
    way = place.transportation if inner or not place.confidential else None
    return Site(where(place, areas, inner=inner) or _("Place"), way or "")


def _people(
    organization: Organization, services: Iterable[Service], places: Iterable[Location], moment: datetime
) -> Iterable[Person]:
    """Yield everybody once, with the record at which they are named first."""
    owners: list[tuple[str, Sequence[Contact]]] = [("", organization.contacts)]
    owners += [(service.name, service.contacts) for service in services]
    owners += [("", place.contacts) for place in places if not place.confidential]
    seen = set[str]()
    for at, contacts in owners:
        for one in contacts:
            if one.id not in seen and one.removed_in_source is None:
                seen.add(one.id)
                rules = [rule for row in one.schedules if (rule := hours.to_rule(row)) is not None]
                yield Person(one, at, in_words(rules, moment) if rules else "")


def _done(
    session: Session,
    organization: Organization,
    services: Sequence[Service],
    places: Sequence[Location],
    moment: datetime,
) -> Iterable[Done]:
    names = {("organization", organization.id): organization.name}
    names |= {("service", one.id): one.name for one in services}
    names |= {("location", one.id): "" if one.confidential else one.name or "" for one in places}
    ids: dict[str, list[str]] = {}
    for table, id_ in names:
        ids.setdefault(table, []).append(id_)
    about = [and_(Edit.about_table == table, Edit.about_id.in_(some)) for table, some in ids.items()]
    rows = [and_(EditChange.table_name == table, EditChange.row_id.in_(some)) for table, some in ids.items()]
    touched = select(EditChange.edit_id).where(or_(*rows))
    query = select(Edit).where(or_(*about, Edit.id.in_(touched)), Edit.at >= moment - YEAR)
    query = query.options(selectinload(Edit.changes)).order_by(Edit.id.desc()).limit(MOST)
    kinds, parts = kind_names(), part_names()
    for one in session.scalars(query):
        record = names.get((one.about_table, one.about_id), "")
        tables = dict.fromkeys(
            parts.get(row.table_name) or known_of(row.table_name).one for row in one.changes
        )
        yield Done(one.at, one.by, kinds.get(one.kind, one.kind), record, tuple(tables), one.note)


def kind_names() -> dict[str, str]:
    """Return what kinds of things people do with records, in the language spoken now."""
    return {
        "new": _("new"),
        "edit": _("changed"),
        "confirm": _("checked"),
        "close": _("closed"),
        "capacity": _("free places"),
        "provider": _("by the provider"),
        "correction": _("correction taken over"),
        "merge": _("merged"),
        "undo": _("taken back"),
        "vacancy": _("vacancy"),
        "partner": _("relation"),
        "handover": _("handed over"),
        "conflict": _("two versions put together"),
        "gap": _("decision about a gap"),
    }


def part_names() -> dict[str, str]:
    """Return what the tables of the directory hold, in the language spoken now."""
    return {
        "organization": _("the organisation"),
        "service": _("the service"),
        "location": _("the place"),
        "service_at_location": _("the service at a place"),
        "address": _("address"),
        "phone": _("phone"),
        "contact": _("people"),
        "schedule": _("hours"),
        "language": _("languages"),
        "cost_option": _("cost"),
        "required_document": _("papers to bring"),
        "service_capacity": _("free places"),
        "service_area": _("area served"),
        "eligibility_rule": _("for whom"),
        "service_type_link": _("kind of help"),
        "accessibility": _("access"),
        "funding": _("funding"),
        "url": _("web pages"),
        "tie": _("ties"),
        "vacancy": _("vacancies"),
        "alias": _("other names"),
        "attribute": _("remarks"),
    }
