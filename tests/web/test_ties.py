"""Pages of the network: ties, bridges, measures, needs by areas, the map, walking; no script is needed."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from netmap.db import open_session
from netmap.directory.models import AreaShape, Location
from netmap.network.picture.place_queries import service_points, services_by_area

SHAPE = '<a class="nm-land__area nm-land__area--shape"'
SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def planner(sign_in: SignIn) -> FlaskClient:
    return sign_in("planner")


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def names_in(page: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]+)</a>', page)


def test_ties_are_chosen_by_state_and_sorted_by_links(planner: FlaskClient) -> None:
    page = text_of(planner, "/network/ties?state=paper")
    assert "Skolų turinčių pacientų siuntimas patarėjai" in page
    assert "Asleep: last contact long ago" in page
    up, down = text_of(planner, "/network/ties?sort=one"), text_of(planner, "/network/ties?sort=-one")
    assert names_in(up) == sorted(names_in(up), key=str.casefold)
    assert names_in(down) == sorted(names_in(down), key=str.casefold, reverse=True)
    assert 'aria-sort="ascending"' in up
    assert 'aria-sort="descending"' in down


def test_an_unknown_area_is_told_in_a_sentence(planner: FlaskClient) -> None:
    for address in ("ties", "measures", "bridges", "walk", "map", "matrix"):
        answer = planner.get(f"/network/{address}?area=nowhere")
        assert answer.status_code == 422, address
        assert "There is no area with the code &#39;nowhere&#39;" in answer.get_data(as_text=True)


def test_every_measure_has_its_warning(planner: FlaskClient) -> None:
    page = text_of(planner, "/network/measures")
    assert "A higher density is not a better network" in page
    assert "clients a year" in page
    assert "Who could replace whom" in page
    assert page.count("<tr") > 40


def test_who_meets_where_is_told_with_what_it_does_not_mean(planner: FlaskClient) -> None:
    page = text_of(planner, "/network/measures").split("Who meets where", 1)[1].split("The whole network")[0]
    council, group = "Lauvenos krašto koordinacinė taryba", "Būsto ir skolų darbo grupė"
    assert names_in(page)[:2] == [group, council]  # of four members each: then by name
    assert "Lauvenos būsto agentūra" in names_in(page)[2:]
    assert "To sit in one body is not yet to work together" in page
    turned = text_of(planner, "/network/measures?meet=-name").split("Who meets where", 1)[1]
    assert names_in(turned)[:2] == [council, group]
    body = re.search(rf'href="([^"]*/coordination/[^"]+)" lang="">{council}', page)
    assert body is not None
    assert council in text_of(planner, body[1])


def test_who_sits_in_one_body_is_among_the_ties_and_drawn_as_such(planner: FlaskClient) -> None:
    page = text_of(planner, "/network/ties?kind=joint_body")
    assert page.count('<td class="govuk-table__cell" data-label="On what matter">') == 12
    pairs = re.findall(r'centre=([^"&]+)" lang="">', page)
    text = text_of(planner, f"/network/walk?centre={pairs[0]}&steps=1")
    assert '<line class="nm-walk__link nm-walk__link--joint_body"' in text.split("</ul>", 1)[1]
    assert "Sit in one body" in text


def test_missing_bridges_stand_first(planner: FlaskClient) -> None:
    page = text_of(planner, "/network/bridges")
    body = page.split("Each two sectors", 1)[1]
    assert body.index("no bridge") < body.rindex('data-label="Links">1')
    assert "by the kind of organisation" in page


def test_a_cell_of_the_matrix_leads_to_its_gaps(planner: FlaskClient) -> None:
    page = text_of(planner, "/network/matrix")
    link = re.search(r'href="(/network/matrix\?[^"]*cell=[^"]*)"', page)
    assert link is not None
    picked = text_of(planner, link[1].replace("&amp;", "&"))
    keys = re.findall(r'<li><a class="govuk-link" href="(/gaps/[0-9a-f]+)"', picked)
    assert len(keys) > 1
    assert planner.get(keys[0]).status_code == 200


def test_the_map_has_an_area_for_each_row_of_its_table(planner: FlaskClient) -> None:
    page = text_of(planner, "/network/map")
    drawn = len(re.findall(r'<a class="nm-land__area', page))
    assert drawn == len(names_in(page)) > 20
    assert "style=" not in page
    assert 'Borders: <span lang="">made up for the demo</span>' in page


def test_the_map_draws_a_circle_where_no_border_is_known(app: Flask, planner: FlaskClient) -> None:
    with open_session(app.extensions["netmap_engine"]) as session:
        kept = [(one.area_code, one.polygons, one.source) for one in session.scalars(select(AreaShape))]
        page = text_of(planner, "/network/map")
        assert page.count(SHAPE) == len(kept) == 24
        assert "is a circle" not in page
        session.execute(delete(AreaShape).where(AreaShape.area_code == "lauvena"))
        session.commit()
        page = text_of(planner, "/network/map")
        assert page.count(SHAPE) == 23
        assert "An area of which nobody brought in the border is a circle" in page
        session.execute(delete(AreaShape))
        session.commit()
        page = text_of(planner, "/network/map")
        assert SHAPE not in page
        assert "something is missing" in page
        assert "is a circle" not in page
        assert "Borders:" not in page
        session.add_all([AreaShape(area_code=code, polygons=p, source=s) for code, p, s in kept])
        session.commit()


def test_secret_places_are_not_on_the_map_but_counted_in_their_area(app: Flask) -> None:
    with open_session(app.extensions["netmap_engine"]) as session:
        before = service_points(session), services_by_area(session)
        point = next(iter(before[0]))
        for row in session.scalars(select(Location).where(Location.latitude == point[0])):
            row.confidential = True
        session.flush()
        assert point not in service_points(session)
        assert services_by_area(session) == before[1]


def test_walking_leads_from_one_to_the_next(planner: FlaskClient) -> None:
    page = text_of(planner, "/network/walk")
    nodes = re.findall(r'<a class="nm-walk__node" href="([^"]+)"', page)
    assert 50 < len(nodes) <= 300
    around = text_of(planner, nodes[0].replace("&amp;", "&"))
    assert around.count("nm-walk__node--centre") == 1
    assert "What they have with each other" in around
    own_page = re.search(
        r'<a class="govuk-link" href="(/organizations/[^"]+)">Its page in the directory', around
    )
    assert own_page is not None
    assert (
        nodes[0].split("centre=")[1].split("&")[0]
        in text_of(planner, own_page[1]).split("/network/walk", 1)[1]
    )
    assert len(re.findall(r'<a class="nm-walk__node', around)) == len(names_in(around)) > 1


def test_nobody_walks_to_an_organization_that_is_not_there(planner: FlaskClient) -> None:
    assert planner.get("/network/walk?centre=nobody").status_code == 404


def test_the_picture_tells_hand_offs_in_its_table_too(planner: FlaskClient) -> None:
    page = text_of(planner, "/network?package=homeless_unemployed")
    assert 'class="nm-graph__edge nm-graph__edge--broken"' in page
    assert "no link in" in page
