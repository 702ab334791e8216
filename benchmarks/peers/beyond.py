"""What netmap's questions can do beside the one that all engines are asked: times of these alone."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from benchmarks.made_up_documents import COUNTED, TODAY
from benchmarks.peers.measuring import Times, timed
from benchmarks.peers.netmap_own import query_of
from benchmarks.peers.questions import Typed, asked_in
from netmap.search.backend import Facet, Filter, Preference, Query
from netmap.search.whoosh_backend import WhooshBackend
from netmap.vocabulary.question import understand
from netmap.vocabulary.terms import vocabulary
from netmap.vocabulary.words import terms

OPEN_KEYS = frozenset(f"key{n}" for n in range(25))  # of 60 kinds of opening hours, those open at one moment
MIDDLE = (55.0, 24.5)


def queries(questions: Sequence[Typed]) -> dict[str, list[Query]]:
    """Return kind of question -> what the engine is asked."""
    meant = [_meant(one) for one in questions]
    facets = tuple(Facet(name, name) for name in COUNTED)
    opened = (Preference("open", "hours", OPEN_KEYS, complete=True),)
    return {
        "words and what they mean": [replace(one, only=(), facets=(), prefer=()) for one in meant],
        "+ preferences, 3 filters, 10 counts": meant,
        "+ open now, as a filter": [
            replace(one, only=(*one.only, Filter("hours", OPEN_KEYS)), prefer=(*one.prefer, *opened))
            for one in meant
        ],
        "within 40 km of a point, 10 counts": [
            replace(one, only=(), near=MIDDLE, within_km=40.0, facets=facets) for one in meant
        ],
        "the same, the nearest first": [
            replace(one, only=(), near=MIDDLE, within_km=40.0, facets=facets, sort="near") for one in meant
        ],
        "3 filters, 10 counts, 5 near misses": [replace(one, misses=5) for one in meant],
    }


def _meant(one: Typed) -> Query:
    """Return the question with the service types that it means, related words, and wishes."""
    types = dict(understand(one.text).types)
    labels = [vocabulary().service_types[code].labels for code in list(types)[:1]]
    kin = tuple(
        term for names in labels for language, name in names.items() for term in terms(name, (language,))
    )
    return replace(
        query_of(asked_in("all_counts", one)),
        types=types,
        kin=tuple(dict.fromkeys(kin)),
        prefer=(
            Preference("place", "area", one.only["area"]),
            Preference("takes", "target", frozenset({"group1"}), frozenset({"not:group3"})),
            Preference("language", "language", one.only["language"], complete=True),
            Preference("capacity", "takes", frozenset({"yes"}), frozenset({"full"})),
            Preference("cost", "cost", frozenset({"free"}), complete=True),
        ),
        today=TODAY,
    )


def measured(
    backend: WhooshBackend, questions: Sequence[Typed], rounds: int
) -> dict[str, tuple[Times, float]]:
    """Return kind of question -> its times, and how many documents it finds on average."""
    found = {}
    for name, asked in queries(questions).items():
        totals = [backend.search(query).total for query in asked]
        times = Times(
            [[timed(partial(backend.search, query)) for query in asked] for _round in range(rounds)]
        )
        found[name] = times, sum(totals) / len(totals)
    return found
