"""Words that make a person the same as a trouble: found in all forms, and nothing else is."""

import csv
import tomllib
from typing import Any

import pytest

from netmap.errors import Invalid
from netmap.packages.document import read
from netmap.packages.labels import doubtful_labels
from netmap.paths import shipped

LABELS = [
    ("en", "Plan for an alcoholic", "alcoholic"),
    ("en", "Help for the homeless", "the homeless"),
    ("en", "Ex-convicts find work", "Ex-convicts"),
    ("en", "Problem families", "Problem families"),
    ("en", "A debtor's plan", "debtor's"),
    ("ru", "План для алкоголика", "алкоголика"),
    ("ru", "Помощь наркоманам", "наркоманам"),
    ("ru", "Мать-одиночка с долгами", "Мать-одиночка"),
    ("ru", "Работа для инвалидов", "инвалидов"),
    ("ru", "Неблагополучные семьи", "Неблагополучные"),
    ("ru", "Тунеядцам — работу", "Тунеядцам"),
    ("uk", "План для боржників", "боржників"),
    ("uk", "Допомога п’яницям", "п'яницям"),
    ("uk", "Робота для інваліда", "інваліда"),
    ("uk", "Безпритульники і волоцюги", "Безпритульники"),
    ("lt", "Pagalba alkoholikams", "alkoholikams"),
    ("lt", "Skolininko planas", "Skolininko"),
    ("lt", "Asocialių šeimų planas", "Asocialių šeimų"),
    ("lt", "Narkomanės kelias", "Narkomanės"),
]
HARMLESS = [
    ("en", "Alcohol, debts, prison, disability, homelessness"),
    ("en", "No alcoholic drinks at home; the homeless person has a room"),
    ("en", "Addiction treatment, drug problems, convicted long ago"),
    ("ru", "Алкоголь, долги, наркотики, инвалидность, бездомность"),
    ("ru", "Алкогольная зависимость, должность, бомжевать не придётся"),
    ("uk", "Алкоголь, борги, наркотики, інвалідність, повітря"),
    ("lt", "Alkoholis, skolos, narkotikai, negalia, kalinimas"),
]


@pytest.mark.parametrize(("language", "text", "word"), LABELS)
def test_a_label_is_found_in_its_form(language: str, text: str, word: str) -> None:
    assert word in doubtful_labels(text, language)


@pytest.mark.parametrize(("language", "text"), HARMLESS)
def test_the_name_of_a_trouble_is_no_label(language: str, text: str) -> None:
    assert doubtful_labels(text, language) == []


@pytest.mark.parametrize(("language", "text", "word"), LABELS)
def test_a_name_on_papers_may_not_label(raw: dict[str, Any], language: str, text: str, word: str) -> None:
    raw["paper_name"][language] = text
    with pytest.raises(Invalid) as caught:
        read(raw)
    assert f"“{word}” labels" in caught.value.fields[f"paper_name.{language}"]


def test_a_goal_may_not_label_and_the_line_is_named(raw: dict[str, Any]) -> None:
    raw["lines"][1]["goal"]["lt"] = "Alkoholikas turi darbą"
    with pytest.raises(Invalid) as caught:
        read(raw)
    assert caught.value.fields["lines.1.goal.lt"].startswith("Line 2: ")


def test_a_name_for_staff_may(raw: dict[str, Any]) -> None:
    raw["name"]["en"] = "Debtor without work"
    assert read(raw).name["en"] == "Debtor without work"


def test_no_name_of_the_vocabulary_is_a_label_but_one_kind_of_service() -> None:
    found = set()
    for file in ("needs.csv", "service_types.csv", "circumstances.csv"):
        with (shipped("seeds") / "vocabulary" / file).open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                found |= {
                    row["code"]
                    for one in ("en", "ru", "uk", "lt")
                    if doubtful_labels(row[f"label_{one}"], one)
                }
    assert found == {"family_of_addicts_support"}


def test_no_text_of_a_shipped_package_labels() -> None:
    for path in sorted((shipped("seeds") / "packages").glob("*.toml")):
        found: list[str] = []
        _gather(tomllib.loads(path.read_text(encoding="utf-8")), found)
        assert found == [], path.name


def _gather(value: object, found: list[str]) -> None:
    for key, part in (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    ):
        if isinstance(part, str) and key in ("en", "ru", "uk", "lt"):
            found += doubtful_labels(part, str(key))
        else:
            _gather(part, found)
