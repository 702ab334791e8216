"""The short form by which a provider corrects a record: which fields it shows, and what was typed into them.

Names are those of `netmap.editing.record`. A day of the week is typed as times, since telephones have a dial
for those; here they become the text of a day and back.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from netmap.directory.hours_words import DAYS
from netmap.directory.models import ServiceAtLocation
from netmap.editing import record, week
from netmap.editing.fields import Wrong
from netmap.editing.parts import id_of
from netmap.i18n import gettext as _
from netmap.i18n.names import language_name
from netmap.selfservice.facts import group_name, group_of, shape_of
from netmap.web.provider_words import place_line

Texts = Mapping[str, str]
SPANS = 2  # of each day, with a break between them
NEW_ROWS = {"phones": 1, "languages": 2, "required_documents": 2}  # to add; of the rest one, if there is none
LONGEST_SEEN = 200_000
SPOKEN = (
    "en", "ru", "uk", "lt", "pl", "be", "lv", "et", "de", "fr", "es", "it", "pt", "ro", "bg", "ar", "fa",
    "tr", "ka", "hy", "az", "uz", "tg", "kk", "ky", "rom", "vi", "zh", "hi", "lls", "rsl", "ukl",
)  # fmt: skip
# Groups of the form: the columns, then rows with the fields of each. Hours have a form of their own.
FORMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "service": {
        "name": ("name",),
        "description": ("description",),
        "phones": ("phones.number", "phones.description", "email", "url"),
        "hours": ("hours",),
        "languages": ("languages.code",),
        "cost": (
            "cost_options.amount", "cost_options.currency", "cost_options.option", "fees_description",
        ),
        "documents": ("required_documents.document",),
        "who": ("minimum_age", "maximum_age", "eligibility_description"),
        "way_in": ("application_process",),
    },
    "organization": {
        "name": ("name",),
        "description": ("description",),
        "phones": ("phones.number", "phones.description", "email", "website"),
    },
    "location": {
        "name": ("name",),
        "places": ("addresses.address_1", "addresses.address_2", "addresses.city", "addresses.postal_code"),
        "phones": ("phones.number", "phones.description"),
        "hours": ("hours",),
        "access": ("accessibility.description",),
        "way_there": ("transportation",),
    },
}  # fmt: skip
NUMBERS = ("available", "maximum", "wait_days")
CAPACITY = tuple(f"capacities.{name}" for name in NUMBERS)


@dataclass(frozen=True, slots=True)
class Box:
    """One field as the form shows it."""

    name: str
    label: str
    kind: str  # line, text, number, email, link, language
    value: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a week as times, each with the name of its field."""

    name: str
    label: str
    spans: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A week of hours, and where they hold ("" for everywhere)."""

    name: str
    place: str
    days: tuple[Day, ...]
    overnight: bool
    until: str


@dataclass(frozen=True, slots=True)
class Section:
    """A group of fields under one heading."""

    group: str
    heading: str
    boxes: tuple[Box, ...]
    rows: tuple[tuple[Box, ...], ...]
    weeks: tuple[Week, ...]


def sections(session: Session, kind: str, texts: Texts) -> list[Section]:
    """Return the form of a record, filled with texts."""
    return [section(session, kind, group, names, texts) for group, names in FORMS[kind].items()]


def section(session: Session, kind: str, group: str, names: Sequence[str], texts: Texts) -> Section:
    """Return one group of the form: its own fields, its rows with some to add, its weeks."""
    boxes = tuple(_box(kind, name, texts) for name in names if "." not in name and name != "hours")
    by_part: dict[str, list[str]] = {}
    for name in names:
        part, dot, field = name.partition(".")
        if dot:
            by_part.setdefault(part, []).append(field)
    rows = tuple(
        tuple(_box(kind, f"{part}.{key}.{field}", texts) for field in fields)
        for part, fields in by_part.items()
        for key in _keys(part, texts)
    )
    weeks = _weeks(session, kind, texts) if "hours" in names else ()
    return Section(group, group_name(group), boxes, rows, weeks)


def _keys(part: str, texts: Texts) -> list[str]:
    """Return the keys of the rows that are there, and of some new ones."""
    known = {name.split(".")[1]: None for name in texts if name.startswith(f"{part}.")}
    new = NEW_ROWS.get(part, 0 if known else 1)
    return [*known, *(key for number in range(1, new + 1) if (key := f"+{number}") not in known)]


def _box(kind: str, name: str, texts: Texts) -> Box:
    field = record.field_of(kind, name)
    label = record.label(kind, name).rpartition(": ")[2]
    shown = field.kind if field and field.kind in {"text", "number", "email", "link", "language"} else "line"
    return Box(name, label, "number" if field and field.kind == "int" else shown, texts.get(name, ""))


def _weeks(session: Session, kind: str, texts: Texts) -> tuple[Week, ...]:
    """Return the week of a record, then those of its places that have one of their own."""
    found = [_week("hours", "", texts)]
    places = {name.split(".")[1] for name in texts if name.startswith("places.") and ".hours." in name}
    for key in sorted(places):
        place = session.get(ServiceAtLocation, id_of(key))
        if place is not None:
            found.append(_week(f"places.{key}.hours", place_line(place.location), texts))
    return tuple(found)


def _week(name: str, place: str, texts: Texts) -> Week:
    days = []
    for code in DAYS:
        parts = [part for part in texts.get(f"{name}.{code}", "").split(week.BETWEEN.strip()) if part.strip()]
        spans = [_times(part) for part in parts]
        spans += [("", "")] * (SPANS - len(spans))
        days.append(Day(f"{name}.{code}", week.day_name(code), tuple(spans)))
    overnight = texts.get(f"{name}.overnight") == "yes"
    return Week(name, place, tuple(days), overnight, texts.get(f"{name}.valid_to", ""))


def _times(part: str) -> tuple[str, str]:
    """Return a span as two times that the field of a browser can show: midnight is 00:00 there.

    Examples
    --------
    >>> _times("09:00–24:00"), _times("9–13")
    (('09:00', '00:00'), ('9', '13'))
    """
    opens, _dash, closes = (piece.strip() for piece in part.partition(week.DASH))
    return opens, "00:00" if closes == "24:00" else closes


def typed(kind: str, form: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that were sent, each with its text; what no form of this kind shows is left out."""
    shown = {name for names in FORMS[kind].values() for name in names if name != "hours"}
    found = {name: text for name, text in form.items() if shape_of(name) in shown}
    weeks = {name.removesuffix(".sent") for name in form if name.endswith("hours.sent")}
    for name in sorted(weeks):
        if shape_of(f"{name}.MO") not in {"hours", "places.hours"} or "hours" not in FORMS[kind]:
            continue
        for code in DAYS:
            found[f"{name}.{code}"] = _day(f"{name}.{code}", week.day_name(code), form)
        found[f"{name}.overnight"] = "yes" if form.get(f"{name}.overnight") == "yes" else ""
        found[f"{name}.valid_to"] = form.get(f"{name}.valid_to", "")
        if not any(found[f"{name}.{code}"] for code in DAYS):
            found[f"{name}.overnight"] = ""
    return found


def _day(name: str, label: str, form: Mapping[str, str]) -> str:
    parts = []
    for number in range(week.MOST_SPANS):
        opens, closes = (form.get(f"{name}.{number}.{end}", "").strip() for end in ("from", "to"))
        if opens or closes:
            parts.append(f"{opens}{week.DASH}{'24:00' if closes == '00:00' else closes}")
    text = week.BETWEEN.join(parts)
    try:
        return week.as_text(week.read_day(text, label))
    except Wrong:  # it is told where the whole record is looked at
        return text


def seen(texts: Texts, kind: str) -> str:
    """Return what the form shows, to be sent along with it."""
    return json.dumps(
        {name: text for name, text in texts.items() if group_of(kind, name)}, ensure_ascii=False
    )


def read_seen(text: str) -> dict[str, str]:
    """Return what a form showed; {} where nothing readable was sent along.

    Examples
    --------
    >>> read_seen('{"name": "Choir", "x": 1}'), read_seen("nonsense")
    ({'name': 'Choir'}, {})
    """
    try:
        found = json.loads(text[:LONGEST_SEEN])
    except ValueError:
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {str(name): value for name, value in pairs if isinstance(value, str)}


def languages() -> list[tuple[str, str]]:
    """Return (code, name) of the languages to choose from, by name."""
    named = [(code, language_name(code)) for code in SPOKEN]
    return [("", _("choose")), *sorted(named, key=lambda pair: pair[1].casefold())]
