"""Pages: what waits for upkeep, what is due today and this week, and which providers are overdue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template
from flask_login import current_user
from sqlalchemy.orm import Session

from netmap.colleagues.handover import without_owner
from netmap.colleagues.settlements import without as settlements_without
from netmap.db import now
from netmap.duplicates.listing import counts
from netmap.feeds.service import waiting as feeds_waiting
from netmap.freshness import duty as clock
from netmap.freshness.letters import language_of, letter
from netmap.freshness.reminders import WEEK, Reminder, reminders
from netmap.freshness.reports import open_count as mistakes_open
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.importing.conflicts import count_open as conflicts_open
from netmap.partners.agreement_queries import count_due
from netmap.partners.pipeline import counts as steps_overdue
from netmap.selfservice.corrections import waiting_count as corrections_waiting
from netmap.vacancies.queries import waiting as vacancies_waiting
from netmap.web.door import blueprint, db, may, permit, settings
from netmap.web.vacancy_cards import moment

upkeep = blueprint("upkeep")

KINDS = ("call", "again", "changed", "closure", "notice", "hours")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work that waits: the page where it is done, for whom, and how much of it there is.

    ``title`` and ``sentence`` are called when they are shown, so that they come in the reader's language.
    """

    endpoint: str
    permit: str
    title: Callable[[], str]
    sentence: Callable[[], str]
    count: Callable[[Session, date], int]


def _reminders(session: Session, day: date) -> list[Reminder]:
    return reminders(session, day, current_user.email, zone=settings().zone(), writes=may("edit directory"))


def _calls(session: Session, today: date) -> int:
    """Count the calls that the page of calls lists as one's own; those to be tried again are due besides."""
    return sum(one.kind == "call" for one in due_now(_reminders(session, today), today))


def _due(session: Session, today: date) -> int:
    return len(due_now(_reminders(session, today), today))


def overdue_now(session: Session, day: date) -> list[clock.Overdue]:
    """Return what is overdue by the settings of the office."""
    return clock.overdue(session, day, settings().stale_days, zone=settings().zone())


def _overdue(session: Session, today: date) -> int:
    return len(clock.by_organization(overdue_now(session, today)))


# Every part of netmap whose work waits for people has a line here.
WAITING: list[Waiting] = [
    Waiting(
        "ringing.mine",
        "ring round",
        lambda: _("Calls to make today"),
        lambda: _("Those that you have taken or were given; the queue has more."),
        _calls,
    ),
    Waiting(
        "upkeep.due",
        "ring round",
        lambda: _("Due today and this week"),
        lambda: _("Own calls, hours and notices that end, closures that are over."),
        _due,
    ),
    Waiting(
        "upkeep.duty",
        "upkeep",
        lambda: _("Providers that are overdue"),
        lambda: _("Those that must report a change within some days, and have not."),
        _overdue,
    ),
    Waiting(
        "partners.agreements",
        "read partners",
        lambda: _("Agreements that end or have to be reviewed"),
        lambda: _("Within sixty days; late reviews among them."),
        count_due,
    ),
    Waiting(
        "partners.listing",
        "read partners",
        lambda: _("Next steps with partners that are overdue"),
        lambda: _("What was to be done with an organisation by a day that has passed."),
        lambda session, today: steps_overdue(session, today)[1],
    ),
    Waiting(
        "corrections.listing",
        "decide corrections",
        lambda: _("Corrections from providers"),
        lambda: _("What providers sent by their link and nobody has looked at yet."),
        lambda session, _day: corrections_waiting(session),
    ),
    Waiting(
        "mistakes.listing",
        "decide corrections",
        lambda: _("Mistakes that were reported"),
        lambda: _("By readers of the directory and by case managers."),
        lambda session, _day: mistakes_open(session),
    ),
    Waiting(
        "vacancies.asking",
        "ring round",
        lambda: _("Vacancies to ask about"),
        lambda: _("Open ones that nobody has confirmed for some days."),
        lambda session, _day: vacancies_waiting(session, moment(), settings().vacancy_hours),
    ),
    Waiting(
        "colleagues.leaving",
        "write partners",
        lambda: _("Without an owner"),
        lambda: _("What colleagues looked after who may no longer sign in."),
        lambda session, _day: sum(number for _owner, number in without_owner(session)),
    ),
    Waiting(
        "settlement_contacts.listing",
        "read partners",
        lambda: _("Settlements where nobody is known"),
        lambda: _("Nobody is written down whom one could call there."),
        lambda session, _day: settlements_without(session),
    ),
    Waiting(
        "duplicates.show",
        "merge duplicates",
        lambda: _("Duplicates"),
        lambda: _("Pairs of records that may be one thing, as the last search found them."),
        lambda session, _day: sum(one.pairs for one in counts(session).values()),
    ),
    Waiting(
        "source_conflicts.listing",
        "edit directory",
        lambda: _("Where a source says something else"),
        lambda: _("Fields that people wrote here and that an import brought otherwise since."),
        lambda session, _day: conflicts_open(session),
    ),
    Waiting(
        "feeds.listing",
        "manage feeds",
        lambda: _("Feeds to look at"),
        lambda: _("Fetched directories that wait for a person, failed, or brought nothing for long."),
        lambda session, _day: len(feeds_waiting(session)),
    ),
]


def today() -> date:
    """Return the day in the time zone of the office."""
    return now().astimezone(settings().zone()).date()


def due_now(rows: Sequence[Reminder], day: date) -> list[Reminder]:
    """Return what is due today or was before."""
    return [one for one in rows if one.day <= day]


def due_here() -> list[Reminder]:
    """Return what is due today or was before, for the person who asks."""
    return due_now(_reminders(db(), today()), today())


@upkeep.get("/upkeep")
@permit("upkeep")
def overview() -> str:
    """Show what waits, with how much of it there is."""
    day = today()
    waiting = [(one, one.count(db(), day)) for one in WAITING if may(one.permit)]
    return render_template("upkeep/overview.html", waiting=waiting, today=day)


@upkeep.get("/upkeep/due")
@permit("ring round")
def due() -> str:
    """Show what is due today and this week, each with a letter to the provider that the person may send."""
    day = today()
    rows = _reminders(db(), day)
    late = due_now(rows, day)
    return render_template(
        "upkeep/due.html",
        sections=[
            (_("Today and before"), by_kind(late)),
            (_("In the next seven days"), by_kind([one for one in rows if one not in late])),
        ],
        today=day,
        until=day + WEEK,
        letter_to=letter_to,
        kind_name=kind_name,
    )


@upkeep.get("/upkeep/duty")
@permit("upkeep")
def duty() -> str:
    """Show the providers that are overdue by their duty to report changes, the longest first."""
    rows = overdue_now(db(), today())
    return render_template(
        "upkeep/duty.html", organizations=clock.by_organization(rows), reason=overdue_words, today=today()
    )


def by_kind(rows: Sequence[Reminder]) -> list[tuple[str, list[Reminder]]]:
    """Return reminders by their kind, in the order in which one does them."""
    found = [(kind, [one for one in rows if one.kind == kind]) for kind in KINDS]
    return [(kind, some) for kind, some in found if some]


def letter_to(one: Reminder) -> str:
    """Return the address of a letter about a reminder, "" where no e-mail is known."""
    if "@" not in (one.email or ""):
        return ""
    spoken = language_of([one.language], language())
    return letter(spoken, one.email or "", one.organization or one.name, [one.name])


def kind_name(kind: str) -> str:
    """Return what a kind of reminder is about."""
    names = {
        "call": _("Your calls of today"),
        "again": _("To be tried again"),
        "changed": _("Heard on the telephone, not yet written down"),
        "closure": _("Closed for a time that ends"),
        "notice": _("Notices that end"),
        "hours": _("Hours that hold until a day: ask again"),
    }
    return names.get(kind, kind)


def overdue_words(one: clock.Overdue) -> str:
    """Return why a provider is overdue, in a sentence; what it is about stands behind it."""
    names = {
        "late": _("a call found a change that it had not told"),
        "ended": _("a notice or closure has ended; nobody said what holds now"),
        "vacancy": _("a vacancy has run out"),
        "unconfirmed": _("not confirmed in its rhythm"),
    }
    return names[one.what]
