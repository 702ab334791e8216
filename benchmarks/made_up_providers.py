"""A made-up directory as matching reads it: languages, fees, conditions, addresses and telephones.

It stands on the services of `made_up.py` and leaves gaps as real directories do: about a third of each fact
is not known.
"""

import random
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.made_up import Rows, rows
from netmap.directory.models import (
    Address,
    Area,
    Base,
    CostOption,
    EligibilityRule,
    Language,
    Location,
    Phone,
    Service,
    ServiceArea,
    ServiceCapacity,
)
from netmap.packages.document import Document, to_mapping
from netmap.packages.models import Package, PackageVersion

KNOWN = 0.65
CHECKED = date(2026, 11, 1)
GROUPS = (
    "single_parent",
    "large_family",
    "disability_status",
    "veteran",
    "displaced",
    "released_from_prison",
)


def directory(count: int, seed: int = 11) -> Rows:
    """Return the rows of a directory of ``count`` services."""
    made: dict[type[Base], list[dict[str, Any]]] = {
        table: list(found) for table, found in rows(count).items()
    }
    chance = random.Random(seed)
    for area in made[Area]:
        area["latitude"], area["longitude"] = 54 + 2 * chance.random(), 23 + 3 * chance.random()
    for number, (service, place) in enumerate(zip(made[Service], made[Location], strict=True)):
        service["assured_date"] = _perhaps(chance, CHECKED - timedelta(days=chance.randrange(700)))
        service["minimum_age"] = chance.choice((None, None, None, 18.0, 16.0, 60.0))
        service["duration"] = chance.choice((None, "once", "short", "long"))
        service["interpretation_services"] = chance.choice((None, None, "By appointment"))
        key, at = service["id"], place["id"]
        street = f"{chance.choice(('Bridge', 'Mill', 'Church', 'Lake'))} street {chance.randrange(1, 99)}"
        town = {"location_id": at, "address_1": street, "city": f"Town {chance.randrange(40)}"}
        more: dict[type[Base], dict[str, Any]] = {
            Address: {"id": f"d{number}", **town},
            Phone: {"id": f"t{number}", "service_id": key, "number": f"+370 600 {number:06}"},
        }
        if chance.random() < KNOWN:
            code = chance.choice(("lt", "lt", "en", "ru", "uk"))
            more[Language] = {"id": f"g{number}", "service_id": key, "code": code}
        if chance.random() < KNOWN:
            fee = chance.choice((0, 0, 0, 5, 10, 20, 40))
            more[CostOption] = {"id": f"c{number}", "service_id": key, "amount": fee}
        if chance.random() < KNOWN / 2:
            more[ServiceCapacity] = {"id": f"w{number}", "service_id": key, "wait_days": chance.randrange(90)}
        if chance.random() < KNOWN / 3:
            effect = chance.choice(("required", "excluded", "welcome"))
            rule = {"id": f"e{number}", "service_id": key, "code": chance.choice(GROUPS), "effect": effect}
            more[EligibilityRule] = rule
        if chance.random() < KNOWN:
            more[ServiceArea] = {"id": f"v{number}", "service_id": key, "area_code": place["area_code"]}
        for table, row in more.items():
            made.setdefault(table, []).append(row)
    return made


def _perhaps(chance: random.Random, value: Any) -> Any:
    return value if chance.random() < KNOWN else None


def fill(session: Session, count: int, packages: list[tuple[str, int, Document]]) -> None:
    """Put a directory and packages into an empty database."""
    for table, values in directory(count).items():
        session.execute(insert(table), values)
    session.execute(insert(Package), [{"code": code, "current": 1} for code, _number, _document in packages])
    versions = [
        {"id": code, "package_code": code, "number": 1, "document": to_mapping(document)}
        for code, _number, document in packages
    ]
    session.execute(insert(PackageVersion), versions)
