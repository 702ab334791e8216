"""Two segments made into one are as if all their documents had come at once."""

import random
from dataclasses import replace

import numpy as np
import pytest

from netmap.search.asked import part_of
from netmap.search.building import build
from netmap.search.facts import facts_of
from netmap.search.folding import fold
from netmap.search.segment import Segment
from netmap.search.spelling import Lexicon, counted
from tests.search.made_up import corpus, service


def words_of(segment: Segment) -> dict[tuple[str, int, int], tuple[int, float]]:
    terms = segment.terms_in_order()
    word, field, document, occurs = segment.occurrences()
    worth = segment.arrays["worth"]
    rows = zip(word.tolist(), field.tolist(), document.tolist(), occurs.tolist(), worth.tolist(), strict=True)
    return {(terms[one], where, number): (many, round(much, 5)) for one, where, number, many, much in rows}


def codes_of(segment: Segment) -> dict[str, list[int]]:
    return {key: segment.having(row).tolist() for row, key in enumerate(segment.code_keys())}


@pytest.mark.parametrize("seed", range(4))
def test_folded_is_as_built_at_once(seed: int) -> None:
    chance = random.Random(seed)
    old = corpus(90, seed)
    gone = sorted(chance.sample(range(90), 30))
    new = [replace(one, id=f"new {one.id}") for one in corpus(25, seed + 10)]
    base = build(map(facts_of, old), counted(one.words for one in old))
    small = build(map(facts_of, new), counted(one.words for one in new), base)
    found = fold([part_of(base, np.array(gone)), part_of(small)])
    stays = [one for number, one in enumerate(old) if number not in gone] + new
    truth = build(map(facts_of, stays))
    for column in ("order", "standing", "checked", "group", "lengths", "usual", "point_owner", "point"):
        assert np.array_equal(found.arrays[column], truth.arrays[column]), column
    assert (found.ids.all(), found.names.all()) == (truth.ids.all(), truth.names.all())
    assert words_of(found) == words_of(truth)
    assert codes_of(found) == codes_of(truth)
    assert found.unsure_fields() == truth.unsure_fields()
    for field in truth.unsure_fields():
        assert np.array_equal(found.unsure(field), truth.unsure(field))
    written = counted(one.words for one in [*old, *new])
    assert Lexicon(found.arrays).all() == {word: many for word, many in written.items() if len(word) > 2}
    terms = truth.terms_in_order()
    assert np.array_equal(found.terms(terms)[1], truth.terms(terms)[1])


def test_everything_may_be_gone_and_everything_new() -> None:
    base = build(map(facts_of, corpus(5)))
    assert fold([part_of(base, np.arange(5))]).size == 0
    empty = build(())
    small = build([facts_of(service("a", "loan"))], {"loan": 1}, empty)
    assert fold([part_of(empty), part_of(small)]).ids.all() == ["a"]


def test_a_small_segment_stands_between_the_names_of_its_base() -> None:
    base = build([facts_of(service(one, one)) for one in ("b", "d", "f")])
    small = build([facts_of(service(one, one)) for one in ("e", "a", "ea", "z")], None, base)
    order = {**dict(zip("bdf", base.order.tolist(), strict=True)),
             **dict(zip(("e", "a", "ea", "z"), small.order.tolist(), strict=True))}  # fmt: skip
    assert sorted(order, key=order.__getitem__) == ["a", "b", "d", "e", "ea", "f", "z"]


def test_terms_of_documents_are_counted_once_whatever_the_field() -> None:
    rows = [facts_of(service("a", "loan", "loan rent")), facts_of(service("b", "rent", "loan"))]
    segment = build(rows)
    numbers, counts = segment.terms_of(np.array([0, 1]))
    terms = segment.terms_in_order()
    assert {terms[number]: count for number, count in zip(numbers, counts, strict=True)} == {
        "loan": 2,
        "rent": 2,
    }
