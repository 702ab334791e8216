from copy import deepcopy
from typing import Any

import pytest

from netmap.i18n import set_language
from netmap.packages.difference import difference
from netmap.packages.document import read
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
        {"cause": {"uk": "Завод закрили"}},
        {"dose": {"times": 2, "per": "week", "weeks": 6}},
        {"substitutes": [{"service_type": "work_practice", "when": "nobody"}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_part_of_a_line_that_changes_is_said(raw: dict[str, Any], change: dict[str, Any]) -> None:
    assert len(difference(read(raw), read(with_line(raw, 1, **change)))) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"track": "job_search"}, "Track: “Removing barriers” became “Job search”."),
        ({"model": "broker"}, "Way of working: “nothing” became “Broker”."),
        ({"cost": 80.0}, "Cost of a case: “nothing” became “80”."),
        ({"owner": "a@b.example"}, "Owner: “nothing” became “a@b.example”."),
        ({"pilot": True}, "Being tried out: “no” became “yes”."),
        ({"standard": {}}, "Closure (en): “Three payments in a row” became “nothing”."),
    ],
)
def test_a_change_of_how_work_is_done_is_said(
    raw: dict[str, Any], change: dict[str, Any], words: str
) -> None:
    assert changes(raw, **change) == [words]


def test_a_taken_out_crisis_line_is_said(raw: dict[str, Any]) -> None:
    sentences = changes(raw, crisis=None)
    assert [sentence.split(":")[0] for sentence in sentences] == ["In a crisis", "In a crisis (en)"]


def test_a_line_that_becomes_an_addon_says_beside_what_and_when(raw: dict[str, Any]) -> None:
    old = with_line(raw, 1, after=[])
    sentences = difference(read(old), read(with_line(old, 1, beside="debts", when=["rural"])))
    debts = label("debt_advice", "en")
    assert [sentence.split("”: ")[1] for sentence in sentences] == [
        f"goes beside: “nothing” became “{debts}”.",
        f"only if: “{label('rural', 'en')}” was added.",
    ]


def test_substitutes_say_what_changed_and_what_their_order_is(raw: dict[str, Any]) -> None:
    first, second = {"service_type": "work_practice"}, {"service_type": "career_guidance"}
    old = read(with_line(raw, 1, substitutes=[first, second]))
    turned = difference(old, read(with_line(raw, 1, substitutes=[second, first])))
    assert len(turned) == 1
    assert "tried in this order: Career guidance, Work practice" in turned[0]
    less = difference(old, read(with_line(raw, 1, substitutes=[first | {"share": 0.5}])))
    assert ["share" in less[0], "taken out" in less[1], len(less)] == [True, True, 2]
