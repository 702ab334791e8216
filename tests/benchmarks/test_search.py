"""The engines of the search benchmark find the same, and it is noticed where one does not."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from benchmarks.made_up_documents import COUNTED, MOST_WORDS, changed, documents
from benchmarks.peers.agreeing import answers, disagreements
from benchmarks.peers.asked import NOT_KNOWN, Asked, Engine, Found, codes_of
from benchmarks.peers.cluster import Cluster, NotInstalled
from benchmarks.peers.questions import STEPS, asked_in, typed
from benchmarks.peers.roster import ENGINES, SAME, engine

ROOT = Path(__file__).resolve().parents[2]
MADE = list(documents(200))
WORDS = [{term for terms in one.terms.values() for term in terms} for one in MADE]
AS_IN_A_RUN = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)  # Whoosh leaves files open


@pytest.fixture(scope="module", params=SAME)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    try:
        kind = engine(request.param)
    except ImportError as error:
        pytest.skip(f"not installed: {error}")
    made = kind(tmp_path_factory.mktemp(request.param))
    try:
        made.build(MADE)
        yield made
    finally:
        made.close()


def expected(asked: Asked) -> Found:
    """What has to be found, worked out in the plainest way."""

    def found(only: object) -> list[int]:
        return [
            number
            for number, one in enumerate(MADE)
            if not WORDS[number].isdisjoint(asked.terms)
            and all(
                {*codes, NOT_KNOWN} & set(codes_of(one, field))
                for field, codes in dict(only).items()  # type: ignore[call-overload]
            )
        ]

    counts: dict[str, dict[str, int]] = {}
    for field in asked.counted:
        others = {name: codes for name, codes in asked.only.items() if name != field}
        own: dict[str, int] = {}
        for number in found(others):
            for code in codes_of(MADE[number], field):
                own[code] = own.get(code, 0) + 1
        counts[field] = own
    ids = [MADE[number].id for number in found(asked.only)]
    return Found(len(ids), tuple(ids[:20]), counts)


@cache
def expected_in(step: str) -> list[tuple[Asked, Found]]:
    asked = [asked_in(step, one) for one in typed()[::2]]
    return [(one, expected(one)) for one in asked]


@AS_IN_A_RUN
@pytest.mark.parametrize("step", STEPS)
def test_every_engine_finds_and_counts_what_it_is_asked_for(built: Engine, step: str) -> None:
    asked, plain = zip(*expected_in(step), strict=True)
    assert disagreements({"plain": plain, "it": answers(built.open(), asked)}) == []


@AS_IN_A_RUN
def test_a_change_is_seen_by_a_reader_that_was_open_before(built: Engine) -> None:
    reader = built.open()
    asked = Asked(("zzchanged",), {})
    assert reader.ask(asked).total == 0
    if not built.changes:
        with pytest.raises(NotImplementedError):
            built.put(changed(MADE[5], "zzchanged"))
        return
    built.put(changed(MADE[5], "zzchanged"))
    reader.refresh()
    assert reader.ask(asked) == Found(1, (MADE[5].id,), {})


class TestAgreeing:
    found = Found(2, ("a", "b"), {"cost": {"free": 2}})

    def test_the_same_in_another_order_is_agreed(self) -> None:
        assert disagreements({"one": [self.found], "two": [replace(self.found, first=("b", "a"))]}) == []

    @pytest.mark.parametrize(
        ("other", "sentence"),
        [
            ({"total": 3}, "2 and 3 found"),
            ({"first": ("a",)}, "gives 1 of 2 hits"),
            ({"first": ("a", "a")}, "gives 2 of 2 hits"),
            ({"counts": {"cost": {"free": 1}}}, "differ in counts of cost"),
            ({"counts": {}}, "differ in counts of cost"),
        ],
    )
    def test_each_kind_of_difference_is_named(self, other: dict[str, object], sentence: str) -> None:
        wrong = disagreements({"one": [self.found], "two": [replace(self.found, **other)]})  # type: ignore[arg-type]
        assert [sentence in one for one in wrong] == [True]


class TestDocuments:
    def test_they_are_the_same_every_time_and_as_long_as_said(self) -> None:
        assert list(documents(200)) == MADE
        assert all(len(one.words) <= MOST_WORDS + 5 for one in MADE)

    def test_no_code_stands_twice_and_every_field_has_gaps_and_codes(self) -> None:
        for field in COUNTED:
            codes = [codes_of(one, field) for one in MADE]
            assert all(len(own) == len(set(own)) for own in codes)
            assert len(set(codes)) > 3

    def test_many_of_the_questions_find_something_under_three_filters(self) -> None:
        asked = [asked_in("filters", one) for one in typed()]
        assert len(asked) >= 50
        assert sum(expected(one).total > 0 for one in asked) > len(asked) / 3


@pytest.mark.slow
def test_the_whole_run_prints_every_engine_and_writes_all_figures(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks.search", "--services", "200", "--rounds", "1"]
    command += ["--readers", "2", "--reading-seconds", "0.2", "--json", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    [size] = json.loads(path.read_text(encoding="utf-8"))["sizes"]
    assert set(size["engines"]) == set(ENGINES)
    assert size["differences"] == []
    for figures in size["engines"].values():
        assert figures.get("why_not") or set(figures["steps"]) == set(STEPS)


def test_what_is_not_installed_is_named_as_such(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("benchmarks.peers.cluster.PACKAGED", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotInstalled, match="PostgreSQL is not installed"):
        Cluster()


def test_a_cluster_leaves_nothing_behind() -> None:
    try:
        cluster = Cluster()
    except NotInstalled as error:
        pytest.skip(str(error))
    running = int((cluster.folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])
    cluster.stop()
    assert not cluster.folder.exists()
    command = Path(f"/proc/{running}/cmdline")
    assert not command.exists() or not command.read_bytes()  # gone, or dead and not yet taken off the list
