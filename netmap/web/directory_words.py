"""What the pages of services and organizations say of a row: short words in the reader's language."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from netmap.directory.hsds_names import THRESHOLDS_URI
from netmap.directory.models import Attribute, Schedule, ServiceCapacity, Tie, Unit
from netmap.editing.words import kind_names
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.web.show import day, number

UNITS_URI = "urn:netmap:units:"
CAPACITY_DAYS = 30  # a free bed of last month says little
EXCEPTION_DAYS = 45  # holidays are told so long before, and hours that hold no longer count as exceptional


def kind_name(code: str) -> str:
    """Return what kind of organization a code means; the code itself where it is none of netmap's."""
    return kind_names().get(code, code)


def thresholds(attributes: Iterable[Attribute]) -> list[str]:
    """Return how easy it is to come in, in the words of badges; nothing stated gives nothing."""
    names = {
        "no_appointment": _("no appointment needed"),
        "no_documents": _("no documents needed"),
        "no_queue": _("no queue"),
        "anonymous": _("no name needed"),
        "outreach": _("comes to people"),
        "soft_entry": _("just come and look"),
    }
    terms = [row.term for row in attributes if row.term and row.term.taxonomy]
    own = [term for term in terms if term.taxonomy and term.taxonomy.uri == THRESHOLDS_URI]
    return list(dict.fromkeys(names.get(term.code or "", term.name) for term in own))


def remarks(attributes: Iterable[Attribute]) -> list[str]:
    """Return what a source says in labels and values of its own."""
    labels = {"payment": _("Payment")}
    return [
        f"{labels.get(row.link_type or '', row.label or row.link_type or _('Note'))}: {row.value}"
        for row in attributes
        if row.value and row.term is None
    ]


def capacity(row: ServiceCapacity, moment: datetime) -> tuple[str, bool]:
    """Return how much is free and how long one waits, and whether that was found out too long ago."""
    if row.available is not None and row.maximum is not None:
        free = _("%(free)s of %(all)s free", free=number(row.available), all=number(row.maximum))
    elif row.available is not None:
        free = _("%(free)s free", free=number(row.available))
    else:
        free = _("not known how many are free")
    unit = f"{free} ({unit_name(row.unit)})" if row.unit else free
    today, zone = moment.date(), moment.tzinfo
    checked = row.updated.astimezone(zone).date() if row.updated else None  # a day as the office counts it
    when = _("checked %(day)s", day=day(checked)) if checked else _("not known when checked")
    waiting = ""
    if row.wait_days == 0:
        waiting = _("no waiting")
    elif row.wait_days is not None:
        waiting = ngettext("waiting about %(number)s day", "waiting about %(number)s days", row.wait_days)
    old = checked is None or today - checked > timedelta(days=CAPACITY_DAYS)
    return f"{unit}, {when}" + (f"; {waiting}" if waiting else ""), old


def unit_name(unit: Unit) -> str:
    """Return what is counted: netmap's own units in the reader's language, others as they are called."""
    names = {"place": _("places"), "bed": _("beds"), "hour": _("hours"), "seat": _("seats in a group")}
    own = (unit.uri or "").startswith(UNITS_URI)
    return names.get(unit.identifier or "", unit.name) if own else unit.name


def tie_kind(tie: Tie) -> str:
    """Return the way in which two organizations work together."""
    names = {
        "agreement": _("Agreement"),
        "contact": _("In contact"),
        "funding": _("Funding"),
        "joint_service": _("Joint service"),
    }
    return names.get(tie.kind or "", _("Work together"))


def tie_days(tie: Tie, today: date) -> list[tuple[str, bool]]:
    """Return the days of a tie in words, each with whether one should look at it again."""
    last = _("last contact %(day)s", day=day(tie.last_contact))
    found = [(last if tie.last_contact else _("last contact not known"), False)]
    if tie.begun:
        found.append((_("since %(day)s", day=day(tie.begun)), False))
    if tie.ends and tie.ends < today:
        found.append((_("ended %(day)s", day=day(tie.ends)), True))
    elif tie.ends:
        found.append((_("until %(day)s", day=day(tie.ends)), False))
    if tie.review_date and tie.review_date < today:
        found.append((_("was to be reviewed %(day)s", day=day(tie.review_date)), True))
    elif tie.review_date:
        found.append((_("to be reviewed %(day)s", day=day(tie.review_date)), False))
    return found


def about_hours(told: Iterable[tuple[Schedule, str]], today: date) -> tuple[str, ...]:
    """Return what stands beside the weekly hours: days soon that are different, and remarks.

    With a row whose hours do not come every week stands when they come next, in words.
    """
    found: list[str] = []
    for row, coming in told:
        first, last = row.valid_from, row.valid_to or row.valid_from
        soon = first is not None and first - today <= timedelta(days=EXCEPTION_DAYS)
        if last is not None and last < today and row.valid_to:
            continue  # that is over
        if row.closed and first and last:
            found += (
                [_on_days(_("closed %(days)s", days=_days(first, last)), row.description)] if soon else []
            )
        elif first and last and row.valid_to and last - first <= timedelta(days=EXCEPTION_DAYS):
            times = f" {row.opens_at}–{row.closes_at}" if row.opens_at and row.closes_at else ""
            found += [_on_days(_days(first, last) + times, row.description)] if soon else []
        elif coming:
            until = f"–{row.closes_at}" if row.closes_at else ""
            found.append(_on_days(coming + until, row.description))
            found += [row.notes] if row.notes else []
        else:
            found += [text for text in (row.description, row.notes) if text]
        found += [row.unread] if row.unread else []
    return tuple(dict.fromkeys(found))


def _on_days(days: str, reason: str | None) -> str:
    return f"{days}: {reason}" if reason else days


def _days(first: date, last: date) -> str:
    return day(first) if first == last else f"{day(first)} – {day(last)}"
