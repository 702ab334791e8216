"""Over the demo county age, citizenship and displacement act only where somebody names them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.db import open_engine, open_session
from netmap.directory.eligibility import Offer
from netmap.directory.models import EligibilityRule, Service
from netmap.matching import providers
from netmap.matching.facts import Client
from netmap.matching.service import Matcher
from netmap.packages.service import published
from tests.county import settings_for
from tests.matching.test_fairness import PROTECTED


@pytest.fixture
def county(prepared: Path) -> Iterator[Session]:
    """The demo county, only read."""
    engine = open_engine(settings_for(prepared).database())
    with open_session(engine) as session:
        yield session
    engine.dispose()


def breaches(county: Session, prepared: Path, fact: str) -> list[tuple[str, str]]:
    """Return (package, service) where a fact moved a score or a provider's worth, though none names it."""
    matcher = Matcher(county, settings_for(prepared))
    found, named = [], naming(county, fact)
    for code, _number, document in published(county):
        if any(
            named == fact or named.startswith("age_") for named in (*document.required, *document.excluded)
        ):
            continue
        needs = {need: {"severity": 2} for need in document.profile}
        seen = [
            matcher.match({"needs": needs, "facts": {fact: answer}}, only=code)["packages"][0]
            for answer in ("yes", "no")
        ]
        if seen[0]["score"] != seen[1]["score"]:
            found.append((code, ""))
        before, after = (offered(package) for package in seen)
        moved = {key for key in before.keys() & after.keys() if before[key] != after[key]}
        found += sorted((code, service) for _line, service in moved if service not in named)
    return found


def offered(package: dict[str, Any]) -> dict[tuple[str, str], float]:
    """Return what each shown provider of a line is worth."""
    shown = [(line["key"], one) for line in package["lines"] for one in (line, *line["alternatives"])]
    return {(key, one["service_id"]): one["utility"] for key, one in shown if one["service_id"]}


def naming(county: Session, fact: str) -> set[str]:
    """Return the services whose conditions, or whom they have in mind, name a fact."""
    rules = select(EligibilityRule.service_id, EligibilityRule.code)
    found = {
        service
        for service, code in county.execute(rules)
        if code == fact or (fact.startswith("age_") and code.startswith("age_"))
    }
    if fact.startswith("age_"):
        ages = Service.minimum_age.is_not(None) | Service.maximum_age.is_not(None)
        found |= set(county.scalars(select(Service.id).where(ages)))
    return found


@pytest.mark.parametrize("fact", PROTECTED)
def test_a_protected_fact_moves_nothing_that_nobody_named(county: Session, prepared: Path, fact: str) -> None:
    assert breaches(county, prepared, fact) == []


def test_the_check_sees_a_breach(county: Session, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = providers.utility_parts

    def breach(offer: Offer, client: Client, *parts: Any, **named: Any) -> dict[str, float]:
        found = honest(offer, client, *parts, **named)
        return found | ({"acceptability": 0.25} if client.fact("foreign_national") == "yes" else {})

    monkeypatch.setattr(providers, "utility_parts", breach)
    assert breaches(county, prepared, "foreign_national") != []
