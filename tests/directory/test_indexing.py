"""What the index knows of a service, and how the worker keeps it."""

import gc
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now, open_session, transaction
from netmap.directory import indexing
from netmap.directory.documents import index_documents
from netmap.directory.indexing import index_services, rebuild
from netmap.directory.models import (
    Address,
    Area,
    Language,
    Location,
    Organization,
    Program,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTypeLink,
)
from netmap.errors import Unavailable
from netmap.jobs import queue
from netmap.jobs.models import Job
from netmap.search.backend import ANY_LANGUAGE, GONE, OFFERED, PAUSED, Document, Query
from netmap.search.folders import Folders
from netmap.search.whoosh_backend import WhooshBackend
from netmap.vocabulary.words import terms
from tests.statements import counted


@pytest.fixture
def closed_by_garbage_collection() -> Iterator[None]:
    """Whoosh leaves damaged files open until nobody holds them."""
    yield
    gc.collect()


def add(session: Session, key: str, name: str = "Choir", **facts: object) -> Service:
    made = Service(id=key, name=name, **facts)
    session.add(made)
    session.flush()
    return made


def document(session: Session, key: str) -> Document:
    (found,) = index_documents(session, [key], Settings(secret_key="k" * 64))
    return found


def indexed(settings: Settings, word: str) -> list[str]:
    page = WhooshBackend(settings.index_dir()).search(Query(terms=(word,)))
    return sorted(hit.id for hit in page.hits)


def test_a_document_holds_words_by_field_and_types_by_who_decided(session: Session) -> None:
    firm = Organization(id="o", name="River house", alternate_name="RH")
    add(session, "a", "Choirs", alternate_name="Singing", description="Songs every day.", organization=firm)
    for code, state in (("debt_advice", "confirmed"), ("shelter", "suggested"), ("food_aid", "rejected")):
        session.add(ServiceTypeLink(service_id="a", code=code, state=state))
    session.flush()
    found = document(session, "a")
    assert set(terms("choir singing", ("en",))) <= set(found.terms["name"])
    assert set(terms("river house", ("en",))) <= set(found.terms["organisation"])
    assert found.terms["text"] == terms("Songs every day.")
    assert (found.types, found.suggested, found.group) == (("debt_advice",), ("shelter",), "o")
    assert found.fields == {"name": "choirs", "organisation": "river house"}


def test_a_service_is_found_by_the_name_of_its_program(session: Session) -> None:
    session.add(Program(id="p", name="Warm winter"))
    session.flush()
    add(session, "a", "Choirs", description="Songs.", program_id="p")
    assert document(session, "a").terms["text"] == terms("Songs.\nWarm winter")


def test_the_words_are_analysed_in_the_language_of_the_record(session: Session) -> None:
    add(session, "a", description="Padedame žmonėms.", text_language="lt")
    assert document(session, "a").terms["text"] == terms("Padedame žmonėms.", ("lt",))


@pytest.mark.parametrize("gone", ["location", "service at it"])
def test_a_place_that_is_gone_gives_no_language_and_no_area(session: Session, gone: str) -> None:
    session.add(Area(code="city", name="City", names={}))
    session.add(Location(id="l", removed_in_source=now() if gone == "location" else None))
    add(session, "a")
    there = ServiceAtLocation(id="at", service_id="a", location_id="l")
    there.removed_in_source = None if gone == "location" else now()
    session.add(there)
    session.flush()
    session.add(Language(location_id="l", code="uk"))
    session.add(ServiceArea(service_at_location_id="at", area_code="city"))
    session.flush()
    found = document(session, "a")
    assert (found.codes["language"], found.codes["area"], found.unsure) == (
        (),
        (),
        ("area", "language", "type", "need"),
    )


def test_an_area_comes_with_everything_around_it(session: Session) -> None:
    for code, parent in (("county", None), ("city", "county")):
        session.add(Area(code=code, name=code.title(), names={"ru": "Город"}, parent_code=parent))
    session.flush()
    session.add(Location(id="l", area_code="city", latitude=55.5, longitude=25.0))
    add(session, "a")
    session.flush()
    session.add(ServiceAtLocation(service_id="a", location_id="l"))
    session.add(Address(location_id="l", address_1="Street 1", city="Lauvena"))
    session.add(ServiceArea(service_id="a", area_code="county"))
    session.flush()
    found = document(session, "a")
    assert found.codes["area"] == ("city", "county", "serves:county")
    assert found.points == ((55.5, 25.0),)
    assert "area" not in found.unsure
    assert set(terms("Город Lauvena", ("ru", "en", "lt"))) <= set(found.terms["place"])


def test_an_area_in_words_that_name_none_of_ours_leaves_the_area_unsure(session: Session) -> None:
    session.add(Area(code="city", name="City"))
    session.add(Location(id="l", area_code="city"))
    add(session, "a")
    session.flush()
    session.add(ServiceAtLocation(service_id="a", location_id="l"))
    session.add(ServiceArea(service_id="a", name="The whole valley"))
    session.flush()
    assert document(session, "a").unsure == ("area", "language", "type", "need")


def test_a_virtual_place_has_no_point(session: Session) -> None:
    session.add(Location(id="l", location_type="virtual", latitude=55.5, longitude=25.0))
    add(session, "a")
    session.add(ServiceAtLocation(service_id="a", location_id="l"))
    session.flush()
    assert document(session, "a").points == ()


def test_languages_of_the_service_win_over_those_of_its_place(session: Session) -> None:
    session.add(Location(id="l"))
    add(session, "own", interpretation_services="By phone")
    add(session, "place")
    session.flush()
    for key in ("own", "place"):
        session.add(ServiceAtLocation(service_id=key, location_id="l"))
    session.add(Language(service_id="own", name="Lithuanian"))
    session.add(Language(location_id="l", code="uk"))
    session.flush()
    assert document(session, "own").codes["language"] == ("lt", ANY_LANGUAGE)
    assert document(session, "place").codes["language"] == ("uk",)


@pytest.mark.parametrize(
    ("status", "removed", "standing"),
    [
        ("active", False, OFFERED),
        ("unknown", False, OFFERED),
        ("temporarily closed", False, PAUSED),
        ("inactive", False, GONE),
        ("defunct", False, GONE),
        ("active", True, GONE),
    ],
)
def test_only_what_is_known_to_be_gone_is_gone(
    session: Session, status: str, removed: bool, standing: int
) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) if removed else None
    add(session, "a", status=status, removed_in_source=moment, assured_date=date(2026, 5, 1))
    assert (document(session, "a").standing, document(session, "a").checked) == (standing, date(2026, 5, 1))


def test_rows_gone_in_their_source_give_nothing(session: Session) -> None:
    gone = datetime(2026, 1, 1, tzinfo=UTC)
    session.add(Location(id="l", latitude=55.5, longitude=25.0))
    add(session, "a")
    session.add(ServiceAtLocation(service_id="a", location_id="l", removed_in_source=gone))
    session.add(Language(service_id="a", code="uk", removed_in_source=gone))
    session.flush()
    found = document(session, "a")
    assert (found.points, found.codes["language"]) == ((), ())


def test_documents_cost_the_same_number_of_selects_however_many(session: Session, settings: Settings) -> None:
    for number in range(40):
        add(session, str(number))
    numbers = []
    for ids in (["1"], [str(number) for number in range(40)]):
        with counted(session) as statements:
            assert len(index_documents(session, ids, settings)) == len(ids)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 22


def test_a_job_indexes_its_services_and_drops_those_that_are_gone(
    session: Session, settings: Settings
) -> None:
    add(session, "a")
    removed = add(session, "b")
    assert rebuild(session, settings) == 2
    add(session, "c")
    session.delete(removed)
    session.flush()
    index_services(session, settings, [{"ids": ["b"]}, {"ids": ["c", "b", "never"]}, {}])
    assert indexed(settings, "choir") == ["a", "c"]


def test_without_an_index_a_job_takes_all_services_not_only_its_own(
    session: Session, settings: Settings
) -> None:
    add(session, "a")
    add(session, "b")
    index_services(session, settings, [{"ids": ["b"]}])
    assert indexed(settings, "choir") == ["a", "b"]


def test_a_job_for_all_takes_all(session: Session, settings: Settings) -> None:
    rebuild(session, settings)
    add(session, "a")
    index_services(session, settings, [{"ids": []}, {"all": True}])
    assert indexed(settings, "choir") == ["a"]


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # Whoosh leaves damaged files open
def test_a_job_on_a_damaged_index_makes_it_again(session: Session, settings: Settings) -> None:
    add(session, "a")
    rebuild(session, settings)
    for file in settings.index_dir().rglob("*.toc"):
        file.write_bytes(b"damaged")
    add(session, "b")
    index_services(session, settings, [{"ids": ["b"]}])
    assert indexed(settings, "choir") == ["a", "b"]


def test_more_services_than_one_chunk_are_all_indexed(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netmap.directory.documents.CHUNK", 3)
    for number in range(10):
        add(session, str(number))
    assert rebuild(session, settings) == 10


def test_while_another_process_writes_the_job_waits_in_the_queue_with_its_reason(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(engine) as session:
        add(session, "a")
        queue.later(session, indexing.KIND, ids=["a"])
    handlers = {indexing.KIND: lambda session, payloads: index_services(session, settings, payloads)}
    monkeypatch.setattr(
        "netmap.directory.indexing.WhooshBackend", lambda root: WhooshBackend(root, wait=0.05)
    )
    with Folders(settings.index_dir()).writing():
        queue.run_due(engine, handlers)
    with open_session(engine, reading=True) as session:
        (job,) = session.scalars(select(Job))
        assert (job.state, job.tries) == ("due", 1)
        assert job.error is not None
        assert Unavailable.__name__ in job.error
