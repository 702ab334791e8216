"""Many clients at once get what each of them gets alone."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmap.matching.batch import NOBODY, best_of, clients_of, scores_of
from netmap.matching.facts import Client, Library, Rated, build_library
from netmap.matching.score import order, score_all
from netmap.packages.document import Document, Line
from netmap.vocabulary.terms import vocabulary

NEEDS = tuple(vocabulary().needs)[:8]
FACTS = ("single_parent", "child_under_7", "age_65_plus", "age_18_29", "rural")
RELATED = {(NEEDS[0], NEEDS[1]): 0.8, (NEEDS[2], NEEDS[3]): 0.4, (NEEDS[4], NEEDS[5]): 0.5}

codes = st.sampled_from(NEEDS)
few_facts = st.lists(st.sampled_from(FACTS), unique=True, max_size=2).map(tuple)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    addressed = draw(st.lists(st.dictionaries(codes, st.sampled_from([0.5, 1.0]), min_size=1), max_size=4))
    lines: list[Line] = []
    for place, addresses in enumerate(addressed):
        beside = draw(st.sampled_from(["", *(line.key for line in lines if not line.beside)]))
        lines.append(Line(f"l{place}", next(iter(addresses)), "debt_advice", {}, addresses, beside=beside))
    required, optional, excluded = draw(few_facts), draw(few_facts), draw(few_facts)
    return Document(
        "x", {}, {}, {}, draw(st.dictionaries(codes, st.sampled_from([0.25, 0.5, 1.0]), max_size=4)),
        tuple(lines), required=required, optional=optional, excluded=excluded,
        track=draw(st.sampled_from(["barriers", "job_search"])),
    )  # fmt: skip


rated = st.builds(Rated, st.integers(0, 3), st.integers(0, 2))
people = st.builds(
    Client,
    st.dictionaries(codes, rated, max_size=5),
    st.dictionaries(st.sampled_from(FACTS), st.sampled_from(["yes", "no", "unknown"])),
    track=st.sampled_from(["", "", "job_search"]),
    contested=st.frozensets(codes, max_size=1),
)


def built(found: list[Document]) -> Library:
    packages = [(f"p{place:02}", 1, document) for place, document in enumerate(found)]
    return build_library(packages, NEEDS, tuple(vocabulary().circumstances), RELATED)


@settings(max_examples=150, deadline=None)
@given(st.lists(documents(), max_size=6), st.lists(people, max_size=5))
def test_the_best_of_many_is_the_best_of_each(found: list[Document], clients: list[Client]) -> None:
    library = built(found)
    best = best_of(library, clients_of(library, clients))
    for row, client in enumerate(clients):
        alone = score_all(library, client)
        first = order(library, alone, 1)
        assert best.place[row] == (first[0] if first else NOBODY)
        if first:
            assert best.score[row] == pytest.approx(alone.score[first[0]])
            assert best.coverage[row] == pytest.approx(alone.coverage[first[0]])
            assert best.delta[row] == pytest.approx(alone.delta[first[0]])


@settings(max_examples=60, deadline=None)
@given(st.lists(documents(), min_size=1, max_size=4), st.lists(people, max_size=4))
def test_the_scores_of_one_package_are_those_of_each_client(
    found: list[Document], clients: list[Client]
) -> None:
    library = built(found)
    for place in range(len(found)):
        many = scores_of(library, clients_of(library, clients), place)
        alone = [score_all(library, client) for client in clients]
        expected = [one.score[place] if one.on_track[place] else 0.0 for one in alone]
        np.testing.assert_allclose(many, expected)


def test_more_clients_than_fit_in_one_portion_keep_their_places(
    library_of: Callable[..., Library], package_a: Document, package_b: Document, client_1: Client,
    client_2: Client,
) -> None:  # fmt: skip
    library = library_of(package_a, package_b)
    best = best_of(library, clients_of(library, [client_1, client_2] * 300))
    assert best.place.tolist() == [0, 1] * 300
    assert np.round(best.score, 1)[-2:].tolist() == [96.8, 62.8]


def test_no_packages_and_no_clients(library_of: Callable[..., Library], client_1: Client) -> None:
    empty = library_of()
    assert best_of(empty, clients_of(empty, [client_1])).place.tolist() == [NOBODY]
    assert len(best_of(empty, clients_of(empty, [])).place) == 0


def test_a_package_of_another_track_is_not_the_best(
    library_of: Callable[..., Library], package_a: Document, client_1: Client
) -> None:
    library = library_of(package_a)
    elsewhere = clients_of(library, [replace(client_1, track="job_search")])
    assert best_of(library, elsewhere).place.tolist() == [NOBODY]
    assert scores_of(library, elsewhere, 0).tolist() == [0.0]


def test_equal_scores_are_decided_by_coverage_then_by_the_correction(
    library_of: Callable[..., Library], package: Callable[..., Document], line: Callable[..., Line]
) -> None:
    """Both are held at 60, since nobody has a bed for tonight."""
    client = Client({NEEDS[0]: Rated(3, 2), NEEDS[1]: Rated(2), NEEDS[2]: Rated(2), NEEDS[3]: Rated(2)})
    profile = dict.fromkeys(NEEDS[:4], 1.0)

    def holding(code: str, *needs: str) -> Document:
        lines = tuple(line(f"l{place}", "debt_advice", {need: 1.0}) for place, need in enumerate(needs))
        return package(code, profile, lines)

    more = holding("b", *NEEDS[1:4])
    in_part = replace(more, code="a", lines=(*more.lines[:2], line("l9", "debt_advice", {NEEDS[3]: 0.5})))
    library = library_of(in_part, more, related={(NEEDS[0], NEEDS[1]): 0.49})
    rows = clients_of(library, [client])
    assert np.round(score_all(library, client).score, 6).tolist() == [60.0, 60.0]
    assert best_of(library, rows).place.tolist() == [1]

    longer = holding("a", *NEEDS[1:4], NEEDS[6])  # covers the same, and holds a step of no use
    library = library_of(longer, more, related={(NEEDS[0], NEEDS[1]): 0.49})
    assert best_of(library, clients_of(library, [client])).place.tolist() == [1]
    assert order(library, score_all(library, client)) == [1, 0]
