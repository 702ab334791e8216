"""The pictures of the network as SVG: well-formed, told without giving small numbers away, safe."""

import json
import random
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmap.directory.reading.geojson import read_outlines
from netmap.directory.report import Report
from netmap.network.picture import shading
from netmap.network.picture.territory_map import AreaRow
from netmap.network.picture.walking import Piece
from netmap.web import territory_svg, walk_svg
from netmap.web.walk_svg import Shown

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '"><script>alert(1)</script>'


def row(code: str, *parts: float, gaps: int = 1, **facts: object) -> AreaRow:
    known = {
        "name": code, "point": (55.0 + ord(code[0]) % 7 / 10, 25.0), "ask": 0, "open": 0,
        "expected": sum(parts) / 1000, "services": 0, "clients": sum(parts) if parts else None,
    }  # fmt: skip
    return AreaRow(**{"code": code, "gaps": gaps, "parts": parts, **known, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "told", "figure", "rate"),
    [
        ((40.0, 10.0), "50", "50", 50.0),
        ((0.0,), "0", "0", 0.0),
        ((3.0,), "<5", "&lt;5", None),
        ((3.5,), "<5", "&lt;5", None),
        ((40.0, 3.0), "41 to 44", "≈42", None),
        ((40.0, 2.5), "41 to 44", "≈42", None),
        ((3.0, 1.0), "<9", "&lt;9", None),
        ((20.0, 2.0, 3.0, 1.0, 4.0), "24 to 36", "≈30", None),
        ((), "", "?", None),
    ],
)
def test_a_circle_tells_no_more_than_the_table(parts, told, figure, rate):
    one = row("a", *parts)
    assert (one.told, one.rate) == (told, rate)
    assert f">{figure}</text>" in territory_svg.draw([one], {}, lambda code: f"/{code}", {})


def test_circles_of_few_people_look_all_the_same():
    drawn = ElementTree.fromstring(
        territory_svg.draw([row("a", 1.0), row("b", 4.0), row("c", 400.0)], {}, lambda code: f"/{code}", {})
    )
    radii = {link.get("href"): link.find(f"{SVG}circle").get("r") for link in drawn.iter(f"{SVG}a")}
    assert radii["/a"] == radii["/b"] == f"{territory_svg.SMALLEST:.1f}"
    assert float(radii["/c"]) == territory_svg.LARGEST


def test_names_bring_no_markup_into_the_map():
    text = territory_svg.draw([row("a", 5.0, name=NASTY)], {(55.1, 25.0): 2}, lambda code: NASTY, {})
    assert "<script" not in text
    ElementTree.fromstring(text)


def piece() -> tuple[Piece, dict[str, Shown]]:
    spots = {"a": (0.0, 0.0), "b": (0.0, 0.0), "c": (1.0, 1.0)}
    shown = {key: Shown(key, NASTY if key == "a" else f"Name {key}", "debt", 2) for key in spots}
    return Piece(spots, (("a", "b"), ("a", "c")), {"a": 0, "b": 1, "c": 1}, 0), shown


def test_every_organization_is_a_link_and_the_centre_is_marked():
    found, shown = piece()
    styles = {("a", "b"): "agreement", ("a", "c"): "contact"}
    text = walk_svg.draw(found, shown, styles, lambda key: f"/walk?centre={key}&x", centre="a")
    assert "<script" not in text
    assert "style=" not in text
    tree = ElementTree.fromstring(text)
    links = {link.get("href"): link for link in tree.iter(f"{SVG}a")}
    assert list(links) == ["/walk?centre=a&x", "/walk?centre=b&x", "/walk?centre=c&x"]
    assert "nm-walk__node--centre" in links["/walk?centre=a&x"].get("class")
    lines = [line.get("class") for line in tree.iter(f"{SVG}line")]
    assert lines == ["nm-walk__link nm-walk__link--agreement", "nm-walk__link nm-walk__link--contact"]
    circles = [(float(one.get("cx")), float(one.get("cy"))) for one in tree.iter(f"{SVG}circle")]
    assert len(set(circles)) == 3  # two with the same place were moved apart
    assert {text.text for text in tree.iter(f"{SVG}text") if text.get("class") == "nm-walk__sector"} == {"5"}


SQUARE = [[[(25.0, 55.0), (25.4, 55.0), (25.4, 55.2), (25.0, 55.2), (25.0, 55.0)]]]


def east(km: float) -> list[list[list[tuple[float, float]]]]:
    return [[[(x + km / 64, y) for x, y in ring] for ring in polygon] for polygon in SQUARE]


def land(rows: list[AreaRow], shapes: dict | None = None, dots: dict | None = None) -> ElementTree.Element:
    text = territory_svg.draw(rows, dots or {}, lambda code: f"/{code}", shapes or {})
    assert "style=" not in text
    return ElementTree.fromstring(text)


def links(tree: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {link.get("href")[1:]: link for link in tree.iter(f"{SVG}a")}


def fill_of(link: ElementTree.Element) -> str:
    return link.find(f"{SVG}path").get("fill")


def numbers(tree: ElementTree.Element) -> list[str]:
    group = next(one for one in tree.iter(f"{SVG}g") if one.get("class") == "nm-land__numbers")
    return [text.text for text in group]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(54.0, 56.0), st.floats(22.0, 26.0), st.floats(0.0, 400.0)), min_size=1, max_size=9
    )
)
def test_no_circle_is_cut_off(areas):
    rows = [row(chr(97 + place), size, point=(lat, lon)) for place, (lat, lon, size) in enumerate(areas)]
    tree = land(rows)
    for link in links(tree).values():
        x, y, radius = (float(link.find(f"{SVG}circle").get(name)) for name in ("cx", "cy", "r"))
        assert radius <= x <= float(tree.get("width")) - radius
        assert radius <= y <= float(tree.get("height")) - territory_svg.STRIP - radius


def test_an_area_with_borders_is_drawn_and_the_others_stay_circles():
    tree = land([row("a", 40.0), row("b", 10.0)], {"a": SQUARE})
    shaped, round_one = links(tree)["a"], links(tree)["b"]
    assert shaped.find(f"{SVG}circle") is None
    assert round_one.find(f"{SVG}path") is None
    assert shaped.get("aria-label") == shaped.find(f"{SVG}path/{SVG}title").text
    assert shaped.get("aria-label") == "a: clients without help 40, per 1,000 people 40, lines missing 1"
    assert numbers(tree) == ["40"]


def test_all_of_the_borders_is_on_the_drawing():
    tree = land([row("a", 40.0), row("b", 10.0)], {"a": SQUARE, "b": east(300)})
    for link in links(tree).values():
        start, *steps = link.find(f"{SVG}path").get("d")[1:-1].split("l")
        x, y = (float(one) for one in start.split())
        moves = [float(one) for one in steps[0].split()]
        for dx, dy in [(0.0, 0.0), *zip(moves[::2], moves[1::2], strict=True)]:
            x, y = x + dx, y + dy
            assert 0 <= x <= float(tree.get("width"))
            assert 0 <= y <= float(tree.get("height")) - territory_svg.STRIP


def test_areas_look_alike_by_the_rate_that_the_table_tells_and_by_nothing_else():
    rows = [
        row("a", 40.0), row("b", 40.0, expected=0.02), row("c", 90.0), row("d", 3.0), row("e", 40.0, 3.0),
        row("f", 70.0, expected=None), row("g"), row("h", 0.0, gaps=0, ask=2), row("i", 0.0, gaps=0),
    ]  # fmt: skip
    tree = land(rows, {one.code: east(40 * place) for place, one in enumerate(rows)})
    looks = {code: fill_of(link).removeprefix("url(#nm-look-")[:-1] for code, link in links(tree).items()}
    assert looks == {
        "a": "2", "b": "1", "c": "3", "d": "unknown", "e": "unknown", "f": "unknown", "g": "unknown",
        "h": "ask", "i": "open",
    }  # fmt: skip
    made = {pattern.get("id") for pattern in tree.iter(f"{SVG}pattern")}
    assert {f"nm-look-{look}" for look in looks.values()} <= made
    assert sorted(numbers(tree)) == sorted(["40", "40", "90", "<5", "≈42", "70", "?", "0", "0"])


def test_two_small_groups_cannot_be_told_apart_on_the_map():
    """One and four clients: the same look, the same number, the same words."""
    one, four = (land([row("a", few), row("b", 60.0)], {"a": SQUARE, "b": east(40)}) for few in (1.0, 4.0))
    assert ElementTree.tostring(one) == ElementTree.tostring(four)


def test_the_legend_names_what_is_on_the_map_and_nothing_else():
    rows = [row("a", 40.0), row("b", 50.0), row("c", 90.0), row("d", 91.0), row("e", 0.0, gaps=0)]
    assert shading.legend(rows) == [
        ("open", "nothing is missing"),
        ("1", "40 of 1,000 people"),
        ("2", "50 of 1,000 people"),
        ("3", "90 to 91 of 1,000 people"),
    ]
    assert shading.legend([row("a")])[0][0] == "unknown"


@given(st.lists(st.floats(5.0, 900.0), min_size=1, max_size=40))
def test_no_two_ranges_share_a_rate_and_every_rate_is_in_one(counts):
    rows = [row("a", count) for count in counts]
    found = shading.ranges(rows)
    assert all(low <= high for low, high in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    assert {shading.shade(one, found) for one in rows} == {str(level + 1) for level in range(len(found))}


def test_a_town_lies_upon_the_district_around_it_and_both_have_their_number():
    inner = [[[(25.15, 55.179), (25.25, 55.179), (25.25, 55.187), (25.15, 55.187), (25.15, 55.179)]]]
    tree = land([row("a", 90.0), row("b", 40.0)], {"a": inner, "b": SQUARE})
    assert list(links(tree)) == ["b", "a"]
    assert sorted(numbers(tree)) == ["40", "90"]
    at = {text.text: (float(text.get("x")), float(text.get("y"))) for text in tree.iter(f"{SVG}text")}
    assert abs(at["40"][0] - at["90"][0]) > 19 or abs(at["40"][1] - at["90"][1]) >= 18


def test_a_whole_county_with_fine_borders_stays_small(tmp_path):
    """Sixty areas with 1,200 points each, as they come in and as they are drawn."""
    folder = tmp_path / "county.geojson"
    folder.write_text(json.dumps(fine_county(10, 6, 300)), encoding="utf-8")
    read = read_outlines(folder, Report(""))
    rows = [replace(row("a", 40.0 + place), code=str(place), name=f"Area {place}") for place in range(60)]
    borders = {one.code: one.polygons for one in read}
    text = territory_svg.draw(rows, {}, lambda code: f"/gaps?area={code}", borders)
    assert 30_000 < len(text) < 100_000
    assert len(links(ElementTree.fromstring(text))) == 60


def fine_county(across: int, down: int, points: int) -> dict:
    """A chessboard of areas with crooked borders; neighbours share every point."""
    rng = random.Random(7)

    def side(here: tuple[int, int], there: tuple[int, int]) -> list[tuple[float, float]]:
        key = min(here, there), max(here, there)
        if key not in sides:
            (ax, ay), (bx, by) = key
            steps = [(one + 1) / points for one in range(points - 1)]
            bend, bends = 0.0, []
            for _step in steps:
                bend = 0.98 * bend + rng.uniform(-0.02, 0.02)
                bends.append(bend)
            line = [
                (ax + (bx - ax) * step + bent * (by - ay), ay + (by - ay) * step + bent * (bx - ax))
                for step, bent in zip(steps, bends, strict=True)
            ]
            sides[key] = [(22 + x * 0.6, 54 + y * 0.35) for x, y in [key[0], *line, key[1]]]
        return sides[key] if here == key[0] else sides[key][::-1]

    sides: dict = {}
    features = []
    for number in range(across * down):
        x, y = number % across, number // across
        corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
        ring = [point for pair in pairwise([*corners, corners[0]]) for point in side(*pair)[:-1]]
        geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        features.append({"type": "Feature", "properties": {"code": str(number)}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}
