"""From what was found for each line to one joint choice, and how the answer tells it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from netmap.db import now
from netmap.directory.eligibility import Offer
from netmap.directory.hours import Rule
from netmap.matching.bundle import NOBODY, Option, Step, choose
from netmap.matching.desk import Desk, Names
from netmap.matching.facts import Client, Rated
from netmap.matching.joint import HARD_TO_GO, Joint, decide, heavy_enough, meeting, rate_for, site_of
from netmap.matching.joint_words import answer, difference
from netmap.matching.lines import Wanted
from netmap.matching.providers import serve
from netmap.vocabulary.terms import vocabulary

TODAY = date(2026, 11, 22)
HERE = (55.5, 25.0)
CLIENT = Client({"fin.consumer_debt": Rated(3, 2)}, point=HERE, day=TODAY)
TUESDAYS = (Rule(byday=((0, 1),), opens=540, closes=1020),)


def offer(key: str, kind: str, place: str | None, north: float = 0.0, **values: Any) -> Offer:
    """An open service of one type at a place so many degrees north of the person."""
    there = {} if place is None else {"latitude": HERE[0] + north, "longitude": HERE[1]}
    return Offer(
        key, place_id=f"{key}1", location_id=place, types=frozenset({kind}), status="active", fee=0.0,
        **{"assured_date": TODAY, "rules": TUESDAYS, **there, **values},
    )  # fmt: skip


# Debt advice is a little better in two places of its own than at the centre, which has a job adviser too.
DEBTS = [offer("near debts", "debt_advice", "n", 0.02), offer("centre debts", "debt_advice", "centre", 0.05)]
JOBS = [
    offer("centre job", "job_search_support", "centre", 0.05),
    offer("far job", "job_search_support", "f", 0.2),
]


def wanted(key: str, kind: str, weight: float = 3.0, **values: Any) -> Wanted:
    return Wanted(key, "fin.consumer_debt", kind, "", None, False, weight=weight, **values)


def joint(
    client: Client = CLIENT, debts: list[Offer] = DEBTS, jobs: list[Offer] = JOBS, **values: Any
) -> tuple[Joint, list[Wanted]]:
    lines = [wanted("debts", "debt_advice", **values), wanted("job", "job_search_support", 2.0)]
    found = [
        (line, serve(offers, client, line.service_type, today=TODAY))
        for line, offers in zip(lines, (debts, jobs), strict=True)
    ]
    return decide(found, client, per_site=0.1, circuity=1.3), lines


def told(client: Client = CLIENT, **values: Any) -> dict[str, Any]:
    found, lines = joint(client, **values)
    names = Names({}, {}, {"n": "North street 1", "centre": "Centre 2", "f": "Far road 3"}, {})
    return answer(found, lines, Desk(names, now(), 180))


def test_one_place_for_two_lines_wins_over_a_little_better_fit() -> None:
    found, _lines = joint()
    assert dict(found.way.bundle.chosen) == {"debts": "centre debts", "job": "centre job"}
    assert found.by_fit is not None
    assert dict(found.by_fit.bundle.chosen) == {"debts": "near debts", "job": "centre job"}


def test_the_answer_names_places_days_and_what_the_other_choice_gains() -> None:
    found = told()
    assert found["lines"] == {"debts": "centre debts", "job": "centre job"}
    assert [(one["place"], one["location_id"], one["lines"]) for one in found["places"]] == [
        ("Centre 2", "centre", ["debts", "job"])
    ]
    assert found["sentence"] == "1 place to go to, 1 journey, about 20 minutes on the way in all"
    (journey,) = found["journeys"]
    assert (journey["day"], [stop["from"] for stop in journey["stops"]]) == ("TU", ["09:00", "10:00"])
    assert journey["sentence"] == (
        "Tuesday: Debt advice 09:00, then Job search support 10:00, all at one place; "
        "about 20 minutes on the way there and back."
    )
    assert (found["uncovered"], found["lost"], found["solver"]) == ([], [], "exact")
    other = found["alternative"]
    assert "alternative" not in other
    assert [(one["line"], one["service_id"]) for one in other["changes"]] == [("debts", "near debts")]
    assert other["difference"].startswith("2 points better fit, 1 more place to go to")


def test_the_alternative_is_none_where_it_is_the_same() -> None:
    assert told(debts=DEBTS[:1])["alternative"] is None


def test_a_hand_choice_is_kept_and_a_line_can_be_left_to_nobody() -> None:
    chosen = replace(CLIENT, chosen={"debts": "near debts", "job": ""})
    found = told(chosen)
    assert (found["lines"], found["uncovered"]) == ({"debts": "near debts", "job": None}, ["job"])


def test_a_hand_choice_that_cannot_serve_any_more_is_named() -> None:
    found = told(replace(CLIENT, chosen={"debts": "gone"}))
    assert (found["lost"], found["lines"]["debts"]) == (["debts"], "centre debts")


def test_a_suggested_type_is_chosen_only_by_hand_where_a_confirmed_one_is_there() -> None:
    suggested = replace(
        DEBTS[1], types=frozenset(), suggested=frozenset({"debt_advice"}), confidence={"debt_advice": 1.0}
    )
    debts = [DEBTS[0], suggested]
    assert told(debts=debts)["lines"]["debts"] == "near debts"
    assert (
        told(replace(CLIENT, chosen={"debts": "centre debts"}), debts=debts)["lines"]["debts"]
        == "centre debts"
    )


def test_no_more_places_than_the_person_can_go_to() -> None:
    debts, jobs = DEBTS[:1], JOBS[1:]
    assert len(told(debts=debts, jobs=jobs)["places"]) == 2
    found = told(replace(CLIENT, most_places=1), debts=debts, jobs=jobs)
    assert (len(found["places"]), found["uncovered"]) == (1, ["job"])


def test_a_line_proposed_to_be_left_out_takes_no_part() -> None:
    found, _lines = joint(dropped=True)
    assert dict(found.way.bundle.chosen) == {"job": "centre job"}


def test_where_nobody_knows_how_far_it_is_no_minutes_are_made_up() -> None:
    found = told(replace(CLIENT, point=None))
    assert found["minutes"] is None
    assert [one["minutes"] for one in found["places"]] == [None]
    assert "minutes" not in found["journeys"][0]["sentence"]


def test_whom_a_self_help_group_is_for_has_to_be_asked() -> None:
    group = offer("group", "self_help_group", "n")
    desk = Desk(Names({}, {}, {}, {}), now(), 180)
    for kind, asked in (("self_help_group", True), ("debt_advice", False)):
        one = replace(group, types=frozenset({kind}))
        (choice,) = serve([one], CLIENT, kind, today=TODAY).choices
        assert any("one trouble" in badge for badge in desk.offer(choice, kind)["badges"]) is asked


def test_help_by_phone_or_at_home_is_no_journey() -> None:
    phone = offer("phone", "debt_advice", None, remote=True, serves=None)
    found = told(debts=[phone])
    assert found["lines"]["debts"] == "phone"
    assert [one["lines"] for one in found["places"]] == [["job"]]
    assert site_of(DEBTS[0], "home_care") is None
    assert site_of(replace(DEBTS[0], location_id=None), "debt_advice") == "near debts?"


def test_help_that_does_not_come_every_week_is_told_with_its_next_date() -> None:
    first = Rule(freq="MONTHLY", byday=((1, 1),), opens=600, closes=720, dtstart=TODAY)
    found = told(debts=[replace(DEBTS[0], rules=(first,))], jobs=[])
    (journey,) = found["journeys"]
    assert journey["sentence"].startswith("Debt advice, next: ")
    assert journey["sentence"].endswith(" 10:00; call first.")


def test_two_lines_at_one_place_without_hours_are_one_call() -> None:
    unknown = [replace(one, rules=()) for one in (DEBTS[1], JOBS[0])]
    found = told(debts=unknown[:1], jobs=unknown[1:])
    (journey,) = found["journeys"]
    assert (
        journey["sentence"]
        == "Debt advice, Job search support: no weekly hours are known, call to agree on a time."
    )
    assert [stop["line"] for stop in journey["stops"]] == ["debts", "job"]


def test_hours_that_are_not_known_are_asked_for() -> None:
    found = told(debts=[replace(DEBTS[0], rules=())], jobs=[])
    sentences = [one["sentence"] for one in found["journeys"]]
    assert sentences == ["Debt advice: no weekly hours are known, call to agree on a time."]


def test_a_service_that_is_full_but_has_a_list_to_wait_on_can_be_chosen() -> None:
    waiting = replace(DEBTS[0], places=0, wait_days=20.0)
    assert told(debts=[waiting])["lines"]["debts"] == "near debts"


def test_what_begins_later_says_from_which_week() -> None:
    found = told(start_day=30)
    assert [one["sentence"].split(":")[0] for one in found["journeys"]] == [
        "Tuesday",
        "Tuesday, from week 5",
    ]


def test_only_hours_at_which_the_person_can_come_count() -> None:
    free = replace(CLIENT, hours=((1, 600, 660), (2, 0, 1440)))
    assert meeting(DEBTS[0], free) == ((1, 600, 660),)
    assert meeting(DEBTS[0], CLIENT) == ((1, 540, 1020),)


@pytest.mark.parametrize("code", HARD_TO_GO)
def test_each_place_costs_double_where_going_there_is_hard(code: str) -> None:
    assert code in {*vocabulary().needs, *vocabulary().circumstances}
    assert rate_for(replace(CLIENT, facts={code: "yes"}), 0.1) == 0.2
    assert rate_for(replace(CLIENT, facts={code: "unknown"}), 0.1) == 0.1
    assert rate_for(replace(CLIENT, facts={code: "no"}), 0.1) == 0.1


@pytest.mark.parametrize("code", ["age_65_plus", "age_18_29", "displaced", "foreign_national"])
def test_age_citizenship_and_displacement_change_nothing(code: str) -> None:
    flipped = [told(replace(CLIENT, facts={code: value})) for value in ("yes", "no")]
    assert flipped[0] == flipped[1]


def test_no_line_is_so_light_that_it_is_left_without_help_to_save_a_journey() -> None:
    steps = [
        Step("heavy", 30, (Option("a", 0.9, "A", 5),)),
        Step("light", 0.5, (Option("b", 0.2, "B", 60),)),
    ]
    assert choose(steps, per_site=0.2).chosen["light"] is None
    lifted = heavy_enough(steps, 0.2)
    assert choose(lifted, per_site=0.2).chosen["light"] == "b"
    share = lifted[1].weight / sum(step.weight for step in lifted)
    assert share * (NOBODY - 1) >= 0.2 * 2


@pytest.mark.parametrize("client", [CLIENT, replace(CLIENT, facts={"child_under_7": "yes"})])
def test_many_lines_far_away_are_served_all_the_same(client: Client) -> None:
    client = replace(client, max_km=400)
    lines = [wanted(f"line {number}", "debt_advice", 6.0 - number / 3) for number in range(10)]
    found = [
        (line, serve([offer(f"s{n}", "debt_advice", f"place {n}", 2.0)], client, "debt_advice", today=TODAY))
        for n, line in enumerate(lines)
    ]
    way = decide(found, client, per_site=0.2, circuity=1.3).way
    assert way.uncovered == []


def test_a_line_about_nothing_heavy_is_served_all_the_same() -> None:
    found = told(debts=DEBTS[:1], weight=0.0)
    assert found["lines"]["debts"] == "near debts"


def test_lines_without_weight_or_ways_stay_as_they_are() -> None:
    steps = [Step("a", 0, (Option("x", 0.5, "A", 10),)), Step("b", 0, ())]
    assert [step.weight for step in heavy_enough(steps, 0.1)] == [1.0, 1.0]
    assert heavy_enough([], 0.1) == []
    assert heavy_enough(steps[1:], 0.1) == steps[1:]


def way(fit: float, places: int, journeys: int, minutes: int | None) -> dict[str, Any]:
    each = {"minutes": None if minutes is None else minutes / journeys}
    return {"fit": fit, "places": [{}] * places, "journeys": [each] * journeys}


@pytest.mark.parametrize(
    ("now", "other", "sentence"),
    [
        (
            (60, 1, 1, 20),
            (68, 3, 2, 62),
            "8 points better fit, 2 more places to go to, 1 more journey, about 40 minutes more",
        ),
        (
            (68, 3, 2, 62),
            (67, 1, 1, 20),
            "1 point less fit, 2 places fewer, 1 journey fewer, about 40 minutes less",
        ),
        ((60, 1, 1, None), (60, 2, 1, 20), "1 more place to go to"),
        ((60.4, 1, 1, 20), (60.2, 1, 1, 21), ""),
    ],
)
def test_a_difference_is_told_in_plain_words(now: Any, other: Any, sentence: str) -> None:
    assert difference(way(*now), way(*other)) == sentence
