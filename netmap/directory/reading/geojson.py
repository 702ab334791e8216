"""Shapes of areas out of GeoJSON (RFC 7946): one feature an area, each fault told with its number. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from netmap.directory.reading.encodings import decode
from netmap.directory.reading.gather import gather, refuse_foreign
from netmap.directory.reading.geojson_rings import FaultError, Polygons, polygons_of
from netmap.directory.reading.json_text import number_text
from netmap.directory.reading.simplified import Ring, simplify
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.i18n import gettext as _

MOST_POINTS = 7_000  # that stay of a file: under 100 kB of SVG
POINTS_OF_AREA = 400  # that stay of each area where the file has few
NAMED = 10  # faults in one sentence
SHOWN = 60  # characters of what stands in a file
DEGREES = ("CRS84", "4326")  # ends of the names of longitude and latitude in degrees


@dataclass(frozen=True)
class Outline:
    """One feature: its number in the file, the code of its area, its shape and who says so.

    ``polygons`` are the coordinates of a MultiPolygon; none of them: the area shall lose its shape.
    """

    number: int
    code: str
    source: str
    polygons: Polygons


def read_outlines(path: Path, report: Report) -> list[Outline]:
    """Return the features of a GeoJSON file, simplified for drawing.

    Raises
    ------
    Invalid
        If the file is none, or something is wrong with one of its features; names every one of them.
    """
    found = gather(path, report)
    if len(found) != 1:
        raise Invalid(_("%(name)s holds no GeoJSON file or several; give one.", name=path.name))
    name = found[0].name
    refuse_foreign(name, found[0].data)
    features = _features(name, number_text(name, decode(name, found[0].data, report)))
    outlines, faults = [], []
    codes: dict[str, int] = {}
    for number, feature in enumerate(features, start=1):
        try:
            outline = _outline(number, feature)
            if (first := codes.setdefault(outline.code, number)) != number:
                raise FaultError(
                    _(
                        "Feature %(number)s has the code '%(code)s', as feature %(first)s has: make one "
                        "MultiPolygon of them, or mend the code.",
                        number=number, code=outline.code[:SHOWN], first=first,
                    )
                )  # fmt: skip
            outlines.append(outline)
        except FaultError as fault:
            faults.append(str(fault))
    refuse(name, faults)
    return _simplified(outlines)


def refuse(name: str, faults: Sequence[str]) -> None:
    """Raise Invalid where there are faults, with the first of them; each is a whole sentence."""
    if not faults:
        return
    told = [_("%(name)s: nothing was taken in.", name=name), *faults[:NAMED]]
    if len(faults) > NAMED:
        told.append(_("There are %(count)s more features to mend.", count=len(faults) - NAMED))
    raise Invalid(" ".join(told))


def _features(name: str, document: Any) -> list[Any]:
    """Return the features of a document; raises Invalid where it is no FeatureCollection in degrees."""
    what = document.get("type") if isinstance(document, dict) else None
    if what != "FeatureCollection" or not isinstance(document.get("features"), list):
        raise Invalid(
            _(
                "%(name)s is no GeoJSON FeatureCollection (its type is '%(type)s'): export the layer of "
                "areas as GeoJSON in EPSG:4326.",
                name=name, type=str(what or "")[:SHOWN],
            )
        )  # fmt: skip
    crs = document.get("crs")
    named = crs.get("properties") if isinstance(crs, dict) else None
    called = str(named.get("name", "")) if isinstance(named, dict) else ""
    if called and not called.upper().endswith(DEGREES):
        raise Invalid(
            _(
                "%(name)s has its coordinates in %(crs)s: export the layer again in EPSG:4326 (WGS 84, "
                "longitude and latitude in degrees).",
                name=name, crs=called[:SHOWN],
            )
        )  # fmt: skip
    if not document["features"]:
        raise Invalid(_("%(name)s holds no features; export the layer of areas again.", name=name))
    return list(document["features"])


def _outline(number: int, feature: Any) -> Outline:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or "geometry" not in feature:
        raise FaultError(
            _("Feature %(number)s has no properties or no geometry: export the layer again.", number=number)
        )
    code = properties.get("code")
    code = str(code).strip() if isinstance(code, str | int) and not isinstance(code, bool) else ""
    if not code:
        raise FaultError(
            _(
                "Feature %(number)s has no property 'code' with the code of its area; its properties are "
                "%(names)s: rename the one that holds it.",
                number=number, names=", ".join(properties)[: 2 * SHOWN] or "–",
            )
        )  # fmt: skip
    source = properties.get("source")
    return Outline(
        number,
        code,
        source.strip()[: 3 * SHOWN] if isinstance(source, str) else "",
        polygons_of(number, code[:SHOWN], feature["geometry"]),
    )


def _simplified(outlines: Sequence[Outline]) -> list[Outline]:
    """Return the same features with the borders that are worth drawing; no area loses its largest part."""
    places = [
        (number, part, ring)
        for number, outline in enumerate(outlines)
        for part, polygon in enumerate(outline.polygons)
        for ring in range(len(polygon))
    ]
    rings = [outlines[number].polygons[part][ring] for number, part, ring in places]
    largest = {
        number: max(range(len(one.polygons)), key=lambda part: _surface(one.polygons[part][0]))
        for number, one in enumerate(outlines)
        if one.polygons
    }
    needed = [
        place for place, (number, part, ring) in enumerate(places) if ring == 0 and largest[number] == part
    ]
    kept: dict[int, dict[int, list[Ring]]] = {}
    most = min(MOST_POINTS, POINTS_OF_AREA * len(outlines))
    for (number, part, ring), points in zip(places, simplify(rings, needed, most), strict=True):
        polygon = kept.setdefault(number, {}).setdefault(part, [])
        if points and (ring == 0 or polygon):  # a hole goes with what is around it
            polygon.append([*points, points[0]])
    return [
        replace(outline, polygons=[polygon for polygon in kept.get(number, {}).values() if polygon])
        for number, outline in enumerate(outlines)
    ]


def _surface(ring: Ring) -> float:
    """Return twice the surface of a ring in square degrees, whichever way round it goes."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(here[0] * there[1] - there[0] * here[1] for here, there in pairs))
