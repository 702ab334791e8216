"""A directory full of scripts in every text field: no page runs any of them, and none links to one."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from netmap.app import create_app, drain, import_all_models
from netmap.auth.service import add_user
from netmap.config import Settings
from netmap.db import open_engine, open_session, transaction
from netmap.directory.models import Organization, Service
from netmap.migrations.upgrade import upgrade
from netmap.packages.service import load_seeds
from netmap.paths import shipped
from tests.county import StrictClient
from tests.pages import parsed

PAYLOAD = "\"'></title></textarea></select><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
ESCAPED = "&lt;img src=x onerror="
BAD_LINKS = ("javascript:alert(1)//", "JaVaScRiPt:alert(1)", "data:text/html,<script>1</script>", "http://[")
TEXTS = {
    "organizations": "name alternate_name description email legal_status",
    "services": "name alternate_name description email interpretation_services application_process "
    "fees_description eligibility_description alert wait_time",
    "locations": "name description transportation",
    "addresses": "address_1 city region state_province",
    "phones": "number description extension",
    "cost_options": "option amount_description",
    "languages": "name note",
    "required_documents": "document",
    "schedules": "description notes byday",
    "service_areas": "name",
    "service_at_location": "description",
    "taxonomies": "name description",
    "taxonomy_terms": "name description",
    "attributes": "value label",
    "areas": "name name_en name_ru name_uk name_lt",
    "demand": "source",
    "travel": "source",
}
LINKS = {"organizations": "website uri", "services": "url", "required_documents": "uri"}
EMAIL, PASSWORD = "office@demo.example", "blue-hill-over-there"


def poisoned(name: str) -> str:
    """Return a file of the demo county with the payload in all its texts and links."""
    with (shipped("seeds") / "demo" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts, links = TEXTS.get(name, "").split(), LINKS.get(name, "").split()
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys([*rows[0], *texts, *links])))
    writer.writeheader()
    for number, row in enumerate(rows):
        row |= {field: row.get(field, "") + PAYLOAD for field in texts}
        row |= {field: BAD_LINKS[number % len(BAD_LINKS)] for field in links}
        if name == "languages" and number % 2:
            row["code"] = ""  # so that the name is shown
        if name == "services" and number % 3 == 2:
            row["status"] = PAYLOAD
        writer.writerow(row)
    return out.getvalue()


def shapes() -> str:
    """Return a square around the city of the demo county with the payload as its source."""
    ring = [[24.9, 55.4], [25.1, 55.4], [25.1, 55.6], [24.9, 55.6], [24.9, 55.4]]
    square = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"code": "lauvena", "source": PAYLOAD}, "geometry": square}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def upload(client: FlaskClient, work: Callable[[], int], kind: str, name: str, content: bytes) -> list[str]:
    """Import a file and return the pages on the way."""
    values = {"kind": kind, "file": (io.BytesIO(content), name), "csrf_token": client.token("/import")}
    address, pages = client.post("/import", data=values).headers["Location"], []
    for step in ("apply", None):
        work()
        pages.append(client.get(address).get_data(as_text=True))
        if step:
            assert "would be added" in pages[-1]
            answer = client.post(f"{address}/{step}", data={"csrf_token": client.token("/import")})
            assert answer.status_code == 303
    assert "in the directory" in pages[-1]
    return [*pages, client.get("/import").get_data(as_text=True)]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, FlaskClient, list[str]]]:
    """The application on the poisoned county, a coordinator, and the reports of the imports."""
    folder = tmp_path_factory.mktemp("poisoned") / "data"
    folder.mkdir()
    settings = Settings(data_dir=folder, secret_key="k" * 64)
    import_all_models()
    engine = open_engine(settings.database())
    upgrade(engine)
    with transaction(engine) as writing:
        load_seeds(writing)
        add_user(writing, EMAIL, PASSWORD, "coordinator")
    app = create_app(settings)
    app.test_client_class = StrictClient
    client = app.test_client()
    typed = {"email": EMAIL, "password": PASSWORD, "csrf_token": client.token()}
    assert client.post("/sign-in", data=typed).status_code == 303
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((shipped("seeds") / "demo").glob("*.csv")):
            if path.stem not in {"areas", "demand", "travel"}:
                archive.writestr(path.name, poisoned(path.stem))
    reports = [
        page
        for kind, name, content in (
            ("areas", "areas.csv", poisoned("areas").encode()),
            ("directory", "<img src=x onerror=1>.zip", packed.getvalue()),
            ("demand", "demand.csv", poisoned("demand").encode()),
            ("travel", "travel.csv", poisoned("travel").encode()),
            ("shapes", "shapes.geojson", shapes().encode()),
        )
        for page in upload(client, lambda: drain(engine, settings), kind, name, content)
    ]
    yield app, client, reports
    engine.dispose()
    app.extensions["netmap_engine"].dispose()


def dangers(page: str) -> list[str]:
    """Return what a browser would run or follow although no template of ours wrote it."""
    found = []
    for element in parsed(page)[0].iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag in {"img", "iframe", "object", "embed", "style", "base"}:
            found.append(tag)
        if tag == "script" and not (element.get("src", "").startswith("/static/") and not element.text):
            found.append(f"script {element.text}")
        for name, value in element.attrib.items():
            if str(name).lower().startswith(("on", "style")):
                found.append(f"{tag} {name}={value}")
            if str(name).rpartition("}")[2] in {"href", "src", "action", "formaction"}:
                scheme = re.split(r"[/?#]", value, maxsplit=1)[0].partition(":")
                if scheme[1] and scheme[0].strip().lower() not in {"http", "https", "tel", "mailto"}:
                    found.append(f"{tag} {name}={value}")
    if "49" in page and PAYLOAD.replace("{{7*7}}", "49")[-20:] in page:
        found.append("a template ran what stands in a text")
    return found


def ids(app: Flask, model: type[Service] | type[Organization]) -> list[str]:
    with open_session(app.extensions["netmap_engine"], reading=True) as session:
        return list(session.scalars(select(model.id).order_by(model.id)))


def test_a_script_would_be_noticed() -> None:
    assert dangers(f"<p>{PAYLOAD}") != []
    assert dangers('<a href="JaVaScRiPt:alert(1)">x</a>') != []
    assert dangers("<p>" + PAYLOAD.replace("<", "&lt;")) == []


def test_the_report_of_an_import_shows_cells_as_text(
    county: tuple[Flask, FlaskClient, list[str]],
) -> None:
    assert [dangers(report) for report in county[2]] == [[]] * 15
    assert any("&lt;script&gt;" in report for report in county[2])


def test_every_service_and_organization_shows_its_texts_as_text(
    county: tuple[Flask, FlaskClient, list[str]],
) -> None:
    app, client, _reports = county
    paths = [f"/services/{one}" for one in ids(app, Service)]
    paths += [f"/organizations/{one}" for one in ids(app, Organization)]
    assert len(paths) > 50
    for path in paths:
        answer = client.get(path)
        page = answer.get_data(as_text=True)
        assert (path, answer.status_code, dangers(page)) == (path, 200, [])
        assert ESCAPED in page


@pytest.mark.parametrize(
    ("path", "shows"),
    [
        ("/search?q=debts", True),
        ("/search?q=%3Cscript%3Ealert(1)%3C/script%3E%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", True),
        (
            "/search?q=food&near=%22%3E%3Cimg%20src=x%20onerror=1%3E&area=%22%3E%3Cimg%20src=x%20onerror=1",
            True,
        ),
        ("/gaps", True),
        ("/network", True),
        ("/network/map", True),
        ("/typing", False),
        ("/typing?state=confirmed", True),
        ("/needs", True),
        ("/sign-in?next=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", True),
        ("/packages", False),
        ("/%3Cimg%20src=x%20onerror=alert(1)%3E", False),
    ],
)
def test_every_page_shows_texts_as_text(
    county: tuple[Flask, FlaskClient, list[str]], path: str, shows: bool
) -> None:
    page = county[1].get(path).get_data(as_text=True)
    assert dangers(page) == []
    assert not shows or "&lt;img" in page or "&lt;script" in page or "&lt;/title" in page


def test_every_gap_and_every_picture_shows_texts_as_text(
    county: tuple[Flask, FlaskClient, list[str]],
) -> None:
    _app, client, _reports = county
    gaps = re.findall(r'href="(/gaps/[^"]+)"', client.get("/gaps").get_data(as_text=True))
    packages = re.findall(r'<option value="(\w+)"', client.get("/network").get_data(as_text=True))
    assert gaps
    assert packages
    for path in [*gaps, *(f"/network?package={code}" for code in packages)]:
        page = client.get(path).get_data(as_text=True)
        assert (path, dangers(page)) == (path, [])


def test_the_packages_and_the_table_of_help_show_texts_as_text(
    county: tuple[Flask, FlaskClient, list[str]],
) -> None:
    client = county[1]
    from netmap.vocabulary.terms import vocabulary

    needs = {code: 3 for code in vocabulary().needs if code.startswith(("hou", "emp", "fin"))}
    token = client.token("/needs")
    typed = {f"severity-{code}": "3" for code in needs} | {"csrf_token": token}
    listed = client.post("/needs", data=typed).get_data(as_text=True)
    assert dangers(listed) == []
    told = json.dumps({"needs": {code: {"severity": 3} for code in needs}})
    form = {"client": told, "package": "homeless_unemployed", "csrf_token": token}
    page = client.post("/needs/table", data=form).get_data(as_text=True)
    assert dangers(page) == []
    assert ESCAPED in page
    again = client.post("/needs", data={**form, "do": "again"}).get_data(as_text=True)
    assert dangers(again) == []
    noted = client.post(
        "/needs", data={"do": "suggest", "note": f"debts {PAYLOAD} rent", "csrf_token": token}
    )
    assert dangers(noted.get_data(as_text=True)) == []


def test_a_link_leads_nowhere_but_to_the_web() -> None:
    from netmap.web.show import link

    for value in (
        *BAD_LINKS,
        "//evil.example",
        "/\\evil",
        "https:///x",
        "https://a\nb",
        "file:///etc/passwd",
    ):
        assert link(value) is None
    assert urlsplit(link("HTTPS://help.example/a") or "").netloc == "help.example"


def test_a_downloaded_table_calculates_nothing(county: tuple[Flask, FlaskClient, list[str]]) -> None:
    from netmap.matching.table import harmless

    for cell in ("=1+1", "+1", "-1", "@A", "\t=1", "\r=1", "＝1", " \u00a0=1", "a;=1", "a; +1", "a\n=1"):
        pieces = re.split(r"[;\t\r\n]", harmless(cell))
        assert not any(piece.lstrip(" \u00a0").startswith(tuple("=+-@＝＋－＠")) for piece in pieces), cell
    assert harmless("Mon; Tue - Fri") == "Mon; Tue - Fri"
