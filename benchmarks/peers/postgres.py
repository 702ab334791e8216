"""PostgreSQL: our own analysed words as a tsvector with GIN, codes as an array of numbers, counts in SQL."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import psycopg

from benchmarks.peers.asked import TOP, WORD_WEIGHTS, Asked, Found, all_codes, passing
from benchmarks.peers.cluster import Cluster, programs
from netmap.search.backend import Document

TABLES = """
CREATE TABLE code (number int PRIMARY KEY, field text NOT NULL, code text NOT NULL, UNIQUE (field, code));
CREATE TABLE document (id text NOT NULL, words tsvector NOT NULL, codes int[] NOT NULL);
"""
INDEXES = """
ALTER TABLE document ADD PRIMARY KEY (id);
CREATE INDEX ON document USING gin (words);
CREATE INDEX ON document USING gin (codes);
"""
LABELS = {"name": "A", "organisation": "B", "text": "D", "place": "D", "contact": "D"}
WEIGHTS = "{0.3333, 0.3333, 0.6667, 1}"  # of D, C, B, A: those of WORD_WEIGHTS in thirds


class Postgres:
    """A throw-away cluster; its address stands in the folder for readers."""

    name, changes = "PostgreSQL tsvector", True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cluster: Cluster | None = None
        self._database: psycopg.Connection | None = None

    @staticmethod
    def version() -> str:
        return f"PostgreSQL {programs().parts[-2]}, psycopg {psycopg.__version__}"

    def build(self, documents: Sequence[Document]) -> None:
        self._cluster = Cluster()
        (self._folder / "address").write_text(self._cluster.address, encoding="utf-8")
        self._database = psycopg.connect(self._cluster.address, autocommit=True)
        self._database.execute(TABLES)
        numbers = {
            key: number
            for number, key in enumerate(sorted({key for one in documents for key in all_codes(one)}))
        }
        with self._database.cursor().copy("COPY code FROM STDIN") as copy:
            for (field, code), number in numbers.items():
                copy.write_row((number, field, code))
        with self._database.cursor().copy("COPY document FROM STDIN") as copy:
            for one in documents:
                copy.write_row((one.id, _vector(one), [numbers[key] for key in all_codes(one)]))
        self._database.execute(INDEXES)
        self._database.execute("VACUUM ANALYZE")

    def open(self) -> "_Reader":
        return _Reader((self._folder / "address").read_text(encoding="utf-8"))

    def put(self, document: Document) -> None:
        assert self._database is not None
        fields, codes = zip(*all_codes(document), strict=True)
        self._database.execute(
            "UPDATE document SET words = %s::tsvector, codes = (SELECT array_agg(number) FROM code "
            "JOIN unnest(%s::text[], %s::text[]) AS own (field, code) USING (field, code)) WHERE id = %s",
            (_vector(document), list(fields), list(codes), document.id),
        )

    def size(self) -> int:
        """Return the bytes on disk."""
        return self._cluster.size() if self._cluster else 0

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
        if self._cluster is not None:
            self._cluster.stop()


def _vector(document: Document) -> str:
    """Return the words as PostgreSQL writes them, with places and the weight of their field."""
    found: dict[str, list[str]] = {}
    place = 0
    for field in WORD_WEIGHTS:
        for term in document.terms[field]:
            place += 1
            found.setdefault(term, []).append(f"{place}{LABELS[field]}")
    return " ".join(f"{_quoted(term)}:{','.join(places)}" for term, places in found.items())


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


class _Reader:
    def __init__(self, address: str) -> None:
        self._database = psycopg.connect(address, autocommit=True)
        rows = self._database.execute("SELECT number, field, code FROM code").fetchall()
        self._names = {number: (field, code) for number, field, code in rows}
        self._numbers = {key: number for number, key in self._names.items()}

    def ask(self, asked: Asked) -> Found:
        words = " | ".join(map(_quoted, asked.terms))
        flags = [f"codes && '{{{self._own(field, codes)}}}'::int[]" for field, codes in asked.only.items()]
        if not asked.counted:
            return self._page(words, flags)
        return self._counted(words, flags, asked)

    def _own(self, field: str, codes: frozenset[str]) -> str:
        known = [self._numbers[field, code] for code in passing(codes) if (field, code) in self._numbers]
        return ",".join(map(str, known))

    def _page(self, words: str, flags: Sequence[str]) -> Found:
        where = " AND ".join(("words @@ asked", *flags))
        rows = self._database.execute(
            f"SELECT id, count(*) OVER () FROM document, CAST(%s AS tsquery) AS asked WHERE {where} "
            f"ORDER BY ts_rank('{WEIGHTS}', words, asked) DESC LIMIT {TOP}",
            (words,),
        ).fetchall()
        return Found(rows[0][1] if rows else 0, tuple(row[0] for row in rows), {})

    def _counted(self, words: str, flags: Sequence[str], asked: Asked) -> Found:
        """Return page and counts from one statement over hits that are looked up once."""
        names, rounds = list(asked.only), asked.rounds()
        always = [
            flag
            for name, flag in zip(names, flags, strict=True)
            if all(name in only for _own, only in rounds)
        ]
        columns = "".join(f", {flag} AS {name}_passes" for name, flag in zip(names, flags, strict=True))
        passes = _all_of(names)
        counts = " UNION ALL ".join(
            f"SELECT c, count(*) FROM hit, unnest(codes) AS c WHERE {_all_of(only)} "
            f"AND c = ANY ('{{{self._range(own)}}}'::int[]) GROUP BY c"
            for own, only in rounds
        )
        rows = self._database.execute(
            "WITH hit AS MATERIALIZED (SELECT id, codes, ts_rank(%s, words, asked) AS score"
            f"{columns} FROM document, CAST(%s AS tsquery) AS asked "
            f"WHERE {' AND '.join(('words @@ asked', *always))}), "
            "first AS (SELECT id, score, count(*) OVER () AS total "
            f"FROM hit WHERE {passes} ORDER BY score DESC LIMIT {TOP}) "
            "SELECT id, NULL, total, score FROM first "
            f"UNION ALL SELECT NULL, counts.*, NULL FROM ({counts}) AS counts",
            (WEIGHTS, words),
        ).fetchall()
        first = sorted((row for row in rows if row[0] is not None), key=lambda row: -row[3])
        return Found(first[0][2] if first else 0, tuple(row[0] for row in first), self._by_field(asked, rows))

    def _range(self, fields: Sequence[str]) -> str:
        return ",".join(str(number) for number, (field, _code) in self._names.items() if field in fields)

    def _by_field(self, asked: Asked, rows: Iterable[Sequence[object]]) -> Mapping[str, Mapping[str, int]]:
        counts: dict[str, dict[str, int]] = {field: {} for field in asked.counted}
        for name, number, count, _score in rows:
            if name is None:
                field, code = self._names[number]  # type: ignore[index]
                counts[field][code] = count  # type: ignore[assignment]
        return counts

    def refresh(self) -> None: ...

    def processes(self) -> Sequence[int]:
        return (self._database.info.backend_pid,)


def _all_of(names: Iterable[str]) -> str:
    return " AND ".join(f"{name}_passes" for name in names) or "true"
