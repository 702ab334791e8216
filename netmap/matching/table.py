"""The table of help for paper and CSV: problem, goal, who helps, service, time, place. Pure.

It may be seen at the person's home, so it names no package, no score and nothing that staff say among
themselves.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.vocabulary.terms import label

# A spreadsheet runs a cell that begins with one of these; full-width forms become the same signs.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
AFTER_SEPARATOR = re.compile(r"([;\t\r\n][ \u00a0]*)(?=[=+\-@＝＋－＠])")


@dataclass(frozen=True)
class Row:
    """One line of the table; without a provider, a time and a place it is not complete."""

    problem: str
    goal: str
    provider: str
    service: str
    service_language: str  # "" where it is not known
    time: str
    place: str
    phone: str
    complete: bool


@dataclass(frozen=True)
class Paper:
    """The table of help with all words around it, in the language of the person who takes it home."""

    language: str
    name: str
    caption: str
    headings: tuple[str, ...]
    incomplete: str
    rows: tuple[Row, ...]


def paper(package: Mapping[str, Any]) -> Paper:
    """Return the paper of one package of `Matcher.match`, in the language spoken now."""
    return Paper(
        language=language(),
        name=package["paper_name"],
        caption=_("Table of help"),
        headings=headings(),
        incomplete=_("incomplete"),
        rows=tuple(rows(package)),
    )


def headings() -> tuple[str, ...]:
    """Return the six headings of the table, in the language spoken now.

    Examples
    --------
    >>> headings()
    ('Problem', 'Goal', 'Who helps', 'Service', 'Time', 'Place')
    """
    return _("Problem"), _("Goal"), _("Who helps"), _("Service"), _("Time"), _("Place")


def rows(package: Mapping[str, Any]) -> list[Row]:
    """Return the table of one package of `Matcher.match`, without lines proposed to be left out."""
    return [
        Row(
            problem=label(line["need"]),
            goal=line["goal"],
            provider=line["provider"],
            service=line["service"],
            service_language=line["service_language"],
            time=line["time"],
            place=line["place"],
            phone=line["phone"],
            complete=line["complete"],
        )
        for line in package["lines"]
        if not line["dropped"]
    ]


def as_csv(package: Mapping[str, Any]) -> str:
    """Return the table as CSV text that no spreadsheet takes for formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*headings(), _("Telephone"), _("Complete")])
    for row in rows(package):
        cells = (row.problem, row.goal, row.provider, row.service, row.time, row.place, row.phone)
        writer.writerow([*map(harmless, cells), _("yes") if row.complete else _("no")])
    return out.getvalue()


def harmless(cell: str) -> str:
    """Return the cell with an apostrophe before it where a spreadsheet would calculate.

    Examples
    --------
    >>> harmless("=1+1"), harmless(" @SUM(A1)"), harmless("Debt advice")
    ("'=1+1", "' @SUM(A1)", 'Debt advice')

    Where the list separator is a semicolon, what follows one becomes a cell of its own:

    >>> harmless("Mon; =1+1")
    "Mon; '=1+1"
    """
    cell = AFTER_SEPARATOR.sub(r"\1'", cell)
    return "'" + cell if cell.lstrip(" \u00a0").startswith(FORMULA_SIGNS) else cell
