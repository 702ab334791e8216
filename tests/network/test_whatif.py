"""What if: the figures of the worked example on plain objects, and each kind of change by itself."""

from dataclasses import replace

import pytest

from netmap.network.cells.ground import Area
from netmap.network.whatif.effect import clients_of
from netmap.network.whatif.scenario import (
    AddService,
    ChangeLink,
    ChangeServices,
    CloseProvider,
    RemoveService,
)
from netmap.network.whatif.state import Land, Network
from netmap.network.whatif.trial import what_if
from netmap.network.whatif.words import summary

ROADS = {("A", "B"): 12.0, ("A", "C"): 60.0, ("B", "C"): 55.0}
CAPACITIES = {"v1": 30, "v2": 40, "v3": 20, "v4": 200, "v5": 30, "v6": 25}
TOGETHER = [frozenset({"P1", "P4"})]


def package_k1(town):
    """Return K1 with its one hand-off: addiction to job."""
    one = town.k1()
    lines = tuple(replace(line, after=("addiction",)) if line.key == "job" else line for line in one.lines)
    return replace(one, lines=lines)


def package_k2(town):
    """Return K2 with its one hand-off: assistant to job."""
    one = town.k2()
    lines = tuple(replace(line, after=("assistant",)) if line.key == "job" else line for line in one.lines)
    return replace(one, lines=lines)


def land_of(offers):
    """Return the three towns with the table of roads."""
    homes = {one.location_id: one.location_id[0] for one in offers if one.location_id}
    return Land(tuple(Area(code, None) for code in "ABC"), travel=ROADS, homes=homes)


@pytest.fixture
def network(town):
    """The worked example with capacities and its one agreement."""
    return network_of(town, town.demands())


def network_of(town, demands):
    """Return the worked example with these figures of demand."""
    offers = town.offers()
    return Network(
        land_of(offers),
        offers,
        [town.profile(package_k1(town)), town.profile(package_k2(town))],
        demands,
        linked=TOGETHER,
        capacities=CAPACITIES,
    )


def cells(changes):
    """Return kind of service, profile and areas of changes."""
    return sorted((one.line.service_type, one.profile, one.area) for one in changes)


def test_a_debt_adviser_in_c_closes_one_gap_of_five_clients_and_no_package(town, network):
    new = AddService(town.offer("n1", "P8", "debt_advice", "C"), area="C", capacity=30)
    found = what_if(network, [new])
    assert cells(found.closed) == [("debt_advice", "k1", "C")]
    assert (found.opened, found.renamed, found.completed, found.links_opened) == ((), (), (), ())
    assert clients_of(found.closed) == 5
    assert [(one.service_type, one.eligible, one.clients) for one in found.reached] == [("debt_advice", 5, 5)]
    assert [one.area for one in found.downgraded] == ["C"]


def test_p2_accepts_parents_as_the_example_says(network):
    found = what_if(network, [ChangeServices(service="v2", accept=frozenset({"single_parent"}))])
    assert cells(found.closed) == [("addiction_outpatient", "k1", "A"), ("addiction_outpatient", "k1", "B")]
    assert [(one.eligible, one.clients, one.unknown) for one in found.reached] == [(50, 40, ())]
    assert sorted((one.area, one.profile) for one in found.completed) == [("A", "k1"), ("B", "k1")]
    opened = [(one.area, one.hand_off.first.key, one.hand_off.then.key, one.giving, one.taking)
              for one in found.links_opened]  # fmt: skip
    assert opened == [
        ("A", "addiction", "job", ("P2",), ("P4",)),
        ("B", "addiction", "job", ("P2",), ("P4",)),
    ]
    assert clients_of(found.links_opened) == 50
    # in C the way to P2 alone would now do as well as longer help by P7
    (renamed,) = found.renamed
    assert (renamed.area, renamed.before.kind, renamed.after.kind) == ("C", "DURATION", "ANY_OF")
    assert renamed.after.blockers == ("distance", "duration")
    assert found.opened == ()


def test_transport_in_a_closes_two_gaps_and_completes_two_packages(town, network):
    found = what_if(network, [AddService(town.offer("n1", "P8", "transport_help", "A"), area="A")])
    assert cells(found.closed) == [("transport_help", "k2", "A"), ("transport_help", "k2", "B")]
    assert clients_of(found.closed) == 30
    assert len(found.completed) == 2
    assert [(one.area, one.before.kind, one.after.kind) for one in found.renamed] == [
        ("C", "NO_PROVIDER", "DISTANCE")
    ]
    assert [(one.clients, one.unknown) for one in found.reached] == [(30, ("n1",))]


@pytest.mark.parametrize(
    ("provider", "gaps", "clients"), [("P4", 6, 100), ("P1", 2, 50), ("P3", 2, 50), ("P5", 2, 30)]
)
def test_the_end_of_each_provider_opens_what_the_example_says(network, provider, gaps, clients):
    found = what_if(network, [CloseProvider(provider)])
    assert (len(found.opened), clients_of(found.opened)) == (gaps, clients)
    assert (found.closed, found.completed) == ((), ())


def test_p4_takes_its_broken_links_along(network):
    found = what_if(network, [CloseProvider("P4")])
    assert [(one.area, one.giving, one.taking) for one in found.links_closed] == [
        ("A", ("P5",), ("P4",)), ("B", ("P5",), ("P4",))
    ]  # fmt: skip


def test_an_agreement_mends_the_broken_link_of_thirty_clients(network):
    found = what_if(network, [ChangeLink(frozenset({"P5", "P4"}))])
    assert clients_of(found.links_closed) == 30
    assert (found.closed, found.opened, found.links_opened) == ((), (), ())


def test_a_rule_change_together_with_an_agreement_opens_no_link(network):
    accept = ChangeServices(service="v2", accept=frozenset({"single_parent"}))
    found = what_if(network, [accept, ChangeLink(frozenset({"P2", "P4"}))])
    assert len(found.completed) == 2
    assert found.links_opened == ()


def test_the_end_of_an_agreement_breaks_the_link_that_hung_on_it(network):
    accept = ChangeServices(service="v2", accept=frozenset({"single_parent"}))
    both = [accept, ChangeLink(frozenset({"P2", "P4"})), ChangeLink(frozenset({"P2", "P4"}), linked=False)]
    assert len(what_if(network, both).links_opened) == 2


def test_a_lower_fee_closes_no_gap_but_secures_the_assistant(network):
    found = what_if(network, [ChangeServices(service="v7", facts={"fee": 0.0})])
    assert cells(found.secured) == [("personal_assistant", "k2", "A"), ("personal_assistant", "k2", "B")]
    assert (found.closed, found.weakened) == ((), ())


def test_visits_in_c_close_the_gap_of_debts_there(network):
    found = what_if(network, [ChangeServices(service="v1", also_in=(Area("C", None),))])
    assert cells(found.closed) == [("debt_advice", "k1", "C")]
    # 30 places less the 50 clients of A and B who have nobody else
    assert [(one.eligible, one.clients) for one in found.reached] == [(5, 0)]


def test_more_capacity_reaches_those_who_come_on_top(network):
    change = ChangeServices(service="v1", also_in=(Area("C", None),), capacity=53)
    assert [(one.eligible, one.clients) for one in what_if(network, [change]).reached] == [(5, 3)]


def test_what_is_removed_cannot_be_changed_afterwards_and_is_told(network):
    changes = [RemoveService("v1"), ChangeServices(service="v1", facts={"fee": 0.0}), CloseProvider("P1")]
    edit = network.catalogue.edit(changes)
    assert edit.unmatched == (1, 2)
    assert [offer.service_id for offer in edit.gone] == ["v1"]


def test_a_change_that_changes_nothing_differs_in_nothing(network):
    found = what_if(network, [ChangeServices(service="v1", facts={"fee": 0.0})])
    assert found == what_if(network, [])
    assert (found.closed, found.opened, found.reached) == ((), (), ())


def test_a_line_that_a_package_can_do_without_neither_completes_nor_breaks_it(town):
    offers = [town.offer("v1", "P1", "debt_advice", "A"), town.offer("v4", "P4", "job_search_support", "A")]
    lines = (
        town.line("debt", "debt_advice"),
        replace(town.line("job", "job_search_support"), required=False),
    )
    profile = town.profile(town.document("k1", *lines))
    network = Network(land_of(offers), offers, [profile], {})
    assert what_if(network, [CloseProvider("P4")]).lost == ()
    assert [one.area for one in what_if(network, [CloseProvider("P1")]).lost] == ["A", "B"]
    network = Network(land_of(offers), offers[:1], [profile], {})
    assert what_if(network, [AddService(offers[1], area="A")]).completed == ()


def test_more_places_relieve_those_who_had_too_few(network):
    found = what_if(network, [ChangeServices(service="v3", capacity=50)])
    assert [(one.area, one.before, one.after) for one in found.relieved] == [("A", 0.4, 1.0), ("B", 0.4, 1.0)]
    assert (found.strained, found.closed) == ((), ())


def test_a_second_adviser_shares_the_queue(town, network):
    # v1 and the new one give 30/50 and 10/50 to each client of A and B
    found = what_if(network, [AddService(town.offer("n1", "P8", "debt_advice", "B"), area="B", capacity=10)])
    assert [(one.area, one.before, one.after) for one in found.relieved] == [("A", 0.6, 0.8), ("B", 0.6, 0.8)]


def test_help_that_comes_for_too_few_is_told(network):
    found = what_if(network, [ChangeServices(service="v8", facts={"duration": "long"}, capacity=3)])
    assert cells(found.closed) == [("addiction_outpatient", "k1", "C")]
    assert [(one.area, one.before, one.after) for one in found.strained] == [("C", None, 0.6)]


NOT_COUNTED, ONE_BLANK = "There are no demand figures.", "No figures for 1 area."


@pytest.mark.parametrize(
    ("known", "closed", "room", "whole"),
    [
        (
            "",
            f"1 gap closes (areas: 2). {NOT_COUNTED}",
            None,
            f"1 package becomes whole (areas: 2). {NOT_COUNTED}",
        ),
        (
            "A",
            f"1 gap closes (areas: 2), for 40 clients a year. {ONE_BLANK}",
            "the capacity is enough for all who were counted.",
            f"1 package becomes whole (areas: 2), for 40 clients a year. {ONE_BLANK}",
        ),
        (
            "AB",
            "1 gap closes (areas: 2), for 50 clients a year.",
            "50 clients come into question, the capacity is enough for 40.",
            "1 package becomes whole (areas: 2), for 50 clients a year.",
        ),
    ],
)
def test_areas_without_figures_are_neither_dropped_nor_counted_as_none(town, known, closed, room, whole):
    demands = {pair: one for pair, one in town.demands().items() if pair[0] in known}
    parents = ChangeServices(service="v2", accept=frozenset({"single_parent"}))
    told = summary(what_if(network_of(town, demands), [parents]), str)
    assert told[0] == closed
    assert [one for one in told if "becomes whole" in one] == [whole]
    assert [one.split(": ")[1] for one in told if "capacity" in one] == ([room] if room else [])


@pytest.mark.parametrize(("known", "capacity", "closes"), [(30, 500, True), (30, 30, False), (None, 5, True)])
def test_more_capacity_than_before_frees_places_where_there_were_none(town, known, capacity, closes):
    full = replace(town.offer("v1", "P1", "debt_advice", "A"), places=0)
    profile = town.profile(town.document("k1", town.line("debt", "debt_advice")))
    capacities = {} if known is None else {"v1": known}
    network = Network(land_of([full]), [full], [profile], {}, capacities=capacities)
    found = what_if(network, [ChangeServices(service="v1", capacity=capacity)])
    assert [(one.area, one.before.kind) for one in found.closed] == (
        [("A", "PLACES"), ("B", "PLACES")] if closes else []
    )
