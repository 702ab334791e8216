"""Add-ons cover needs and count as no step; a track narrows what is ranked."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from netmap.matching.addons import not_asked_for
from netmap.matching.facts import Client, Library, Rated
from netmap.matching.score import best_pairs, order, score_all, to_add, to_drop, without_use
from netmap.packages.document import Document, Line

Build = Callable[..., Library]


@pytest.fixture
def with_addon(package_a: Document, line: Callable[..., Line]) -> Document:
    """Package A, with the way to the course beside the course."""
    ride = line("ride", "transport_help", {"trn.no_transport": 1}, beside="family", when=("rural",))
    return replace(package_a, lines=(*package_a.lines, ride))


def test_an_addon_covers_its_need(
    package_a: Document, with_addon: Document, client_1: Client, library_of: Build
) -> None:
    client = replace(client_1, needs={**client_1.needs, "trn.no_transport": Rated(2)})
    assert to_add(library_of(package_a), client, 0) == ["trn.no_transport"]
    assert to_add(library_of(with_addon), client, 0) == []


def test_an_addon_changes_neither_the_score_nor_the_correction_of_who_does_not_need_it(
    package_a: Document, with_addon: Document, client_1: Client, library_of: Build
) -> None:
    without, scores = score_all(library_of(package_a), client_1), score_all(library_of(with_addon), client_1)
    assert (scores.score[0], scores.delta[0]) == (without.score[0], without.delta[0])
    assert scores.delta[0] == pytest.approx(0.2)


def test_an_addon_is_left_out_with_its_main_line_and_is_no_step_of_its_own(
    with_addon: Document, client_1: Client, library_of: Build
) -> None:
    library = library_of(with_addon)
    scores = score_all(library, client_1)
    assert to_drop(library, scores, 0) == ["family"]
    assert without_use(library, scores, 0) == ["family", "ride"]


def test_an_addon_stays_for_a_client_who_has_its_need_although_the_main_line_goes(
    with_addon: Document, client_1: Client, library_of: Build
) -> None:
    library = library_of(with_addon)
    client = replace(client_1, needs={**client_1.needs, "trn.no_transport": Rated(1)})
    assert without_use(library, score_all(library, client), 0) == ["family"]


def test_an_addon_stays_beside_a_line_that_stays_although_nobody_named_its_need(
    with_addon: Document, client_1: Client, library_of: Build
) -> None:
    library = library_of(with_addon)
    client = replace(client_1, needs={**client_1.needs, "fam.parenting": Rated(2)})
    assert without_use(library, score_all(library, client), 0) == []


@pytest.mark.parametrize(("fact", "left_out"), [("yes", []), ("unknown", []), ("no", ["ride"])])
def test_only_a_no_makes_an_addon_not_asked_for(
    with_addon: Document, client_1: Client, fact: str, left_out: list[str]
) -> None:
    client = replace(client_1, facts={**client_1.facts, "rural": fact})
    assert not_asked_for(with_addon, client) == left_out


def test_an_addon_is_asked_for_by_the_need_itself(with_addon: Document, client_1: Client) -> None:
    needs = {**client_1.needs, "trn.no_transport": Rated(1)}
    assert not_asked_for(with_addon, replace(client_1, facts={"rural": "no"}, needs=needs)) == []


def test_one_package_alone_has_the_numbers_that_it_has_among_others(
    package_b: Document, with_addon: Document, client_1: Client, library_of: Build
) -> None:
    library = library_of(with_addon, package_b)
    alone = score_all(library.only(0), client_1)
    together = score_all(library, client_1)
    assert alone.delta[0] == together.delta[0]
    assert np.array_equal(alone.dropped, together.dropped[library.owner == 0])
    second = library_of(replace(package_b, code="0"), with_addon)
    assert np.array_equal(second.only(1).main, library.only(0).main)


def test_only_packages_of_the_track_are_ranked(
    package_a: Document, package_b: Document, client_1: Client, library_of: Build
) -> None:
    library = library_of(package_a, replace(package_b, track="job_search"))
    ranked = {
        track: order(library, score_all(library, replace(client_1, track=track)))
        for track in ("", "barriers", "job_search")
    }
    assert ranked == {"": [0, 1], "barriers": [0], "job_search": [1]}


def test_a_pair_is_made_of_packages_of_the_track(
    package_b: Document, package_c: Document, client_2: Client, library_of: Build
) -> None:
    library = library_of(package_b, replace(package_c, track="job_search"))
    anywhere, barriers = (replace(client_2, track=track) for track in ("", "barriers"))
    assert best_pairs(library, anywhere, score_all(library, anywhere)) != []
    assert best_pairs(library, barriers, score_all(library, barriers)) == []
