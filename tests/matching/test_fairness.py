"""Age, citizenship and displacement act only where a package or a provider names them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from netmap.directory.eligibility import Offer
from netmap.matching import providers
from netmap.matching.facts import Client, Library, Rated, build_library
from netmap.matching.score import score_all
from netmap.packages.document import Document
from netmap.packages.service import _read_file
from netmap.paths import shipped
from netmap.vocabulary.terms import vocabulary

PROTECTED = ("age_under_18", "age_18_29", "age_55_64", "age_65_plus", "foreign_national", "displaced")
PLAIN = Offer("plain", place_id="p", types=frozenset({"debt_advice"}), status="active")
OFFERS = (
    PLAIN,
    replace(PLAIN, service_id="young", maximum_age=29),
    replace(PLAIN, service_id="fled", required=frozenset({"displaced"})),
    replace(PLAIN, service_id="theirs", welcome=frozenset({"displaced"})),
)


@pytest.fixture(scope="module")
def shipped_library() -> Library:
    """The packages that ship."""
    documents = [_read_file(path) for path in sorted((shipped("seeds") / "packages").glob("*.toml"))]
    packages = [(document.code, 1, document) for document in documents]
    return build_library(packages, tuple(vocabulary().needs), tuple(vocabulary().circumstances))


def clients(library: Library) -> Iterable[Client]:
    """One client for each package: its whole profile."""
    for _code, _number, document in library.packages:
        yield Client(dict.fromkeys(document.profile, Rated(2)))


def unfair_scores(library: Library) -> list[tuple[str, str]]:
    """Return (package, fact) where a fact that no criterion names moves the score."""
    found = []
    for client in clients(library):
        for fact in PROTECTED:
            answers = (replace(client, facts={fact: answer}) for answer in ("yes", "no"))
            told = [score_all(library, answer).score for answer in answers]
            for place, (code, _number, document) in enumerate(library.packages):
                named = set(document.required) | set(document.excluded)
                by_age = fact.startswith("age_") and any(name.startswith("age_") for name in named)
                if told[0][place] != told[1][place] and fact not in named and not by_age:
                    found.append((code, fact))
    return found


def unfair_utilities() -> list[tuple[str, str]]:
    """Return (service, fact) where a fact moves the utility or the choice, though no condition names it."""
    found = []
    for fact in PROTECTED:
        seen: list[dict[str, Any]] = []
        for answer in ("yes", "no"):
            client = Client({"fin.consumer_debt": Rated(2)}, {fact: answer})  # type: ignore[dict-item]
            served = providers.serve(OFFERS, client, "debt_advice", today=date(2026, 11, 22))
            seen.append({choice.offer.service_id: choice.utility for choice in served.choices})
        named = {"young": fact.startswith("age_"), "fled": fact == "displaced", "theirs": fact == "displaced"}
        found += [
            (offer.service_id, fact)
            for offer in OFFERS
            if seen[0].get(offer.service_id) != seen[1].get(offer.service_id)
            and not named.get(offer.service_id, False)
        ]
    return found


def test_a_protected_fact_moves_a_score_only_where_the_package_names_it(shipped_library: Library) -> None:
    assert unfair_scores(shipped_library) == []


def test_the_check_of_scores_sees_a_breach(package_b: Document, library_of: Callable[..., Library]) -> None:
    breach = library_of(replace(package_b, optional=("displaced",)))
    assert ("b", "displaced") in unfair_scores(breach)


def test_a_protected_fact_moves_a_provider_only_where_its_conditions_name_it() -> None:
    assert unfair_utilities() == []


def test_the_check_of_providers_sees_a_breach(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = providers.utility_parts

    def breach(offer: Offer, client: Client, *parts: Any, **named: Any) -> dict[str, float]:
        found = honest(offer, client, *parts, **named)
        return found | ({"outcome": 0.1} if client.fact("foreign_national") == "yes" else {})

    monkeypatch.setattr(providers, "utility_parts", breach)
    assert ("plain", "foreign_national") in unfair_utilities()


def test_a_condition_that_is_named_does_act() -> None:
    client = Client({"fin.consumer_debt": Rated(2)}, {"age_65_plus": "yes", "displaced": "no"})
    served = providers.serve(OFFERS, client, "debt_advice", today=date(2026, 11, 22))
    assert [choice.offer.service_id for choice in served.choices] == ["plain", "theirs"]
    assert [miss.criterion for miss in served.near_misses] == ["eligibility", "eligibility"]
