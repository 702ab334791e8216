"""Every engine answers alike: this file is the contract that each of them keeps."""

import math
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from netmap.search.backend import (
    GONE,
    PAUSED,
    Document,
    Facet,
    Filter,
    Miss,
    Preference,
    Query,
    SearchBackend,
)
from netmap.search.facts import digest_of
from netmap.search.memory_backend import MemoryBackend
from netmap.search.signals import SIGNALS
from netmap.search.whoosh_backend import WhooshBackend
from tests.search.made_up import DAY, corpus, questions, service


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
                service("likely", "x", suggested=("debt_advice",), likely=("debt_advice",)),
                service("confirmed", "y", types=("debt_advice",)),
            ]
        )
        assert ids(backend, "debt", types={"debt_advice": 1.0}) == [
            "confirmed",
            "likely",
            "suggested",
            "words",
        ]

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
        assert ids(backend, only=(Filter("type", frozenset({"t1", "t2"})),)) == ["a", "b"]

    def test_an_unknown_area_is_kept_at_the_end_and_another_area_is_left_out(
        self, backend: SearchBackend
    ) -> None:
        backend.put(
            [
                service("nobody knows", "a", unsure=("area",)),
                service("elsewhere", "b", codes={"area": ("west",)}),
                service("there", "c", codes={"area": ("east", "county")}),
            ]
        )
        page = backend.search(Query(only=(Filter("area", frozenset({"east"})),)))
        assert [(hit.id, hit.unknown) for hit in page.hits] == [("there", ()), ("nobody knows", ("area",))]
        assert page.total == 2

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

    def test_a_check_ages_by_the_own_rhythm_of_a_record(self, backend: SearchBackend) -> None:
        month_ago = DAY - timedelta(days=30)
        backend.put(
            [
                service("a weekly", "loan", checked=month_ago, rhythm=7),
                service("b usual", "loan", checked=month_ago),
                service("c slow", "loan", checked=month_ago, rhythm=1000),
            ]
        )
        assert ids(backend, "loan", today=DAY) == ["c slow", "b usual", "a weekly"]

    def test_a_pause_and_an_old_check_cost_a_little_and_exclude_nobody(self, backend: SearchBackend) -> None:
        fresh = service("fresh", "loan", checked=DAY)
        old = service("a old", "loan", checked=DAY - timedelta(days=900))
        backend.put([service("a never", "loan"), old, fresh, service("paused", "loan", standing=PAUSED)])
        assert ids(backend, "loan", today=DAY) == ["fresh", "a old", "a never", "paused"]

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

    def test_far_pages_follow_each_other_as_well(self, backend: SearchBackend) -> None:
        backend.put([replace(one, group=f"g{n % 7}") for n, one in enumerate(corpus(470))])
        query = Query(terms=("w1", "w2", "w3"), types={"t1": 1.0, "t2": 0.9}, phrase="w1", limit=None)
        many = replace(query, types={f"t{n}": 1.0 - n / 20 for n in range(9)})
        whole = [hit.id for hit in backend.search(many).hits]
        assert len(whole) > 400
        pages = [backend.search(replace(many, limit=45, offset=start)).hits for start in range(0, 470, 45)]
        assert [hit.id for page in pages for hit in page] == whole

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

    def test_the_points_of_a_hit_are_said_signal_by_signal(self, backend: SearchBackend) -> None:
        backend.put([service("a", "loan", "rent", types=("t",), codes={"cost": ("free",)}, checked=DAY)])
        wish = Preference("cost", "cost", frozenset({"free"}))
        page = backend.search(
            Query(terms=("loan", "rent"), types={"t": 1.0}, prefer=(wish,), today=DAY, phrase="loan")
        )
        (hit,) = page.hits
        assert {"meaning", "words_name", "words_text", "name_whole", "cost", "fresh"} == hit.signals.keys()
        assert hit.signals["meaning"] == SIGNALS["meaning"].weight
        assert hit.signals["cost"] == SIGNALS["cost"].weight
        assert hit.score == pytest.approx(sum(hit.signals.values()))

    def test_words_are_worth_their_rarity_in_each_field(self, backend: SearchBackend) -> None:
        backend.put([service("a", "rent", "loan"), service("b", "house", "debt")])
        (hit,) = backend.search(Query(terms=("loan",))).hits
        rarity = math.log(1 + 2 / 1)
        assert hit.signals == {"words_text": pytest.approx(rarity / (rarity + 8), abs=1e-6)}
        (hit,) = backend.search(Query(terms=("loan", "rent"))).hits
        whole = 3 * rarity + rarity
        parts = {"words_name": 3 * rarity / (whole + 8), "words_text": rarity / (whole + 8)}
        assert hit.signals == pytest.approx(parts, abs=1e-6)

    def test_other_weights_make_another_order(self, backend: SearchBackend) -> None:
        backend.put([service("name", "loan", "x"), service("text", "x", "loan loan loan")])
        assert ids(backend, "loan") == ["name", "text"]
        assert ids(backend, "loan", weights={"words_name": 0.0}) == ["text", "name"]

    def test_a_preference_leaves_nobody_out_and_no_comes_after_not_known(
        self, backend: SearchBackend
    ) -> None:
        known = {"yes": ("yes",), "no": ("no",), "both": ("yes", "no"), "other": ("x",)}
        backend.put(
            [
                service(f"{n} {one}", "loan", codes={"f": codes})
                for n, (one, codes) in enumerate(known.items())
            ]
        )
        backend.put([service("4 nobody knows", "loan", unsure=("f",))])
        wish = Preference("open", "f", frozenset({"yes"}), frozenset({"no"}))
        assert ids(backend, "loan", prefer=(wish,)) == [
            "0 yes",
            "3 other",
            "4 nobody knows",
            "1 no",
            "2 both",
        ]
        sure = replace(wish, complete=True)
        assert ids(backend, "loan", prefer=(sure,)) == [
            "0 yes",
            "4 nobody knows",
            "1 no",
            "2 both",
            "3 other",
        ]

    def test_a_facet_counts_without_its_own_filter_and_within_the_others(
        self, backend: SearchBackend
    ) -> None:
        backend.put(
            [
                service("a", codes={"cost": ("free",), "area": ("north",)}),
                service("b", codes={"cost": ("fee",), "area": ("north",)}),
                service("c", codes={"cost": ("fee",), "area": ("south",)}),
                service("d", codes={"area": ("north",)}, unsure=("cost",)),
            ]
        )
        chosen = (Filter("cost", frozenset({"free"})), Filter("area", frozenset({"north"})))
        wanted = (Facet("cost", "cost"), Facet("where", "area", {"all": frozenset({"north", "south"})}))
        page = backend.search(Query(only=chosen, facets=wanted))
        assert page.facets == {"cost": {"free": 1, "fee": 1}, "where": {"all": 2}}
        assert page.unsure == {"cost": 1, "where": 0}
        assert (page.total, page.certain) == (2, 1)

    def test_types_that_only_rank_leave_everything_to_be_found_and_counted(
        self, backend: SearchBackend
    ) -> None:
        backend.put(
            [
                service("a", suggested=("food",)),
                service("b", types=("food", "debt")),
                service("c", types=("debt",)),
            ]
        )
        query = Query(types={"food": 1.0}, only=(Filter("type", frozenset({"food"})),), everything=True)
        page = backend.search(replace(query, facets=(Facet("type", "type"),), misses=1))
        assert [(hit.id, hit.matched_types) for hit in page.hits] == [("b", ("food",)), ("a", ("food",))]
        assert page.facets == {"type": {"food": 2, "debt": 2}}
        assert (page.loosened, page.misses) == ({"type": 3}, (Miss("c", "type"),))

    def test_two_filters_on_one_field_both_count(self, backend: SearchBackend) -> None:
        backend.put([service("a", codes={"f": ("x", "y")}), service("b", codes={"f": ("x",)})])
        assert ids(backend, only=(Filter("f", frozenset({"x"})), Filter("f", frozenset({"y"})))) == ["a"]

    def test_near_misses_say_which_filter_they_fail_and_totals_without_it(
        self, backend: SearchBackend
    ) -> None:
        backend.put(
            [
                service("fits", "loan", codes={"cost": ("free",), "language": ("uk",)}),
                service("costs", "loan loan", codes={"cost": ("fee",), "language": ("uk",)}),
                service("speaks", "loan", codes={"cost": ("free",), "language": ("lt",)}),
                service("neither", "loan", codes={"cost": ("fee",), "language": ("lt",)}),
            ]
        )
        only = (Filter("cost", frozenset({"free"})), Filter("language", frozenset({"uk"})))
        page = backend.search(Query(terms=("loan",), only=only, misses=5))
        assert page.loosened == {"cost": 2, "language": 2}
        assert page.misses == (Miss("costs", "cost"), Miss("speaks", "language"))
        assert backend.search(Query(terms=("loan",), only=only, misses=1)).misses == page.misses[:1]

    def test_curators_put_first_and_leave_out_what_is_found(self, backend: SearchBackend) -> None:
        backend.put([service(one, "loan" * (one != "other") or "x") for one in ("a", "b", "c", "d", "other")])
        page = backend.search(
            Query(terms=("loan",), first_ids=("d", "other", "c"), not_ids=frozenset({"a", "never"}))
        )
        assert [hit.id for hit in page.hits] == ["d", "c", "b"]
        assert page.hits[0].signals["pinned"] == SIGNALS["pinned"].weight

    def test_sorted_by_name_by_way_or_by_the_day_of_the_check(self, backend: SearchBackend) -> None:
        backend.put(
            [
                service("1", "c loan", points=((55.0, 25.0),), checked=DAY - timedelta(days=9)),
                service("2", "a loan", points=((55.2, 25.0),), checked=DAY),
                service("3", "b loan loan loan"),
                service("4", "a loan", codes={}, unsure=("f",), points=((55.0, 25.0),), checked=DAY),
            ]
        )
        asked = {"near": (55.0, 25.0), "not_ids": frozenset({"4"})}
        assert ids(backend, "loan", sort="name", **asked) == ["2", "3", "1"]
        assert ids(backend, "loan", sort="near", **asked) == ["1", "2", "3"]
        assert ids(backend, "loan", sort="checked", **asked) == ["2", "1", "3"]

    def test_words_of_an_exact_phrase_stand_side_by_side(self, backend: SearchBackend) -> None:
        backend.put(
            [
                service("a", "blue house", "by the river"),
                service("b", "house blue", "the river"),
                service("c", "blue", "the river house"),
            ]
        )
        assert ids(backend, exact=(("blue", "house"),)) == ["a"]
        assert ids(backend, exact=(("the", "river"),)) == ["c", "a", "b"]
        assert ids(backend, exact=(("the", "river"), ("blue", "the"))) == ["c", "b"]
        assert ids(backend, exact=(("never",),)) == []
        assert ids(backend, exact=((),)) == ["c", "a", "b"]
        backend.put([service("a", "green house", "by the lake")])
        assert (
            ids(backend, exact=(("blue", "house"),)) == ids(backend, exact=(("the", "lake"), ("blue",))) == []
        )
        assert ids(backend, exact=(("green", "house"), ("the", "lake"))) == ["a"]

    def test_checked_within_leaves_out_what_is_older_and_what_never_was(self, backend: SearchBackend) -> None:
        backend.put(
            [
                service("new", checked=DAY),
                service("old", checked=DAY - timedelta(days=100)),
                service("never"),
            ]
        )
        page = backend.search(Query(checked_since=DAY - timedelta(days=30), misses=3))
        assert [hit.id for hit in page.hits] == ["new"]
        assert page.loosened == {"checked": 3}

    def test_words_that_are_spelt_alike_and_words_that_begin_alike(self, backend: SearchBackend) -> None:
        backend.put(
            [
                service("a", "ипотека", "ипотечный долг"),
                service("b", "ипотека", "аптека"),
                service("c", "shelter"),
            ]
        )
        assert backend.similar_words("ипотекп")[0] == "ипотека"
        assert backend.similar_words("ипатека")[0] == "ипотека"
        assert backend.similar_words("эпотека")[0] == "ипотека"
        assert backend.similar_words("shetler") == ("shelter",)
        assert backend.similar_words("shelter") == ()
        assert backend.words_from("ипо") == ("ипотека", "ипотечный")
        assert backend.words_from("ип") == ()
        backend.drop(["a"])
        assert backend.words_from("ипо") == ("ипотека",)
        for odd in ("\ud800abc", "abc\ud800", "", "*", "\x00", "[a TO z]", "x" * 10_000, "\ud800"):
            assert backend.similar_words(odd) == backend.words_from(odd) == ()

    def test_codes_of_a_field(self, backend: SearchBackend) -> None:
        backend.put([service("a", codes={"f": ("y", "x")}, types=("t2",), suggested=("t1",)), service("b")])
        assert backend.values("f") == ("x", "y")
        assert backend.values("type") == ("t1", "t2")
        assert backend.values("never") == ()
        backend.rebuild([service("a", codes={"f": ("x",)}), service("b", codes={"f": ("y",)})])
        backend.put([service("a", codes={"f": ("z",)})])
        assert backend.values("f") == ("y", "z")
        backend.drop(["b"])
        assert backend.values("f") == ("z",)

    @pytest.mark.parametrize(
        "odd",
        [
            Query(terms=tuple(f"w{n}" for n in range(10_000))),
            Query(terms=("\ud800", "", "\x00"), phrase="\ud800", exact=(("\ud800",), ("*", "?"))),
            Query(only=(Filter("never", frozenset({"x"})), Filter("", frozenset()))),
            Query(
                facets=(Facet("f", "never"), Facet("g", "area", {}), Facet("h", "area", {"v": frozenset()}))
            ),
            Query(prefer=(Preference("never heard of", "never", frozenset()),)),
            Query(offset=10**20),
            Query(offset=-5, limit=-5),
            Query(limit=10**20, sort="as you like"),
            Query(near=(0.0, -150.0), within_km=1.0, sort="near"),
            Query(near=(90.0, 0.0), within_km=10**9),
            Query(near=(float("nan"), 0.0), within_km=5.0),
            Query(near=(55.0, 24.0), within_km=float("nan")),
            Query(near=(float("inf"), -1e308), within_km=float("inf")),
            Query(within_km=-1.0, near=(1e6, 1e6)),
            Query(terms=("w1",), weights={"words_text": float("nan"), "words_name": -3.0, "never": 1.0}),
            Query(types={"t1": float("nan"), "t2": float("inf")}, first_ids=("1", "1", "never")),
            Query(terms=("w1",), weights=dict.fromkeys(SIGNALS, 1e300)),
            Query(today=date.min, checked_since=date.max, misses=10**9),
            Query(misses=-1, only_ids=frozenset()),
        ],
    )
    def test_an_odd_question_gets_a_page(self, backend: SearchBackend, odd: Query) -> None:
        backend.put(corpus(80))
        page = backend.search(odd)
        assert 0 <= page.certain <= page.total <= 80
        assert len(page.hits) <= page.total


CODES = some.lists(some.sampled_from("abc"), max_size=2).map(tuple)
DOCUMENTS = some.lists(
    some.builds(
        service,
        some.sampled_from([str(n) for n in range(12)]),
        some.sampled_from(["loan", "rent", "loan rent", ""]),
        some.sampled_from(["loan", "x y", ""]),
        types=CODES,
        codes=some.dictionaries(some.sampled_from(["f", "g"]), CODES),
        unsure=some.lists(some.sampled_from(["f", "g", "type"]), unique=True).map(tuple),
        points=some.lists(some.tuples(some.floats(-90, 90), some.floats(-180, 180)), max_size=2).map(tuple),
        standing=some.sampled_from([0, 1, 2]),
        checked=some.none() | some.dates(date(2020, 1, 1), DAY),
    ),
    max_size=12,
    unique_by=lambda document: document.id,
)
SETS = some.frozensets(some.sampled_from("abc"))
QUERIES = some.builds(
    Query,
    terms=some.lists(some.sampled_from(["loan", "rent", "zzz"]), max_size=2).map(tuple),
    types=some.dictionaries(some.sampled_from("abc"), some.floats(0.1, 1), max_size=1),
    only=some.lists(some.builds(Filter, some.sampled_from(["f", "g", "type"]), SETS), max_size=3).map(tuple),
    near=some.none() | some.tuples(some.floats(-90, 90), some.floats(-180, 180)),
    within_km=some.none() | some.floats(1, 20_000),
    checked_since=some.none() | some.dates(date(2020, 1, 1), DAY),
    today=some.just(DAY),
    facets=some.just((Facet("f", "f"), Facet("t", "type"), Facet("g", "g", {"ab": frozenset("ab")}))),
    misses=some.sampled_from([0, 3]),
    sort=some.sampled_from(["best", "near", "name", "checked"]),
)


class Truth:
    """What the contract says of a question, worked out document by document without any array."""

    def __init__(self, documents: Iterable[Document], query: Query) -> None:
        self.query = query
        self.documents = list(documents)

    def codes(self, document: Document, field: str) -> set[str]:
        if field == "type":
            return {*document.types, *document.suggested}
        return set(document.codes.get(field, ()))

    def filters(self) -> list[str]:
        names = [one.field for one in self.query.only]
        names += ["distance"] if self.query.near and self.query.within_km is not None else []
        names += ["checked"] if self.query.checked_since else []
        return list(dict.fromkeys(names))

    def verdict(self, document: Document, field: str) -> bool | None:
        """True, False, or None where nobody knows."""
        verdicts: list[bool | None] = []
        if field == "distance":
            ways = [kilometres(point, self.query.near) for point in document.points]
            verdicts.append(min(ways) <= self.query.within_km if ways else None)
        if field == "checked":
            verdicts.append(document.checked is not None and document.checked >= self.query.checked_since)
        for one in self.query.only:
            if one.field == field:
                unsure = None if field in document.unsure else False
                verdicts.append(True if self.codes(document, field) & one.codes else unsure)
        return False if False in verdicts else (None if None in verdicts else True)

    def found(self, *, without: str | None = None) -> list[Document]:
        names = [name for name in self.filters() if name != without]
        return [one for one in self.before() if all(self.verdict(one, name) is not False for name in names)]

    def before(self) -> list[Document]:
        query = self.query
        relevant = self.relevant()
        return [
            one
            for one in self.documents
            if one.id in relevant
            and (query.only_ids is None or one.id in query.only_ids)
            and one.id not in query.not_ids
        ]

    def relevant(self) -> set[str]:
        query = self.query
        if not query.terms and not query.types:
            return {one.id for one in self.documents}
        have = {one.id: {term for terms in one.terms.values() for term in terms} for one in self.documents}
        rarity = {}
        for term in dict.fromkeys(query.terms):
            count = sum(term in terms for terms in have.values())
            rarity[term] = math.log1p(len(have) / count) if count else 0.0
        cover = {one: sum(rarity[term] for term in rarity if term in terms) for one, terms in have.items()}
        most = max(cover.values(), default=0.0)
        worded = {one for one, value in cover.items() if value and value >= 0.3 * most * (1 - 1e-6)}
        typed = {one.id for one in self.documents if self.codes(one, "type") & query.types.keys()}
        return worded | typed

    def certain(self) -> int:
        return sum(all(self.verdict(one, name) for name in self.filters()) for one in self.found())

    def facets(self) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
        counts, unsure = {}, {}
        for facet in self.query.facets:
            within = self.found(without=facet.field)
            every = {code for one in self.documents for code in self.codes(one, facet.field)}
            values = {code: {code} for code in every} if facet.values is None else facet.values
            counted = {
                value: sum(bool(self.codes(one, facet.field) & codes) for one in within)
                for value, codes in values.items()
            }
            counts[facet.name] = {value: number for value, number in counted.items() if number}
            unsure[facet.name] = sum(facet.field in one.unsure for one in within)
        return counts, unsure

    def missed(self) -> set[Miss]:
        missed = set()
        for one in self.before():
            failed = [name for name in self.filters() if self.verdict(one, name) is False]
            if len(failed) == 1:
                missed.add(Miss(one.id, failed[0]))
        return missed

    def unknown(self, document: Document) -> set[str]:
        return {name for name in self.filters() if self.verdict(document, name) is None}


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The haversine formula."""
    north, east, south, west = (math.radians(value) for value in (*one, *other))
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin((east - west) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))


def agree(backend: SearchBackend, documents: Iterable[Document], query: Query) -> None:
    """Compare a page with the truth."""
    truth, page = Truth(documents, query), backend.search(query)
    found = {one.id: one for one in truth.found()}
    assert page.total == len(found)
    assert page.certain == truth.certain()
    assert (page.facets, page.unsure) == truth.facets()
    whole = backend.search(replace(query, limit=None)).hits
    assert {hit.id for hit in whole} == found.keys()
    assert page.hits == whole[: query.limit]
    for hit in whole:
        document = found[hit.id]
        assert set(hit.unknown) == truth.unknown(document)
        assert hit.behind == (2 if document.standing == GONE else int(bool(hit.unknown)))
        assert hit.score == pytest.approx(sum(hit.signals.values()), abs=1e-5)
        assert hit.signals.keys() <= SIGNALS.keys()
    classes = [hit.behind for hit in whole if hit.id not in query.first_ids]
    assert classes == sorted(classes)
    if query.misses:
        missed = truth.missed()
        assert page.loosened == {name: len(truth.found(without=name)) for name in truth.filters()}
        assert len(page.misses) == min(query.misses, len(missed))
        assert set(page.misses) <= missed
    else:
        assert (page.loosened, page.misses) == ({}, ())


@pytest.mark.parametrize("seed", range(3))
def test_every_count_is_that_of_looking_at_each_document(backend: SearchBackend, seed: int) -> None:
    documents = corpus(300, seed)
    backend.rebuild(documents)
    for query in questions(40, seed):
        agree(backend, documents, query)


@pytest.mark.parametrize("seed", range(3))
def test_every_count_holds_after_changes(backend: SearchBackend, seed: int) -> None:
    chance = random.Random(seed)
    documents = {one.id: one for one in corpus(200, seed)}
    backend.rebuild(documents.values())
    for turn in range(4):
        changed = [replace(one, id=str(chance.randrange(260))) for one in corpus(12, seed + 10 + turn)]
        backend.put(changed)
        documents |= {one.id: one for one in changed}
        gone = [str(chance.randrange(260)) for _ in range(5)]
        backend.drop(gone)
        documents = {one: document for one, document in documents.items() if one not in gone}
        for query in questions(8, seed + turn):
            agree(backend, documents.values(), query)
        assert backend.digests() == {one: digest_of(document) for one, document in documents.items()}
        assert set(backend.values("language")) == {
            code for one in documents.values() for code in one.codes["language"]
        }


def test_the_total_without_a_filter_is_exact_for_any_documents() -> None:
    """The same comparison on documents and questions that a machine makes up to break it."""

    @settings(max_examples=60, deadline=None, database=None)
    @given(DOCUMENTS, QUERIES)
    def holds(documents: list[Document], query: Query) -> None:
        backend = MemoryBackend()
        backend.rebuild(documents)
        agree(backend, documents, query)

    holds()
