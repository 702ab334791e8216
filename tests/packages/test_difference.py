from copy import deepcopy
from typing import Any

import pytest

from netmap.i18n import set_language
from netmap.packages.difference import difference
from netmap.packages.document import read
from netmap.packages.doubts import doubts
from netmap.vocabulary.terms import label


@pytest.fixture(autouse=True)
def english() -> None:
    set_language("en")


def changes(raw: dict[str, Any], **new: Any) -> list[str]:
    return difference(read(raw), read(raw | new))


def with_line(raw: dict[str, Any], number: int, **values: Any) -> dict[str, Any]:
    changed = deepcopy(raw)
    changed["lines"][number] |= values
    return changed


def test_equal_documents_have_no_difference(raw: dict[str, Any]) -> None:
    assert changes(raw) == []


def test_a_new_name_is_said_with_its_language(raw: dict[str, Any]) -> None:
    assert changes(raw, name={"en": "Debts", "ru": "Долги и нет работы"}) == [
        "Name (en): “Debts and no work” became “Debts”."
    ]


def test_changed_hours_are_said(raw: dict[str, Any]) -> None:
    assert changes(raw, hours=["MO-FR 17:00-20:00"]) == ["Hours: “nothing” became “MO-FR 17:00-20:00”."]


def test_a_reason_is_said_with_its_language(raw: dict[str, Any]) -> None:
    circumstances = raw["circumstances"] | {"reason": {"lt": "Tik jiems"}}
    assert changes(raw, circumstances=circumstances) == ["Reason (lt): “nothing” became “Tik jiems”."]


def test_a_changed_weight_is_said_in_words(raw: dict[str, Any]) -> None:
    sentences = changes(raw, profile=raw["profile"] | {"emp.unemployed": 1})
    assert sentences == [f"{label('emp.unemployed', 'en')}: “typical” became “defining”."]


def test_problems_added_and_taken_out_are_both_said(raw: dict[str, Any]) -> None:
    sentences = changes(raw, profile={"fin.consumer_debt": 1, "emp.unemployed": 0.5, "fin.poverty": 0.25})
    assert len(sentences) == 2
    assert label("fin.poverty", "en") in sentences[0]
    assert "taken out" in sentences[1]


def test_a_line_taken_out_is_said_once(raw: dict[str, Any]) -> None:
    assert changes(raw, lines=raw["lines"][:1]) == [
        f"The line “{label('job_search_support', 'en')}” was taken out."
    ]


def test_a_moved_line_is_a_change_of_order_only(raw: dict[str, Any]) -> None:
    free = with_line(raw, 1, after=[])
    sentences = difference(read(free), read(free | {"lines": free["lines"][::-1]}))
    assert len(sentences) == 1
    assert sentences[0].startswith("The order of the lines is now:")


@pytest.mark.parametrize(
    "change",
    [
        {"goal": {"en": "Other"}},
        {"start_day": 20},
        {"weight": 0.5},
        {"required": False},
        {"duration": "once"},
        {"after": []},
        {"need": "emp.long_term"},
        {"service_type": "career_guidance"},
        {"addresses": {"emp.unemployed": 0.5}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_part_of_a_line_that_changes_is_said(raw: dict[str, Any], change: dict[str, Any]) -> None:
    assert len(difference(read(raw), read(with_line(raw, 1, **change)))) == 1


def test_a_typical_problem_that_no_line_deals_with_is_doubtful(raw: dict[str, Any]) -> None:
    raw["profile"]["add.alcohol"] = 0.5
    assert [label("add.alcohol", "en") in sentence for sentence in doubts(read(raw))] == [True]


def test_an_occasional_problem_needs_no_line(raw: dict[str, Any]) -> None:
    assert doubts(read(raw)) == []


def test_a_start_before_what_it_waits_for_is_doubtful(raw: dict[str, Any]) -> None:
    sentences = doubts(read(with_line(raw, 0, start_day=30)))
    assert len(sentences) == 1
    assert "day 14" in sentences[0]


def test_shipped_packages_raise_no_doubts() -> None:
    import tomllib

    from netmap.paths import shipped

    for path in sorted((shipped("seeds") / "packages").glob("*.toml")):
        assert doubts(read(tomllib.loads(path.read_text(encoding="utf-8")))) == [], path.name
