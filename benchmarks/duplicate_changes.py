"""Real records as another office would have typed them, and records that only look like them."""

import random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.duplicate_pairs import Labelled
from netmap.directory.models import (
    Address,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    ServiceTypeLink,
    Source,
)
from netmap.duplicates.cards import TABLES, Table

CHANGED = 120  # real records of each table that are changed into the same, and into another thing


def changed(session: Session, seed: int = 4) -> list[Labelled]:
    """Add changed records to the database and return the pairs that they make with the real ones."""
    luck = random.Random(seed)
    session.add(Source(id="changed", name="changed"))
    session.flush()
    found: list[Labelled] = []
    for table in TABLES:
        model = {"organization": Organization, "service": Service, "location": Location}[table]
        rows = session.scalars(select(model).where(model.source_id != "changed").order_by(model.id)).all()
        rows = [row for row in rows if row.name and len(row.name) > 5]
        for row in luck.sample(rows, CHANGED):
            for same in (True, False):
                copy = _COPIES[table](session, row, same, luck)
                found.append(Labelled(table, row.id, copy, same, "changed"))
            other = _neighbour(session, table, row, luck.choice(rows).name or "", luck)
            found.append(Labelled(table, row.id, other, False, "changed"))
    session.flush()
    return found


def _organization(session: Session, row: Organization, same: bool, luck: random.Random) -> str:
    name, keeps = (typed_again(row.name, luck), 0.6) if same else another(row.name, luck)
    copy = Organization(name=name, source_id="changed", description=_text(row.description, same, luck))
    copy.website = row.website if luck.random() < keeps else None
    copy.email = row.email if luck.random() < keeps / 2 else None
    session.add(copy)
    session.flush()
    phones = [phone.number for phone in row.phones] or [None]
    for service in row.services[:1]:
        phones += [phone.number for phone in service.phones]
    _add_phone(
        session, luck.choice(phones) if luck.random() < keeps else _number(luck), luck, organization=copy.id
    )
    place = next(iter(row.locations), None) or next(
        (at.location for one in row.services for at in one.places), None
    )
    _add_place(session, place, copy.id, same and luck.random() < 0.75, luck)
    return copy.id


def _service(session: Session, row: Service, same: bool, luck: random.Random) -> str:
    name, keeps = (typed_again(row.name, luck), 0.6) if same else another(row.name, luck)
    owner = row.organization_id if luck.random() < 0.4 else None
    if owner is None and row.organization is not None:
        copied = Organization(name=typed_again(row.organization.name, luck), source_id="changed")
        session.add(copied)
        session.flush()
        owner = copied.id
    copy = Service(name=name, organization_id=owner, source_id="changed", url=None)
    copy.description = _text(row.description, same, luck)
    copy.url = row.url if luck.random() < keeps else None
    session.add(copy)
    session.flush()
    phones = [phone.number for phone in row.phones] or [None]
    _add_phone(
        session, luck.choice(phones) if luck.random() < keeps else _number(luck), luck, service=copy.id
    )
    place = next((at.location for at in row.places), None)
    at = _add_place(session, place, owner, same and luck.random() < 0.75, luck)
    session.add(ServiceAtLocation(service_id=copy.id, location_id=at, source_id="changed"))
    for link in session.scalars(select(ServiceTypeLink).where(ServiceTypeLink.service_id == row.id)):
        if luck.random() < 0.6:
            session.add(ServiceTypeLink(service_id=copy.id, code=link.code, state="suggested"))
    return copy.id


def _neighbour(session: Session, table: Table, row: Any, name: str, luck: random.Random) -> str:
    """Add another thing at the same desk: the same house and telephone, the name of something else."""
    kept = row.name
    words = kept.split()
    row.name = name if luck.random() < 0.5 else " ".join([*words[: len(words) // 2], *name.split()[-2:]])
    with session.no_autoflush:
        copy = _COPIES[table](session, row, True, luck)
    row.name = kept
    session.flush()
    return copy


def _text(text: str, same: bool, luck: random.Random) -> str:
    """Return a description: the same, told in other words, or none."""
    if luck.random() < (0.3 if same else 0.1):
        return text
    words = text.split()
    luck.shuffle(words)
    return " ".join(words) if luck.random() < 0.6 else ""


def _location(session: Session, row: Location, same: bool, luck: random.Random) -> str:
    if same:
        return _add_place(session, row, row.organization_id, True, luck, typed_again(row.name or "", luck))
    name, _keeps = another(row.name or "", luck)
    return _add_place(session, row, row.organization_id, False, luck, name)


_COPIES = {"organization": _organization, "service": _service, "location": _location}


def _add_place(
    session: Session,
    place: Location | None,
    owner: str | None,
    same: bool,
    luck: random.Random,
    name: str | None = None,
) -> str:
    copy = Location(name=name, organization_id=owner, source_id="changed")
    session.add(copy)
    session.flush()
    if place is None:
        return copy.id
    if place.latitude is not None and place.longitude is not None and luck.random() < 0.8:
        slip = 0.0005 if same else 0.05
        copy.latitude = place.latitude + luck.gauss(0, slip)
        copy.longitude = place.longitude + luck.gauss(0, slip)
    for address in place.addresses[:1]:
        street = (
            typed_street(address.address_1, luck)
            if same
            else f"{luck.randint(1, 4000)} {luck.choice(STREETS)}"
        )
        session.add(Address(location_id=copy.id, address_1=street, city=address.city, source_id="changed"))
    if same and luck.random() < 0.5:
        for phone in place.phones[:1]:
            _add_phone(session, phone.number, luck, location=copy.id)
    return copy.id


STREETS = ("Linden Street", "Mill Road", "Harbour Avenue", "Rue du Moulin", "Church Lane", "Garden Drive")


def _add_phone(session: Session, number: str | None, luck: random.Random, **owner: str) -> None:
    if number is None:
        return
    digits = "".join(one for one in number if one.isdigit())
    forms = (
        number,
        digits,
        f"+1 {digits[:3]}-{digits[3:6]}-{digits[6:]}",
        ".".join((digits[:3], digits[3:6], digits[6:])),
    )
    columns = {f"{key}_id": value for key, value in owner.items()}
    session.add(Phone(number=luck.choice(forms), source_id="changed", **columns))


def _number(luck: random.Random) -> str:
    return f"({luck.randint(200, 989)}) {luck.randint(200, 989)}-{luck.randint(1000, 9999)}"


def typed_again(name: str, luck: random.Random) -> str:
    """Return a name as another office would type it: one to three of the usual differences."""
    for change in luck.sample(_CHANGES, luck.choice((1, 1, 2, 3))):
        name = change(name, luck) or name
    return name


def _slip(name: str, luck: random.Random) -> str:
    at = luck.randrange(1, max(2, len(name) - 2))
    kind = luck.randrange(3)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]


_SHORT = {
    "center": "Ctr.", "centre": "Ctr", "services": "Svcs", "service": "Svc.", "department": "Dept.",
    "association": "Assoc.", "saint": "St.", "st.": "Saint", "and": "&", "street": "St.", "avenue": "Ave",
    "northwest": "NW", "nw": "Northwest", "northeast": "NE", "bibliotheque": "Bib.", "association.": "Ass",
    "mental": "Ment.", "community": "Comm.", "health": "Hlth", "program": "Prog.", "road": "Rd", "rue": "R.",
}  # fmt: skip


def _shortened(name: str, luck: random.Random) -> str:
    return " ".join(_SHORT.get(word.casefold(), word) for word in name.split())


def _case(name: str, luck: random.Random) -> str:
    return name.title() if name.isupper() else name.upper()


def _turned(name: str, luck: random.Random) -> str:
    for sign in (" - ", ": "):
        if sign in name:
            before, after = name.split(sign, 1)
            return f"{after} ({before})"
    return name


def _legal(name: str, luck: random.Random) -> str:
    bare = name.removesuffix(", Inc.").removesuffix(" Inc.")
    return bare if bare != name else f"{name}, {luck.choice(('Inc.', 'LLC', 'Inc'))}"


_CYRILLIC = dict(zip("abcdefghijklmnopqrstuvwxyz", "абкдефгхийклмнопкрстуввксиз", strict=False)) | {
    "z": "з",
    "y": "и",
}


def _cyrillic(name: str, luck: random.Random) -> str:
    if luck.random() < 0.5:
        return name
    return "".join(_CYRILLIC.get(one, one) for one in name.casefold()).title()


def _lost(name: str, luck: random.Random) -> str:
    words = name.split()
    if len(words) < 4:
        return name
    del words[luck.randrange(len(words))]
    return " ".join(words)


_CHANGES = (_slip, _slip, _shortened, _case, _turned, _legal, _cyrillic, _lost)
_TOWNS = (
    "Riverside",
    "Northgate",
    "Oakfield",
    "Harbour Point",
    "Saint-Aubin",
    "Lakewood",
    "Eastport",
    "Millbrook",
)


def another(name: str, luck: random.Random) -> tuple[str, float]:
    """Return the name of something else that looks like it, and how often the two share a telephone."""
    kind = luck.randrange(4)
    if kind == 0:
        return f"{name} - {luck.choice(_TOWNS)}", 0.4
    if kind == 1:
        number = luck.randint(2, 30)
        return (
            f"{name} {number}" if not any(one.isdigit() for one in name) else _other_number(name, luck)
        ), 0.3
    if kind == 2:
        words = name.split()
        words[0 if len(words) > 2 else -1] = luck.choice(_TOWNS).split()[0]
        return " ".join(words), 0.3
    return name, 0.0  # the same words elsewhere, with nothing else in common


def _other_number(name: str, luck: random.Random) -> str:
    return "".join(
        str((int(one) + luck.randint(1, 8)) % 10) if one.isascii() and one.isdigit() else one for one in name
    )


def typed_street(street: str, luck: random.Random) -> str:
    """Return an address as another office would type it."""
    changes = (
        _shortened,
        _case,
        lambda text, _luck: f"{text}, Suite {luck.randint(1, 400)}",
        lambda text, _luck: text,
    )
    return luck.choice(changes)(street, luck)
