"""Which engines can be measured, by the name they are asked for on the command line."""

from importlib import import_module

from benchmarks.peers.asked import Engine

ENGINES = {
    "any_word": ("netmap_own", "AnyWord", "netmap, any word"),
    "netmap": ("netmap_own", "Netmap", "netmap as shipped"),
    "tantivy": ("tantivy_alone", "Tantivy", "tantivy"),
    "tantivy_one_field": ("tantivy_alone", "OneField", "tantivy, one field"),
    "bm25s": ("bm25s_numpy", "Bm25s", "bm25s + numpy"),
    "postgres": ("postgres", "Postgres", "PostgreSQL tsvector"),
    "fts5": ("fts5", "Fts5", "SQLite FTS5"),
    "whoosh": ("whoosh_alone", "Whoosh", "Whoosh alone"),
}
SAME = tuple(key for key in ENGINES if key != "netmap")  # those that answer one and the same boolean question

INDEXES = {"any_word": "netmap"}  # engines that ask the index of another one: it is built once


def title(key: str) -> str:
    """Return the name of an engine for people."""
    return ENGINES[key][2]


def engine(key: str) -> type[Engine]:
    """Return the class of an engine.

    Raises
    ------
    ImportError
        If it is not installed here.
    """
    module, name, _title = ENGINES[key]
    found: type[Engine] = getattr(import_module(f"benchmarks.peers.{module}"), name)
    found.version()
    return found
