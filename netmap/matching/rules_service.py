"""The weights and thresholds in use, their versions, and a change of them."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.matching.rules import Rules
from netmap.matching.rules_check import read_rules, to_values
from netmap.matching.rules_models import MatchingRules

LONGEST_NOTE = 500


@dataclass(frozen=True)
class RulesVersion:
    """A version of the rules; number 0 are the values that netmap comes with, of no day and nobody."""

    rules: Rules
    note: str = ""
    made_at: datetime | None = None
    made_by: str = ""


NEWEST = select(func.coalesce(func.max(MatchingRules.version), 0))


def current_rules(session: Session) -> Rules:
    """Return the rules in use: the newest version, or our first values where nobody has set any."""
    newest = select(MatchingRules).order_by(MatchingRules.version.desc()).limit(1)
    row = session.scalars(newest).one_or_none()
    return read_rules(row.document, row.version) if row else Rules()


def rules_history(session: Session) -> list[RulesVersion]:
    """Return every version, the newest first; our first values come last."""
    rows = session.scalars(select(MatchingRules).order_by(MatchingRules.version.desc()))
    return [*map(_version, rows), RulesVersion(Rules())]


def rules_version(session: Session, number: int) -> RulesVersion:
    """Return one version.

    Raises
    ------
    NotFound
        If there is no such version.
    """
    if number == 0:
        return RulesVersion(Rules())
    row = session.get(MatchingRules, number)
    if row is None:
        raise NotFound(_("There is no such version of the weights and thresholds."))
    return _version(row)


def save_rules(session: Session, rules: Rules, *, by: str, note: str, expected: int) -> int:
    """Return the number of the version now in use: a new one, or the same if nothing has changed.

    Parameters
    ----------
    session : Session
        Is flushed, not committed.
    rules : Rules
        Checked once more as `read_rules` does.
    by : str
        E-mail of the person.
    note : str
        What was changed and why; needed, since everybody's results change.
    expected : int
        The version that the person started from.

    Raises
    ------
    Conflict
        If somebody else saved in the meantime.
    Invalid
        If the rules cannot be used or nobody says why they change.
    """
    rules = read_rules(to_values(rules), expected)
    before = current_rules(session)
    if before.version != expected:
        raise _conflict(before.version)
    if before == rules:
        return before.version
    row = MatchingRules(version=expected + 1, document=to_values(rules), note=_note(note), made_by=by)
    try:
        with session.begin_nested():  # of two people who save at once, the database lets one
            session.add(row)
    except IntegrityError as error:
        raise _conflict(expected + 1) from error
    return row.version


def restore_rules(session: Session, number: int, *, by: str, expected: int) -> int:
    """Return the number of the new version that holds what an older one held.

    Raises
    ------
    Conflict, NotFound
        If somebody else saved in the meantime, or there is no such version.
    """
    found = rules_version(session, number)
    note = _("Version %(number)s is back.", number=number)
    return save_rules(session, replace(found.rules, version=expected), by=by, note=note, expected=expected)


def _note(note: str) -> str:
    note = " ".join(note.split())
    sentence = ""
    if not note:
        sentence = _("Say in a few words what you change and why.")
    elif len(note) > LONGEST_NOTE or not note.isprintable():
        sentence = _("The note may have at most %(longest)s ordinary characters.", longest=LONGEST_NOTE)
    if sentence:
        raise Invalid(sentence, {"note": sentence})
    return note


def _conflict(number: int) -> Conflict:
    return Conflict(
        _(
            "Somebody else has saved version %(number)s of the weights and thresholds in the meantime. "
            "Look at what they changed, then save again.",
            number=number,
        )
    )


def _version(row: MatchingRules) -> RulesVersion:
    return RulesVersion(read_rules(row.document, row.version), row.note, row.made_at, row.made_by)
