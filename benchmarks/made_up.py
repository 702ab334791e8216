"""Made-up services in any number: phrases of providers in four languages, drawn with a seed."""

import csv
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from netmap.directory.models import (
    Area,
    Base,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceTypeLink,
)

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("en", "ru", "uk", "lt")
AREAS = 40

Rows = Mapping[type[Base], list[dict[str, Any]]]


def phrases() -> dict[tuple[str, str], list[str]]:
    """Return (language, service type) -> phrases of providers."""
    found: dict[tuple[str, str], list[str]] = {}
    for language in LANGUAGES:
        path = ROOT / "seeds" / "vocabulary" / "provider_phrases" / f"{language}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault((language, row["service_type"]), []).append(row["phrase"])
    return found


def questions() -> list[str]:
    """Return questions as people type them."""
    with (ROOT / "tests" / "vocabulary" / "questions.csv").open(encoding="utf-8", newline="") as file:
        return [row["query"] for row in csv.DictReader(file)]


def rows(count: int, seed: int = 7) -> Rows:
    """Return the rows of ``count`` services, a quarter as many organizations, and a place and hours for each.

    A text is three phrases of its own type and two of any other, in one language.
    """
    chance, by_type = random.Random(seed), phrases()
    by_language = {
        one: [text for key in by_type if key[0] == one for text in by_type[key]] for one in LANGUAGES
    }
    made: dict[type[Base], list[dict[str, Any]]] = {
        Area: [{"code": f"a{n}", "name": f"Area {n}", "names": {}} for n in range(AREAS)],
        Organization: [{"id": f"o{n}", "name": f"Firm {n}"} for n in range(count // 4 + 1)],
    }
    for number in range(count):
        language, code = chance.choice(sorted(by_type))
        own = by_type[language, code]
        text = ". ".join([*chance.choices(own, k=3), *chance.choices(by_language[language], k=2)])
        name = " ".join(chance.choice(own).split()[:5])
        for table, row in _service(number, name, text, language, code, chance).items():
            made.setdefault(table, []).append(row)
    return made


def _service(
    number: int, name: str, text: str, language: str, code: str, chance: random.Random
) -> Mapping[type[Base], dict[str, Any]]:
    key = f"s{number}"
    return {
        Service: {
            "id": key,
            "organization_id": f"o{number // 4}",
            "name": name,
            "description": text,
            "status": "active",
            "text_language": language,
        },
        Location: {
            "id": f"l{number}",
            "location_type": "physical",
            "latitude": round(54 + 2 * chance.random(), 5),
            "longitude": round(23 + 3 * chance.random(), 5),
            "area_code": f"a{chance.randrange(AREAS)}",
        },
        ServiceAtLocation: {"id": f"p{number}", "service_id": key, "location_id": f"l{number}"},
        ServiceTypeLink: {
            "service_id": key,
            "code": code,
            "state": "confirmed" if chance.random() < 0.5 else "suggested",
        },
        Schedule: {
            "id": f"h{number}",
            "service_id": key,
            "freq": "WEEKLY",
            "byday": chance.choice(("MO,TU,WE,TH,FR", "TU,TH", "MO,WE", "SA")),
            "opens_at": f"{chance.randrange(8, 11):02}:00",
            "closes_at": f"{chance.randrange(15, 20)}:00",
        },
    }


def fill(session: Session, count: int) -> None:
    """Put that many services into an empty database."""
    for table, values in rows(count).items():
        session.execute(insert(table), values)
