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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.app import import_all_models
from netmap.db import Base, open_engine, transaction
from netmap.directory import typing as room
from netmap.directory.hsds import import_path
from netmap.directory.models import Service, ServiceTypeLink
from netmap.directory.typing_model import text_model
from netmap.directory.typing_rows import languages_in, terms_of, texts_of
from netmap.directory.typing_terms import votes

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "tests" / "directory" / "us_dc_gold.csv"
WASHINGTON = ROOT.parent / "shared" / "data" / "us_dc_2022_07"
STEPS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8)

Candidates = list[tuple[str, float]]
Suggest = Callable[[str], Candidates]
Gold = Mapping[str, Sequence[str]]


def gold() -> dict[str, list[str]]:
    """Return the types of the hand-typed services by their ids in the source, in the order of the ids."""
    with GOLD.open(encoding="utf-8", newline="") as file:
        rows = {
            row["service_id"]: row["types"].split("|") if row["types"] else [] for row in csv.DictReader(file)
        }
    return dict(sorted(rows.items()))


def figures(wanted: Gold, suggest: Suggest) -> dict[str, float]:
    """Return precision, that of the first suggestion, recall, and the share of services with a suggestion."""
    given = {service: [code for code, _confidence in suggest(service)] for service in wanted}
    right = sum(code in wanted[service] for service, some in given.items() for code in some)
    covered = [service for service, some in given.items() if some]
    first = sum(given[service][0] in wanted[service] for service in covered)
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

    def __init__(self, session: Session, ids: Mapping[str, str], *, learn: bool = True) -> None:
        self.texts = texts_of(session)
        self.terms = terms_of(session)
        self.reading = text_model(languages_in(self.texts.values())).read(self.texts, learn=learn)
        self.ids = ids

    def ranked(self, key: str) -> Candidates:
        service = self.ids[key]
        return room.ranked(self.reading, service, votes(self.terms.get(service, [])))

    def both(self, key: str) -> Candidates:
        return room.enough(self.ranked(key))

    def text(self, key: str) -> Candidates:
        return room.enough(room.ranked(self.reading, self.ids[key], {}))

    def table(self, key: str) -> Candidates:
        found = [(code, vote.confidence) for code, vote in votes(self.terms.get(self.ids[key], [])).items()]
        return sorted(found, key=lambda one: (-one[1], one[0]))[: room.MOST_TYPES]

    def above(self, least: float) -> Suggest:
        return lambda key: [one for one in self.ranked(key)[: room.MOST_TYPES] if one[1] >= least]


def washington(session: Session, *, wrong: bool) -> None:
    import_path(session, WASHINGTON, source="us_dc_2022_07")
    started = time.perf_counter()
    result = room.suggest_types(session)
    first = time.perf_counter() - started
    started = time.perf_counter()
    room.suggest_types(session)
    print(f"Washington: {result}")
    print(f"  first run {first:.1f} s (loads and trains), next run {time.perf_counter() - started:.1f} s")
    ids = {str(key): id_ for key, id_ in session.execute(select(Service.source_key, Service.id))}
    place, plain = Directory(session, ids), Directory(session, ids, learn=False)
    types = list(gold().items())
    for half, wanted in (("choosing half", dict(types[0::2])), ("held-out half", dict(types[1::2]))):
        print(
            f"{half}: {len(wanted)} services, {sum(not some for some in wanted.values())} of them of no type"
        )
        show("table alone, every vote", figures(wanted, place.table))
        show("text alone", figures(wanted, place.text))
        show("both = what netmap suggests", figures(wanted, place.both))
        show("both, without the second round", figures(wanted, plain.both))
        for least in STEPS:
            show(f"  all from confidence {least}", figures(wanted, place.above(least)))
    if wrong:
        list_wrong(session, dict(types[0::2]), place)


def list_wrong(session: Session, wanted: Gold, place: Directory) -> None:
    for key, types in wanted.items():
        for code, confidence in place.both(key):
            if code not in types:
                name = session.get_one(Service, place.ids[key]).name
                evidence = place.reading.evidence(place.ids[key], code)
                print(f"  {name[:50]} | {'|'.join(types)} | {code} {confidence:.2f} “{evidence}”")


def demo(session: Session) -> None:
    import_path(session, ROOT / "seeds" / "demo", source="demo")
    wanted: dict[str, list[str]] = {}
    for link in session.scalars(select(ServiceTypeLink).where(ServiceTypeLink.state == "confirmed")):
        wanted.setdefault(link.service_id, []).append(link.code)
    place = Directory(session, {service: service for service in wanted})
    print(f"Demo county, text alone, {len(wanted)} services")
    groups: dict[str, dict[str, list[str]]] = {}
    for service, types in wanted.items():
        groups.setdefault(place.texts[service].languages[0], {})[service] = types
    for language, some in [*sorted(groups.items()), ("all", wanted)]:
        show(f"{language} ({len(some)})", figures(some, place.text))


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
