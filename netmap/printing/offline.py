"""The directory as one HTML file that works without a network: with a script a search, without one a list."""

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from netmap.i18n import gettext as _
from netmap.i18n import language, ngettext
from netmap.i18n.names import language_name
from netmap.i18n.numbers import locale
from netmap.paths import shipped
from netmap.printing.alphabet import order
from netmap.printing.calendar import calendar
from netmap.printing.entries import Entry
from netmap.printing.offline_words import ENDINGS, askable
from netmap.vocabulary.terms import Vocabulary, label

COUNTED_DAYS = 120  # older than this the file says "more than"


def offline_html(
    entries: Iterable[Entry],
    areas: Mapping[str, tuple[str, str | None]],
    vocabulary: Vocabulary,
    moment: datetime,
    zone: str,
) -> bytes:
    """Return the file, with every word around the services in the language spoken now.

    Parameters
    ----------
    entries : iterable of Entry
        Taken one by one, so that not all have to be in memory.
    areas : mapping
        Code -> name and the area around it.
    vocabulary : Vocabulary
    moment : datetime
        When the file is made, in the time zone of the office.
    zone : str
        The name of that time zone.
    """
    templates = _templates()
    article = templates.get_template("printing/offline_entry.html")
    known, kinds, spoken, places = _Numbers(), set[str](), set[str](), set[str]()
    sections: dict[str, list[tuple[Any, str]]] = defaultdict(list)
    total = 0
    for total, entry in enumerate(entries, start=1):
        kinds.update(entry.types)
        spoken.update(entry.spoken)
        places.update(entry.areas, entry.serves)
        html = article.render(entry=entry, number=total, keys=[known.of(key) for key in entry.hours])
        sections[entry.types[0] if entry.types else ""].append((order(entry.name.text, language()), html))
    data = {
        "made": moment.date().isoformat(),
        "zone": zone,
        "ages": [_age(days) for days in range(COUNTED_DAYS + 2)],
        "keys": [calendar(key, moment) for key in known.all],
        "areas": _areas(areas, places),
        "kinds": _named({code: label(code) for code in kinds}),
        "languages": _named({code: language_name(code) for code in spoken}),
        "endings": ENDINGS,
        "asked": askable(vocabulary, kinds),
        "words": _words(),
    }
    script = (shipped("templates") / "printing" / "offline.js").read_text(encoding="utf-8")
    style = (shipped("templates") / "printing" / "offline.css").read_text(encoding="utf-8")
    page = templates.get_template("printing/offline.html").render(
        language=language(),
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'",
        script=Markup(script),  # noqa: S704 - our own file
        style=Markup(style),  # noqa: S704 - our own file
        data=Markup(json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")),  # noqa: S704 - nothing in it can end the element
        day=format_date(moment.date(), "long", locale=locale()),
        total=total,
        sections=[
            (code, name, [html for _order, html in sorted(sections[code])]) for code, name in _order(sections)
        ],
    )
    return page.encode("utf-8")


class _Numbers:
    """Numbers for keys of hours: thousands of services share some hundred of them."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._known: dict[str, int] = {}

    def of(self, key: str) -> int:
        """Return the number of a key."""
        if key not in self._known:
            self._known[key] = len(self.all)
            self.all.append(key)
        return self._known[key]


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(shipped("templates"))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_=_, ngettext=ngettext)
    return environment


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _age(days: int) -> str:
    """Return how old the file is and what follows from it."""
    if days == 0:
        return _("made today")
    if days > COUNTED_DAYS:
        return _("made more than %(days)s days ago: call first", days=COUNTED_DAYS)
    return ngettext("made %(number)s day ago: call first", "made %(number)s days ago: call first", days)


def _areas(areas: Mapping[str, tuple[str, str | None]], named: Iterable[str]) -> list[list[str | None]]:
    """Return [code, name, the area around it] of the areas that are named and all around them."""
    needed: dict[str, None] = {}
    for code in named:
        here: str | None = code
        while here is not None and here in areas and here not in needed:
            needed[here] = None
            here = areas[here][1]
    rows: list[list[str | None]] = [[code, *areas[code]] for code in needed]
    return sorted(rows, key=lambda row: (order(row[1] or "", language()), row[0]))


def _named(names: Mapping[str, str]) -> list[list[str]]:
    return [[code, names[code]] for code in sorted(names, key=lambda one: order(names[one], language()))]


def _order(sections: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (code, name) of the kinds of help by name; what is of no known kind comes last."""
    names = {code: label(code) for code in sections if code}
    yield from ((code, name) for code, name in _named(names))
    if "" in sections:
        yield "", _("Other help")


def _words() -> dict[str, str]:
    """Return the sentences that the script shows."""
    return {
        "open": _("Open now"),
        "closed": _("Closed now"),
        "unknown": _("Hours not known, call first"),
        "understood": _("Understood as:"),
        "instead": _("Searched instead:"),
        "none": _("Nothing was found. Try another word, or take a filter away."),
        "found": _("Found: {count}"),
        "perhaps": _("Perhaps: something is not known"),
        "more": _("Show more"),
        "all": _("Show all"),
    }
