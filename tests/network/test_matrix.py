import pytest
from sqlalchemy import update

from netmap.directory.models import Area
from netmap.errors import Invalid
from netmap.i18n import numbers
from netmap.network.card.gap_sheet import sheet_of
from netmap.network.gaps.cards import key_of
from netmap.network.gaps.one_gap import find
from netmap.network.gaps.selection import select
from netmap.network.models import Demand
from netmap.network.picture.matrix import matrix, told
from netmap.network.picture.territory_map import area_rows, worst_type

ADDICTION, DEBT, JOB, TRANSPORT = "add.alcohol", "fin.consumer_debt", "emp.unemployed", "trn.no_transport"


def test_the_matrix_of_the_example_counts_lines_and_clients(town_session, settings):
    found = matrix(select(town_session, settings))
    counts = {
        pair: {state: number for state, number in square.counts.items() if number}
        for pair, square in found.squares.items()
    }
    assert counts[ADDICTION, "A"] == {"gap": 1}
    assert counts[DEBT, "A"] == {"single": 1}
    assert counts[DEBT, "C"] == {"gap": 1}
    assert counts[JOB, "C"] == {"single": 2}  # of both packages
    assert told(found.squares[ADDICTION, "A"]) == "40"
    assert told(found.squares[DEBT, "A"]) == ""
    assert [found.total(row, "gap") for row in (ADDICTION, DEBT, TRANSPORT, JOB)] == [3, 1, 3, 0]
    assert found.areas == ("A", "C", "B")  # 60, 45 and 20 clients and lines
    assert len(found.squares[ADDICTION, "A"].gaps) == 1


def test_what_somebody_has_to_ask_is_no_gap(town_session, settings):
    from netmap.directory.models import CostOption, Service

    town_session.query(CostOption).filter_by(service_id="v1").delete()
    town_session.get(Service, "v1").status = "unknown"
    town_session.flush()
    found = matrix(select(town_session, settings))
    assert {state for state, number in found.squares[DEBT, "A"].counts.items() if number} == {"ask"}
    assert told(found.squares[DEBT, "A"]) == ""


def test_what_may_be_among_services_without_a_type_is_not_checked(town_session, settings):
    from netmap.directory.models import Service

    for number in range(3):
        town_session.add(Service(id=f"u{number}", organization_id="P1", name="?", status="active"))
    town_session.flush()
    found = matrix(select(town_session, settings))
    assert found.squares[TRANSPORT, "A"].worst == "unchecked"
    assert found.squares[ADDICTION, "A"].worst == "gap"  # somebody offers it and shuts parents out


def test_areas_that_do_not_fit_are_counted(town_session, settings):
    found = matrix(select(town_session, settings), "type", most=1)
    assert (found.areas, found.left_out) == (("A",), 2)
    assert "debt_advice" in found.rows


def test_the_map_counts_a_client_once_however_many_lines_are_missing(town_session, settings):
    rows = {row.code: row for row in area_rows(select(town_session, settings), {"A": 4})}
    assert [(code, rows[code].clients, rows[code].gaps) for code in "ABC"] == [
        ("A", 60, 2), ("B", 20, 2), ("C", 20, 5)
    ]  # fmt: skip
    assert (rows["A"].services, rows["B"].services) == (4, 0)
    one = {row.code: row for row in area_rows(select(town_session, settings), {}, "debt_advice")}
    assert [(one[code].clients, one[code].gaps) for code in "ABC"] == [(0, 0), (0, 0), (5, 1)]


def test_the_map_and_the_card_tell_the_same_rate(town_session, settings):
    """Both of the expected clients and of the people among whom they were counted, not of all inhabitants."""
    for code, people in (("A", 400), ("B", 300), ("C", 500)):
        town_session.get_one(Area, code).population = 9000
        town_session.execute(update(Demand).where(Demand.area_code == code).values(population=people))
    rows = area_rows(select(town_session, settings, "k2"), {}, "transport_help")
    found = find(town_session, settings, key_of("NO_PROVIDER", "transport_help", "k2"))
    card = {row.name: row.rate for row in sheet_of(town_session, found).areas}
    assert {row.name: numbers.number(row.rate, 2) for row in rows} == card
    assert len(set(card.values())) == 3
    town_session.execute(update(Demand).where(Demand.area_code == "A").values(population=None))
    (first, *_rest) = area_rows(select(town_session, settings, "k2"), {}, "transport_help")
    assert (first.code, first.rate) == ("A", None)


def test_the_map_begins_with_the_kind_that_most_clients_miss_in_some_areas(town_session, settings):
    chosen = select(town_session, settings)
    missed = {}
    for kind in {cell.line.service_type for cell in chosen.cells}:
        rows = area_rows(chosen, {}, kind)
        missed[kind] = (sum(row.gaps > 0 for row in rows), sum(row.clients or 0 for row in rows))
    somewhere = {kind: clients for kind, (areas, clients) in missed.items() if 0 < areas < 3}
    assert len(somewhere) < len(missed)
    assert worst_type(chosen) == max(somewhere, key=somewhere.get)


def test_a_selection_narrows_the_same_cells(town_session, settings):
    whole, part = select(town_session, settings), select(town_session, settings, "k2", "C")
    assert (part.areas, part.packages) == ({"C"}, {"k2"})
    assert list(part.cells) == [cell for cell in whole.cells if (cell.area, cell.profile) == ("C", "k2")]
    assert len(list(whole.cells)) == 21
    assert [row.code for row in area_rows(part, {})] == ["C"]


@pytest.mark.parametrize(("package", "area"), [("k9", None), (None, "Z")])
def test_what_is_not_there_cannot_be_selected(town_session, settings, package, area):
    with pytest.raises(Invalid, match="the nearest is"):
        select(town_session, settings, package, area)
