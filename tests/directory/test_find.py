"""From a question in plain words to services, with reasons, in every state of the index."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import open_session, transaction
from netmap.directory import indexing
from netmap.directory.find import Answer, Question, find
from netmap.directory.indexing import index_services, rebuild
from netmap.directory.models import (
    Address,
    Area,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTypeLink,
)
from netmap.errors import Invalid
from netmap.jobs.models import Job
from netmap.search.backend import Query, SearchBackend
from netmap.search.memory_backend import MemoryBackend
from netmap.search.whoosh_backend import WhooshBackend
from tests.statements import counted

SUNDAY_NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Ask = Callable[..., Answer]


@pytest.fixture
def closed_by_garbage_collection() -> Iterator[None]:
    """Whoosh leaves damaged files open until nobody holds them."""
    yield
    gc.collect()


def service(session: Session, key: str, name: str = "", description: str = "", **facts: Any) -> Service:
    """A service with an organization of its own; types as ``confirmed=`` and ``suggested=``."""
    links = [
        ServiceTypeLink(code=code, state=state)
        for state in ("confirmed", "suggested", "rejected")
        for code in facts.pop(state, ())
    ]
    facts.setdefault("organization", Organization(id=f"org-{key}", name=f"Firm {key}"))
    made = Service(id=key, name=name or key, description=description, types=links, **facts)
    session.add(made)
    session.flush()
    return made


def place(
    session: Session, key: str, latitude: float | None = None, longitude: float = 25.0, **facts: Any
) -> str:
    """A place of a service; returns the id of the service at that place."""
    number = len(session.scalars(select(Location.id)).all())
    city = facts.pop("city", "Lauvena")
    point = {"latitude": latitude, "longitude": longitude if latitude is not None else None}
    session.add(Location(id=f"loc-{number}", name=f"House {number}", **point, **facts))
    session.flush()
    session.add(Address(location_id=f"loc-{number}", address_1=f"Street {number}", city=city))
    session.add(ServiceAtLocation(id=f"sal-{number}", service_id=key, location_id=f"loc-{number}"))
    session.flush()
    return f"sal-{number}"


def hours(session: Session, key: str, opens: str, closes: str, days: str = "SU") -> None:
    session.add(Schedule(service_id=key, freq="WEEKLY", byday=days, opens_at=opens, closes_at=closes))
    session.flush()


def county(session: Session) -> None:
    for code, name, parent in (
        ("county", "Upė County", None),
        ("city", "Lauvena", "county"),
        ("village", "Tylupėnai", "county"),
    ):
        session.add(Area(code=code, name=name, names={"ru": f"{name} по-русски"}, parent_code=parent))
    session.flush()


@pytest.fixture
def ask(session: Session, settings: Settings) -> Ask:
    """Asks after indexing everything that the test has made."""

    def asked(text: str = "", **values: Any) -> Answer:
        rebuild(session, settings)
        backend = WhooshBackend(settings.index_dir())
        return find(session, backend, settings, Question(text=text, **values))

    return asked


def found(answer: Answer) -> list[str]:
    return [result.service_id for result in answer.results]


def test_a_question_in_one_language_finds_a_service_described_in_another(session: Session, ask: Ask) -> None:
    service(session, "lt", "Skolų kabinetas", "Padedame susitarti su banku.", confirmed=["debt_advice"])
    service(session, "other", "Choir", "We sing on Sundays.")
    for text in ("who helps with mortgage debt", "кто поможет с ипотекой"):
        answer = ask(text)
        assert found(answer) == ["lt"], text
        assert ("fin.mortgage_debt", "Mortgage debt") in answer.needs
        assert answer.results[0].why == ("Helps with Mortgage debt: Debt advice",)


def test_the_reasons_name_the_words_as_typed_but_no_small_words(session: Session, ask: Ask) -> None:
    service(session, "a", "Choir for carers", "We sing in Lauvena, with the choirs of the county.")
    answer = ask("who has a choir with carers")
    assert answer.results[0].why[-1] == "The words 'choir, carers' stand in its text"


def test_a_suggested_type_says_that_nobody_confirmed_it_and_a_rejected_one_does_not_count(
    session: Session, ask: Ask
) -> None:
    service(session, "sure", "Kabinetas", confirmed=["debt_advice"])
    service(session, "maybe", "Kabinetas", suggested=["debt_advice"])
    service(session, "no", "Kabinetas", rejected=["debt_advice"])
    answer = ask("mortgage debt")
    assert found(answer) == ["sure", "maybe"]
    assert "Type suggested by the machine, not yet confirmed" in answer.results[1].why
    assert "Type suggested by the machine, not yet confirmed" not in answer.results[0].why
    assert answer.results[1].types == (("debt_advice", "suggested"),)


def test_programs_get_the_agreed_object(session: Session, ask: Ask) -> None:
    service(session, "a", "Kabinetas", confirmed=["debt_advice"])
    place(session, "a", 55.5)
    data = ask("mortgage debt").as_dict()
    assert set(data) == {"query", "needs", "total", "certain", "results", "understood", "facets"}
    assert data["query"] == "mortgage debt"
    assert list(data["needs"][0]) == ["code", "label"]
    (result,) = data["results"]
    assert set(result) == {
        "service_id", "service", "organisation", "types", "score", "why", "place", "open", "signals",
    }  # fmt: skip
    assert [sorted(line) for line in result["signals"]] == [["label", "points", "signal"]] * len(
        result["signals"]
    )
    assert sorted(data["understood"][0]) == ["code", "kind", "label", "words"]
    assert data["facets"]["type"] == [
        {"code": "debt_advice", "label": "Debt advice", "count": 1, "selected": False}
    ]
    assert result["types"] == ["debt_advice"]
    assert result["place"] == "Street 0, Lauvena"
    assert result["open"] == "Hours not known, call first"
    assert result["score"] > 0


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({}, "q", "Type what you are looking for"),
        ({"text": "   "}, "q", "Type what you are looking for"),
        ({"text": "x" * 201}, "q", "201 characters"),
        ({"text": "x" * 10_000}, "q", "10000 characters"),
        ({"near": (55.5, 25.0), "within_km": -1.0}, "within", "zero or more"),
        ({"near": (55.5, 25.0), "within_km": float("nan")}, "within", "zero or more"),
        ({"near": (91.0, 25.0)}, "near", "-90 to 90"),
        ({"near": (float("nan"), 25.0)}, "near", "-90 to 90"),
        ({"text": "rent", "within_km": 5.0}, "near", "from which point"),
        ({"area": "citi"}, "area", "the nearest is 'city' \\(Lauvena\\)"),
        ({"area": "Lauwena"}, "area", "the nearest is 'city'"),
        ({"only": {"type": ("debt_advise",)}}, "type", "the nearest is 'debt_advice'"),
        ({"open_at": datetime(2026, 11, 22, 12, 0)}, "open_at", "time zone"),  # noqa: DTZ001 - that is the case
        ({"open_at": datetime(1, 1, 3, tzinfo=UTC)}, "open_at", "years 2000 to 2100"),
        ({"open_at": datetime(9999, 12, 30, tzinfo=UTC)}, "open_at", "years 2000 to 2100"),
        ({"text": "rent", "limit": 0}, "limit", "from 1 to"),
        ({"text": "rent", "offset": -1}, "offset", "from 0 to"),
    ],
)
def test_what_cannot_be_searched_for_gets_a_sentence_about_its_field(
    session: Session, ask: Ask, asked: dict[str, Any], field: str, words: str
) -> None:
    county(session)
    with pytest.raises(Invalid, match=words) as raised:
        ask(**asked)
    assert list(raised.value.fields) == [field]


def test_an_area_where_none_were_imported_gets_a_sentence(ask: Ask) -> None:
    with pytest.raises(Invalid, match="no areas have been imported"):
        ask(area="city")


def test_two_hundred_letters_are_allowed(ask: Ask) -> None:
    assert ask("x" * 200).total == 0


@pytest.mark.parametrize(
    "odd",
    [
        "*",
        "'",
        '"; DROP TABLE service; --',
        "[a TO z]",
        "NEAR(",
        "(" * 200,
        "name:*",
        "\x00",
        "%",
        "_",
        "\ud800",
        "x AND",
    ],
)
def test_letters_of_a_query_syntax_are_only_letters(session: Session, ask: Ask, odd: str) -> None:
    service(session, "a", "Choir", "We sing.")
    assert ask(odd).total == 0


def test_the_name_of_the_kind_of_help_ranks_in_every_language(session: Session, ask: Ask) -> None:
    service(session, "a", "Desk for youth", confirmed=["addiction_outpatient"])
    service(session, "b", "Outpatient treatment", confirmed=["addiction_outpatient"])
    assert found(ask("нарколог"))[0] == "b"


def test_the_organisation_is_found_by_its_name_before_any_type(session: Session, ask: Ask) -> None:
    service(session, "named", "Desk", organization=Organization(name="Debt Advice House"))
    service(session, "typed", "Kabinetas", confirmed=["debt_advice"])
    assert found(ask("debt advice house"))[0] == "named"


def test_what_is_open_for_certain_comes_first_and_in_the_order_of_its_relevance(
    session: Session, ask: Ask
) -> None:
    service(session, "word only", "Hall", "A hall with a kitchen.")
    hours(session, "word only", "10:00", "16:00")
    service(session, "meals", "Soup kitchen", "Hot meals.", confirmed=["food_aid"])
    service(session, "other meals", "Hot meals", confirmed=["food_aid"])
    hours(session, "other meals", "10:00", "16:00")
    answer = ask("soup kitchen", open_at=SUNDAY_NOON)
    assert found(answer) == ["other meals", "word only", "meals"]
    assert [result.fits for result in answer.results] == [True, True, False]
    assert answer.results[2].badges == ("Hours not known",)


def test_what_is_gone_or_closed_for_a_time_is_open_at_no_time_whatever_its_hours(
    session: Session, ask: Ask
) -> None:
    for name, status in (("gone", "defunct"), ("paused", "temporarily closed")):
        service(session, name, "Choir", status=status)
        hours(session, name, "10:00", "16:00")
    service(session, "nobody knows", "Singing", "A choir, among other things that we do.")
    assert found(ask("choir", open_at=SUNDAY_NOON)) == ["nobody knows"]
    assert {one.open for one in ask("choir").results} >= {"Closed for good", "Temporarily closed"}


def test_open_ones_come_first_unknown_ones_last_and_closed_ones_are_left_out(
    session: Session, ask: Ask
) -> None:
    for key in ("closed", "nobody knows", "open"):
        service(session, key, "Choir")
    hours(session, "closed", "18:00", "19:00")
    hours(session, "open", "10:00", "16:00")
    answer = ask("choir", open_at=SUNDAY_NOON)
    assert found(answer) == ["open", "nobody knows"]
    assert answer.total == 2
    assert [result.open_kind for result in answer.results] == ["open", "unknown"]
    assert answer.results[0].open == "Open now, closes 16:00"
    assert answer.results[1].open == "Hours not known, call first"


def test_a_service_is_open_where_one_of_its_places_is(session: Session, ask: Ask) -> None:
    service(session, "a", "Choir")
    shut, opened = place(session, "a", 55.5), place(session, "a", 56.0)
    for at, opens in ((shut, "18:00"), (opened, "10:00")):
        session.add(Schedule(service_at_location_id=at, byday="SU", opens_at=opens, closes_at="19:00"))
    session.flush()
    (result,) = ask("choir", open_at=SUNDAY_NOON, near=(55.5, 25.0)).results
    assert result.open_kind == "open"
    assert result.place == "Street 1, Lauvena, and 1 more place"


def test_pages_of_open_ones_follow_each_other(session: Session, ask: Ask) -> None:
    for number in range(7):
        service(session, f"s{number}", "Choir")
        hours(session, f"s{number}", "10:00", "16:00")
    pages = [ask("choir", open_at=SUNDAY_NOON, limit=3, offset=start) for start in (0, 3, 6)]
    assert [one for page in pages for one in found(page)] == [f"s{number}" for number in range(7)]
    assert {page.total for page in pages} == {7}


def test_within_kilometres_an_unknown_place_stays_at_the_end_and_says_so(session: Session, ask: Ask) -> None:
    for key in ("a nowhere", "b far", "c near"):
        service(session, key, "Choir")
    place(session, "b far", 56.5)
    place(session, "c near", 55.51)
    answer = ask("choir", near=(55.5, 25.0), within_km=10)
    assert found(answer) == ["c near", "a nowhere"]
    assert answer.total == 2
    assert answer.results[0].why[-1] == "1.1 km away"
    assert answer.results[0].distance_km == pytest.approx(1.11, abs=0.01)
    assert answer.results[1].badges == ("Distance not known",)
    assert answer.results[1].distance_km is None


def test_the_nearest_place_is_shown_with_its_own_telephone(session: Session, ask: Ask) -> None:
    service(session, "a", "Choir")
    session.add(Phone(organization_id="org-a", number="+44 1632 960001"))
    far, near = place(session, "a", 56.5), place(session, "a", 55.5)
    session.add(Phone(service_at_location_id=far, number="+44 1632 960002"))
    session.add(Phone(service_at_location_id=near, number="+44 1632 960003", extension="x9"))
    (result,) = ask("choir", near=(55.5, 25.0)).results
    assert (result.place, result.phones) == ("Street 1, Lauvena, and 1 more place", ("+44 1632 960003 (x9)",))


def test_the_telephone_of_the_organisation_serves_where_there_is_no_other(session: Session, ask: Ask) -> None:
    service(session, "a", "Choir")
    session.add(Phone(organization_id="org-a", number="+44 1632 960001"))
    session.add(Phone(organization_id="org-a", number="+44 1632 960009", type="fax"))
    assert ask("choir").results[0].phones == ("+44 1632 960001",)


def test_an_area_takes_what_lies_in_it_or_serves_it_and_keeps_what_nobody_knows(
    session: Session, ask: Ask
) -> None:
    county(session)
    for key in ("a unknown", "b elsewhere", "c serves county", "d in village", "e serves city"):
        service(session, key, "Choir")
    place(session, "b elsewhere", area_code="city")
    place(session, "d in village", area_code="village")
    session.add(ServiceArea(service_id="c serves county", area_code="county"))
    session.add(ServiceArea(service_id="e serves city", area_code="city"))
    session.flush()
    answer = ask("choir", area="village")
    assert found(answer) == ["c serves county", "d in village", "a unknown"]
    assert answer.results[0].why[-1] == "Works in or for this area: Tylupėnai"
    assert answer.results[2].badges == ("Not known whether it serves this area",)
    assert set(found(ask("choir", area="county"))) == {
        "a unknown", "b elsewhere", "c serves county", "d in village", "e serves city",
    }  # fmt: skip


def test_an_area_may_be_given_by_its_name(session: Session, ask: Ask) -> None:
    county(session)
    service(session, "a", "Choir")
    place(session, "a", area_code="village")
    assert found(ask(area="tylupėnai")) == ["a"]


def test_a_place_is_found_by_its_name_in_another_language(session: Session, ask: Ask) -> None:
    session.add(Area(code="city", name="Lauvena", names={"ru": "Лаувена"}))
    session.flush()
    service(session, "a", "Choras")
    place(session, "a", area_code="city")
    assert found(ask("Лаувена")) == ["a"]


def test_a_language_leaves_out_what_is_known_to_lack_it(session: Session, ask: Ask) -> None:
    for key in ("a unknown", "b interpreter", "c lithuanian", "d ukrainian"):
        service(session, key, "Choir", interpretation_services="By phone" if "inter" in key else None)
    for key, code in (("b interpreter", "lt"), ("c lithuanian", "lt"), ("d ukrainian", "uk")):
        session.add(Language(service_id=key, code=code))
    session.flush()
    answer = ask("choir", only={"language": ("uk",)})
    assert found(answer) == ["b interpreter", "d ukrainian", "a unknown"]
    assert answer.results[2].badges == ("Languages not known",)


def test_what_is_not_offered_comes_last_and_is_marked(session: Session, ask: Ask) -> None:
    gone = datetime(2026, 1, 1, tzinfo=UTC)
    service(session, "a removed", "Choir", status="active", removed_in_source=gone)
    service(session, "b defunct", "Choir", status="defunct")
    service(session, "c paused", "Choir", status="temporarily closed")
    service(session, "d active", "Choir", status="active", assured_date=date.today())  # noqa: DTZ011
    service(session, "e unknown", "Choir", status="unknown")
    answer = ask("choir")
    assert found(answer) == ["d active", "e unknown", "c paused", "a removed", "b defunct"]
    badges = {result.service_id: result.badges for result in answer.results}
    assert badges["c paused"] == ("Temporarily closed",)
    assert badges["a removed"] == ("No longer in its source",)
    assert badges["b defunct"] == ("Closed for good",)
    assert badges["d active"] == ()


def test_a_star_after_three_letters_stands_for_any_ending(session: Session, ask: Ask) -> None:
    service(session, "a", "Zyxomancy evenings")
    service(session, "b", "Choir")
    assert found(ask("zyxo*")) == ["a"]
    assert found(ask("zy*")) == []


def test_a_filter_alone_lists_what_passes_it(session: Session, ask: Ask) -> None:
    service(session, "a", "Kabinetas", suggested=["debt_advice"])
    service(session, "b", "Kabinetas", confirmed=["debt_advice"])
    service(session, "c", "Choir")
    service(session, "d", "Other choir", confirmed=["social_club"])
    answer = ask(only={"type": ("debt_advice",)})
    assert found(answer) == ["b", "a", "c"]
    assert [result.fits for result in answer.results] == [True, True, False]
    assert answer.results[2].badges == ("Kind of service not known",)
    assert answer.results[0].why == ("Offers this type of service: Debt advice",)


def test_a_type_narrows_what_the_words_find(session: Session, ask: Ask) -> None:
    service(session, "a", "Choir", confirmed=["debt_advice"])
    service(session, "b", "Choir", confirmed=["social_club"])
    service(session, "c", "Choir")  # of a kind that nobody knows: it stays, behind
    assert found(ask("choir", only={"type": ("debt_advice",)})) == ["a", "c"]


def test_what_left_the_database_is_left_out_of_the_page(
    session: Session, settings: Settings, ask: Ask
) -> None:
    service(session, "a", "Choir")
    gone = service(session, "b", "Choir")
    ask("choir")
    session.delete(gone)
    session.flush()
    answer = find(session, WhooshBackend(settings.index_dir()), settings, Question("choir"))
    assert found(answer) == ["a"]


def test_the_number_of_selects_does_not_grow_with_the_page(
    session: Session, settings: Settings, ask: Ask
) -> None:
    county(session)
    for number in range(60):
        service(session, f"s{number:02}", "Choir", confirmed=["debt_advice"])
        hours(session, f"s{number:02}", "10:00", "16:00")
        place(session, f"s{number:02}", 55.5, area_code="city")
    ask("choir")
    backend = WhooshBackend(settings.index_dir())
    numbers = []
    for limit in (2, 60):
        for moment in (None, SUNDAY_NOON):
            with counted(session) as statements:
                question = Question("choir", area="city", near=(55.5, 25.0), open_at=moment, limit=limit)
                answer = find(session, backend, settings, question)
            assert len(answer.results) == limit
            numbers.append(len(statements))
    assert numbers[:2] == numbers[2:]
    assert max(numbers) <= 10


class Broken(MemoryBackend):
    """An index that cannot be read."""

    def search(self, query: object) -> Any:
        raise MemoryError


class Talkative(MemoryBackend):
    """An index whose error holds a word of the question."""

    def search(self, query: Query) -> Any:
        raise KeyError(query.phrase)


def test_no_word_of_a_question_is_logged_where_even_the_rebuild_cannot_be_queued(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked(*_args: object, **_values: object) -> None:
        raise OSError("database is locked")

    service(session, "a", "Kuznecova choir")
    monkeypatch.setattr(indexing, "later", locked)
    assert found(find(session, Talkative(), settings, Question("kuznecova"))) == ["a"]
    assert "kuznecova" not in caplog.text.casefold()
    assert "the rebuild of the search index could not be queued: OSError" in caplog.text


def all_jobs(session: Session) -> list[Job]:
    return [job for job in session.scalars(select(Job)) if job.payload.get("all")]


@pytest.mark.parametrize(
    "backend", [Broken(), WhooshBackend(Path("/nonexistent/index"))], ids=["broken", "missing"]
)
def test_without_an_index_the_database_answers_alike_and_one_rebuild_is_queued(
    session: Session, settings: Settings, ask: Ask, backend: SearchBackend
) -> None:
    county(session)
    service(session, "typed", "Skolų kabinetas", confirmed=["debt_advice"])
    service(session, "worded", "Talks", "Mortgage debts are our daily bread.")
    service(session, "other", "Choir")
    place(session, "typed", 55.5, area_code="city")
    for asked in (
        {"text": "mortgage debt"},
        {"area": "city"},
        {"text": "mortgage debt", "near": (55.5, 25.0)},
    ):
        usual = ask(**asked)
        answer = find(session, backend, settings, Question(**asked))  # type: ignore[arg-type]
        assert answer.degraded
        assert answer.as_dict()["degraded"] is True
        assert found(answer) == found(usual), asked
    assert len(all_jobs(session)) == 1


def test_a_cyrillic_word_with_a_capital_letter_is_found_without_an_index(
    session: Session, settings: Settings
) -> None:
    service(session, "a", "Ночлежка у вокзала")
    assert found(find(session, Broken(), settings, Question("ночлежки"))) == ["a"]


def test_signs_of_like_are_only_signs(session: Session, settings: Settings) -> None:
    service(session, "a", "Choir")
    assert find(session, Broken(), settings, Question("cho_r")).total == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("closed_by_garbage_collection")
def test_a_damaged_index_is_made_again_by_the_job_that_the_answer_queued(
    session: Session, settings: Settings, ask: Ask
) -> None:
    service(session, "a", "Choir")
    ask("choir")
    for file in settings.index_dir().rglob("*"):
        if file.is_file() and file.name != "current":
            file.write_bytes(b"\x00damaged" * 50)
    backend = WhooshBackend(settings.index_dir())
    assert find(session, backend, settings, Question("choir")).degraded
    index_services(session, settings, [job.payload for job in all_jobs(session)])
    healed = find(session, backend, settings, Question("choir"))
    assert not healed.degraded
    assert found(healed) == ["a"]


def test_a_reading_session_queues_the_rebuild_in_a_transaction_of_its_own(
    engine: Engine, settings: Settings
) -> None:
    with transaction(engine) as session:
        service(session, "a", "Choir")
    for _turn in range(2):
        with open_session(engine, reading=True) as reading:
            assert found(find(reading, Broken(), settings, Question("choir"))) == ["a"]
            reading.rollback()
    with open_session(engine, reading=True) as reading:
        assert len(all_jobs(reading)) == 1


def test_a_queue_that_cannot_be_written_does_not_spoil_the_answer(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(engine) as session:
        service(session, "a", "Choir")

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("netmap.directory.indexing.transaction", full)
    with open_session(engine, reading=True) as reading:
        assert find(reading, Broken(), settings, Question("choir")).total == 1


def test_one_organisation_does_not_fill_the_first_page(session: Session, ask: Ask) -> None:
    big = Organization(id="big", name="Big")
    for number in range(6):
        service(session, f"b{number}", "Choir choir", organization=big)
    service(session, "small", "Choir")
    assert "small" in found(ask("choir", limit=4))


def test_a_question_is_plain_data() -> None:
    assert replace(Question("choir"), limit=5).limit == 5
