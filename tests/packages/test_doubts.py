"""What is allowed but doubtful is said to who keeps the package; shipped packages give no doubt."""

import tomllib
from typing import Any

import pytest

from netmap.packages.document import read
from netmap.packages.doubts import doubts
from netmap.paths import shipped
from netmap.vocabulary.terms import label


def said(raw: dict[str, Any]) -> str:
    return " ".join(doubts(read(raw)))


def with_line(raw: dict[str, Any], place: int, **changes: Any) -> dict[str, Any]:
    lines = [dict(line) for line in raw["lines"]]
    lines[place].update(changes)
    return {**raw, "lines": lines}


def test_a_typical_problem_that_no_line_deals_with_is_doubtful(raw: dict[str, Any]) -> None:
    raw["profile"]["add.alcohol"] = 0.5
    assert [label("add.alcohol", "en") in sentence for sentence in doubts(read(raw))] == [True]


def test_an_occasional_problem_needs_no_line(raw: dict[str, Any]) -> None:
    assert doubts(read(raw)) == []


def test_a_start_before_what_it_waits_for_is_doubtful(raw: dict[str, Any]) -> None:
    sentences = doubts(read(with_line(raw, 0, start_day=30)))
    assert len(sentences) == 1
    assert "day 14" in sentences[0]


def test_a_missing_closure_and_a_missing_crisis_line_are_doubtful(raw: dict[str, Any]) -> None:
    del raw["standard"], raw["crisis"]
    assert "closure" in said(raw)
    assert "crisis line" in said(raw)


def test_an_addon_that_starts_after_its_main_line_is_doubtful(raw: dict[str, Any]) -> None:
    assert "starts later" in said(with_line(raw, 1, after=[], beside="debts"))


def test_a_label_in_the_name_for_staff_is_doubtful_and_allowed(raw: dict[str, Any]) -> None:
    raw["name"]["ru"] = "Алкоголики с долгами"
    assert "“Алкоголики” labels a person" in said(raw)


def test_a_label_in_a_cause_is_doubtful(raw: dict[str, Any]) -> None:
    assert "“debtor”" in said(with_line(raw, 0, cause={"en": "Has been a debtor for years"}))


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Plan of help: consumer debt"),
        ("ru", "План помощи: долги по кредитам и займам"),
        ("uk", "План: борги за кредитами та позиками"),
        ("lt", "Planas: vartojimo skolos"),
    ],
)
def test_a_paper_name_that_names_a_problem_of_the_profile_is_doubtful(
    raw: dict[str, Any], language: str, name: str
) -> None:
    raw["paper_name"] = {language: name}
    assert "The name on papers says" in said(raw)


def test_a_paper_name_about_work_is_not_doubtful(raw: dict[str, Any]) -> None:
    raw["profile"]["emp.no_experience"] = 0.25
    raw["paper_name"] = {"en": "Plan of help: home and first job"}
    assert doubts(read(raw)) == []


def test_shipped_packages_raise_no_doubts() -> None:
    for path in sorted((shipped("seeds") / "packages").glob("*.toml")):
        assert doubts(read(tomllib.loads(path.read_text(encoding="utf-8")))) == [], path.name
