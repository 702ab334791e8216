"""Notes by a writer who had seen no phrase; whoever chooses anything by them has to have new ones written."""

import json
from pathlib import Path
from typing import Any

from netmap.vocabulary.suggest import suggest

NOTES: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("second_notes.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_needs_are_read_from_notes_that_nobody_had_in_view() -> None:
    right = wrong = missed = first = 0
    for note in NOTES:
        shown = suggest(note["text"], note["lang"]).needs
        gold, free = set(note["problems"]), set(note["optional"])
        found = {one.code for one in shown if one.accepted}
        right, missed = right + len(found & gold), missed + len(gold - found)
        wrong += len(found - gold - free)
        first += len(gold & {one.code for one in shown})
    assert len(NOTES) == 80
    assert 2 * right / (2 * right + wrong + missed) >= 0.65
    assert first / (right + missed) >= 0.75
