"""Whether the tables and fields that a map fills are there: the part of its check that knows the tables."""

from difflib import get_close_matches

from netmap.directory.hsds_names import FILES, READ_ELSEWHERE
from netmap.directory.hsds_tables import SPECS
from netmap.directory.reading.map_reading import LONGEST
from netmap.directory.reading.mapped import HOURS
from netmap.directory.reading.mapped_own import VIRTUAL
from netmap.directory.reading.maps import Map, MapTable
from netmap.errors import Invalid
from netmap.i18n import gettext as _


def check_map(made: Map) -> None:
    """Raise Invalid where a map fills a table or a field that HSDS does not have."""
    filled: dict[str, tuple[str, ...]] = {}
    for table in made.tables:
        filled[table.into] = (*filled.get(table.into, ()), *_named(table))
        known = fields_of(table.into)
        if known is None:
            tables = [*sorted({*FILES, *VIRTUAL})]
            raise _unknown(made, f"{table.key}, into", table.into, tables)
        for name in _named(table):
            if name not in known:
                raise _unknown(made, table.key, name, known)
    for into, names in filled.items():
        if into in FILES:
            sources = FILES[into].sources(names)
            lacking = [name for name in SPECS[FILES[into].table].columns_needed if name not in sources]
            if lacking:
                raise Invalid(
                    _(
                        "The map %(map)s fills %(table)s without %(lacking)s, which its rows need.",
                        map=made.name,
                        table=into,
                        lacking=", ".join(lacking),
                    )
                )


def _named(table: MapTable) -> list[str]:
    return list(dict.fromkeys([*table.fields, *(name for row in table.rows for name in row)]))


def fields_of(into: str) -> list[str] | None:
    """Return the fields that a map may fill in a table, or None where there is no such table.

    Examples
    --------
    >>> fields_of("service_types"), fields_of("cars")
    (['service_id', 'code'], None)
    """
    if into in VIRTUAL:
        return list(VIRTUAL[into])
    if into not in FILES:
        return None
    spec = FILES[into]
    known = {"id": None, **dict.fromkeys(SPECS[spec.table].fields()), **dict.fromkeys(spec.columns)}
    known |= dict.fromkeys(READ_ELSEWHERE.get(spec.table, set()) - {"unread"})
    if spec.table == "schedule":
        known[HOURS] = None
    return list(known)


def _unknown(made: Map, key: str, word: str, known: list[str]) -> Invalid:
    nearest = get_close_matches(word, known, n=1, cutoff=0.0)
    return Invalid(
        _(
            "The map %(map)s, %(key)s: there is no '%(word)s' in HSDS; the nearest is '%(nearest)s', all are "
            "%(known)s.",
            map=made.name,
            key=key[:LONGEST],
            word=word[:LONGEST],
            nearest=nearest[0] if nearest else "",
            known=", ".join(known)[:600],
        )
    )
