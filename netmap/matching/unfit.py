"""Cases that no package fits: kept without a person, once per case and week, so that one can be written.

A case is told apart by a mark (`netmap.directory.week_marks`): by the client's code in the files of the
office or, where none is given, by the recorder with the needs and the area.
"""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory import week_marks
from netmap.directory.week_marks import LONGEST_CODE
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.matching.facts import Client
from netmap.matching.kept import UnfitCase

DAYS = 365  # older cases say little about what is missing now, and are deleted


def record_unfit(
    session: Session,
    settings: Settings,
    client: Client,
    best_code: str | None,
    best_score: float,
    recorder: int,
    case: str = "",
) -> UnfitCase:
    """Return the record, made today, that no package fits: codes, an area and a day.

    Parameters
    ----------
    session : Session
    settings : Settings
        For the time zone, and the key of the marks.
    client : Client
        What the person does not see as a need of theirs is left out.
    best_code, best_score : str or None, float
        The package that came nearest, or the one that was rejected.
    recorder : int
        Id of the person who records it; only goes into the mark.
    case : str
        The client's code in the files of the office; only goes into the mark.

    Raises
    ------
    Invalid
        If the client has no needs, or the code is too long.
    AlreadyRecorded
        If it was recorded this week for this code or, without a code, by this person.
    """
    case = week_marks.plain(case)
    if not client.has():
        raise Invalid(_("There is no need to keep: choose at least one."))
    if len(case) > LONGEST_CODE:
        sentence = _("a code has at most %(most)s characters.", most=LONGEST_CODE)
        raise Invalid(_("The case cannot be kept."), {"case": sentence})
    today = now().astimezone(settings.zone()).date()
    week_marks.forget_earlier_weeks(session, UnfitCase, today)
    session.execute(delete(UnfitCase).where(UnfitCase.recorded_on <= today - timedelta(days=DAYS)))
    needs = {
        code: {"severity": client.needs[code].severity, "urgency": client.needs[code].urgency}
        for code in sorted(client.has())
    }
    told = ("case", case) if case else ("recorder", recorder, needs, client.area or "")
    mark = week_marks.mark(settings, "unfit case", today, *told)
    if session.scalar(select(UnfitCase.id).where(UnfitCase.mark == mark)):
        raise week_marks.already(case)
    row = UnfitCase(
        needs=needs,
        facts={code: client.facts[code] for code in sorted(client.facts) if client.facts[code] != "unknown"},
        area_code=client.area,
        best_code=best_code,
        best_score=best_score,
        recorded_on=today,
        mark=mark,
    )
    week_marks.add_once(session, row, case)
    return row
