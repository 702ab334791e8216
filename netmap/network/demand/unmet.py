"""Needs that nobody could meet: recorded at the desk without a person, counted once per case and week.

A case is told apart by a mark (`netmap.directory.week_marks`). What was needed is in it, so the rows of one
week cannot be joined either; where no code is given, the recorder with area and language is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory import week_marks
from netmap.directory.models import Area
from netmap.directory.week_marks import LONGEST_CODE
from netmap.i18n import gettext as _
from netmap.network import queries
from netmap.network.models import UnmetNeed
from netmap.packages.fields import Fields, raise_if
from netmap.vocabulary.terms import vocabulary

PARTS_OF_DAY = ("morning", "afternoon", "evening", "night", "weekend")
NEED, TYPE = "need", "type"


@dataclass(frozen=True, slots=True)
class Unmet:
    """What was needed: a need or a service type, and where, in which language and when, as far as known."""

    need: str | None = None
    service_type: str | None = None
    area: str | None = None
    language: str | None = None
    part_of_day: str | None = None

    @property
    def subject(self) -> tuple[str, str]:
        """Return the need or the type with its kind."""
        return (NEED, self.need) if self.need else (TYPE, self.service_type or "")


def record_unmet_need(
    session: Session, settings: Settings, unmet: Unmet, *, recorder: int, case: str = ""
) -> UnmetNeed:
    """Return the record, made today, that nobody was found: no person and no words of one.

    Parameters
    ----------
    session : Session
    settings : Settings
        For the time zone, and the key of the marks.
    unmet : Unmet
    recorder : int
        Id of the person who records it; only goes into the mark.
    case : str
        The client's code in the files of the office; only goes into the mark.

    Raises
    ------
    Invalid
        If not one need or service type is given, or a code is not known; the fields name the nearest.
    AlreadyRecorded
        If it was recorded this week for this code or, without a code, by this person.
    """
    case = week_marks.plain(case)
    _check(session, unmet, case)
    today = now().astimezone(settings.zone()).date()
    week_marks.forget_earlier_weeks(session, UnmetNeed, today)
    marks = _marks(settings, today, unmet, recorder, case)
    if session.scalar(select(UnmetNeed.id).where(UnmetNeed.mark.in_(marks)).limit(1)):
        raise week_marks.already(case)
    row = UnmetNeed(
        need_code=unmet.need or None,
        service_type=unmet.service_type or None,
        area_code=unmet.area or None,
        language=unmet.language or None,
        part_of_day=unmet.part_of_day or None,
        recorded_on=today,
        mark=marks[0],
    )
    week_marks.add_once(session, row, case)
    return row


def _check(session: Session, unmet: Unmet, case: str) -> None:
    errors: dict[str, str] = {}
    fields = Fields({}, errors)
    if bool(unmet.need) == bool(unmet.service_type):
        fields.wrong("about", _("say which need or which kind of service was not met: one of the two."))
    elif unmet.need:
        fields.check("about", unmet.need, vocabulary().needs)
    elif unmet.service_type:
        fields.check("about", unmet.service_type, vocabulary().service_types)
    if unmet.area and session.get(Area, unmet.area) is None:
        fields.check("area", unmet.area, queries.area_codes(session))
    if unmet.language and not re.fullmatch("[a-z]{2,3}", unmet.language):
        fields.wrong("language", _("a language is written as its code, such as 'uk' or 'lt'."))
    if unmet.part_of_day:
        fields.check("part_of_day", unmet.part_of_day, PARTS_OF_DAY)
    if len(case) > LONGEST_CODE:
        fields.wrong("case", _("a code has at most %(most)s characters.", most=LONGEST_CODE))
    raise_if(errors, _("The unmet need cannot be recorded."))


def _marks(settings: Settings, today: date, unmet: Unmet, recorder: int, case: str) -> list[str]:
    """Return the mark of a record, and those under which the same case would count for the same gaps."""

    def mark(*parts: object) -> str:
        return week_marks.mark(settings, "unmet need", today, *parts)

    if not case:
        return [mark("recorder", recorder, *unmet.subject, unmet.area or "", unmet.language or "")]
    return [mark("case", case, *subject) for subject in (unmet.subject, *_same_gaps(unmet))]


def _same_gaps(unmet: Unmet) -> Iterator[tuple[str, str]]:
    """Give what counts for the same gaps: the types that answer a need, the needs that a type answers."""
    if unmet.need:
        yield from ((TYPE, code) for code in vocabulary().needs[unmet.need].service_types)
        return
    for code, need in vocabulary().needs.items():
        if unmet.service_type in need.service_types:
            yield NEED, code
