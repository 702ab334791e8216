"""The order of hits is decided by sums over arrays."""

import numpy as np

from netmap.search.backend import GONE, Document, Query
from netmap.search.columns import Columns, facts_of
from netmap.search.ranking import Posting, rank


def posting(impacts: dict[int, float], rarity: float = 2.0) -> Posting:
    return Posting(np.array(list(impacts)), np.array(list(impacts.values())), rarity)


def test_many_words_of_a_question_beat_one_of_them_in_a_name() -> None:
    columns = Columns([facts_of(Document(id="one word")), facts_of(Document(id="many words"))])
    postings = {"food": posting({0: 30.0, 1: 4.0}), "deliver": posting({1: 4.0}), "home": posting({1: 4.0})}
    page = rank(columns, postings, Query(terms=tuple(postings)))
    assert [hit.id for hit in page.hits] == ["many words", "one word"]


def test_a_hit_says_why_it_stands_behind_better_ones() -> None:
    documents = [Document(id="gone", standing=GONE), Document(id="unsure", unsure=("area",))]
    sure = Document(id="sure", areas=("city",))
    columns = Columns([facts_of(one) for one in (*documents, sure)])
    page = rank(columns, {}, Query(only_areas=frozenset({"city"})))
    assert [(hit.id, hit.behind) for hit in page.hits] == [("sure", 0), ("unsure", 1)]
    page = rank(columns, {}, Query())
    assert {hit.id: hit.behind for hit in page.hits} == {"sure": 0, "unsure": 0, "gone": 2}
