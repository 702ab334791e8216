"""From a question in plain words to services, with the reason for each.

The words become needs, service types and wishes, so that a question in one language finds a service described
in another; words alone count less. Words never leave a service out, filters do; what nobody knows (a place,
hours, a language) stays, behind the others.
"""

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.answers import Answer, LeftOut, Result
from netmap.directory.area_table import area_table
from netmap.directory.asked import MOST_NEEDS, Asked, asked, chips
from netmap.directory.asking import Question, check
from netmap.directory.curation import Curated, curated, left_out
from netmap.directory.facets import groups
from netmap.directory.indexing import ask_for_rebuild
from netmap.directory.misses import FEW, loosen, near_misses
from netmap.directory.plain_search import candidates
from netmap.directory.querying import query_of
from netmap.directory.results import results_of
from netmap.directory.spelling import spelt_right
from netmap.search.backend import Page, SearchBackend
from netmap.vocabulary.terms import label

__all__ = ["Answer", "Question", "Result", "find", "found_ids"]

_log = logging.getLogger(__name__)


def find(session: Session, backend: SearchBackend, settings: Settings, question: Question) -> Answer:
    """Return the services that answer a question, the best first.

    Raises
    ------
    Invalid
        If the question cannot be answered; ``fields`` says which part and why.
    """
    return _find(session, backend, settings, question, mending=True)


def _find(
    session: Session, backend: SearchBackend, settings: Settings, question: Question, *, mending: bool
) -> Answer:
    """Return the answer; a guess at the spelling is asked once, not guessed at again."""
    meant = _meant(session, settings, question)
    if meant.is_empty():
        return _answer(meant, Page(0, 0, ()))
    decided = _decided(session, meant)
    engine, page, degraded = _search(session, backend, settings, meant, decided)
    suggestion = meant.understood.suggestion or _guess(meant, engine, page)
    if mending and not page.total and suggestion and not meant.understood.read_as:
        mended = _find(session, backend, settings, replace(question, text=suggestion), mending=False)
        if mended.total:
            return replace(mended, query=question.text, read_as=suggestion)
    return replace(
        _answer(meant, page),
        results=results_of(session, meant, page.hits, decided.first),
        degraded=degraded,
        suggestion=suggestion,
        loosen=loosen(meant, page),
        misses=near_misses(session, settings, meant, page.misses),
        left_out=_left_out(session, engine, meant, decided),
    )


def found_ids(
    session: Session, backend: SearchBackend, settings: Settings, question: Question
) -> tuple[int, tuple[str, ...]]:
    """Return how many services answer a question, and the ids of its page; their records are not read.

    Raises
    ------
    Invalid
        As `find`.
    """
    meant = _meant(session, settings, replace(question, facets=False))
    if meant.is_empty():
        return 0, ()
    page = _search(session, backend, settings, meant, _decided(session, meant), few=0)[1]
    return page.total, tuple(hit.id for hit in page.hits)


def _meant(session: Session, settings: Settings, question: Question) -> Asked:
    table = area_table(session)
    return asked(question, check(question, table), table, settings)


def _decided(session: Session, meant: Asked) -> Curated:
    """Return what coordinators decided about what the question names, not about what it may also mean.

    Needs that are too doubtful to be shown count as little: nobody could take them away.
    """
    only = meant.question.only
    types = only.get("type", ()) or (() if meant.needs else tuple(meant.types)[:1])
    needs = dict.fromkeys((*only.get("need", ()), *meant.needs[:MOST_NEEDS]))
    return curated(session, tuple(needs), types, meant.now.date())


def _left_out(session: Session, engine: SearchBackend, meant: Asked, decided: Curated) -> tuple[LeftOut, ...]:
    """Return the services that would be among the answers, but coordinators leave them out."""
    if not decided.out:
        return ()
    query = replace(query_of(meant, engine), only_ids=frozenset(decided.out), facets=(), limit=None, offset=0)
    return left_out(session, {hit.id: decided.out[hit.id] for hit in engine.search(query).hits})


def _answer(meant: Asked, page: Page) -> Answer:
    """Return the answer without its services."""
    return Answer(
        query=meant.question.text,
        needs=tuple((code, label(code)) for code in meant.needs),
        types=tuple((code, label(code)) for code in meant.types),
        total=page.total,
        results=(),
        certain=page.certain,
        understood=chips(meant),
        facets=groups(meant, page) if meant.question.facets else (),
        read_as=meant.understood.read_as,
        choices=_choices(meant),
    )


def _choices(meant: Asked) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the words that name several areas, each area with what lies around it."""

    def name(code: str) -> str:
        around: Collection[str] = meant.table.chains.get(code, (code,))[1:2]
        return ", ".join(meant.table.label(one) for one in (code, *around))

    return {
        words: tuple((code, name(code)) for code in codes)
        for words, codes in meant.understood.choices.items()
    }


def _search(
    session: Session,
    backend: SearchBackend,
    settings: Settings,
    meant: Asked,
    decided: Curated,
    few: int = FEW,
) -> tuple[SearchBackend, Page, bool]:
    """Return the engine that answered, its page, and whether that was the simpler search."""
    try:
        return backend, _page(backend, meant, decided, few), False
    except Exception as error:  # an index can be damaged in any way: somebody still needs an answer
        _log.warning("the search index did not answer: %s", type(error).__name__)  # no words of a question
        ask_for_rebuild(session)
        memory = candidates(session, settings, meant)
        return memory, _page(memory, meant, decided, few), True


def _guess(meant: Asked, engine: SearchBackend, page: Page) -> str:
    """Return the question as it may have been meant; an answer does not fail for want of a guess."""
    try:
        return spelt_right(meant, engine, page)
    except Exception as error:  # words lie in other files than what was asked before
        _log.warning("the search index did not spell: %s", type(error).__name__)  # no words of a question
        return ""


def _page(engine: SearchBackend, meant: Asked, decided: Curated, few: int) -> Page:
    """Return the page; where fewer than ``few`` fit, with what fails one filter only."""
    query = query_of(meant, engine, tuple(decided.first), frozenset(decided.out))
    page = engine.search(query)
    filtered = query.only or query.within_km is not None or query.checked_since is not None
    if not filtered or page.certain >= few:
        return page
    near = engine.search(replace(query, facets=(), misses=few, limit=0, offset=0))
    return replace(page, loosened=near.loosened, misses=near.misses)
