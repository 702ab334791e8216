"""Rows of many tables as they are found; what is the same record under the same id becomes one row."""

from netmap.directory.csvfiles import CsvFile, Place
from netmap.directory.report import Report
from netmap.i18n import gettext as _

CORE = {"organizations", "services", "locations", "taxonomies", "taxonomy_terms", "programs", "units"}
Cells = dict[str, str]


class Tables:
    """Collects rows, by file and table."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._rows: dict[tuple[str, str], list[tuple[Place, Cells]]] = {}
        self._by_id: dict[tuple[str, str], list[Cells]] = {}
        self._columns: dict[tuple[str, str], dict[str, None]] = {}

    def add(self, file: str, table: str, place: Place, cells: Cells) -> None:
        """Keep a row, or put it together with the row that has its id already.

        In tables where an id means one thing the first value of a cell stays and others are told; elsewhere
        a row that says something else is a row of its own.
        """
        group = (file, table)
        self._columns.setdefault(group, {}).update(dict.fromkeys(cells))
        if key := cells.get("id"):
            twins = self._by_id.setdefault((table, key), [])
            for twin in twins:
                differing = [name for name, text in cells.items() if text and twin.get(name, text) != text]
                differing = [name for name in differing if twin[name]]
                if not differing or table in CORE:
                    self._tell(file, table, place, differing)
                    twin.update({name: text for name, text in cells.items() if text and not twin.get(name)})
                    return
            twins.append(cells)
        self._rows.setdefault(group, []).append((place, cells))

    def _tell(self, file: str, table: str, place: Place, differing: list[str]) -> None:
        for name in differing:
            sentence = _(
                "%(file)s, %(table)s: an id comes again with another %(field)s; the first was kept",
                file=file,
                table=table,
                field=name,
            )
            self._report.note(sentence, place)

    def files(self) -> list[CsvFile]:
        """Return the tables."""
        found = []
        for (file, table), rows in self._rows.items():
            columns = dict.fromkeys(self._columns[file, table])
            for _place, cells in rows:
                columns.update(dict.fromkeys(cells))
            names = tuple(columns)
            cells_of = [(place, [cells.get(name, "") for name in names]) for place, cells in rows]
            found.append(CsvFile(f"{file}, {table}", names, cells_of, table))
        return found
