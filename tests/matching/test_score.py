"""The score of packages: worked examples to the printed digit, and traps."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from netmap.matching.facts import Client, Library, Rated
from netmap.matching.score import (
    band,
    best_pairs,
    order,
    score_all,
    size,
    to_add,
    to_adjust,
    to_drop,
)
from netmap.packages.document import Document

Build = Callable[..., Library]


def test_example_1_gives_package_a_96_8(package_a: Document, client_1: Client, library_of: Build) -> None:
    scores = score_all(library_of(package_a), client_1)
    assert (round(scores.coverage[0], 4), round(scores.fit[0], 4)) == (1.0, 0.8571)
    assert round(scores.score[0], 1) == 96.8


def test_example_1_drops_the_parenting_course(
    package_a: Document, client_1: Client, library_of: Build
) -> None:
    library = library_of(package_a)
    scores = score_all(library, client_1)
    assert to_drop(library, scores, 0) == ["family"]
    assert (round(scores.delta[0], 2), size(scores.delta[0])) == (0.20, "small")


def test_example_1_gives_package_b_55_2(package_b: Document, client_1: Client, library_of: Build) -> None:
    scores = score_all(library_of(package_b), client_1)
    assert (round(scores.coverage[0], 2), round(scores.fit[0], 4)) == (0.72, 0.2857)
    assert round(scores.score[0], 1) == 55.2


def test_example_2_excludes_package_a(package_a: Document, client_2: Client, library_of: Build) -> None:
    scores = score_all(library_of(package_a), client_2)
    assert (scores.score[0], bool(scores.suitable[0])) == (0, False)


def test_example_2_gives_package_b_62_8(package_b: Document, client_2: Client, library_of: Build) -> None:
    scores = score_all(library_of(package_b), client_2)
    assert (round(scores.coverage[0], 4), round(scores.fit[0], 4)) == (0.6667, 0.8571)
    assert round(scores.score[0], 1) == 62.8


def test_example_2_gives_69_8_once_not_homeless(
    package_b: Document, client_2: Client, library_of: Build
) -> None:
    told = replace(client_2, facts={"hou.homeless": "no"})
    assert round(score_all(library_of(package_b), told).score[0], 1) == 69.8


def test_example_2_adds_counselling_and_transport(
    package_b: Document, client_2: Client, library_of: Build
) -> None:
    library = library_of(package_b)
    scores = score_all(library, client_2)
    assert to_add(library, client_2, 0) == ["men.depression", "trn.no_transport"]
    assert (round(scores.delta[0], 2), size(scores.delta[0])) == (0.40, "moderate")


def test_example_3_offers_b_and_c_together(
    package_b: Document, package_c: Document, client_2: Client, library_of: Build
) -> None:
    library = library_of(package_b, package_c)
    (pair,) = best_pairs(library, client_2, score_all(library, client_2))
    assert (pair.first, pair.second, round(pair.score, 1), round(pair.gain, 1)) == (0, 1, 74.5, 11.7)


def test_three_pairs_are_offered_at_most_the_best_first(
    package: Callable[..., Document], package_a: Document, library_of: Build
) -> None:
    needs = ("emp.unemployed", "men.depression", "fin.consumer_debt", "trn.no_transport")
    some = [
        package(f"p{place}", {need: 1.0}, (replace(package_a.lines[0], need=need, addresses={need: 1.0}),))
        for place, need in enumerate(needs)
    ]
    library = library_of(*some)
    client = Client({need: Rated(2, place // 2) for place, need in enumerate(needs)})
    scores = score_all(library, client)
    pairs = best_pairs(library, client, scores)
    assert [(pair.first, pair.second) for pair in pairs] == [(2, 3), (2, 0), (3, 0)]
    assert [pair.score for pair in pairs] == sorted((pair.score for pair in pairs), reverse=True)
    assert all(pair.gain >= 10 for pair in pairs)


def test_a_pair_that_gains_little_is_not_offered(
    package_a: Document, package_b: Document, client_1: Client, library_of: Build
) -> None:
    library = library_of(package_a, package_b)
    assert best_pairs(library, client_1, score_all(library, client_1)) == []


def test_an_unsuitable_package_is_in_no_pair(
    package_b: Document, package_c: Document, client_2: Client, library_of: Build
) -> None:
    library = library_of(package_b, replace(package_c, excluded=("emp.unemployed",)))
    assert best_pairs(library, client_2, score_all(library, client_2)) == []


def test_a_client_without_needs_has_no_ranking(package_a: Document, library_of: Build) -> None:
    library = library_of(package_a)
    assert order(library, score_all(library, Client({}))) == []


def test_a_need_of_severity_0_is_no_need(package_a: Document, library_of: Build) -> None:
    library = library_of(package_a)
    assert order(library, score_all(library, Client({"emp.unemployed": Rated(0, 2)}))) == []


def test_a_package_with_an_empty_profile_scores_0(
    package_a: Document, client_1: Client, library_of: Build
) -> None:
    scores = score_all(library_of(replace(package_a, profile={})), client_1)
    assert scores.score[0] == 0


def test_an_empty_library_gives_no_ranking(client_1: Client, library_of: Build) -> None:
    library = library_of()
    scores = score_all(library, client_1)
    assert (order(library, scores), best_pairs(library, client_1, scores)) == ([], [])


def test_a_package_for_everything_does_not_win(
    package_a: Document, package: Callable[..., Document], client_1: Client, library_of: Build
) -> None:
    library = library_of(package_a)
    everything = package(
        "0_everything",
        dict.fromkeys(library.needs, 1.0),
        tuple(
            replace(package_a.lines[0], key=f"line_{place}", addresses={need: 1.0})
            for place, need in enumerate(library.needs)
        ),
    )
    library = library_of(package_a, everything)
    scores = score_all(library, client_1)
    assert [library.packages[place][0] for place in order(library, scores)] == ["a", "0_everything"]
    assert scores.score[0] < 50


def test_an_uncovered_need_of_severity_3_caps_at_60(
    package_a: Document, client_1: Client, library_of: Build
) -> None:
    library = library_of(package_a)
    worse = replace(client_1, needs={**client_1.needs, "hlt.chronic": Rated(3, 0)})
    assert score_all(library, worse).score[0] == 60
    milder = replace(client_1, needs={**client_1.needs, "hlt.chronic": Rated(2, 0)})
    assert score_all(library, milder).score[0] > 60


def test_an_unknown_required_fact_is_not_a_no(
    package_a: Document, client_1: Client, library_of: Build
) -> None:
    facts = {code: fact for code, fact in client_1.facts.items() if code != "single_parent"}
    scores = score_all(library_of(package_a), replace(client_1, facts=facts))
    assert bool(scores.suitable[0])
    assert round(scores.score[0], 1) == round(96.7741935 * 0.9, 1)


def test_many_unknown_facts_take_no_more_than_30_percent(
    package_a: Document, client_1: Client, library_of: Build
) -> None:
    many = ("pregnant", "widowed", "veteran", "rural", "lives_alone")
    scores = score_all(library_of(replace(package_a, required=many)), client_1)
    assert scores.kappa[0] == pytest.approx(0.7)


def test_an_unknown_optional_fact_counts_half(
    package_a: Document, client_1: Client, library_of: Build
) -> None:
    told = replace(client_1, facts={**client_1.facts, "child_under_7": "unknown"})
    assert score_all(library_of(package_a), told).optional[0] == 0.5


def test_help_for_a_related_need_covers_in_part(package_b: Document, library_of: Build) -> None:
    library = library_of(package_b, related={("fin.mortgage_debt", "hou.eviction"): 0.5})
    client = Client({"hou.eviction": Rated(2)})
    assert score_all(library, client).coverage[0] == 0.5
    assert to_adjust(library, client, 0) == ["hou.eviction"]


def test_a_line_for_a_clearly_related_need_is_not_dropped(package_b: Document, library_of: Build) -> None:
    client = Client({"hou.eviction": Rated(2)})
    for strength, dropped in ((0.5, ["job"]), (0.4, ["debts", "loan", "job"])):
        library = library_of(package_b, related={("hou.eviction", "fin.mortgage_debt"): strength})
        assert to_drop(library, score_all(library, client), 0) == dropped


def test_equal_scores_are_ordered_by_code(package_a: Document, client_1: Client, library_of: Build) -> None:
    library = library_of(replace(package_a, code="z"), package_a, replace(package_a, code="m"))
    scores = score_all(library, client_1)
    assert [library.packages[place][0] for place in order(library, scores)] == ["a", "m", "z"]


def test_one_package_scores_alone_as_it_does_among_others(
    package_a: Document, package_b: Document, client_1: Client, library_of: Build
) -> None:
    library = library_of(package_a, package_b)
    alone = score_all(library.only(1), client_1)
    assert alone.score[0] == score_all(library, client_1).score[1]
    assert to_drop(library.only(1), alone, 0) == to_drop(library, score_all(library, client_1), 1)


def test_the_bands_begin_at_75_and_50() -> None:
    assert [band(score) for score in (75, 74.9, 50, 49.9)] == [
        "ready", "correction", "correction", "no package",
    ]  # fmt: skip


def test_a_correction_above_half_is_large() -> None:
    assert [size(delta) for delta in (0.25, 0.26, 0.5, 0.51)] == ["small", "moderate", "moderate", "large"]


def test_age_told_by_another_band_answers_an_age_condition(
    package_a: Document, client_1: Client, library_of: Build
) -> None:
    told = replace(client_1, facts={"single_parent": "yes", "age_18_29": "yes"})
    assert score_all(library_of(package_a), told).kappa[0] == 1


def test_help_for_a_related_need_counts_by_the_strength_of_the_relation(
    package_b: Document, library_of: Build
) -> None:
    needs = {"emp.unemployed": Rated(2), "fin.mortgage_debt": Rated(2), "fin.enforcement": Rated(2)}
    grave = Client({**needs, "hou.eviction": Rated(3)}, {"hou.homeless": "no"})
    enough = library_of(package_b, related={("fin.mortgage_debt", "hou.eviction"): 0.5})
    scores = score_all(enough, grave)
    assert scores.score[0] > 60
    assert (to_add(enough, grave, 0), to_adjust(enough, grave, 0)) == ([], ["hou.eviction"])
    weaker = library_of(package_b, related={("fin.mortgage_debt", "hou.eviction"): 0.49})
    scores = score_all(weaker, grave)
    assert (scores.score[0], to_add(weaker, grave, 0)) == (60, ["hou.eviction"])
    assert (to_adjust(weaker, grave, 0), scores.delta[0]) == ([], pytest.approx(1 / 4))


def test_a_pair_is_capped_where_a_need_that_cannot_wait_is_answered_by_less_than_half(
    package_b: Document, package_c: Document, client_2: Client, library_of: Build
) -> None:
    library = library_of(package_b, package_c, related={("men.depression", "men.anxiety"): 0.4})
    grave = replace(client_2, needs={**client_2.needs, "men.anxiety": Rated(3)})
    pairs = best_pairs(library, grave, score_all(library, grave))
    assert all(pair.score <= 55 for pair in pairs)


def test_a_contested_need_has_no_weight_in_any_score(
    library_of: Callable[..., Library], package_a: Document, package_b: Document, client_1: Client
) -> None:
    without = {code: rated for code, rated in client_1.needs.items() if code != "add.alcohol"}
    contested = replace(client_1, contested=frozenset({"add.alcohol"}))
    library = library_of(package_a, package_b)
    one, other = (score_all(library, client) for client in (contested, replace(client_1, needs=without)))
    assert one.score.tolist() == other.score.tolist()
    assert one.score.tolist() != score_all(library, client_1).score.tolist()
    assert one.delta.tolist() == other.delta.tolist()


def test_codes_that_are_gone_from_the_vocabulary_are_left_out_of_a_stored_package(
    package_a: Document, client_1: Client, library_of: Build
) -> None:
    old = replace(
        package_a,
        profile={**package_a.profile, "old.need": 0.5},
        optional=("child_under_7", "old_fact"),
        lines=(
            replace(package_a.lines[0], addresses={"fin.consumer_debt": 1.0, "old.need": 1.0}),
            *package_a.lines[1:],
        ),
    )
    assert (
        score_all(library_of(old), client_1).score[0] == score_all(library_of(package_a), client_1).score[0]
    )
