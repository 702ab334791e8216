"""The phrase files are sound, and each check of them can fail."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from netmap.paths import shipped
from netmap.vocabulary.phrase_check import (
    claimed_twice,
    fall_short,
    hard_negatives,
    unknown_kinds,
    written_twice,
)
from netmap.vocabulary.suggest import confidences
from netmap.vocabulary.terms import LANGUAGES

SHIPPED = shipped("seeds") / "vocabulary"


@pytest.mark.parametrize("check", [written_twice, claimed_twice, unknown_kinds, fall_short])
def test_the_shipped_phrases_have_no_defects(check: Callable[[Path], list[str]]) -> None:
    assert check(SHIPPED) == []


@pytest.mark.parametrize(
    ("check", "file", "row", "sentence"),
    [
        (written_twice, "en.csv", "add.alcohol,plain,Drinks EVERY single day\n" * 2, "add.alcohol has"),
        (claimed_twice, "en.csv", "add.drugs,plain,swigs rum\nadd.alcohol,plain,Swigs rum\n", "swigs rum"),
        (unknown_kinds, "lt.csv", "add.alcohol,loud,geria vyną balkone\n", "'loud'"),
        (unknown_kinds, "context_uk.csv", "add.nothing,past,колись пив\n", "колись пив"),
    ],
)
def test_a_defect_is_found(
    tmp_path: Path, check: Callable[[Path], list[str]], file: str, row: str, sentence: str
) -> None:
    shutil.copytree(SHIPPED, tmp_path / "vocabulary")
    with (tmp_path / "vocabulary" / "phrases" / file).open("a", encoding="utf-8") as phrases:
        phrases.write(row)
    assert any(sentence in line for line in check(tmp_path / "vocabulary"))


def test_a_need_with_few_phrases_falls_short(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "vocabulary")
    path = tmp_path / "vocabulary" / "phrases" / "ru.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if "men.grief" not in line]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert any(
        line.startswith("men.grief has") and "'ru'" in line for line in fall_short(tmp_path / "vocabulary")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_hard_negatives_are_not_coded(language: str) -> None:
    texts = hard_negatives(SHIPPED, language)
    coded = 0
    for one in texts:
        value, limit, _quote = confidences(one.text, (language,))[one.code]
        coded += value >= limit
    assert len(texts) >= 100
    assert coded / len(texts) <= 0.15
