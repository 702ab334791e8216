"""What was learnt is kept, read back just so, and learnt anew where it is damaged or out of date."""

from pathlib import Path

import numpy as np
import pytest

from netmap.vocabulary import kept
from netmap.vocabulary.kept import Trained, trained
from netmap.vocabulary.scores import Letters, Phrase

SAID = [(0, "drinks every day"), (0, "no money"), (1, "sleeps in the park"), (1, "lost the flat")]


class Learner:
    """Counts how often it had to learn."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Trained:
        self.times += 1
        phrases = [Phrase(need, tuple(text.split()), "no" in text, text) for need, text in SAID]
        return phrases, Letters.trained(phrases, 2)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept, "_folders", [tmp_path / "words"])
    return tmp_path / "words"


def test_the_second_process_does_not_learn(folder: Path) -> None:
    learner = Learner()
    phrases, letters = trained("x", SAID, learner)
    again, same = trained("x", SAID, learner)
    assert learner.times == 1
    assert again == phrases
    assert np.array_equal(same.of_needs(["drinks rum"]), letters.of_needs(["drinks rum"]))
    assert [path.suffix for path in folder.iterdir()] == [".npz"]


def test_other_phrases_are_learnt_anew_and_the_old_file_goes(folder: Path) -> None:
    learner = Learner()
    trained("x", SAID, learner)
    trained("x", [*SAID, (1, "rough sleeper")], learner)
    assert learner.times == 2
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not a zip", None])
def test_a_damaged_file_is_learnt_anew(folder: Path, damage: bytes | None) -> None:
    learner = Learner()
    trained("x", SAID, learner)
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    trained("x", SAID, learner)
    assert learner.times == 2
    trained("x", SAID, learner)
    assert learner.times == 2


def test_code_in_a_file_is_never_run(folder: Path) -> None:
    learner = Learner()
    trained("x", SAID, learner)
    (path,) = folder.iterdir()
    with path.open("wb") as file:
        np.savez(file, phrases=np.array([{"run": "this"}], dtype=object), names=np.array([0]))
    trained("x", SAID, learner)
    assert learner.times == 2


def test_without_a_folder_that_can_be_written_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_folders", [tmp_path / "missing" / "words"])
    learner = Learner()
    trained("x", SAID, learner)
    trained("x", SAID, learner)
    assert learner.times == 2
    assert not (tmp_path / "missing").exists()
