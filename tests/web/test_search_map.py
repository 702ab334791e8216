"""The map of a page of results: numbers as links, nothing on top of anything else, a true scale."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmap.directory.distances import straight_km
from netmap.web.map_ground import (
    CELL,
    WIDTH,
    Box,
    Place,
    Spot,
    blocks_of,
    ground_of,
    names_of,
    round_km,
)
from netmap.web.search_map import draw_map

SVG = "{http://www.w3.org/2000/svg}"
LAUVENA, KREGZMINA, OSRUDE = (55.5, 25.0), (55.59, 25.206), (55.536, 24.683)
TOWNS = [
    Place("Lauvena", LAUVENA, 0),
    Place("Kregžmina", KREGZMINA, 1),
    Place("Ošrūdė", OSRUDE, 1),
]
points = st.tuples(st.floats(-84, 84), st.floats(-179, 179))


def drawn(spots: list[Spot], **more: object) -> ElementTree.Element:
    return ElementTree.fromstring(draw_map(spots, TOWNS, **more))  # type: ignore[arg-type]


def links(svg: ElementTree.Element) -> dict[str, str]:
    return {link.get("href", ""): link.get("aria-label", "") for link in svg.iter(f"{SVG}a")}


def test_every_number_is_a_link_to_its_card_that_says_its_name() -> None:
    svg = drawn([Spot(1, "Debt advice", LAUVENA), Spot(2, "Night shelter", KREGZMINA)])
    assert links(svg) == {"#hit-1": "1: Debt advice", "#hit-2": "2: Night shelter"}
    shown = [
        "".join(link.itertext()).replace("Debt advice", "").replace("Night shelter", "")
        for link in svg.iter(f"{SVG}a")
    ]
    assert shown == ["1", "2"]


def test_several_at_one_place_stand_together_and_all_can_be_reached() -> None:
    spots = [Spot(number, f"Service {number}", LAUVENA) for number in range(1, 8)] + [Spot(8, "Far", OSRUDE)]
    ground = ground_of([spot.point for spot in spots])
    blocks = [tuple(spot.number for spot in inside) for _box, inside in blocks_of(spots, ground)]
    assert blocks == [(1, 2, 3, 4, 5, 6, 7), (8,)]
    assert len(links(drawn(spots))) == 8


def test_what_is_not_known_to_fit_looks_different_without_colour() -> None:
    svg = drawn([Spot(1, "A", LAUVENA), Spot(2, "B", OSRUDE, sure=False)])
    classes = {link.get("href"): link.get("class", "") for link in svg.iter(f"{SVG}a")}
    assert "perhaps" not in classes["#hit-1"]
    assert "perhaps" in classes["#hit-2"]


@settings(max_examples=60, deadline=None)
@given(st.lists(points, min_size=1, max_size=20), st.lists(points, max_size=30))
def test_nothing_covers_anything_and_all_stays_inside(
    spots: list[tuple[float, float]], towns: list[tuple[float, float]]
) -> None:
    numbered = [Spot(number, "x", point) for number, point in enumerate(spots, start=1)]
    ground = ground_of(spots)
    blocks = list(blocks_of(numbered, ground))
    boxes = [box for box, _inside in blocks]
    named = names_of([Place(f"Town {n}", point) for n, point in enumerate(towns)], ground, boxes)
    everything = boxes + [box for _place, box in named]

    assert sorted(spot.number for _box, inside in blocks for spot in inside) == list(range(1, len(spots) + 1))
    assert not [pair for pair in combinations(everything, 2) if pair[0].meets(pair[1])]
    for box in everything:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= WIDTH
        assert box.y + box.height <= ground.height


def test_boxes_that_share_only_an_edge_do_not_meet() -> None:
    assert not Box(0, 0, 10, 10).meets(Box(10, 0, 10, 10))
    assert Box(0, 0, 10, 10).meets(Box(9, 9, 10, 10))


def test_the_scale_is_true() -> None:
    spots = [Spot(1, "A", LAUVENA), Spot(2, "B", OSRUDE)]
    svg = drawn(spots)
    bar = next(path for path in svg.iter(f"{SVG}path") if path.get("class") == "nm-map__scale")
    long = float(re.search(r"h([\d.]+)v", bar.get("d", ""))[1])  # type: ignore[index]
    told = next(text for text in svg.iter(f"{SVG}text") if text.get("class") == "nm-map__km")
    km = float((told.text or "").split()[0])
    ground = ground_of([LAUVENA, OSRUDE])
    (x1, y1), (x2, y2) = ground.at(LAUVENA), ground.at(OSRUDE)
    pixels = ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5
    assert pixels / straight_km(LAUVENA, OSRUDE) == pytest.approx(long / km, rel=0.01)


def test_north_is_up_and_east_is_right() -> None:
    ground = ground_of([LAUVENA, KREGZMINA])
    (x1, y1), (x2, y2) = ground.at(LAUVENA), ground.at(KREGZMINA)
    assert x2 > x1
    assert y2 < y1


def test_a_single_place_is_shown_with_its_surroundings() -> None:
    ground = ground_of([LAUVENA])
    assert WIDTH / ground.scale < 5  # kilometres across
    assert ground.at(LAUVENA) == (WIDTH / 2, ground.height / 2)


def test_the_point_that_was_asked_for_and_its_circle_are_drawn_to_scale() -> None:
    svg = drawn([Spot(1, "A", LAUVENA)], asked=KREGZMINA, within_km=5.0)
    circle = next(one for one in svg.iter(f"{SVG}circle") if one.get("class") == "nm-map__within")
    ground = ground_of([LAUVENA, KREGZMINA])
    assert float(circle.get("r", "0")) == pytest.approx(5 * ground.scale, abs=0.1)
    assert [
        one
        for one in drawn([Spot(1, "A", LAUVENA)]).iter(f"{SVG}path")
        if one.get("class") == "nm-map__asked"
    ] == []


def test_names_are_text_and_nothing_else() -> None:
    evil = "<script>alert(1)</script>\"'"
    text = draw_map([Spot(1, evil, LAUVENA)], [Place(evil, (55.51, 25.02))])
    assert "<script" not in text
    assert evil in "".join(ElementTree.fromstring(text).itertext())


def test_a_number_is_large_enough_for_a_finger_on_a_narrow_map() -> None:
    assert CELL * 290 / WIDTH >= 24  # 320 pixels wide, less the edges of the page


@pytest.mark.parametrize("most", [0.0101, 0.1, 0.3, 1, 5, 9.99, 250, 19_000])
def test_a_round_length_is_at_least_two_fifths_of_what_there_is_room_for(most: float) -> None:
    assert most * 0.4 - 1e-9 <= round_km(most) <= most
