"""What the words of a question mean: needs and types of services.

The way goes words -> needs -> service types, because people name their trouble and providers name their work;
the names of the service types are read as well. A question whose language cannot be told is read in
all languages of its script. So a Ukrainian question finds a service described in Lithuanian.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from netmap.vocabulary import words
from netmap.vocabulary.blend import asked as model_of
from netmap.vocabulary.blend import folded, of_words
from netmap.vocabulary.cues import cue
from netmap.vocabulary.evidence import Evidence
from netmap.vocabulary.kept import Trained, trained
from netmap.vocabulary.scores import Letters, Phrase, Together
from netmap.vocabulary.terms import LANGUAGES, vocabulary

NEED, TYPE = "need", "type"
BY_PLACE = (1.0, 0.7, 0.5)  # weight of a need's first, second and further service types
BY_NEED = 0.6  # the rest of a type's weight comes from its own names
NEED_FROM, TYPE_FROM = 0.3, 0.2
NEAR_THE_BEST = 0.55  # a need is named only if it is at least this near to the best one
FAR_FROM_BEST = 0.4  # a need below this share of the best one leads to no type
MOST_NEEDS, MOST_TYPES = 5, 8
ABOUT_THE_CLIENT = 0.75  # what is left of a score that the words about the client give
NAMED_BY_A_SERVICE = 0.4  # what is left of a need that only the name of a service speaks of
PARTLY = 0.5  # what is left of a type's weight that none of the telling words speak of
SHORTEST = 3  # letters of a word that is shown to tell of a need


@dataclass(frozen=True)
class Meaning:
    """Needs, the likeliest first; service type -> weight 0..1, the largest first; each code -> its words."""

    needs: tuple[str, ...]
    types: Mapping[str, float]
    words: Mapping[str, tuple[str, ...]]


def meaning(text: str, without: Collection[str] = (), besides: str | None = None) -> Meaning:
    """Return the needs and service types that the words of a question name.

    Parameters
    ----------
    text : str
        The words that say what is looked for.
    without : collection of str
        "need:code" and "type:code" that a person took away: nothing comes in their place.
    besides : str, optional
        The words that are left without those about the client ("a mother with a baby"): what they name comes
        first, where they name anything.
    """
    languages = tuple(language for language in words.languages_of(text) if language in LANGUAGES)
    telling, needs, direct = _scores(text, languages)
    if besides is not None and besides != text:
        _told, more_needs, more_direct = _scores(besides, languages)
        if _weighed(_types(more_needs, more_direct)):
            needs = {code: max(more_needs[code], ABOUT_THE_CLIENT * score) for code, score in needs.items()}
            direct = {
                code: max(more_direct[code], ABOUT_THE_CLIENT * score) for code, score in direct.items()
            }
    named = _named(needs)
    types = _weighed(_told_whole(_types(needs, direct), needs, telling, languages))
    if without:
        left = {code: score for code, score in needs.items() if f"need:{code}" not in without}
        again = _types(left, direct)
        named = tuple(code for code in named if code in left)
        types = _weighed({code: again[code] for code in types if f"type:{code}" not in without})
    return Meaning(
        named,
        types,
        _words([word for word in words.split(telling) if len(word) >= SHORTEST], languages, named, types),
    )


def _scores(text: str, languages: Sequence[str]) -> tuple[str, dict[str, float], dict[str, float]]:
    """Return the telling words of a text, and how near they are to each need and to each type's names."""
    telling = _telling(text, languages)
    needs = dict.fromkeys(vocabulary().needs, 0.0)
    direct = dict.fromkeys(vocabulary().service_types, 0.0)
    unknown = [word for word in words.split(telling) if not is_known(word)]
    for language in languages if telling else ():
        model = model_of(language)
        found = model.of_question(telling, unknown)
        found[_named_by_a_service(telling, language)] *= NAMED_BY_A_SERVICE
        _keep_largest(needs, model.codes, found.tolist())
        _keep_largest(direct, tuple(direct), _by_name(telling, unknown, language))
        for scores, code in _said_just_so(language).get(_terms(telling, language), ()):
            (needs if scores == NEED else direct)[code] = 1.0
    return telling, needs, direct


def _named_by_a_service(telling: str, language: str) -> list[int]:
    """Return the needs that are named only by a word of theirs which is the name of a service.

    Who asks for a psychologist has named no trouble, though "a family psychologist" is a phrase of one.
    """
    measures, names = _names(language)
    terms = _terms(telling, language)
    asked, _types = names.whole(measures.share.of_phrases([terms])[0])
    if not asked:
        return []
    model = model_of(language)
    _words, said = model.evidence.whole(model.share.of_phrases([terms])[0])
    return [number for number in model.evidence.only_by(terms, asked) if number not in said]


@cache
def _said_just_so(language: str) -> dict[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the terms of each phrase with the needs and types whose phrase it is: "doctor" is one."""
    known = vocabulary()
    found: dict[tuple[str, ...], dict[tuple[str, str], None]] = {}
    for kind, group in ((NEED, known.needs), (TYPE, known.service_types)):
        for code, one in group.items():
            for text in (one.labels[language], *one.phrases[language], *one.said[language]):
                found.setdefault(_terms(_telling(text, (language,)), language), {})[kind, code] = None
    found.pop((), None)
    return {terms: tuple(codes) for terms, codes in found.items()}


def _words(
    typed: Sequence[str], languages: Sequence[str], needs: Sequence[str], types: Mapping[str, float]
) -> dict[str, tuple[str, ...]]:
    """Return for each need and type the words that tell of it; all where only likeness of letters does."""
    order, known = list(vocabulary().needs), vocabulary()
    found: dict[str, tuple[str, ...]] = {}
    for code in needs:
        number = order.index(code)
        told = (
            word
            for word in typed
            if any(_tells(model_of(one).evidence, number, word, one) for one in languages)
        )
        found[code] = tuple(told) or tuple(typed)
    order = list(known.service_types)
    for code in types:
        number = order.index(code)
        leading = {word for need in needs if code in known.needs[need].service_types for word in found[need]}
        told = (
            word
            for word in typed
            if word in leading or any(_tells(_names(one)[1], number, word, one) for one in languages)
        )
        found[code] = tuple(told) or tuple(typed)
    return found


def _tells(evidence: Evidence, number: int, word: str, language: str) -> bool:
    return evidence.speaks(number, words.word_terms(word, (language,)))


def _named(needs: Mapping[str, float]) -> tuple[str, ...]:
    """Return the needs that are near to the best one, the likeliest first."""
    best = max(needs.values(), default=0.0)
    return tuple(_largest_first(needs, max(NEED_FROM, NEAR_THE_BEST * best))[:MOST_NEEDS])


def _weighed(types: Mapping[str, float]) -> dict[str, float]:
    """Return the strongest types with their weights, the largest first."""
    return {code: round(types[code], 3) for code in _largest_first(types, TYPE_FROM)[:MOST_TYPES]}


def _telling(query: str, languages: Sequence[str]) -> str:
    """Return the words of the question without those that say nothing about what is looked for."""
    general = [cue("general", language) for language in languages]
    small = frozenset[str]().union(*(words.SMALL[language] for language in languages))
    left = [word for word in words.split(query) if not any(cues.fullmatch(word) for cues in general)]
    return (
        " ".join(left) if any(words.is_real(word) and word.casefold() not in small for word in left) else ""
    )


def _types(needs: Mapping[str, float], direct: Mapping[str, float]) -> dict[str, float]:
    """Return the weight of every service type: from the needs it helps with and from its own names."""
    by_need: dict[str, float] = {}
    least = FAR_FROM_BEST * max(needs.values(), default=0.0)
    for code, score in needs.items():
        if score < least:
            continue
        for place, name in enumerate(vocabulary().needs[code].service_types):
            weight = score * BY_PLACE[min(place, len(BY_PLACE) - 1)]
            by_need[name] = max(by_need.get(name, 0.0), weight)
    return {name: BY_NEED * by_need.get(name, 0.0) + (1 - BY_NEED) * score for name, score in direct.items()}


def _told_whole(
    types: Mapping[str, float], needs: Mapping[str, float], telling: str, languages: Sequence[str]
) -> dict[str, float]:
    """Return the weights, less where a type explains few of the telling words of the question."""
    typed = [word for word in dict.fromkeys(words.split(telling)) if len(word) >= SHORTEST]
    known = vocabulary()
    numbers = {code: number for number, code in enumerate(known.needs)}
    least = FAR_FROM_BEST * max(needs.values(), default=0.0)
    leading: dict[str, list[int]] = {}
    for code, score in needs.items():
        if score >= least > 0:
            for name in known.needs[code].service_types:
                leading.setdefault(name, []).append(numbers[code])
    told: dict[str, set[str]] = {}
    for number, code in enumerate(known.service_types):
        if types[code] >= TYPE_FROM:
            told[code] = {
                word
                for word in typed
                if any(_tells(_names(one)[1], number, word, one) for one in languages)
                or any(
                    _tells(model_of(one).evidence, n, word, one)
                    for one in languages
                    for n in leading.get(code, ())
                )
            }
    most = max(map(len, told.values()), default=0)
    if most < 2:
        return dict(types)
    return {
        code: weight * (PARTLY + (1 - PARTLY) * len(told.get(code, ())) / most)
        for code, weight in types.items()
    }


def is_known(word: str) -> bool:
    """Tell whether any language of the word's script knows it; a word with a typing mistake is not known."""
    return any(
        words.is_known(word, language) or model_of(language).knows(word)
        for language in words.script(word)
        if language in LANGUAGES
    )


def _by_name(query: str, unknown: Sequence[str], language: str) -> Sequence[float]:
    """Return how near the question is to the names of each service type."""
    measures, evidence = _names(language)
    found = of_words(measures, evidence, _terms(query, language), query, unknown)
    return [float(value) for value in found]


@cache
def _names(language: str) -> tuple[Together, Evidence]:
    """Return the measures over the names of service types in one language."""
    types = vocabulary().service_types.values()
    said = [
        (number, name)
        for number, one in enumerate(types)
        for name in (one.labels[language], *one.phrases[language], *one.said[language])
    ]

    def train() -> Trained:
        found = [Phrase(number, _terms(name, language), False, folded(name)) for number, name in said]
        return found, Letters.trained(found, len(types))

    phrases, letters = trained(f"types-{language}", said, train)
    measures = Together(phrases, len(types), letters)
    return measures, Evidence(phrases, measures.share)


def _terms(text: str, language: str) -> tuple[str, ...]:
    return tuple(term for word in words.split(text) for term in words.word_terms(word, (language,)))


def _keep_largest(found: dict[str, float], codes: Sequence[str], values: Sequence[float]) -> None:
    """Write into ``found`` the larger of the old and the new value of each code."""
    for code, value in zip(codes, values, strict=True):
        found[code] = max(found.get(code, 0.0), float(value))


def _largest_first(values: Mapping[str, float], least: float) -> list[str]:
    """Return the codes with at least this value, the largest first, ties by code."""
    return sorted((code for code in values if values[code] >= least), key=lambda code: (-values[code], code))
