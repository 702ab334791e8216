"""Names of areas in a question, in the forms that names take, and when a word is none."""

import csv
import time

import pytest

from netmap.paths import shipped
from netmap.vocabulary.question import Gazetteer, understand

REAL = [
    ("anyksciai", ("Anykščiai", "Аникщяй", "Анікщяй"), "town"),
    (
        "anyksciai-district",
        ("Anykščių rajono savivaldybė", "Anyksciai district", "Аникщяйский район"),
        "municipality",
    ),
    ("rokiskis", ("Rokiškis", "Рокишкис", "Рокішкіс"), "town"),
    ("kharkiv", ("Kharkiv", "Харьков", "Харків", "Charkivas"), "city"),
    ("reading", ("Reading",), "city"),
    ("bila-tserkva", ("Bila Tserkva", "Біла Церква"), "city"),
    ("berzai-1", ("Beržai",), "village"),
    ("berzai-2", ("Beržai",), "village"),
    ("berzai-3", ("Beržai",), "village"),
    ("capital", ("Capital",), "city"),
    ("capital-20018", ("Capital 20018",), "postcode"),
]


def demo_areas() -> list[tuple[str, tuple[str, ...], str]]:
    path = shipped("seeds") / "demo" / "areas.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (row["code"], tuple(row[f"name_{one}"] for one in ("en", "ru", "uk", "lt")), row["kind"])
            for row in csv.DictReader(file)
        ]


PLACES = Gazetteer([*REAL, *demo_areas()])


def places(query: str) -> list[str]:
    return [part.code for part in understand(query, PLACES).parts if part.kind == "place"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("food in Anykščiai", "anyksciai"),
        ("food in anyksciai", "anyksciai"),
        ("maistas Anykščiuose", "anyksciai"),
        ("maistas anyksciuose", "anyksciai"),
        ("Anykščių ligoninė", "anyksciai"),
        ("еда в Аникщяе", "anyksciai"),
        ("борги біля Аникщяя", "anyksciai"),
        ("їжа в Анікщяї", "anyksciai"),
        ("skolos Anykščių rajone", "anyksciai-district"),
        ("Anyksciai district debts", "anyksciai-district"),
        ("долги в Рокишкисе", "rokiskis"),
        ("борги у Рокішкісі", "rokiskis"),
        ("skolos Rokiškyje", "rokiskis"),
        ("iš Rokiškio", "rokiskis"),
        ("юрист в Харькове", "kharkiv"),
        ("юрист у Харкові", "kharkiv"),
        ("лікар біля Білої Церкви", "bila-tserkva"),
        ("долги в лаувене", "lauvena"),
        ("долги Лаувенский округ", "lauvena-county"),
        ("Лаувенский район юрист", "lauvena-county"),
        ("skolos Lauvenos apskrityje", "lauvena-county"),
        ("debts Lauvena County", "lauvena-county"),
        ("skolos Beržtakyje", "berztakis"),
        ("у селі Пелькведіс", "pelkvedis"),
        ("dentist 20018", "capital-20018"),
        ("ljkub d Kfedtyt", "lauvena"),
    ],
)
def test_a_name_is_found_in_every_form(query: str, code: str) -> None:
    assert places(query) == [code]


@pytest.mark.parametrize("area", demo_areas(), ids=lambda area: area[0])
def test_every_area_of_the_demonstration_is_found_by_each_of_its_names(
    area: tuple[str, tuple[str, ...], str],
) -> None:
    code, names, _kind = area
    assert [places(f"skolos {name}") for name in names] == [[code]] * len(names)


@pytest.mark.parametrize(
    ("query", "near"),
    [
        ("debts near Rokiškis", True),
        ("долги возле Рокишкиса", True),
        ("борги недалеко від Рокішкіса", True),
        ("skolos netoli Rokiškio", True),
        ("debts in Rokiškis", False),
        ("debts near the river", False),
    ],
)
def test_near_is_not_in(query: str, near: bool) -> None:
    assert understand(query, PLACES).near is near


def test_the_words_of_a_place_are_not_looked_for() -> None:
    found = understand("debts near Rokiškis", PLACES)
    assert set(found.typed.values()) == {"debts"}
    assert [part.words for part in found.parts if part.kind == "place"] == ["near Rokiškis"]


def test_a_name_of_several_areas_is_left_for_a_person_to_choose() -> None:
    found = understand("skolos prie Beržų", PLACES)
    assert found.choices == {"Beržų": ("berzai-1", "berzai-2", "berzai-3")}
    assert "place" not in {part.kind for part in found.parts}


@pytest.mark.parametrize(
    "query", ["reading lessons for adults", "adult reading course", "earnings", "karai", "борги"]
)
def test_a_word_that_says_something_by_itself_is_no_place(query: str) -> None:
    assert places(query) == []


@pytest.mark.parametrize("query", ["food in Reading", "food in reading", "Reading food bank"])
def test_such_a_word_is_a_place_with_a_capital_letter_or_after_in(query: str) -> None:
    assert places(query) == ["reading"]


def test_a_place_that_was_taken_away_is_a_plain_word() -> None:
    found = understand("debts in Rokiškis", PLACES, without={"place:rokiskis"})
    assert "place" not in {part.kind for part in found.parts}
    assert "Rokiškis" in found.typed.values()


def test_two_gazetteers_of_the_same_areas_are_one() -> None:
    again = Gazetteer(reversed([*REAL, *demo_areas()]))
    assert again == PLACES
    assert hash(again) == hash(PLACES)
    assert understand("debts in Rokiškis", again) is understand("debts in Rokiškis", PLACES)


def test_five_thousand_areas_are_quick() -> None:
    many = Gazetteer(
        [(f"a{number}", (f"Vietovė{number}as", f"Место{number}"), "village") for number in range(5_000)]
    )
    understand("debts in Rokiškis", many)
    started = time.perf_counter()
    assert understand("Vietovė77 skolos", many).needs
    assert time.perf_counter() - started < 0.2
