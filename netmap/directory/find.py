"""From a question in plain words to services, with the reason for each.

The words become needs and service types, so that a question in one language finds a service described in
another; words alone count less. What nobody knows (a place, hours, a language) never leaves a service out.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.asking import Question, check, words_by_term
from netmap.directory.documents import area_filter, phrase
from netmap.directory.indexing import ask_for_rebuild
from netmap.directory.places import Openings, places_of
from netmap.directory.plain_search import plain_search
from netmap.directory.results import Asked, Result, best_place, results_of
from netmap.search.backend import Hit, Page, Query, SearchBackend
from netmap.vocabulary.question import Understood, understand
from netmap.vocabulary.terms import label, vocabulary
from netmap.vocabulary.words import terms

__all__ = ["Answer", "Question", "Result", "find", "found_ids"]

WEAK_TYPE = 0.4  # types of less than this share of the strongest one are noise
WEAK_HIT = 0.5  # hits of less than this share of the best score, where the time is asked for
HOURS_UNKNOWN = 0.8  # what is left of a score where nobody knows the hours: they can be asked by phone
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was understood, how many services there are in all, and one page of them.

    ``needs`` and ``types`` are (code, name). ``degraded`` means that the index could not be read and a
    simpler search answered.
    """

    query: str
    needs: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str], ...]
    total: int
    results: tuple[Result, ...]
    degraded: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return what programs get; ``degraded`` stands there only where it is true."""
        found: dict[str, Any] = {
            "query": self.query,
            "needs": [{"code": code, "label": name} for code, name in self.needs],
            "total": self.total,
            "results": [result.as_dict() for result in self.results],
        }
        return {**found, "degraded": True} if self.degraded else found


def find(session: Session, backend: SearchBackend, settings: Settings, question: Question) -> Answer:
    """Return the services that answer a question, the best first.

    Raises
    ------
    Invalid
        If the question cannot be answered; ``fields`` says which part and why.
    """
    asked, types, page, degraded = _asked_page(session, backend, settings, question)
    needs = tuple((code, label(code)) for code in asked.needs)
    named = tuple((code, label(code)) for code in types)
    return Answer(question.text, needs, named, page.total, results_of(session, asked, page.hits), degraded)


def found_ids(
    session: Session, backend: SearchBackend, settings: Settings, question: Question
) -> tuple[int, tuple[str, ...]]:
    """Return how many services answer a question, and the ids of its page; their records are not read.

    Raises
    ------
    Invalid
        As `find`.
    """
    page = _asked_page(session, backend, settings, question)[2]
    return page.total, tuple(hit.id for hit in page.hits)


def _asked_page(
    session: Session, backend: SearchBackend, settings: Settings, question: Question
) -> tuple[Asked, dict[str, float], Page, bool]:
    """Return the question as understood, its types, the hits, and whether a simpler search answered."""
    area = check(session, question)
    text = question.text.replace("\x00", " ").encode("utf-8", "replace").decode().strip()
    understood = understand(text)
    words = words_by_term(text)
    moment = (question.open_at or now()).astimezone(settings.zone())
    types = _strong(understood)
    meant = tuple(
        code for code in understood.needs if types.keys() & set(vocabulary().needs[code].service_types)
    )
    asked = Asked(question, moment, words, meant, area)
    if question.text.strip() and not words and not types:
        return asked, types, Page(0, ()), False
    query = _query(settings, asked, text, types)
    page, degraded = _search(session, backend, query, asked)
    if question.open_at is not None:
        page = _open_ones(session, asked, page)
    return asked, types, page, degraded


def _strong(understood: Understood) -> dict[str, float]:
    least = WEAK_TYPE * max(understood.types.values(), default=0.0)
    return {code: weight for code, weight in understood.types.items() if weight >= least}


def _query(settings: Settings, asked: Asked, text: str, types: dict[str, float]) -> Query:
    """Return the question as the engine gets it; all hits where their hours have to be looked at first."""
    question = asked.question
    wanted = types or ({} if text else dict.fromkeys(question.types, 1.0))
    return Query(
        terms=tuple(asked.words),
        kin=tuple(term for term in _kin(asked.needs, tuple(types)) if term not in asked.words),
        types=wanted,
        phrase=phrase(text),
        only_types=frozenset(question.types),
        only_areas=area_filter(asked.area.chain) if asked.area else frozenset(),
        only_languages=frozenset({question.language}) if question.language else frozenset(),
        near=question.near,
        within_km=question.within_km,
        fresh_since=asked.moment.date() - timedelta(days=settings.stale_days),
        limit=None if question.open_at else question.limit,
        offset=0 if question.open_at else question.offset,
    )


def _kin(needs: Sequence[str], types: Sequence[str]) -> list[str]:
    """Return the words of the likeliest need's and type's names in all languages: so all are ranked alike."""
    known = vocabulary()
    names = [known.needs[code].labels for code in needs[:1]]
    names += [known.service_types[code].labels for code in types[:1]]
    spoken = (
        term for labels in names for language, name in labels.items() for term in terms(name, (language,))
    )
    return list(dict.fromkeys(spoken))


def _search(session: Session, backend: SearchBackend, query: Query, asked: Asked) -> tuple[Page, bool]:
    """Return the page and whether the simpler search had to answer."""
    try:
        return backend.search(query), False
    except Exception as error:  # an index can be damaged in any way: somebody still needs an answer
        _log.warning("the search index did not answer: %s", type(error).__name__)  # no words of a question
        ask_for_rebuild(session)
        return plain_search(session, query, dict.fromkeys(asked.words.values())), True


def _open_ones(session: Session, asked: Asked, page: Page) -> Page:
    """Return the page without what is known to be closed, in the order of relevance.

    Unknown hours cost a little; what answers the question less than half as well as the best never passes
    what answers it, open or not.
    """
    places = places_of(session, (hit.id for hit in page.hits))
    openings = Openings(session, [place for found in places.values() for place in found])
    kinds = {hit.id: best_place(asked, places[hit.id], openings)[1].kind for hit in page.hits}
    kept = [hit for hit in page.hits if kinds[hit.id] != "closed"]
    best = {
        behind: max(hit.score for hit in kept if hit.behind == behind)
        for behind in {hit.behind for hit in kept}
    }

    def place(hit: Hit) -> tuple[int, bool, float]:
        known = 1.0 if kinds[hit.id] == "open" else HOURS_UNKNOWN
        return hit.behind, hit.score < WEAK_HIT * best[hit.behind], -hit.score * known

    first = asked.question.offset
    hits = sorted(kept, key=place)[first : first + asked.question.limit]
    return Page(len(kept), tuple(hits))
