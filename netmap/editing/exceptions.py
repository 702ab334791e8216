"""Days on which hours are different: closed, or open at other times, with the reason."""

from collections.abc import Mapping, Sequence
from typing import Any

from netmap.directory.hours import DAY_MINUTES, to_rule
from netmap.directory.models import Schedule, new_id
from netmap.editing import week
from netmap.editing.fields import LONGEST_LINE, Field, Wrong, as_text, read_date
from netmap.editing.parts import Pen, Problems, Texts, id_of, key_of
from netmap.i18n import gettext as _

Rows = Mapping[str, Texts]


def exception_fields() -> dict[str, Field]:
    """Return the fields of one exception."""
    return {
        "from": Field("from", lambda: _("Different on"), "date", required=True),
        "to": Field("to", lambda: _("Different until"), "date"),
        "hours": Field("hours", lambda: _("Open on these days")),
        "why": Field("why", lambda: _("Reason, for example a holiday")),
    }


def exceptions_of(rows: Sequence[Schedule]) -> dict[str, str]:
    """Return the fields of the days that are different: each a closing, with the hours that hold instead."""
    found: dict[str, str] = {}
    for row in rows:
        if not row.closed or row.byday or row.unread or row.valid_from is None:
            continue
        last = row.valid_to or row.valid_from
        texts = {
            "from": as_text(row.valid_from),
            "to": as_text(last) if last != row.valid_from else "",
            "hours": week.as_text(sorted(_spans(_instead(rows, row)))),
            "why": " ".join((row.description or "").split()),
        }
        found |= {f"exceptions.{key_of(row.id)}.{name}": text for name, text in texts.items() if text}
    return found


def _instead(rows: Sequence[Schedule], closing: Schedule) -> list[Schedule]:
    """Return the hours that hold on exactly the days of a closing."""
    days = (closing.valid_from, closing.valid_to or closing.valid_from)
    return [
        row
        for row in rows
        if not row.closed and row.freq == "DAILY" and not row.byday and (row.valid_from, row.valid_to) == days
    ]


def _spans(rows: Sequence[Schedule]) -> set[week.Span]:
    rules = (to_rule(row) for row in rows)
    return {
        (rule.opens, rule.closes)
        for rule in rules
        if rule and rule.opens is not None and rule.closes is not None
    }


def exception_problems(before: Rows, after: Rows) -> Problems:
    """Return what is wrong with the exceptions that are new or changed."""
    found: Problems = {}
    for key, texts in after.items():
        if texts != before.get(key):
            found |= {f"exceptions.{key}.{name}": said for name, said in _problems(texts).items()}
    return found


def _problems(texts: Texts) -> Problems:
    found: Problems = {}
    days = {}
    for name in ("from", "to"):
        try:
            days[name] = read_date(texts[name]) if name in texts else None
        except Wrong as wrong:
            found[name] = str(wrong)
    if "from" not in texts:
        found["from"] = _("Say on which day the hours are different.")
    first, last = days.get("from"), days.get("to")
    if first and last and last < first:
        found["to"] = _("These days end before they begin: mend one of the two.")
    try:
        week.read_day(texts.get("hours", ""), _("On these days"))
    except Wrong as wrong:
        found["hours"] = str(wrong)
    if len(texts.get("why", "")) > LONGEST_LINE:
        found["why"] = _("The reason is longer than %(most)s characters: shorten it.", most=LONGEST_LINE)
    return found


def write_exceptions(
    pen: Pen, rows: Sequence[Schedule], before: Rows, after: Rows, owner: Mapping[str, Any]
) -> None:
    """Write the exceptions that are new or changed, and remove those that were removed."""
    known = {row.id: row for row in rows}
    for key, was in before.items():
        if after.get(key) == was:
            continue
        closing = known[id_of(key)]
        for row in _instead(rows, closing):
            pen.session.delete(row)
        if key not in after:
            pen.session.delete(closing)
        else:
            _write_one(pen, closing, after[key], owner)
    for key, texts in after.items():
        if key not in before:
            closing = Schedule(id=new_id(), closed=True, **owner)
            pen.session.add(closing)
            _write_one(pen, closing, texts, owner)


def _write_one(pen: Pen, closing: Schedule, texts: Texts, owner: Mapping[str, Any]) -> None:
    first = read_date(texts["from"])
    last = read_date(texts["to"]) if "to" in texts else first
    closing.valid_from, closing.valid_to, closing.description = first, last, texts.get("why")
    for opens, closes in week.read_day(texts.get("hours", ""), ""):
        pen.session.add(
            Schedule(
                id=new_id(), freq="DAILY", valid_from=first, valid_to=last, closed=False,
                opens_at=week.clock(opens), closes_at=week.clock(closes % DAY_MINUTES), **owner,
            )
        )  # fmt: skip
