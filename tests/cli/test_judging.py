"""The commands that judge the search: keys, files, figures, and what they refuse."""

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.terminal import Run, terminal

COORDINATOR = "coordinator@demo.example"
BY = ("search", "judge", "--by", COORDINATOR)


@pytest.fixture
def run(
    prepared: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Run:
    """Return a function that runs `netmap ARGUMENTS` on a copy of the demo county, with keys typed."""
    folder = tmp_path / "county"
    shutil.copytree(prepared, folder)
    monkeypatch.setenv("NETMAP_DATA_DIR", str(folder))

    typed_into = terminal(monkeypatch, capsys)

    def call(*arguments: str, keys: str = "") -> tuple[int, str, str]:
        return typed_into(*arguments, typed="".join(f"{key}\n" for key in keys))

    return call


def exported(run: Run, folder: Path) -> tuple[list[str], list[str]]:
    """Return the lines of questions and of grades, without their headers."""
    shutil.rmtree(folder, ignore_errors=True)
    status, _out, err = run("search", "judge", "--export", str(folder))
    assert status == 0, err
    questions, grades = (
        (folder / name).read_text(encoding="utf-8").splitlines()[1:]
        for name in ("questions.csv", "grades.csv")
    )
    return questions, grades


def grades_of(run: Run, folder: Path) -> list[str]:
    return sorted(line.split(",")[2] for line in exported(run, folder)[1])


def ask(run: Run, keys: str, *more: str) -> str:
    status, out, err = run(*BY, "--question", "who helps with debts", *more, keys=keys)
    assert status == 0, err
    return out


def test_each_key_is_a_grade_that_is_kept_at_once(run: Run, tmp_path: Path) -> None:
    out = ask(run, "320q")
    assert "3 results are judged." in out
    assert "=== who helps with debts  (en)" in out
    assert grades_of(run, tmp_path / "out") == ["0", "2", "3"]


def test_the_scale_is_explained_and_no_score_is_shown(run: Run) -> None:
    out = ask(run, "q")
    assert "3  the right door" in out
    assert "0  does not help" in out
    assert "score" not in out


def test_what_is_skipped_has_no_grade_and_comes_again(run: Run, tmp_path: Path) -> None:
    first = ask(run, "s3q")
    assert grades_of(run, tmp_path / "out") == ["3"]
    second = ask(run, "q")
    assert first.split("\n1 of ")[1].split("\n")[1] == second.split("\n1 of ")[1].split("\n")[1]


def test_the_last_grade_is_undone(run: Run, tmp_path: Path) -> None:
    ask(run, "32u1q")
    assert grades_of(run, tmp_path / "out") == ["1", "3"]
    ask(run, "0uq")
    assert grades_of(run, tmp_path / "out") == ["1", "3"]


def test_undoing_a_skip_takes_no_grade_away_and_nothing_lies_before_the_first(
    run: Run, tmp_path: Path
) -> None:
    ask(run, "u3suq")
    assert grades_of(run, tmp_path / "out") == ["3"]


def test_another_key_says_which_keys_there_are(run: Run, tmp_path: Path) -> None:
    assert "The keys are 0, 1, 2, 3, s, u and q." in ask(run, "7xq")
    assert grades_of(run, tmp_path / "out") == []


def test_the_end_of_the_input_quits(run: Run, tmp_path: Path) -> None:
    ask(run, "3")
    assert grades_of(run, tmp_path / "out") == ["3"]


def test_when_all_is_judged_it_says_so(run: Run) -> None:
    ask(run, "2" * 20)
    assert "You have judged every result" in ask(run, "")


def test_questions_and_grades_come_in_from_files(run: Run, tmp_path: Path) -> None:
    ask(run, "3210q")
    questions, grades = exported(run, tmp_path / "out")
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(tmp_path / "out" / "questions.csv", other / "q.csv")
    rows = [line.replace(COORDINATOR, "second judge") for line in grades]
    (other / "g.csv").write_text(
        "question,service_id,grade,judge\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )
    status, out, err = run(*BY, "--file", str(other / "q.csv"), "--import", str(other / "g.csv"))
    assert (status, out) == (0, "4 grades were taken in.\n"), err
    again, both = exported(run, tmp_path / "out")
    assert again == questions
    assert len(both) == 8


def test_a_file_with_one_bad_row_changes_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text("query,lang\ndebts,en\nschulden,de\n")
    status, _out, err = run(*BY, "--file", str(path))
    assert status == 1
    assert err.startswith("netmap: q.csv, line 3: Say in which language")
    assert exported(run, tmp_path / "out") == ([], [])


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("judge",), 2, "Say with --by EMAIL who judges."),
        (("judge", "--by", "nobody@demo.example"), 1, "There is no such person."),
        (("judge", "--by", "planner@demo.example"), 1, "may not judge the search"),
        (("judge", "--by", COORDINATOR), 1, "There are no questions yet."),
        (("judge", "--by", COORDINATOR, "--question", " "), 1, "The question is empty."),
        (("judge", "--by", COORDINATOR, "--question", "pomoc"), 1, "Say in which language"),
        (("judge", "--by", COORDINATOR, "--import", "none.csv"), 1, "none.csv"),
        (("bench", "--set", "own"), 1, "There are no questions of your own"),
        (("bench", "--set", "kept", "--misses"), 2, "never shown"),
        (("bench", "--set", "kept", "--weights", "meaning=1"), 1, "tunes on it"),
        (("bench", "--weights", "meaning"), 1, "'meaning' is not a signal with its weight"),
        (("bench", "--weights", "meaning=much"), 1, "is not a signal with its weight"),
        (("bench", "--weights", "meaning=nan"), 1, "must be a number"),
        (("bench", "--weights", "meanin=1"), 1, "the nearest is 'meaning'"),
        (("bench", "--compare", "none.toml"), 1, "none.toml cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    run: Run, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    found = run("search", *arguments)
    assert (found[0], found[1]) == (status, "")
    assert sentence in found[2]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("weights = 3", "must hold one table [weights]"),
        ("[weights]\nmeaning = 1\n[more]\nx = 1", "and nothing else"),
        ("[weights]\nmeaning = '1'", "The weight of 'meaning' must be a number"),
        ("[weights]\nmeaning = true", "The weight of 'meaning' must be a number"),
        ("[weights]\nsense = 1", "There is no signal 'sense'"),
        ("[weights", "is not TOML"),
        ("[weights]\nmeaning = 1" + "0" * 400, "The weight of 'meaning' must be a number"),
        ("[weights]\nmeaning = 1" + "0" * 5_000, "is not TOML"),
        ("[weights]\nmeaning = " + "[" * 5_000, "is not TOML"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(run: Run, tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "other.toml"
    path.write_text(text)
    status, out, err = run("search", "bench", "--compare", str(path))
    assert (status, out) == (1, "")
    assert sentence in err


def test_the_bench_prints_a_table_with_two_settings(run: Run, tmp_path: Path) -> None:
    ask(run, "3100000000", "--lang", "en")
    assert exported(run, tmp_path / "out")[0][0].endswith(",open")  # its words decide that
    setting = tmp_path / "other.toml"
    setting.write_text("[weights]\nmeaning = 0.5\n")
    status, out, err = run("search", "bench", "--set", "own", "--compare", str(setting))
    assert status == 0, err
    assert "nDCG@10" in out
    assert "Difference of the second setting (meaning=0.5)" in out
    data = json.loads(run("search", "bench", "--set", "own", "--json")[1])
    assert data["rows"][0]["n"] == 1
    assert data["rows"][0]["success_5"]["value"] == 1.0


def test_misses_are_listed_where_asked(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text("id,query,lang,half\nq1,who helps with debts,en,open\n")
    run(*BY, "--file", str(path), keys="q")
    known = json.loads(run("search", "kindergarten", "--json")[1])["results"][0]["service_id"]
    grades = tmp_path / "g.csv"
    grades.write_text(f"question,service_id,grade,judge\nq1,{known},3,{COORDINATOR}\n")
    run(*BY, "--import", str(grades))
    assert "q1" not in run("search", "bench", "--set", "own")[1]
    out = run("search", "bench", "--set", "own", "--misses")[1]
    assert "1 question has nothing that helps among the first 3" in out
    assert "q1" in out


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo-terminal")
def test_at_a_terminal_one_key_is_enough(run: Run, tmp_path: Path) -> None:
    import pty

    program = "from netmap.cli import main; main()"
    arguments = [sys.executable, "-c", program, *BY, "--question", "who helps with debts"]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(arguments, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True)
    os.close(theirs)
    seen, end = b"", time.monotonic() + 60
    with contextlib.suppress(OSError):  # the program has ended
        while time.monotonic() < end:
            if select.select([ours], [], [], 1)[0]:
                seen += os.read(ours, 1024)
            elif asked := seen.count(b"s u q >"):  # it waits; a key that came too early was lost
                os.write(ours, b"2" if asked == 1 else b"q")
    assert process.wait(timeout=60) == 0, seen.decode()
    os.close(ours)
    assert grades_of(run, tmp_path / "out") == ["2"]


def test_writing_out_asks_nothing(run: Run, tmp_path: Path) -> None:
    ask(run, "3q")
    status, out, err = run(*BY, "--export", str(tmp_path / "out"), keys="3")
    assert (status, out) == (0, f"Written to {tmp_path / 'out'}. Questions: 1. Grades: 1.\n"), err
