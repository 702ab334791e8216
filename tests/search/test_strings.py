"""Texts in arrays are found by their letters, whatever their hashes."""

import pytest

from netmap.search import strings as module
from netmap.search.strings import Strings, strings

WORDS = ["loan", "debt", "", "долг", "\ud800", "loan ", "a" * 10_000]


@pytest.mark.parametrize("collide", [False, True])
def test_every_text_is_found_and_no_other(monkeypatch: pytest.MonkeyPatch, collide: bool) -> None:
    if collide:
        monkeypatch.setattr(module, "_digest", lambda text: bytes(7) + bytes([len(text) % 2]))
    kept = Strings(strings(WORDS))
    assert kept.find(WORDS).tolist() == list(range(len(WORDS)))
    assert kept.find(["rent", "LOAN", "\x00"]).tolist() == [-1, -1, -1]
    assert kept.all() == [kept[number] for number in range(len(WORDS))] == WORDS


def test_a_text_that_stands_there_more_than_once() -> None:
    kept = Strings(strings(["x", "loan", "x"]))
    assert kept.every("x") == [0, 2]
    assert kept.every("y") == []


def test_of_nothing_nothing_is_found() -> None:
    kept = Strings(strings([]))
    assert (len(kept), kept.all(), kept.every("x"), kept.find(["x"]).tolist()) == (0, [], [], [-1])
