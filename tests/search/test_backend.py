"""Every engine answers alike; the embedded one survives threads, damage, a full disk and other writers."""

import multiprocessing
import random
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from whoosh.writing import SegmentWriter

from netmap.errors import Unavailable
from netmap.search.backend import ANY_LANGUAGE, GONE, PAUSED, Document, IndexUnreadable, Query, SearchBackend
from netmap.search.memory_backend import MemoryBackend
from netmap.search.whoosh_backend import View, WhooshBackend

LEAVES_FILES_OPEN = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # Whoosh does


def service(
    one: str, name: str = "", text: str = "", *, organisation: str = "", place: str = "", **facts: object
) -> Document:
    """A document whose words are its terms."""
    written = {"name": name, "organisation": organisation, "text": text, "place": place}
    terms = {key: words.split() for key, words in written.items()}
    fields = {"name": name, "organisation": organisation}
    return Document(one, fields, terms, **facts)  # type: ignore[arg-type]


def ids(backend: SearchBackend, *terms: str, **asked: object) -> list[str]:
    return [hit.id for hit in backend.search(Query(terms=terms, **asked)).hits]  # type: ignore[arg-type]


@pytest.fixture(params=["whoosh", "memory"])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> SearchBackend:
    made: SearchBackend = WhooshBackend(tmp_path / "index") if request.param == "whoosh" else MemoryBackend()
    made.clear()
    return made


class TestEveryEngine:
    def test_a_word_of_the_name_counts_more_than_one_of_the_text(self, backend: SearchBackend) -> None:
        backend.put([service("a", "x", "loan"), service("b", "loan", "x"), service("c", "x", "y")])
        assert ids(backend, "loan") == ["b", "a"]

    def test_a_document_reached_by_its_type_alone_is_found(self, backend: SearchBackend) -> None:
        backend.put([service("lt", "skolos", types=("debt_advice",)), service("other", "skolos")])
        page = backend.search(Query(terms=("mortgage",), types={"debt_advice": 1.0}))
        assert [(hit.id, hit.matched_types, hit.matched_terms) for hit in page.hits] == [
            ("lt", ("debt_advice",), ())
        ]

    def test_a_confirmed_type_beats_any_words_and_any_suggestion(self, backend: SearchBackend) -> None:
        backend.put(
            [
                service("words", "debt debt debt", "debt debt"),
                service("suggested", "x", suggested=("debt_advice",)),
                service("confirmed", "y", types=("debt_advice",)),
            ]
        )
        assert ids(backend, "debt", types={"debt_advice": 1.0}) == ["confirmed", "suggested", "words"]

    def test_the_whole_name_beats_a_type(self, backend: SearchBackend) -> None:
        backend.put(
            [
                service("house", "blue house", organisation="river"),
                service("typed", "yellow", "house", types=("shelter",)),
            ]
        )
        found = ids(backend, "blue", "house", types={"shelter": 0.5}, phrase="blue house")
        assert found == ["house", "typed"]

    def test_a_word_that_is_everywhere_is_no_answer_to_a_question_with_a_rare_one(
        self, backend: SearchBackend
    ) -> None:
        backend.put(
            [service(str(n), "x", "help") for n in range(30)] + [service("one", "x", "help mortgage")]
        )
        assert ids(backend, "help", "mortgage") == ["one"]
        assert backend.search(Query(terms=("help",))).total == 31

    def test_what_occurs_nowhere_finds_nothing(self, backend: SearchBackend) -> None:
        backend.put([service("a", "loan")])
        assert backend.search(Query(terms=("zzz",))).total == 0

    def test_a_changed_document_is_found_by_its_new_words_only(self, backend: SearchBackend) -> None:
        backend.put([service(str(n), "old") for n in range(5)])
        assert len(ids(backend, "old")) == 5
        backend.put([service("3", "new")])
        assert ids(backend, "new") == ["3"]
        assert sorted(ids(backend, "old")) == ["0", "1", "2", "4"]

    def test_the_same_document_twice_in_one_go_stands_there_once(self, backend: SearchBackend) -> None:
        assert backend.put([service("a", "old"), service("a", "new")]) == 1
        assert ids(backend, "new") == ["a"]
        assert ids(backend, "old") == []

    def test_a_dropped_document_is_gone_and_dropping_it_again_is_no_error(
        self, backend: SearchBackend
    ) -> None:
        backend.put([service("a", "loan"), service("b", "loan")])
        backend.drop(["a"])
        backend.drop(["a", "never"])
        assert ids(backend, "loan") == ["b"]

    def test_a_rebuild_replaces_everything(self, backend: SearchBackend) -> None:
        backend.put([service("a", "loan")])
        assert backend.rebuild(iter([service("b", "loan")])) == 1
        assert ids(backend, "loan") == ["b"]

    def test_without_words_everything_is_listed_by_name(self, backend: SearchBackend) -> None:
        backend.put([service("1", "c"), service("2", "a"), service("3", "b")])
        assert ids(backend) == ["2", "3", "1"]

    def test_filters_on_types_take_any_of_them_confirmed_or_suggested(self, backend: SearchBackend) -> None:
        backend.put(
            [service("a", "a", types=("t1",)), service("b", "b", suggested=("t2",)), service("c", "c")]
        )
        assert ids(backend, only_types=frozenset({"t1", "t2"})) == ["a", "b"]

    def test_an_unknown_area_is_kept_at_the_end_and_another_area_is_left_out(
        self, backend: SearchBackend
    ) -> None:
        backend.put(
            [
                service("nobody knows", "a", unsure=("area",)),
                service("elsewhere", "b", areas=("west",)),
                service("there", "c", areas=("east", "county")),
            ]
        )
        page = backend.search(Query(only_areas=frozenset({"east"})))
        assert [(hit.id, hit.unknown) for hit in page.hits] == [("there", ()), ("nobody knows", ("area",))]
        assert page.total == 2

    def test_an_interpreter_serves_every_language(self, backend: SearchBackend) -> None:
        backend.put(
            [
                service("a", "a", languages=("lt",)),
                service("b", "b", languages=("lt", ANY_LANGUAGE)),
                service("c", "c", languages=("uk",)),
                service("d", "d", unsure=("language",)),
            ]
        )
        assert ids(backend, only_languages=frozenset({"uk"})) == ["b", "c", "d"]

    def test_only_chosen_ids(self, backend: SearchBackend) -> None:
        backend.put([service("a", "loan"), service("b", "loan"), service("c", "loan")])
        assert ids(backend, "loan", only_ids=frozenset({"c", "a", "never"})) == ["a", "c"]
        assert ids(backend, "loan", only_ids=frozenset()) == []

    def test_within_a_distance_the_nearest_place_counts_and_unknown_points_stay_at_the_end(
        self, backend: SearchBackend
    ) -> None:
        backend.put(
            [
                service("no point", "a"),
                service("far", "b", points=((56.5, 25.0),)),
                service("two places", "c", points=((56.5, 25.0), (55.51, 25.0))),
                service("here", "d", points=((55.5, 25.0),)),
            ]
        )
        page = backend.search(Query(near=(55.5, 25.0), within_km=5))
        assert [hit.id for hit in page.hits] == ["here", "two places", "no point"]
        assert page.hits[1].distance_km == pytest.approx(1.11, abs=0.01)
        assert page.hits[2].distance_km is None
        assert page.hits[2].unknown == ("distance",)

    def test_nearer_comes_first(self, backend: SearchBackend) -> None:
        places = {"20 km": 55.68, "3 km": 55.527, "9 km": 55.58}
        backend.put([service(one, "loan", points=((lat, 25.0),)) for one, lat in places.items()])
        assert ids(backend, "loan", near=(55.5, 25.0)) == ["3 km", "9 km", "20 km"]

    def test_what_is_gone_comes_last_whatever_its_words(self, backend: SearchBackend) -> None:
        backend.put(
            [
                service("gone", "loan", "loan loan", standing=GONE),
                service("paused", "loan", standing=PAUSED),
                service("offered", "x", "loan x y z"),
            ]
        )
        assert ids(backend, "loan")[-1] == "gone"

    def test_a_pause_and_an_old_check_cost_a_little_and_exclude_nobody(self, backend: SearchBackend) -> None:
        fresh = service("fresh", "loan", checked=date(2026, 5, 1))
        backend.put([service("a never", "loan"), fresh, service("paused", "loan", standing=PAUSED)])
        assert ids(backend, "loan", fresh_since=date(2026, 1, 1)) == ["fresh", "a never", "paused"]

    def test_one_provider_does_not_fill_the_first_page(self, backend: SearchBackend) -> None:
        many = [service(f"m{n}", "loan loan", group="many") for n in range(6)]
        backend.put([*many, service("z", "loan", "x", group="small")])
        found = ids(backend, "loan")
        assert found.index("z") < 5
        assert len(found) == 7

    def test_pages_follow_each_other_without_gap_or_repeat(self, backend: SearchBackend) -> None:
        backend.put([service(f"{n:02}", "loan", "x" * (n % 3)) for n in range(25)])
        whole = ids(backend, "loan", limit=None)
        parts = [one for start in (0, 10, 20, 30) for one in ids(backend, "loan", limit=10, offset=start)]
        assert whole == parts
        assert backend.search(Query(terms=("loan",), limit=10, offset=20)).total == 25

    def test_letters_of_a_query_syntax_are_only_letters(self, backend: SearchBackend) -> None:
        backend.put([service("a", "loan")])
        for odd in ("*", "[a TO z]", "name:loan", "lo*", "(" * 100, "\x00", "loan'); --", "x" * 10_000):
            assert ids(backend, odd) == []

    def test_an_empty_index_answers(self, backend: SearchBackend) -> None:
        assert backend.ready()
        assert (
            backend.search(Query(terms=("loan",), types={"t": 1.0}, near=(1.0, 1.0), within_km=1)).total == 0
        )
        backend.put([])
        backend.drop(["a"])
        assert backend.search(Query()).total == 0


def corpus(count: int, seed: int = 1) -> list[Document]:
    chance = random.Random(seed)
    words = [f"w{n}" for n in range(200)]
    return [
        service(
            str(n),
            " ".join(chance.choices(words, k=3)),
            " ".join(chance.choices(words, k=30)),
            types=(f"t{chance.randrange(9)}",),
            areas=(f"a{chance.randrange(5)}",),
            points=((55 + chance.random(), 24 + chance.random()),),
            group=f"g{n % 40}",
        )
        for n in range(count)
    ]


def questions(count: int) -> list[Query]:
    chance = random.Random(2)
    return [
        Query(
            terms=tuple(f"w{chance.randrange(200)}" for _ in range(3)),
            types={f"t{chance.randrange(9)}": 0.8},
            only_areas=frozenset({f"a{chance.randrange(5)}"}) if chance.random() < 0.5 else frozenset(),
            near=(55.5, 24.5) if chance.random() < 0.5 else None,
        )
        for _ in range(count)
    ]


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


class Forgetful(WhooshBackend):
    """An engine that asks Whoosh for every term again, so that threads meet there and not in the memory."""

    def _current_view(self, searcher: object, key: str) -> View:
        return replace(super()._current_view(searcher, key), postings={})


@pytest.mark.usefixtures("fast_switches")
def test_eight_threads_give_the_answers_of_one(tmp_path: Path) -> None:
    WhooshBackend(tmp_path).rebuild(corpus(300))
    asked = questions(60)
    truth = [WhooshBackend(tmp_path).search(query) for query in asked]
    for kind in (WhooshBackend, Forgetful):
        backend, wrong = kind(tmp_path), []

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
    (tmp_path / "v2-1f-99").mkdir()
    (tmp_path / "v2-1f-99" / "services_half.seg").write_bytes(b"half a segment")
    with backend.alone():
        assert not (tmp_path / "v2-1f-99").exists()
    assert ids(backend, "loan") == ["a"]


def test_an_index_of_another_format_is_not_read(tmp_path: Path) -> None:
    WhooshBackend(tmp_path).rebuild([service("a", "loan")])
    (folder,) = (one for one in tmp_path.iterdir() if one.is_dir())
    folder.rename(tmp_path / folder.name.replace("v2-", "v1-"))
    (tmp_path / "current").write_text(folder.name.replace("v2-", "v1-"))
    assert not WhooshBackend(tmp_path).ready()


def test_a_pointer_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    WhooshBackend(tmp_path / "index").clear()
    (tmp_path / "v1-outside").mkdir()
    (tmp_path / "index" / "current").write_text("v1-/../../v1-outside")
    assert not WhooshBackend(tmp_path / "index").ready()
