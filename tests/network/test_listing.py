"""The survey that is kept, and the list that is read from it."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from netmap.app import drain
from netmap.config import Settings
from netmap.db import now, open_session, transaction
from netmap.directory import changes
from netmap.directory.models import Area
from netmap.errors import Invalid
from netmap.i18n import speaking
from netmap.jobs.models import Job
from netmap.network.counts import telling
from netmap.network.gaps import kept_question, listing, one_gap, state, surveying
from netmap.network.gaps.listing import LISTS, Listing, Wish
from netmap.network.gaps.survey_models import GapCard, GapSurvey
from netmap.network.models import Demand
from netmap.network.service import gaps
from tests.network import examples, second_example


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """The first county in a database of its own."""
    with transaction(engine) as session:
        examples.put_town(session)
    return engine


def page(engine: Engine, settings: Settings, **asked: object) -> Listing:
    with open_session(engine, reading=True) as session:
        return listing.listing(session, engine, settings, Wish(**asked))


def told(found: Listing) -> list[tuple]:
    return [(row["kind"], row["service_type"], row["profile"], row["clients"]) for row in found.gaps]


@pytest.mark.parametrize("order", ["count", "rate"])
def test_the_list_says_what_the_survey_of_this_moment_says(
    kept: Engine, settings: Settings, order: str
) -> None:
    with open_session(kept, reading=True) as session:
        live = gaps(session, settings, order=order)
    found = page(kept, settings, order=order)
    for mine, theirs in ((found.gaps, live["gaps"]),):
        names = (
            "key",
            "service_type",
            "profile",
            "clients",
            "interval",
            "rate",
            "sentence",
            "label",
            "certain",
        )
        assert [[row[name] for name in names] for row in mine] == [
            [row[name] for name in names] for row in theirs
        ]
    assert not found.waits
    assert dict(found.kinds) == {
        "": 6, "CAPACITY": 2, "BROKEN_LINK": 1, "PACKAGE": 2, "STALE": 1, "SINGLE_PROVIDER": 5,
    }  # fmt: skip
    for kind, number in found.kinds[1:]:
        mine = page(kept, settings, kind=kind, order=order)
        assert mine.total == number
        theirs = [card for card in live["apart"] if card["type"] == kind]
        assert [row["sentence"] for row in mine.gaps] == [card["sentence"] for card in theirs]


@pytest.mark.parametrize("order", ["count", "rate"])
@pytest.mark.parametrize("area", ["A", "B", "C"])
@pytest.mark.parametrize("package", ["k1", None])
def test_a_selection_has_the_figures_of_its_places(
    kept: Engine, settings: Settings, area: str, package: str | None, order: str
) -> None:
    with transaction(kept) as session:
        for row in session.scalars(select(Demand)):
            row.population = {"A": 3000, "B": 900, "C": 250}[row.area_code]
    with open_session(kept, reading=True) as session:
        live = gaps(session, settings, area=area, package=package, order=order)
    for kind, cards in (("", live["gaps"]), ("CAPACITY", live["apart"]), ("PACKAGE", live["apart"])):
        theirs = [card for card in cards if not kind or card["type"] == kind]
        mine = page(kept, settings, area=area, package=package, kind=kind, order=order).gaps
        assert [(row["key"], row["clients_shown"]) for row in mine] == [
            (card["key"], card["clients_shown"]) for card in theirs
        ]
        for row, card in zip(mine, theirs, strict=True):
            assert row["areas"] == [one["code"] for one in card["areas"]]
            assert row["interval"] == pytest.approx(card["interval"], abs=0.1)
            assert row["impact"] == pytest.approx(card["impact"], abs=0.01)


@pytest.mark.parametrize("area", ["A", "B", "C"])
def test_gaps_of_small_groups_keep_their_place_by_rate(kept: Engine, settings: Settings, area: str) -> None:
    """Their rate is not told, but they are put in order by it as if the group had 2.5 clients."""
    with transaction(kept) as session:
        for row in session.scalars(select(Demand)):
            few = row.package_code == "k2"
            row.clients, row.population = (4, 20) if few else (row.clients, 3000)
    with open_session(kept, reading=True) as session, telling():
        live = gaps(session, settings, area=area, order="rate")["gaps"]
    mine = page(kept, settings, area=area, order="rate").gaps
    assert [row["key"] for row in mine] == [card["key"] for card in live]
    assert {row["rate"] for row in mine if row["profile"] == "k2"} == {None}
    assert {row["rate"] for row in mine if row["profile"] == "k1"} != {None}


@pytest.mark.parametrize("area", ["A", "B", "C"])
@pytest.mark.parametrize("package", ["k1", None])
def test_each_list_has_as_many_gaps_as_it_says(
    kept: Engine, settings: Settings, area: str, package: str | None
) -> None:
    kinds = page(kept, settings, area=area, package=package).kinds
    found = {kind: page(kept, settings, area=area, package=package, kind=kind).total for kind in LISTS}
    assert dict(kinds) == {kind: number for kind, number in found.items() if number}


def test_what_nobody_knows_is_a_list_of_its_own(engine: Engine, settings: Settings) -> None:
    with transaction(engine) as session:
        second_example.put(session)
    known, asked = page(engine, settings), page(engine, settings, kind=listing.ASK)
    assert [row["label"] for row in known.gaps] == ["FIRM", "FIRM", "FIRM", "LIKELY", "FIRM"]
    assert {row["label"] for row in asked.gaps} == {"CHECK DATA"}
    assert (known.total, asked.total, dict(known.kinds)["ASK"]) == (5, 3, 3)


def test_places_without_coordinates_are_named_on_the_page(kept: Engine, settings: Settings) -> None:
    with transaction(kept) as session:
        session.add(Area(code="D", name="Town D"))
        changes.note(session, ["v1"])
    (warning,) = page(kept, settings).told["warnings"]
    assert "1 area has no coordinates" in warning
    assert "Town D" in warning


@pytest.mark.parametrize("asked", [{"area": "atlantis"}, {"package": "k11"}])
def test_a_place_or_a_package_that_is_not_there_is_named(
    kept: Engine, settings: Settings, asked: dict
) -> None:
    with pytest.raises(Invalid, match="the nearest is"):
        page(kept, settings, **asked)


def test_the_words_are_those_of_the_reader(kept: Engine, settings: Settings) -> None:
    english = page(kept, settings).gaps[0]
    with speaking("uk"):
        ukrainian = page(kept, settings).gaps[0]
    assert english["key"] == ukrainian["key"]
    assert english["service_label"] != ukrainian["service_label"]
    with open_session(kept, reading=True) as session:
        assert set(session.scalars(select(GapCard)).first().told) == {"en", "ru", "uk", "lt"}


def test_a_large_directory_is_not_surveyed_while_somebody_waits(
    kept: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_question, "SMALL", 3)
    assert page(kept, settings).made_at is None
    with open_session(kept, reading=True) as session:
        surveying.make(session, kept, settings)
    assert not page(kept, settings).waits
    change(kept)
    found = page(kept, settings)
    assert found.waits
    assert found.total == 6  # as it was, and said so


def test_one_gap_of_a_large_directory_is_as_old_as_the_list(
    kept: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_question, "SMALL", 3)
    with open_session(kept, reading=True) as session:
        surveying.make(session, kept, settings)
    with open_session(kept, reading=True) as session:
        first = kept_question.everything(session, settings)
    change(kept)
    with open_session(kept, reading=True) as session:
        assert kept_question.everything(session, settings) is first
        key = page(kept, settings).gaps[0]["key"]
        assert one_gap.find(session, settings, key).question is first
        surveying.make(session, kept, settings)
    with open_session(kept, reading=True) as session:
        assert kept_question.everything(session, settings) is not first


def change(engine: Engine) -> None:
    with transaction(engine) as session:
        changes.note(session, ["v1"])


def test_the_worker_makes_one_survey_of_many_changes(kept: Engine, settings: Settings) -> None:
    surveying.begin(kept)
    surveying.begin(kept)
    drain(kept, settings)
    first = made_at(kept)
    assert first is not None
    for _time in range(3):
        change(kept)
    drain(kept, settings)
    assert made_at(kept) == first  # it looks again in a minute
    hurry(kept)
    drain(kept, settings)
    second = made_at(kept)
    assert second > first
    hurry(kept)
    drain(kept, settings)
    assert made_at(kept) == second  # nothing has changed since
    with open_session(kept, reading=True) as session:
        assert len(session.scalars(select(Job).where(Job.kind == surveying.KIND)).all()) == 1


def made_at(engine: Engine):
    with open_session(engine, reading=True) as session:
        return session.scalar(select(GapSurvey.made_at))


def hurry(engine: Engine) -> None:
    with transaction(engine) as session:
        for job in session.scalars(select(Job).where(Job.kind == surveying.KIND)):
            job.due_at = now() - timedelta(seconds=1)


@pytest.mark.parametrize("settings_of", [{"max_km": 80.0}, {"min_capacity_ratio": 0.1}])
def test_another_setting_makes_another_survey(kept: Engine, settings: Settings, settings_of: dict) -> None:
    from dataclasses import replace

    with open_session(kept, reading=True) as session:
        before = state.state_of(session, settings)
        assert state.state_of(session, settings) == before
        assert state.state_of(session, replace(settings, **settings_of)) != before


def test_demand_packages_agreements_and_unmet_needs_each_change_the_state(
    kept: Engine, settings: Settings
) -> None:
    from netmap.network.models import UnmetNeed
    from netmap.packages.models import Package
    from netmap.partners.models import Agreement

    seen = set()

    def look() -> None:
        with open_session(kept, reading=True) as session:
            found = state.state_of(session, settings)
        assert found not in seen
        seen.add(found)

    look()
    for model, name, value in (
        (Demand, "clients", 77.0),
        (Package, "retired", True),
        (Agreement, "ends", now().date()),
    ):
        with transaction(kept) as session:
            setattr(session.scalars(select(model)).first(), name, value)
        look()
    with transaction(kept) as session:
        session.add(UnmetNeed(service_type="debt_advice", area_code="A", recorded_on=now().date()))
    look()


def test_what_only_changes_places_changes_the_state_too(kept: Engine, settings: Settings, tmp_path) -> None:
    from netmap.network.demand import entry
    from netmap.network.travel import import_travel
    from netmap.partners import agreements
    from netmap.partners.models import Agreement

    def digest() -> str:
        with open_session(kept, reading=True) as session:
            return state.state_of(session, settings)

    def figures(a: int, c: int) -> None:
        with transaction(kept) as session:
            for area, clients in (("A", a), ("C", c)):
                form = {"kind": "counted", "clients": str(clients), "source": "Council"}
                entry.keep(session, area, "k1", form, by="ann@office.example", moment=now())

    def parties(*names: str) -> None:
        with transaction(kept) as session:
            row = session.scalars(select(Agreement)).one()
            form = agreements.as_form(row) | {"parties": tuple((f"Provider {name}", "") for name in names)}
            agreements.save(session, row.id, form, by="ann@office.example")
            assert [one.organization_id for one in row.parties] == list(names)

    def ways(ab: int, ac: int) -> None:
        file = tmp_path / "travel.csv"
        file.write_text(f"from,to,mode,km\nA,B,car,{ab}\nA,C,car,{ac}\n", encoding="utf-8")
        with transaction(kept) as session:
            import_travel(session, file)

    swaps = (parties, ("P1", "P4"), ("P1", "P5")), (figures, (40, 5), (5, 40)), (ways, (12, 60), (60, 12))
    for change_it, first, second in swaps:
        change_it(*first)
        before = digest()
        change_it(*second)
        assert digest() != before, change_it.__name__
