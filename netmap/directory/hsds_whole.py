"""What can only be read with the whole source in view: status, taxonomies, languages, hours at one place."""

from collections.abc import Iterable, Mapping, Sequence

from netmap.directory.csvfiles import CsvFile, Place
from netmap.directory.hsds_cells import UnreadableError, clean, read_number
from netmap.directory.hsds_names import FILES
from netmap.directory.hsds_resolve import Known, Record
from netmap.directory.hsds_rows import Row, TableFile
from netmap.directory.models import STATUSES
from netmap.directory.report import Report
from netmap.i18n import gettext as _

AGES = ("minimum_age", "maximum_age")
SUSPECT_SHARE = 0.9  # so many services out of use at once is an error of the export, not news


def plain_status(words: str | None) -> str:
    """Return the status that the words of a source name; "unknown" where they name none.

    Examples
    --------
    >>> plain_status("Active"), plain_status("temporarily_closed"), plain_status("open?"), plain_status(None)
    ('active', 'temporarily closed', 'unknown', 'unknown')
    """
    status = (words or "").casefold().replace("_", " ")
    return status if status in STATUSES else "unknown"


def set_status(rows: Sequence[Row], report: Report) -> None:
    """Give every service its status and keep the word of the source beside it.

    Where nine tenths of a source are out of use, its status says nothing: "unknown", with a warning.
    """
    stated = [(row, str(row.values["status"] or "")) for row in rows if "status" in row.values]
    claimed = [row for row, words in stated if words and words.casefold() != "unknown"]
    out_of_use = [row for row in claimed if plain_status(str(row.values["status"])) != "active"]
    suspect = bool(stated) and len(out_of_use) >= SUSPECT_SHARE * len(stated)
    for row, words in stated:
        row.values["source_status"] = words or None
        row.values["status"] = plain_status(words)
        if words and words.casefold() != "unknown" and row.values["status"] == "unknown":
            values = {"file": row.file, "words": words}
            report.note(_("%(file)s: '%(words)s' is no status of HSDS; it is unknown", **values), row.number)
    if suspect:
        for row in out_of_use:
            row.values["status"] = "unknown"
        report.warn(
            _(
                "%(count)s of %(total)s services are said to be out of use, which looks like an error of the "
                "export: their status is unknown here, and what the source says is kept beside it.",
                count=len(out_of_use),
                total=len(stated),
            )
        )


def add_eligibility(rows: Iterable[Row], eligibility: CsvFile | None, report: Report) -> None:
    """Give services the words and ages of the old eligibility table where they have none of their own."""
    if eligibility is None:
        return
    words: dict[str, list[str]] = {}
    ages: dict[str, dict[tuple[str, ...], Place]] = {}
    for number, cells in eligibility.rows():
        key = cells.get("service_id", "").strip()
        if text := clean(cells.get("eligibility", "")):
            words.setdefault(key, []).append(text)
        if any(ends := tuple(clean(cells.get(age, "")) for age in AGES)):
            ages.setdefault(key, {}).setdefault(ends, number)
    for row in rows:
        _set_ages(row, ages.pop(row.key, {}), eligibility.name, report)
        own, found = row.values.get("eligibility_description"), words.pop(row.key, None)
        row.values["eligibility_description"] = own or (", ".join(found) if found else None)
        if own and found:
            sentence = _("%(file)s: left out, the service has words of its own", file=eligibility.name)
            report.note(sentence, row.number)
    for key in {**words, **ages}:
        reason = _("no record has this id, so the row was left out")
        report.reject(eligibility.name, 0, "service_id", key, reason)


def _set_ages(row: Row, ranges: Mapping[tuple[str, ...], Place], file: str, report: Report) -> None:
    """Give a service the one range of ages that is told of it; several ranges are no one range."""
    if len(ranges) > 1:
        sentence = _(
            "%(file)s: a service has several ranges of ages there; none of them was taken", file=file
        )
        report.note(sentence, row.number)
        return
    for ends, number in ranges.items():
        if any(row.values.get(age) is not None for age in AGES):
            return
        for age, text in zip(AGES, ends, strict=True):
            try:
                row.values[age] = read_number(age, text) if text else None
            except UnreadableError as error:
                report.reject(file, number, age, text, _("left empty: %(reason)s", reason=error))


def place_terms(rows: Iterable[Row], taxonomies: Mapping[str, str], known: Known, report: Report) -> None:
    """Let a term that names its taxonomy in words, or in the column of an old export, refer to it.

    Parameters
    ----------
    rows : iterable of Row
        Rows of taxonomy_term.
    taxonomies : mapping
        Name of a taxonomy -> the key it has in the source.
    """
    for row in rows:
        words = str(row.values.get("taxonomy") or "")
        named = row.named.setdefault("taxonomy_id", [])
        keys = [*named, words, taxonomies.get(words, "")]
        found = [key for key in keys if key and known.find("taxonomy", key)]
        if found:
            row.named["taxonomy_id"] = found[:1]
        if words and known.find("taxonomy", words):  # an id in the place of words says nothing more
            row.values["taxonomy"] = None


def add_term_types(rows: Iterable[Row], pairs: CsvFile | None, report: Report) -> None:
    """Give terms the taxonomy that an old export keeps in a file of pairs."""
    by_key = {row.key: row for row in rows}
    for number, cells in pairs.rows() if pairs else ():
        term = cells.get("taxonomy_recordid", "").strip()
        taxonomy = cells.get("taxonomy_type_recordid", "").strip()
        row = by_key.get(term)
        if row is None or not taxonomy:
            reason = _("no record has this id, so the row was left out")
            report.reject(pairs.name if pairs else "", number, "taxonomy_recordid", term, reason)
        elif not row.values.get("taxonomy"):
            row.values["taxonomy"] = taxonomy
        elif row.values["taxonomy"] != taxonomy:
            sentence = _("%(file)s: a term is in another taxonomy already", file=pairs.name if pairs else "")
            report.note(sentence, number)


def phone_languages(files: Iterable[TableFile], report: Report) -> list[TableFile]:
    """Return the languages that files of HSDS 1.x give in a column of their phones, as files of languages."""
    made = []
    for table_file in files:
        cells: list[tuple[Place, list[str]]] = []
        for number, row in table_file.file.rows():
            key = row.get("id", "").strip()
            for part in filter(None, map(clean, row.get("language", "").split(","))):
                if key:
                    code, name = (part, "") if len(part) <= 3 else ("", part)
                    cells.append((number, [f"{key}/{part}", key, code, name]))
                else:
                    reason = _("a number without an id cannot have a language")
                    report.reject(table_file.file.name, number, "language", part, reason)
        if cells:
            columns = ("id", "phone_id", "code", "name")
            made.append(TableFile(CsvFile(table_file.file.name, columns, cells), FILES["languages"]))
    return made


def place_schedules(schedules: Iterable[Record], places: Iterable[Record]) -> None:
    """Tie hours that name a service and a location to the service at that location, where there is one."""
    pairs = {(place.values["service_id"], place.values["location_id"]): place.id for place in places}
    for schedule in schedules:
        values = schedule.values
        if not values.get("service_at_location_id"):
            pair = (values.get("service_id"), values.get("location_id"))
            values["service_at_location_id"] = pairs.get(pair)
