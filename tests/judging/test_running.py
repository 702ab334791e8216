"""The bench on the demo county with a few questions of the test's own."""

import json
import shutil
from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import delete

from netmap.directory.models import Service
from netmap.errors import Invalid, Unavailable
from netmap.judging import running
from netmap.judging.bench import Weights
from netmap.judging.files import question_of
from netmap.judging.models import SearchGrade
from netmap.judging.pool import found, to_judge
from netmap.judging.questions import Grade, SavedQuestion
from netmap.judging.running import BenchReport, asking, run_bench
from netmap.judging.service import keep_questions, record_grade
from tests.judging.conftest import County

ANNA, BO = "anna@office.example", "bo@office.example"
DEBTS = SavedQuestion("en-debts", "en", "who helps with debts", "open")
WORK = SavedQuestion("ru-work", "ru", "ищу работу", "open")


def bench(county: County, which: running.Set = "own", **more: Weights) -> BenchReport:
    ask = asking(county.session, county.backend, county.settings)
    return run_bench(county.session, ask, which, more.get("weights", {}), more.get("other"))


def results(county: County, question: SavedQuestion) -> list[str]:
    shown = found(county.session, county.backend, county.settings, question.text, {}, 10)
    return [one.service_id for one in shown]


@pytest.fixture
def own(county: County) -> County:
    """Two questions of the office's own; to the first, the second result is the right door."""
    keep_questions(county.session, [DEBTS, WORK], ANNA)
    first, second, *_rest = results(county, DEBTS)
    record_grade(county.session, DEBTS.id, first, ANNA, 0)
    record_grade(county.session, DEBTS.id, second, ANNA, 3)
    return county


def ship(
    monkeypatch: pytest.MonkeyPatch, questions: Sequence[SavedQuestion], grades: Sequence[Grade]
) -> None:
    monkeypatch.setattr(running, "shipped_questions", lambda half: tuple(questions))
    monkeypatch.setattr(running, "shipped_grades", lambda half: tuple(grades))


def test_the_bench_asks_the_search_and_counts(own: County) -> None:
    report = bench(own)
    everything = report.rows[0]
    assert (report.asked, report.ungraded, report.helpless, report.gone) == (2, 1, 0, 0)
    assert everything.n == 1
    assert everything.figures["success_1"].value == 0.0
    assert everything.figures["success_3"].value == 1.0
    assert everything.figures["ndcg_10"].value == pytest.approx(1 / 1.5849625)
    assert everything.judged == pytest.approx(2 / len(results(own, DEBTS)))


def test_two_judges_count_with_their_median_and_their_agreement_is_told(own: County) -> None:
    first, second, *_rest = results(own, DEBTS)
    record_grade(own.session, DEBTS.id, first, BO, 3)
    record_grade(own.session, DEBTS.id, second, BO, 3)
    report = bench(own)
    assert report.rows[0].figures["success_1"].value == 0.0  # 0 and 3: 1.5 does not help
    [one] = report.agreements
    assert (one.judges, one.both) == ((ANNA, BO), 2)


def test_where_a_judge_looked_at_all_services_every_result_is_judged(own: County) -> None:
    own.session.add(
        SearchGrade(question_id=DEBTS.id, service_id="*", judge=BO, grade=0, graded_on=date(2026, 11, 26))
    )
    own.session.flush()
    record_grade(own.session, DEBTS.id, results(own, DEBTS)[1], BO, 3)
    report = bench(own)
    assert (report.gone, report.rows[0].judged) == (0, 1.0)
    assert [row.judged for row in report.rows if row.name == "others" and row.n] in ([], [1.0])
    assert report.rows[0].figures["ndcg_10"].value == pytest.approx(1 / 1.5849625)


def test_a_service_that_is_gone_counts_nowhere(own: County) -> None:
    second = results(own, DEBTS)[1]
    record_grade(own.session, DEBTS.id, results(own, DEBTS)[2], ANNA, 2)
    own.session.execute(delete(Service).where(Service.id == second))
    report = bench(own)
    assert report.gone == 1
    assert report.rows[0].figures["ndcg_10"].value == pytest.approx(1 / 1.5849625)  # it moved up to rank 2


def test_questions_without_a_service_that_helps_are_told_apart(own: County) -> None:
    record_grade(own.session, WORK.id, results(own, WORK)[0], ANNA, 1)
    report = bench(own)
    assert (report.ungraded, report.helpless, report.rows[0].n) == (0, 1, 1)


def test_everything_is_in_the_json(own: County) -> None:
    data = json.loads(json.dumps(bench(own, other={"meaning": 0.0}).as_dict()))
    assert data["set"] == "own"
    assert data["compared_with"] == {"meaning": 0.0}
    assert [row["row"] for row in data["rows"]] == ["all", "en", "across", "others"]
    assert set(data["rows"][0]) == {
        "row", "n", "judged", "ndcg_10", "success_1", "success_3", "success_5", "difference",
    }  # fmt: skip
    assert data["misses"] == []


def test_other_weights_change_what_is_shown(own: County) -> None:
    ask = asking(own.session, own.backend, own.settings)
    usual = ask(DEBTS.text, {})
    assert ask(DEBTS.text, {"words_name": 50.0}) != usual


def test_a_kept_half_shows_no_single_question(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    question = SavedQuestion("kept-1", "en", "who helps with debts", "kept")
    ship(monkeypatch, [question], [Grade(question.id, results(county, question)[3], "a", 3)])
    report = bench(county, "kept")
    assert report.missed is None
    assert report.rows[0].figures["success_3"].value == 0.0
    assert question.text not in json.dumps(report.as_dict())
    assert question.id not in json.dumps(report.as_dict())
    assert [case.question.id for case in bench(county, "open").missed or ()] == [question.id]


@pytest.mark.parametrize("which", ["kept", "own-kept"])
def test_no_other_weights_are_tried_on_a_kept_half(county: County, which: running.Set) -> None:
    with pytest.raises(Invalid, match="tunes on it"):
        bench(county, which, weights={"meaning": 1.0})
    with pytest.raises(Invalid, match="tunes on it"):
        bench(county, which, other={})


def test_own_halves_are_measured_apart(own: County) -> None:
    keep_questions(own.session, [question_of("rent is too high", "en", "kept")], ANNA)
    assert bench(own).asked == 2
    with pytest.raises(Unavailable, match="None of your questions is judged"):
        bench(own, "own-kept")


def test_without_questions_the_bench_says_how_to_begin(county: County) -> None:
    with pytest.raises(Unavailable, match="netmap search judge"):
        bench(county)


def test_shipped_grades_of_another_directory_are_refused(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(monkeypatch, [DEBTS], [Grade(DEBTS.id, service, "a", 3) for service in ("x", "y", "z")])
    with pytest.raises(Unavailable, match="made-up county, which is not in this directory"):
        bench(county, "open")


def test_where_the_index_does_not_answer_nothing_is_measured(own: County) -> None:
    shutil.rmtree(own.settings.index_dir())
    with pytest.raises(Unavailable, match="netmap search rebuild"):
        asking(own.session, type(own.backend)(own.settings.index_dir()), own.settings)(DEBTS.text, {})


def test_the_pool_is_the_first_page_in_an_order_that_says_nothing(own: County) -> None:
    pools = {
        judge: [
            step.result.service_id for step in to_judge(own.session, own.backend, own.settings, DEBTS, judge)
        ]
        for judge in (ANNA, BO)
    }
    ranked = results(own, DEBTS)
    assert sorted(pools[ANNA]) == sorted(pools[BO]) == sorted(ranked)
    assert ranked != pools[ANNA] != pools[BO] != ranked
    assert pools[ANNA] == [
        step.result.service_id for step in to_judge(own.session, own.backend, own.settings, DEBTS, ANNA)
    ]


def test_the_pool_says_what_this_judge_has_said(own: County) -> None:
    steps = to_judge(own.session, own.backend, own.settings, DEBTS, ANNA)
    assert sorted(step.given for step in steps if step.given is not None) == [0, 3]
    steps = to_judge(own.session, own.backend, own.settings, DEBTS, BO)
    assert {step.given for step in steps} == {None}


def test_the_pool_of_two_settings_holds_the_first_page_of_both(own: County) -> None:
    other = {"fresh": 50.0}
    both = to_judge(own.session, own.backend, own.settings, WORK, ANNA, [other])
    second = {one.service_id for one in found(own.session, own.backend, own.settings, WORK.text, other, 10)}
    first = set(results(own, WORK))
    assert second - first
    assert {step.result.service_id for step in both} == first | second
    assert len(both) == len(first | second)
