"""The wheel: all that netmap needs at run time is in it, and it works away from the clone."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from netmap.web.frontend import FACES

ROOT = Path(__file__).resolve().parents[1]
STARTS = "from netmap.cli import main; main()"

pytestmark = pytest.mark.slow


def files(*patterns: str) -> set[str]:
    """The files of the clone that the patterns name, as paths below the clone."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    assert found, f"nothing in the clone matches {patterns}"
    return {path.relative_to(ROOT).as_posix() for path in found}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def metadata(wheel: Path, names: set[str]) -> Message:
    (name,) = (one for one in names if one.endswith(".dist-info/METADATA"))
    return Parser().parsestr(zipfile.ZipFile(wheel).read(name).decode("utf-8"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Return a function that runs Python on the installed wheel, from a folder outside the clone."""
    target, elsewhere = tmp_path_factory.mktemp("installed"), tmp_path_factory.mktemp("elsewhere")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index"]
    subprocess.run([*pip, "--no-deps", "--target", str(target), str(wheel)], check=True, timeout=300)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NETMAP_")}
    environment |= {"PYTHONPATH": str(target), "NETMAP_DATA_DIR": str(elsewhere / "data")}

    def run(code: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=elsewhere,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run("import netmap; print(netmap.__file__)")
    assert Path(where.strip()).is_relative_to(target), f"the clone was imported instead: {where}"
    run(STARTS, "demo", "--prepare")
    return run


def test_every_template_and_seed_is_in_the_wheel(names: set[str]) -> None:
    assert {f"netmap/_shipped/{one}" for one in files("templates/**/*.html", "seeds/**/*.*")} <= names


def test_every_file_of_the_package_that_is_not_code_is_in_the_wheel(names: set[str]) -> None:
    expected = files(
        "netmap/i18n/locales/*/messages.po", "netmap/vocabulary/*.toml", "netmap/web/static/**/*.*"
    )
    assert expected <= names


def test_every_module_and_migration_is_in_the_wheel(names: set[str]) -> None:
    assert files("netmap/**/*.py", "netmap/migrations/script.py.mako") <= names


def test_the_front_end_parts_are_in_the_wheel_with_their_licence(names: set[str]) -> None:
    parts = {"govuk.css", "govuk.js", "LICENCE.txt"}
    assert {f"netmap/web/static/vendor/{part}" for part in parts} <= names
    fonts = {"LICENCE.txt", *(f"SourceSans3_{face}.ttf" for face in FACES)}
    assert {f"netmap/printing/fonts/{file}" for file in fonts} <= names


def test_what_prints_are_made_of_is_in_the_wheel(names: set[str]) -> None:
    sources = files("templates/printing/*.typ", "templates/printing/offline.*")
    assert {f"netmap/_shipped/{path}" for path in sources} <= names


def test_the_wheel_holds_netmap_and_nothing_else(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"netmap"}
    assert not [name for name in names if "__pycache__" in name or "/tests/" in name]


def test_the_metadata_names_the_licences_and_holds_the_readme(metadata: Message, names: set[str]) -> None:
    assert metadata["License-Expression"] == "MIT AND CC-BY-SA-3.0 AND OFL-1.1"
    for file in metadata.get_all("License-File", []):
        assert any(name.endswith(f".dist-info/licenses/{file}") for name in names)
    assert {"LICENSE", "seeds/taxonomies/README.md"} <= set(metadata.get_all("License-File", []))
    assert metadata.get_payload() == (ROOT / "README.md").read_text(encoding="utf-8")


def test_an_installed_netmap_loads_the_county_once_and_finds_help(installed: Callable[..., str]) -> None:
    assert "already" in installed(STARTS, "demo", "--prepare")
    found = json.loads(installed(STARTS, "search", "кто поможет с ипотекой", "--json"))
    assert "fin.mortgage_debt" in [need["code"] for need in found["needs"]]
    assert found["results"]


def test_an_installed_netmap_shows_its_pages(installed: Callable[..., str]) -> None:
    code = """
from netmap.app import create_app
asked = create_app().test_client()
for path in ("/sign-in", "/static/vendor/govuk.css", "/static/netmap.css"):
    print(path, asked.get(path).status_code)
"""
    assert [line.split()[-1] for line in installed(code).splitlines()] == ["200"] * 3
