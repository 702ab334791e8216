"""What may only rise when more is covered or answered well, over random packages and clients."""

import random
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from netmap.directory.ages import Fact
from netmap.matching.facts import Client, Library, Rated, build_library
from netmap.matching.score import CRITICAL_CAP, score_all, to_add
from netmap.packages.document import Document, Line
from netmap.vocabulary.terms import vocabulary

NEEDS = tuple(sorted(vocabulary().needs))[:12]
FACTS = ("single_parent", "large_family", "displaced", "disability_status")
TYPES = tuple(sorted(vocabulary().service_types))
SHARES = (0.25, 0.5, 0.75, 1.0)
SEEDS = st.integers(min_value=0, max_value=2**32 - 1)


def made_package(chance: random.Random) -> Document:
    """Return a random package."""
    profile = {need: chance.choice((1.0, 0.5, 0.25)) for need in chance.sample(NEEDS, chance.randint(1, 5))}
    lines = tuple(made_line(chance, f"l{number}") for number in range(chance.randint(1, 5)))
    facts = chance.sample(FACTS, 4)
    return Document(
        "p", {"en": "P"}, {"en": "Plan"}, {}, profile, lines,
        required=tuple(facts[: chance.randint(0, 1)]),
        excluded=tuple(facts[1 : 1 + chance.randint(0, 1)]),
        optional=tuple(facts[2 : 2 + chance.randint(0, 2)]),
    )  # fmt: skip


def made_line(chance: random.Random, key: str) -> Line:
    """Return a random line."""
    addresses = {need: chance.choice(SHARES) for need in chance.sample(NEEDS, chance.randint(1, 3))}
    return Line(key, next(iter(addresses)), chance.choice(TYPES), {}, addresses)


def made_client(chance: random.Random) -> Client:
    """Return a random client with at least one need."""
    needs = chance.sample(NEEDS, chance.randint(1, 6))
    answers: tuple[Fact, ...] = ("yes", "no", "unknown")
    return Client(
        {need: Rated(chance.randint(1, 3), chance.randint(0, 2)) for need in needs},
        {fact: chance.choice(answers) for fact in FACTS},
    )


def library_of(document: Document, chance: random.Random) -> Library:
    """Return the library of one package, with random related needs that stay the same for a seed."""
    pairs = {tuple(sorted(chance.sample(NEEDS, 2))): chance.choice(SHARES[:3]) for _number in range(4)}
    related = {(one, other): strength for (one, other), strength in pairs.items()}
    return build_library([("p", 1, document)], NEEDS, FACTS, related)


def drawn(seed: int) -> tuple[Document, Client, int]:
    """Return a package, a client, and the seed of the related needs."""
    chance = random.Random(seed)
    return made_package(chance), made_client(chance), chance.randrange(2**32)


@given(SEEDS)
@settings(max_examples=200, deadline=None)
def test_a_further_line_never_lowers_the_coverage_nor_adds_a_correction(seed: int) -> None:
    document, client, relations = drawn(seed)
    more = replace(document, lines=(*document.lines, made_line(random.Random(seed + 1), "more")))
    before, after = (library_of(one, random.Random(relations)) for one in (document, more))
    assert score_all(after, client).coverage[0] >= score_all(before, client).coverage[0] - 1e-12
    assert set(to_add(after, client, 0)) <= set(to_add(before, client, 0))


@given(SEEDS)
@settings(max_examples=200, deadline=None)
def test_a_further_need_that_is_fully_covered_never_lowers_the_coverage(seed: int) -> None:
    document, client, relations = drawn(seed)
    library = library_of(document, random.Random(relations))
    covered = [need for place, need in enumerate(library.needs) if library.covers[0, place] == 1]
    for need in covered:
        if need not in client.needs:
            more = replace(client, needs={**client.needs, need: Rated(2, 1)})
            assert score_all(library, more).coverage[0] >= score_all(library, client).coverage[0] - 1e-12


@given(SEEDS)
@settings(max_examples=200, deadline=None)
def test_a_need_of_the_profile_that_turns_out_to_be_there_never_lowers_the_fit(seed: int) -> None:
    document, client, relations = drawn(seed)
    library = library_of(document, random.Random(relations))
    for need in document.profile:
        rated = client.needs.get(need, Rated(0))
        if rated.severity < 3:
            heavier = replace(client, needs={**client.needs, need: Rated(rated.severity + 1, rated.urgency)})
            assert score_all(library, heavier).fit[0] >= score_all(library, client).fit[0] - 1e-12


@given(SEEDS)
@settings(max_examples=200, deadline=None)
def test_a_good_answer_to_an_open_question_never_lowers_the_score(seed: int) -> None:
    document, client, relations = drawn(seed)
    library = library_of(document, random.Random(relations))
    good: dict[str, Fact] = dict.fromkeys((*document.required, *document.optional), "yes")
    good |= dict.fromkeys(document.excluded, "no")
    for code, answer in good.items():
        if client.fact(code) == "unknown":
            told = replace(client, facts={**client.facts, code: answer})
            assert score_all(library, told).score[0] >= score_all(library, client).score[0] - 1e-9


@given(SEEDS)
@settings(max_examples=200, deadline=None)
def test_scores_stay_within_their_bounds(seed: int) -> None:
    document, client, relations = drawn(seed)
    library = library_of(document, random.Random(relations))
    scores = score_all(library, client)
    assert 0 <= scores.score[0] <= scores.open_score[0] <= 100
    assert np.all(
        (scores.coverage >= 0) & (scores.coverage <= 1) & (scores.fit >= 0) & (scores.fit <= 1 + 1e-12)
    )
    grave = [need for need in to_add(library, client, 0) if client.needs[need].severity == 3]
    assert not grave or scores.score[0] <= CRITICAL_CAP
