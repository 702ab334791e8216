"""The table of help for paper."""

import csv
import io
from typing import Any

import pytest

from netmap.matching.table import as_csv, harmless, rows

LINE = {
    "need": "fin.consumer_debt", "goal": "Debts are on a plan", "provider": "=HYPERLINK(1)",
    "service": "Debts", "service_language": "en",
    "time": "Mon 09:00–12:00", "place": "Street 1", "phone": "+44 1632 960001",
    "complete": True,
    "dropped": False, "type": "debt_advice", "badges": ["x"], "why": [],
}  # fmt: skip


@pytest.fixture
def package() -> dict[str, Any]:
    """A result with a complete line, an open one and a dropped one."""
    nobody = LINE | {"provider": "", "service": "", "time": "", "place": "", "phone": "", "complete": False}
    dropped = LINE | {"dropped": True, "goal": "Not this"}
    names = {"package": "drinking_parent", "name": "Drinking parent", "score": 88.0}
    return names | {"lines": [LINE, nobody, dropped]}


def test_a_line_proposed_to_be_left_out_is_not_in_the_table(package: dict[str, Any]) -> None:
    assert [row.complete for row in rows(package)] == [True, False]


def test_the_csv_says_which_lines_are_complete(package: dict[str, Any]) -> None:
    lines = list(csv.reader(io.StringIO(as_csv(package))))
    assert [line[-1] for line in lines] == ["Complete", "yes", "no"]


def test_no_cell_is_a_formula(package: dict[str, Any]) -> None:
    cells = [cell for line in csv.reader(io.StringIO(as_csv(package))) for cell in line]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_paper_names_no_package_and_no_score(package: dict[str, Any]) -> None:
    text = as_csv(package)
    assert not [word for word in ("drinking", "Drinking", "88") if word in text]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_every_sign_that_begins_a_formula_is_made_harmless(sign: str) -> None:
    assert harmless(f"{sign}1") == f"'{sign}1"
    assert harmless(f"  {sign}1") == f"'  {sign}1"
    assert harmless(f"1{sign}") == f"1{sign}"
