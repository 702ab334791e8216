"""Demand from a spreadsheet saved as CSV: how many clients of each package an area has in a year."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.db import now
from netmap.directory.csvfiles import Place
from netmap.directory.hsds_cells import UnreadableError, clean, read_number
from netmap.directory.models import Area
from netmap.directory.report import Report, TableCount
from netmap.directory.spreadsheet import open_table, whole_number
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.network.counts import FEWER, SMALL, small
from netmap.network.models import COUNTED, Demand
from netmap.packages.models import Package

REQUIRED = ("area", "package", "clients")
COLUMNS = (*REQUIRED, "population", "year", "source", "note")


def import_demand(session: Session, path: Path | str) -> Report:
    """Take in the demand of a CSV file and return what happened to each row.

    A row says: in this ``area`` there are ``clients`` a year who fit this ``package``, among ``population``
    people; "<5" says that there are fewer than five. Rows given earlier for other areas or packages stay.

    Raises
    ------
    Invalid
        If the file cannot be read or lacks a needed column; the database is as it was.
    """
    file, report = open_table(path, REQUIRED, COLUMNS)
    count = report.table("demand")
    areas, packages = list(session.scalars(select(Area.code))), list(session.scalars(select(Package.code)))
    met: dict[tuple[str, str], Place] = {}
    typed = 0
    with session.begin_nested():
        stored = {(row.area_code, row.package_code): row for row in session.scalars(select(Demand))}
        for number, raw in file.rows():
            count.read += 1
            cells = {name: clean(raw.get(name, "")) for name in COLUMNS}
            values = _values(cells, file.name, number, areas, packages, report)
            key = (cells["area"], cells["package"])
            if values is not None and key in met:
                reason = _("row %(first)s has the same area and package", first=met[key])
                report.reject(file.name, number, "package", cells["package"], reason)
            elif values is not None:
                met[key] = number
                typed += _write(session, stored.get(key), key, values, count)
        session.flush()
    if left := len(stored.keys() - met.keys()):
        report.warn(_("%(count)s figures given earlier are not in this file; they stay.", count=left))
    if typed:
        report.warn(
            ngettext(
                "%(number)s figure that a person had entered is now that of this file.",
                "%(number)s figures that people had entered are now those of this file.",
                typed,
            )
        )
    return report.close()


def _write(
    session: Session,
    row: Demand | None,
    key: tuple[str, str],
    values: dict[str, object],
    count: TableCount,
) -> bool:
    """Write one row; return whether it took the place of what a person had entered."""
    typed = row is not None and row.entered_by is not None
    if values["clients"] == FEWER:
        values["clients"] = row.clients if row is not None and small(row.clients) else SMALL
    if row is None:
        session.add(Demand(area_code=key[0], package_code=key[1], **values))
        count.added += 1
    elif any(getattr(row, name) != value for name, value in values.items()):
        for name, value in (values | {"entered_by": None, "entered_at": now()}).items():
            setattr(row, name, value)
        count.changed += 1
        return typed
    else:
        count.unchanged += 1
    return False


def _values(
    cells: Mapping[str, str],
    file: str,
    number: Place,
    areas: Collection[str],
    packages: Collection[str],
    report: Report,
) -> dict[str, object] | None:
    """Return the values of one row, or None where the row cannot be used; report why."""
    for name, known in (("area", areas), ("package", packages)):
        if cells[name] not in known:
            reason = _(
                "there is no %(what)s with this code", what=_("area") if name == "area" else _("package")
            )
            nearest = get_close_matches(cells[name][:100], known, n=1, cutoff=0.5)
            if nearest:
                reason = _("%(reason)s; the nearest is '%(nearest)s'", reason=reason, nearest=nearest[0])
            report.reject(file, number, name, cells[name], reason)
            return None
    if not cells["clients"]:
        report.reject(file, number, "clients", "", _("a figure is needed here; 0 means that there are none"))
        return None
    values: dict[str, object] = {"source": cells["source"], "note": cells["note"]}
    values |= {"kind": COUNTED, "prior": None, "base": None}
    for name in ("clients", "population", "year"):
        values[name] = None
        if name == "clients" and cells[name].replace(" ", "") == FEWER:
            values[name] = FEWER
            continue
        try:
            if cells[name]:
                values[name] = (read_number if name == "clients" else whole_number)(name, cells[name])
        except UnreadableError as error:
            reason = str(error)
            if name == "clients":
                report.reject(file, number, name, cells[name], reason)
                return None
            report.reject(file, number, name, cells[name], _("left empty: %(reason)s", reason=reason))
    if _fewer_people(values["population"], values["clients"]):
        reason = _("These are fewer people than clients: one of the numbers is wrong.")
        report.reject(file, number, "population", cells["population"], reason)
        return None
    return values


def _fewer_people(population: object, clients: object) -> bool:
    """Return whether there would be more clients than people."""
    return isinstance(population, int) and isinstance(clients, float) and 0 < population < clients
