"""The directory as a book: who helps with what, kinds of help by area, an index of names. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from netmap.i18n import gettext as _
from netmap.i18n import language, ngettext
from netmap.i18n.numbers import locale, number
from netmap.printing.alphabet import letter, order
from netmap.printing.entries import Entry, Line, Said
from netmap.vocabulary.terms import Vocabulary, label

PRINTED = ("where", "way", "hours", "phone", "in", "bring", "cost", "who", "languages", "access", "web")
LONGEST = 400  # characters of what a provider says at length; a book is for finding, not for reading


@dataclass(frozen=True)
class Chapter:
    """One kind of help: by area the services whose first kind it is, and those that give it beside."""

    code: str
    name: str
    areas: tuple[tuple[str, tuple[Entry, ...]], ...]
    beside: tuple[Entry, ...]


def chapters(entries: Sequence[Entry], areas: Mapping[str, str]) -> list[Chapter]:
    """Return the chapters in the order of their names; services of no known kind come last.

    A service stands whole in the chapter of its first kind, and as a reference in those of the others.
    """
    whole: dict[str, list[Entry]] = defaultdict(list)
    beside: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        whole[entry.types[0] if entry.types else ""].append(entry)
        for code in entry.types[1:]:
            beside[code].append(entry)
    found = [
        Chapter(code, _name(code), _by_area(whole[code], areas), tuple(_sorted(beside[code])))
        for code in {*whole, *beside}
    ]
    return sorted(found, key=lambda one: (not one.code, order(one.name, language())))


def _name(code: str) -> str:
    return label(code) if code else _("Other help")


def _by_area(entries: Iterable[Entry], areas: Mapping[str, str]) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        known = [areas[code] for code in entry.areas if code in areas]
        found[known[0] if known else ""].append(entry)
    names = sorted(found, key=lambda name: (not name, order(name, language())))
    anywhere = _("By phone, online, or place not known")
    return tuple((name or anywhere, tuple(_sorted(found[name]))) for name in names)


def _sorted(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (order(entry.name.text, language()), entry.id))


def needs(
    vocabulary: Vocabulary, there: Collection[str]
) -> list[tuple[str, list[tuple[str, tuple[str, ...]]]]]:
    """Return (field of life, [(need, the kinds of help in the book that help with it)])."""
    found = []
    for domain in vocabulary.domains:
        rows = [
            (label(need.code), tuple(code for code in need.service_types if code in there))
            for need in vocabulary.needs.values()
            if need.domain == domain
        ]
        rows = [row for row in rows if row[1]]
        if rows:
            found.append((label(domain), rows))
    return found


def index(entries: Iterable[Entry]) -> list[tuple[str, list[tuple[Said, tuple[str, ...]]]]]:
    """Return (letter, [(name, ids of the services)]) of all services and organizations."""
    names: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for entry in entries:
        names[entry.name.text, entry.name.lang].append(entry.id)
        if entry.organization and entry.organization != entry.name.text:
            names[entry.organization, None].append(entry.id)
    found: dict[str, list[tuple[Said, tuple[str, ...]]]] = {}
    for name, lang in sorted(names, key=lambda one: order(one[0], language())):
        ids = tuple(dict.fromkeys(names[name, lang]))
        found.setdefault(letter(name, language()), []).append((Said(name, lang), ids))
    return list(found.items())


def document(
    entries: Sequence[Entry], areas: Mapping[str, str], vocabulary: Vocabulary, today: date, area: str = ""
) -> dict[str, Any]:
    """Return the book as data for the typesetter, with every word around it in the language spoken now."""
    parts = chapters(entries, areas)
    there = {chapter.code for chapter in parts}
    return {
        "language": language(),
        "words": _words(today, area),
        "statement": _statement(entries, today),
        "needs": needs(vocabulary, there),
        "chapters": [
            {
                "code": one.code,
                "name": one.name,
                "areas": [[name, [_entry(entry) for entry in inside]] for name, inside in one.areas],
                "beside": [[entry.id, _said(entry.name), entry.organization] for entry in one.beside],
            }
            for one in parts
        ],
        "names": {one.code: one.name for one in parts},
        "index": [[sign, [[_said(name), ids] for name, ids in rows]] for sign, rows in index(entries)],
    }


def _words(today: date, area: str) -> dict[str, str]:
    day = format_date(today, "long", locale=locale())
    return {
        "title": _("Who helps with what"),
        "area": area,
        "as_of": _("As of %(day)s", day=day),
        "call": _("What stands here changes. Call before you go, or before you send anybody."),
        "contents": _("Contents"),
        "needs": _("Who helps with …"),
        "how": _("Look for what the matter is; each kind of help has its page."),
        "help": _("Kinds of help, by area"),
        "beside": _("Also give this help:"),
        "index": _("Names"),
        "page": _("page"),
        "unconfirmed": _("kind of help: proposed by a program, confirmed by nobody"),
    }


def _statement(entries: Sequence[Entry], today: date) -> list[str]:
    """Return how many services there are and how long ago people checked them."""
    ages = [(today - entry.checked).days for entry in entries if entry.checked]
    half = sum(age <= 180 for age in ages)
    never = len(entries) - len(ages)
    total = len(entries)
    return [
        ngettext("%(number)s service", "%(number)s services", total),
        _("checked by a person in the last 180 days: %(count)s", count=number(half)),
        _("checked longer ago: %(count)s", count=number(len(ages) - half)),
        _("never checked by a person: %(count)s", count=number(never)),
    ]


def _entry(entry: Entry) -> dict[str, Any]:
    checked = entry.line("checked")
    about = entry.line("about")
    return {
        "id": entry.id,
        "name": _said(entry.name),
        "organization": entry.organization,
        "badges": entry.badges if entry.confirmed else (*entry.badges, "?"),
        "alert": _said(entry.alert) if entry.alert else None,
        "about": [_said(_short(one)) for one in about.said] if about else [],
        "lines": [_line(line) for code in PRINTED if (line := entry.line(code))],
        "checked": _line(checked) if checked else None,
    }


def _line(line: Line) -> list[Any]:
    return [line.label, [_said(_short(one)) for one in line.said]]


def _short(said: Said) -> Said:
    if len(said.text) <= LONGEST:
        return said
    return Said(said.text[:LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + " …", said.lang)


def _said(said: Said) -> list[str | None]:
    return [said.text, said.lang]
