"""The shape of the house: imports point down, files stay small, every check can fail."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "netmap").rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 300, 50


def long_functions(source: str, most: int) -> list[str]:
    """Return the functions that are longer than ``most`` lines, their docstrings not counted."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 - promise(node) > most
    ]


def promise(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines the docstring of a function takes."""
    first = node.body[0]
    return (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(node) is not None else 0


def test_the_import_contracts_hold() -> None:
    found = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert found.returncode == 0, found.stdout[-3000:]


def test_a_room_that_imports_a_door_is_found(tmp_path: Path) -> None:
    package = tmp_path / "house"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "room.py").write_text("import house.door\n")
    (package / "door.py").write_text("")
    (tmp_path / ".importlinter").write_text(
        "[importlinter]\nroot_package = house\n"
        "[importlinter:contract:1]\nname = down\ntype = layers\nlayers =\n  house.door\n  house.room\n"
    )
    found = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert found.returncode == 1


def test_every_folder_of_the_package_has_its_place_in_the_contract() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (ROOT / "netmap").glob("*/__init__.py")} - {"_shipped"}
    assert sorted(room for room in rooms if f"netmap.{room}" not in text) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if "versions" not in path.parts:  # a revision is as long as its change
        assert len(source.splitlines()) <= LONGEST_MODULE
        assert long_functions(source, LONGEST_FUNCTION) == []


def test_a_long_function_is_found() -> None:
    assert long_functions("def long():\n" + "    x = 1\n" * 10, 10) == ["long"]
    assert long_functions("def short():\n    x = 1\n", 10) == []
