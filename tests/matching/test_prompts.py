"""What else to ask: from the packages in use and from a small list; never an answer."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from netmap.errors import Invalid
from netmap.matching.asked import beside, safety_not_asked
from netmap.matching.facts import Client, Library, Rated
from netmap.matching.prompts import prompts, read, unsaid
from netmap.matching.score import score_all
from netmap.packages.document import Document

Make = Callable[..., Document]


@pytest.fixture
def library(library_of: Callable[..., Library], package: Make, line: Callable[..., object]) -> Library:
    lines = (line("one", "debt_advice", {"fin.consumer_debt": 1}),)
    return library_of(
        package("one", {"fin.consumer_debt": 1, "fin.food": 1}, lines),
        package("two", {"fin.consumer_debt": 1, "fin.food": 0.5, "hlt.chronic": 1, "men.suicide": 1}, lines),
        package("three", {"fin.consumer_debt": 0.5, "men.suicide": 1}, lines),
    )


def test_what_stands_together_in_two_packages_is_asked_about(library: Library) -> None:
    found = {one.need: one.because for one in prompts(library, Client({"fin.consumer_debt": Rated(2)}), 50)}
    assert found["fin.food"] == ("fin.consumer_debt",)
    assert "hlt.chronic" not in found  # one package is its own story
    assert "men.suicide" not in found  # asked about in any case
    assert "add.gambling" in found  # from the list of what stays unsaid


def test_the_share_is_that_of_the_packages_about_the_problem(library: Library) -> None:
    debts, food = library.need_at["fin.consumer_debt"], library.need_at["fin.food"]
    assert library.together[debts, food] == pytest.approx((1 * 1 + 1 * 0.5) / 2.5)


@pytest.mark.parametrize("severity", [0, 1, 3])
def test_what_was_asked_is_not_asked_again_whatever_the_answer(library: Library, severity: int) -> None:
    client = Client({"fin.consumer_debt": Rated(2), "fin.food": Rated(severity)})
    assert "fin.food" not in {one.need for one in prompts(library, client, 50)}
    told = Client({"fin.consumer_debt": Rated(2)}, {"fin.food": "no"})
    assert "fin.food" not in {one.need for one in prompts(library, told, 50)}


def test_nobody_of_65_and_over_is_asked_about_a_job(
    package: Make, line: Callable[..., object], library_of: Callable[..., Library]
) -> None:
    profile = {"fin.food": 1, "emp.unemployed": 1, "hlt.chronic": 1}
    lines = (line("one", "food_aid", {"fin.food": 1}),)
    library = library_of(package("one", profile, lines), package("two", profile, lines))
    younger = Client({"fin.food": Rated(2)}, {"age_65_plus": "no"})
    older = Client({"fin.food": Rated(2)}, {"age_65_plus": "yes"})
    assert {"emp.unemployed", "hlt.chronic"} <= {one.need for one in prompts(library, younger, 50)}
    asked = {one.need for one in prompts(library, older, 50)}
    assert "hlt.chronic" in asked
    assert "emp.unemployed" not in asked


def test_a_prompt_changes_no_score(library: Library) -> None:
    client = Client({"fin.consumer_debt": Rated(2)})
    before = score_all(library, client).score.tolist()
    assert beside(library, client)["prompts"]
    assert score_all(library, client).score.tolist() == before


def test_the_shipped_list_names_known_needs() -> None:
    assert len(unsaid()) > 20


@pytest.mark.parametrize("row", ["fin.food,fin.foot", "fin.food,fin.food", "fin.food,"])
def test_a_wrong_row_of_the_list_is_named(tmp_path: Path, row: str) -> None:
    path = tmp_path / "prompts.csv"
    path.write_text(f"need,also\n{row}\n", encoding="utf-8")
    with pytest.raises(Invalid, match="row 2"):
        read(path)


def test_safety_counts_as_asked_only_where_somebody_answered() -> None:
    nobody = Client({"fin.food": Rated(2)})
    assert len(safety_not_asked(nobody)) == 8
    told = replace(nobody, facts={"men.suicide": "no", "vio.elder": "unknown"})
    assert set(safety_not_asked(nobody)) - set(safety_not_asked(told)) == {"men.suicide"}
    assert "vio.domestic" not in safety_not_asked(Client({"vio.domestic": Rated(3)}))
