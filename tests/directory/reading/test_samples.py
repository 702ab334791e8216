"""What a person sees of a file before there is a map."""

import json
from pathlib import Path

import pytest

from netmap.directory.reading.apart import read_samples_apart
from tests.directory.reading.made_up import book, packed, saved

pytestmark = pytest.mark.usefixtures("read_here")


def test_every_table_is_shown_as_it_stands_with_its_first_rows(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    nested = {f"k{n}": {"name": "House", "at": {"city": "Town"}} for n in range(30)}
    path.write_bytes(
        packed(
            {
                "list.csv": b"Full Name;Full Name\nAid;Bed\n",
                "book.xlsx": saved(book(One=[["A b"], [1]], Two=[["C"], [2]])),
                "deep.json": json.dumps(nested).encode(),
            }
        )
    )

    found = {(file.name, file.table): file for file in read_samples_apart(path).files}

    assert {key: file.columns for key, file in found.items()} == {
        ("book.xlsx, One", "One"): ("A b",),
        ("book.xlsx, Two", "Two"): ("C",),
        ("deep.json", "*"): ("name", "at", "at.city"),
        ("list.csv", ""): ("Full Name", "Full Name 2"),
    }
    deep = found["deep.json", "*"]
    assert (len(deep.cells), deep.cells[0]) == (20, ("k0", ["House", "Town", "Town"]))
