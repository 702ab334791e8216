"""S17: no name in an address or of an upload leads out of its folder."""

import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

SignIn = Callable[[str | None], FlaskClient]
OUT = (
    "../app.py", "../../config.py", "..%2fapp.py", "%2e%2e/app.py", "%2e%2e%2fapp.py", "..%5capp.py",
    "....//app.py", "..;/app.py", "/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "..\\app.py",
    "vendor/../../app.py", "vendor/%2e%2e/%2e%2e/app.py", "netmap.css%00.py", "%00", "..", ".", "", "vendor",
    "vendor/", "C:/windows/win.ini", "C:\\windows\\win.ini", "file:///etc/passwd", "..%c0%afapp.py",
    "..%252fapp.py", "../../../../../../etc/passwd", ".git/config", "~root/.profile", "\uff0e\uff0e/app.py",
    "CON", "NUL", "a" * 5000,
)  # fmt: skip
NAMES = (
    "../../evil.csv", "..\\..\\evil.csv", "/tmp/netmap-evil.csv", "C:\\evil.csv", "\x00evil.csv", "..", ".",
    "evil\x00.csv", "....//evil.csv", "%2e%2e%2fevil.csv", "evil.csv/../../x", "~/evil.csv", "`id`.csv",
    "$(touch evil).csv", "-rf.csv", "a" * 3000 + ".csv", "CON.csv", "evil.csv\r\nX: y", "\u202evsc.live.csv",
    "..\u2215evil.csv", ".bashrc",
)  # fmt: skip


@pytest.mark.parametrize("start", ["/static/", "/static/vendor/"])
def test_no_name_leads_out_of_the_static_folder(app: Flask, start: str) -> None:
    client, wrong = FlaskClient(app, app.response_class), []  # control characters are no HTML
    for name in OUT:
        environ = EnvironBuilder(method="GET").get_environ()
        environ["PATH_INFO"] = unquote(start + name, "latin-1").encode("utf-8", "replace").decode("latin-1")
        answer = client.open(environ)
        body = answer.get_data()
        if answer.status_code not in {302, 308, 400, 404} or b"def " in body or b"root:" in body:
            wrong.append((name, answer.status_code))
        answer.close()
    assert wrong == []


def test_a_static_file_that_is_a_link_to_elsewhere_would_be_noticed() -> None:
    folder = Path(__file__).resolve().parents[2] / "netmap" / "web" / "static"
    links = [path for path in folder.rglob("*") if path.is_symlink()]
    assert [path for path in links if not path.resolve().is_relative_to(folder)] == []


def files_below(folder: Path) -> set[str]:
    return {os.fspath(path) for path in folder.rglob("*")}


@pytest.mark.parametrize("kind", ["directory", "areas", "demand"])
def test_an_upload_is_kept_under_no_name_of_its_own(
    app: Flask, sign_in: SignIn, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home" / "deep" / "er"
    (home / "tmp").mkdir(parents=True)
    monkeypatch.chdir(home)
    monkeypatch.setattr("tempfile.tempdir", str(home / "tmp"))
    client = sign_in("coordinator")
    token = client.token("/import")  # type: ignore[attr-defined]
    before, was_there = files_below(tmp_path), Path("/tmp/netmap-evil.csv").exists()
    for name in NAMES:
        sent = {"kind": kind, "file": (io.BytesIO(b"a,b\n1,2\n"), name), "csrf_token": token}
        assert client.post("/import", data=sent).status_code in {303, 422}, name
    kept = app.extensions["netmap_settings"].data_dir / "imports"
    new = {Path(one) for one in files_below(tmp_path) - before if not one.endswith(("-wal", "-shm"))}
    assert [one for one in new if one != kept and kept not in one.parents] == []
    made = {one.name for one in new if one.is_file()} - {"turn.lock"}
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name) for name in made), made
    assert Path("/tmp/netmap-evil.csv").exists() == was_there
