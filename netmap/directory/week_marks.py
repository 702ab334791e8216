"""Marks that keep one case from being counted twice in a week, and that say nothing once the week is over.

A mark is a keyed hash over the ISO week, what was recorded and either the client's code in the files of the
office or, where none is given, the recorder. The week is in it, so rows of different weeks cannot be joined.
The marks of a week are removed with the first record of a later one.
"""

import json
import unicodedata
from datetime import date, timedelta

from sqlalchemy import String, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from netmap.auth.throttle import keyed
from netmap.config import Settings
from netmap.db import Base
from netmap.errors import Conflict, NotFound
from netmap.i18n import gettext as _

LONGEST_CODE = 60


class Marked(Base):
    """What the tables of such records share."""

    __abstract__ = True

    recorded_on: Mapped[date]
    mark: Mapped[str | None] = mapped_column(String(64), unique=True)


class AlreadyRecorded(Conflict):
    """The same was recorded this week already; nothing was added."""


def already(case: str) -> AlreadyRecorded:
    """Return the refusal of what was recorded before, for this code or by this person."""
    if case:
        return AlreadyRecorded(
            _("Recorded already this week for this client. For another client give that client's code.")
        )
    return AlreadyRecorded(_("Recorded already this week; for another client of this week give a code."))


def plain(case: str) -> str:
    """Return a client's code as it goes into a mark: however it was typed.

    Examples
    --------
    >>> plain(" A 17 ")
    'A17'
    """
    return "".join(unicodedata.normalize("NFKC", case).split())


def mark(settings: Settings, kind: str, day: date, *parts: object) -> str:
    """Return the mark of what was recorded on a day: another one each week."""
    year, week, _day = day.isocalendar()
    return keyed(settings, kind, json.dumps([year, week, *parts]))


def forget_earlier_weeks(session: Session, table: type[Marked], today: date) -> None:
    """Remove the marks of the weeks that are over."""
    monday = today - timedelta(days=today.weekday())
    old = (table.mark.is_not(None), table.recorded_on < monday)
    session.execute(update(table).where(*old).values(mark=None))


def add_once(session: Session, row: Marked, case: str) -> None:
    """Add a row; raises AlreadyRecorded where another process was faster."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise already(case) from error


def take_back(session: Session, table: type[Marked], key: str) -> None:
    """Remove a record that was made by mistake.

    Raises
    ------
    NotFound
        If it is not there (any more).
    """
    row = session.get(table, key)
    if row is None:
        raise NotFound(_("There is no such record; it may have been taken back already."))
    session.delete(row)
    session.flush()
