"""Every way to count gives what counting one by one gives."""

import random

import numpy as np
import pytest

from netmap.search import bits, counting
from netmap.search.backend import Facet
from netmap.search.building import build
from netmap.search.counting import Counter
from netmap.search.facts import facts_of
from tests.search.made_up import corpus

VALUES = {"few": frozenset({"l1", "l2"}), "none": frozenset({"zz"}), "empty": frozenset[str]()}
FACETS = [Facet("h", "hours"), Facet("a", "area"), Facet("t", "type"), Facet("x", "never"),
          Facet("l", "language", VALUES), Facet("e", "area", {})]  # fmt: skip


@pytest.mark.parametrize("looked_up", [0, 10**9])
@pytest.mark.parametrize("share", [0.0, 0.004, 0.2, 1.0])
def test_counts_of_codes_and_values(monkeypatch: pytest.MonkeyPatch, looked_up: int, share: float) -> None:
    monkeypatch.setattr(counting, "LOOKED_UP", looked_up)
    documents = corpus(900)
    segment, chance = build(map(facts_of, documents)), random.Random(share)
    chosen = [number for number in range(900) if chance.random() < share]
    dense = {segment.is_dense(row) for row in segment.code_rows("hours")}
    assert False in dense, "both kinds of codes are counted"
    counter = Counter(segment, bits.of_numbers(np.array(chosen, dtype=np.int64), 900))
    for facet in FACETS:
        have = [
            {*documents[n].types, *documents[n].suggested}
            if facet.field == "type"
            else set(documents[n].codes.get(facet.field, ()))
            for n in chosen
        ]
        values = facet.values
        if values is None:
            values = {code: frozenset({code}) for codes in have for code in codes}
        truth = {value: sum(bool(codes & one) for one in have) for value, codes in values.items()}
        assert counter.counted(facet) == {value: many for value, many in truth.items() if many}


@pytest.mark.parametrize("size", [1, 63, 64, 65, 1000, 5000])
def test_sets_of_any_size_and_density(size: int) -> None:
    for share in (0.0, 0.002, 0.5, 1.0):
        mask = np.random.default_rng(size).random(size) < share
        packed = bits.pack(mask)
        assert np.array_equal(bits.numbers(packed, size), np.flatnonzero(mask))
        assert bits.count(packed) == mask.sum()
        assert np.array_equal(bits.among(packed, np.arange(size)), mask)
        assert np.array_equal(bits.mask_of(packed, size), mask)
        rows = np.stack([packed, bits.none(size), bits.pack(~mask)])
        assert bits.Within(packed, size).counts(rows).tolist() == [mask.sum(), 0, 0]
