"""The demo county shows each kind of gap that it was made for."""

import pytest
from sqlalchemy.orm import Session

from netmap.app import import_all_models
from netmap.config import Settings
from netmap.db import Base, open_engine, open_session
from netmap.demo import prepare
from netmap.network.service import gaps, picture


@pytest.fixture(scope="module")
def county_settings(tmp_path_factory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("county"), secret_key="k" * 64)


@pytest.fixture(scope="module")
def county(county_settings) -> Session:
    import_all_models()
    engine = open_engine(county_settings.database())
    Base.metadata.create_all(engine)
    prepare(engine, county_settings, lambda line: None)
    with open_session(engine, reading=True) as session:
        yield session
    engine.dispose()


@pytest.fixture(scope="module")
def found(county, county_settings):
    return gaps(county, county_settings)


@pytest.mark.parametrize("kind", ["NO_PROVIDER", "DISTANCE", "ANY_OF", "HOURS", "COST", "DURATION", "MIXED"])
def test_a_kind_of_gap_is_there_for_people(found, kind):
    sure = [g for g in found["gaps"] if not g["label"].startswith("CHECK")]
    assert any(g["type"] == kind and g["clients"] for g in sure)


def test_parents_are_shut_out_of_addiction_treatment(found):
    gap = next(
        g
        for g in found["gaps"]
        if g["service_type"] == "addiction_outpatient" and g["profile"] == "drinking_single_parent_with_debts"
    )
    assert (gap["type"], gap["label"], gap["certain"]) == (
        "ANY_OF",
        "LIKELY",
        False,
    )  # or drive far, once a month
    assert "Single parent" in gap["nearest"]


@pytest.mark.parametrize("words", ["Does not accept: ", "Speaks only: "])
def test_admission_and_language_are_what_some_providers_lack(found, words):
    sure = [g for g in found["gaps"] if not g["label"].startswith("CHECK")]
    assert any(words in (g["nearest"] or "") for g in sure)


def test_offices_close_before_people_come_from_work(found):
    gap = next(
        g
        for g in found["gaps"]
        if g["service_type"] == "migration_advice" and g["profile"] == "migrant_in_precarious_work"
    )
    assert (gap["type"], gap["label"], gap["certain"]) == ("HOURS", "LIKELY", False)
    assert {"lauvena", "kregzmina", "osrude"} <= {area["code"] for area in gap["areas"]}
    assert [0, 1020, 1200] in gap["requirements"]["hours"]


def test_the_picture_of_every_package_shows_the_gaps_of_its_table(county, county_settings, found):
    for package in sorted({g["profile"] for g in found["gaps"]}):
        table = {g["key"]: g["clients"] for g in gaps(county, county_settings, package=package)["gaps"]}
        drawn = picture(county, county_settings, package)
        assert {n.key: n.clients for n in drawn.nodes if n.kind == "needed"} == table
        assert len(drawn.nodes) <= 150


def test_all_packages_at_once_are_cut_to_what_can_be_read(county, county_settings):
    drawn = picture(county, county_settings)
    assert len(drawn.nodes) == 150
    assert drawn.left_out > 0
