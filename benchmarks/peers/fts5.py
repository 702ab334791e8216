"""SQLite FTS5, everything in SQL: words ranked by its bm25 with weights, codes in a table of their own."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.peers.asked import COUNTED, TOP, WORD_WEIGHTS, Asked, Found, all_codes, passing
from netmap.search.backend import Document

TABLES = f"""
PRAGMA journal_mode = WAL;
CREATE VIRTUAL TABLE words USING fts5({", ".join(WORD_WEIGHTS)}, tokenize = 'unicode61 remove_diacritics 0');
CREATE TABLE document (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE code (number INTEGER PRIMARY KEY, field TEXT NOT NULL, code TEXT NOT NULL, UNIQUE (field, code));
CREATE TABLE of (document INTEGER, code INTEGER, PRIMARY KEY (document, code)) WITHOUT ROWID;
"""
HITS_ARE_FEW = """
INSERT INTO temp.hit (number) VALUES (0);
ANALYZE temp.hit;
UPDATE temp.sqlite_stat1 SET stat = '1000' WHERE tbl = 'hit';
ANALYZE temp.sqlite_master;
"""  # or SQLite reads all codes for a Bloom filter before it counts those of some hundred hits
WEIGHTS = ", ".join(map(str, WORD_WEIGHTS.values()))
Rows = Iterable[tuple[int, Document]]


class Fts5:
    """One database file."""

    name, changes = "SQLite FTS5", True

    def __init__(self, folder: Path) -> None:
        self._path = folder / "words.db"
        self._database: sqlite3.Connection | None = None

    @staticmethod
    def version() -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def build(self, documents: Sequence[Document]) -> None:
        database = sqlite3.connect(self._path)
        database.executescript(TABLES)
        _write(database, enumerate(documents))
        database.execute("INSERT INTO words (words) VALUES ('optimize')")
        database.commit()
        database.execute("ANALYZE")
        database.close()

    def open(self) -> "_Reader":
        return _Reader(self._path)

    def put(self, document: Document) -> None:
        if self._database is None:
            self._database = sqlite3.connect(self._path)
        with self._database as database:
            [number] = database.execute("SELECT number FROM document WHERE id = ?", [document.id]).fetchone()
            for table, column in (("words", "rowid"), ("of", "document")):
                database.execute(f"DELETE FROM {table} WHERE {column} = ?", [number])
            database.execute("DELETE FROM document WHERE number = ?", [number])
            _write(database, [(number, document)])

    def close(self) -> None:
        if self._database is not None:
            self._database.close()


def _write(database: sqlite3.Connection, rows: Rows) -> None:
    rows = list(rows)
    database.executemany("INSERT INTO document VALUES (?, ?)", ((number, one.id) for number, one in rows))
    places = ", ".join("?" * (len(WORD_WEIGHTS) + 1))
    database.executemany(
        f"INSERT INTO words (rowid, {', '.join(WORD_WEIGHTS)}) VALUES ({places})",
        ((number, *(" ".join(one.terms[name]) for name in WORD_WEIGHTS)) for number, one in rows),
    )
    codes = {key for _number, one in rows for key in all_codes(one)}
    database.executemany("INSERT OR IGNORE INTO code (field, code) VALUES (?, ?)", sorted(codes))
    numbers = _numbers(database)
    pairs = sorted({(number, numbers[key]) for number, one in rows for key in all_codes(one)})
    database.executemany("INSERT INTO of VALUES (?, ?)", pairs)


def _numbers(database: sqlite3.Connection) -> dict[tuple[str, str], int]:
    return {
        (field, code): number
        for number, field, code in database.execute("SELECT number, field, code FROM code")
    }


class _Reader:
    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        for setting in ("temp_store = MEMORY", "cache_size = -65536", "mmap_size = 1000000000"):
            self._database.execute(f"PRAGMA {setting}")
        columns = "".join(f", {field}_passes" for field in COUNTED)
        self._database.execute(f"CREATE TEMP TABLE hit (number INTEGER PRIMARY KEY, score REAL{columns})")
        self._database.executescript(HITS_ARE_FEW)
        self._numbers = _numbers(self._database)
        self._names = {number: key for key, number in self._numbers.items()}

    def ask(self, asked: Asked) -> Found:
        words = " OR ".join(f'"{term}"' for term in asked.terms)
        flags = {field: f"({self._has(field, codes)})" for field, codes in asked.only.items()}
        if not asked.counted:
            total, first = self._page(words, flags)
            return Found(total, first, {})
        self._keep(words, flags, asked)
        passes = " AND ".join(f"{field}_passes" for field in flags) or "1"
        rows = self._database.execute(
            "SELECT id, count(*) OVER () FROM temp.hit CROSS JOIN document USING (number) "
            f"WHERE {passes} ORDER BY score LIMIT {TOP}"
        ).fetchall()
        return Found(rows[0][1] if rows else 0, tuple(row[0] for row in rows), self._counts(asked))

    def _keep(self, words: str, flags: Mapping[str, str], asked: Asked) -> None:
        """Keep the hits of this question, which filter each passes, and only what some count needs."""
        where = ["words MATCH ?"]
        where += [
            flag for field, flag in flags.items() if all(field in only for _fields, only in asked.rounds())
        ]
        columns = "".join(f", {field}_passes" for field in flags)
        values = "".join(f", {flag}" for flag in flags.values())
        self._database.execute("DELETE FROM temp.hit")
        self._database.execute(
            f"INSERT INTO temp.hit (number, score{columns}) SELECT rowid, bm25(words, {WEIGHTS}){values} "
            f"FROM words WHERE {' AND '.join(where)}",
            [words],
        )

    def _page(self, words: str, flags: Mapping[str, str]) -> tuple[int, tuple[str, ...]]:
        where = " AND ".join(("words MATCH ?", *flags.values()))
        hit = f"SELECT rowid AS number, bm25(words, {WEIGHTS}) AS score FROM words WHERE {where}"
        rows = self._database.execute(
            f"WITH hit AS MATERIALIZED ({hit}), first AS (SELECT * FROM hit ORDER BY score LIMIT {TOP}) "
            "SELECT id, (SELECT count(*) FROM hit) FROM first JOIN document USING (number) ORDER BY score",
            [words],
        ).fetchall()
        return (rows[0][1] if rows else 0), tuple(row[0] for row in rows)

    def _has(self, field: str, codes: frozenset[str]) -> str:
        known = [self._numbers[field, code] for code in passing(codes) if (field, code) in self._numbers]
        codes = ", ".join(map(str, known))
        return f"EXISTS (SELECT 1 FROM of WHERE document = words.rowid AND code IN ({codes}))"

    def _counts(self, asked: Asked) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {field: {} for field in asked.counted}
        for fields, only in asked.rounds():
            own = [number for (field, _code), number in self._numbers.items() if field in fields]
            where = " AND ".join(f"{field}_passes" for field in only) or "1"
            rows = self._database.execute(
                "SELECT code, count(*) FROM temp.hit CROSS JOIN of ON of.document = hit.number "
                f"AND code BETWEEN {min(own)} AND {max(own)} WHERE {where} GROUP BY code"
            )
            for number, found in rows:
                field, code = self._names[number]
                if field in fields:
                    counts[field][code] = found
        return counts

    def refresh(self) -> None: ...

    def processes(self) -> Sequence[int]:
        return ()
