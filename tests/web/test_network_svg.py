"""The pictures of the network as SVG: well-formed, told without giving small numbers away, safe."""

import xml.etree.ElementTree as ElementTree

import pytest

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
    return AreaRow(code=code, gaps=gaps, parts=parts, **(known | facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "told", "figure", "rate"),
    [
        ((40.0, 10.0), "50", "50", 50.0),
        ((0.0,), "0", "0", 0.0),
        ((3.0,), "<5", "&lt;5", None),
        ((3.5,), "<5", "&lt;5", None),
        ((40.0, 3.0), "41 to 44", "≈41", None),
        ((20.0, 2.0, 3.0, 1.0, 4.0), "30 to 36", "≈30", None),
        ((), "", "?", None),
    ],
)
def test_a_circle_tells_no_more_than_the_table(parts, told, figure, rate):
    one = row("a", *parts)
    assert (one.told, one.rate) == (told, rate)
    assert f">{figure}</text>" in territory_svg.draw([one], {}, lambda code: f"/{code}")


def test_circles_of_few_people_look_all_the_same():
    drawn = ElementTree.fromstring(
        territory_svg.draw([row("a", 1.0), row("b", 4.0), row("c", 400.0)], {}, lambda code: f"/{code}")
    )
    radii = {link.get("href"): link.find(f"{SVG}circle").get("r") for link in drawn.iter(f"{SVG}a")}
    assert radii["/a"] == radii["/b"] == f"{territory_svg.SMALLEST:.1f}"
    assert float(radii["/c"]) == territory_svg.LARGEST


def test_names_bring_no_markup_into_the_map():
    text = territory_svg.draw([row("a", 5.0, name=NASTY)], {(55.1, 25.0): 2}, lambda code: NASTY)
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
