"""The one pass / fail / unknown test."""

from dataclasses import replace
from datetime import date

import pytest

from netmap.directory.ages import age_range_of
from netmap.directory.eligibility import CRITERIA, Asker, Offer, Verdict, judge, sentence
from netmap.directory.eligibility_words import _SENTENCES
from netmap.directory.hours import Rule
from netmap.i18n import set_language

OFFER = Offer(
    "s1", place_id="p1", types=frozenset({"debt_advice"}), status="active", latitude=55.5, longitude=25.0,
    languages=frozenset({"lt"}), fee=10.0,
)  # fmt: skip
NEAR, FAR = (55.51, 25.0), (56.5, 25.0)


def outcome(criterion: str, offer: Offer, asker: Asker, service_type: str = "debt_advice") -> tuple[str, str]:
    verdict = judge(offer, asker, service_type)[criterion]
    return verdict.outcome, verdict.reason


def test_every_criterion_is_judged_in_order() -> None:
    assert tuple(judge(OFFER, Asker())) == CRITERIA


def test_a_suggested_type_is_unknown() -> None:
    offer = replace(OFFER, types=frozenset(), suggested=frozenset({"debt_advice"}))
    assert outcome("type", offer, Asker()) == ("unknown", "suggested")


def test_another_type_fails() -> None:
    assert outcome("type", OFFER, Asker(), "shelter") == ("fail", "other_type")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("active", "pass"), ("unknown", "unknown"), ("temporarily closed", "fail"), ("inactive", "fail"),
        ("defunct", "fail"),
    ],
)  # fmt: skip
def test_only_an_active_service_passes(status: str, expected: str) -> None:
    assert outcome("active", replace(OFFER, status=status), Asker())[0] == expected


def test_old_information_is_never_a_failure() -> None:
    old = replace(OFFER, assured_date=date(1990, 1, 1))
    assert judge(old, Asker(point=NEAR, day=date(2026, 11, 22))) == judge(
        OFFER, Asker(point=NEAR, day=date(2026, 11, 22))
    )


def test_a_near_offer_without_a_declared_area_passes() -> None:
    assert outcome("distance", OFFER, Asker(point=NEAR)) == ("pass", "in_reach")


def test_a_far_offer_fails_with_its_kilometres() -> None:
    verdict = judge(OFFER, Asker(point=FAR))["distance"]
    assert (verdict.outcome, round(float(str(verdict.values["km"])))) == ("fail", 145)


def test_kilometres_that_are_given_win_over_the_straight_line() -> None:
    assert judge(OFFER, Asker(point=FAR), km=12)["distance"].outcome == "pass"


def test_a_declared_area_decides_before_the_straight_line() -> None:
    offer = replace(OFFER, serves=frozenset({"elsewhere"}))
    assert outcome("distance", offer, Asker(area="here", point=NEAR)) == ("fail", "area_not_served")


def test_an_area_that_is_served_but_too_far_fails() -> None:
    offer = replace(OFFER, serves=frozenset({"here"}))
    assert outcome("distance", offer, Asker(area="here", point=FAR)) == ("fail", "too_far")


@pytest.mark.parametrize("offer", [replace(OFFER, remote=True), replace(OFFER, place_id=None)])
def test_help_that_comes_to_people_is_at_no_distance_in_its_area(offer: Offer) -> None:
    verdict = judge(replace(offer, serves=frozenset({"here"})), Asker(area="here", point=FAR))["distance"]
    assert (verdict.outcome, verdict.values["km"]) == ("pass", 0.0)


def test_home_care_goes_to_the_person_from_a_far_office() -> None:
    offer = replace(OFFER, types=frozenset({"home_care"}), serves=frozenset({"here"}))
    assert outcome("distance", offer, Asker(area="here", point=FAR), "home_care") == ("pass", "area_served")


def test_remote_help_without_a_recorded_area_is_unknown() -> None:
    assert outcome("distance", replace(OFFER, remote=True), Asker(point=NEAR))[0] == "unknown"


def test_a_person_whose_place_is_not_known_gets_unknown() -> None:
    assert outcome("distance", OFFER, Asker()) == ("unknown", "distance_not_known")
    assert outcome("distance", replace(OFFER, serves=frozenset({"a"})), Asker(point=NEAR))[0] == "unknown"


def test_a_wide_area_served_in_part_is_unknown() -> None:
    asker = Asker(area="county", areas_within=frozenset({"town"}), point=NEAR)
    assert outcome("distance", replace(OFFER, serves=frozenset({"town"})), asker)[0] == "unknown"


def test_an_unknown_fact_is_not_a_no() -> None:
    offer = replace(OFFER, required=frozenset({"veteran"}))
    assert outcome("eligibility", offer, Asker()) == ("unknown", "ask")
    assert outcome("eligibility", offer, Asker({"veteran": "no"})) == ("fail", "required")
    assert outcome("eligibility", offer, Asker({"veteran": "yes"})) == ("pass", "conditions_met")


def test_an_excluded_fact_fails_only_if_true() -> None:
    offer = replace(OFFER, excluded=frozenset({"single_parent"}))
    for fact, expected in (("yes", "fail"), ("no", "pass"), ("unknown", "unknown")):
        assert outcome("eligibility", offer, Asker({"single_parent": fact}))[0] == expected


def test_a_failure_outweighs_an_open_question() -> None:
    offer = replace(OFFER, required=frozenset({"veteran"}), excluded=frozenset({"rural"}))
    assert outcome("eligibility", offer, Asker({"rural": "yes"})) == ("fail", "excluded")


def test_no_recorded_condition_passes() -> None:
    assert outcome("eligibility", OFFER, Asker()) == ("pass", "no_conditions_recorded")


def test_conditions_in_words_only_are_unknown_and_shown() -> None:
    offer = replace(OFFER, eligibility_known=False, conditions="Residents only.")
    verdict = judge(offer, Asker())["eligibility"]
    assert verdict.outcome == "unknown"
    assert "Residents only." in sentence("eligibility", verdict)


@pytest.mark.parametrize(
    ("ages", "expected"),
    [((18, 30), "pass"), ((0, 18), "fail"), ((65, 120), "fail"), ((18, 65), "unknown"), (None, "unknown")],
)
def test_ages_pass_only_where_they_fit_wholly(ages: tuple[float, float] | None, expected: str) -> None:
    offer = replace(OFFER, minimum_age=18, maximum_age=29)
    assert outcome("eligibility", offer, Asker(age_range=ages))[0] == expected


def test_from_birth_on_is_no_condition() -> None:
    assert outcome("eligibility", replace(OFFER, minimum_age=0), Asker())[0] == "pass"


def test_ages_of_a_childrens_service_are_those_of_the_child() -> None:
    offer = replace(OFFER, types=frozenset({"childcare_place"}), minimum_age=2, maximum_age=6)
    assert outcome("eligibility", offer, Asker(age_range=(30, 55)), "childcare_place")[0] == "unknown"
    whole = replace(offer, minimum_age=0)
    asker = Asker({"child_under_7": "yes"}, age_range=(30, 55))
    assert outcome("eligibility", whole, asker, "childcare_place")[0] == "pass"


def test_ages_of_a_parenting_course_are_those_of_the_child() -> None:
    offer = replace(OFFER, types=frozenset({"parenting_course"}), minimum_age=0, maximum_age=6)
    expected = {"yes": ("pass", "conditions_met"), "unknown": ("unknown", "age_of_child")}
    for fact, found in expected.items():
        asker = Asker({"child_under_7": fact}, age_range=(30, 55))
        assert outcome("eligibility", offer, asker, "parenting_course") == found


def test_money_is_written_as_the_reader_writes_numbers() -> None:
    verdict = Verdict("fail", "too_dear", {"fee": 9.5, "budget": 2.25})
    assert sentence("cost", verdict) == "Costs 9.5, the limit is 2.25"
    set_language("ru")
    assert "9,5" in sentence("cost", verdict)


def test_an_age_told_by_its_band_answers_a_condition() -> None:
    offer = replace(OFFER, required=frozenset({"age_65_plus"}))
    assert outcome("eligibility", offer, Asker(age_range=(18, 30))) == ("fail", "required")


def test_age_answers_that_cannot_all_be_true_say_nothing() -> None:
    assert age_range_of({"age_18_29": "yes", "age_65_plus": "yes"}) is None


@pytest.mark.parametrize(
    ("languages", "interpreter", "expected"),
    [
        (frozenset({"ru", "lt"}), None, "pass"), (frozenset({"lt"}), True, "pass"), (None, None, "unknown"),
        (None, True, "pass"), (frozenset({"lt"}), None, "fail"), (frozenset({"lt"}), False, "fail"),
    ],
)  # fmt: skip
def test_people_need_a_common_language_or_an_interpreter(
    languages: frozenset[str] | None, interpreter: bool | None, expected: str
) -> None:
    offer = replace(OFFER, languages=languages, interpreter=interpreter)
    assert outcome("language", offer, Asker(languages=frozenset({"ru"})))[0] == expected


def test_hours_that_nobody_recorded_are_unknown() -> None:
    assert outcome("hours", OFFER, Asker(hours=((0, 540, 600),)))[0] == "unknown"


def test_hours_must_meet_when_the_person_can_come() -> None:
    offer = replace(OFFER, rules=(Rule(byday=((0, 1),), opens=510, closes=690),))
    found = [outcome("hours", offer, Asker(hours=((day, 540, 600),)))[0] for day in (1, 2)]
    assert found == ["pass", "fail"]


@pytest.mark.parametrize(
    ("fee", "budget", "expected"),
    [(0, 0, "pass"), (10, 10, "pass"), (10, 9, "fail"), (None, 5, "unknown"), (None, None, "pass")],
)  # fmt: skip
def test_the_fee_must_lie_within_the_budget(fee: float | None, budget: float | None, expected: str) -> None:
    assert outcome("cost", replace(OFFER, fee=fee), Asker(budget=budget))[0] == expected


def test_one_meeting_is_not_long_help() -> None:
    asker = Asker(duration="long")
    found = [outcome("duration", replace(OFFER, duration=kind), asker)[0] for kind in ("long", "once", None)]
    assert found == ["pass", "fail", "unknown"]


def test_nothing_asked_is_never_a_failure() -> None:
    verdicts = judge(OFFER, Asker(point=NEAR))
    assert {verdict.outcome for verdict in verdicts.values()} == {"pass"}


@pytest.mark.parametrize("language", ["en", "ru", "uk", "lt"])
def test_every_reason_has_a_sentence_in_every_language(language: str) -> None:
    values = {
        "type": "debt_advice", "status": "defunct", "km": 3.2, "max_km": 30.0, "codes": ["veteran"],
        "minimum": 2, "maximum": 6, "conditions": "?", "languages": ["lt"], "fee": 3.0, "budget": 2.5,
        "wanted": "long",
        "days": 12.0,
    }  # fmt: skip
    set_language(language)
    try:
        for criterion, reason in _SENTENCES:
            assert "%(" not in sentence(criterion, Verdict("unknown", reason, values))
    finally:
        set_language("en")


@pytest.mark.parametrize(
    ("places", "wait", "expected"),
    [
        (None, None, ("pass", "places_not_recorded")),
        (None, 90.0, ("pass", "places_not_recorded")),
        (2.0, None, ("pass", "places_free")),
        (0.0, 30.0, ("unknown", "waiting_list")),
        (0.0, None, ("fail", "no_places")),
    ],
)
def test_places(places: float | None, wait: float | None, expected: tuple[str, str]) -> None:
    assert outcome("capacity", replace(OFFER, places=places, wait_days=wait), Asker()) == expected


def test_the_wait_is_said() -> None:
    verdict = judge(replace(OFFER, places=0.0, wait_days=30.0), Asker())["capacity"]
    assert sentence("capacity", verdict) == "No place is free now, the wait is about 30 days; ask"


IN_A_WHEELCHAIR = Asker({"dis.mobility": "yes"})


@pytest.mark.parametrize(
    ("step_free", "expected"),
    [
        (None, ("unknown", "access_not_recorded")), (True, ("pass", "step_free")), (False, ("fail", "steps")),
    ],
)  # fmt: skip
def test_who_cannot_climb_stairs_needs_a_place_without_steps(
    step_free: bool | None, expected: tuple[str, str]
) -> None:
    offer = replace(OFFER, step_free=step_free)
    assert outcome("access", offer, IN_A_WHEELCHAIR) == expected
    for anybody in (Asker(), Asker({"dis.mobility": "no"}), Asker({"dis.mobility": "unknown"})):
        assert outcome("access", offer, anybody) == ("pass", "not_asked")


def test_steps_keep_nobody_from_help_that_comes_home_or_by_telephone() -> None:
    steps = replace(OFFER, step_free=False)
    assert outcome("access", steps, IN_A_WHEELCHAIR, "home_care") == ("pass", "nobody_goes")
    assert outcome("access", replace(steps, remote=True), IN_A_WHEELCHAIR) == ("pass", "nobody_goes")
