"""Prints that lie ready: made by the worker, again at night, not given out once an address became secret."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from netmap.config import Settings
from netmap.db import now, open_session, transaction
from netmap.directory.models import Address, Location, Service, ServiceAtLocation
from netmap.errors import NotFound, Unavailable
from netmap.jobs.models import Job
from netmap.jobs.queue import run_due
from netmap.printing import kept

FORM = "offline-html"


@pytest.fixture
def office(engine: Engine) -> Engine:
    with transaction(engine) as session:
        house = Location(id="house", name="House")
        house.addresses = [Address(address_1="Sodų g. 1")]
        session.add_all([house, Service(id="beds", name="Beds", status="active")])
        session.flush()
        session.add(ServiceAtLocation(service_id="beds", location_id="house"))
    return engine


def work(engine: Engine, settings: Settings) -> int:
    return run_due(engine, {kept.KIND: lambda _session, some: kept.work(engine, settings, some)})


def ask(engine: Engine) -> None:
    with transaction(engine) as session:
        kept.ask(session, FORM, "en")


def coming(engine: Engine) -> list[Job]:
    with open_session(engine, reading=True) as session:
        return list(session.scalars(select(Job).where(Job.kind == kept.KIND)))


def content(engine: Engine, settings: Settings) -> tuple[kept.Print, Path]:
    with open_session(engine, reading=True) as session:
        return kept.content(session, settings, FORM, "en")


def test_the_worker_makes_what_was_asked_for_once(office: Engine, settings: Settings) -> None:
    with pytest.raises(NotFound, match="not made yet"):
        content(office, settings)
    ask(office)
    ask(office)
    assert len(coming(office)) == 1
    assert work(office, settings) == 1
    found, path = content(office, settings)
    assert (found.services, found.size) == (1, path.stat().st_size)
    assert "Sodų g. 1" in path.read_text(encoding="utf-8")
    assert [one.name for one in path.parent.iterdir() if "partial" in one.name] == []


def test_it_is_made_again_every_night_until_it_is_taken_away(office: Engine, settings: Settings) -> None:
    ask(office)
    work(office, settings)
    (night,) = coming(office)
    assert now() < night.due_at <= now() + timedelta(days=2)
    with transaction(office) as session:
        session.get_one(Job, night.id).due_at = now()
        session.add(Service(id="more", name="More", status="active"))
    work(office, settings)
    assert content(office, settings)[0].services == 2
    (again,) = coming(office)
    kept.take_away(settings, FORM, "en")
    with transaction(office) as session:
        session.get_one(Job, again.id).due_at = now()
    work(office, settings)
    assert kept.ready(settings) == []
    assert coming(office) == []


def test_a_print_with_an_address_that_became_secret_is_not_given_out(
    office: Engine, settings: Settings
) -> None:
    ask(office)
    work(office, settings)
    with transaction(office) as session:
        session.get_one(Location, "house").confidential = True
    with pytest.raises(Unavailable, match="confidential"):
        content(office, settings)
    ask(office)
    work(office, settings)
    assert "Sodų" not in content(office, settings)[1].read_text(encoding="utf-8")


def test_a_damaged_note_beside_a_print_hides_it(office: Engine, settings: Settings) -> None:
    ask(office)
    work(office, settings)
    (kept.folder(settings) / f"{FORM}-en.json").write_text("{")
    assert kept.ready(settings) == []


@pytest.mark.parametrize(
    ("form", "lang"), [("book", "de"), ("../secret", "en"), ("book", "../../secret.key")]
)
def test_only_known_prints_have_names(office: Engine, settings: Settings, form: str, lang: str) -> None:
    with open_session(office, reading=True) as session, pytest.raises(NotFound):
        kept.content(session, settings, form, lang)
