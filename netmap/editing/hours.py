"""Opening hours of a service, a place or a person: a week, days on which it is different, and the rest.

The week holds the rules that come every week. Days that are different are rows of their own. What neither
can hold ("first Tuesday of the month", words that could not be read) stays until a person
removes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.hours import DAY_MINUTES, Rule, to_rule
from netmap.directory.hours_words import DAYS
from netmap.directory.models import Schedule, new_id
from netmap.editing import week
from netmap.editing.exceptions import exception_fields, exception_problems, exceptions_of, write_exceptions
from netmap.editing.fields import Field, Wrong, as_text, read_date
from netmap.editing.parts import Pen, Problems, Texts, below, by_row, id_of, key_of
from netmap.i18n import gettext as _

OVERNIGHT = "hours.overnight"
_PLAIN = (
    "dtstart",
    "until",
    "count",
    "bymonthday",
    "byweekno",
    "byyearday",
    "unread",
    "schedule_link",
    "timezone",
)


@dataclass(frozen=True)
class Hours:
    """The hours that hang on a row by one column of `Schedule`."""

    owner: str

    def field(self, name: str) -> Field | None:
        """Return the field of this name."""
        start, _dot, rest = name.partition(".")
        if start == "hours":
            return _week_fields().get(rest)
        if start == "exceptions":
            return exception_fields().get(rest.partition(".")[2])
        if start == "kept" and rest:
            return Field(rest, lambda: _("Hours that the week cannot hold"), "yes")
        return None

    def rows(self, session: Session, row: Any) -> Sequence[Schedule]:
        """Return the rules of a row; the hours of one specialist are theirs alone."""
        query = select(Schedule).where(
            getattr(Schedule, self.owner) == row.id, Schedule.removed_in_source.is_(None)
        )
        if self.owner != "contact_id":
            query = query.where(Schedule.contact_id.is_(None))
        return session.scalars(query.order_by(Schedule.id)).all()

    def read(self, session: Session, row: Any) -> dict[str, str]:
        """Return the week, the exceptions, and which other rules there are."""
        return texts_of(self.rows(session, row))

    def problems(self, session: Session, before: Texts, after: Texts) -> Problems:
        """Return what is wrong with the hours that were changed."""
        found = _week_problems(before, after)
        return found | exception_problems(by_row(before, "exceptions"), by_row(after, "exceptions"))

    def write(self, pen: Pen, row: Any, before: Texts, after: Texts) -> None:
        """Write the week with as few rules as hold it, the exceptions, and remove rules that were removed."""
        rows = self.rows(pen.session, row)
        rest = _sorted_out(rows)
        if below(before, "hours.") != below(after, "hours."):
            _write_week(pen, rest.weekly, after, {self.owner: row.id})
        was, wanted = by_row(before, "exceptions"), by_row(after, "exceptions")
        write_exceptions(pen, rows, was, wanted, {self.owner: row.id})
        for key in below(before, "kept.").keys() - below(after, "kept.").keys():
            pen.session.delete(pen.session.get_one(Schedule, id_of(key)))
        pen.session.flush()

    def remove(self, pen: Pen, row: Any) -> None:
        """Remove all rules that hang on this row alone."""
        for one in self.rows(pen.session, row):
            pen.session.delete(one)


@dataclass(frozen=True)
class _Sorted:
    weekly: tuple[Schedule, ...]
    kept: tuple[Schedule, ...]


def kept_rows(rows: Iterable[Schedule]) -> tuple[Schedule, ...]:
    """Return the rules that neither the week nor the exceptions can hold."""
    return _sorted_out(list(rows)).kept


def texts_of(rows: Sequence[Schedule]) -> dict[str, str]:
    """Return the fields of a form that these rules fill."""
    found = _sorted_out(rows)
    days: dict[str, set[week.Span]] = {}
    for row in found.weekly:
        rule = _rule(row)
        for day in _days(rule):
            days.setdefault(day, set()).add((rule.opens or 0, rule.closes or 0))
    texts = {f"hours.{day}": week.as_text(sorted(days[day])) for day in DAYS if day in days}
    if any(week.overnight(sorted(spans)) for spans in days.values()):
        texts[OVERNIGHT] = "yes"
    for name in ("valid_from", "valid_to") if found.weekly else ():
        texts |= {f"hours.{name}": as_text(getattr(found.weekly[0], name)) or ""}
    texts |= exceptions_of(rows)
    texts |= {f"kept.{key_of(row.id)}": "yes" for row in found.kept}
    return {name: text for name, text in texts.items() if text}


def _sorted_out(rows: Sequence[Schedule]) -> _Sorted:
    """Return the rules of the week, all valid on the same days, and those that nothing here can hold."""
    shown = {row.id for row in rows if row.closed and not row.byday and row.valid_from and not row.unread}
    spans = {(row.valid_from, row.valid_to) for row in rows if row.id in shown}
    weekly = [row for row in rows if _is_weekly(row)]
    valid = _usual([(row.valid_from, row.valid_to) for row in weekly])
    mine = tuple(row for row in weekly if (row.valid_from, row.valid_to) == valid)
    special = {row.id for row in rows if _is_special(row) and (row.valid_from, row.valid_to) in spans}
    held = {row.id for row in mine} | shown | special
    return _Sorted(mine, tuple(row for row in rows if row.id not in held))


def _usual(valid: Sequence[tuple[date | None, date | None]]) -> tuple[date | None, date | None] | None:
    """Return the days on which most of the rules hold; of equals those that hold longest."""
    longest = (date.min, date.max)
    return max(
        dict.fromkeys(valid),
        key=lambda one: (valid.count(one), one[1] or longest[1], -(one[0] or longest[0]).toordinal()),
        default=None,
    )


def _is_special(row: Schedule) -> bool:
    """Return whether these are hours on a few days, such as those of a holiday."""
    return not row.closed and row.freq == "DAILY" and not row.byday and bool(row.valid_from and row.valid_to)


def _is_weekly(row: Schedule) -> bool:
    if row.closed or any(getattr(row, name) is not None for name in _PLAIN) or _is_special(row):
        return False
    rule = to_rule(row)
    timed = rule is not None and rule.is_timed() and rule.interval == 1
    return timed and rule is not None and bool(_days(rule))


def _rule(row: Schedule) -> Rule:
    found = to_rule(row)
    assert found is not None
    return found


def _days(rule: Rule) -> tuple[str, ...]:
    """Return the weekdays of a rule; none where it comes on some weeks of a month only."""
    if rule.freq == "DAILY" and not rule.byday:
        return DAYS
    if rule.freq not in (None, "WEEKLY", "DAILY") or any(number for number, _day in rule.byday):
        return ()
    return tuple(DAYS[day] for _number, day in rule.byday)


def _week_fields() -> dict[str, Field]:
    days = {day: Field(day, lambda day=day: week.day_name(day)) for day in DAYS}  # type: ignore[misc]
    return days | {
        "valid_from": Field("valid_from", lambda: _("These hours hold from"), "date"),
        "valid_to": Field("valid_to", lambda: _("Hours hold until, ask again then"), "date"),
        "overnight": Field("overnight", lambda: _("Closes on the next day"), "yes"),
    }


def _week_problems(before: Texts, after: Texts) -> Problems:
    """Return what is wrong with the week, where any of it was changed."""
    if below(before, "hours.") == below(after, "hours."):
        return {}
    found: Problems = {}
    spans: dict[str, list[week.Span]] = {}
    for day in DAYS:
        try:
            spans[day] = week.read_day(after.get(f"hours.{day}", ""), week.day_name(day))
        except Wrong as wrong:
            found[f"hours.{day}"] = str(wrong)
            continue
        late = week.overnight(spans[day])
        if late and after.get(OVERNIGHT) != "yes":
            said = {
                "day": week.day_name(day),
                "opens": week.clock(late[0][0]),
                "closes": week.clock(late[0][1]),
            }
            found[f"hours.{day}"] = _(
                "%(day)s closes at %(closes)s, before it opens at %(opens)s. If that is on the next day, "
                "tick “Closes on the next day” below the week and save again; else mend the time.",
                **said,
            )
    if not found:
        found = {f"hours.{day}": said for day, said in week.into_next_day(spans).items()}
    return found | _valid_problems(after)


def _valid_problems(after: Texts) -> Problems:
    days, found = {}, {}
    for name in ("hours.valid_from", "hours.valid_to"):
        try:
            days[name] = read_date(after[name]) if name in after else None
        except Wrong as wrong:
            found[name] = str(wrong)
    first, last = days.get("hours.valid_from"), days.get("hours.valid_to")
    if first and last and last < first:
        found["hours.valid_to"] = _("These hours end before they begin: mend one of the two days.")
    return found


def _write_week(pen: Pen, rows: Sequence[Schedule], after: Texts, owner: dict[str, str]) -> None:
    """Make the rules hold the week of the form, changing those that are there before adding any."""
    wanted = {
        (day, span)
        for day in DAYS
        for span in week.read_day(after.get(f"hours.{day}", ""), week.day_name(day))
    }
    first, last = (
        read_date(after[name]) if name in after else None for name in ("hours.valid_from", "hours.valid_to")
    )
    for row in rows:
        rule = _rule(row)
        span = (rule.opens or 0, rule.closes or 0)
        days = [day for day in _days(rule) if (day, span) in wanted]
        wanted -= {(day, span) for day in days}
        if not days:
            pen.session.delete(row)
            continue
        if tuple(days) != _days(rule):
            row.byday, row.freq = ",".join(days), "WEEKLY"
        if (row.valid_from, row.valid_to) != (first, last):
            row.valid_from, row.valid_to = first, last
    for span in sorted({span for _day, span in wanted}):
        days = [day for day in DAYS if (day, span) in wanted]
        pen.session.add(
            Schedule(
                id=new_id(), freq="WEEKLY", byday=",".join(days), valid_from=first, valid_to=last,
                opens_at=week.clock(span[0]), closes_at=_stored(span[1]), closed=False, **owner,
            )
        )  # fmt: skip


def _stored(minutes: int) -> str:
    """Return a closing time as rows keep it: the end of a day is 00:00 of the next."""
    return week.clock(minutes % DAY_MINUTES)
