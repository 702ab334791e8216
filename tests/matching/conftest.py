"""The packages and clients of the worked examples."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from netmap.matching.facts import Client, Library, Rated, build_library
from netmap.packages.document import Document, Line
from netmap.vocabulary.terms import vocabulary


def _line(key: str, service_type: str, addresses: dict[str, float], **values: Any) -> Line:
    need = next(iter(addresses))
    return Line(key, need, service_type, {"en": f"Goal of {key}"}, addresses, **values)


def _package(code: str, profile: dict[str, float], lines: tuple[Line, ...], **values: Any) -> Document:
    names = {"en": code.title()}
    return Document(code, names, {"en": "Plan of help"}, {}, profile, lines, **values)


@pytest.fixture
def line() -> Callable[..., Line]:
    """line(key, service type, addresses)."""
    return _line


@pytest.fixture
def package() -> Callable[..., Document]:
    """package(code, profile, lines)."""
    return _package


@pytest.fixture
def package_a() -> Document:
    """A of the examples: a lone parent who drinks and has debts."""
    return _package(
        "a",
        {"emp.unemployed": 1, "add.alcohol": 1, "fin.consumer_debt": 1, "fam.parenting": 0.5},
        (
            _line("debts", "debt_advice", {"fin.consumer_debt": 1}),
            _line("treatment", "addiction_outpatient", {"add.alcohol": 1}),
            _line("childcare", "childcare_place", {"fam.childcare": 1}),
            _line("job", "job_search_support", {"emp.unemployed": 1}),
            _line("family", "parenting_course", {"fam.parenting": 1}),
        ),
        required=("single_parent",),
        optional=("child_under_7",),
        excluded=("age_65_plus",),
    )


@pytest.fixture
def package_b() -> Document:
    """B of the examples: a debtor who may lose the home."""
    debts = {"fin.mortgage_debt": 1.0, "fin.consumer_debt": 1.0, "fin.enforcement": 1.0}
    return _package(
        "b",
        {"fin.mortgage_debt": 1, "emp.unemployed": 0.5, "fin.enforcement": 0.25},
        (
            _line("debts", "debt_advice", debts),
            _line("loan", "mortgage_restructuring", {"fin.mortgage_debt": 1}),
            _line("job", "job_search_support", {"emp.unemployed": 1}),
        ),
        excluded=("hou.homeless",),
    )


@pytest.fixture
def package_c() -> Document:
    """C of the examples: low mood and loneliness."""
    steps = (_line("talks", "psych_counselling", {"men.depression": 1}),)
    return _package("c", {"men.depression": 1, "men.isolation": 0.5}, steps)


@pytest.fixture
def client_1() -> Client:
    """The client of example 1."""
    needs = {
        "emp.unemployed": Rated(2, 1),
        "fin.consumer_debt": Rated(3, 2),
        "add.alcohol": Rated(2, 0),
        "fam.childcare": Rated(1, 1),
    }
    facts = {"single_parent": "yes", "child_under_7": "yes", "age_65_plus": "no", "hou.homeless": "no"}
    return Client(needs, facts)  # type: ignore[arg-type]


@pytest.fixture
def client_2() -> Client:
    """The client of examples 2 and 3."""
    needs = {
        "fin.mortgage_debt": Rated(3, 2),
        "emp.unemployed": Rated(2, 0),
        "men.depression": Rated(2, 1),
        "trn.no_transport": Rated(1, 0),
    }
    return Client(needs, {"single_parent": "no"})


@pytest.fixture
def library_of() -> Callable[..., Library]:
    """library_of(document, ..., related={})."""

    def build(*documents: Document, related: Mapping[tuple[str, str], float] | None = None) -> Library:
        known = vocabulary()
        packages = [(document.code, 1, document) for document in documents]
        return build_library(packages, tuple(known.needs), tuple(known.circumstances), related)

    return build
