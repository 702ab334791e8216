"""How fast 10,000 services are searched: netmap's engine beside SQLite FTS5 and, where installed, tantivy.

    python -m benchmarks.search [--services 10000] [--rounds 5]

Every engine gets the same analysed terms of the same made-up services (benchmarks/made_up.py) and the same
questions, in the same run, one after another in each round. The figures are medians over rounds. Totals
differ: netmap leaves out what shares only the commonest words. "Whole answer" is `find` with the database,
the question understood before: ranking, the rows of 20 results and their reasons.
"""

import argparse
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.made_up import fill, questions
from netmap.app import import_all_models
from netmap.config import Settings
from netmap.db import Base, now, open_engine, open_session, transaction
from netmap.directory.asking import words_by_term
from netmap.directory.documents import all_documents
from netmap.directory.find import Question, find
from netmap.search.backend import Document, Query
from netmap.search.whoosh_backend import FIELD_WEIGHTS, WhooshBackend

Search = Callable[[Sequence[str], str | None], int]


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
            where, values = f"{where} AND +rowid IN (SELECT document FROM area WHERE code = ?)", [asked, area]
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


def compare(engines: dict[str, Search], asked: Sequence[Sequence[str]], rounds: int) -> None:
    """Print the engines beside each other, without and with a filter, every term asked for before."""
    for title, area in (("top 20 and the total", None), ("the same within one area", "a3")):
        found = {name: [search(terms, area) for terms in asked] for name, search in engines.items()}
        samples: dict[str, list[list[float]]] = {name: [] for name in engines}
        for _round in range(rounds):
            for name, search in engines.items():
                works = [partial(search, terms, area) for terms in asked]
                samples[name].append([timed(work) for work in works])
        show(f"Engines alone, {title}", samples, "netmap")
        print(
            "found on average: " + ", ".join(f"{name} {statistics.mean(found[name]):.0f}" for name in engines)
        )


def cold(root: Path, asked: Sequence[Sequence[str]], rounds: int) -> None:
    """Print what a question takes whose terms nobody has asked for since the index changed."""
    samples, opening = [], []
    for _round in range(rounds):
        search = netmap_engine(WhooshBackend(root))
        opening.append(timed(partial(search, ("zzz",), None)))
        works = [partial(search, terms, None) for terms in asked]
        samples.append([timed(work) for work in works])
    title = f"Terms asked for the first time (opening the index takes {statistics.median(opening):.0f} ms)"
    show(title, {"netmap": samples}, "netmap")


def answers(
    engine: Any, settings: Settings, backend: WhooshBackend, asked: Sequence[str], rounds: int
) -> None:
    """Print what a whole answer takes."""
    kinds: dict[str, dict[str, Any]] = {
        "words": {},
        "words, near a point": {"near": (55.0, 24.5), "within_km": 40.0},
        "words, open at a moment": {"open_at": now()},
    }
    samples: dict[str, list[list[float]]] = {name: [] for name in kinds}
    with open_session(engine, reading=True) as session:
        for text in asked:
            find(session, backend, settings, Question(text))
        for _round in range(rounds):
            for name, values in kinds.items():
                works = [
                    partial(find, session, backend, settings, Question(text, **values)) for text in asked
                ]
                samples[name].append([timed(work) for work in works])
    show("Whole answer with 20 results", samples, "words")


def changes(backend: WhooshBackend, documents: Sequence[Document]) -> None:
    """Print how long a changed service takes to be written and to be seen."""
    written, seen = [], []
    for number in range(10):
        written.append(timed(partial(backend.put, documents[number : number + 1])))
        seen.append(timed(partial(backend.search, Query(("zzz",)))))
    print(
        f"one changed service: written in {statistics.median(written):.0f} ms, "
        f"seen by the first search after it, which takes {statistics.median(seen[1:]):.0f} ms"
    )


def run(folder: Path, services: int, rounds: int) -> None:
    """Make the data, then print all tables."""
    settings = Settings(data_dir=folder)
    engine = open_engine(settings.database())
    Base.metadata.create_all(engine)
    with transaction(engine) as session:
        fill(session, services)
    documents: list[Document] = []
    with open_session(engine, reading=True) as session:
        analysis = timed(lambda: documents.extend(all_documents(session)))
    backend = WhooshBackend(settings.index_dir())
    building = timed(partial(backend.rebuild, documents))
    engines = {"netmap": netmap_engine(backend), "SQLite FTS5": fts5_engine(documents, folder / "fts.db")}
    if (tantivy := tantivy_engine(documents, folder / "tantivy")) is not None:
        engines["tantivy"] = tantivy
    asked = questions()
    terms = [tuple(words_by_term(text)) for text in asked]
    words = statistics.mean(sum(map(len, one.terms.values())) for one in documents)
    print(f"{services} services of {words:.0f} terms, {len(asked)} questions, {rounds} rounds")
    print(f"{os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}", end=", ")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    print(f"analysis of all {analysis / 1000:.1f} s, writing the index {building / 1000:.1f} s")
    compare(engines, terms, rounds)
    cold(settings.index_dir(), terms, rounds)
    answers(engine, settings, backend, asked, rounds)
    changes(backend, documents)
    engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    import_all_models()
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), given.services, given.rounds)


if __name__ == "__main__":
    main()
