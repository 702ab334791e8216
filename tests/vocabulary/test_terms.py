"""The vocabulary is read from its files; what is wrong there is named."""

import csv
import shutil
from pathlib import Path

import pytest

from netmap.errors import Invalid
from netmap.i18n import set_language
from netmap.paths import shipped
from netmap.vocabulary import terms


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files that may be broken."""
    source = shipped("seeds") / "vocabulary"
    shutil.copytree(source / "phrases", tmp_path / "phrases")
    for path in source.glob("*.csv"):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


def change(path: Path, row: int, column: str, value: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row - 2][column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def drop(path: Path, column: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [name for name in rows[0] if name != column], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def test_a_need_has_its_labels_phrases_and_service_types() -> None:
    need = terms.vocabulary().needs["fin.mortgage_debt"]
    assert need.domain == "FIN"
    assert need.labels["en"] == "Mortgage debt"
    assert need.phrases["ru"]
    assert need.service_types[0] == "mortgage_restructuring"
    assert not need.safety


def test_grave_needs_are_marked() -> None:
    assert terms.vocabulary().needs["men.suicide"].safety


def test_a_circumstance_has_a_compiled_pattern() -> None:
    assert terms.vocabulary().circumstances["child_under_7"].patterns["en"].search("a girl aged 3")


def test_a_label_is_given_in_the_readers_language() -> None:
    set_language("ru")
    try:
        assert terms.label("debt_advice") == terms.vocabulary().service_types["debt_advice"].labels["ru"]
    finally:
        set_language("en")


def test_a_label_falls_back_to_english() -> None:
    assert terms.label("FIN", "hy") == terms.vocabulary().domains["FIN"].labels["en"]


def test_a_code_that_is_no_longer_known_is_shown_as_it_is() -> None:
    assert terms.label("old.code") == "old.code"


def test_coarse_words_are_never_labels() -> None:
    for need in terms.vocabulary().needs.values():
        for language, coarse in need.recognised.items():
            assert need.labels[language] not in coarse


def test_an_unknown_need_is_refused_with_the_nearest_code() -> None:
    with pytest.raises(Invalid, match=r"fin\.mortgage_debt"):
        terms.require_need("fin.morgage_debt")


def test_a_known_need_is_given() -> None:
    assert terms.require_need("add.alcohol").code == "add.alcohol"


@pytest.mark.parametrize(
    ("file", "column", "value"),
    [
        ("needs.csv", "domain", "XYZ"),
        ("needs.csv", "label_lt", ""),
        ("needs.csv", "service_types", "debt_advise"),
        ("needs.csv", "safety", "yes"),
        ("service_types.csv", "group", "fun"),
        ("circumstances.csv", "pattern_ru", "(три"),
    ],
)
def test_a_wrong_value_is_refused_by_file_row_and_column(
    folder: Path, file: str, column: str, value: str
) -> None:
    change(folder / file, 3, column, value)
    with pytest.raises(Invalid) as refused:
        terms.read(folder)
    assert f"{file}, row 3, column '{column}'" in refused.value.message


def test_a_missing_column_is_refused_by_name(folder: Path) -> None:
    drop(folder / "needs.csv", "recognised_uk")
    with pytest.raises(Invalid, match=r"needs\.csv, row 2, column 'recognised_uk'"):
        terms.read(folder)


def test_a_missing_file_is_refused_by_name(folder: Path) -> None:
    (folder / "domains.csv").unlink()
    with pytest.raises(Invalid, match=r"domains\.csv is missing"):
        terms.read(folder)


def test_a_code_that_occurs_twice_is_refused(folder: Path) -> None:
    change(folder / "needs.csv", 4, "code", "emp.unemployed")
    with pytest.raises(Invalid, match="occurs twice"):
        terms.read(folder)


def test_phrases_of_a_code_that_there_is_not_are_refused(folder: Path) -> None:
    with (folder / "phrases" / "lt.csv").open("a", encoding="utf-8") as file:
        file.write("fin.treasure,plain,lobis\n")
    with pytest.raises(Invalid, match=r"lt\.csv, row \d+, column 'code': .*'fin\.treasure'"):
        terms.read(folder)


def test_phrases_that_people_say_are_learnt_and_never_shown() -> None:
    need = terms.vocabulary().needs["fin.utility_debt"]
    assert all(len(need.said[language]) >= 8 for language in terms.LANGUAGES)
    assert not set(need.said["en"]) & set(need.phrases["en"])
