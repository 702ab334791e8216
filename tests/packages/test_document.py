import json
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmap.errors import Invalid
from netmap.packages.document import (
    Crisis,
    Document,
    Dose,
    Substitute,
    read,
    stored,
    text,
    to_mapping,
)
from netmap.paths import shipped

SEEDS = sorted((shipped("seeds") / "packages").glob("*.toml"))


def fields_of(raw: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        read(raw)
    return caught.value.fields


def test_every_shipped_package_can_be_read_and_there_are_sixteen() -> None:
    documents = [read(tomllib.loads(path.read_text(encoding="utf-8"))) for path in SEEDS]
    assert [document.code for document in documents] == [path.stem for path in SEEDS]
    assert len(documents) >= 16


def test_a_document_survives_the_way_to_json_and_back(raw: dict[str, Any]) -> None:
    document = read(raw)
    sent = json.loads(json.dumps(to_mapping(document)))
    assert read(sent) == document
    assert stored(sent) == document


def test_a_stored_document_whose_codes_are_gone_can_still_be_read(raw: dict[str, Any]) -> None:
    kept = to_mapping(read(raw))
    kept["profile"] = {"fin.gone": 1.0}
    assert dict(stored(kept).profile) == {"fin.gone": 1.0}


def test_what_a_line_leaves_out_has_a_plain_default(raw: dict[str, Any]) -> None:
    job = read(raw).lines[1]
    assert (job.weight, job.required, job.duration) == (1.0, True, "")


def test_an_unknown_need_is_refused_and_the_nearest_is_named(raw: dict[str, Any]) -> None:
    raw["lines"][0]["need"] = "fin.consumer_dept"
    assert "fin.consumer_debt" in fields_of(raw)["lines.0.need"]


def test_an_unknown_service_type_is_refused_and_the_nearest_is_named(raw: dict[str, Any]) -> None:
    raw["lines"][1]["service_type"] = "debt_advise"
    assert "debt_advice" in fields_of(raw)["lines.1.service_type"]


def test_a_circle_is_refused_and_named(raw: dict[str, Any]) -> None:
    raw["lines"][0]["after"] = ["job"]
    assert "debts → job → debts" in fields_of(raw)["lines.0.after"]


def test_a_line_cannot_wait_for_itself(raw: dict[str, Any]) -> None:
    raw["lines"][0]["after"] = ["debts"]
    assert "debts → debts" in fields_of(raw)["lines.0.after"]


def test_a_line_cannot_wait_for_a_line_that_does_not_exist(raw: dict[str, Any]) -> None:
    raw["lines"][1]["after"] = ["dept"]
    assert "Line 2" in fields_of(raw)["lines.1.after"]


def test_a_line_cannot_wait_for_one_further_down(raw: dict[str, Any]) -> None:
    raw["lines"].reverse()
    assert "further down" in fields_of(raw)["lines.0.after"]


@pytest.mark.parametrize("weight", [0, 0.3, 2, -1, "1", True, float("nan"), 10**400, None])
def test_a_weight_in_the_profile_is_one_of_three(raw: dict[str, Any], weight: object) -> None:
    raw["profile"]["fin.consumer_debt"] = weight
    assert "profile.fin.consumer_debt" in fields_of(raw)


@pytest.mark.parametrize("share", [0, 1.01, -0.5, float("inf"), "much"])
def test_a_share_is_more_than_nothing_and_at_most_all(raw: dict[str, Any], share: object) -> None:
    raw["lines"][0]["addresses"]["fin.enforcement"] = share
    assert "lines.0.addresses.fin.enforcement" in fields_of(raw)


@pytest.mark.parametrize("day", [-1, 3651, 1.5, "soon"])
def test_a_start_day_is_a_whole_day_within_ten_years(raw: dict[str, Any], day: object) -> None:
    raw["lines"][0]["start_day"] = day
    assert "lines.0.start_day" in fields_of(raw)


def test_the_last_day_of_ten_years_is_still_allowed(raw: dict[str, Any]) -> None:
    raw["lines"][1]["start_day"] = 3650
    assert read(raw).lines[1].start_day == 3650


def test_a_package_without_lines_is_refused(raw: dict[str, Any]) -> None:
    raw["lines"] = []
    assert "lines" in fields_of(raw)


def test_two_lines_cannot_share_a_key(raw: dict[str, Any]) -> None:
    raw["lines"][1]["key"] = "debts"
    assert "lines.1.key" in fields_of(raw)


def test_a_misspelt_key_is_not_lost_silently(raw: dict[str, Any]) -> None:
    raw["lines"][0]["sevice_type"] = "debt_advice"
    assert "service_type" in fields_of(raw)["lines.0.sevice_type"]


def test_closing_a_package_to_people_needs_a_reason(raw: dict[str, Any]) -> None:
    raw["circumstances"]["excluded"] = ["hou.homeless"]
    assert "circumstances.reason" in fields_of(raw)


def test_the_reason_has_a_text_in_each_language(raw: dict[str, Any]) -> None:
    texts = {"en": "Only for them", "lt": "Tik jiems"}
    raw["circumstances"] |= {"required": ["widowed"], "reason": texts}
    assert read(raw).reason == texts


def test_a_reason_without_a_language_is_refused(raw: dict[str, Any]) -> None:
    raw["circumstances"] |= {"required": ["widowed"], "reason": "Only for them"}
    assert "circumstances.reason" in fields_of(raw)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_reason_of_a_shipped_package_is_in_four_languages(path: Path) -> None:
    reason = read(tomllib.loads(path.read_text(encoding="utf-8"))).reason
    assert set(reason) in (set(), {"en", "ru", "uk", "lt"})


@pytest.mark.parametrize("code", ["age_55_64", "displaced", "foreign_national"])
def test_age_and_origin_never_move_a_score(raw: dict[str, Any], code: str) -> None:
    raw["circumstances"]["optional"] = [code]
    assert "circumstances.optional" in fields_of(raw)


def test_a_fact_cannot_be_required_and_excluded_at_once(raw: dict[str, Any]) -> None:
    raw["circumstances"] |= {"required": ["widowed"], "excluded": ["widowed"], "reason": {"en": "both"}}
    assert "circumstances.excluded" in fields_of(raw)


def test_every_wrong_field_is_named_at_once(raw: dict[str, Any]) -> None:
    raw["name"], raw["lines"][0]["goal"], raw["lines"][1]["key"] = {}, {}, "Job!"
    assert {"name", "lines.0.goal", "lines.1.key"} <= set(fields_of(raw))


def test_languages_budget_and_reach_are_read(raw: dict[str, Any]) -> None:
    document = read(raw | {"languages": ["uk", "ru"], "budget": 10, "max_km": 25.5})
    assert (document.languages, document.budget, document.max_km) == (("uk", "ru"), 10.0, 25.5)


def test_a_language_that_is_no_code_is_refused(raw: dict[str, Any]) -> None:
    assert "languages" in fields_of(raw | {"languages": ["Ukrainian"]})


def test_a_text_falls_back_to_english() -> None:
    assert text({"en": "Help", "ru": "Помощь"}, "lt") == "Help"


_rubbish = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    path=st.sampled_from(
        ["code", "name", "profile", "circumstances", "lines", "languages", "budget", "hours", "lines.0"]
        + [f"lines.0.{name}" for name in ("goal", "addresses", "after", "start_day", "weight", "required")]
    ),
    rubbish=_rubbish,
)
def test_rubbish_anywhere_is_refused_or_read_but_never_breaks(path: str, rubbish: object) -> None:
    values: Any = deepcopy(_SMALL)
    place = values
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in way:
        place = place[part]
    place[last] = rubbish
    kept = read_or_errors(values)
    if isinstance(kept, dict):
        assert kept
    else:
        assert read(json.loads(json.dumps(to_mapping(kept)))) == kept


def read_or_errors(values: dict[str, Any]) -> Document | dict[str, str]:
    try:
        return read(values)
    except Invalid as error:
        return error.fields


_SMALL = {
    "code": "small",
    "name": {"en": "Small"},
    "paper_name": {"en": "Plan"},
    "profile": {"fin.budgeting": 1},
    "circumstances": {},
    "languages": [],
    "budget": None,
    "lines": [
        {
            "key": "money",
            "need": "fin.budgeting",
            "service_type": "debt_advice",
            "goal": {"en": "Money lasts"},
            "addresses": {"fin.budgeting": 1},
            "after": [],
            "start_day": 0,
            "weight": 1,
            "required": True,
        }
    ],
}


def rich(raw: dict[str, Any]) -> dict[str, Any]:
    """The small package with everything that a package may say."""
    debts, job = raw["lines"]
    debts |= {
        "cause": {"en": "One loan paid the other", "uk": "Позика гасила позику"},
        "dose": {"times": 2, "per": "month", "weeks": 12},
        "substitutes": [
            {"service_type": "legal_aid", "share": 0.5, "when": "refused", "note": {"en": "By letter"}},
            {"service_type": "budgeting_course"},
        ],
    }
    ride = {
        "key": "ride", "need": "trn.no_transport", "service_type": "transport_help",
        "goal": {"en": "Gets there"},
        "addresses": {"trn.no_transport": 0.5}, "beside": "debts", "when": ["rural", "trn.no_transport"],
        "required": False, "dose": {"times": 1, "per": "once"},
    }  # fmt: skip
    return raw | {
        "lines": [debts, job, ride],
        "track": "job_search",
        "model": "broker",
        "crisis": {"service_types": ["shelter", "crisis_line"], "text": {"lt": "Skambinti"}},
        "standard": {"closure": {"en": "Three payments"}, "purpose": {"ru": "Спокойно"}},
        "cost": 120.5,
        "owner": "Anna@City.example",
        "pilot": True,
    }


def test_a_rich_document_survives_the_way_to_json_and_back(raw: dict[str, Any]) -> None:
    document = read(rich(raw))
    sent = json.loads(json.dumps(to_mapping(document)))
    assert read(sent) == stored(sent) == document
    assert document.lines[0].substitutes[1] == Substitute("budgeting_course", 1.0, "any", {})
    assert document.lines[0].dose == Dose(2, "month", 12)
    assert document.beside("debts") == (document.lines[2],)
    assert (document.track, document.owner) == ("job_search", "anna@city.example")
    assert document.crisis == Crisis(("shelter", "crisis_line"), {"lt": "Skambinti"}), "first to call first"


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"track": "barrier"}, "track", "the nearest is 'barriers'"),
        ({"model": "brocker"}, "model", "the nearest is 'broker'"),
        ({"cost": -1}, "cost", "cannot be below zero"),
        ({"cost": "much"}, "cost", "number is needed"),
        ({"owner": "Anna"}, "owner", "e-mail address"),
        ({"pilot": "yes"}, "pilot", "Yes or no"),
        ({"crisis": {"service_types": ["crisis_lines"]}}, "crisis.service_types", "'crisis_line'"),
        ({"crisis": {"text": {"en": "Call"}}}, "crisis.service_types", "at least one kind"),
        ({"crisis": {"phone": "112"}}, "crisis.phone", "not known"),
        ({"standard": {"closing": {"en": "Done"}}}, "standard.closing", "'closure'"),
        ({"standard": {"closure": "Done"}}, "standard.closure", "table"),
        ({"profile": {}}, "profile", "at least one problem"),
        ({"profile": {"fin.poverty": 0, "fin.food": 0}}, "profile", "All weights are zero"),
        ({"code": "import"}, "code", "small Latin letters"),
    ],
)
def test_a_wrong_field_of_the_package_is_named(
    raw: dict[str, Any], change: dict[str, Any], field: str, words: str
) -> None:
    assert words in fields_of(raw | change)[field]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"service_type": ""}, "service_type", "choose the kind of service"),
        ({"beside": "jobs"}, "beside", "there is no such line"),
        ({"beside": "debts"}, "beside", "beside itself"),
        ({"when": ["rural"]}, "when", "choose which line"),
        ({"beside": "job", "when": ["rurall"]}, "when", "'rural'"),
        ({"dose": {"times": 0, "per": "week"}}, "dose.times", "from 1 to 100"),
        ({"dose": {"times": 1.5, "per": "week"}}, "dose.times", "whole number"),
        ({"dose": {"times": 1}}, "dose.per", "per what"),
        ({"dose": {"times": 1, "per": "day"}}, "dose.per", "not known"),
        ({"dose": {"times": 1, "per": "week", "weeks": 0}}, "dose.weeks", "from 1 to 520"),
        ({"substitutes": [{"service_type": "debt_advice"}]}, "substitutes.0.service_type", "another kind"),
        ({"substitutes": [{"service_type": "legal_ade"}]}, "substitutes.0.service_type", "'legal_aid'"),
        ({"substitutes": [{"service_type": "legal_aid", "share": 0}]}, "substitutes.0.share", "more than 0"),
        (
            {"substitutes": [{"service_type": "legal_aid", "when": "never"}]},
            "substitutes.0.when",
            "not known",
        ),
        ({"substitutes": [{"service_type": "legal_aid"}] * 2}, "substitutes.1.service_type", "already"),
        ({"substitutes": ["legal_aid"]}, "substitutes.0", "table"),
        ({"substitutes": [{"service_type": "legal_aid"}] * 6}, "substitutes", "at most 5"),
    ],
)
def test_a_wrong_field_of_a_line_is_named(
    raw: dict[str, Any], change: dict[str, Any], field: str, words: str
) -> None:
    raw["lines"][0] |= change
    sentence = fields_of(raw)[f"lines.0.{field}"]
    assert words in sentence
    assert sentence.startswith("Line 1: ")


def test_an_addon_cannot_go_beside_an_addon(raw: dict[str, Any]) -> None:
    lines = rich(raw)["lines"]
    lines.append(lines[2] | {"key": "ride_2", "beside": "ride"})
    assert "itself goes beside another" in fields_of(raw | {"lines": lines})["lines.3.beside"]


def test_every_shipped_package_says_how_work_is_done_in_four_languages() -> None:
    tracks = set()
    for path in SEEDS:
        document = read(tomllib.loads(path.read_text(encoding="utf-8")))
        tracks.add(document.track)
        assert document.model, path.name
        assert document.crisis, path.name
        texts = [*document.standard.values(), document.crisis.text, *(line.cause for line in document.lines)]
        texts += [one.note for line in document.lines for one in line.substitutes if one.note]
        assert len(document.standard) == 8, path.name
        assert all(set(text) == {"en", "ru", "uk", "lt"} for text in texts), path.name
    assert tracks == {"barriers", "job_search"}


def test_where_no_stranger_is_wanted_at_home_training_as_a_nursing_assistant_is_offered() -> None:
    carer = read(tomllib.loads((SEEDS[0].parent / "carer_of_a_relative.toml").read_text(encoding="utf-8")))
    offered = {(one.service_type, one.when) for one in carer.lines[0].substitutes}
    assert ("vocational_training", "refused") in offered
