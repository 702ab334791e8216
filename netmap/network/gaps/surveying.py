"""Making the survey that the page of the gaps reads, and finding out whether it still holds.

The worker looks every minute whether anything is another than when the survey was made; so many changes make
one survey, and nobody who changes something has to think of it.
"""

import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import Session

from netmap.config import LANGUAGES, Settings
from netmap.db import now, transaction
from netmap.i18n import speaking
from netmap.jobs.models import Job
from netmap.network.cells.weights import Weights
from netmap.network.counts import telling
from netmap.network.gaps import loading, views
from netmap.network.gaps.cards import Card, rank
from netmap.network.gaps.loading import Question
from netmap.network.gaps.overview import overview_of
from netmap.network.gaps.state import state_of
from netmap.network.gaps.survey_models import GapCard, GapSurvey
from netmap.network.gaps.taken import note_standing, standing_of
from netmap.network.gaps.words import counted

KIND = "survey-gaps"
PAUSE = timedelta(minutes=1)
WORDS = ("sentence", "what", "label", "type_name", "clients_shown", "unmet")


@dataclass(frozen=True, slots=True)
class Made:
    """A survey that was made: when, in how many seconds, and how many gaps it has."""

    made_at: datetime
    seconds: float
    gaps: int


def begin(engine: Engine) -> None:
    """Add the job that looks whether the survey still holds, where none is waiting."""
    with transaction(engine) as session:
        _look_again(session, now())


def look(session: Session, engine: Engine, settings: Settings) -> None:
    """Make the survey again where it holds no more, and plan the next look."""
    try:
        if kept_state(session) != state_of(session, settings):
            make(session, engine, settings)
    finally:
        with transaction(engine) as writing:
            _look_again(writing, now() + PAUSE)


def _look_again(session: Session, due: datetime) -> None:
    waiting = select(Job.id).where(Job.kind == KIND, Job.state == "due", Job.due_at > now())
    if session.scalar(waiting.limit(1)) is None:
        session.add(Job(kind=KIND, payload={}, due_at=due))


def kept_state(session: Session) -> str | None:
    """Return of which state the kept survey is, None where none is kept."""
    return session.scalar(select(GapSurvey.state).limit(1))


def make(session: Session, engine: Engine, settings: Settings) -> Made:
    """Work the gaps out and put them in place of those that were kept, in a short transaction of its own."""
    begun, moment = monotonic(), now()
    state = state_of(session, settings)
    with telling():  # pages show it, so small groups stay small in every sum
        question = loading.load(session, settings)
        rows = list(_rows(question))
        survey = _survey(question)
    made = Made(moment, monotonic() - begun, sum(not row["apart"] for row in rows))
    with transaction(engine.execution_options(netmap_reading=False)) as writing:
        writing.execute(delete(GapCard))
        writing.execute(delete(GapSurvey))
        writing.add(GapSurvey(id=1, made_at=moment, seconds=made.seconds, state=state, **survey))
        if rows:
            writing.execute(insert(GapCard), rows)
        note_standing(writing, standing_of(question), question.day)
    return made


def _survey(question: Question) -> dict[str, Any]:
    weights = Weights(question.survey.cells.table, question.demands)
    profiles = list(question.profiles)
    found = [weights.people(code) for code in profiles]
    file = io.BytesIO()
    names = ("clients", "expected", "variance", "common", "population")
    arrays = {name: np.array([getattr(one, name) for one in found]) for name in names}
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return {
        "overview": dict(overview_of(question)),
        "areas": [area.code for area in question.ground.areas],
        "profiles": profiles,
        "people": file.getvalue(),
    }


def _rows(question: Question) -> Iterator[dict[str, Any]]:
    """Yield the cards as rows, the gaps first, each with its words in every language."""
    for apart, found in ((False, question.cards()), (True, question.apart())):
        by_rate = sorted(found, key=lambda card: (card.ask and not apart, *rank(card, "rate")))
        places = {card.key: place for place, card in enumerate(by_rate)}
        for place, card in enumerate(found):
            told = _words(question, card, apart)
            view = told["en"]
            yield {
                "key": card.key,
                "apart": apart,
                "kind": card.kind,
                "service_type": card.service_type,
                "profile": card.profile,
                "ask": card.ask,
                "certain": view["certain"],
                "place": place,
                "place_by_rate": places[card.key],
                "clients": card.clients,
                "impact": card.impact,
                "rate": view["rate"],
                "interval": view["interval"],
                "told": {code: {name: one[name] for name in WORDS} for code, one in told.items()},
                "areas": np.packbits(_area_flags(card)).tobytes(),
                "weights": zlib.compress(card.weights.astype(np.float32).tobytes()),
            }


def _words(question: Question, card: Card, apart: bool) -> dict[str, dict[str, Any]]:
    found = {}
    for code in LANGUAGES:
        with speaking(code):
            words = views.risk_words(question, card) if apart else views.gap_words(question, card)
            what = _without_figure(words["sentence"], views.clients_told(question, card))
            found[code] = {**views.said(question, card), **words, "what": what}
    return found


def _without_figure(sentence: str, clients: str | None) -> str:
    """Return what stands beside the figure of a list, which need not say it a second time."""
    return sentence if clients is None else " ".join(sentence.replace(counted(clients), "").split())


def _area_flags(card: Card) -> NDArray[np.bool_]:
    flags = np.zeros(len(card.cells.table.areas), dtype=bool)
    flags[card.cells.columns] = True
    return flags


def areas_of(bits: bytes, width: int) -> NDArray[np.intp]:
    """Return the places of the areas of a kept card."""
    return np.flatnonzero(np.unpackbits(np.frombuffer(bits, dtype=np.uint8), count=width))


def weights_of(packed: bytes) -> NDArray[np.float32]:
    """Return what a client weighs in each of the areas of a kept card."""
    return np.frombuffer(zlib.decompress(packed), dtype=np.float32)


def people_of(survey: GapSurvey) -> dict[str, NDArray[np.float64]]:
    """Return the clients of a kept survey as arrays of profiles x areas."""
    with np.load(io.BytesIO(survey.people)) as file:
        return {name: file[name] for name in file.files}


def area_places(survey: GapSurvey, codes: Sequence[str] | frozenset[str]) -> NDArray[np.bool_]:
    """Return which areas of a kept survey are among the given ones."""
    return np.array([code in codes for code in survey.areas], dtype=bool)
