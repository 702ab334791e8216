"""One cell of a CSV file, read as what its field holds; what cannot be read says why."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache

from babel import Locale
from sqlalchemy import Boolean, Column, Date, Float, Integer, String

from netmap.db import UtcDateTime
from netmap.directory.hsds_tables import LINKED
from netmap.directory.models import ALIAS_KINDS, LAYERS, ORGANIZATION_KINDS, PARTY_ROLES
from netmap.directory.ties import TIE_KINDS
from netmap.i18n import gettext as _

NULLS = {"null", "\\n"}  # written by export programs where there is nothing
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff]")
_BLANKS = re.compile(r"[^\S\n]+")
_SCHEME = re.compile(r"([a-z][a-z0-9+-]*):", re.IGNORECASE)
_LINK_FIELDS = {"url", "website", "uri", "logo", "schedule_link", "term_uri"}
_ROW_LINKS = {key for _entity, key in LINKED.values()}
_SAFE_SCHEMES = {"http", "https", "urn", "mailto", "tel"}
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,30}|(?P<thousands>,\d{3})|,\d{1,30})?", re.ASCII)
_RANGES: Mapping[str, tuple[float, float]] = {
    "latitude": (-90, 90),
    "longitude": (-180, 180),
    "minimum_age": (0, 150),
    "maximum_age": (0, 1000),
    "amount": (0, 1e9),
    "year_incorporated": (800, 2200),
    "interval": (1, 1000),
    "count": (1, 100_000),
    "timezone": (-12, 14),
    "available": (0, 1e9),
    "maximum": (0, 1e9),
    "wait_days": (0, 10_000),
    "review_days": (1, 3650),
    "duty_days": (1, 365),
    "places": (0, 1e6),
    "population": (0, 1e10),
    "clients": (0, 1e9),
    "year": (1900, 2200),
    "minutes": (0, 10_000),
    "km": (0, 20_000),
}
CODES: Mapping[str, tuple[str, ...]] = {
    "location_type": ("physical", "postal", "virtual"),
    "address_type": ("physical", "postal", "virtual"),
    "duration": ("once", "short", "long"),
    "layer": LAYERS,
    "organization.kind": ORGANIZATION_KINDS,
    "tie.kind": TIE_KINDS,
    "alias.kind": ALIAS_KINDS,
    "service_party.role": PARTY_ROLES,
}
_YES_OR_NO = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_LOWER, _UPPER = {"code"}, {"currency"}


class UnreadableError(ValueError):
    """A cell that cannot be read; the message is the reason."""


def clean(text: str) -> str:
    """Return the text of a cell without entities, control characters and spare blanks.

    Examples
    --------
    >>> clean("  what they&rsquo;re   learning "), clean("null"), clean("a?b=1&copy=2")
    ('what they’re learning', '', 'a?b=1&copy=2')
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    while (plain := _ENTITY.sub(lambda found: html.unescape(found[0]), text)) != text:
        text = plain  # "&amp;amp;" too, or a file that we wrote would come back otherwise
    text = _BLANKS.sub(" ", _CONTROL.sub(" ", text))
    text = "\n".join(line.strip() for line in text.split("\n")).strip()
    return "" if text.casefold() in NULLS else text


def read(column: Column[object], text: str) -> object:
    """Return the value of a cleaned, filled cell as the column holds it.

    Raises
    ------
    UnreadableError
        With the reason, a sentence that follows "left empty:".
    """
    name, kind = column.name, column.type
    codes = CODES.get(name) or CODES.get(f"{column.table.name}.{name}")
    if isinstance(kind, Boolean):
        if text.casefold() not in _YES_OR_NO:
            raise UnreadableError(_("yes or no is needed here: 1, true, yes, 0, false or no"))
        return _YES_OR_NO[text.casefold()]
    if isinstance(kind, UtcDateTime):
        return read_moment(text)
    if isinstance(kind, Date):
        return read_date(text)
    if isinstance(kind, Integer):
        number = read_number(name, text)
        if not number.is_integer():
            raise UnreadableError(_("a whole number is needed here"))
        return int(number)
    if isinstance(kind, Float):
        return read_number(name, text)
    if codes and text.casefold() not in codes:
        raise UnreadableError(_("only %(codes)s are known here", codes=", ".join(codes)))
    if name in _LINK_FIELDS:
        scheme = _SCHEME.match(text)
        if scheme and scheme[1].casefold() not in _SAFE_SCHEMES:
            raise UnreadableError(_("a web address begins with http:// or https://"))
    if codes or name in _LOWER:
        text = text.casefold()
    text = text.upper() if name in _UPPER else text
    if name in _ROW_LINKS:  # an id of the file, of any length: the id that is kept is made of it later
        return text
    if isinstance(kind, String) and kind.length and len(text) > kind.length:
        raise UnreadableError(_("longer than %(length)s characters", length=kind.length))
    return text


def read_number(name: str, text: str) -> float:
    """Return a number within the range of its field.

    Examples
    --------
    >>> read_number("latitude", "55,520"), read_number("amount", "12.5"), read_number("amount", "12,5")
    (55.52, 12.5, 12.5)
    >>> read_number("amount", "1,000")
    Traceback (most recent call last):
    netmap.directory.hsds_cells.UnreadableError: one comma and three digits: 1000 or 1.000?
    """
    if not (plain := _NUMBER.fullmatch(text)):
        raise UnreadableError(_("not a number"))
    readings = [float(text.replace(",", "."))]
    if plain["thousands"]:
        readings.append(float(text.replace(",", "")))
    low, high = _RANGES.get(name, (-1e12, 1e12))
    possible = sorted({number for number in readings if low <= number <= high})
    if not possible:
        raise UnreadableError(_("not between %(low)g and %(high)g", low=low, high=high))
    if len(possible) > 1:
        both = _("%(many)s or %(few)s?", many=text.replace(",", ""), few=text.replace(",", "."))
        raise UnreadableError(_("one comma and three digits: %(both)s", both=both))
    return possible[0]


def read_date(text: str) -> date:
    """Return a date written year-month-day; a time behind it is left out."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise UnreadableError(_("not a date of the form 2026-11-30")) from error


def read_moment(text: str) -> datetime:
    """Return a moment; one without a zone is meant as UTC."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnreadableError(_("not a moment of the form 2026-11-30T12:00:00Z")) from error


def language_code(name: str | None) -> str | None:
    """Return the ISO 639 code of a language that is only named, in English or in its own words.

    Examples
    --------
    >>> language_code("Spanish"), language_code("lietuvių"), language_code("several"), language_code(None)
    ('es', 'lt', None, None)
    """
    return _language_names().get(name.casefold()) if name else None


@cache
def _language_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for locale in ("uk", "ru", "lt", "en"):  # where two lists use one name, the later list wins
        for code, name in Locale.parse(locale).languages.items():
            if len(code) <= 3:
                found[name.casefold()] = code
    return found
