"""What a process keeps of a large directory: narrowed it is the same as read, and never shown as newer."""

from dataclasses import fields

import pytest
from sqlalchemy import Engine, select

from netmap.config import Settings
from netmap.db import now, open_session, transaction
from netmap.directory import changes
from netmap.directory.models import Area
from netmap.errors import Invalid
from netmap.network.gaps import kept_question, loading, surveying, views
from netmap.network.gaps.loading import Question
from netmap.network.gaps.overview import overview_of
from netmap.network.models import Demand, UnmetNeed
from netmap.network.whatif import desk as whatif_desk
from netmap.network.whatif.scenario_reading import read
from netmap.network.whatif.service import answer, desk
from tests.network import examples

PLAIN = ("areas", "documents", "ground", "everything", "settings", "counts", "sums", "names")


@pytest.fixture
def large(engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The worked example, as if it were a large one, with a survey."""
    monkeypatch.setattr(kept_question, "SMALL", 3)
    with transaction(engine) as session:
        examples.put_town(session)
        session.add(Area(code="land", name="Land"))
        session.add(Area(code="islet", name="Islet", derived=True, latitude=58.0, longitude=20.0))
        session.flush()
        for code in "AB":
            session.get(Area, code).parent_code = "land"
        for area, package in (("land", "k1"), ("islet", "k2")):
            session.add(Demand(area_code=area, package_code=package, clients=7))
        session.add(UnmetNeed(service_type="debt_advice", area_code="land", recorded_on=now().date()))
    survey(engine, settings)
    return engine


def survey(engine: Engine, settings: Settings) -> None:
    with open_session(engine, reading=True) as session:
        surveying.make(session, engine, settings)


def told(question: Question) -> dict:
    plain = {one.name: getattr(question, one.name) for one in fields(question) if one.name not in PLAIN}
    return plain | {
        "ground": [area.code for area in question.ground.areas],
        "overview": overview_of(question),
        "gaps": [views.gap_view(question, card) for card in question.cards()],
        "apart": [views.risk_view(question, card) for card in question.apart()],
        "links": question.survey.links,
    }


def test_what_is_narrowed_is_what_would_be_read(large: Engine, settings: Settings) -> None:
    with open_session(large, reading=True) as session:
        whole = kept_question.everything(session, settings)
        compared = 0
        for package in (None, *whole.documents):
            for area in (None, *whole.areas):
                kept = kept_question.question(session, settings, package, area)
                assert kept.everything is whole.everything
                assert told(kept) == told(loading.load(session, settings, package, area)), (package, area)
                compared += 1
    assert compared > 10


@pytest.mark.parametrize(
    ("package", "area", "places", "set_aside", "left_out"),
    [
        (None, None, "ABC", ("islet", "land"), 1),
        ("k1", None, "ABC", ("land",), 1),
        ("k2", "land", "AB", ("islet",), 0),
        (None, "C", "C", ("islet", "land"), 0),
        ("k1", "islet", "", ("land",), 1),
    ],
)
def test_a_selection_has_its_areas_figures_and_packages(
    large: Engine, settings: Settings, package, area, places, set_aside, left_out
) -> None:
    packages = [package] if package else ["k1", "k2"]
    with open_session(large, reading=True) as session:
        found = kept_question.question(session, settings, package, area)
        assert [one.code for one in found.ground.areas] == list(places) == sorted(found.sizes)
        assert list(found.profiles) == packages
        assert set(found.demands) == {(place, code) for place in places for code in packages}
        assert (found.set_aside, found.left_out) == (set_aside, left_out)
        assert {(cell.area, cell.profile) for cell in found.survey.cells} == set(found.demands)
        assert {one.profile for one in found.survey.handoffs} <= set(packages)


def test_no_selection_reads_the_directory_again(
    large: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_session(large, reading=True) as session:
        whole = kept_question.everything(session, settings)
        area, package = next(iter(whole.areas)), next(iter(whole.documents))
        made = desk(session, settings).network
    monkeypatch.setattr(kept_question, "load", lambda *_given: pytest.fail("it was read again"))
    with open_session(large, reading=True) as session:
        for chosen in ((None, None), (package, None), (None, area), (package, area)):
            assert kept_question.question(session, settings, *chosen).everything is whole.everything
        assert desk(session, settings).network is made


def test_what_is_not_there_is_told_in_a_sentence(large: Engine, settings: Settings) -> None:
    with open_session(large, reading=True) as session:
        with pytest.raises(Invalid, match="no area with the code 'nowhere'"):
            kept_question.question(session, settings, None, "nowhere")
        with pytest.raises(Invalid, match="no package in use with the code 'nothing'"):
            kept_question.question(session, settings, "nothing", None)


def look(engine: Engine, settings: Settings) -> tuple[float, bool]:
    """Return the clients of one figure as pages tell them, and whether they say that something changed."""
    with open_session(engine, reading=True) as session:
        question = kept_question.everything(session, settings)
        return sum(one.clients for one in question.demands.values()), bool(kept_question.older(session))


def more(engine: Engine, clients: float) -> None:
    with transaction(engine) as session:
        query = select(Demand).where(Demand.area_code == "A", Demand.package_code == "k1")
        session.scalars(query).one().clients += clients


def test_what_has_changed_since_is_said(large: Engine, settings: Settings) -> None:
    before, said = look(large, settings)
    assert not said
    more(large, 10)
    assert look(large, settings) == (before, True)
    survey(large, settings)
    assert look(large, settings) == (before + 10, False)


def test_a_change_that_was_taken_back_is_not_kept(large: Engine, settings: Settings) -> None:
    """The survey is as things are again, so no other one is made: what was read between has to go."""
    before, _said = look(large, settings)
    kept_question._kept.clear()  # another process, which reads for the first time
    more(large, 10)
    assert look(large, settings) == (before + 10, False)  # newer than the list, and as things are
    more(large, 5)
    assert look(large, settings) == (before + 10, True)
    more(large, -15)
    assert look(large, settings) == (before, False)


def test_the_network_of_a_scenario_is_that_of_the_question(large: Engine, settings: Settings) -> None:
    with open_session(large, reading=True) as session:
        first = desk(session, settings)
        service = sorted(first.known.services)[0]
        plan = {"name": "Less", "changes": [{"do": "remove_service", "service": service}]}
        told_first = answer(first, read(plan, first.known))
    with open_session(large, reading=True) as session:
        again = desk(session, settings)
        assert again.network is first.network
        assert answer(again, read(plan, again.known)) == told_first
        whatif_desk._kept.clear()
        kept_question._kept.clear()
        anew = desk(session, settings)
        assert anew.network is not first.network
        assert answer(anew, read(plan, anew.known)) == told_first
    with transaction(large) as session:
        changes.note(session, [service])
    survey(large, settings)
    with open_session(large, reading=True) as session:
        assert desk(session, settings).network is not anew.network


def test_a_small_directory_is_read_each_time(
    large: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_question, "SMALL", 1_000)
    before, _said = look(large, settings)
    more(large, 10)
    assert look(large, settings) == (before + 10, False)
    with open_session(large, reading=True) as session:
        assert desk(session, settings).network is not desk(session, settings).network
