"""The queue in words: why a provider is to be rung, in sentences of the reader's language."""

from collections.abc import Iterable

from netmap.freshness.queue import Desk, Ranked
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number

WEEKS_OF_A_YEAR = 52


def sign_name(sign: str) -> str:
    """Return what a sign of trouble means."""
    names = {
        "reported": _("somebody has reported a mistake"),
        "closure_over": _("was closed for a time that is over"),
        "wrong_number": _("somebody else answered under its number"),
        "notice_over": _("its notice has expired"),
        "hours_over": _("its hours held until a day that has passed"),
        "no_answer": _("nobody answered the last time"),
        "hours_unread": _("its hours could not be read"),
    }
    return names.get(sign, sign)


def outcome_name(outcome: str) -> str:
    """Return what came of a call, in short words."""
    names = {
        "confirmed": _("Confirmed"),
        "changed": _("Changed"),
        "closed": _("Closed"),
        "no_answer": _("No answer"),
        "wrong_number": _("Wrong number"),
    }
    return names.get(outcome, outcome)


def age_words(days: int | None, rhythm: int) -> str:
    """Return how old the last confirmation is, against how often it should come."""
    if days is None:
        return _("no person has ever confirmed it")
    ago = ngettext("confirmed %(number)s day ago", "confirmed %(number)s days ago", days)
    return _("%(ago)s, to be confirmed every %(rhythm)s days", ago=ago, rhythm=number(rhythm, 0))


def use_words(use: float) -> str:
    """Return how many people act on a record, in words."""
    year = round(use * WEEKS_OF_A_YEAR)
    if year < 1:
        return _("hardly anybody looks at it")
    if use < 1:
        return ngettext(
            "about %(number)s person a year acts on it", "about %(number)s people a year act on it", year
        )
    return ngettext(
        "about %(number)s person a week acts on it", "about %(number)s people a week act on it", round(use)
    )


def harm_words(harm: float) -> str:
    """Return the harm of a record or of a desk: how many people would act on something wrong."""
    people = harm * WEEKS_OF_A_YEAR
    if people < 1:
        return _("less than one person a year would act on something wrong")
    count = round(people)
    return ngettext(
        "about %(number)s person a year would act on something wrong",
        "about %(number)s people a year would act on something wrong",
        count,
    )


def service_reasons(row: Ranked) -> list[str]:
    """Return why a service is to be confirmed, the strongest reasons last to change first."""
    return [age_words(row.days, row.rhythm), *(sign_name(sign) for sign in row.signs), use_words(row.use)]


def desk_reasons(desk: Desk) -> list[str]:
    """Return why a provider is to be rung, in a few sentences: its worst service, and what calls told."""
    found = []
    never = sum(row.days is None for row in desk.services)
    old = sum(row.days is not None and row.days > row.rhythm for row in desk.services)
    if never:
        found.append(
            ngettext(
                "%(number)s record that no person has ever confirmed",
                "%(number)s records that no person has ever confirmed",
                never,
            )
        )
    if old:
        found.append(
            ngettext(
                "%(number)s record older than its rhythm",
                "%(number)s records older than their rhythm",
                old,
            )
        )
    found += [sign_name(sign) for sign in _signs(desk.services)]
    found.append(use_words(sum(row.use for row in desk.services)))
    if desk.told.changed:
        found.append(
            _(
                "%(changed)s of %(calls)s calls found a change",
                changed=desk.told.changed,
                calls=desk.told.reached,
            )
        )
    return found


def _signs(rows: Iterable[Ranked]) -> list[str]:
    return list(dict.fromkeys(sign for row in rows for sign in row.signs))
