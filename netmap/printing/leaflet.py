"""A leaflet: what somebody needs to get to a service, on one page, in the language of who carries it.

It is made of what providers publish and of nothing else, so nothing about a person can be in it. Words of a
provider stay in the provider's language; what to say at the door stands in both.
"""

import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import segno
from babel.dates import format_date

from netmap.config import LANGUAGES
from netmap.i18n import gettext as _
from netmap.i18n import language, speaking
from netmap.i18n.numbers import locale
from netmap.printing.entries import Entry, Said
from netmap.printing.fitting import SPOKEN, fit

MOST = 8  # services on one leaflet
SAY, QR = "say", "qr"
USUAL = (SAY, "where", "way", "hours", "phone", "in", "bring", "cost", "languages", "checked", QR)
PLACES = 3  # of one service, told on a leaflet


@dataclass(frozen=True)
class Told:
    """One service of a leaflet, with what to say there, what that means, and what its code leads to."""

    entry: Entry
    say: Said | None
    meaning: str
    qr: str


@dataclass(frozen=True)
class Leaflet:
    """A leaflet with all words around it, in the language spoken when it was made."""

    language: str
    title: str
    services: tuple[Told, ...]
    size: int
    large: bool
    one_page: bool
    say_title: str
    qr_title: str
    foot: str


def field_names() -> dict[str, str]:
    """Return the fields that somebody may choose, by code, in the language spoken now."""
    return {
        SAY: _("What to say"),
        "where": _("Where"),
        "way": _("How to get there"),
        "hours": _("When open"),
        "phone": _("Phone"),
        "in": _("How to get in"),
        "bring": _("Bring with you"),
        "cost": _("Cost"),
        "who": _("For whom"),
        "languages": _("Languages"),
        "access": _("With a wheelchair or other aids"),
        "about": _("What it is"),
        "web": _("Web page"),
        "checked": _("Last checked"),
        QR: _("Code for the telephone's camera"),
    }


def leaflet(
    entries: Sequence[Entry],
    pages: Sequence[str],
    *,
    fields: Collection[str],
    large: bool,
    moment: datetime,
    office: str,
) -> Leaflet:
    """Return a leaflet of some services, told in the language spoken now.

    Parameters
    ----------
    entries : sequence of Entry
    pages : sequence of str
        For each service an address that everybody can open, or "".
    fields : collection of str
        Which of `field_names` to show.
    large : bool
        In large print, from 16 points.
    moment : datetime
        Now, in the time zone of the office.
    office : str
        The language spoken at providers whose records do not say theirs.
    """
    chosen = [replace(one, lines=_lines(one, fields)) for one in entries]
    fitted = fit(chosen, large=large, say=SAY in fields, qr=QR in fields)
    services = []
    for entry, page in zip(fitted.entries, pages, strict=True):
        say, meaning = _say(entry, office) if SAY in fields else (None, "")
        services.append(Told(entry, say, meaning, code_target(entry, page) if QR in fields else ""))
    day = format_date(moment.date(), "long", locale=locale())
    return Leaflet(
        language=language(),
        title=entries[0].name.text if len(entries) == 1 else _("Who can help"),
        services=tuple(services),
        size=fitted.size,
        large=large,
        one_page=fitted.one_page,
        say_title=_("Say or show this"),
        qr_title=_("Point your telephone's camera here"),
        foot=f"{_('As of %(day)s', day=day)} · {_('Things change: call first.')}",
    )


def _lines(entry: Entry, fields: Collection[str]) -> tuple[Any, ...]:
    return tuple(
        replace(line, said=line.said[:PLACES]) if line.code in ("where", "way", "access") else line
        for line in entry.lines
        if line.code in fields
    )


def _say(entry: Entry, office: str) -> tuple[Said, str]:
    """Return what to say, in the language of the provider, and what it means where that is another one."""
    reader = language()
    there = entry.name.lang or entry.lang or office
    there = there if there in LANGUAGES else office
    with speaking(there):
        words = _sentence(entry)
    meaning = _sentence(entry)
    return Said(words, there if there != reader else None), meaning if meaning != words else ""


def _sentence(entry: Entry) -> str:
    name = entry.name.text
    name = name if len(name) <= SPOKEN else name[:SPOKEN].rsplit(" ", 1)[0] + " …"
    return _("Hello. I would like to ask about “%(service)s”. Can you help me?", service=name)


def code_target(entry: Entry, page: str) -> str:
    """Return what a code leads to: the web page, a public page of ours, the number, else the address."""
    number = entry.telephones[0] if entry.telephones else ""
    where = entry.line("where")
    place = where.said[0].text if where else ""
    return entry.web or page or (f"tel:{number.replace(' ', '')}" if number else place)


def code_svg(text: str, label: str = "") -> str:
    """Return a code for the camera of a telephone as a drawing, black on white.

    Examples
    --------
    >>> code_svg("https://help.example", "Web page").startswith("<svg")
    True
    """
    out = io.BytesIO()
    segno.make(text[:800], error="m", micro=False).save(
        out,
        kind="svg",
        border=4,
        omitsize=True,
        xmldecl=False,
        light="#fff",
        title=label or None,
        svgclass="nm-qr",
    )
    return out.getvalue().decode().strip()


def as_data(made: Leaflet) -> dict[str, Any]:
    """Return a leaflet as data for the typesetter."""
    return {
        "language": made.language,
        "title": made.title,
        "size": made.size,
        "say_title": made.say_title,
        "qr_title": made.qr_title,
        "foot": made.foot,
        "services": [
            {
                "name": _pair(one.entry.name),
                "organization": one.entry.organization,
                "badges": list(one.entry.badges),
                "alert": _pair(one.entry.alert) if one.entry.alert else None,
                "say": _pair(one.say) if one.say else None,
                "meaning": one.meaning,
                "lines": [[line.label, [_pair(said) for said in line.said]] for line in one.entry.lines],
                "qr": code_svg(one.qr) if one.qr else "",
                "leads": one.qr,
            }
            for one in made.services
        ],
    }


def as_text(made: Leaflet) -> str:
    """Return a leaflet as plain text, for a letter or a message from one's own telephone."""
    told = []
    for one in made.services:
        entry = one.entry
        head = [entry.name.text, entry.organization, entry.alert.text if entry.alert else ""]
        lines = [f"{line.label}: {'; '.join(said.text for said in line.said)}" for line in entry.lines]
        told.append("\n".join(part for part in (*head, *lines) if part))
    return "\n\n".join((*told, made.foot))


def _pair(said: Said) -> list[str | None]:
    return [said.text, said.lang]
