"""One field of a form: a value of a row as text, and text as a value or a sentence why it is none. Pure."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_skeleton

from netmap.i18n import gettext as _
from netmap.i18n.names import language_name
from netmap.i18n.numbers import locale
from netmap.i18n.numbers import number as number_in_words

LONGEST_LINE, LONGEST_LINK, LONGEST_TEXT = 300, 2000, 10_000
LARGEST = 1_000_000_000
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

Words = Callable[[], str]
Choices = Callable[[], Mapping[str, str]]


@dataclass(frozen=True)
class Field:
    """One column of a row as a person types it.

    Parameters
    ----------
    name : str
        The column.
    label : callable
        Gives the name of the field in the reader's language.
    kind : str
        line, text, link, email, int, number, date, choice, reference, language or yes.
    required : bool
        Whether a row without it is refused.
    least, most : float
        The bounds of numbers.
    choices : callable, optional
        Gives code -> words, for the kind "choice".
    refers : class, optional
        The table that a "reference" names a row of.
    short : callable, optional
        Gives the name within its row, where ``label`` names the row too.
    """

    name: str
    label: Words
    kind: str = "line"
    required: bool = False
    least: float = 0
    most: float = LARGEST
    choices: Choices | None = None
    refers: type[Any] | None = None
    short: Words | None = None


class Wrong(ValueError):
    """A text that is no value of a field; its only argument is a whole sentence."""


def as_text(value: Any) -> str:
    """Return a value of a row as it stands in a form, "" for none.

    Examples
    --------
    >>> as_text(12.5), as_text(12.0), as_text(date(2026, 2, 28)), as_text(True), as_text(False), as_text(None)
    ('12.5', '12', '2026-02-28', 'yes', '', '')
    """
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def tidy(field: Field, text: str) -> str:
    """Return what was typed without blanks around it, and on one line where the field has one line."""
    if field.kind == "text":
        return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()
    return " ".join(text.split())


def read(field: Field, text: str) -> Any:
    """Return the value that was typed; None for an empty text.

    Raises
    ------
    Wrong
        With a sentence that says what is wrong and how to mend it.

    Examples
    --------
    >>> age = Field("minimum_age", lambda: "Lowest age", "number", most=120)
    >>> read(age, "17,5"), read(age, "")
    (17.5, None)
    >>> read(Field("until", lambda: "Until", "date"), "2027-02-31")
    Traceback (most recent call last):
    ...
    netmap.editing.fields.Wrong: There is no 31 in February 2027: its last day is 28.
    """
    if not text:
        if field.required:
            raise Wrong(_("Fill in: %(what)s.", what=field.label()))
        return None
    if any(not (sign.isprintable() or sign == "\n") for sign in text):
        raise Wrong(
            _(
                "“%(what)s” holds signs that cannot be shown. Type it anew instead of pasting.",
                what=field.label(),
            )
        )
    return _READERS[field.kind](field, text)


def _short(most: int) -> Callable[[Field, str], str]:
    def read_short(field: Field, text: str) -> str:
        if len(text) > most:
            said = {"what": field.label(), "most": most, "have": len(text)}
            raise Wrong(_("“%(what)s” is %(have)s characters long; shorten it to %(most)s.", **said))
        return text

    return read_short


def _link(field: Field, text: str) -> str:
    found = _short(LONGEST_LINK)(field, text)
    if not re.match(r"(https?://|www\.)[^\s/]+", found, re.IGNORECASE):
        raise Wrong(_("A web address begins with https:// or www., for example https://help.example."))
    return found


def _email(field: Field, text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise Wrong(_("An e-mail address looks like desk@help.example; mend it or leave it empty."))
    return _short(LONGEST_LINE)(field, text)


def _number(field: Field, text: str) -> float:
    try:
        found = float(text.replace(",", ".").replace(" ", ""))
    except ValueError:
        found = float("nan")
    if not re.fullmatch(r"[-+]?[\d ]+([.,]\d+)?", text) or found != found:
        raise Wrong(_("“%(what)s” must be a number, for example 12.", what=field.label()))
    if found < 0 <= field.least:
        raise Wrong(
            _("“%(what)s” cannot be below zero; leave it empty if it is not known.", what=field.label())
        )
    if not field.least <= found <= field.most:
        said = {name: number_in_words(getattr(field, name)) for name in ("least", "most")}
        raise Wrong(_("“%(what)s” must lie between %(least)s and %(most)s.", what=field.label(), **said))
    return found


def _int(field: Field, text: str) -> int:
    found = _number(field, text)
    if found != int(found):
        raise Wrong(_("“%(what)s” must be a whole number, for example 12.", what=field.label()))
    return int(found)


def read_date(text: str) -> date:
    """Return a day that was typed as year-month-day.

    Raises
    ------
    Wrong
        If it is none; says how many days its month has.
    """
    if not _DATE.fullmatch(text):
        raise Wrong(_("Give the day as year-month-day, for example 2027-03-31."))
    year, month, day = (int(part) for part in text.split("-"))
    if not 1 <= month <= 12 or year < 1900 or not day:
        raise Wrong(_("Give the day as year-month-day, for example 2027-03-31."))
    last = monthrange(year, month)[1]
    if day > last:
        name = format_skeleton("yMMMM", date(year, month, 1), locale=locale())
        raise Wrong(
            _("There is no %(day)s in %(month)s: its last day is %(last)s.", day=day, month=name, last=last)
        )
    return date(year, month, day)


def _choice(field: Field, text: str) -> str:
    if field.choices is None or text not in field.choices():
        raise Wrong(_("Choose from the list for “%(what)s”.", what=field.label()))
    return text


def _language(field: Field, text: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}", text) or language_name(text) == text:
        raise Wrong(_("Give a language as its code of two or three letters, for example uk for Ukrainian."))
    return text


def _yes(field: Field, text: str) -> bool:
    if text != "yes":
        raise Wrong(_("“%(what)s” is ticked or not; nothing else can be kept.", what=field.label()))
    return True


_READERS: Mapping[str, Callable[[Field, str], Any]] = {
    "line": _short(LONGEST_LINE),
    "text": _short(LONGEST_TEXT),
    "link": _link,
    "email": _email,
    "number": _number,
    "int": _int,
    "date": lambda _field, text: read_date(text),
    "choice": _choice,
    "reference": _short(LONGEST_LINE),  # whether there is such a row is asked where there is a session
    "language": _language,
    "yes": _yes,
}
