"""The report of an import: every table counted, every refused cell named, nothing dropped in silence."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from netmap.i18n import gettext as _

SHOWN = 80  # characters of a refused value
ROWS_NAMED = 20  # row numbers that one warning lists


@dataclass
class TableCount:
    """How the rows of one table fared; ``read`` counts rows of the file, the others count records."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed_in_source: int = 0


@dataclass(frozen=True)
class Rejected:
    """A row or a single cell that did not come in.

    ``row`` is the line in a spreadsheet (the header is 1) or the path in JSON ("services[3].phones[0]").
    """

    file: str
    row: int | str
    field: str
    value: str
    reason: str


@dataclass
class Report:
    """What an import did."""

    source: str
    tables: dict[str, TableCount] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._noted: dict[str, dict[int | str, None]] = defaultdict(dict)
        self._counted: Counter[str] = Counter()

    def table(self, name: str) -> TableCount:
        """Return the counts of one table, begun at its first mention."""
        return self.tables.setdefault(name, TableCount())

    def reject(self, file: str, row: int | str, field: str, value: object, reason: str) -> None:
        """Keep a row or a cell that did not come in, with a sentence that says why."""
        text = "" if value is None else str(value)
        shown = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
        self.rejected.append(Rejected(file, row, field, shown, reason))

    def warn(self, sentence: str) -> None:
        """Add one warning."""
        self.warnings.append(sentence)

    def note(self, sentence: str, row: int | str) -> None:
        """Say the same of one more row: one warning names all rows when `close` is called."""
        self._counted[sentence] += 1
        self._noted[sentence][row] = None

    def close(self) -> "Report":
        """Turn what was noted row by row into warnings, the most frequent first, and return the report."""
        for sentence, times in sorted(self._counted.items(), key=lambda item: (-item[1], item[0])):
            rows = list(self._noted[sentence])
            named = ", ".join(str(row) for row in rows[:ROWS_NAMED])
            if len(rows) > ROWS_NAMED:
                named = _("%(rows)s and %(more)s more", rows=named, more=len(rows) - ROWS_NAMED)
            values = {"sentence": sentence, "times": times, "rows": named}
            if times == 1:
                self.warn(_("%(sentence)s (row %(rows)s).", **values))
            else:
                self.warn(_("%(sentence)s (%(times)s times; rows %(rows)s).", **values))
        self._noted.clear()
        self._counted.clear()
        return self

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data, the counts of all tables added up at the top.

        Examples
        --------
        >>> report = Report("demo")
        >>> report.table("service").added += 2
        >>> report.as_dict()["added"], report.as_dict()["rejected"]
        (2, [])
        """
        tables = {name: asdict(count) for name, count in self.tables.items()}
        totals = {key: sum(count[key] for count in tables.values()) for key in asdict(TableCount())}
        rejected = [asdict(item) for item in self.rejected]
        shown = {"source": self.source, "tables": tables, **totals}
        return {**shown, "rejected": rejected, "warnings": list(self.warnings)}
