"""The question about gaps as a process keeps it where the directory is large: pages are told from it.

Reading a hundred thousand services takes half a minute. So a process reads them once for each survey that is
kept, and narrows what it has read to a package or an area. What it keeps is never older than the list of the
gaps; where something had changed since the survey, it may be newer. A small directory is read again each
time.
"""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Pool, func, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.models import Service
from netmap.directory.offers import area_insides
from netmap.network.gaps.loading import Question, load
from netmap.network.gaps.state import state_of
from netmap.network.gaps.survey_models import GapSurvey

SMALL = 1_000  # services
_OLD = "netmap.network.gaps.kept_question"  # in a session: when what it was given was read


@dataclass(frozen=True)
class _Kept:
    """A question, the state of the survey at the time, what was read, and when."""

    survey: str
    read: str
    read_at: datetime
    question: Question


_reading = Lock()
_kept: WeakKeyDictionary[Pool, _Kept] = WeakKeyDictionary()


def is_small(session: Session) -> bool:
    """Return whether the directory is so small that nobody waits for it long."""
    return (session.scalar(select(func.count()).select_from(Service)) or 0) <= SMALL


def everything(session: Session, settings: Settings) -> Question:
    """Return the question over all areas and packages, at least as new as the survey that is kept."""
    bind = session.get_bind()
    survey = session.scalar(select(GapSurvey.state).limit(1))
    if survey is None or not isinstance(bind, Engine) or is_small(session):
        return load(session, settings)
    current = state_of(session, settings)
    with _reading:  # who comes meanwhile waits for the answer and does not read a second time
        kept = _kept.get(bind.pool)
        if kept is None or not _holds(kept, survey, current):
            kept = _Kept(survey, current, now(), load(session, settings))
            for area in kept.question.areas.values():
                session.expunge(area)  # or it could not be read any more when this session is over
            _kept[bind.pool] = kept
    session.info[_OLD] = kept.read_at if kept.read != current else None
    return kept.question


def older(session: Session) -> datetime | None:
    """Return when the question was read that this session was given, None where it is as things are now."""
    found: datetime | None = session.info.get(_OLD)
    return found


def is_kept(engine: Engine, question: Question) -> bool:
    """Return whether a question over everything is the one that is kept."""
    kept = _kept.get(engine.pool)
    return kept is not None and kept.question is question


def _holds(kept: _Kept, survey: str, current: str) -> bool:
    """Return whether what is kept may be shown with this survey.

    What was read after a change does not hold any more when the change was taken back: then the survey is
    the newer truth, and no other one will be made.
    """
    return kept.survey == survey and (kept.read == survey or current != survey)


def question(session: Session, settings: Settings, package: str | None, area: str | None) -> Question:
    """Return the question over a package or an area, narrowed from what is kept.

    Raises
    ------
    Invalid
        If there is no such package or area; names the nearest.
    """
    whole = everything(session, settings)
    if package not in (None, *whole.documents) or area not in (None, *whole.areas):
        return load(session, settings, package, area)  # new, or a sentence says what is wrong
    return whole.part(package, area, area_insides(session))
