"""The questions and grades that ship with netmap: their form, and a floor under what the search reaches."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from netmap.directory.hsds_names import record_id
from netmap.judging.files import shipped_grades, shipped_questions
from netmap.judging.questions import HALVES, REST, Grade, SavedQuestion, plain
from netmap.judging.running import asking, run_bench
from netmap.paths import shipped
from tests.judging.conftest import County

LEAST, LEAST_OF_A_LANGUAGE = 160, 40
LANGUAGES = ("en", "lt", "ru", "uk")
MONDAY_MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # what is open counts, so the bench needs an hour

# Figure of the open half over all questions that must not be fallen short of.
FLOORS = {"success_1": 0.68, "success_3": 0.82, "success_5": 0.88, "ndcg_10": 0.74}


def problems(
    questions: Sequence[SavedQuestion], grades: Sequence[Grade], services: set[str]
) -> Iterator[str]:
    """Give what is wrong with the form of both halves together."""
    if len(questions) < LEAST:
        yield f"{len(questions)} questions"
    for language in LANGUAGES:
        halves = Counter(one.half for one in questions if one.language == language)
        if halves.total() < LEAST_OF_A_LANGUAGE:
            yield f"{halves.total()} questions in {language}"
        if len({halves[half] for half in HALVES}) != 1:
            yield f"halves of {language} differ"
    yield from (f"language {one.language}" for one in questions if one.language not in LANGUAGES)
    for kind, names in (
        ("id", [one.id for one in questions]),
        ("question", [plain(one.text) for one in questions]),
    ):
        yield from (f"{kind} twice: {name}" for name, count in Counter(names).items() if count > 1)
    graded = {one.question for one in grades}
    yield from (f"no grade: {one.id}" for one in questions if one.id not in graded)
    yield from (f"no question: {one}" for one in sorted(graded - {one.id for one in questions}))
    yield from (f"no service: {one.service_id}" for one in grades if one.service_id not in services)
    yield from (f"grade {one.grade}" for one in grades if one.grade not in range(4))
    keys = Counter((one.question, one.service_id, one.judge) for one in grades)
    yield from (f"graded twice: {key}" for key, count in keys.items() if count > 1)


def services_of_the_county() -> set[str]:
    path = shipped("seeds") / "demo" / "services.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {record_id("demo", "service", row["id"]) for row in csv.DictReader(file)} | {REST}


def right() -> tuple[list[SavedQuestion], list[Grade]]:
    """Questions and grades in which nothing is wrong."""
    questions = [
        SavedQuestion(f"{language}-{number}", language, f"{language} {number}", HALVES[number % 2])
        for language in LANGUAGES
        for number in range(40)
    ]
    return questions, [Grade(one.id, "s", "a", 3) for one in questions]


def test_the_shipped_files_are_of_the_promised_form() -> None:
    questions = [one for half in HALVES for one in shipped_questions(half)]
    grades = [one for half in HALVES for one in shipped_grades(half)]
    assert list(problems(questions, grades, services_of_the_county())) == []


@pytest.mark.parametrize("half", HALVES)
def test_the_grades_of_a_half_are_about_its_own_questions(half: str) -> None:
    [chosen] = [one for one in HALVES if one == half]
    ids = {one.id for one in shipped_questions(chosen)}
    assert {one.question for one in shipped_grades(chosen)} == ids


def test_nothing_is_found_wrong_where_nothing_is() -> None:
    assert list(problems(*right(), {"s"})) == []


@pytest.mark.parametrize(
    ("spoilt", "found"),
    [
        (lambda q, g: (q[1:], g[1:]), ["159 questions", "39 questions in en", "halves of en differ"]),
        (lambda q, g: ([*q, SavedQuestion("x", "en", "EN  3", "open")], [*g, Grade("x", "s", "a", 1)]),
         ["halves of en differ", "question twice: en 3"]),
        (lambda q, g: (q, g[1:]), ["no grade: en-0"]),
        (lambda q, g: (q, [*g, Grade("en-0", "t", "a", 0)]), ["no service: t"]),
        (lambda q, g: (q, [*g, Grade("zz", "s", "a", 0)]), ["no question: zz"]),
        (lambda q, g: (q, [*g, Grade("en-0", "s", "b", 4)]), ["grade 4"]),
        (lambda q, g: ([q[0], *q], [*g]), ["halves of en differ", "id twice: en-0", "question twice: en 0"]),
        (lambda q, g: (q, [*g, g[0]]), ["graded twice: ('en-0', 's', 'a')"]),
    ],
)  # fmt: skip
def test_each_fault_of_form_is_found(spoilt: object, found: list[str]) -> None:
    assert callable(spoilt)
    assert list(problems(*spoilt(*right()), {"s"})) == found


def test_the_search_does_not_fall_below_the_floor(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netmap.directory.asked.now", lambda: MONDAY_MORNING)
    report = run_bench(county.session, asking(county.session, county.backend, county.settings), "open", {})
    figures = {name: figure.value for name, figure in report.rows[0].figures.items()}
    assert report.rows[0].n >= LEAST / 2 * 0.9  # nearly every question has a service that helps
    assert {name: value for name, value in figures.items() if value is None or value < FLOORS[name]} == {}
