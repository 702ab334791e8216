"""Borders of areas from GeoJSON: all or nothing, each fault with its feature and how to mend it."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import open_session, transaction
from netmap.directory.areas import drop_derived_areas
from netmap.directory.models import Area, AreaShape
from netmap.directory.report import Report
from netmap.directory.shapes import import_shapes, shapes
from netmap.errors import Invalid
from netmap.importing.terminal import import_now, undo_now
from netmap.importing.uploads import Uploads

SQUARE = [[25.0, 55.0], [25.4, 55.0], [25.4, 55.2], [25.0, 55.2], [25.0, 55.0]]
HOLE = [[25.1, 55.1], [25.2, 55.1], [25.2, 55.15], [25.1, 55.1]]
METRES = [[x * 10_000 + 320_000, y * 10_000 + 5_500_000] for x, y in SQUARE]
SWAPPED = [[y, x] for x, y in SQUARE]
FAR = [[x - 80, y] for x, y in SQUARE]

pytestmark = pytest.mark.usefixtures("read_here")


def feature(code: Any = "lauke", *rings: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    coordinates = list(rings) or [SQUARE]
    return {
        "type": "Feature",
        "properties": {"code": code, **properties},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def written(folder: Path, document: Any) -> Path:
    path = folder / "areas.geojson"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def known(session: Session) -> None:
    session.add_all(
        [
            Area(code="lauke", name="Laukė", names={}, latitude=55.1, longitude=25.2),
            Area(code="girele", name="Girelė", names={}, latitude=55.3, longitude=25.2),
            Area(code="7", name="Septyni", names={}),
        ]
    )
    session.flush()


def take(session: Session, folder: Path, *features: Any, **more: Any) -> Report:
    return import_shapes(session, written(folder, collection(*features, **more)))


@pytest.mark.usefixtures("known")
def test_a_shape_comes_in_with_its_holes_and_who_says_so(session: Session, tmp_path: Path) -> None:
    islands = feature(7, [SQUARE, HOLE], [[[x + 1, y] for x, y in SQUARE]], kind="MultiPolygon")
    report = take(session, tmp_path, feature(source="land survey"), islands)
    assert report.table("area_shape").added == 2
    assert report.warnings == [
        "an area without latitude and longitude is not on the map: give them with the areas (row 2)."
    ]
    found, sources = shapes(session, ["lauke", "girele", "7"])
    assert [[len(ring) for ring in polygon] for polygon in found["7"]] == [[5, 4], [5]]
    assert found["lauke"] == [[[(25.0, 55.0), (25.4, 55.0), (25.4, 55.2), (25.0, 55.2), (25.0, 55.0)]]]
    assert sources == ["land survey"]


@pytest.mark.usefixtures("known")
def test_the_same_again_changes_nothing_another_replaces_it_and_the_others_stay(
    session: Session, tmp_path: Path
) -> None:
    take(session, tmp_path, feature(), feature("7"))
    assert take(session, tmp_path, feature()).table("area_shape").unchanged == 1
    report = take(session, tmp_path, feature("lauke", [[x + 0.1, y] for x, y in SQUARE]))
    assert report.table("area_shape").changed == 1
    assert "1 shapes given earlier are not in this file; they stay." in report.warnings
    found, _sources = shapes(session, ["lauke", "7"])
    assert (found["lauke"][0][0][0], found["7"][0][0][0]) == ((25.1, 55.0), (25.0, 55.0))


@pytest.mark.usefixtures("known")
def test_a_feature_without_geometry_takes_the_shape_away(session: Session, tmp_path: Path) -> None:
    take(session, tmp_path, feature(), feature("7"))
    gone = {"type": "Feature", "properties": {"code": "lauke"}, "geometry": None}
    assert take(session, tmp_path, gone).table("area_shape").removed_in_source == 1
    assert list(session.scalars(select(AreaShape.area_code))) == ["7"]
    assert take(session, tmp_path, gone).table("area_shape").removed_in_source == 0


BAD = [
    ({"type": "Topology", "objects": {}}, "no GeoJSON FeatureCollection (its type is 'Topology'): export"),
    ([1, 2], "no GeoJSON FeatureCollection (its type is '')"),
    (collection(), "holds no features; export"),
    ('{"type": "FeatureCollection", "features": [', "it was cut off"),
    ("code;name\na;b\n", "is no JSON"),
    (
        collection(feature(), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3346"}}),
        "in urn:ogc:def:crs:EPSG::3346: export the layer again in EPSG:4326",
    ),
    (collection("lauke"), "Feature 1 has no properties or no geometry"),
    (collection(feature(None, name="Laukė")), "Feature 1 has no property 'code'"),
    (collection(feature(), feature(True, name="x")), "its properties are code, name: rename"),
    (collection(feature("lauke", [25, 55], kind="Point")), "Feature 1 (lauke) is a Point: an area needs"),
    (collection(feature("lauke", SQUARE[:3])), "polygon 1, ring 1 has 3 points: a ring needs four or more"),
    (collection(feature("lauke", SQUARE, HOLE[:3])), "polygon 1, ring 2 has 3 points"),
    (collection(feature("lauke", SQUARE[:-1])), "polygon 1, ring 1 is open: repeat its first point"),
    (collection(feature("lauke", METRES)), "metres of a projection: export the layer again in EPSG:4326"),
    (
        collection(feature("lauke", [[55, 125], [55, 126], [56, 126], [55, 125]])),
        "55, 125 has the latitude first. GeoJSON wants the longitude first: swap them",
    ),
    (collection(feature("lauke", SWAPPED)), "Feature 1 (lauke) has latitude and longitude swapped: its area"),
    (collection(feature("lauke", FAR)), "km away from the point of its area"),
    (collection(feature("lauke", [[25, 55]] * 5)), "Feature 1 (lauke) encloses nothing"),
    (collection(feature("lauke", [["a", "b"]] * 5)), "coordinates of feature 1 (lauke) are not nested"),
    (collection(feature("lauke", [[25, None]] * 5)), "coordinates of feature 1 (lauke) are not nested"),
    (collection(feature("lauke", kind="MultiPolygon")), "coordinates of feature 1 (lauke) are not nested"),
    (collection(feature("lauke", SQUARE[0])), "coordinates of feature 1 (lauke) are not nested"),
    (collection(feature("lauke", [[25]] * 5)), "coordinates of feature 1 (lauke) are not nested"),
    (collection(feature("lauke", 5)), "coordinates of feature 1 (lauke) are not nested"),
    (collection(feature(), feature("lauke")), "Feature 2 has the code 'lauke', as feature 1 has"),
    (collection(feature(), feature("laukee")), "Feature 2: there is no area with the code 'laukee'; the"),
    (collection(feature("xyz")), "Feature 1: there is no area with the code 'xyz'; import the areas first."),
    (json.dumps(collection(feature("lauke", [[1e999, 55]] * 5))), "Feature 1 (lauke), polygon 1, ring 1: ?"),
    (
        json.dumps(collection(feature())).replace("25.4", "9" * 400, 1),
        "Feature 1 (lauke), polygon 1, ring 1: ? are no degrees",
    ),
    (json.dumps(collection(feature())).replace("25.4", "9" * 5000, 1), "areas.geojson cannot be read"),
]  # fmt: skip


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(("document", "sentence"), BAD)
def test_a_bad_file_is_refused_in_a_sentence_and_nothing_is_written(
    session: Session, tmp_path: Path, document: Any, sentence: str
) -> None:
    take(session, tmp_path, feature("7"))
    with pytest.raises(Invalid) as refused:
        import_shapes(session, written(tmp_path, document))
    assert sentence in refused.value.message
    assert refused.value.message.endswith(".")
    assert list(session.scalars(select(AreaShape.area_code))) == ["7"]


@pytest.mark.usefixtures("known")
def test_all_faults_are_named_at_once_and_the_good_features_stay_out_too(
    session: Session, tmp_path: Path
) -> None:
    bad = [feature("lauke", SQUARE[:-1]), *(feature(f"x{number}", METRES) for number in range(12))]
    with pytest.raises(Invalid) as refused:
        take(session, tmp_path, feature("7"), *bad)
    told = refused.value.message
    assert told.startswith(
        "areas.geojson: nothing was taken in. Feature 2 (lauke), polygon 1, ring 1 is open"
    )
    assert told.count("metres of a projection") == 9
    assert told.endswith("There are 3 more features to mend.")
    assert session.scalars(select(AreaShape)).first() is None


@pytest.mark.usefixtures("known")
def test_a_point_a_little_outside_of_its_shape_is_only_told(session: Session, tmp_path: Path) -> None:
    report = take(session, tmp_path, feature("girele"))
    assert report.warnings == [
        "The point of girele lies 11 km outside of its shape: look which of them is wrong."
    ]
    assert report.table("area_shape").added == 1


@pytest.mark.usefixtures("known")
def test_a_hole_of_a_hand_is_left_out(session: Session, tmp_path: Path) -> None:
    take(
        session, tmp_path, feature("lauke", SQUARE, [[25.1, 55.1], [25.1, 55.1], [25.1, 55.1], [25.1, 55.1]])
    )
    assert len(shapes(session, ["lauke"])[0]["lauke"][0]) == 1


def test_a_shape_goes_with_an_area_that_was_made_from_addresses(session: Session) -> None:
    session.add(Area(code="old", name="Old", names={}, derived=True))
    session.flush()
    session.add(AreaShape(area_code="old", polygons=[[SQUARE]]))
    session.flush()
    assert drop_derived_areas(session) == 1
    assert session.scalars(select(AreaShape)).first() is None


def test_the_command_takes_shapes_in_beside_the_areas_and_gives_back_what_was_there(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    areas, uploads = tmp_path / "areas.csv", Uploads(settings.data_dir)
    areas.write_text("code,name\nlauke,Laukė\n", encoding="utf-8")
    path = written(tmp_path, collection(feature()))
    reports = import_now(engine, uploads, {"areas": areas, "shapes": path})
    assert reports["shapes"].table("area_shape").added == 1
    moved = written(tmp_path, collection(feature("lauke", [[x + 0.2, y] for x, y in SQUARE])))
    import_now(engine, uploads, {"shapes": moved})
    with transaction(engine) as session:
        assert shapes(session, ["lauke"])[0]["lauke"][0][0][0] == (25.2, 55.0)
    undo_now(engine, uploads, 3, rest=False)
    with open_session(engine, reading=True) as session:
        assert shapes(session, ["lauke"])[0]["lauke"][0][0][0] == (25.0, 55.0)
    undo_now(engine, uploads, 2, rest=False)
    with open_session(engine, reading=True) as session:
        assert session.scalars(select(AreaShape)).first() is None
