"""Hours that a week cannot hold, in words, so that a person can decide whether they stay."""

from babel.dates import get_day_names

from netmap.directory.hours_words import read_byday
from netmap.directory.models import Schedule
from netmap.i18n import gettext as _
from netmap.i18n.numbers import locale
from netmap.web.show import day


def rule_words(row: Schedule) -> str:
    """Return everything that one rule says, in the reader's language as far as that is possible."""
    told = [row.unread, _days(row), _times(row), _valid(row), row.description, row.notes, row.schedule_link]
    found = ", ".join(dict.fromkeys(text for text in told if text))
    return found or _("a rule that says nothing")


def _days(row: Schedule) -> str:
    """Return on which days a rule comes round."""
    names = get_day_names("wide", locale=locale(), context="format")
    which = {
        0: "", 1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), 5: _("fifth"), -1: _("last"),
    }  # fmt: skip
    pairs = read_byday(row.byday)
    if pairs is None:
        return row.byday or ""
    said = ", ".join(f"{which.get(number, number)} {names[weekday]}".strip() for number, weekday in pairs)
    if row.bymonthday:
        said = ", ".join(
            part for part in (said, _("on day %(days)s of the month", days=row.bymonthday)) if part
        )
    if (row.interval or 1) > 1:
        every = {"WEEKLY": _("every %(n)s weeks"), "MONTHLY": _("every %(n)s months")}
        said = f"{said} {every.get(row.freq or '', _('every %(n)s days')) % {'n': row.interval}}".strip()
    if row.freq == "MONTHLY" and said and (row.interval or 1) == 1:
        return _("%(days)s of each month", days=said)
    return said


def _times(row: Schedule) -> str:
    if row.closed:
        return _("closed")
    if row.opens_at and row.closes_at:
        return f"{row.opens_at}–{row.closes_at}"
    if row.opens_at:
        return _("from %(time)s", time=row.opens_at)
    return _("until %(time)s", time=row.closes_at) if row.closes_at else ""


def _valid(row: Schedule) -> str:
    first, last = row.valid_from or row.dtstart, row.valid_to or row.until
    if first and last:
        return f"{day(first)} – {day(last)}"
    if first:
        return _("from %(day)s", day=day(first))
    return _("until %(day)s", day=day(last)) if last else ""
