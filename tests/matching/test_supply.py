"""What a process keeps of the directory: as the database is now, without reading it all again."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, event, select, update
from sqlalchemy.orm import Session

from netmap.app import create_app, start_warm_up, warm_up
from netmap.config import Settings
from netmap.db import now, open_session, transaction
from netmap.directory import changes
from netmap.directory.changes import DirectoryChange
from netmap.directory.columns import Columns
from netmap.directory.hsds import import_path
from netmap.directory.models import Area, CostOption, Organization, Phone, Service, ServiceTypeLink
from netmap.directory.offers import load_offers
from netmap.directory.spreadsheet import import_areas
from netmap.directory.touched import index_all_later, index_later, services_touched
from netmap.matching import supply as supplies
from netmap.matching.curation import Wish, curate, end
from netmap.matching.facts import Client
from netmap.matching.loading import load_names
from netmap.matching.rules import Rules
from netmap.matching.rules_service import save_rules
from netmap.matching.service import Matcher
from netmap.matching.supply import Supply, supply_for
from netmap.packages.models import Package
from netmap.packages.service import load_seeds
from netmap.paths import shipped
from netmap.vocabulary.terms import vocabulary

NEEDS = {"needs": {"fin.consumer_debt": {"severity": 3}, "add.alcohol": {"severity": 2}}, "area": "lauvena"}


@pytest.fixture
def county(engine: Engine) -> Engine:
    """The demo county with its packages."""
    folder = shipped("seeds") / "demo"
    with transaction(engine) as session:
        load_seeds(session)
        import_areas(session, folder / "areas.csv")
        import_path(session, folder, source="demo")
    return engine


def supply(engine: Engine, settings: Settings) -> Supply:
    with open_session(engine, reading=True) as session:
        return supply_for(session, settings)


def check(engine: Engine, settings: Settings) -> Supply:
    """Return the supply after comparing it with what is read of the database anew."""
    kept = supply(engine, settings)
    with open_session(engine, reading=True) as session:
        offers = load_offers(session, settings)
        names, anew = load_names(session, offers), Columns(offers)
    for code in vocabulary().service_types:
        assert kept.columns.shelf(code).offers == anew.shelf(code).offers
    for offer in offers:
        assert kept.names.phone(offer) == names.phone(offer)
        assert kept.names.organizations.get(offer.organization_id or "") == names.organizations.get(
            offer.organization_id or ""
        )
    return kept


def one_service(session: Session) -> Service:
    return session.query(Service).order_by(Service.id).first()  # type: ignore[return-value]


def _close(session: Session) -> set[str]:
    service = one_service(session)
    service.status = "defunct"
    return {service.id}


def _other_name(session: Session) -> set[str]:
    organization = session.query(Organization).order_by(Organization.id).first()
    assert organization is not None
    organization.name = "Another name"
    return services_touched(session, {"organization": {organization.id}})


def _no_number(session: Session) -> set[str]:
    phone = session.query(Phone).where(Phone.service_id.is_not(None)).first()
    assert phone is not None
    assert phone.service_id is not None
    service = phone.service_id
    session.delete(phone)
    return {service}


def _new_type(session: Session) -> set[str]:
    service = one_service(session)
    session.execute(delete(ServiceTypeLink).where(ServiceTypeLink.service_id == service.id))
    session.add(ServiceTypeLink(service_id=service.id, code="shelter", state="confirmed"))
    return {service.id}


def _gone(session: Session) -> set[str]:
    service = one_service(session)
    session.execute(delete(Service).where(Service.id == service.id))
    return {service.id}


def _added(session: Session) -> set[str]:
    session.add(Service(id="new", name="A new bed", status="active"))
    session.flush()
    session.add(ServiceTypeLink(service_id="new", code="shelter", state="confirmed"))
    return {"new"}


@pytest.mark.parametrize("change", [_close, _other_name, _no_number, _new_type, _gone, _added])
def test_what_changed_is_there_at_the_next_question_and_only_that_is_read(
    county: Engine,
    settings: Settings,
    change: Callable[[Session], set[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = check(county, settings)
    with transaction(county) as session:
        index_later(session, change(session))
    read: list[Any] = []

    def loading(session: Session, settings: Settings, **scope: Any) -> Any:
        read.append(scope.get("services"))
        return load_offers(session, settings, **scope)

    monkeypatch.setattr(supplies, "load_offers", loading)
    assert check(county, settings) is before
    assert len(read) == 1
    assert read[0] is not None


def test_a_change_that_nobody_noted_would_be_missed(county: Engine, settings: Settings) -> None:
    check(county, settings)
    with transaction(county) as session:
        _close(session)
    with pytest.raises(AssertionError):
        check(county, settings)


def test_areas_are_read_anew_after_a_change_of_everything(county: Engine, settings: Settings) -> None:
    before = check(county, settings).places.points["lauvena"]
    with transaction(county) as session:
        session.execute(update(Area).where(Area.code == "lauvena").values(latitude=56.0))
        index_all_later(session)
    assert before[0] != 56.0
    assert check(county, settings).places.points["lauvena"][0] == 56.0


def test_a_reader_too_far_behind_reads_everything(
    county: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(county, settings)
    monkeypatch.setattr(changes, "KEPT", 1)
    with transaction(county) as session:
        index_later(session, _close(session))
    with transaction(county) as session:
        index_later(session, _added(session))
        index_later(session, {"new"})
        assert session.query(DirectoryChange).count() == 1
    check(county, settings)


def test_a_price_that_ends_is_another_the_day_after(
    county: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = datetime(2026, 11, 26, 12, tzinfo=UTC)
    for module in ("netmap.matching.supply", "netmap.directory.offer_rows"):
        monkeypatch.setattr(f"{module}.now", lambda: today)
    with transaction(county) as session:
        service = one_service(session).id
        session.execute(delete(CostOption).where(CostOption.service_id == service))
        session.add(CostOption(service_id=service, amount=4, valid_to=date(2026, 11, 26)))
        session.add(CostOption(service_id=service, amount=9, valid_from=date(2026, 11, 27)))
        index_later(session, {service})
    kept = check(county, settings)
    assert kept.columns.by_service[service][0].fee == 4
    today += timedelta(days=1)
    assert check(county, settings) is kept
    assert kept.columns.by_service[service][0].fee == 9


def test_packages_are_read_again_when_another_version_is_in_use(county: Engine, settings: Settings) -> None:
    before = supply(county, settings).library
    assert supply(county, settings).library is before
    with transaction(county) as session:
        session.execute(update(Package).where(Package.code == before.packages[0][0]).values(retired=True))
    assert len(supply(county, settings).library.packages) == len(before.packages) - 1


def test_two_databases_have_two_supplies_and_one_has_one(
    county: Engine, settings: Settings, tmp_path: Any
) -> None:
    assert supply(county, settings) is supply(county, settings)
    other = Settings(data_dir=tmp_path / "other", secret_key="k" * 64)
    other.data_dir.mkdir()
    from netmap.db import Base, open_engine

    engine = open_engine(other.database())
    Base.metadata.create_all(engine)
    assert supply(engine, other) is not supply(county, settings)
    engine.dispose()


def test_what_only_one_transaction_sees_is_seen_by_it_alone(county: Engine, settings: Settings) -> None:
    check(county, settings)
    with county.connect() as connection, Session(connection) as session:
        index_later(session, _close(session))
        service = one_service(session).id
        assert supply_for(session, settings).columns.by_service[service][0].status == "defunct"
        session.rollback()
    assert check(county, settings).columns.by_service[service][0].status != "defunct"


@pytest.fixture
def statements(county: Engine) -> Iterator[list[str]]:
    """What the database was asked."""
    seen: list[str] = []

    def see(*parts: Any) -> None:
        seen.append(parts[2])

    event.listen(county, "before_cursor_execute", see)
    yield seen
    event.remove(county, "before_cursor_execute", see)


def test_an_answer_after_the_first_asks_the_database_one_thing(
    county: Engine, settings: Settings, statements: list[str]
) -> None:
    def answer() -> dict[str, Any]:
        with open_session(county, reading=True) as session:
            return Matcher(session, settings).match(NEEDS)

    first = answer()
    assert any(line["provider"] for line in first["packages"][0]["lines"])
    statements.clear()
    assert answer() == first
    (asked,) = [one for one in statements if one.startswith("SELECT")]
    assert all(table in asked for table in ("directory_change", "matching_rules", "package_curation"))


def test_threads_that_ask_while_others_change_see_whole_offers(county: Engine, settings: Settings) -> None:
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            for _number in range(8):
                with open_session(county, reading=True) as session:
                    found = Matcher(session, settings).match(NEEDS)
                    assert found["packages"]
        except BaseException as error:
            failures.append(error)

    threads = [Thread(target=ask) for _number in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        with transaction(county) as session:
            service = one_service(session)
            service.name = f"Name {number}"
            index_later(session, {service.id})
    for thread in threads:
        thread.join()
    assert failures == []
    check(county, settings)


def test_new_weights_and_decisions_about_packages_hold_for_the_next_answer(
    county: Engine, settings: Settings
) -> None:
    def told() -> tuple[int, dict[str, str]]:
        with open_session(county, reading=True) as session:
            matcher = Matcher(session, settings)
            curated = matcher.supply.curated.of(Client({}), matcher.places.inside)
            return matcher.rules.version, dict(curated.exclude)

    assert told() == (0, {})
    with transaction(county) as session:
        code = session.scalars(select(Package.code).order_by(Package.code)).first() or ""
        save_rules(session, Rules(per_site=0.2), by="c@office.org", note="try", expected=0)
        wish = Wish("exclude", "", "", "not now")
        decided = curate(session, code, wish, by="c@office.org", today=now().date()).id
    assert told() == (1, {code: "not now"})
    with transaction(county) as session:
        end(session, decided, by="c@office.org")
    assert told() == (1, {})


def test_the_directory_is_read_before_the_first_match_asks_for_it(app: Flask) -> None:
    start_warm_up(app).join(60)
    engine, settings = app.extensions["netmap_engine"], app.extensions["netmap_settings"]
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *parts: seen.append(parts[2]))
    with open_session(engine, reading=True) as session:
        assert len(Matcher(session, settings).supply.columns.by_service) > 0
    assert len([one for one in seen if "SELECT" in one]) == 1, "only whether something is new"


def test_a_database_that_is_not_there_yet_stops_no_server(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    warm_up(app)
    assert app.test_client().get("/health").status_code == 200
