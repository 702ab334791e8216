"""The shipped vocabulary files are sound, and the check of them can fail."""

import shutil
from pathlib import Path

import pytest

from netmap.paths import shipped
from netmap.vocabulary.check import problems

SHIPPED = shipped("seeds") / "vocabulary"


def test_the_shipped_vocabulary_has_no_defects() -> None:
    assert problems(SHIPPED) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("needs.csv", "|casino|", "|casino|Overdose|", "the phrase 'overdose' (en) belongs to"),
        (
            "needs.csv",
            ",psych_counselling|psychiatric_care,0",
            ",,0",
            "needs: men.anxiety has no service type.",
        ),
        ("needs.csv", "migration_advice|legal_aid", "legal_aid", ""),
        ("domains.csv", "FIN,", "OLD,Old,Old,Old,Old\nFIN,", "domains: OLD has no need."),
    ],
)
def test_a_defect_is_found(tmp_path: Path, file: str, old: str, new: str, sentence: str) -> None:
    shutil.copytree(SHIPPED / "phrases", tmp_path / "phrases")
    for path in SHIPPED.glob("*.csv"):
        shutil.copy(path, tmp_path / path.name)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8")
    assert any(sentence in line for line in problems(tmp_path)) if sentence else problems(tmp_path) == []
