"""The embedded engine survives threads, damage, a full disk and other writers."""

import multiprocessing
import random
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from whoosh.writing import SegmentWriter

from netmap.errors import Unavailable
from netmap.search.backend import IndexUnreadable, Query
from netmap.search.whoosh_backend import WhooshBackend
from tests.search.made_up import corpus, questions, service

LEAVES_FILES_OPEN = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # Whoosh does


def ids(backend: WhooshBackend, *terms: str, **asked: object) -> list[str]:
    return [hit.id for hit in backend.search(Query(terms=terms, **asked)).hits]  # type: ignore[arg-type]


@pytest.fixture
def fast_switches() -> object:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def in_threads(count: int, work: Callable[[int], None]) -> list[BaseException]:
    raised: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.usefixtures("fast_switches")
def test_eight_threads_give_the_answers_of_one(tmp_path: Path) -> None:
    WhooshBackend(tmp_path).rebuild(corpus(300))
    asked = questions(60)
    truth = [WhooshBackend(tmp_path).search(query) for query in asked]
    for _turn in range(2):
        backend, wrong = WhooshBackend(tmp_path), []

        def work(number: int, backend: WhooshBackend = backend, wrong: list[int] = wrong) -> None:
            order = random.Random(number).sample(range(len(asked)), len(asked))
            wrong.extend(place for place in order if backend.search(asked[place]) != truth[place])

        assert in_threads(8, work) == []
        assert wrong == []


@pytest.mark.usefixtures("fast_switches")
def test_readers_see_every_change_and_only_whole_states(tmp_path: Path) -> None:
    backend, writer = WhooshBackend(tmp_path), WhooshBackend(tmp_path)
    writer.rebuild([service(str(n), "loan", "even" if n % 2 else "odd") for n in range(20)])
    stop, odd = threading.Event(), []

    def work(number: int) -> None:
        if number == 0:
            for turn in range(15):
                writer.put([service(str(n), "loan", f"turn{turn}") for n in range(20)])
                if turn % 5 == 4:
                    writer.rebuild([service(str(n), "loan", f"turn{turn}") for n in range(20)])
                if backend.search(Query(terms=(f"turn{turn}",))).total != 20:
                    odd.append(turn)
            stop.set()
            return
        while not stop.is_set():
            total = backend.search(Query(terms=("loan",))).total
            if total != 20:
                odd.append(total)

    raised = in_threads(5, work)
    stop.set()
    assert raised == []
    assert odd == []


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # Whoosh leaves damaged files open
@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_index_raises_one_error_or_answers_rightly(tmp_path: Path, seed: int) -> None:
    WhooshBackend(tmp_path).rebuild(corpus(120))
    query = replace(questions(1)[0], limit=None)
    truth = WhooshBackend(tmp_path).search(query)
    chance = random.Random(seed)
    files = [one for one in sorted(tmp_path.rglob("*")) if one.is_file() and one.stat().st_size]
    for one in chance.sample(files, min(2, len(files))):
        content = bytearray(one.read_bytes())
        if chance.random() < 0.5:
            content = content[: len(content) // 2]
        else:
            content[: len(content) // 3] = chance.randbytes(len(content) // 3)
        one.write_bytes(content)
    try:
        found = WhooshBackend(tmp_path).search(query)
    except IndexUnreadable:
        pass
    else:
        assert found == truth
    assert WhooshBackend(tmp_path).rebuild(corpus(120)) == 120
    assert WhooshBackend(tmp_path).search(query) == truth


def test_a_missing_index_is_not_ready_and_says_so(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path / "index")
    assert not backend.ready()
    with pytest.raises(IndexUnreadable, match="no search index yet"):
        backend.search(Query(terms=("loan",)))


@LEAVES_FILES_OPEN
def test_after_a_full_disk_the_index_is_as_before_and_can_be_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = WhooshBackend(tmp_path)
    backend.rebuild([service("a", "loan")])
    before = set(tmp_path.rglob("*"))

    def full(*_args: object, **_values: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(SegmentWriter, "commit", full)
        disk.setattr(SegmentWriter, "cancel", full)
        with pytest.raises(OSError, match="No space left"):
            backend.put([service("b", "loan")])
        with pytest.raises(OSError, match="No space left"):
            backend.rebuild([service("c", "loan")])
    assert set(tmp_path.rglob("*")) <= before, "what was half written must not keep the disk full"
    assert ids(backend, "loan") == ["a"]
    backend.put([service("b", "loan")])
    assert ids(backend, "loan") == ["a", "b"]


def _put_many(root: Path, start: int) -> None:
    backend = WhooshBackend(root)
    for n in range(start, start + 10):
        backend.put([service(str(n), "loan")])


def test_two_processes_that_write_lose_nothing(tmp_path: Path) -> None:
    WhooshBackend(tmp_path).clear()
    spawning = multiprocessing.get_context("spawn")
    writers = [spawning.Process(target=_put_many, args=(tmp_path, start)) for start in (0, 100)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert WhooshBackend(tmp_path).search(Query(terms=("loan",))).total == 20


def test_a_writer_that_waits_too_long_says_so(tmp_path: Path) -> None:
    holding = WhooshBackend(tmp_path)
    with holding._folders.writing(), pytest.raises(Unavailable, match="another process"):
        WhooshBackend(tmp_path, wait=0.05).put([service("a", "loan")])
    WhooshBackend(tmp_path, wait=0.05).put([service("a", "loan")])


def test_the_folder_is_for_its_owner_only_and_holds_one_build(tmp_path: Path) -> None:
    root = tmp_path / "index"
    root.mkdir(mode=0o755)
    (root / "v1-left-over").mkdir()
    backend = WhooshBackend(root)
    for _turn in range(3):
        backend.rebuild([service("a", "loan")])
    assert root.stat().st_mode & 0o777 == 0o700
    assert len([one for one in root.iterdir() if one.is_dir()]) == 1


def test_what_a_killed_writer_has_left_makes_room_before_the_next_one_writes(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path)
    backend.rebuild([service("a", "loan")])
    (tmp_path / "v3-1f-99").mkdir()
    (tmp_path / "v3-1f-99" / "services_half.seg").write_bytes(b"half a segment")
    with backend.alone():
        assert not (tmp_path / "v3-1f-99").exists()
    assert ids(backend, "loan") == ["a"]


def test_an_index_of_another_format_is_not_read(tmp_path: Path) -> None:
    WhooshBackend(tmp_path).rebuild([service("a", "loan")])
    (folder,) = (one for one in tmp_path.iterdir() if one.is_dir())
    folder.rename(tmp_path / folder.name.replace("v3-", "v1-"))
    (tmp_path / "current").write_text(folder.name.replace("v3-", "v1-"))
    assert not WhooshBackend(tmp_path).ready()


def test_a_pointer_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    WhooshBackend(tmp_path / "index").clear()
    (tmp_path / "v1-outside").mkdir()
    (tmp_path / "index" / "current").write_text("v1-/../../v1-outside")
    assert not WhooshBackend(tmp_path / "index").ready()
