"""A made-up county for the network: areas in districts, places near them, packages, demand and agreements.

The services are those of `made_up_providers.py`; they stand in one of the areas here, serve nobody knows whom,
their own area, their district or everybody, and a third of them has a recorded number of places.
"""

import random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.made_up import Rows
from benchmarks.made_up_providers import CHECKED, GROUPS, directory
from netmap.directory.models import (
    Area,
    Base,
    Location,
    Organization,
    Service,
    ServiceArea,
    ServiceCapacity,
    ServiceTypeLink,
    Tie,
)
from netmap.network.models import Demand
from netmap.packages.document import Document, Line, to_mapping
from netmap.packages.models import Package, PackageVersion
from netmap.vocabulary.terms import vocabulary

ACROSS, DOWN = 8, 5  # districts
LINES = 6
Made = dict[type[Base], list[dict[str, Any]]]


def county(services: int, areas: int, packages: int, seed: int = 20261127) -> Rows:
    """Return the rows of a whole county."""
    chance = random.Random(seed)
    made: Made = {table: list(found) for table, found in directory(services).items()}
    points = _areas(made, areas, chance)
    _places(made, points, chance)
    documents = [package(f"package_{number:03}", chance) for number in range(packages)]
    made[Package] = [{"code": one.code, "current": 1} for one in documents]
    made[PackageVersion] = [
        {"id": one.code, "package_code": one.code, "number": 1, "document": to_mapping(one)}
        for one in documents
    ]
    heads = {code: chance.randrange(200, 9000) for code in points}
    made[Demand] = [
        {
            "id": f"{one.code}-{code}", "area_code": code, "package_code": one.code,
            "clients": float(chance.randrange(heads[code] // 100 + 1)), "population": heads[code],
        }
        for one in documents
        for code in points
    ]  # fmt: skip
    firms = [row["id"] for row in made[Organization]]
    made[Tie] = [
        {
            "id": f"tie{number}", "organization_id": firm, "other_organization_id": other,
            "kind": "agreement", "begun": CHECKED, "last_contact": CHECKED,
        }
        for number, firm in enumerate(firms)
        if (other := chance.choice(firms)) != firm
    ]  # fmt: skip
    return made


def _areas(made: Made, count: int, chance: random.Random) -> dict[str, tuple[float, float]]:
    """Put districts with their areas in place of the areas; return the points of the areas."""
    districts = [
        (f"d{x}_{y}", 54 + 2 * y / DOWN, 23 + 3 * x / ACROSS) for x in range(ACROSS) for y in range(DOWN)
    ]
    rows = [{"code": code, "name": f"District {code}", "names": {}} for code, _south, _west in districts]
    points: dict[str, tuple[float, float]] = {}
    for number in range(count):
        home, south, west = districts[number % len(districts)]
        code = f"a{number}"
        points[code] = south + 2 / DOWN * chance.random(), west + 3 / ACROSS * chance.random()
        where = {"latitude": points[code][0], "longitude": points[code][1], "parent_code": home}
        rows.append({"code": code, "name": f"Area {number}", "names": {}, **where})
    made[Area] = [{"latitude": None, "longitude": None, "parent_code": None, **row} for row in rows]
    return points


def _places(made: Made, points: dict[str, tuple[float, float]], chance: random.Random) -> None:
    codes = list(points)
    parents = {row["code"]: row["parent_code"] for row in made[Area]}
    served: list[dict[str, Any]] = []
    places = zip(made[Service], made[Location], made[ServiceTypeLink], strict=True)
    for number, (service, place, link) in enumerate(places):
        home = chance.choice(codes)
        place["area_code"] = home
        place["latitude"], place["longitude"] = (
            round(value + 0.05 * (chance.random() - 0.5), 5) for value in points[home]
        )
        link["state"] = "confirmed" if chance.random() < 0.97 else "suggested"
        how = chance.random()
        if how < 0.08:
            place["location_type"] = "virtual"
        wide = {0: (), 1: (parents[home],), 2: tuple(dict.fromkeys(parents.values()))}
        chosen = wide[2] if how < 0.02 else wide[1] if how < 0.6 else (home,) if how < 0.65 else ()
        served += [
            {"id": f"v{number}-{one}", "service_id": service["id"], "area_code": one} for one in chosen if one
        ]
    made[ServiceArea] = served
    thirds = made[Service][::3]
    made[ServiceCapacity] += [
        {"id": f"m{row['id']}", "service_id": row["id"], "maximum": float(chance.randrange(5, 200))}
        for row in thirds
    ]
    made[ServiceCapacity] = [{"wait_days": None, "maximum": None, **row} for row in made[ServiceCapacity]]


def package(code: str, chance: random.Random) -> Document:
    """Return a made-up package of six lines."""
    needs, types = sorted(vocabulary().needs), sorted(vocabulary().service_types)
    chosen = chance.sample(needs, LINES)
    lines = tuple(
        Line(
            f"line_{place}", need, chance.choice(types), {}, {need: 1.0},
            duration=chance.choice(("", "", "once", "long")), required=chance.random() < 0.8,
        )
        for place, need in enumerate(chosen)
    )  # fmt: skip
    return Document(
        code, {"en": code}, {"en": "Plan"}, {}, dict.fromkeys(chosen[:3], 0.5), lines,
        required=(chance.choice(GROUPS),) if chance.random() < 0.4 else (),
        languages=("uk", "ru") if chance.random() < 0.4 else (),
        budget=chance.choice((None, 0.0, 10.0)),
        hours=("MO-FR 17:00-20:00",) if chance.random() < 0.2 else (),
    )  # fmt: skip


def fill(session: Session, services: int, areas: int, packages: int) -> None:
    """Put a county into an empty database."""
    made = county(services, areas, packages)
    for table in Base.metadata.sorted_tables:
        for model, values in made.items():
            if model.__tablename__ == table.name and values:
                session.execute(insert(model), values)
