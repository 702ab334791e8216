"""Defects in the vocabulary files that reading them does not stop at; for those who mend the files."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path

from netmap.vocabulary.terms import LANGUAGES, Circumstance, Need, ServiceType, Vocabulary, read
from netmap.vocabulary.words import fold, split


def problems(folder: Path) -> list[str]:
    """Return one sentence for each defect in the vocabulary of ``folder``; none if it is sound.

    Looked for: a phrase claimed by two codes of one file in a language, a code without phrases in a language,
    a need without service types, a coarse word that is also shown, a service type that no need leads to, a
    domain without needs, a pattern that fits the empty text.

    Raises
    ------
    Invalid
        If the files cannot be read at all.
    """
    known = read(folder)
    return [
        *_claimed_twice("needs", {code: _every_phrase(need) for code, need in known.needs.items()}),
        *_claimed_twice("service_types", {code: _of_type(one) for code, one in known.service_types.items()}),
        *_claimed_twice("circumstances", {code: one.phrases for code, one in known.circumstances.items()}),
        *_without_phrases(known),
        *_unconnected(known),
        *(line for need in known.needs.values() for line in _shown_though_coarse(need)),
        *(line for one in known.circumstances.values() for line in _fits_nothing(one)),
    ]


def _every_phrase(need: Need) -> dict[str, tuple[str, ...]]:
    return {
        language: (
            *need.phrases[language],
            *need.recognised[language],
            *need.said[language],
            *need.scenes[language],
        )
        for language in LANGUAGES
    }


def _of_type(one: ServiceType) -> dict[str, tuple[str, ...]]:
    return {language: (*one.phrases[language], *one.said[language]) for language in LANGUAGES}


def _claimed_twice(file: str, phrases: Mapping[str, Mapping[str, Iterable[str]]]) -> list[str]:
    """Return a sentence for each phrase that two codes of a file hold in one language."""
    holders: dict[tuple[str, str], set[str]] = {}
    for code, by_language in phrases.items():
        for language, listed in by_language.items():
            for phrase in listed:
                holders.setdefault((language, " ".join(map(fold, split(phrase)))), set()).add(code)
    return [
        f"{file}: the phrase '{phrase}' ({language}) belongs to {one} and to {other}."
        for (language, phrase), codes in holders.items()
        for one, other in combinations(sorted(codes), 2)
    ]


def _without_phrases(known: Vocabulary) -> list[str]:
    """Return a sentence for each code that has no phrase in a language."""
    files: dict[str, Mapping[str, Need | ServiceType | Circumstance]] = {
        "needs": known.needs,
        "service_types": known.service_types,
        "circumstances": known.circumstances,
    }
    return [
        f"{file}: {code} has no phrase in '{language}'."
        for file, group in files.items()
        for code, one in group.items()
        for language in LANGUAGES
        if not one.phrases[language]
    ]


def _unconnected(known: Vocabulary) -> list[str]:
    """Return a sentence for each need, service type and domain that leads nowhere."""
    used = {name for need in known.needs.values() for name in need.service_types}
    domains = {need.domain for need in known.needs.values()}
    unhelped = [code for code, need in known.needs.items() if not need.service_types]
    return [
        *(f"needs: {code} has no service type." for code in unhelped),
        *(f"service_types: no need leads to {code}." for code in known.service_types if code not in used),
        *(f"domains: {code} has no need." for code in known.domains if code not in domains),
    ]


def _shown_though_coarse(need: Need) -> list[str]:
    """Return a sentence for each coarse word that stands in a label or is also a phrase."""
    return [
        f"needs: {need.code} shows the coarse word '{word}' ({language})."
        for language in LANGUAGES
        for word in need.recognised[language]
        if fold(word) in {fold(shown) for shown in (need.labels[language], *need.phrases[language])}
    ]


def _fits_nothing(one: Circumstance) -> list[str]:
    """Return a sentence for each pattern that fits the empty text and so every text."""
    return [
        f"circumstances: the pattern of {one.code} ({language}) fits the empty text."
        for language, pattern in one.patterns.items()
        if pattern.search("")
    ]
