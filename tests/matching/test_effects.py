"""What a changed package does to many cases, against asking for each case alone."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmap.matching.batch import clients_of
from netmap.matching.effects import Answer, LineEffect, compare_answers, package_effect, parts_of
from netmap.matching.effects_words import why
from netmap.matching.facts import Client, Library, Rated, build_library
from netmap.matching.score import WITH_CORRECTION, band, order, score_all
from netmap.packages.document import Document, Line
from tests.matching.test_batch import NEEDS, RELATED, built, documents, people


def alone(library: Library, client: Client) -> tuple[str, str]:
    """Code and band of the best package of one client; a package below the lowest band is none."""
    scores = score_all(library, client)
    best = order(library, scores, 1)
    if not best:
        return "", band(0.0)
    shown = round(float(scores.score[best[0]]), 1)
    return (library.packages[best[0]][0] if shown >= WITH_CORRECTION else ""), band(shown)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(documents(), max_size=4),
    documents(),
    documents(),
    st.integers(0, 4),
    st.lists(people, min_size=1, max_size=6),
)
def test_who_moves_is_who_gets_another_answer_alone(
    others: list[Document], before: Document, after: Document, at: int, clients: list[Client]
) -> None:
    at = min(at, len(others))
    old = built([*others[:at], before, *others[at:]])
    new = built([*others[:at], after, *others[at:]])
    packages = [package for place, package in enumerate(old.packages) if place != at]
    rest = replace_packages(old, packages)
    effect = package_effect(rest, old.only(at), new.only(at), clients_of(old, clients))
    expected = []
    for place, client in enumerate(clients):
        was, then = alone(old, client), alone(new, client)
        if was != then:
            expected.append((place, was[0], then[0]))
    assert [(move.case, move.old, move.new) for move in effect.moves] == expected
    code = old.packages[at][0]
    answers = [(alone(old, client)[0], alone(new, client)[0]) for client in clients]
    touched = [place for place, answer in enumerate(answers) if code in answer]
    assert list(effect.touched) == touched
    fits = []
    for place, client in enumerate(clients):
        scores = score_all(new, client)
        if scores.on_track[at] and round(float(scores.score[at]), 1) >= WITH_CORRECTION:
            fits.append(place)
    assert [fitted.case for fitted in effect.fitted] == fits


def replace_packages(like: Library, packages: list[tuple[str, int, Document]]) -> Library:
    circumstances = like.facts[: len(like.facts) - len(NEEDS)]
    return build_library(packages, NEEDS, circumstances, RELATED)


def test_a_new_package_and_a_package_that_goes(
    library_of: Callable[..., Library], package_a: Document, package_b: Document, client_1: Client
) -> None:
    rest, own = library_of(package_b), library_of(package_a)
    clients = clients_of(rest, [client_1])
    (move,) = package_effect(rest, None, own, clients).moves
    assert (move.old, move.new, round(move.old_score, 1), round(move.new_score, 1)) == ("b", "a", 55.2, 96.8)
    (back,) = package_effect(rest, own, None, clients).moves
    assert (back.old, back.new) == ("a", "b")
    assert why(None, parts_of(own, client_1)) == ["the package is new"]
    assert why(parts_of(own, client_1), None) == ["the package is gone"]


def test_why_names_what_made_the_score_another(
    library_of: Callable[..., Library], package_a: Document, client_1: Client
) -> None:
    shorter = replace(package_a, lines=package_a.lines[1:])
    old, new = (parts_of(library_of(document), client_1) for document in (package_a, shorter))
    assert why(old, new) == [
        "it covers 52 % of the needs, before 100 %", "what cannot wait is not covered now",
    ]  # fmt: skip
    shut = parts_of(library_of(replace(package_a, excluded=("single_parent",), required=())), client_1)
    assert why(old, shut)[0] == "a circumstance now stands against it"
    assert why(shut, old)[0] == "a circumstance no longer stands against it"
    asked = parts_of(library_of(replace(package_a, excluded=("age_65_plus", "veteran"))), client_1)
    assert why(old, asked) == ["more questions are open"]
    assert why(old, old) == []


@pytest.mark.parametrize(
    ("was", "then", "counts"),
    [("s", "", (1, 0, 0)), ("", "s", (0, 1, 0)), ("s", "t", (0, 0, 1)), ("s", "s", None), ("", "", None)],
)
def test_lines_lose_gain_and_change_their_provider(
    was: str, then: str, counts: tuple[int, int, int] | None
) -> None:
    types = {"debts": "debt_advice"}
    old = Answer("a", "referral", {"debts": was}, types, frozenset({"here"}))
    new = Answer("a", "case management", {"debts": then}, types, frozenset({"there"}))
    told = compare_answers([old, old], [new, old])
    assert told.lines == ((LineEffect("a", "debt_advice", *counts),) if counts else ())
    assert told.levels == (("referral", "case management", 1),)
    assert told.places == 1


def test_lines_of_different_packages_and_unknown_places_are_not_compared() -> None:
    old = Answer("a", "referral", {"debts": "s"}, {"debts": "debt_advice"}, frozenset({"here"}))
    other = replace(old, package="b", providers={"debts": ""}, places=None)
    gone = replace(old, providers={}, types={})
    assert compare_answers([old, old], [other, gone]).lines == ()
    assert compare_answers([old], [other]).places == 0


@pytest.mark.parametrize(("code", "wins"), [("aa", True), ("z", False)])
def test_equal_packages_are_ordered_by_code(
    library_of: Callable[..., Library], package_b: Document, client_1: Client, code: str, wins: bool
) -> None:
    rest = library_of(package_b)
    same = library_of(replace(package_b, code=code))
    moves = package_effect(rest, None, same, clients_of(rest, [client_1])).moves
    assert [move.new for move in moves] == (["aa"] if wins else [])


def test_of_equal_scores_the_smaller_correction_wins(
    library_of: Callable[..., Library], package: Callable[..., Document], line: Callable[..., Line]
) -> None:
    """The same help, once with a step of no use."""
    client = Client({"fin.food": Rated(2), "fin.goods": Rated(2)})
    food, goods = line("food", "food_aid", {"fin.food": 1.0}), line("goods", "goods_aid", {"fin.goods": 1.0})
    longer = package(
        "a", {"fin.food": 1}, (food, goods, line("papers", "id_documents", {"leg.identity": 1.0}))
    )
    rest, own = library_of(longer), library_of(package("z", {"fin.food": 1}, (food, goods)))
    (move,) = package_effect(rest, None, own, clients_of(rest, [client])).moves
    assert (move.old, move.new, move.old_score) == ("a", "z", move.new_score)
