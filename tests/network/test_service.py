import pytest
from sqlalchemy import select

from netmap.db import now
from netmap.directory.models import Area, Location, Service, ServiceTypeLink
from netmap.errors import Invalid
from netmap.i18n import set_language
from netmap.network.gaps.one_gap import find
from netmap.network.models import Demand
from netmap.network.service import gaps, picture, rows


def by_type(found, kind, service_type):
    return next(g for g in found["gaps"] if (g["type"], g["service_type"]) == (kind, service_type))


def test_an_empty_database_has_no_gaps_and_says_why(session, settings):
    found = gaps(session, settings)
    assert (found["gaps"], found["apart"], found["demand_known"]) == ([], [], False)
    assert len(found["warnings"]) == 2
    assert picture(session, settings).nodes == ()


def test_the_day_is_that_of_the_office(town_session, settings):
    assert gaps(town_session, settings)["as_of"] == now().astimezone(settings.zone()).date().isoformat()


def test_a_package_narrows_the_list(town_session, settings):
    assert {g["profile"] for g in gaps(town_session, settings, package="k2")["gaps"]} == {"k2"}


def test_an_area_narrows_the_list_to_what_lies_in_it(town_session, settings):
    town_session.add(Area(code="county", name="County"))
    town_session.flush()
    town_session.get(Area, "C").parent_code = "county"
    found = gaps(town_session, settings, area="county")
    assert {area["code"] for g in found["gaps"] for area in g["areas"]} == {"C"}
    assert gaps(town_session, settings, area="C")["gaps"] == found["gaps"]


@pytest.mark.parametrize(
    ("asked", "field", "nearest"),
    [
        ({"package": "k9"}, "package", "k"),
        ({"area": "BB"}, "area", "B"),
        ({"order": "size"}, "order", "count"),
    ],
)
def test_what_does_not_exist_is_named_with_the_nearest(town_session, settings, asked, field, nearest):
    with pytest.raises(Invalid) as error:
        gaps(town_session, settings, **asked)
    assert nearest in error.value.fields[field]


def test_the_order_by_rate_is_said(town_session, settings):
    assert gaps(town_session, settings, order="rate")["order"] == "rate"


def test_without_demand_the_label_and_the_sentence_say_so(town_session, settings):
    town_session.query(Demand).delete()
    found = gaps(town_session, settings)
    first = found["gaps"][0]
    assert found["demand_known"] is False
    assert (first["type"], first["clients"], first["interval"], first["rate"]) == (
        "NO_PROVIDER",
        None,
        None,
        None,
    )
    assert "no demand figures" in first["label"]
    assert "no demand figures" in first["sentence"]


def test_few_people_are_not_told(town_session, settings):
    query = select(Demand).where(Demand.area_code == "C", Demand.package_code == "k1")
    row = town_session.scalars(query).one()
    row.clients = 3
    found = by_type(gaps(town_session, settings), "DURATION", "addiction_outpatient")
    assert (found["clients"], found["clients_shown"], found["interval"]) == (3, "<5", None)
    assert "Clients a year: <5." in found["sentence"]


def test_the_interval_and_the_rate_come_from_the_population(town_session, settings):
    for row in town_session.scalars(select(Demand).where(Demand.package_code == "k1")):
        row.population = 1000
    found = by_type(gaps(town_session, settings), "ELIGIBILITY", "addiction_outpatient")
    mean = (18.33 * 0.5 + 40 + 18.33 * 0.5 + 10) / 3000 * 1000  # two areas, each drawn to 18.33 in 1,000
    assert found["clients"] == 50
    assert found["rate"] == pytest.approx(mean, abs=0.01)
    assert found["interval"][0] < 2 * mean < found["interval"][1]


def test_places_without_figures_are_counted_in_the_sentence(town_session, settings):
    town_session.query(Demand).where(Demand.area_code == "C").delete()
    found = by_type(gaps(town_session, settings), "NO_PROVIDER", "transport_help")
    assert found["clients"] == 30
    assert found["sentence"].endswith("Clients a year: 30. No figures for 1 area.")


def test_demand_of_a_wider_area_is_not_silently_lost(town_session, settings):
    town_session.add(Area(code="county", name="Whole county"))
    town_session.flush()
    town_session.get(Area, "A").parent_code = "county"
    town_session.add(Demand(area_code="county", package_code="k1", clients=99))
    found = gaps(town_session, settings)
    assert any("Whole county" in warning for warning in found["warnings"])
    assert by_type(found, "ELIGIBILITY", "addiction_outpatient")["clients"] == 50


def test_unknown_status_makes_a_card_to_phone_not_a_plan(town_session, settings):
    town_session.get(Service, "v1").status = "unknown"
    found = [g for g in gaps(town_session, settings)["gaps"] if g["service_type"] == "debt_advice"]
    assert [(g["label"], g["certain"], g["clients"]) for g in found] == [
        ("FIRM", True, 5),
        ("CHECK DATA", False, 50),
    ]
    phone = found[1]
    assert phone["remedies"] == ["Phone the providers, ask what is not known, and record the answer"]
    assert "may be missing" in phone["sentence"]
    assert "Not known whether it is offered at present" in phone["sentence"]


def test_a_suggested_type_is_to_be_checked(town_session, settings):
    query = select(ServiceTypeLink).where(ServiceTypeLink.service_id == "v1")
    town_session.scalars(query).one().state = "suggested"
    found = [g for g in gaps(town_session, settings)["gaps"] if g["service_type"] == "debt_advice"]
    assert [(g["label"], g["certain"]) for g in found] == [("CHECK DATA", False)] * 2


def untype(session, *keys):
    for link in session.scalars(select(ServiceTypeLink).where(ServiceTypeLink.service_id.in_(keys))):
        session.delete(link)
    session.flush()


def test_where_services_have_no_confirmed_type_nothing_is_sure_to_be_missing(town_session, settings):
    untype(town_session, "v3")
    found = gaps(town_session, settings)
    assert {(g["label"], g["certain"]) for g in found["gaps"]} == {("CHECK DATA", False)}
    missing = by_type(found, "NO_PROVIDER", "transport_help")
    assert "may be missing in Town A, Town C, Town B: ask first" in missing["sentence"]
    assert "nobody is recorded as offering it; 1 service has no confirmed type yet" in missing["sentence"]
    assert missing["type_name"] == "To ask: whether it is offered"
    assert missing["remedies"][0].startswith("Confirm the types")
    assert by_type(found, "ELIGIBILITY", "addiction_outpatient")["type_name"] == "Conditions shut people out"
    assert any("1 of 8 services have no confirmed type" in warning for warning in found["warnings"])
    needed = [n for n in picture(town_session, settings).nodes if n.kind == "needed"]
    assert all(node.name.startswith("NEEDED?") for node in needed)


def test_a_few_services_without_a_type_leave_a_gap_certain(town_session, settings):
    for number in range(12):  # with the eight of the example one of twenty is without: 5 per cent
        town_session.add(Service(id=f"x{number}", name="Another", status="active"))
        town_session.flush()
        town_session.add(ServiceTypeLink(service_id=f"x{number}", code="legal_aid", state="confirmed"))
    untype(town_session, "v3")
    assert {g["label"] for g in gaps(town_session, settings)["gaps"]} == {"FIRM"}
    town_session.get(Service, "x0").status = "inactive"  # one of nineteen
    assert {g["label"] for g in gaps(town_session, settings)["gaps"]} == {"CHECK DATA"}


@pytest.mark.parametrize(
    ("states", "label"),
    [
        (("rejected",), "FIRM"),
        (("rejected", "suggested"), "CHECK DATA"),
        (("confirmed", "suggested"), "FIRM"),
    ],
)
def test_a_service_is_decided_once_a_person_has_judged_its_types(town_session, settings, states, label):
    untype(town_session, "v3")
    for code, state in zip(("legal_aid", "social_club"), states, strict=False):
        town_session.add(ServiceTypeLink(service_id="v3", code=code, state=state))
    town_session.flush()
    assert {g["label"] for g in gaps(town_session, settings)["gaps"]} == {label}


@pytest.mark.parametrize("fact", ["status", "removed_in_source"])
def test_a_service_that_is_gone_does_not_make_gaps_doubtful(town_session, settings, fact):
    untype(town_session, "v3")
    setattr(town_session.get(Service, "v3"), fact, "inactive" if fact == "status" else now())
    assert {g["label"] for g in gaps(town_session, settings)["gaps"]} == {"FIRM"}


def test_a_type_that_is_only_suggested_is_not_told_as_offered(town_session, settings):
    query = select(ServiceTypeLink).where(ServiceTypeLink.service_id == "v1")
    town_session.scalars(query).one().state = "suggested"
    found = by_type(gaps(town_session, settings, area="C"), "DISTANCE", "debt_advice")
    assert "1 service seems to offer it" in found["sentence"]


def test_areas_are_named_the_largest_first_where_nobody_counted_clients(town_session, settings):
    town_session.query(Demand).delete()
    town_session.get(Area, "C").population = 900
    for place in town_session.query(Location):
        place.area_code = "B"
    town_session.flush()
    found = by_type(gaps(town_session, settings), "NO_PROVIDER", "transport_help")
    assert [area["code"] for area in found["areas"]] == ["C", "B", "A"]
    apart = gaps(town_session, settings)["apart"]
    both = next(g for g in apart if (g["type"], g["service_type"]) == ("SINGLE_PROVIDER", "debt_advice"))
    assert [area["code"] for area in both["areas"]] == ["B", "A"]


def test_a_part_of_the_list_is_the_same_as_in_the_whole(town_session, settings):
    whole = gaps(town_session, settings)
    part = gaps(town_session, settings, page=2, size=4)
    assert (whole["total"], whole["page"], whole["pages"]) == (len(whole["gaps"]), 1, 1)
    assert (part["total"], part["page"], part["pages"]) == (6, 2, 2)
    assert part["gaps"] == whole["gaps"][4:]
    assert gaps(town_session, settings, page=99, size=4) == part


def test_each_offer_is_judged_once_for_a_card(town_session, settings, monkeypatch):
    from netmap.network.cells import explain
    from netmap.network.gaps import views

    asked = []
    monkeypatch.setattr(views, "cases_of", lambda *these: asked.append(these) or explain.cases_of(*these))
    found = gaps(town_session, settings)
    assert len(asked) == len(found["gaps"])


def test_every_number_of_clients_can_be_added_up_from_the_cells(town_session, settings):
    for found in gaps(town_session, settings)["gaps"]:
        gap = find(town_session, settings, found["key"])
        told = {cell.area: gap.question.demands[cell.area, cell.profile].clients for cell in gap.card.cells}
        assert sum(told.values()) == found["clients"]
        assert set(told) == {area["code"] for area in found["areas"]}


def test_two_gaps_of_one_package_are_not_also_needed_by_others(town_session, settings):
    found = by_type(gaps(town_session, settings), "ELIGIBILITY", "addiction_outpatient")
    assert found["also"] == []  # the same package misses it for two reasons: no other profile


def test_other_profiles_that_miss_the_same_service_are_named(town_session, settings):
    town_session.query(ServiceTypeLink).filter_by(code="job_search_support").delete()
    found = {
        g["profile"]: g["also"]
        for g in gaps(town_session, settings)["gaps"]
        if g["service_type"] == "job_search_support"
    }
    assert found == {"k1": ["k2"], "k2": ["k1"]}
    key = by_type(gaps(town_session, settings, package="k2"), "NO_PROVIDER", "job_search_support")["key"]
    assert find(town_session, settings, key).also == ("k1",)


def test_names_are_in_the_language_of_the_reader(town_session, settings):
    town_session.get(Area, "C").names = {"lt": "Trečias"}
    set_language("lt")
    try:
        found = gaps(town_session, settings, area="C")["gaps"]
    finally:
        set_language("en")
    assert found[0]["areas"] == [{"code": "C", "name": "Trečias"}]


def test_the_assumptions_are_shown(town_session, settings):
    assert gaps(town_session, settings)["assumptions"] == {
        "max_km": 30.0, "circuity": 1.3, "stale_days": 365, "half_life_days": 540, "closure_hazard": 0.10,
        "fewest_providers": 2, "prior_people": 500, "min_cell_count": 5, "youngest_client": 18.0,
        "most_untyped": 0.05, "fewest_places": 3, "widest_km": 100.0, "min_capacity_ratio": 0.8,
        "link_loss": 0.3, "contact_months": 12, "failure_rate": 0.3, "failure_certainty": 0.9,
        "prior_cases": 10, "wait_target_days": 30, "wait_old_days": 180,
    }  # fmt: skip


def test_the_table_under_the_picture_has_the_same_numbers(town_session, settings):
    drawn = picture(town_session, settings, package="k1")
    table = {g["key"]: g["clients_shown"] for g in gaps(town_session, settings, package="k1")["gaps"]}
    needed = [row for row in rows(drawn) if row["clients"]]
    assert {row["key"]: row["clients"] for row in needed} == table
    assert all("NEEDED" in row["who"] for row in needed)


def test_the_picture_shows_who_is_there_and_who_is_not(town_session, settings):
    drawn = picture(town_session, settings, package="k1")
    assert {n.key for n in drawn.nodes if n.kind == "provider"} == {"P1", "P3", "P4"}
