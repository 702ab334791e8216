"""Bytes of old programs: read where there is no doubt, refused where there is."""

import pytest

from netmap.directory.reading.csv_text import parse
from netmap.directory.reading.encodings import KNOWN, decode
from netmap.directory.report import Report
from netmap.errors import Invalid

FRENCH = "id,name\n1,Café de la Gare\n2,Écoute où ça va\n"
LITHUANIAN = "id;name\n1;Žemės ūkio mokykla\n2;Šiaulių pagalba\n"
RUSSIAN = "id;name\n1;Юридическая помощь\n2;Приют для матерей\n"
UKRAINIAN = "id;name\n1;Гаряча лінія допомоги\n2;Притулок для матерів з дітьми\n"


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        (FRENCH, "cp1252", "read as Windows-1252; if the letters in line 2, '1,Café de la Gare', are wrong"),
        (LITHUANIAN, "cp1257", "read as Windows-1257; if the letters in line 2, '1;Žemės ūkio mokykla'"),
        (RUSSIAN, "cp1251", "read as Windows-1251; if the letters in line 2, '1;Юридическая помощь'"),
        (UKRAINIAN, "cp1251", "read as Windows-1251"),
        ("id,name\n1,“Aid” – free\n", "cp1252", "read as Windows-1252"),
        (FRENCH, "utf-16", "was read as UTF-16, as its first bytes say"),
        (FRENCH, "utf-16-le", "does not say its encoding and was read as UTF-16; look at 'id,name'"),
        (FRENCH, "utf-16-be", "does not say its encoding and was read as UTF-16"),
    ],
)
def test_a_file_of_an_old_program_is_read_and_the_report_says_how(
    text: str, encoding: str, said: str
) -> None:
    report = Report("a")

    assert decode("a.csv", text.encode(encoding), report) == text
    assert len(report.warnings) == 1
    assert said in report.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_is_read_without_a_word(encoding: str) -> None:
    report = Report("a")
    assert decode("a.csv", FRENCH.encode(encoding), report) == FRENCH
    assert report.warnings == []


@pytest.mark.parametrize(
    "data",
    [
        b"id,name\n1,caf\xe8 \xf0\xe9\n",  # è and š at once: no table of Windows has both there
        "id,name\n1,Šalpa ir ąžuolas\n".encode() + b"2,\xff\n",  # UTF-8 with one bad byte
    ],
)
def test_what_could_be_two_things_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="is not UTF-8: byte"):
        decode("a.csv", data, Report("a"))


def test_what_a_map_says_is_not_guessed() -> None:
    report = Report("a")
    assert decode("a.csv", "ąčę".encode("cp1257"), report, "cp1257") == "ąčę"
    assert report.warnings == []
    with pytest.raises(Invalid, match="is not UTF-8: the bytes in line 2 cannot be read"):
        decode("a.csv", b"id\n\xe8\n", report, "utf-8")


def test_every_encoding_that_a_map_may_name_is_there() -> None:
    for encoding in KNOWN:
        assert "a".encode(encoding)


# CSV as it is found


def table(text: str) -> tuple[list[tuple[object, list[str]]], Report]:
    report = Report("a")
    return list(parse("a.csv", text, report).cells), report.close()


def test_a_mark_in_mid_file_and_the_columns_again_are_told() -> None:
    cells, report = table("\ufeffid,name\n1,Aid\n\ufeffid,name\n2,\ufeffBed\n")

    assert cells == [(2, ["1", "Aid"]), (4, ["2", "Bed"])]
    assert report.warnings == [
        "a.csv holds byte order marks in mid-file; they were taken out.",
        "a.csv: the line of columns comes again; it was left out (row 3).",
    ]


def test_a_last_line_that_ends_early_is_told_with_its_row() -> None:
    cells, report = table("id,name,city\n1,Aid,Town\n2,Be")

    assert cells[-1] == (3, ["2", "Be"])
    assert report.warnings == ["a.csv: the last line ends early; the file may have been cut off (row 3)."]
    assert table("id,name\n1,Aid\n2,Bed")[1].warnings == []


def test_blank_lines_before_the_columns_are_passed_over() -> None:
    assert table("\n,,\nid,name\n1,Aid\n")[0] == [(4, ["1", "Aid"])]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_columns_are_parted_by_any_usual_sign(sign: str) -> None:
    assert table(f"id{sign}name\n1{sign}Aid\n")[0] == [(2, ["1", "Aid"])]


def test_old_line_ends_are_read() -> None:
    assert table("id,name\r1,Aid\r2,Bed\r")[0] == [(2, ["1", "Aid"]), (3, ["2", "Bed"])]
