"""The demo county is what its README says: its size, its languages, its gaps, and nobody real in it."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from netmap.paths import shipped
from netmap.vocabulary.terms import vocabulary

FOLDER = shipped("seeds") / "demo"
VOCABULARY = shipped("seeds") / "vocabulary"
# Kinds of help that one client in the county cannot get, on purpose; seeds/demo/README.md says why.
NOBODY = {
    "insolvency_legal_aid", "driving_course", "trafficking_assistance", "sexual_violence_centre",
    "infectious_disease_care", "care_leaver_support", "travel_cost",
}  # fmt: skip
KINDS = {
    "ngo", "debt_adviser", "housing_agency", "clinic", "employer", "municipality", "pension_fund",
    "social_protection", "adult_education", "parish", "self_help_group", "research_centre",
}  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def language_of(text: str) -> str:
    """Return the language of a text by its letters alone."""
    for language, letters in (("uk", "[іїєґ]"), ("ru", "[а-яё]"), ("lt", "[ąčęėįšųūž]")):
        if re.search(letters, text.casefold()):
            return language
    return "en"


def runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    """Give every run of so many words of a text."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    yield from zip(*(words[start:] for start in range(length)), strict=False)


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in rows("services")}


def test_it_is_as_large_as_a_county() -> None:
    areas = Counter(row["kind"] for row in rows("areas"))

    assert (areas["city"], areas["town"]) == (1, 3)
    assert areas["village"] >= 20
    assert len(rows("organizations")) >= 120
    assert len(rows("services")) >= 260
    assert {row["kind"] for row in rows("organizations")} >= KINDS


def test_four_languages_are_mixed(services: dict[str, dict[str, str]]) -> None:
    found = Counter(language_of(row["description"]) for row in services.values())

    assert set(found) == {"en", "ru", "uk", "lt"}
    assert min(found.values()) >= 30


def test_each_kind_of_help_is_there_twice_and_in_two_languages(services: dict[str, dict[str, str]]) -> None:
    terms = {row["id"]: row["code"] for row in rows("taxonomy_terms")}
    languages: dict[str, list[str]] = defaultdict(list)
    for row in rows("attributes"):
        if row["link_type"] == "service_type":
            service = services[row["link_id"]]
            languages[terms[row["taxonomy_term_id"]]].append(language_of(service["description"]))
    lacking = {code for code in vocabulary().service_types if len(set(languages[code])) < 2}

    assert lacking == NOBODY
    assert [code for code in NOBODY if languages[code]] == []


def test_the_texts_are_not_made_from_the_phrases_of_the_vocabulary(
    services: dict[str, dict[str, str]],
) -> None:
    known: set[tuple[str, ...]] = set()
    for path in VOCABULARY.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.DictReader(file) for cell in row.values() if cell]
        known.update(run for cell in cells for phrase in cell.split("|") for run in runs(phrase, 4))
    told = [run for row in services.values() for run in runs(f"{row['name']} {row['description']}", 4)]
    share = sum(run in known for run in told) / len(told)

    assert len(told) > 10_000
    assert share < 0.005


def test_no_text_is_there_twice(services: dict[str, dict[str, str]]) -> None:
    texts = Counter(row["description"] for row in services.values())

    assert [text for text, times in texts.items() if times > 1] == []


def test_nobody_can_be_called_or_written_to() -> None:
    numbers = [row["number"] for row in rows("phones")]
    assert [one for one in numbers if not re.fullmatch(r"\+44 1632 960\d{3}", one)] == []
    assert len(set(numbers)) == len(numbers)
    for path in FOLDER.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        hosts = re.findall(r"(?:@|https?://)([\w.-]+)", text)
        assert [host for host in hosts if not host.rstrip(".").endswith(".example")] == [], path.name


def test_ids_and_references_hold() -> None:
    ids = {path.stem: [row.get("id", row.get("code", "")) for row in rows(path.stem)] for path in files()}
    tables = {
        "organization_id": "organizations", "other_organization_id": "organizations",
        "service_id": "services", "location_id": "locations",
        "service_at_location_id": "service_at_location", "contact_id": "contacts",
        "program_id": "programs", "unit_id": "units", "taxonomy_term_id": "taxonomy_terms",
    }  # fmt: skip
    assert [
        name
        for name, found in ids.items()
        if name not in ("demand", "travel") and len(set(found)) < len(found)
    ] == []
    for path in files():
        for row in rows(path.stem):
            for column, table in tables.items():
                assert not row.get(column) or row[column] in ids[table], f"{path.name} {row['id']} {column}"


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.csv"))


def test_capacity_ties_and_vacancies_are_there() -> None:
    assert len(rows("service_capacity")) >= 80
    assert {row["kind"] for row in rows("ties")} == {"agreement", "contact", "funding", "joint_service"}
    assert len(rows("vacancies")) >= 25
    assert any(row["contact_id"] for row in rows("schedules"))
    assert any(row["closed"] for row in rows("schedules"))


def test_some_records_are_fresh_some_are_old_and_some_nobody_has_checked(
    services: dict[str, dict[str, str]],
) -> None:
    years = Counter(row["assured_date"][:4] for row in services.values())

    assert {"", "2024", "2025", "2026"} <= set(years)
