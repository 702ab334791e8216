"""A line of a package names the need of this person that it helps with."""

from collections.abc import Callable

import pytest

from netmap.matching.facts import Client, Rated
from netmap.matching.lines import of_package
from netmap.packages.document import Line

ADDRESSES = {"hou.eviction": 1.0, "fin.enforcement": 0.5, "fin.consumer_debt": 0.25}


def about(line: Line, contested: frozenset[str] = frozenset(), **needs: int) -> str:
    rated = {code.replace("__", "."): Rated(severity) for code, severity in needs.items()}
    return of_package(line, Client(rated, {}, contested=contested), dropped=False).need


@pytest.fixture
def legal_aid(line: Callable[..., Line]) -> Line:
    return line("legal", "legal_aid", ADDRESSES)


def test_a_line_keeps_its_need_where_the_person_has_it(legal_aid: Line) -> None:
    assert about(legal_aid, hou__eviction=1, fin__enforcement=3) == "hou.eviction"


def test_a_line_is_about_what_it_helps_most_of_what_the_person_has(legal_aid: Line) -> None:
    assert about(legal_aid, fin__enforcement=2, fin__consumer_debt=2) == "fin.enforcement"
    assert about(legal_aid, fin__enforcement=1, fin__consumer_debt=3) == "fin.consumer_debt"


def test_what_the_person_does_not_see_as_theirs_or_does_not_have_is_not_named(legal_aid: Line) -> None:
    needs = {"hou__eviction": 0, "fin__enforcement": 3, "fin__consumer_debt": 1}
    assert about(legal_aid, frozenset({"fin.enforcement"}), **needs) == "fin.consumer_debt"


def test_a_line_that_helps_with_nothing_of_theirs_keeps_its_own_need(legal_aid: Line) -> None:
    assert about(legal_aid, add__alcohol=3) == "hou.eviction"
