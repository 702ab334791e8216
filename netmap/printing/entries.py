"""A service in the words of a reader, ready for paper: what is public of it, and nothing else.

Every print goes through `entries`: a place whose address is confidential gives its area only, a safety note
gives nothing, and people at a provider are not named. Words of the provider keep their language.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.filters import conditions
from netmap.directory.hsds_names import THRESHOLDS_URI
from netmap.directory.limits import Limits, limits_of
from netmap.directory.models import Area, Location, Organization, Service, ServiceAtLocation
from netmap.directory.opening_keys import key_of
from netmap.directory.queries import area_name, service_pages
from netmap.directory.web_links import link
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.i18n.names import language_name
from netmap.i18n.numbers import locale
from netmap.printing.opening import Opening, opening
from netmap.printing.telephones import telephones

OFFERED = ("active", "unknown", "temporarily closed")  # the others are over: paper would send people there
CHUNK = 300  # services read at once
FIELDS = (
    "where", "way", "hours", "phone", "in", "bring", "cost", "who", "languages", "access", "about", "web",
    "checked",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A piece of text, and its language where it is not the reader's."""

    text: str
    lang: str | None = None


@dataclass(frozen=True)
class Line:
    """One thing that is told of a service, under its name in the reader's language."""

    code: str
    label: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Entry:
    """One service as it is printed; ``lang`` is the language of its own words.

    ``types``, ``areas``, ``serves``, ``spoken`` are codes, ``hours`` keys of rules.
    """

    id: str
    name: Said
    lang: str | None
    organization: str
    types: tuple[str, ...]
    confirmed: bool
    areas: tuple[str, ...]
    serves: tuple[str, ...]
    spoken: tuple[str, ...]
    hours: tuple[str, ...]
    badges: tuple[str, ...]
    alert: Said | None
    lines: tuple[Line, ...]
    telephones: tuple[str, ...]
    web: str
    checked: date | None

    def line(self, code: str) -> Line | None:
        """Return what is told under a code of `FIELDS`, or None."""
        return next((line for line in self.lines if line.code == code), None)


def public_ids(session: Session, today: date) -> list[str]:
    """Return the services that may be printed for everybody, in the order of their ids."""
    query = (
        select(Service.id)
        .outerjoin(Organization, Service.organization_id == Organization.id)
        .where(Service.removed_in_source.is_(None), Service.status.in_(OFFERED))
        .where(Organization.closed_on.is_(None) | (Organization.closed_on > today))
        .order_by(Service.id)
    )
    return list(session.scalars(query))


def areas_of(session: Session) -> dict[str, str]:
    """Return the name of each area in the language spoken now."""
    return {area.code: area_name(area, language()) for area in session.scalars(select(Area))}


def entries(
    session: Session,
    ids: Sequence[str],
    moment: datetime,
    stale_days: int,
    *,
    forget: bool = True,
    inner: bool = False,
) -> Iterator[Entry]:
    """Yield services in the language spoken now, a few hundred read at a time.

    Parameters
    ----------
    session : Session
    ids : sequence of str
    moment : datetime
        Now, in the time zone of the office.
    stale_days : int
        After so many days a check counts as old.
    forget : bool
        Let go of what was read, so that ten thousand services need no more memory than some hundreds. Only
        for a session that nobody else reads from.
    inner : bool
        With confidential addresses: for a paper that stays in the office.
    """
    names = areas_of(session)
    for first in range(0, len(ids), CHUNK):
        some = list(ids[first : first + CHUNK])
        limits = limits_of(session, some, moment.date())
        for service in service_pages(session, some, secret=inner):
            yield _Telling(service, limits[service.id], names, moment, stale_days, inner).entry()
        if forget:
            session.expunge_all()


class _Telling:
    """Tells one service."""

    def __init__(
        self,
        service: Service,
        limits: Limits,
        areas: Mapping[str, str],
        moment: datetime,
        stale_days: int,
        inner: bool,
    ) -> None:
        self.service, self.limits, self.areas = service, limits, areas
        self.moment, self.stale_days, self.inner = moment, stale_days, inner
        self.places = [place for place in service.places if place.location.removed_in_source is None]
        self.opened = [opening(service, place, moment) for place in self.places]
        self.opened = self.opened or [opening(service, None, moment)]

    def entry(self) -> Entry:
        """Return the service as it is printed."""
        service = self.service
        confirmed = tuple(one.code for one in service.types if one.state == "confirmed")
        suggested = tuple(one.code for one in service.types if one.state == "suggested")
        organization = service.organization
        served = [*service.service_areas, *(row for place in self.places for row in place.service_areas)]
        numbers = telephones(service, self.places)
        web = link(service.url) or link(organization.website if organization else None) or ""
        found = dict(self._lines(numbers, web))
        return Entry(
            id=service.id,
            name=self._own(service.name),
            lang=service.text_language,
            organization=organization.name if organization else "",
            types=confirmed or suggested,
            confirmed=bool(confirmed) or not suggested,
            areas=tuple(dict.fromkeys(code for p in self.places if (code := p.location.area_code))),
            serves=tuple(dict.fromkeys(row.area_code for row in served if row.area_code)),
            spoken=self.limits.languages,
            hours=tuple(dict.fromkeys(key_of(one.rules) for one in self.opened)),
            badges=tuple(self._badges()),
            alert=self._alert(),
            lines=tuple(Line(code, name, said) for code, (name, said) in found.items() if said),
            telephones=tuple(number for number, _words in numbers),
            web=web,
            checked=service.assured_date,
        )

    def _own(self, text: str) -> Said:
        """Return words of the provider: their language is said where it is not the reader's."""
        lang = self.service.text_language
        return Said(" ".join(text.split()), lang if lang != language() else None)

    def _owns(self, texts: Iterable[str | None]) -> tuple[Said, ...]:
        return tuple(self._own(text) for text in dict.fromkeys(texts) if text and text.strip())

    def _lines(
        self, numbers: Sequence[tuple[str, str]], web: str
    ) -> Iterator[tuple[str, tuple[str, tuple[Said, ...]]]]:
        service, limits = self.service, self.limits
        yield "where", (_("Where"), tuple(self._where()))
        ways = (place.location.transportation for place in self._shown())
        yield "way", (_("How to get there"), self._owns(ways))
        yield "hours", (_("When open"), tuple(self._hours()))
        phones = tuple(Said(words) for _number, words in numbers) or (Said(_("not known")),)
        yield "phone", (_("Phone"), phones)
        yield "in", (_("How to get in"), self._owns([service.application_process]))
        yield "bring", (_("Bring with you"), self._owns(row.document for row in service.required_documents))
        price = [Said(limits.price)] if limits.price else []
        yield "cost", (_("Cost"), (*price, *self._owns([limits.fees])) or (Said(_("not known: ask")),))
        who = (*map(Said, limits.who), *self._owns([service.eligibility_description]))
        yield "who", (_("For whom"), who)
        names = ", ".join(language_name(code) for code in limits.languages)
        spoken = (Said(names),) if names else ()
        yield "languages", (_("Languages"), (*spoken, *self._owns([service.interpretation_services])))
        usable = (
            ". ".join(part for part in (row.description, row.details) if part)
            for place in self._shown()
            for row in place.location.accessibility
        )
        yield "access", (_("With a wheelchair or other aids"), self._owns(usable))
        yield "about", (_("What it is"), self._owns([service.description]))
        yield "web", (_("Web page"), (Said(web),) if web else ())
        yield "checked", (_("Last checked"), (Said(self._checked()),))

    def _shown(self) -> list[ServiceAtLocation]:
        """Return the places of which more than the area may be told."""
        return [place for place in self.places if self.inner or not place.location.confidential]

    def _where(self) -> Iterator[Said]:
        told = dict.fromkeys(where(place.location, self.areas, inner=self.inner) for place in self.places)
        yield from (Said(text) for text in told if text)

    def _hours(self) -> Iterator[Said]:
        weeks = list(dict.fromkeys((one.week, one.remarks) for one in self.opened))
        if len(weeks) == 1 or not self.places:
            yield from self._week(self.opened[0])
            return
        for place, here in zip(self.places, self.opened, strict=True):
            name = (place.location.name or "") if place in self._shown() else ""
            yield from self._week(here, f"{name}: " if name else "")

    def _week(self, here: Opening, prefix: str = "") -> Iterator[Said]:
        if here.week:
            yield Said(prefix + here.week)
        elif not here.remarks:
            yield Said(prefix + _("Hours not known, call first"))
        elif prefix:
            yield Said(prefix.rstrip())
        yield from self._owns(here.remarks)

    def _badges(self) -> Iterator[str]:
        said = {
            "temporarily closed": _("temporarily closed"),
            "unknown": _("not known whether offered: ask"),
            "inactive": _("not offered now"),
            "defunct": _("closed for good"),
        }
        if self.service.status in said:
            yield said[self.service.status]
        for row in self.service.attributes:
            term = row.term
            if term and term.code and term.taxonomy and term.taxonomy.uri == THRESHOLDS_URI:
                yield conditions("threshold").get(term.code, term.name)

    def _alert(self) -> Said | None:
        service = self.service
        over = service.alert_until is not None and service.alert_until < self.moment.date()
        return self._own(service.alert) if service.alert and not over else None

    def _checked(self) -> str:
        day = self.service.assured_date
        if day is None:
            return _("no person has checked this yet: call first")
        words = format_date(day, "long", locale=locale())
        old = (self.moment.date() - day).days > self.stale_days
        return _("%(day)s, long ago: call first", day=words) if old else words


def where(location: Location, areas: Mapping[str, str], *, inner: bool = False) -> str:
    """Return where a place is, on one line; of a confidential one the area only, but on ``inner`` papers."""
    area = areas.get(location.area_code or "", "")
    if location.confidential and not inner:
        hidden = _("the address is told by phone only")
        return f"{area} ({hidden})" if area else hidden
    if location.location_type == "virtual":
        return _("by phone or online")
    address = next(iter(location.addresses), None)
    if address is None:
        parts = [location.name, area]
    else:
        parts = [address.attention, address.address_1, address.address_2, address.postal_code, address.city]
        named = location.name and location.name not in (address.address_1, address.attention)
        parts = [location.name, *parts] if named else parts
    return ", ".join(dict.fromkeys(part.strip() for part in parts if part and part.strip()))
