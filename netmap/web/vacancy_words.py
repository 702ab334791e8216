"""How a vacancy stands, and who answers for it, in words."""

from netmap.directory.models import Vacancy
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.vacancies.state import FILLED, NEVER, OLD, OVER, WITHDRAWN, State
from netmap.web.show import day, moment


def standing(row: Vacancy, state: State) -> tuple[str, str]:
    """Return how a vacancy stands, and how its badge looks: "good", "warn" or "bad"."""
    if state.code == WITHDRAWN:
        return _("withdrawn %(day)s: do not send anybody", day=moment(row.withdrawn_at)), "bad"
    if state.code == FILLED:
        return _("filled: do not send anybody"), "bad"
    if state.code == OVER:
        return _("ran out %(day)s: do not send anybody", day=day(row.valid_to)), "bad"
    if state.code == NEVER:
        return _("nobody has attested it: ask first"), "warn"
    if state.code == OLD:
        return _("%(confirmed)s: ask first", confirmed=age(state.hours or 0)), "warn"
    return age(state.hours or 0), "good"


def age(hours: int) -> str:
    """Return how long ago a vacancy was confirmed: by the hour in the first two days."""
    if hours < 1:
        return _("confirmed less than an hour ago")
    if hours < 48:
        return ngettext(
            "confirmed %(number)s hour ago", "confirmed %(number)s hours ago", hours, number=hours
        )
    days = hours // 24
    return ngettext("confirmed %(number)s day ago", "confirmed %(number)s days ago", days, number=days)


def attested(row: Vacancy) -> str:
    """Return who said that a vacancy is there, and when."""
    if row.attested_by and row.attested_at:
        return _("attested by %(who)s, %(moment)s", who=row.attested_by, moment=moment(row.attested_at))
    if row.attested_by:
        return _("attested by %(who)s, day not known", who=row.attested_by)
    return _("nobody has attested it")


def last_day(row: Vacancy) -> str:
    """Return until when a vacancy stands."""
    return _("stands until %(day)s", day=day(row.valid_to)) if row.valid_to else _("no last day given")
