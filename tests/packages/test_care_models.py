"""The four ways of managing a case: nine characteristics each, in words, and the caseloads."""

import pytest

from netmap.packages.care_models import CHARACTERISTICS, care_models, model_name
from netmap.packages.standard import MODELS


def test_the_models_are_those_that_a_package_may_have_with_their_caseloads() -> None:
    assert {code: model.caseload for code, model in care_models().items()} == {
        "intensive": 15, "clinical": 10, "strengths": 15, "broker": 35,
    }  # fmt: skip
    assert tuple(care_models()) == MODELS


@pytest.mark.parametrize("code", MODELS)
def test_each_model_says_nine_things_in_words(code: str) -> None:
    model = care_models()[code]
    table = model.table()
    assert len(table) == len(CHARACTERISTICS) == 9
    codes = {getattr(model, name) for name in CHARACTERISTICS if "_" in str(getattr(model, name))}
    assert codes.isdisjoint(value for _name, value in table), "a code is shown instead of words"
    assert "_" not in model.suits_whom()
    assert model_name(code) != code


def test_only_the_intensive_model_takes_a_team_and_only_the_broker_waits_for_people() -> None:
    assert [code for code, model in care_models().items() if model.team == "yes"] == ["intensive"]
    assert [code for code, model in care_models().items() if model.finds_people == "no"] == ["broker"]
