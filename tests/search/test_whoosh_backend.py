"""The embedded engine survives threads, damage, a full disk and other writers."""

import multiprocessing
import os
import random
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from whoosh.writing import SegmentWriter

from netmap.errors import Unavailable
from netmap.search import changes
from netmap.search.backend import IndexUnreadable, Page, Query
from netmap.search.folders import FORMAT
from netmap.search.memory_backend import MemoryBackend
from netmap.search.seals import sealed_files, whole_files
from netmap.search.states import MOST_SEGMENTS
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
    folder.rename(tmp_path / folder.name.replace(f"{FORMAT}-", "v1-"))
    (tmp_path / "current").write_text(folder.name.replace(f"{FORMAT}-", "v1-"))
    assert not WhooshBackend(tmp_path).ready()


def test_a_pointer_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    WhooshBackend(tmp_path / "index").clear()
    (tmp_path / "v1-outside").mkdir()
    (tmp_path / "index" / "current").write_text("v1-/../../v1-outside")
    assert not WhooshBackend(tmp_path / "index").ready()


def same_hits(one: Page, other: Page) -> bool:
    """Whether two pages say the same; the last digits of sums may differ."""
    return replace(one, hits=()) == replace(other, hits=()) and [
        (hit.id, hit.unknown, hit.behind, hit.matched_terms, round(hit.score, 4)) for hit in one.hits
    ] == [(hit.id, hit.unknown, hit.behind, hit.matched_terms, round(hit.score, 4)) for hit in other.hits]


@pytest.mark.parametrize("file", ["base.arrays", "changes.arrays"])
@pytest.mark.parametrize("how", ["gone", "damaged", "cut"])
def test_without_its_arrays_an_index_answers_from_what_whoosh_keeps(
    tmp_path: Path, file: str, how: str
) -> None:
    backend = WhooshBackend(tmp_path)
    backend.rebuild(corpus(150))
    backend.put(corpus(10, seed=5, first=145))
    asked = [*questions(30), Query(exact=(("w1",),))]
    truth = [backend.search(query) for query in asked]
    folder = backend._folders.current()
    assert folder is not None
    content = (folder / file).read_bytes()
    (folder / file).unlink()
    if how != "gone":
        (folder / file).write_bytes(content[:100] if how == "cut" else content[:-9] + b"x" * 9)
    for reader in (backend, WhooshBackend(tmp_path)):
        assert all(same_hits(reader.search(query), one) for query, one in zip(asked, truth, strict=True))
        assert reader.similar_words("w1990") != ()
    backend.put(corpus(1, first=500))
    healed = WhooshBackend(tmp_path)
    assert healed.search(Query(limit=None)).total == 156
    used = healed._folders.current()
    assert used is not None
    assert sealed_files(used) == whole_files(used).keys() >= {"base.arrays"}


def test_changes_are_folded_into_the_base_and_nothing_else_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_CHANGED", 25)
    backend, twin = WhooshBackend(tmp_path), MemoryBackend()
    for engine in (backend, twin):
        engine.rebuild(corpus(120))
    bases, segments = set(), []
    for turn in range(22):
        documents = corpus(7, seed=turn, first=turn * 9)
        for engine in (backend, twin):
            engine.put(documents)
            engine.drop([str(turn), f"never{turn}"])
        folder = backend._folders.current()
        assert folder is not None
        files = whole_files(folder)
        bases.add(files["base.arrays"])
        segments.append(sum(name.endswith(".seg") for name in files))
        for query in (*questions(6, turn), Query(exact=((f"w{turn}",),)), Query(exact=((f"w{turn}", "w9"),))):
            assert same_hits(backend.search(query), twin.search(query))
    assert 2 <= len(bases) <= 9
    assert MOST_SEGMENTS >= max(segments) > min(segments[12:]), "the segments of Whoosh are put together"
    whole = WhooshBackend(tmp_path / "other")
    whole.rebuild(twin._documents.values())
    for query in questions(20):
        assert same_hits(backend.search(query), whole.search(query))


def test_a_change_does_not_touch_the_base(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path)
    backend.rebuild(corpus(100))
    before = backend._folders.current()
    assert before is not None
    base = (before / "base.arrays").stat().st_ino
    backend.put(corpus(1))
    after = backend._folders.current()
    assert after is not None
    assert after != before
    assert (after / "base.arrays").stat().st_ino == base


def _asks(root: Path, count: int, answers: object) -> None:
    backend = WhooshBackend(root)
    answers.put([backend.search(query) for query in questions(count)])  # type: ignore[attr-defined]


def test_processes_that_read_the_same_files_give_the_same_answers(tmp_path: Path) -> None:
    WhooshBackend(tmp_path).rebuild(corpus(200))
    truth = [WhooshBackend(tmp_path).search(query) for query in questions(15)]
    spawning = multiprocessing.get_context("spawn")
    answers = spawning.SimpleQueue()
    readers = [spawning.Process(target=_asks, args=(tmp_path, 15, answers)) for _ in range(3)]
    for reader in readers:
        reader.start()
    assert [answers.get() for _ in readers] == [truth] * 3
    for reader in readers:
        reader.join()


@pytest.mark.usefixtures("fast_switches")
def test_each_thread_has_a_searcher_of_its_own(tmp_path: Path) -> None:
    WhooshBackend(tmp_path).rebuild(corpus(200))
    backend, seen, wrong = WhooshBackend(tmp_path), {}, []
    phrases = [(f"w{n}", f"w{m}") for n in range(0, 200, 9) for m in range(0, 200, 7)]
    truth = {phrase: WhooshBackend(tmp_path).search(Query(exact=(phrase,))).total for phrase in phrases[:150]}
    words = {f"w{n}x": WhooshBackend(tmp_path).similar_words(f"w{n}x") for n in range(20)}

    def work(number: int) -> None:
        for phrase in random.Random(number).sample(list(truth), 60):
            if backend.search(Query(exact=(phrase,))).total != truth[phrase]:
                wrong.append(phrase)
        wrong.extend(word for word, like in words.items() if backend.similar_words(word) != like)
        seen[number] = id(backend._own.opened[2])

    assert in_threads(4, work) == []
    assert wrong == []
    assert len(set(seen.values())) == 4


def _opens(backend: WhooshBackend, answers: object) -> None:
    before = backend._own.opened[2]
    total = backend.search(Query(exact=(("w1",),))).total
    answers.put((total, backend._own.opened[2] is before))  # type: ignore[attr-defined]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system knows no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_opens_files_of_its_own(tmp_path: Path) -> None:
    """Two processes that read one file through one place in it would read each other's words."""
    backend = WhooshBackend(tmp_path)
    backend.rebuild(corpus(60))
    total = backend.search(Query(exact=(("w1",),))).total
    forking = multiprocessing.get_context("fork")
    answers = forking.SimpleQueue()
    child = forking.Process(target=_opens, args=(backend, answers))
    child.start()
    assert answers.get() == (total, False)
    child.join()


@LEAVES_FILES_OPEN
def test_damage_below_an_open_index_is_noticed_at_the_next_question(tmp_path: Path) -> None:
    backend = WhooshBackend(tmp_path)
    backend.rebuild(corpus(30))
    assert backend.search(Query()).total == 30
    (segment,) = tmp_path.rglob("*.seg")
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    with pytest.raises(IndexUnreadable, match="cannot be read"):
        backend.search(Query())
