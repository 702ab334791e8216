"""A feed as the worker sees it: what raises no question comes in, what does is held, what fails is told."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from netmap.app import drain
from netmap.config import Settings
from netmap.db import now, open_session, transaction
from netmap.directory.models import Service
from netmap.errors import Conflict, Invalid
from netmap.feeds import service
from netmap.feeds.models import Feed, FeedTry
from netmap.feeds.running import Ended, run
from netmap.importing import work
from netmap.importing.models import ImportRun
from netmap.importing.service import ask_apply
from netmap.importing.uploads import Uploads
from netmap.jobs.models import Job
from netmap.upkeep.doctor import examine
from netmap.upkeep.feeds import stale
from tests.feeds.conftest import Said
from tests.importing.conftest import exact_hash, package, zipped

Try = Callable[[], Ended]


@pytest.fixture
def feed(engine: Engine, settings: Settings, server: Said) -> int:
    server.body = zipped(package(12))
    server.headers = {"ETag": '"1"'}
    with transaction(engine) as session:
        return service.add(session, settings, "List", server.url(), by="ann@office.example").id


@pytest.fixture
def attempt(engine: Engine, settings: Settings, feed: int) -> Try:
    return lambda: run(engine, settings, feed)


def give(server: Said, count: int, word: str = "", tag: str = '"2"') -> None:
    server.body, server.headers = zipped(package(count, word)), {"ETag": tag}


def known(engine: Engine) -> Feed:
    with open_session(engine, reading=True) as session:
        return session.scalars(select(Feed)).one()


def services(engine: Engine) -> int:
    with open_session(engine, reading=True) as session:
        query = select(func.count()).select_from(Service).where(Service.removed_in_source.is_(None))
        return session.scalar(query) or 0


def runs(engine: Engine) -> list[str]:
    with open_session(engine, reading=True) as session:
        return list(session.scalars(select(ImportRun.state).order_by(ImportRun.id)))


def test_new_data_comes_in_and_nothing_is_done_where_nothing_is_new(
    engine: Engine, settings: Settings, server: Said, attempt: Try
) -> None:
    assert attempt().result == "applied"
    assert (services(engine), runs(engine)) == (12, ["done"])
    feed = known(engine)
    assert (feed.source, feed.result, feed.etag) == ("list", "applied", '"1"')
    assert feed.last_success_at is not None
    assert attempt().result == "same"  # 304
    assert server.asked[-1]["if-none-match"] == '"1"'
    server.headers = {"ETag": '"other"'}  # the same file under another mark
    assert attempt().result == "same"
    assert (services(engine), runs(engine)) == (12, ["done"])
    give(server, 12, "More of it.")
    assert attempt().result == "applied"
    with open_session(engine, reading=True) as session:
        assert session.scalars(select(Service.description)).first().endswith("More of it.")  # type: ignore[union-attr]
        assert [one.result for one in session.scalars(select(FeedTry).order_by(FeedTry.id))] == [
            "applied", "same", "same", "applied",
        ]  # fmt: skip


def test_where_much_would_go_a_person_is_asked_and_nothing_changes(
    engine: Engine, settings: Settings, server: Said, attempt: Try
) -> None:
    attempt()
    before = exact_hash(engine)
    give(server, 9)
    ended = attempt()
    assert (ended.result, runs(engine)) == ("held", ["done", "checked"])
    assert "3/12 service" in (ended.sentence or "")
    assert exact_hash(engine) == before
    assert known(engine).etag == '"1"'
    assert (attempt().result, runs(engine)) == ("held", ["done", "checked"])  # not one more each time
    with transaction(engine) as session:
        found = session.get_one(ImportRun, ended.run_id)
        ask_apply(session, Uploads(settings.data_dir), found, agreed=True)
    drain(engine, settings)
    assert services(engine) == 9
    assert (attempt().result, runs(engine)) == ("applied", ["done", "done"])
    assert known(engine).etag == '"2"'


def test_what_was_held_and_thrown_away_is_checked_again(
    engine: Engine, settings: Settings, server: Said, attempt: Try
) -> None:
    attempt()
    give(server, 9)
    attempt()
    shutil.rmtree(Uploads(settings.data_dir).root)
    assert (attempt().result, runs(engine)) == ("held", ["done", "checked", "checked"])


@pytest.mark.parametrize("empty", ["file", "table"])
def test_a_feed_that_is_suddenly_empty_is_an_error_and_changes_nothing(
    engine: Engine, server: Said, attempt: Try, empty: str
) -> None:
    attempt()
    before = exact_hash(engine)
    files = package(12) | {"services.csv": b"id,organization_id,name,status,description\n"}
    server.body, server.headers = (b"" if empty == "file" else zipped(files)), {"ETag": '"2"'}
    ended = attempt()
    assert ended.result == "failed"
    assert "empty" in (ended.sentence or "").casefold()
    assert exact_hash(engine) == before
    assert known(engine).last_success_at < known(engine).last_try_at  # type: ignore[operator]
    give(server, 12, "Back again.")
    assert attempt().result == "applied"


def test_a_feed_is_tried_again_after_a_failure_and_the_setting_counts_each_time(
    engine: Engine, settings: Settings, server: Said, feed: int
) -> None:
    server.status = 503
    assert run(engine, settings, feed).sentence == "127.0.0.1 answered 503."
    server.status = 200
    ended = run(engine, replace(settings, feed_hosts=""), feed)
    assert (ended.result, len(server.asked)) == ("failed", 1)
    assert "NETMAP_FEED_HOSTS" in (ended.sentence or "")
    assert run(engine, settings, feed).result == "applied"


def test_a_plain_table_without_a_map_is_told_and_leaves_nothing(
    engine: Engine, settings: Settings, server: Said, attempt: Try
) -> None:
    server.body, server.headers = b"Agency,Service\nInn,Bed\n", {"Content-Type": "text/csv"}
    with transaction(engine) as session:
        session.execute(update(Feed).values(address=server.url("/list.csv")))
    ended = attempt()
    assert ended.result == "failed"
    assert "map" in (ended.sentence or "")
    assert (runs(engine), list(Uploads(settings.data_dir).root.glob("*/"))) == ([], [])


def test_a_folder_is_taken_whole_and_noticed_when_it_changes(
    engine: Engine, settings: Settings, inbox: Path
) -> None:
    for name, data in package(9).items():
        (inbox / name).write_bytes(data)
    with transaction(engine) as session:
        feed = service.add(session, settings, "inbox", str(inbox), by="ann@office.example").id
    assert [run(engine, settings, feed).result for _turn in range(2)] == ["applied", "same"]
    assert services(engine) == 9
    (inbox / "services.csv").write_bytes(package(9, "New words.")["services.csv"])
    assert run(engine, settings, feed).result == "applied"
    shutil.rmtree(inbox)
    assert run(engine, settings, feed).result == "failed"


def jobs(engine: Engine) -> list[Job]:
    with open_session(engine, reading=True) as session:
        query = select(Job).where(Job.kind == service.KIND).order_by(Job.id)
        return list(session.scalars(query))


def test_the_worker_fetches_and_asks_for_the_next_time_itself(
    engine: Engine, settings: Settings, server: Said, feed: int
) -> None:
    drain(engine, settings)
    assert services(engine) == 12
    (waiting,) = jobs(engine)
    assert waiting.due_at == known(engine).next_at
    assert timedelta(hours=23) < waiting.due_at - now() <= timedelta(hours=24)
    drain(engine, settings)
    assert len(server.asked) == 1
    with transaction(engine) as session:
        session.execute(update(Job).values(due_at=now()))  # a second chain of jobs does nothing
    drain(engine, settings)
    assert len(server.asked) == 1
    with transaction(engine) as session:
        service.due(session, service.get(session, feed), now())
    drain(engine, settings)
    assert (len(server.asked), len(jobs(engine))) == (2, 1)


def test_a_paused_or_removed_feed_is_not_fetched(
    engine: Engine, settings: Settings, server: Said, feed: int
) -> None:
    with transaction(engine) as session:
        service.pause(session, service.get(session, feed), active=False)
    drain(engine, settings)
    assert (server.asked, jobs(engine)) == ([], [])
    with transaction(engine) as session:
        service.pause(session, service.get(session, feed), active=True)
        service.remove(session, service.get(session, feed))
    drain(engine, settings)
    assert (server.asked, jobs(engine)) == ([], [])


@pytest.mark.parametrize("dies_at", ["check", "apply", "learn", "note"])
def test_a_worker_that_dies_in_a_sync_leaves_the_directory_whole_and_goes_on(
    engine: Engine,
    settings: Settings,
    server: Said,
    attempt: Try,
    monkeypatch: pytest.MonkeyPatch,
    dies_at: str,
) -> None:
    """KeyboardInterrupt passes every handler, as the end of the process does: nothing after it is done."""
    attempt()
    before = exact_hash(engine)
    give(server, 12, "More of it.")

    def die(*_args: object, **_rest: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        if dies_at == "note":
            broken.setattr("netmap.feeds.running._note", die)
        elif dies_at == "learn":
            broken.setattr(work, "learn", die)
        else:
            # "check" dies while the copy is read, "apply" when everything is written and nothing committed
            broken.setattr(work, "changes" if dies_at == "check" else "finish", die)
        with pytest.raises(KeyboardInterrupt):
            attempt()
    if dies_at in {"check", "apply"}:
        assert exact_hash(engine) == before
    assert attempt().result in {"applied", "same"}
    assert services(engine) == 12
    with open_session(engine, reading=True) as session:
        assert session.scalars(select(Service.description)).first().endswith("More of it.")  # type: ignore[union-attr]
    assert [one for one in runs(engine) if one not in {"done", "interrupted"}] == []
    assert known(engine).etag == '"2"'


def test_a_feed_without_success_for_long_is_found_by_the_doctor(
    engine: Engine, settings: Settings, attempt: Try
) -> None:
    attempt()
    with open_session(engine, reading=True) as session:
        assert list(stale(session)) == []
    with transaction(engine) as session:
        session.execute(update(Feed).values(last_success_at=now() - timedelta(days=3, minutes=1)))
    (finding,) = [one for one in examine(engine, settings) if one.check == "feeds"]
    assert finding.examples[0].startswith("list (last on ")
    with open_session(engine, reading=True) as session:
        assert [one.source for one in service.waiting(session)] == ["list"]
        assert service.listing(session)[0].stale


def test_wrong_feeds_are_refused_in_words(
    engine: Engine, settings: Settings, feed: int, server: Said
) -> None:
    with transaction(engine) as session:
        for source, address, minutes, field in (
            ("", server.url(), 60, "source"),
            ("x", "https://evil.example/", 60, "address"),
            ("x", server.url(), 5, "every"),
            ("x", server.url(), 10**8, "every"),
        ):
            with pytest.raises(Invalid) as refused:
                service.add(session, settings, source, address, every_minutes=minutes, by="x")
            assert list(refused.value.fields) == [field]
        with pytest.raises(Conflict, match="already"):
            service.add(session, settings, "LIST", server.url(), by="x")
