"""The rows of HSDS files, cell by cell, before anything is looked up: values, and the ids they refer to."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Column

from netmap.directory.csvfiles import CsvFile, Place
from netmap.directory.hsds_cells import UnreadableError, clean, language_code, read
from netmap.directory.hsds_names import READ_ELSEWHERE, FileSpec
from netmap.directory.hsds_schedule import EVERY_DAY, read_hours
from netmap.directory.hsds_schedule import FIELDS as HOURS
from netmap.directory.hsds_tables import SPECS
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.i18n import gettext as _

COLUMNS_NAMED = 40  # in one warning
WORDS_SHOWN = 100  # characters of hours that cannot be read


@dataclass
class Row:
    """One row of a file: its id there, its values by field, and the ids that it names by field."""

    file: str
    number: Place
    key: str
    values: dict[str, object]
    named: dict[str, list[str]]
    cells: Mapping[str, str]


@dataclass(frozen=True)
class TableFile:
    """A CSV file together with what its name means."""

    file: CsvFile
    spec: FileSpec

    def missing(self) -> list[str]:
        """Return the columns that the rows cannot do without and the file lacks."""
        sources = self.spec.sources(self.file.columns)
        return [name for name in SPECS[self.spec.table].columns_needed if name not in sources]

    def checked(self) -> "TableFile":
        """Return this with every needed column, or raise Invalid where the first line lacks one.

        JSON has no first line: a key may be missing in the few objects that there are, and each of them is
        told by itself.
        """
        missing = self.missing()
        if missing and self.file.cells and isinstance(self.file.cells[0][0], str):
            return replace(self, file=replace(self.file, columns=(*self.file.columns, *missing)))
        if missing:
            raise Invalid(
                _(
                    "%(name)s lacks the column %(missing)s; its first line names %(columns)s.",
                    name=self.file.name,
                    missing=", ".join(missing),
                    columns=", ".join(column for column in self.file.columns if column)[:300],
                )
            )
        return self


def read_rows(table_file: TableFile, report: Report) -> Iterator[Row]:
    """Give the rows of a file that can be kept; report rows and cells that cannot."""
    file, spec = table_file.file, SPECS[table_file.spec.table]
    sources = table_file.spec.sources(file.columns)
    columns, references = spec.fields(), spec.references()
    _warn_of_columns(table_file, sources, report)
    for number, raw_cells in file.rows():
        report.table(table_file.spec.table).read += 1
        cells = {name: clean(text) for name, text in raw_cells.items()}
        cells |= {name: text for name, text in table_file.spec.implied.items() if not cells.get(name)}
        picked = {
            name: _pick(name, found, cells, file.name, number, report) for name, found in sources.items()
        }
        picked |= {name: text for name, text in table_file.spec.implied.items() if not picked.get(name)}
        row = Row(file.name, number, picked.pop("id", ""), {}, {}, cells)
        for name, text in picked.items():
            if name in references:
                row.named[name] = [part.strip() for part in text.split(",") if part.strip()]
            elif not (table_file.spec.table == "schedule" and name in HOURS):
                row.values[name] = _value(columns[name], text, row, report)
        _finish(table_file.spec.table, row, report)
        lacking = [name for name in spec.required if name in columns and name not in references]
        lacking = [name for name in lacking if row.values.get(name) is None]
        if lacking:
            reason = _("a row cannot do without this, so it was left out")
            report.reject(file.name, number, lacking[0], "", reason)
        elif spec.says and not any(row.values.get(name) is not None for name in spec.says):
            report.note(_("%(file)s: a row says nothing and was left out", file=file.name), number)
        else:
            yield row


def _pick(
    field: str, columns: list[str], cells: Mapping[str, str], file: str, number: Place, report: Report
) -> str:
    """Return the first filled of the columns that may hold a field; say where a second one says otherwise."""
    filled = [column for column in columns if cells[column]]
    if len({cells[column] for column in filled}) > 1:
        others = ", ".join(filled[1:])
        sentence = _(
            "%(file)s: %(others)s left out, %(first)s is filled", file=file, others=others, first=filled[0]
        )
        report.note(sentence, number)
    return cells[filled[0]] if filled else ""


def _value(column: Column[object], text: str, row: Row, report: Report) -> object:
    if not text:
        return None
    try:
        return read(column, text)
    except UnreadableError as error:
        report.reject(row.file, row.number, column.name, text, _("left empty: %(reason)s", reason=error))
        return None


def _finish(table: str, row: Row, report: Report) -> None:
    """Read what takes more than one cell."""
    values = row.values
    if table == "schedule":
        _read_schedule(row, report)
    elif table == "location" and (values.get("latitude"), values.get("longitude")) == (0, 0):
        values["latitude"] = values["longitude"] = None
        reason = _("left empty: 0, 0 lies in the Gulf of Guinea and stands for a place that was not found")
        report.reject(row.file, row.number, "latitude", "0, 0", reason)
    elif table == "location" and (values.get("latitude") is None) != (values.get("longitude") is None):
        values["latitude"] = values["longitude"] = None  # half a point is no point
        sentence = _(
            "%(file)s: a place has only one of latitude and longitude; both are empty", file=row.file
        )
        report.note(sentence, row.number)
    elif table == "language" and not values.get("code"):
        name = values.get("name")
        values["code"] = language_code(name if isinstance(name, str) else None)
    elif table == "phone" and isinstance(values.get("number"), str):
        number = str(values["number"]).strip("\"' ")
        values["number"] = number if any(sign.isdigit() for sign in number) else None
        if number and values["number"] is None:  # "none", "see website"
            reason = _("left empty: there is no digit in it")
            report.reject(row.file, row.number, "number", number, reason)
        if text := row.cells.get("extension_text"):  # what our JSON says of an extension that is no number
            values["extension"] = text
    elif table == "service" and row.cells.get("status_known", "").casefold() in {"false", "0", "no"}:
        values["status"] = None  # our JSON says "active" there, because HSDS has no word for unknown


def _read_schedule(row: Row, report: Report) -> None:
    hours = read_hours(row.cells)
    row.values |= hours.values
    if row.values.get("closed") and row.values.get("byday") == EVERY_DAY:  # all days from first to last
        row.values |= {"byday": None, "freq": None}
    row.values["unread"] = " / ".join(hours.unread) or row.values.get("unread")
    if hours.zoned:
        sentence = _("%(file)s: times carry a zone; they are taken as the office's own clock", file=row.file)
        report.note(sentence, row.number)
    if hours.unread:
        sentence = _(
            "%(file)s: the hours '%(words)s' cannot be read; the words are kept, the hours are not known",
            file=row.file,
            words=" ".join(str(row.values["unread"]).split())[:WORDS_SHOWN],
        )
        report.note(sentence, row.number)


def _warn_of_columns(table_file: TableFile, sources: Mapping[str, list[str]], report: Report) -> None:
    """Say which columns and which cells under no column are kept out."""
    file = table_file.file
    read_columns = {column for found in sources.values() for column in found}
    read_columns |= READ_ELSEWHERE.get(table_file.spec.table, set())
    unknown = [column for column in file.columns if column and column not in read_columns]
    if unknown:
        filled = Counter(name for _number, cells in file.rows() for name in unknown if cells[name].strip())
        named = ", ".join(f"{name} ({filled[name]})" for name in unknown[:COLUMNS_NAMED])
        named += " ..." if len(unknown) > COLUMNS_NAMED else ""
        values: dict[str, object] = {"file": file.name, "named": named}
        report.warn(_("%(file)s: netmap does not keep these columns (filled cells): %(named)s.", **values))
    surplus = list(file.surplus())
    if len(surplus) > 20:
        values = {"file": file.name, "rows": len(surplus)}
        report.warn(
            _("%(file)s: %(rows)s rows have cells under no column; the cells are left out.", **values)
        )
        return
    for number, text in surplus:
        report.reject(file.name, number, "", text, _("left out: these cells stand under no column"))
