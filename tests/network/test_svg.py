import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest

from netmap.network.picture.graph import Edge, Node, arrange
from netmap.network.picture.svg import WIDTH, draw

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("need", "type", "provider", "needed")
HREFS = {kind: (lambda key, kind=kind: f"/{kind}?key={key}&more") for kind in KINDS}
LONG = "A very long name of an organisation that certainly does not fit into the box that there is for it"


def picture(**provider):
    told = {"key": "p", "name": LONG, "note": "there for 2 areas", "title": LONG} | provider
    nodes = [
        Node("need", "n", "No money & <debts>"),
        Node("type", "t", "Debt advice"),
        Node("provider", **told),
        Node("needed", "g", "NEEDED: 50 clients a year", note="Too far away, FIRM", title="It is missing."),
    ]
    edges = [
        Edge("need:n", "type:t", "leads"),
        Edge("type:t", f"provider:{provider.get('key', 'p')}", "sure", ("n",)),
        Edge("type:t", "needed:g", "needed", ("n",)),
    ]
    return arrange(nodes, edges)


@pytest.fixture
def tree():
    return ElementTree.fromstring(draw(picture(), HREFS))


def by_class(tree, name):
    return [item for item in tree.iter() if name in item.get("class", "").split()]


def test_it_is_well_formed_and_has_title_and_description(tree):
    assert tree.find(f"{SVG}title").text
    assert "1" in tree.find(f"{SVG}desc").text
    names = tree.get("aria-labelledby").split()
    assert [tree.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == names


def test_nothing_needs_inline_style(tree):
    text = draw(picture(), HREFS)
    assert "style" not in text.lower()
    assert "<script" not in text


def test_every_node_is_a_link_in_reading_order(tree):
    assert [link.get("href") for link in tree.iter(f"{SVG}a")] == [
        "/need?key=n&more", "/type?key=t&more", "/needed?key=g&more", "/provider?key=p&more"
    ]  # fmt: skip


def test_a_gap_is_told_by_dash_diamond_and_word(tree):
    (node,) = by_class(tree, "nm-graph__node--needed")
    assert node.find(f"{SVG}polygon").get("stroke-dasharray")
    assert any("NEEDED" in text.text for text in node.iter(f"{SVG}text"))
    (edge,) = by_class(tree, "nm-graph__edge--needed")
    assert edge.get("stroke-dasharray")


def test_only_gaps_are_dashed_diamonds(tree):
    assert len(list(tree.iter(f"{SVG}polygon"))) == 1
    (edge,) = by_class(tree, "nm-graph__edge--sure")
    assert edge.get("stroke-dasharray") is None


def test_what_is_cut_is_whole_in_the_title_of_the_shape(tree):
    (node,) = by_class(tree, "nm-graph__node--provider")
    shown = " ".join(text.text for text in node.iter(f"{SVG}text"))
    assert "…" in shown
    assert LONG in node.find(f"{SVG}rect/{SVG}title").text


def test_the_name_of_a_link_is_made_of_the_words_that_everybody_sees(tree):
    assert [
        node
        for node in tree.iter(f"{SVG}a")
        if node.get("aria-label") or node.find(f"{SVG}title") is not None
    ] == []


def test_names_cannot_bring_in_markup():
    nasty = '"><script>alert(1)</script>'
    text = draw(picture(name=nasty, title=nasty, key=nasty), HREFS)
    assert "<script" not in text
    assert ElementTree.fromstring(text) is not None


def test_a_provider_without_a_page_is_no_link():
    tree = ElementTree.fromstring(draw(picture(linked=False), HREFS))
    (node,) = by_class(tree, "nm-graph__node--provider")
    assert node.tag == f"{SVG}g"
    assert LONG in node.find(f"{SVG}rect/{SVG}title").text


def test_it_fits_the_page_and_nothing_overlaps(tree):
    assert int(tree.get("width")) == WIDTH <= 960
    boxes = list(tree.iter(f"{SVG}rect"))
    spots = sorted((float(box.get("x")), float(box.get("y")), float(box.get("height"))) for box in boxes)
    for one, two in pairwise(spots):
        assert one[0] != two[0] or one[1] + one[2] <= two[1]
    assert all(float(box.get("x")) + float(box.get("width")) <= WIDTH for box in boxes)


def test_templates_put_it_into_the_page_as_it_is():
    from markupsafe import escape

    drawing = draw(picture(), HREFS)
    assert escape(drawing) == str(drawing)


def test_an_empty_picture_is_still_a_picture():
    assert ElementTree.fromstring(draw(arrange([], []), HREFS)).tag == f"{SVG}svg"


def test_classes_are_plain_words():
    classes = set(re.findall(r'class="([^"]+)"', draw(picture(), HREFS)))
    assert all(re.fullmatch(r"[a-z_\- ]+", name) for name in classes)
