"""The way of working and its triggers."""

from dataclasses import replace

import pytest

from netmap.matching.triage import Situation, triage

CALM = Situation((2, 2), 2, False, False, (), 88.0, 0.1, ())


def codes(situation: Situation) -> list[str]:
    return [advice.code for advice in triage(situation)]


def test_a_calm_case_is_referred() -> None:
    assert codes(CALM) == ["referral"]


def test_four_needs_to_act_on_and_long_help_lead_to_case_management() -> None:
    many = replace(CALM, severities=(2, 2, 3, 2))
    assert codes(many) == ["referral"]
    assert codes(replace(many, long_term=True)) == ["case_management", "many_needs"]
    assert codes(replace(many, severities=(2, 2, 3, 1), long_term=True)) == ["referral"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"without_provider": ("Debt advice",)}, "no_provider"), ({"needs_company": True}, "needs_company")],
)
def test_one_trigger_is_enough_for_case_management(change: dict[str, object], code: str) -> None:
    assert codes(replace(CALM, **change)) == ["case_management", code]  # type: ignore[arg-type]


TEAM = [
    ({"score": 49.9}, "no_package"), ({"delta": 0.51}, "large_correction"), ({"domains": 5}, "many_domains"),
    ({"critical_uncovered": ("Depression",)}, "critical_uncovered"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code"), TEAM)
def test_one_team_trigger_alone_is_a_referral_with_its_reason(change: dict[str, object], code: str) -> None:
    assert codes(replace(CALM, **change)) == ["referral", code]  # type: ignore[arg-type]


@pytest.mark.parametrize(("change", "code"), TEAM)
def test_a_team_trigger_on_top_of_case_management_leads_to_the_team(
    change: dict[str, object], code: str
) -> None:
    situation = replace(CALM, needs_company=True, **change)  # type: ignore[arg-type]
    assert codes(situation) == ["coordination_team", "needs_company", code]


def test_two_team_triggers_lead_to_the_team() -> None:
    assert codes(replace(CALM, score=40, domains=5)) == ["coordination_team", "no_package", "many_domains"]


def test_no_package_and_a_large_correction_are_one_reason() -> None:
    both = replace(CALM, score=40, delta=0.8)
    assert codes(both) == ["referral", "no_package", "large_correction"]
    assert codes(replace(both, domains=5))[0] == "coordination_team"
    assert codes(replace(both, needs_company=True))[0] == "coordination_team"


@pytest.mark.parametrize(("severities", "level"), [((1, 1), "referral"), ((2, 1), "case_management")])
def test_one_thing_to_do_is_no_case_for_the_team(severities: tuple[int, ...], level: str) -> None:
    alone = replace(CALM, severities=severities, score=18, delta=0.9)
    assert codes(alone) == ["referral"]
    assert codes(replace(alone, without_provider=("Digital skills course",)))[0] == level


def test_every_trigger_says_why() -> None:
    worst = Situation((3, 3, 3, 3), 6, True, True, ("Shelter",), 10.0, 0.9, ("Homelessness",))
    found = triage(worst)
    assert len({advice.sentence for advice in found}) == 8
    assert "Shelter" in next(advice.sentence for advice in found if advice.code == "no_provider")
