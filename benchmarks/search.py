"""How fast 10,000 services are searched: netmap's engine beside SQLite FTS5 and, where installed, tantivy.

    python -m benchmarks.search [--services 10000] [--rounds 5]

Every engine gets the same analysed terms of the same made-up services (phrases of providers in four languages,
drawn with a fixed seed) and the same questions, in the same run, one after another in each round. The figures
are medians over rounds. "cold" asks each term for the first time after a change of the index. "whole answer" is
`find` with the database: understanding, ranking, the rows of 20 results and their reasons.
"""

import argparse
import csv
import os
import platform
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from netmap.app import import_all_models
from netmap.config import Settings
from netmap.db import Base, now, open_engine, open_session, transaction
from netmap.directory.asking import words_by_term
from netmap.directory.documents import all_documents
from netmap.directory.find import Question, find
from netmap.directory.models import (
    Area,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceTypeLink,
)
from netmap.search.backend import Document, Query
from netmap.search.whoosh_backend import FIELD_WEIGHTS, WhooshBackend

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("en", "ru", "uk", "lt")
AREAS = 40
Search = Callable[[Sequence[str], str | None], int]


def phrases() -> list[tuple[str, str, str]]:
    """Return (language, service type, phrase) of providers."""
    found = []
    for language in LANGUAGES:
        path = ROOT / "seeds" / "vocabulary" / "provider_phrases" / f"{language}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            found += [(language, row["service_type"], row["phrase"]) for row in csv.DictReader(file)]
    return found


def questions() -> list[str]:
    """Return questions as people type them."""
    with (ROOT / "tests" / "vocabulary" / "questions.csv").open(encoding="utf-8", newline="") as file:
        return [row["query"] for row in csv.DictReader(file)]


def fill(session: Any, count: int) -> None:
    """Make services with places and hours: three phrases of their type and two of any other, in one language."""
    chance = random.Random(7)
    by_type: dict[tuple[str, str], list[str]] = {}
    by_language: dict[str, list[str]] = {}
    for language, code, phrase in phrases():
        by_type.setdefault((language, code), []).append(phrase)
        by_language.setdefault(language, []).append(phrase)
    keys = sorted(by_type)
    session.execute(
        insert(Area),
        [{"code": f"a{n}", "name": f"Area {n}", "names": {}, "derived": False} for n in range(AREAS)],
    )
    session.execute(
        insert(Organization), [{"id": f"o{n}", "name": f"Firm {n}"} for n in range(count // 4 + 1)]
    )
    rows: dict[Any, list[dict[str, Any]]] = {
        Service: [],
        Location: [],
        ServiceAtLocation: [],
        ServiceTypeLink: [],
        Schedule: [],
    }
    for n in range(count):
        language, code = chance.choice(keys)
        own, other = by_type[language, code], by_language[language]
        text = ". ".join([*chance.choices(own, k=3), *chance.choices(other, k=2)])
        name = " ".join(chance.choice(own).split()[:5])
        rows[Service].append(
            {"id": f"s{n}", "organization_id": f"o{n // 4}", "name": name, "description": text, "status": "active",
             "text_language": language}
        )  # fmt: skip
        rows[Location].append(
            {"id": f"l{n}", "latitude": 54 + 2 * chance.random(), "longitude": 23 + 3 * chance.random(),
             "area_code": f"a{chance.randrange(AREAS)}", "location_type": "physical"}
        )  # fmt: skip
        rows[ServiceAtLocation].append({"id": f"p{n}", "service_id": f"s{n}", "location_id": f"l{n}"})
        state = "confirmed" if chance.random() < 0.5 else "suggested"
        rows[ServiceTypeLink].append({"service_id": f"s{n}", "code": code, "state": state})
        rows[Schedule].append(
            {
                "service_id": f"s{n}",
                "freq": "WEEKLY",
                "byday": "MO,TU,WE",
                "opens_at": "09:00",
                "closes_at": "17:00",
            }
        )
    for table, values in rows.items():
        session.execute(insert(table), values)


def netmap_engine(backend: WhooshBackend) -> Search:
    """Return netmap's search: top 20 and the total."""

    def search(terms: Sequence[str], area: str | None) -> int:
        return backend.search(Query(tuple(terms), only_areas=frozenset({area} if area else ()))).total

    return search


def fts5_engine(documents: Sequence[Document], path: Path) -> Search:
    """Return SQLite's search over the same terms: top 20 and the total."""
    database = sqlite3.connect(path)
    database.execute(
        "CREATE VIRTUAL TABLE words USING fts5(name, organisation, text, place, tokenize='unicode61')"
    )
    database.execute(
        "CREATE TABLE area (code TEXT, document INTEGER, PRIMARY KEY (code, document)) WITHOUT ROWID"
    )
    for number, document in enumerate(documents):
        row = [" ".join(document.terms[name]) for name in FIELD_WEIGHTS]
        database.execute(
            "INSERT INTO words (rowid, name, organisation, text, place) VALUES (?, ?, ?, ?, ?)",
            (number, *row),
        )
        database.executemany(
            "INSERT OR IGNORE INTO area VALUES (?, ?)", [(code, number) for code in document.areas]
        )
    database.commit()
    weights = ", ".join(str(weight) for weight in FIELD_WEIGHTS.values())

    def search(terms: Sequence[str], area: str | None) -> int:
        asked = " OR ".join(f'"{term}"' for term in terms)
        where, values = "words MATCH ?", [asked]
        if area:
            where, values = f"{where} AND rowid IN (SELECT document FROM area WHERE code = ?)", [asked, area]
        database.execute(
            f"SELECT rowid FROM words WHERE {where} ORDER BY bm25(words, {weights}) LIMIT 20", values
        ).fetchall()
        return int(database.execute(f"SELECT count(*) FROM words WHERE {where}", values).fetchone()[0])

    return search


def tantivy_engine(documents: Sequence[Document], path: Path) -> Search | None:
    """Return tantivy's search over the same terms: top 20 and the total; None where it is not installed."""
    try:
        import tantivy
    except ImportError:
        return None
    builder = tantivy.SchemaBuilder()
    for name in FIELD_WEIGHTS:
        builder.add_text_field(name, tokenizer_name="whitespace")
    builder.add_text_field("area", tokenizer_name="raw")
    schema = builder.build()
    path.mkdir()
    index = tantivy.Index(schema, path=str(path))
    writer = index.writer(num_threads=1)
    for document in documents:
        made = tantivy.Document()
        for name in FIELD_WEIGHTS:
            made.add_text(name, " ".join(document.terms[name]))
        for code in document.areas:
            made.add_text("area", code)
        writer.add_document(made)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(terms: Sequence[str], area: str | None) -> int:
        words = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(tantivy.Query.term_query(schema, name, term), weight),
            )
            for term in terms
            for name, weight in FIELD_WEIGHTS.items()
        ]
        query = tantivy.Query.boolean_query(words)
        if area:
            placed = tantivy.Query.const_score_query(tantivy.Query.term_query(schema, "area", area), 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, placed)])
        return int(searcher.search(query, 20, count=True).count)

    return search


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def show(title: str, samples: dict[str, list[list[float]]], first: str) -> None:
    """Print p50 and p95 of each engine (median over rounds) and the ratio to the first."""
    print(f"\n{title}")
    print(f"{'':<34}{'p50 ms':>9}{'p95 ms':>9}{'p50 : ' + first:>18}")
    middle = {
        name: statistics.median(statistics.median(part) for part in parts) for name, parts in samples.items()
    }
    for name, parts in samples.items():
        high = statistics.median(statistics.quantiles(part, n=20)[18] for part in parts)
        print(f"{name:<34}{middle[name]:>9.2f}{high:>9.2f}{middle[name] / middle[first]:>18.2f}")


def compare(engines: dict[str, Search], asked: Sequence[Sequence[str]], rounds: int, root: Path) -> None:
    """Print the engines beside each other, warm and cold, without and with a filter."""
    for title, area in (("top 20 and the total", None), ("the same within one area", "a3")):
        samples: dict[str, list[list[float]]] = {name: [] for name in engines}
        totals = {name: [search(terms, area) for terms in asked] for name, search in engines.items()}
        for search in engines.values():
            for terms in asked:
                search(terms, area)
        for _round in range(rounds):
            for name, search in engines.items():
                samples[name].append([timed(lambda s=search, t=terms: s(t, area)) for terms in asked])
        show(f"Engines alone, {title}", samples, "netmap")
    cold = []
    for _round in range(rounds):
        search = netmap_engine(WhooshBackend(root))
        opening = timed(lambda s=search: s(("zzz",), None))
        cold.append([timed(lambda s=search, t=terms: s(t, None)) for terms in asked])
    show(
        f"After a change of the index, each term for the first time (opening it: {opening:.0f} ms)",
        {"netmap": cold},
        "netmap",
    )


def answers(
    engine: Any, settings: Settings, backend: WhooshBackend, asked: Sequence[str], rounds: int
) -> None:
    """Print what a whole answer takes."""
    kinds: dict[str, dict[str, Any]] = {
        "words": {},
        "words, near a point": {"near": (55.0, 24.5), "within_km": 40.0},
        "words, open at a moment": {"open_at": now()},
    }
    samples: dict[str, list[list[float]]] = {}
    with open_session(engine, reading=True) as session:
        for text in asked:
            find(session, backend, settings, Question(text))
        for name, values in kinds.items():
            for _round in range(rounds):
                part = [
                    timed(lambda t=t, v=values: find(session, backend, settings, Question(t, **v)))
                    for t in asked
                ]
                samples.setdefault(name, []).append(part)
    show("Whole answer with 20 results", samples, "words")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    import_all_models()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        engine = open_engine(settings.database())
        Base.metadata.create_all(engine)
        with transaction(engine) as session:
            fill(session, given.services)
        with open_session(engine, reading=True) as session:
            documents: list[Document] = []
            analysis = timed(lambda: documents.extend(all_documents(session)))
        backend = WhooshBackend(settings.index_dir())
        building = timed(lambda: backend.rebuild(documents))
        engines: dict[str, Search] = {
            "netmap": netmap_engine(backend),
            "SQLite FTS5": fts5_engine(documents, Path(folder) / "fts.db"),
        }
        if (tantivy := tantivy_engine(documents, Path(folder) / "tantivy")) is not None:
            engines["tantivy"] = tantivy
        asked = questions()
        terms = [tuple(words_by_term(text)) for text in asked]
        words = statistics.mean(sum(map(len, one.terms.values())) for one in documents)
        print(
            f"{given.services} services, {words:.0f} terms each, {len(asked)} questions, {given.rounds} rounds; "
            f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
        )
        print(f"analysis of all {analysis / 1000:.1f} s, writing the index {building / 1000:.1f} s")
        change, seen = [], []
        for number in range(10):
            change.append(timed(lambda n=number: backend.put(documents[n : n + 1])))
            seen.append(timed(lambda: backend.search(Query(("zzz",)))))
        print(
            f"changing one service {statistics.median(change):.0f} ms, "
            f"the first search after it {statistics.median(seen):.0f} ms, first of a process {seen[0]:.0f} ms"
        )
        compare(engines, terms, given.rounds, settings.index_dir())
        answers(engine, settings, backend, asked, given.rounds)
        engine.dispose()


if __name__ == "__main__":
    main()
