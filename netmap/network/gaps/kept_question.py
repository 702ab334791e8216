"""The question over everything, kept in memory where the directory is large: one gap is told from it.

Reading a hundred thousand services takes half a minute. So a process reads them once for each survey that is
kept: the page of a gap says what the list says. A small directory is read again each time.
"""

from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Pool, func, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.models import Service
from netmap.network.gaps.loading import Question, load
from netmap.network.gaps.survey_models import GapSurvey

SMALL = 1_000  # services

_reading = Lock()
_kept: WeakKeyDictionary[Pool, tuple[str, Question]] = WeakKeyDictionary()


def is_small(session: Session) -> bool:
    """Return whether the directory is so small that nobody waits for it long."""
    return (session.scalar(select(func.count()).select_from(Service)) or 0) <= SMALL


def everything(session: Session, settings: Settings) -> Question:
    """Return the question over all areas and packages, as old as the survey that is kept."""
    bind = session.get_bind()
    state = session.scalar(select(GapSurvey.state).limit(1))
    if state is None or not isinstance(bind, Engine) or is_small(session):
        return load(session, settings)
    with _reading:  # who comes meanwhile waits for the answer and does not read a second time
        kept = _kept.get(bind.pool)
        if kept is None or kept[0] != state:
            kept = _kept[bind.pool] = state, load(session, settings)
            for area in kept[1].areas.values():
                session.expunge(area)  # or it could not be read any more when this session is over
        return kept[1]
