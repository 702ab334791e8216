"""What a provider's records say, group by group, in lines of the reader's words."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from netmap.directory.hours_words import DAYS
from netmap.directory.models import Location, Service
from netmap.directory.secrecy import addresses_told
from netmap.editing import record
from netmap.i18n import gettext as _
from netmap.selfservice.corrections import piece_of
from netmap.selfservice.facts import KINDS, group_of

Texts = Mapping[str, str]
UNSAID = ("currency",)  # stands beside the amount


def groups_of(session: Session, kind: str, record_id: str) -> dict[str, tuple[str, ...]]:
    """Return group -> its lines, in the order of the page; a group that says nothing is left out."""
    texts = record.read(session, kind, record_id)
    found: dict[str, list[str]] = {group: [] for group in KINDS[kind]}
    for names in _together(kind, texts):
        group = group_of(kind, names[0])
        if group:
            found[group] += lines(session, kind, {name: texts[name] for name in names})
    if kind == "service":
        _add_places(session, session.get_one(Service, record_id), found)
    return {group: tuple(said) for group, said in found.items() if said}


def lines(session: Session, kind: str, texts: Texts) -> list[str]:
    """Return the fields that are decided together as lines: a week by days, a row on one line."""
    said = {name: _said(session, kind, name, text) for name, text in texts.items()}
    said = {name: text for name, text in said.items() if text}
    if not said:
        return []
    if any("hours" in name.split(".")[:-1] for name in said):
        return _week(kind, said)
    if len(said) > 1 or "." in next(iter(said)):
        return [_row(said)]
    name, text = next(iter(said.items()))
    alone = name in {"name", "description", "eligibility_description", "application_process"}
    return text.splitlines() if alone else [f"{record.label(kind, name)}: {text}"]


def _week(kind: str, said: Texts) -> list[str]:
    """Return a week in lines; days that follow each other with the same hours share one."""
    found: list[tuple[list[str], str]] = []
    for name, text in said.items():
        if name.endswith(".overnight"):
            continue
        day = name.rpartition(".")[2]
        if found and day in DAYS and found[-1][1] == text and _follows(found[-1][0][-1], name):
            found[-1][0].append(name)
        else:
            found.append(([name], text))
    labels = [[record.label(kind, name).rpartition(": ")[2] for name in names] for names, _text in found]
    return [
        f"{one[0] if len(one) == 1 else f'{one[0]}–{one[-1]}'}: {text}"
        for one, (_names, text) in zip(labels, found, strict=True)
    ]


def _follows(before: str, name: str) -> bool:
    """Return whether the day of a field comes directly after that of another."""
    first, second = before.rpartition(".")[2], name.rpartition(".")[2]
    return first in DAYS and DAYS.index(second) == DAYS.index(first) + 1


def _row(said: Texts) -> str:
    """Return a row on one line: a price with its currency first, and nothing twice."""
    by_field = {name.rpartition(".")[2]: text for name, text in said.items()}
    amount, currency = by_field.pop("amount", ""), by_field.pop("currency", "")
    price = amount if amount == _("free") else f"{amount} {currency}".strip()
    return ", ".join(dict.fromkeys(text for text in (price, *by_field.values()) if text))


def label(kind: str, name: str) -> str:
    """Return what something that is decided as one is called: a field, a row, or a week."""
    if name.endswith("hours"):
        return _("Opening hours")
    if name == piece_of(name) and "." in name:
        return record.label(kind, f"{name}.{_any_field(kind, name)}").rpartition(": ")[0] or name
    return record.label(kind, name)


def _any_field(kind: str, piece: str) -> str:
    names = ("number", "code", "amount", "document", "available", "address_1", "description", "from")
    return next((one for one in names if record.field_of(kind, f"{piece}.{one}")), "")


def _said(session: Session, kind: str, name: str, text: str) -> str:
    last = name.rpartition(".")[2]
    if "." in name and last in UNSAID:
        return text
    if name.endswith(".amount") and text == "0":
        return _("free")
    if last in {"maximum", "available", "wait_days", "minimum_age", "maximum_age"} and "." in name:
        return f"{record.label(kind, name).rpartition(': ')[2]}: {text}"
    return "\n".join(record.words(session, kind, name, text))


def _together(kind: str, names: Iterable[str]) -> list[list[str]]:
    """Return the fields that a provider writes, those that are decided as one together."""
    found: dict[str, list[str]] = {}
    for name in names:
        if group_of(kind, name):
            found.setdefault(piece_of(name), []).append(name)
    return list(found.values())


def _add_places(session: Session, service: Service, found: dict[str, list[str]]) -> None:
    """Add what is said at the places themselves: where they are, and their hours where they tell any."""
    for place in service.places:
        if place.removed_in_source is None:
            found["places"].append(place_line(place.location))
            there = record.read(session, "location", place.location_id)
            week = {name: text for name, text in there.items() if name.startswith("hours.")}
            if week and not found["hours"]:
                name = place.location.name or place_line(place.location)
                told = "; ".join(lines(session, "location", week))
                found["hours"].append(f"{name}: {told}")


def place_line(location: Location) -> str:
    """Return a place on one line: its name and its first address."""
    addresses = [one for one in addresses_told(location) if one.removed_in_source is None]
    told = [location.name]
    if addresses:
        told += [addresses[0].address_1, addresses[0].city]
    return ", ".join(dict.fromkeys(part for part in told if part)) or (
        _("address kept secret") if location.confidential else _("a place without an address")
    )
