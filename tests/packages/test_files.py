"""A package as a file: read back as it was, and bad files named in whole sentences."""

import json
import tomllib
from dataclasses import replace
from typing import Any

import pytest

from netmap.errors import Invalid
from netmap.packages.document import read
from netmap.packages.files import LARGEST, read_file, write_file
from netmap.paths import shipped

SEEDS = sorted((shipped("seeds") / "packages").glob("*.toml"))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_shipped_package_survives_the_way_through_a_file(path: Any) -> None:
    document = read(tomllib.loads(path.read_text(encoding="utf-8")))
    assert read(read_file(write_file(document).encode(), "a.toml")) == document


def test_quotes_and_backslashes_survive(raw: dict[str, Any]) -> None:
    raw["name"]["en"] = "The \"best\" of C:\\ and 'this'"
    document = read(raw)
    assert read(read_file(write_file(document).encode(), "a.toml")) == document


def test_the_owner_stays_behind(raw: dict[str, Any]) -> None:
    document = replace(read(raw), owner="anna@city.example")
    assert "anna" not in write_file(document)


def test_json_is_read_too(raw: dict[str, Any]) -> None:
    assert read(read_file(b"\xef\xbb\xbf " + json.dumps(raw).encode(), "a.json")) == read(raw)


def test_a_package_of_a_hundred_kilobytes_is_read(raw: dict[str, Any]) -> None:
    raw["lines"] = [
        raw["lines"][0] | {"key": f"line_{number}", "cause": dict.fromkeys(("en", "ru"), "ы" * 600)}
        for number in range(40)
    ]
    content = write_file(read(raw)).encode()
    assert len(content) > 100_000
    assert len(read(read_file(content, "a.toml")).lines) == 40


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "lacks “code”, “profile”, “lines”"),
        (b'[project]\nname = "another"', "is no package of netmap"),
        (b'{"resourceType": "Bundle"}', "is no package of netmap"),
        (b"name,phone\nHelp,112", "neither TOML nor JSON"),
        (b'{"code": ', "neither TOML nor JSON"),
        (b"a = " + b"[" * 5000, "neither TOML nor JSON"),
        (b'{"code":' + b"[" * 100_000, "neither TOML nor JSON"),
        ("code = 'ё'".encode("cp1251"), "not a text in UTF-8"),
        (b"PK\x03\x04\x14\x00\x08\xff", "not a text in UTF-8"),
        (b"#" * (LARGEST + 1), "a package at most 256 kB"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence_with_its_name(content: bytes, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_file(content, "their package.toml")
    assert words in caught.value.message
    assert caught.value.message.startswith("their package.toml")
