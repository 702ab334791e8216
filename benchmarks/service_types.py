"""How well service types are suggested, against types that people gave by hand.

    python benchmarks/service_types.py [--wrong]

Two yardsticks. (1) 150 services of Washington (../shared/data/us_dc_2022_07), typed by two readers
(tests/directory/us_dc_gold.csv: same set 124 of 150, same main type 144). The even positions of the sorted
ids chose the variant, the curve of confidence and the threshold; the odd ones were only measured. (2) The
demo county in four languages (seeds/demo), whose texts were written without a look at the phrases; its types
are not shown to the model. `--wrong` lists the wrong suggestions of the choosing half.
"""

import argparse
import csv
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.app import import_all_models
from netmap.db import Base, open_engine, transaction
from netmap.directory import typing as room
from netmap.directory.hsds import import_path
from netmap.directory.models import Service, ServiceTypeLink
from netmap.directory.typing_model import Reading, text_model
from netmap.directory.typing_terms import votes

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "tests" / "directory" / "us_dc_gold.csv"
WASHINGTON = ROOT.parent / "shared" / "data" / "us_dc_2022_07"
STEPS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8)

Suggest = Callable[[str], list[room.Suggestion]]
Gold = Mapping[str, Sequence[str]]


def gold() -> dict[str, list[str]]:
    """Return the types of the hand-typed services by their ids in the source, in the order of the ids."""
    with GOLD.open(encoding="utf-8", newline="") as file:
        rows = {
            row["service_id"]: row["types"].split("|") if row["types"] else [] for row in csv.DictReader(file)
        }
    return dict(sorted(rows.items()))


def figures(wanted: Gold, suggest: Suggest, least: float) -> dict[str, float]:
    """Return precision, that of the first suggestion, recall, and the share of services with a suggestion."""
    given = {service: [one for one in suggest(service) if one.confidence >= least] for service in wanted}
    right = sum(one.code in wanted[service] for service, some in given.items() for one in some)
    covered = [service for service, some in given.items() if some]
    first = sum(given[service][0].code in wanted[service] for service in covered)
    number = sum(len(some) for some in given.values())
    return {
        "suggestions": number,
        "precision": right / max(number, 1),
        "first": first / max(len(covered), 1),
        "recall": right / max(sum(len(types) for types in wanted.values()), 1),
        "coverage": len(covered) / max(len(wanted), 1),
    }


def show(title: str, found: Mapping[str, float]) -> None:
    numbers = "  ".join(f"{name} {found[name]:.2f}" for name in ("precision", "first", "recall", "coverage"))
    print(f"  {title:<34} n {found['suggestions']:>3.0f}  {numbers}")


class Directory:
    """An imported directory and the ways to suggest types for its services."""

    def __init__(self, session: Session, *, learn: bool = True) -> None:
        self.texts = room._texts(session)
        self.terms = room._terms(session)
        started = time.perf_counter()
        self.reading: Reading = text_model(room._languages(self.texts.values())).read(self.texts, learn=learn)
        self.seconds = time.perf_counter() - started
        self.ids = dict(session.execute(select(Service.source_key, Service.id)).tuples().all())

    def both(self, key: str) -> list[room.Suggestion]:
        service = self.ids[key]
        return room._suggestions(self.reading, service, votes(self.terms.get(service, [])), set())

    def text(self, key: str) -> list[room.Suggestion]:
        return room._suggestions(self.reading, self.ids[key], {}, set())

    def table(self, key: str) -> list[room.Suggestion]:
        found = votes(self.terms.get(self.ids[key], []))
        some = [
            room.Suggestion(code, vote.confidence, vote.term, True, False) for code, vote in found.items()
        ]
        return sorted(some, key=lambda one: (-one.confidence, one.code))[: room.MOST_TYPES]


def washington(session: Session, *, wrong: bool) -> None:
    import_path(session, WASHINGTON, source="us_dc_2022_07")
    started = time.perf_counter()
    result = room.suggest_types(session)
    first = time.perf_counter() - started
    started = time.perf_counter()
    room.suggest_types(session)
    print(f"Washington: {result}")
    print(f"  first run {first:.1f} s (loads and trains), next run {time.perf_counter() - started:.1f} s")
    types, place = gold(), Directory(session)
    halves = (
        ("choosing half", dict(list(types.items())[0::2])),
        ("held-out half", dict(list(types.items())[1::2])),
    )
    plain = Directory(session, learn=False)
    for half, wanted in halves:
        print(
            f"{half}: {len(wanted)} services, {sum(not some for some in wanted.values())} of them of no type"
        )
        for way in ("table", "text", "both"):
            least = 0.0 if way == "table" else room.LEAST_CONFIDENCE
            show(f"{way}, from {least}", figures(wanted, getattr(place, way), least))
        show("both, without the second round", figures(wanted, plain.both, room.LEAST_CONFIDENCE))
        room_least, room.LEAST_CONFIDENCE = room.LEAST_CONFIDENCE, 0.0
        for least in STEPS:
            show(f"both, from {least}", figures(wanted, place.both, least))
        room.LEAST_CONFIDENCE = room_least
    if wrong:
        list_wrong(session, halves[0][1], place)


def list_wrong(session: Session, wanted: Gold, place: Directory) -> None:
    for key, types in wanted.items():
        for one in place.both(key):
            if one.code not in types:
                name = session.get_one(Service, place.ids[key]).name
                print(f"  {name[:50]} | {'|'.join(types)} | {one.code} {one.confidence:.2f} {one.evidence}")


def demo(session: Session) -> None:
    import_path(session, ROOT / "seeds" / "demo", source="demo")
    links = session.scalars(select(ServiceTypeLink).where(ServiceTypeLink.state == "confirmed")).all()
    wanted: dict[str, list[str]] = {}
    for link in links:
        wanted.setdefault(link.service_id, []).append(link.code)
    place = Directory(session)
    place.ids = {service: service for service in wanted}
    print(f"Demo county, text only, {len(wanted)} services")
    languages = sorted({place.texts[service].languages[0] for service in wanted})
    groups: Iterable[tuple[str, Gold]] = [
        (language, {one: types for one, types in wanted.items() if place.texts[one].languages[0] == language})
        for language in languages
    ]
    for language, some in [*groups, ("all", wanted)]:
        show(f"{language} ({len(some)})", figures(some, place.text, room.LEAST_CONFIDENCE))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--wrong", action="store_true", help="list the wrong suggestions of the choosing half"
    )
    asked = parser.parse_args()
    import_all_models()
    with tempfile.TemporaryDirectory() as folder:
        for name, measure in (("w", lambda session: washington(session, wrong=asked.wrong)), ("d", demo)):
            engine = open_engine(f"sqlite:///{folder}/{name}.db")
            Base.metadata.create_all(engine)
            with transaction(engine) as session:
                measure(session)
            engine.dispose()


if __name__ == "__main__":
    main()
