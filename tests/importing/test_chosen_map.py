"""A directory of another form: a map is chosen with the file, checked at once, kept and used."""

import io
import json
import re
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from netmap.app import drain
from netmap.db import open_session, transaction
from netmap.directory.map_check import check_map
from netmap.directory.models import Organization, Service, Source
from netmap.directory.reading.map_reading import parse_map, read_map
from netmap.errors import Invalid
from netmap.importing.maps import MAX_BYTES, choose, shipped_titles
from netmap.importing.models import ImportRun
from netmap.paths import shipped

SignIn = Callable[[str | None], FlaskClient]
Send = Callable[..., TestResponse]
ODD = json.dumps({"places": [{"nr": 1, "house": "Lantern House", "does": "Warm room"},
                             {"nr": 2, "house": "Bridge", "does": "Soup"}]}).encode()  # fmt: skip
OWN = b"""source = "odd-list"
title = "The odd list"
licence = "MIT"
attribution = "nobody"

[[table]]
into = "organizations"
each = "places"
[table.fields]
id = "house"
name = "house"

[[table]]
into = "services"
each = "places"
[table.fields]
id = "nr"
organization_id = "house"
name = "does"
"""
WRONG = {
    "toml": OWN.replace(b'"The odd list"', b'"The odd list'),
    "key": OWN.replace(b"each", b"every"),
    "field": OWN.replace(b"name = ", b"nmae = "),
    "table": OWN.replace(b'"services"', b'"servants"'),
    "letters": OWN.replace(b"nobody", b"\xff\xfe"),
    "empty": b"",
    "dots": OWN + b".".join([b"a"] * 90_000) + b' = "1"\n',
    "word": OWN + b"a" * 150_000 + b' = "1"\n',
}


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in("coordinator")


@pytest.fixture
def engine(app: Flask) -> Engine:
    return app.extensions["netmap_engine"]  # type: ignore[no-any-return]


@pytest.fixture
def imports(app: Flask) -> Path:
    return Path(app.extensions["netmap_settings"].data_dir) / "imports"


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """Return a function that uploads a file with a map of one's own or a shipped one."""
    token = client.token("/import")

    def upload(
        content: bytes, name: str, own: bytes | None = None, own_name: str = "my.toml", **more: str
    ) -> TestResponse:
        values = {"kind": "directory", "file": (io.BytesIO(content), name), "csrf_token": token, **more}
        values["own_map"] = (io.BytesIO(own or b""), "" if own is None else own_name)
        return client.post("/import", data=values)

    return upload


@pytest.fixture
def work(app: Flask) -> Callable[[], int]:
    return lambda: drain(app.extensions["netmap_engine"], app.extensions["netmap_settings"])


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def field_error(page: str, name: str) -> str | None:
    found = re.search(rf'<p id="{name}-error"[^>]*>.*?</span>(.*?)</p>', page, re.DOTALL)
    return found[1].strip() if found else None


def names(engine: Engine, kind: type[Organization] | type[Service], source: str) -> list[str]:
    with open_session(engine, reading=True) as session:
        return list(session.scalars(select(kind.name).where(kind.source_id == source).order_by(kind.name)))


def test_a_map_of_ones_own_checks_and_applies(
    client: FlaskClient, engine: Engine, send: Send, work: Callable[[], int]
) -> None:
    answer = send(ODD, "odd.json", OWN, "My map.toml")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/import/1")
    work()
    page = text_of(client.get("/import/1"))
    assert "checked, not applied" in page
    assert "my-map.toml" in page
    assert "my-map.toml: The odd list; licence: MIT; source: nobody." in page
    assert names(engine, Service, "odd-list") == []
    client.post("/import/1/apply", data={"csrf_token": client.token("/import")})
    work()
    assert names(engine, Organization, "odd-list") == ["Bridge", "Lantern House"]
    assert names(engine, Service, "odd-list") == ["Soup", "Warm room"]
    saved = client.get("/import/1/map.toml")  # the upload is gone by now; with what it was read stays known
    assert saved.get_data() == OWN
    assert saved.headers["Content-Disposition"] == "attachment; filename=my-map.toml"


def test_the_name_of_the_source_that_was_typed_counts_more_than_that_of_the_map(
    engine: Engine, send: Send
) -> None:
    send(ODD, "odd.json", OWN, source="Town list")
    with open_session(engine, reading=True) as session:
        assert session.get_one(ImportRun, 1).source == "town-list"


def test_one_table_with_a_map_asks_for_no_columns(
    client: FlaskClient, engine: Engine, send: Send, work: Callable[[], int]
) -> None:
    folder = shipped("seeds") / "maps"
    answer = send((folder / "example.csv").read_bytes(), "list.csv", map="example")
    assert answer.headers["Location"] == "/import/1"
    work()
    page = text_of(client.get("/import/1"))
    assert "checked, not applied" in page
    assert ">example.toml</a>" in page
    client.post("/import/1/apply", data={"csrf_token": client.token("/import")})
    work()
    assert names(engine, Service, "example")
    assert client.get("/import/1/map.toml").get_data() == (folder / "example.toml").read_bytes()


def test_link_sf_comes_in_with_its_map(
    shared: Path, client: FlaskClient, engine: Engine, send: Send, work: Callable[[], int]
) -> None:
    folder, packed = shared / "data" / "us_sf_linksf", io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.glob("*.json"):
            archive.write(path, path.name)
    send(packed.getvalue(), "link.zip", map="linksf")
    work()
    client.post("/import/1/apply", data={"csrf_token": client.token("/import")})
    work()
    with open_session(engine, reading=True) as session:
        assert session.get_one(ImportRun, 1).state == "done"
    assert len(names(engine, Organization, "linksf")) == 217


def test_the_form_offers_every_map_that_ships(client: FlaskClient) -> None:
    page = text_of(client.get("/import"))
    stems = {path.stem for path in (shipped("seeds") / "maps").glob("*.toml")}
    assert set(shipped_titles()) == stems
    assert stems
    for stem in stems:
        assert f'<option value="{stem}" lang="en">' in page


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_map_is_told_at_its_field_as_at_the_terminal_and_nothing_is_kept(
    engine: Engine, send: Send, imports: Path, tmp_path: Path, fault: str
) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(WRONG[fault])
    with pytest.raises(Invalid) as terminal:
        check_map(read_map(path))
    page = send(ODD, "odd.json", WRONG[fault])
    assert page.status_code == 422
    assert field_error(text_of(page), "own_map") == str(escape(terminal.value.message))
    assert field_error(text_of(page), "file") is None
    assert len(terminal.value.message) < 2000
    with open_session(engine, reading=True) as session:
        assert session.scalars(select(ImportRun)).all() == []
    assert list(imports.glob("*")) == []


def test_a_line_of_very_many_dots_is_refused_before_it_is_read() -> None:
    with pytest.raises(Invalid, match="line 2: a map has no line with more than 500 dots"):
        parse_map("my.toml", "x = 1\n" + ".".join(["a"] * 600) + " = 1\n")


def test_the_limit_of_a_map_is_what_the_form_says(send: Send) -> None:
    fits = OWN + b"#" * (MAX_BYTES - len(OWN))
    assert send(ODD, "odd.json", fits).status_code == 303
    answer = send(ODD, "odd.json", fits + b"#")
    assert answer.status_code == 422
    assert field_error(text_of(answer), "own_map") == "The map my.toml is larger than 200 kB: is it a map?"


@pytest.mark.parametrize(
    ("values", "own", "field"),
    [
        ({"map": "linksf"}, OWN, "own_map"),
        ({"map": "../maps/linksf"}, None, "map"),
        ({"map": "linksf", "kind": "areas"}, None, "map"),
        ({"kind": "demand"}, OWN, "own_map"),
    ],
)
def test_a_choice_that_cannot_be_is_told_at_its_field(
    send: Send, imports: Path, values: dict[str, str], own: bytes | None, field: str
) -> None:
    answer = send(ODD, "odd.json", own, **values)
    assert answer.status_code == 422
    assert field_error(text_of(answer), field)
    assert list(imports.glob("*")) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../../etc/cron.d/x.toml", "x.toml"),
        ("C:\\maps\\a.toml", "a.toml"),
        ("..", "map.toml"),
        ('"><script>alert(1)</script>.toml', "script.toml"),
        ("карта міста.toml", "карта-міста.toml"),
        ("a\r\nSet-Cookie: x=1.toml", "a-set-cookie-x-1.toml"),
        ("x" * 5000 + ".toml", "x" * 40 + ".toml"),
    ],
)
def test_a_hostile_name_of_a_map_leads_nowhere(sent: str, kept: str) -> None:
    chosen = choose("directory", "", io.BytesIO(OWN), sent)
    assert chosen is not None
    assert chosen.name == kept


def test_a_map_with_a_name_in_other_letters_can_be_saved(client: FlaskClient, send: Send) -> None:
    send(ODD, "odd.json", OWN, "карта <b>.toml")
    answer = client.get("/import/1/map.toml")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].isascii()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "<b>" not in text_of(client.get("/import/1"))


def test_a_file_that_needs_a_map_says_so_and_leads_to_where_one_is_chosen(
    client: FlaskClient, send: Send, work: Callable[[], int]
) -> None:
    link = '<a class="govuk-link" href="/import#map">Upload it again with a map</a>'
    send(ODD, "odd.json")
    send(b"{broken", "broken.json")
    send(ODD, "mapped.json", OWN.replace(b'"places"', b'"spaces"'))
    work()
    page = text_of(client.get("/import/1"))
    assert "A map can read other forms" in page
    assert link in page
    assert 'id="map"' in text_of(client.get("/import"))
    for other in ("/import/2", "/import/3"):
        page = text_of(client.get(other))
        assert "run-error" in page
        assert link not in page


@pytest.mark.parametrize("name", ["progress.json", "my.toml"])
def test_an_upload_may_be_called_like_what_lies_beside_it(
    client: FlaskClient, send: Send, work: Callable[[], int], name: str
) -> None:
    send(ODD, name, OWN)
    work()
    assert "checked, not applied" in text_of(client.get("/import/1"))


def test_an_import_without_a_map_has_none_to_save(client: FlaskClient, send: Send) -> None:
    send(b"id,name\n1,Lantern House\n", "organizations.csv")
    assert client.get("/import/1/map.toml").status_code == 404


def test_the_map_made_of_chosen_columns_is_not_shown_as_somebodys(
    client: FlaskClient, engine: Engine, send: Send, work: Callable[[], int]
) -> None:
    send(b"Agency,Program,Fax\nLantern House,Warm room,1\n", "offers.csv")
    token = client.token("/import")
    chosen = {"column-1": "organization.name", "column-2": "service.name", "column-3": ""}
    client.post("/import/1/columns", data={"csrf_token": token, **chosen})
    work()
    client.post("/import/1/apply", data={"csrf_token": token})
    work()
    with open_session(engine, reading=True) as session:
        run = session.get_one(ImportRun, 1)
        assert (run.state, run.map_name) == ("done", None)
        assert "licence" not in json.dumps(run.report)
        source = session.get_one(Source, "offers")
        assert (source.name, source.note) == ("offers.csv", "")
    assert tomllib.loads(text_of(client.get("/import/1/map.toml")))["source"] == "offers"


def test_whoever_chooses_columns_afterwards_reads_without_the_map(
    client: FlaskClient, engine: Engine, send: Send
) -> None:
    send(b"Agency,Program\nLantern House,Warm room\n", "offers.csv", OWN)
    with transaction(engine) as session:
        session.get_one(ImportRun, 1).state = "failed"
    chosen = {"column-1": "organization.name", "column-2": "service.name"}
    client.post("/import/1/columns", data={"csrf_token": client.token("/import"), **chosen})
    with open_session(engine, reading=True) as session:
        run = session.get_one(ImportRun, 1)
        assert (run.map_name, run.choices) == (
            None,
            {"Agency": "organization.name", "Program": "service.name"},
        )


@pytest.mark.parametrize("role", [None, "planner", "case_manager"])
def test_only_who_may_import_gets_at_a_map(
    sign_in: SignIn, client: FlaskClient, send: Send, role: str | None
) -> None:
    send(ODD, "odd.json", OWN)
    other = sign_in(role)
    assert other.get("/import/1/map.toml").status_code in {303, 302, 403}
    files = {"file": (io.BytesIO(ODD), "a.json"), "own_map": (io.BytesIO(OWN), "m.toml")}
    assert client.post("/import", data={"kind": "directory", **files}).status_code == 400  # no form token
