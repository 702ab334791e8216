"""The commands that other systems call: arguments, JSON, exit status."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from netmap.matching.desk import Desk
from tests.directory.whole import write_whole
from tests.terminal import Run, terminal


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Return a function that runs `netmap ARGUMENTS` and gives (exit status, output, errors)."""
    monkeypatch.setenv("NETMAP_DATA_DIR", str(tmp_path / "data"))
    for name in ("NETMAP_ADMIN_EMAIL", "NETMAP_ADMIN_PASSWORD"):
        monkeypatch.delenv(name, raising=False)

    call = terminal(monkeypatch, capsys)

    return call


@pytest.fixture
def county(run: Run, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NETMAP_DATA_DIR", str(prepared))
    return run


def answer(result: tuple[int, str, str]) -> Any:
    status, out, err = result
    assert status == 0, err
    return json.loads(out)


def lines(result: tuple[int, str, str]) -> list[Any]:
    status, out, err = result
    assert status == 0, err
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.skipif(os.name != "posix", reason="other systems keep permissions in another way")
def test_others_cannot_read_the_database_in_a_folder_that_was_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    answer(run("init", "--json"))
    files = [one for one in (tmp_path / "data").iterdir() if one.stat().st_mode & 0o077]
    assert [one.name for one in files] == []


@pytest.mark.parametrize("command", ["init", "users list", "doctor", "demo --prepare"])
def test_a_place_that_cannot_be_used_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NETMAP_DATA_DIR", str(tmp_path / "file" / "data"))
    status, out, err = run(*command.split())
    assert (status, (out + err).count("\n")) == (1, 1)
    assert str(tmp_path / "file" / "data") in out + err


def test_a_database_without_a_table_gives_a_sentence(run: Run, tmp_path: Path) -> None:
    answer(run("init", "--json"))
    with closing(sqlite3.connect(tmp_path / "data" / "netmap.db")) as connection:
        connection.execute("DROP TABLE web_session")
        connection.execute("INSERT INTO user VALUES (1, 'a@b.example', 'admin', 'x', NULL, 1, '2026-01-01')")
        connection.commit()
    status, _out, err = run("users", "list")
    assert status == 1
    assert err.count("\n") == 1
    assert "netmap doctor" in err


def test_init_without_a_terminal_makes_no_admin_and_ends_well(run: Run) -> None:
    assert answer(run("init", "--json"))["people"] == 0


def test_init_makes_the_first_admin_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETMAP_ADMIN_EMAIL", "admin@office.example")
    monkeypatch.setenv("NETMAP_ADMIN_PASSWORD", "a quiet winter evening")
    assert answer(run("init", "--json"))["people"] == 1
    assert answer(run("init", "--json"))["people"] == 1


def test_a_command_before_init_says_what_to_do(run: Run) -> None:
    status, out, err = run("search", "debts")
    assert (status, out) == (1, "")
    assert "netmap init" in err
    assert len(err.splitlines()) == 1


def test_wrong_usage_is_2(run: Run) -> None:
    assert run("match")[0] == 2
    assert run("no-such-command")[0] == 2


def test_a_search_answers_in_the_agreed_shape(county: Run) -> None:
    found = answer(county("search", "who helps with mortgage debt", "--limit", "3", "--json"))
    assert set(found) >= {"query", "needs", "total", "results", "facets", "understood"}
    assert "fin.mortgage_debt" in [need["code"] for need in found["needs"]]
    assert 0 < len(found["results"]) <= 3
    assert set(found["results"][0]) == {
        "service_id",
        "service",
        "organisation",
        "types",
        "score",
        "why",
        "place",
        "open",
        "signals",
    }
    assert all(
        sum(line["points"] for line in hit["signals"]) == pytest.approx(hit["score"], abs=0.01)
        for hit in found["results"]
    )
    assert {"kind", "code", "label", "words"} == set(found["understood"][0])
    assert {"code", "label", "count", "selected"} == set(found["facets"]["need"][0])


def test_filters_narrow_a_search_and_batches_carry_them_per_line(county: Run, tmp_path: Path) -> None:
    free = answer(county("search", "debts", "--only", "cost=free", "--only", "language=uk", "--json"))
    every = answer(county("search", "debts", "--json"))
    assert 0 < free["certain"] < every["total"]
    assert [one["code"] for one in free["facets"]["cost"] if one["selected"]] == ["free"]
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"id": 1, "query": "debts", "only": {"cost": ["free"], "language": "uk"}}\n'
        '{"id": 2, "query": "debts", "only": ["cost=free", "language=uk"], "sort": "name", "limit": 2}\n'
        '{"id": 3, "query": "debts", "type": "debt_advice", "near": "Lauvena", "within": 5}\n'
        '{"id": 4, "query": "debts", "limit": "many"}\n'
    )
    first, second, third, fourth = lines(county("search", "--batch", str(questions), "--json"))
    assert [one["service_id"] for one in first["results"]] == [one["service_id"] for one in free["results"]]
    assert (second["total"], len(second["results"])) == (free["total"], 2)
    names = [one["service"] for one in second["results"]]
    assert names == sorted(names, key=str.casefold)
    assert 0 < third["total"] < every["total"]
    assert "limit" in fourth["error"]


def test_what_was_understood_can_be_taken_away(county: Run) -> None:
    found = answer(county("search", "debts in Lauvena", "--json"))
    place = next(one for one in found["understood"] if one["kind"] == "place")
    without = answer(county("search", "debts in Lauvena", "--without", f"place:{place['code']}", "--json"))
    assert "place" not in [one["kind"] for one in without["understood"]]


def test_the_terminal_says_what_was_understood_and_why(county: Run) -> None:
    status, out, _err = county("search", "mortgage", "debt", "near", "Lauvena", "--limit", "2")
    assert status == 0
    assert "Understood as: Mortgage debt, Lauvena" in out
    assert "Helps with Mortgage debt" in out
    assert "km from Lauvena" in out


def test_an_index_that_differs_from_the_database_is_told_service_by_service(
    county: Run, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(prepared, tmp_path / "copy")
    monkeypatch.setenv("NETMAP_DATA_DIR", str(tmp_path / "copy"))
    good = answer(county("search", "rebuild", "--check", "--json"))
    assert (good["missing"], good["surplus"], good["differing"]) == ([], [], [])
    with closing(sqlite3.connect(tmp_path / "copy" / "netmap.db")) as connection:
        (one, other) = [row[0] for row in connection.execute("SELECT id FROM service ORDER BY id LIMIT 2")]
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("UPDATE service SET minimum_age = 65 WHERE id = ?", (one,))
        connection.execute("DELETE FROM service WHERE id = ?", (other,))
        connection.execute("INSERT INTO service (id, name, description, status, version, last_modified)"
                           " VALUES ('new', 'New', '', 'active', 1, '2026-01-01')")  # fmt: skip
        connection.commit()
    status, out, _err = county("search", "rebuild", "--check", "--json")
    assert status == 1
    found = json.loads(out)
    assert (found["missing"], found["surplus"], found["differing"]) == (["new"], [other], [one])
    status, out, _err = county("search", "rebuild", "--check")
    assert status == 1
    assert f"{one}  in the index as before a change" in out


def test_a_russian_question_finds_a_service_described_in_another_language(county: Run) -> None:
    found = answer(county("search", "кто поможет с ипотекой", "--json"))
    texts = " ".join(hit["service"] for hit in found["results"][:3])
    assert any(letter in "abcdefghijklmnopqrstuvwxyz" for letter in texts.casefold())


def test_a_search_that_finds_nothing_ends_well(county: Run) -> None:
    assert answer(county("search", "xyzzyqwrt", "--json"))["total"] == 0
    assert answer(county("search", "*", "--json"))["total"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", ""),
        ("search", "x" * 10000),
        ("search", "debts", "--area", "atlantis"),
        ("search", "debts", "--near", "here"),
        ("search", "debts", "--near", "55.5,25.1", "--within", "-3"),
        ("search", "debts", "--open-at", "teatime"),
        ("search", "debts", "--type", "debt_advise"),
        ("needs", ""),
        ("gaps", "--area", "atlantis"),
        ("gaps", "--package", "nobody"),
        ("import", "/no/such/folder"),
        ("users", "add", "x", "--role", "planner", "--password", "short"),
    ],
)
def test_bad_input_is_one_clear_line_and_status_1(county: Run, arguments: tuple[str, ...]) -> None:
    status, out, err = county(*arguments, "--json")
    assert (status, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err


def test_batches_answer_line_by_line_with_their_ids(county: Run, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"id": "a", "query": "food"}\n{"id": "b", "query": ""}\n{"id": 3, "query": "būsto paskola"}\n'
    )
    found = lines(county("search", "--batch", str(questions), "--json"))
    assert [one["id"] for one in found] == ["a", "b", 3]
    assert "error" in found[1]
    notes = tmp_path / "notes.jsonl"
    notes.write_text('{"id": 1, "text": "He drinks every day and has debts.", "lang": "en"}\n')
    (one,) = lines(county("needs", "--batch", str(notes), "--json"))
    assert one["id"] == 1
    assert len(one["needs"]) <= 8
    assert set(one["needs"][0]) == {"code", "confidence", "accepted", "evidence"}


def test_a_broken_line_of_a_batch_is_named(county: Run, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "a", "query": "food"}\n{broken\n')
    status, _out, err = county("search", "--batch", str(questions), "--json")
    assert status == 1
    assert "line 2" in err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{\n"needs": broken\n}', "client.json, line 2: not JSON"),
        (b"[]", "client.json, line 1: this is no JSON object"),
        ('{"name": "Žemė"}'.encode("cp1257"), "client.json is not UTF-8"),
    ],
)
def test_a_client_that_cannot_be_read_is_said_in_one_line(
    county: Run, tmp_path: Path, data: bytes, said: str
) -> None:
    file = tmp_path / "client.json"
    file.write_bytes(data)
    status, out, err = county("match", str(file), "--json")
    assert (status, out, len(err.splitlines())) == (1, "", 1)
    assert said in err


def test_a_file_with_a_byte_order_mark_is_read(county: Run, tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    file.write_text('{"id": 1, "text": "He has debts."}\n', encoding="utf-8-sig")
    assert lines(county("needs", "--batch", str(file), "--json"))[0]["id"] == 1


CLIENT = {
    "needs": {
        "fin.mortgage_debt": {"severity": 3, "urgency": 0},
        "emp.unemployed": {"severity": 2, "urgency": 1},
    },
    "facts": {"single_parent": "yes"},
    "languages": ["ru"],
    "max_km": 20,
}


def test_a_match_answers_in_the_agreed_shape(county: Run, tmp_path: Path) -> None:
    path = tmp_path / "client.json"
    path.write_text(json.dumps(CLIENT))
    found = answer(county("match", str(path), "--json"))
    package = found["packages"][0]
    assert {"package", "score", "coverage", "fit", "band", "state", "reasons", "correction", "lines"} <= set(
        package
    )
    assert {"delta", "add", "adjust", "drop"} <= set(package["correction"])
    assert {
        "need", "goal", "type", "provider", "service", "time", "place", "why", "alternatives", "near_misses",
    } <= set(package["lines"][0])  # fmt: skip


def test_a_service_whose_organisation_is_missing_is_still_somebody(
    county: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "client.json"
    path.write_text(json.dumps(CLIENT))
    named = Desk._who
    monkeypatch.setattr(Desk, "_who", lambda self, offer: {**named(self, offer), "provider": ""})
    _status, out, _err = county("match", str(path))
    assert "-> organisation not known, " in out
    found = answer(county("match", str(path), "--json"))["packages"]
    empty = sum(not line["service_id"] for package in found for line in package["lines"])
    assert out.count("nobody found") == empty


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"needs": {"fin.morgage_debt": {"severity": 3, "urgency": 0}}}, "fin.mortgage_debt"),
        ({"needs": {"fin.mortgage_debt": {"severity": 4, "urgency": 0}}}, "severity"),
        ({"facts": {"single_parent": "perhaps"}}, "single_parent"),
        ({"max_km": -1}, "max_km"),
        ({"area": "atlantis"}, "atlantis"),
        ({"needs": []}, "needs"),
    ],
)
def test_a_wrong_client_is_refused_with_the_field(
    county: Run, tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    path = tmp_path / "client.json"
    path.write_text(json.dumps(CLIENT | change))
    status, out, err = county("match", str(path), "--json")
    assert (status, out) == (1, "")
    assert words in err


def test_a_thousand_wrong_fields_are_not_all_told(county: Run, tmp_path: Path) -> None:
    client = tmp_path / "client.json"
    client.write_text(json.dumps({"needs": {f"x{number}": {"severity": 1} for number in range(1000)}}))
    status, _out, err = county("match", str(client))
    assert (status, err.count("\n")) == (1, 1)
    assert "needs.x0: " in err
    assert err.endswith("And 980 more fields are wrong.\n")
    client.write_text(json.dumps({"needs": {"x" * 100_000: {"severity": 1}}}))
    assert len(county("match", str(client))[2]) < 1000


def test_a_client_without_needs_is_not_told_that_no_package_fits(county: Run, tmp_path: Path) -> None:
    client = tmp_path / "client.json"
    client.write_text('{"needs": {"emp.unemployed": {"severity": 0}}}')
    status, out, _err = county("match", str(client))
    assert (status, out) == (0, "No need was named, so there is nothing to match.\n")


@pytest.mark.parametrize("text", [None, {"a": 1}, 7, ["lost her job"]])
def test_a_note_that_is_no_text_is_refused(county: Run, tmp_path: Path, text: Any) -> None:
    notes = tmp_path / "notes.jsonl"
    notes.write_text(json.dumps({"id": 1, "text": text}) + "\n")
    found = answer(county("needs", "--batch", str(notes), "--json"))
    assert (found["id"], "is no text" in found["error"]) == (1, True)


def test_gaps_answer_in_the_agreed_shape(county: Run) -> None:
    found = answer(county("gaps", "--json"))
    assert {"as_of", "gaps"} <= set(found)
    assert {
        "type", "service_type", "profile", "areas", "clients", "interval", "rate", "sentence", "label",
        "certain",
    } <= set(found["gaps"][0])  # fmt: skip


def test_an_import_reports_and_a_second_one_changes_nothing(run: Run, shared: Path) -> None:
    run("init")
    folder = shared / "hsds" / "examples" / "csv"
    first = answer(run("import", str(folder), "--json"))
    second = answer(run("import", str(folder), "--json"))
    keys = {"read", "added", "changed", "unchanged", "removed_in_source", "rejected", "warnings"}
    assert keys <= set(first)
    assert first["added"] > 0
    assert (second["added"], second["changed"]) == (0, 0)


def test_an_export_is_not_written_over(county: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.zip"
    exported = answer(county("export", str(out), "--json"))
    assert exported["tables"]["service"] > 50
    assert exported["notes"] == []
    before = out.read_bytes()
    status, _out, err = county("export", str(out))
    assert (status, out.read_bytes()) == (1, before)
    assert "choose another name" in err


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_an_export_says_how_many_rows_it_wrote(county: Run, tmp_path: Path, form: str) -> None:
    status, out, err = county("export", str(tmp_path / f"out.{form}"), "--format", form)
    assert (status, err) == (0, "")
    assert "  service    " in out


def test_rebuilding_the_index_counts_the_services(county: Run) -> None:
    assert answer(county("search", "rebuild", "--json"))["indexed"] > 50


def test_the_demo_does_not_mix_with_a_directory_of_ones_own(run: Run, shared: Path) -> None:
    run("init")
    run("import", str(shared / "hsds" / "examples" / "csv"))
    status, _out, err = run("demo", "--prepare")
    assert status == 1
    assert "NETMAP_DATA_DIR" in err


def test_the_demo_is_prepared_once(run: Run) -> None:
    assert "is loaded" in run("demo", "--prepare")[1]
    assert "nothing was changed" in run("demo", "--prepare")[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("search", "борги"), ("Зрозуміли так: Борги", "Знайдено ", "Допомагає, коли є потреба")),
        (("needs", "xyz"), ("Відомих потреб не розпізнано.",)),
        (("gaps",), ("ТОЧНО", "Бракує послуги: ")),
        (("search", " "), ("Напишіть, що ви шукаєте",)),
    ],
)
def test_the_terminal_speaks_the_language_of_the_office(
    county: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("NETMAP_LANGUAGE", "uk")
    _status, out, err = county(*arguments)
    assert [word for word in words if word not in out + err] == []


def test_packages_are_named_in_the_language_of_the_office(
    county: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETMAP_LANGUAGE", "uk")
    path = tmp_path / "client.json"
    path.write_text(json.dumps(CLIENT))
    _status, out, _err = county("match", str(path))
    first = out.splitlines()[0]
    assert any(words in first for words in ("Готовий пакет", "Пакет із виправленням", "Підходить слабко"))
    assert "ready" not in out


def test_the_doctor_ends_with_1_and_a_sentence_for_each_finding(run: Run, tmp_path: Path) -> None:
    assert run("init", "--json")[0] == 0
    assert answer(run("doctor", "--json"))["ok"] is True
    assert "All is well" in run("doctor")[1]
    (tmp_path / "data").chmod(0o755)
    status, out, _err = run("doctor", "--json")
    found = json.loads(out)
    assert (status, found["ok"]) == (1, False)
    assert [sorted(one) for one in found["findings"]] == [
        ["about", "check", "count", "examples", "sentence", "severity"]
    ]
    status, out, _err = run("doctor")
    assert status == 1
    assert "chmod 700" in out


def test_duplicates_are_told_with_score_reasons_and_records(run: Run, tmp_path: Path) -> None:
    assert run("init", "--json")[0] == 0
    for source, name in (("one", "Warm Spring Society"), ("two", "Warm Spring Society, Inc.")):
        row = {"id": source, "name": name, "website": "https://spring.example.org"}
        folder = write_whole(tmp_path / source, {"organizations": [row]})
        assert run("import", str(folder), "--json")[0] == 0
    told = answer(run("duplicates", "--json"))
    (pair,) = told["pairs"]
    assert sorted(pair) == ["reasons", "records", "score", "sure", "table"]
    assert {one["source"] for one in pair["records"]} == {"one", "two"}
    assert {one["sentence"]: one["for"] for one in pair["reasons"]}["nearly the same name"] is True
    assert told["compared"] == {"organization": 2, "service": 0, "location": 0}
    assert "1 pairs may be one thing" in run("duplicates", "--table", "organization")[1]
    assert "0 pairs may be one thing" in run("duplicates", "--table", "service")[1]


def test_the_doctor_of_a_missing_database_answers_in_json_too(run: Run) -> None:
    status, out, _err = run("doctor", "--json")
    assert status == 1
    assert "netmap init" in json.loads(out)["findings"][0]["sentence"]


def test_a_backup_is_made_and_brought_back(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("init", "--json")[0] == 0
    made = answer(run("backup", str(tmp_path), "--without-key", "--json"))
    assert (Path(made["file"]).parent, made["key"]) == (tmp_path, False)
    assert made["tables"]["package"] > 10
    status, _out, err = run("restore", made["file"])
    assert (status, len(err.splitlines())) == (1, 1)
    assert "--replace" in err
    assert answer(run("restore", made["file"], "--replace", "--json"))["old_folder"]
    monkeypatch.setenv("NETMAP_DATA_DIR", str(tmp_path / "again"))
    back = answer(run("restore", made["file"], "--json"))
    assert back["tables"] == made["tables"]
    assert back["findings"] == []


def test_upkeep_gives_the_queue_with_every_factor_and_reason(county: Run) -> None:
    found = answer(county("upkeep", "--json", "--limit", "3"))
    assert set(found) == {"as_of", "services", "total", "queue"}
    assert [one["score"] for one in found["queue"]] == sorted(
        (one["score"] for one in found["queue"]), reverse=True
    )
    first = found["queue"][0]
    assert {"organization_id", "name", "phone", "score", "reasons", "assigned_to", "due"} <= set(first)
    service = first["services"][0]
    assert set(service["factors"]) == {
        "use_a_week", "days_since_confirmed", "rhythm_days", "still_true", "signs",
    }  # fmt: skip
    assert service["reasons"]
    status, text, _err = county("upkeep", "--limit", "2")
    assert (status, text.splitlines()[-1].startswith("2 of ")) == (0, True)
    mine = answer(county("upkeep", "--json", "--limit", "0", "--person", "nobody@office.example"))
    assert mine["queue"] == []
