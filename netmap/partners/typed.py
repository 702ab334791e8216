"""What was typed into the forms of the network, read into values, with a sentence for each mistake. Pure.

A form is a flat mapping: a field holds text, or a tuple of rows, each a tuple of texts. So two people's forms
can be put together field by field (`netmap.merging`).
"""

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from netmap.errors import Invalid
from netmap.i18n import gettext as _

LINE, AREA = 300, 6000  # characters
FIRST_YEAR, LAST_YEAR = 1900, 2200
LARGEST = 1e12

Form = Mapping[str, Any]
Rows = tuple[tuple[str, ...], ...]


class Reading:
    """Reads a form and gathers what is wrong with it.

    Examples
    --------
    >>> read = Reading({"title": " Two  houses ", "ends": "2027-02-31"})
    >>> read.line("title"), read.day("ends"), read.errors
    ('Two houses', None, {'ends': 'The day “2027-02-31” does not exist. Give it as year-month-day, for example 2027-03-31.'})
    """  # noqa: E501

    def __init__(self, form: Form) -> None:
        self._form = form
        self.errors: dict[str, str] = {}

    def raise_errors(self, message: str) -> None:
        """Raise Invalid if anything was wrong."""
        if self.errors:
            raise Invalid(f"{message} {' '.join(self.errors.values())}", self.errors)

    def line(self, name: str, needed: str = "") -> str | None:
        """Return one line of text, None where it is empty; ``needed`` says what is asked for then."""
        return self.line_of(name, str(self._form.get(name) or ""), needed)

    def line_of(self, name: str, typed: str, needed: str = "") -> str | None:
        """Return a text as one line, None where it is empty."""
        text = " ".join(typed.split())
        if not text and needed:
            self.errors[name] = needed
        if len(text) > LINE:
            self.errors[name] = _("This is longer than %(most)s characters: shorten it.", most=LINE)
        if not text.isprintable():
            self.errors[name] = _("There are signs in it that cannot be printed: type it anew.")
        return text or None

    def area(self, name: str) -> str | None:
        """Return text of several lines, None where it is empty."""
        text = str(self._form.get(name) or "").replace("\r\n", "\n").strip()
        if len(text) > AREA:
            self.errors[name] = _("This is longer than %(most)s characters: shorten it.", most=AREA)
        if not all(one.isprintable() for one in text.replace("\t", " ").split("\n")):
            self.errors[name] = _("There are signs in it that cannot be printed: type it anew.")
        return text or None

    def choice(self, name: str, among: Collection[str], needed: str) -> str:
        """Return one of the codes."""
        code = str(self._form.get(name) or "")
        if code not in among:
            self.errors[name] = needed
        return code

    def day(self, name: str, needed: str = "") -> date | None:
        """Return a day, None where it is empty."""
        return self.day_of(name, str(self._form.get(name) or ""), needed)

    def day_of(self, name: str, typed: str, needed: str = "") -> date | None:
        """Return a typed day, None where it is empty or wrong."""
        text = typed.strip()
        if not text:
            if needed:
                self.errors[name] = needed
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = date.min
        if FIRST_YEAR <= found.year <= LAST_YEAR:
            return found
        self.errors[name] = _(
            "The day “%(day)s” does not exist. Give it as year-month-day, for example 2027-03-31.",
            day=text[:40],
        )
        return None

    def number(self, name: str) -> float | None:
        """Return a number that is not below 0, None where it is empty."""
        text = str(self._form.get(name) or "").strip().replace("\u00a0", "").replace(" ", "")
        if not text:
            return None
        try:
            found = float(text.replace(",", "."))
        except ValueError:
            found = math.nan
        if 0 <= found <= LARGEST:
            return found
        self.errors[name] = _("“%(typed)s” is no number of 0 or more. Give digits only.", typed=text[:40])
        return None

    def rows(self, name: str) -> Sequence[tuple[str, ...]]:
        """Return the rows of a field in which anything was typed."""
        return [row for row in self._form.get(name) or () if any(cell.strip() for cell in row)]


def text(value: Any) -> str:
    """Return a stored value as a form shows it.

    Examples
    --------
    >>> text(None), text(date(2027, 3, 31)), text(12.0), text(0.5)
    ('', '2027-03-31', '12', '0.5')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    return str(value)
