"""Roads from a spreadsheet saved as CSV: minutes and kilometres from area to area, by car or otherwise."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netmap.directory import changes
from netmap.directory.csvfiles import Place
from netmap.directory.hsds_cells import UnreadableError, clean, read_date, read_number
from netmap.directory.models import Area, Location
from netmap.directory.report import Report
from netmap.directory.spreadsheet import open_table
from netmap.i18n import gettext as _
from netmap.network.models import MODES, Travel

REQUIRED = ("from", "to")
COLUMNS = (*REQUIRED, "mode", "minutes", "km", "source", "day")
Key = tuple[str, str, str]
Pairs = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Roads:
    """Known ways between areas, in kilometres or minutes, and the area of each place.

    Where nothing is known, ``homes`` stays empty too: nobody asks for it.
    """

    known: Pairs = field(default_factory=dict)
    homes: Mapping[str, str] = field(default_factory=dict)


def roads(session: Session) -> Roads:
    """Return the kilometres by car between areas, as far as somebody brought them in."""
    return _with_homes(session, _pairs(session, "car", "km"))


def travel_times(session: Session, mode: str) -> Roads:
    """Return the minutes between areas by one way of travelling, as far as somebody brought them in."""
    return _with_homes(session, _pairs(session, mode, "minutes"))


def ways(session: Session) -> dict[str, int]:
    """Return how many travel times are known for each way of travelling that has any."""
    query = select(Travel.mode, func.count()).where(Travel.minutes.is_not(None)).group_by(Travel.mode)
    found = dict(session.execute(query).all())
    return {mode: found[mode] for mode in MODES if mode in found}


def _pairs(session: Session, mode: str, what: str) -> dict[tuple[str, str], float]:
    column = {"km": Travel.km, "minutes": Travel.minutes}[what]
    query = select(Travel.from_area, Travel.to_area, column).where(Travel.mode == mode, column.is_not(None))
    return {(here, there): float(value) for here, there, value in session.execute(query) if value is not None}


def _with_homes(session: Session, known: Pairs) -> Roads:
    if not known:
        return Roads()
    query = select(Location.id, Location.area_code).where(Location.area_code.is_not(None))
    return Roads(known, {place: area for place, area in session.execute(query) if area})


def import_travel(session: Session, path: Path | str) -> Report:
    """Take in the travel times of a CSV file and return what happened to each row.

    A row says: ``from`` this area ``to`` that one it takes ``minutes`` and it is ``km``, by this ``mode`` (by
    car where it is left empty). Rows given earlier for other areas or modes stay.

    Raises
    ------
    Invalid
        If the file cannot be read or lacks a needed column; the database is as it was.
    """
    file, report = open_table(path, REQUIRED, COLUMNS)
    count = report.table("travel")
    areas = frozenset(session.scalars(select(Area.code)))
    met: dict[Key, Place] = {}
    with session.begin_nested():
        stored = {(row.from_area, row.to_area, row.mode): row for row in session.scalars(select(Travel))}
        for number, raw in file.rows():
            count.read += 1
            cells = {name: clean(raw.get(name, "")) for name in COLUMNS}
            key = cells["from"], cells["to"], cells["mode"] or MODES[0]
            values = _values(cells, key, file.name, number, areas, report)
            if values is not None and key in met:
                reason = _("row %(first)s has the same areas and mode", first=met[key])
                report.reject(file.name, number, "to", cells["to"], reason)
            elif values is not None:
                met[key] = number
                _write(session, stored.get(key), key, values, report)
        session.flush()
        if count.added or count.changed:
            changes.note_all(session)  # ways may have changed places: their sums would not tell
    if left := len(stored.keys() - met.keys()):
        report.warn(_("%(count)s travel times given earlier are not in this file; they stay.", count=left))
    return report.close()


def _write(
    session: Session, row: Travel | None, key: Key, values: Mapping[str, object], report: Report
) -> None:
    count = report.table("travel")
    if row is None:
        session.add(Travel(from_area=key[0], to_area=key[1], mode=key[2], **values))
        count.added += 1
    elif any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        count.changed += 1
    else:
        count.unchanged += 1


def _values(
    cells: Mapping[str, str], key: Key, file: str, number: Place, areas: Collection[str], report: Report
) -> dict[str, object] | None:
    """Return the values of one row, or None where the row cannot be used; report why."""
    for name in REQUIRED:
        if cells[name] not in areas:
            report.reject(file, number, name, cells[name], _unknown_area(cells[name], areas))
            return None
    if key[2] not in MODES:
        reason = _("this is none of %(modes)s", modes=", ".join(MODES))
        report.reject(file, number, "mode", cells["mode"], reason)
        return None
    values: dict[str, object] = {"source": cells["source"]}
    for name in ("minutes", "km"):
        try:
            values[name] = read_number(name, cells[name]) if cells[name] else None
        except UnreadableError as error:
            report.reject(file, number, name, cells[name], str(error))
            return None
    if values["minutes"] is None and values["km"] is None:
        report.reject(file, number, "minutes", "", _("minutes, kilometres or both are needed here"))
        return None
    values["day"] = None
    try:
        values["day"] = read_date(cells["day"]) if cells["day"] else None
    except UnreadableError as error:
        reason = str(error)
        report.reject(file, number, "day", cells["day"], _("left empty: %(reason)s", reason=reason))
    return values


def _unknown_area(code: str, areas: Collection[str]) -> str:
    reason = _("there is no %(what)s with this code", what=_("area"))
    nearest = get_close_matches(code[:100], areas, n=1, cutoff=0.5)
    if not nearest:
        return reason
    return _("%(reason)s; the nearest is '%(nearest)s'", reason=reason, nearest=nearest[0])
