"""A question as the engine gets it: words prefer, filters leave out, facets count."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from netmap.directory.asked import WEAK_TYPE, Asked
from netmap.directory.documents import phrase
from netmap.directory.facet_codes import NOT, PERHAPS
from netmap.directory.facets import facets_of
from netmap.directory.opening_keys import open_keys
from netmap.search.backend import ANY_LANGUAGE, Filter, Preference, Query, SearchBackend
from netmap.search.signals import SIGNALS
from netmap.vocabulary.terms import vocabulary
from netmap.vocabulary.words import LANGUAGES, terms, word_terms

_BEGINNING = re.compile(r"(?<!\w)(\w{3,})\*")  # "mortg*": with fewer letters half the index would be meant
MOST_BEGINNINGS = 3
RELATIONS = frozenset({"agreement", "contact", "funding", "joint_service"})


@dataclass(frozen=True, slots=True)
class Hours:
    """Which keys of opening hours are open at the moment asked for, and of which it is not known."""

    open: frozenset[str]
    unknown: frozenset[str]


def hours_at(backend: SearchBackend, moment: datetime) -> Hours:
    """Return what the keys of an index say of a moment; worked out once a minute."""
    return _hours_at(backend.values("hours"), moment)


@lru_cache(maxsize=32)
def _hours_at(keys: tuple[str, ...], moment: datetime) -> Hours:
    return Hours(*open_keys(keys, moment))


def query_of(
    asked: Asked,
    backend: SearchBackend,
    first_ids: Sequence[str] = (),
    not_ids: frozenset[str] = frozenset(),
) -> Query:
    """Return the question as an engine gets it.

    Parameters
    ----------
    asked : Asked
    backend : SearchBackend
        The engine that will be asked: only it knows which codes of hours and languages there are.
    first_ids, not_ids : services that coordinators put first or left out
    """
    question = asked.question
    hours = hours_at(backend, asked.moment)
    by_filter = dict.fromkeys(question.only.get("type", ()), 1.0)
    days = question.checked_days
    return Query(
        terms=tuple(dict.fromkeys((*asked.words, *_begun(asked.text, backend)))),
        kin=tuple(term for term in _kin(asked.needs, tuple(asked.types)) if term not in asked.words),
        types=_offered(asked.understood.types, backend) or ({} if asked.text else by_filter),
        everything=not asked.text,  # a type that only a filter names ranks; else it alone would be counted
        phrase=phrase(asked.text),
        exact=tuple(tuple(code.split()) for code in asked.codes("exact")),
        only=tuple(_filters(asked, hours)),
        not_ids=not_ids,
        first_ids=tuple(first_ids),
        near=asked.origin,
        within_km=question.within_km,
        checked_since=asked.now.date() - timedelta(days=days) if days else None,
        today=asked.now.date(),
        prefer=tuple(_preferences(asked, hours)),
        weights=weights_of(question.weights),
        facets=facets_of(asked, backend.values("language"), hours.open, hours.unknown)
        if question.facets
        else (),
        sort=question.sort,
        limit=question.limit,
        offset=question.offset,
    )


def _offered(types: Mapping[str, float], backend: SearchBackend) -> dict[str, float]:
    """Return the types that anybody offers, those far below the strongest of these left out.

    So where nobody offers what would help most, what helps next is found, and not hidden as a weak guess.
    """
    there = set(backend.values("type"))
    offered = {code: weight for code, weight in types.items() if code in there}
    least = WEAK_TYPE * max(offered.values(), default=0.0)
    return {code: weight for code, weight in offered.items() if weight >= least}


def _begun(text: str, backend: SearchBackend) -> list[str]:
    """Return the terms of the words in services that begin as typed before a star."""
    beginnings = _BEGINNING.findall(text)[:MOST_BEGINNINGS]
    begun = [word for one in beginnings for word in backend.words_from(one.casefold())]
    return [term for word in begun for term in word_terms(word, LANGUAGES)]


def weights_of(changed: Mapping[str, float] | None) -> Mapping[str, float]:
    """Return the weight of every signal, those that a setting changes in place of the usual ones."""
    return {**{name: signal.weight for name, signal in SIGNALS.items()}, **(changed or {})}


def _filters(asked: Asked, hours: Hours) -> list[Filter]:
    """Return what the person chose, never what was read out of words."""
    found = []
    if asked.areas:
        codes = frozenset[str]().union(*(asked.table.filters[area.code] for area in asked.areas))
        found.append(Filter("area", codes))
    for name, chosen in asked.question.only.items():
        if name != "area" and chosen:
            found.append(Filter(name, filter_codes(name, chosen), perhaps_of(chosen)))
    if asked.question.open_at is not None:
        found.append(Filter("hours", hours.open, hours.unknown))
    return found


def filter_codes(name: str, chosen: Sequence[str]) -> frozenset[str]:
    """Return the codes that pass a filter; an interpreter speaks every language."""
    return frozenset({*chosen, ANY_LANGUAGE}) if name == "language" else frozenset(chosen)


def perhaps_of(chosen: Sequence[str]) -> frozenset[str]:
    """Return the codes that say that nobody knows of one of the chosen ones."""
    return frozenset(PERHAPS + code for code in chosen)


def _preferences(asked: Asked, hours: Hours) -> list[Preference]:
    """Return what the words ask for, and what is better in any case: places free, partners."""
    found = [
        Preference("capacity", "takes", frozenset({"yes"}), frozenset({"full"}), perhaps=frozenset({"?yes"})),
        Preference("relation", "relation", RELATIONS, complete=True),
    ]
    if asked.places:
        codes = frozenset[str]().union(*(asked.table.filters[place.code] for place in asked.places))
        found.append(Preference("place", "area", codes, complete=True))
    if asked.timed:
        found.append(Preference("open", "hours", hours.open, complete=True, perhaps=hours.unknown))
    if facts := asked.understood.circumstances:
        no = frozenset(NOT + code for code in facts)
        found.append(Preference("takes", "target", frozenset(facts), no))
    if spoken := asked.codes("language"):
        found.append(Preference("language", "language", frozenset({*spoken, ANY_LANGUAGE}), complete=True))
    if "free" in asked.codes("cost"):
        found.append(Preference("cost", "cost", frozenset({"free"}), frozenset({"fee"})))
    if steps := asked.codes("threshold"):
        found.append(
            Preference("threshold", "threshold", frozenset(steps), complete=True, perhaps=perhaps_of(steps))
        )
    if ways := asked.codes("access"):
        found.append(
            Preference("threshold", "access", frozenset(ways), complete=True, perhaps=perhaps_of(ways))
        )
    return found


@lru_cache(maxsize=2_000)
def _kin(needs: tuple[str, ...], types: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of the likeliest need's and type's names in all languages: so all are ranked alike."""
    known = vocabulary()
    names = [known.needs[code].labels for code in needs[:1]]
    names += [known.service_types[code].labels for code in types[:1]]
    spoken = (
        term for labels in names for language, name in labels.items() for term in terms(name, (language,))
    )
    return tuple(dict.fromkeys(spoken))
