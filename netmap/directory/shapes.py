"""Shapes of areas from GeoJSON: taken in all or none, one row an area, asked for where areas are drawn."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.areas import FAR_KM, NEAR_KM
from netmap.directory.distances import straight_km
from netmap.directory.hsds_store import chunks
from netmap.directory.models import Area, AreaShape
from netmap.directory.reading.apart import read_outlines_apart
from netmap.directory.reading.geojson import SHOWN, Outline, refuse
from netmap.directory.reading.geojson_rings import Polygons
from netmap.directory.report import Report
from netmap.i18n import gettext as _

Point = tuple[float, float]


def import_shapes(session: Session, path: Path | str) -> Report:
    """Take in the borders of areas from a GeoJSON file and return what happened.

    A feature takes the place of what was known of its area; one without a geometry takes the shape away.
    Shapes of areas that the file does not name stay.

    Raises
    ------
    Invalid
        If the file cannot be read or anything in it cannot be used; the database is as it was.
    """
    outlines, warnings = read_outlines_apart(Path(path))
    name = Path(path).name
    report = Report(name)
    report.warnings += warnings
    query = select(Area.code, Area.latitude, Area.longitude)
    points = {code: (latitude, longitude) for code, latitude, longitude in session.execute(query)}
    refuse(name, [fault for outline in outlines if (fault := _fault(outline, points, report))])
    with session.begin_nested():
        stored = {row.area_code: row for row in session.scalars(select(AreaShape))}
        for outline in outlines:
            _keep(session, stored.get(outline.code), outline, report)
        session.flush()
    if left := len(stored.keys() - {outline.code for outline in outlines}):
        report.warn(_("%(count)s shapes given earlier are not in this file; they stay.", count=left))
    return report.close()


def shapes(session: Session, codes: Collection[str]) -> tuple[dict[str, Polygons], list[str]]:
    """Return the polygons of those areas that have any, by code, and who says so, each once."""
    rows = [
        row
        for some in chunks(sorted(codes))
        for row in session.scalars(select(AreaShape).where(AreaShape.area_code.in_(some)))
    ]
    found = {
        row.area_code: [[[(x, y) for x, y in ring] for ring in polygon] for polygon in row.polygons]
        for row in rows
    }
    return found, sorted({row.source for row in rows if row.source})


def _keep(session: Session, row: AreaShape | None, outline: Outline, report: Report) -> None:
    count = report.table("area_shape")
    count.read += 1
    if not outline.polygons:
        if row is not None:
            session.delete(row)
        count.removed_in_source += row is not None
        return
    polygons = [[[list(point) for point in ring] for ring in polygon] for polygon in outline.polygons]
    if row is None:
        session.add(AreaShape(area_code=outline.code, polygons=polygons, source=outline.source))
        count.added += 1
        return
    different = (row.polygons, row.source) != (polygons, outline.source)
    if different:
        row.polygons, row.source = polygons, outline.source
    count.changed += different
    count.unchanged += not different


def _fault(
    outline: Outline, points: Mapping[str, tuple[float | None, float | None]], report: Report
) -> str | None:
    """Return why a feature cannot belong to an area, as a whole sentence; warn where it is only odd."""
    number, code = outline.number, outline.code[:SHOWN]
    if outline.code not in points:
        nearest = get_close_matches(outline.code[:100], points, n=1, cutoff=0.5)
        if nearest:
            return _(
                "Feature %(number)s: there is no area with the code '%(code)s'; the nearest is "
                "'%(nearest)s'. Correct it, or import the areas first.",
                number=number, code=code, nearest=nearest[0],
            )  # fmt: skip
        return _(
            "Feature %(number)s: there is no area with the code '%(code)s'; import the areas first.",
            number=number, code=code,
        )  # fmt: skip
    latitude, longitude = points[outline.code]
    if not outline.polygons:
        return None
    if latitude is None or longitude is None:
        told = _("an area without latitude and longitude is not on the map: give them with the areas")
        report.note(told, number)
        return None
    return _misplaced(outline, (latitude, longitude), report)


def _misplaced(outline: Outline, point: Point, report: Report) -> str | None:
    """Return why a shape cannot be that of an area whose point lies there; warn where it lies beside it."""
    values = {"number": outline.number, "code": outline.code[:SHOWN]}
    away = _km_outside(point, outline.polygons)
    if away > FAR_KM and _km_outside((point[1], point[0]), outline.polygons) < FAR_KM:
        return _(
            "Feature %(number)s (%(code)s) has latitude and longitude swapped: its area lies at latitude "
            "%(latitude)s, longitude %(longitude)s. GeoJSON wants the longitude first.",
            latitude=point[0], longitude=point[1], **values,
        )  # fmt: skip
    if away > FAR_KM:
        return _(
            "Feature %(number)s (%(code)s) lies %(km)s km away from the point of its area: export the layer "
            "again in EPSG:4326, or correct the code or the point.",
            km=round(away), **values,
        )  # fmt: skip
    if away > NEAR_KM:
        report.warn(
            _(
                "The point of %(code)s lies %(km)s km outside of its shape: look which of them is wrong.",
                code=outline.code, km=round(away),
            )
        )  # fmt: skip
    return None


def _km_outside(point: Point, polygons: Polygons) -> float:
    """Return how far a (latitude, longitude) lies outside of the rectangle around polygons.

    Examples
    --------
    >>> square = [[[(25.0, 55.0), (26.0, 55.0), (26.0, 56.0), (25.0, 55.0)]]]
    >>> _km_outside((55.5, 25.5), square), round(_km_outside((54.0, 25.5), square))
    (0.0, 111)
    """
    positions = [position for polygon in polygons for position in polygon[0]]
    west, east = min(x for x, _y in positions), max(x for x, _y in positions)
    south, north = min(y for _x, y in positions), max(y for _x, y in positions)
    inside = min(max(point[0], south), north), min(max(point[1], west), east)
    return straight_km(point, inside)
