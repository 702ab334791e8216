"""Why a package has its score."""

from collections.abc import Callable
from dataclasses import replace

from netmap.i18n import set_language
from netmap.matching.explain import conditions, nearest_what_if, need_rows, reasons
from netmap.matching.facts import Client, Library, Rated
from netmap.matching.score import score_all
from netmap.packages.document import Document

Build = Callable[..., Library]


def test_there_is_one_row_per_need_the_heaviest_first(
    package_a: Document, client_1: Client, library_of: Build
) -> None:
    rows = need_rows(library_of(package_a), client_1, 0)
    assert [(row.need, row.weight, row.state) for row in rows] == [
        ("fin.consumer_debt", 6, "covered"), ("emp.unemployed", 3, "covered"), ("add.alcohol", 2, "covered"),
        ("fam.childcare", 1.5, "covered"),
    ]  # fmt: skip


def test_a_row_names_the_lines_that_cover_also_through_a_related_need(
    package_b: Document, library_of: Build
) -> None:
    library = library_of(package_b, related={("fin.mortgage_debt", "hou.eviction"): 0.5})
    (row,) = need_rows(library, Client({"hou.eviction": Rated(2)}), 0)
    assert (row.lines, row.coverage, row.state) == (("debts", "loan"), 0.5, "partly")


def test_an_uncovered_need_is_added(package_b: Document, client_2: Client, library_of: Build) -> None:
    rows = {row.need: row.state for row in need_rows(library_of(package_b), client_2, 0)}
    assert rows["men.depression"] == "added"


def test_the_counterfactual_of_example_2_is_told(
    package_b: Document, client_2: Client, library_of: Build
) -> None:
    library = library_of(package_b)
    what_if = nearest_what_if(library, client_2, score_all(library, client_2), 0)
    assert what_if is not None
    assert (what_if.code, what_if.answer, round(what_if.score, 1)) == ("hou.homeless", "no", 69.8)
    told = reasons(library, client_2, score_all(library, client_2), 0)
    assert "If “Homelessness” is not true: 69.8 in place of 62.8" in told


def test_circumstances_are_met_unknown_or_failed(
    package_a: Document, client_2: Client, library_of: Build
) -> None:
    found = conditions(library_of(package_a), client_2, 0)
    assert found.failed == (("single_parent", "required"),)
    assert found.unknown == (("age_65_plus", "excluded"),)


def test_a_required_need_is_told_once(package_b: Document, client_2: Client, library_of: Build) -> None:
    library = library_of(replace(package_b, required=("fin.mortgage_debt",), optional=("rural",)))
    client = replace(client_2, facts={**client_2.facts, "rural": "yes"})
    told = reasons(library, client, score_all(library, client), 0)
    typical = [sentence for sentence in told if sentence.startswith("Typical here and true")]
    assert typical == ["Typical here and true: Lives in a rural or remote place"]
    assert any(sentence.startswith("Mortgage debt (weight") for sentence in told)


def test_a_failed_circumstance_gives_the_owners_reason(
    package_a: Document, client_2: Client, library_of: Build
) -> None:
    library = library_of(
        replace(package_a, reason={"en": "Made for one-parent homes.", "lt": "Tik vieniems auginantiems."})
    )
    told = reasons(library, client_2, score_all(library, client_2), 0)
    assert "Not suitable: only for “Single parent”. Made for one-parent homes." in told
    set_language("lt")
    told = reasons(library, client_2, score_all(library, client_2), 0)
    assert any(sentence.endswith("Tik vieniems auginantiems.") for sentence in told)


def test_scores_are_written_as_the_reader_writes_numbers(
    package_b: Document, client_2: Client, library_of: Build
) -> None:
    library = library_of(package_b)
    set_language("ru")
    told = " ".join(reasons(library, client_2, score_all(library, client_2), 0))
    assert "69,8" in told
    assert "62,8" in told


def test_a_dropped_line_has_its_reason(package_a: Document, client_1: Client, library_of: Build) -> None:
    library = library_of(package_a)
    told = reasons(library, client_1, score_all(library, client_1), 0)
    assert "Parenting course: is about nothing that was named" in told


def test_the_cap_of_an_uncovered_need_is_told(
    package_b: Document, client_2: Client, library_of: Build
) -> None:
    worse = replace(client_2, needs={**client_2.needs, "men.depression": Rated(3)})
    library = library_of(package_b)
    told = reasons(library, worse, score_all(library, worse), 0)
    assert any("60 at most" in sentence for sentence in told)


def test_nothing_to_ask_means_no_counterfactual(
    package_a: Document, client_1: Client, library_of: Build
) -> None:
    library = library_of(package_a)
    assert nearest_what_if(library, client_1, score_all(library, client_1), 0) is None


def test_covered_by_names_only_lines_that_address_the_need_by_half(
    package_b: Document, library_of: Build
) -> None:
    related = {("fin.mortgage_debt", "fin.consumer_debt"): 0.5, ("fin.enforcement", "fin.consumer_debt"): 0.6}
    (row,) = need_rows(library_of(package_b, related=related), Client({"fin.consumer_debt": Rated(2)}), 0)
    assert row.lines == ("debts",)
    weak = replace(package_b.lines[1], addresses={"fin.mortgage_debt": 1.0, "emp.unemployed": 0.4})
    library = library_of(replace(package_b, lines=(package_b.lines[0], weak)))
    (row,) = need_rows(library, Client({"emp.unemployed": Rated(2)}), 0)
    assert (row.lines, row.state) == ((), "added")


def test_help_for_a_related_need_is_told_as_what_it_is(package_b: Document, library_of: Build) -> None:
    library = library_of(package_b, related={("fin.mortgage_debt", "hou.eviction"): 0.5})
    (row,) = need_rows(library, Client({"hou.eviction": Rated(3)}), 0)
    assert (row.lines, row.coverage, row.state) == (("debts", "loan"), 0.5, "partly")


def test_an_answer_that_lifts_nothing_is_not_told(package_b: Document, library_of: Build) -> None:
    library = library_of(package_b)
    client = Client({
        "fin.mortgage_debt": Rated(3, 2), "emp.unemployed": Rated(2, 2), "fin.enforcement": Rated(2, 2),
        "men.suicide": Rated(3),
    })  # fmt: skip
    scores = score_all(library, client)
    assert (scores.score[0], scores.critical[0]) == (60, True)
    assert nearest_what_if(library, client, scores, 0) is None
    assert not [told for told in reasons(library, client, scores, 0) if told.startswith("If")]
