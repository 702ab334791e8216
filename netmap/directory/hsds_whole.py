"""What can only be read with the whole source in view: status, programs, taxonomies, hours at one place."""

from collections.abc import Iterable, Mapping, Sequence

from netmap.directory.csvfiles import CsvFile
from netmap.directory.hsds_cells import clean
from netmap.directory.hsds_resolve import Known, Record
from netmap.directory.hsds_rows import Row
from netmap.directory.models import STATUSES
from netmap.directory.report import Report
from netmap.i18n import gettext as _

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
    out_of_use = [row for row, words in stated if words and plain_status(words) != "active"]
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


def add_programs(rows: Iterable[Row], programs: CsvFile | None, report: Report) -> None:
    """Give services the name of their program."""
    names: dict[str, str] = {}
    for _number, cells in programs.rows() if programs else ():
        names[cells.get("id", "").strip()] = clean(cells.get("name", ""))
    for row in rows:
        if "program_id" in row.cells:
            keys = [key.strip() for key in row.cells["program_id"].split(",") if key.strip()]
            row.values["program"] = ", ".join(names[key] for key in keys if names.get(key)) or None
            if any(not names.get(key) for key in keys):
                sentence = _("%(file)s: program_id names a program that is not there", file=row.file)
                report.note(sentence, row.number)


def add_eligibility(rows: Iterable[Row], eligibility: CsvFile | None, report: Report) -> None:
    """Give services the words of the old eligibility table where they have none of their own."""
    if eligibility is None:
        return
    words: dict[str, list[str]] = {}
    for _number, cells in eligibility.rows():
        if text := clean(cells.get("eligibility", "")):
            words.setdefault(cells.get("service_id", "").strip(), []).append(text)
    for row in rows:
        own, found = row.values.get("eligibility_description"), words.pop(row.key, None)
        row.values["eligibility_description"] = own or (", ".join(found) if found else None)
        if own and found:
            sentence = _("%(file)s: left out, the service has words of its own", file=eligibility.name)
            report.note(sentence, row.number)
    for key in words:
        reason = _("no record has this id, so the row was left out")
        report.reject(eligibility.name, 0, "service_id", key, reason)


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
        named = row.cells.get("taxonomy", "")
        keys = [*row.named.get("taxonomy_id", []), named, taxonomies.get(named, "")]
        found = [key for key in keys if key and known.find("taxonomy", key)]
        if found:
            row.named["taxonomy_id"] = found[:1]
            continue
        row.named.setdefault("taxonomy_id", [])
        if named:
            sentence = _(
                "%(file)s: a taxonomy is named that is not there; its name is left out", file=row.file
            )
            report.note(sentence, row.number)


def place_schedules(schedules: Iterable[Record], places: Iterable[Record]) -> None:
    """Tie hours that name a service and a location to the service at that location, where there is one."""
    pairs = {(place.values["service_id"], place.values["location_id"]): place.id for place in places}
    for schedule in schedules:
        values = schedule.values
        if not values.get("service_at_location_id"):
            pair = (values.get("service_id"), values.get("location_id"))
            values["service_at_location_id"] = pairs.get(pair)
