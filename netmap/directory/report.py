"""The report of an import: every table counted, every refused cell named, nothing dropped in silence."""

from collections import Counter, defaultdict
from collections.abc import Mapping
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


@dataclass(frozen=True)
class Renamed:
    """A record that its source calls otherwise now: by another key, another name, or both.

    ``source_key`` and ``name`` are before and after. ``why`` holds codes: "key" where the key stayed, else
    what the two have in common (`netmap.directory.likeness`).
    """

    table: str
    id: str
    source_key: tuple[str, str]
    name: tuple[str, str]
    why: tuple[str, ...]
    confidence: float

    def as_dict(self) -> dict[str, Any]:
        """Return this as plain data, with the reasons as words too."""
        both = {name: dict(zip(("before", "after"), getattr(self, name), strict=True)) for name in BOTH}
        told = {"why": ", ".join(reason_words()[code] for code in self.why), "reasons": list(self.why)}
        return {"table": self.table, "id": self.id, **both, **told, "confidence": self.confidence}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Renamed":
        """Return what `as_dict` gave."""
        key, name = ((told[one]["before"], told[one]["after"]) for one in BOTH)
        return cls(told["table"], told["id"], key, name, tuple(told["reasons"]), told["confidence"])


BOTH = ("source_key", "name")
MANY_GONE = 0.2  # share of the records of a table that an import may take out without asking


def reason_words() -> Mapping[str, str]:
    """Return why two records are taken for one: code -> words."""
    return {
        "key": _("the same key"),
        "words": _("the same words"),
        "name": _("the same name"),
        "name_like": _("a similar name"),
        "text": _("the same description"),
        "text_like": _("a similar description"),
        "within": _("the same organisation"),
        "numbers": _("the same telephone number"),
        "addresses": _("the same address"),
        "links": _("the same web or e-mail address"),
        "holds": _("the same services or places"),
    }


@dataclass
class Report:
    """What an import did.

    ``lost`` says of each table how many records the source has no more (details that others replaced do not
    count) and how many it had. ``changes`` lists records, for whoever wants to see each of
    them; ``conflicts`` what people wrote here and the source says otherwise now, ``kept_by_hand`` counts what
    it says as before.
    """

    source: str
    tables: dict[str, TableCount] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    renamed: list[Renamed] = field(default_factory=list)
    lost: dict[str, tuple[int, int]] = field(default_factory=dict)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    kept_by_hand: int = 0
    changes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

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
        renamed = [item.as_dict() for item in self.renamed]
        told: dict[str, Any] = {"renamed": renamed, "removals": self.removals(), "conflicts": self.conflicts}
        told["kept_by_hand"] = self.kept_by_hand
        return {**shown, "rejected": rejected, "warnings": list(self.warnings), **told}

    def removals(self) -> list[dict[str, Any]]:
        """Return the tables of which so much is gone that a person should say yes to it.

        Examples
        --------
        >>> Report("demo", lost={"service": (3, 10), "phone": (1, 10)}).removals()
        [{'table': 'service', 'removed': 3, 'of': 10}]
        """
        return [
            {"table": table, "removed": gone, "of": before}
            for table, (gone, before) in self.lost.items()
            if gone > MANY_GONE * before
        ]
