"""A question is understood as needs and service types, in any language of its script."""

import csv
import subprocess
import sys
import time
from pathlib import Path

import pytest

from netmap.vocabulary import question
from netmap.vocabulary.question import understand

with Path(__file__).with_name("questions.csv").open(encoding="utf-8", newline="") as file:
    QUESTIONS = list(csv.DictReader(file))


def share(questions: list[dict[str, str]], first: int) -> float:
    hits = [
        bool(set(list(understand(one["query"]).types)[:first]) & set(one["expected"].split("|")))
        for one in questions
    ]
    return sum(hits) / len(hits)


@pytest.mark.parametrize(("first", "least"), [(1, 0.80), (3, 0.90), (5, 0.95)])
def test_the_right_service_type_is_among_the_first(first: int, least: float) -> None:
    assert share(QUESTIONS, first) >= least


@pytest.mark.parametrize("language", ["en", "ru", "uk", "lt"])
def test_no_language_is_understood_worse(language: str) -> None:
    assert share([one for one in QUESTIONS if one["lang"] == language], 3) >= 0.86


@pytest.mark.parametrize("query", ["mortgage", "ипотека", "іпотека", "būsto paskola", "busto paskola"])
def test_one_word_of_a_need_is_enough(query: str) -> None:
    found = understand(query)
    assert "fin.mortgage_debt" in found.needs
    assert "mortgage_restructuring" in list(found.types)[:3]


@pytest.mark.parametrize(
    ("query", "need", "kind"),
    [
        ("returning citizens reentry", "mig.status", "migration_advice"),
        ("someone to watch my mother with Alzheimer's", "hlt.pregnancy", "maternity_support"),
        ("lost ID and birth certificate", "hlt.pregnancy", "maternity_support"),
    ],
)
def test_likeness_of_letters_or_one_common_word_names_no_need(query: str, need: str, kind: str) -> None:
    found = understand(query)
    assert need not in found.needs
    assert found.types.get(kind, 0) < 0.4 * max(found.types.values())


def test_letters_still_help_with_a_typing_mistake_and_with_a_word_of_the_same_family() -> None:
    assert "add.alcohol" in understand("alchohol problm").needs
    assert "vio.sexual" in understand("išprievartautas vaikas").needs


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("soup kitchen", "food_aid"),
        ("free meals", "food_aid"),
        ("birth certificate", "id_documents"),
        ("dental", "medical_care"),
        ("home-delivered meals", "food_aid"),
        ("муж пьёт запоями", "family_of_addicts_support"),
        ("чоловік іде в запої", "family_of_addicts_support"),
        ("на ліки не вистачає", "free_medicines"),
        ("nemoka pasigaminti valgyti", "social_skills_training"),
        ("иммиграционный адвокат", "migration_advice"),
        ("нарколог", "addiction_outpatient"),
    ],
)
def test_what_people_ask_for_in_plain_words_leads_to_its_service(query: str, kind: str) -> None:
    assert next(iter(understand(query).types)) == kind


def test_the_first_service_type_of_a_need_weighs_most() -> None:
    assert next(iter(understand("mortgage debt").types)) == "mortgage_restructuring"


def test_weights_are_between_nothing_and_one_and_the_largest_is_first() -> None:
    for one in QUESTIONS:
        weights = list(understand(one["query"]).types.values())
        assert weights == sorted(weights, reverse=True)
        assert all(0 < weight <= 1 for weight in weights)


@pytest.mark.parametrize(
    "query", ["", "   ", "?!", "zzqx", "help", "Помогите!", "pagalba", "weather tomorrow"]
)
def test_a_question_that_names_nothing_has_no_types(query: str) -> None:
    found = understand(query)
    assert found.types == {}
    assert found.needs == ()


def test_the_terms_are_those_of_the_words_as_typed() -> None:
    assert understand("unpaid debts").terms == understand("unpaid debt").terms


def test_a_circumstance_in_a_question_is_understood() -> None:
    assert "single_parent" in understand("single mum needs a nursery").circumstances


def test_a_very_long_question_is_cut() -> None:
    assert len(understand("debt " * 5_000).terms) <= question.LONGEST


def test_a_question_asked_again_is_answered_at_once() -> None:
    understand("rent arrears")
    started = time.perf_counter()
    for _ in range(100):
        understand("rent  arrears")
    assert (time.perf_counter() - started) / 100 < 0.005


def test_a_question_does_not_load_scikit_learn() -> None:
    code = (
        "import sys; from netmap.vocabulary.question import understand; understand('debt'); "
        "sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=120).returncode == 0
