"""The page that compares areas: one beside the mean, sorted, as CSV, and public where the directory is."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from netmap.db import open_session
from netmap.network.models import AreaSnapshot

SignIn = Callable[[str | None], FlaskClient]


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def rows_of(page: str) -> list[list[str]]:
    body = page.split('class="govuk-table nm-dm-table nm-dm-areas"', 1)[1].split("</table>", 1)[0]
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in body.split("<tr ")[2:])
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_every_area_stands_beside_the_mean(sign_in: SignIn) -> None:
    rows = rows_of(text_of(sign_in("planner"), "/areas"))
    assert rows[0][0] == "Mean"
    assert len(rows) == 25  # the mean and all areas of the county that hold no other
    assert all(len(row) == 8 for row in rows)


def test_an_area_is_told_with_its_place_among_the_others(sign_in: SignIn) -> None:
    page = text_of(sign_in("planner"), "/areas?mine=tolauke")
    assert "of 24" in page
    assert "worse than the mean" in page
    assert [row[0] for row in rows_of(page) if row[0].endswith("chosen")] == ["Tolauke chosen"]


def test_the_table_sorts_by_what_needs_help_most(sign_in: SignIn) -> None:
    rows = rows_of(text_of(sign_in("planner"), "/areas?sort=gaps"))[1:]
    numbers = [int(row[3]) for row in rows]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) > 1


def test_of_few_services_no_share_stands_on_the_page_or_in_the_file(app: Flask, sign_in: SignIn) -> None:
    planner = sign_in("planner")
    with open_session(app.extensions["netmap_engine"]) as session:
        session.execute(
            update(AreaSnapshot).where(AreaSnapshot.area_code == "tolauke").values(services=4, within=1)
        )
        session.commit()
    (row,) = (row for row in rows_of(text_of(planner, "/areas")) if row[0] == "Tolauke")
    assert row[6] == "–"
    lines = {line["area"]: line for line in csv.DictReader(io.StringIO(text_of(planner, "/areas.csv")))}
    assert lines["tolauke"]["checked"] == ""
    assert float(lines["lauvena"]["checked"]) <= 1


def test_before_the_first_look_the_page_says_so(app: Flask, sign_in: SignIn) -> None:
    with open_session(app.extensions["netmap_engine"]) as session:
        session.execute(delete(AreaSnapshot))
        session.commit()
    assert "not been compared yet" in text_of(sign_in("planner"), "/areas")


def test_everybody_reads_it_where_the_directory_is_public(app: Flask) -> None:
    nobody = app.test_client()
    assert nobody.get("/areas").status_code == 302
    app.extensions["netmap_settings"] = replace(app.extensions["netmap_settings"], public_directory=True)
    page = text_of(nobody, "/areas?mine=tolauke")
    assert "Tolauke" in page
    assert 'href="/gaps' not in page
    assert 'href="/demand' not in page
