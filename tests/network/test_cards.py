from netmap.network.gaps import cards
from netmap.network.gaps.closures import closures
from netmap.network.gaps.whole import complete_packages
from netmap.network.statistics import demand


def demand_of(**clients):
    return {(area, "k"): demand(number, None, None) for area, number in clients.items()}


def test_a_client_who_misses_two_lines_is_counted_once_in_each_card(town):
    document = town.document("k", town.line("first", "debt_advice"), town.line("second", "debt_advice"))
    found = cards.gap_cards(town.surveyed([], (document,)).cells, demand_of(A=10, B=5))
    assert [(card.clients, len(card.cells)) for card in found] == [(15, 6)]


def test_without_demand_cards_are_ranked_by_areas(town):
    document = town.document("k", town.line("debt", "debt_advice"), town.line("job", "job_search_support"))
    offers = [town.offer("s", "P", "debt_advice", "A")]
    found = cards.gap_cards(town.surveyed(offers, (document,)).cells, {})
    assert [(c.service_type, c.clients, c.interval, c.rate, c.impact) for c in found] == [
        ("job_search_support", None, None, None, 3.0),
        ("debt_advice", None, None, None, 1.0),
    ]


def test_a_light_line_weighs_less(town):
    from dataclasses import replace

    light = replace(town.line("debt", "debt_advice"), weight=0.5)
    document = town.document("k", light, town.line("job", "job_search_support"))
    found = cards.gap_cards(town.surveyed([], (document,)).cells, demand_of(A=10))
    assert [(c.service_type, c.impact) for c in found] == [("job_search_support", 10), ("debt_advice", 5)]


def test_what_may_be_open_comes_after_what_is_closed_and_stands_alone(town):
    document = town.document("k", town.line("debt", "debt_advice"))
    offers = [town.offer("s", "P", "debt_advice", "A", status="unknown")]
    found = cards.gap_cards(town.surveyed(offers, (document,)).cells, demand_of(A=100, B=100, C=1))
    assert [(card.kind, card.ask, card.clients) for card in found] == [
        ("DISTANCE", False, 1), ("NO_PROVIDER", True, 200)
    ]  # fmt: skip


def test_a_small_place_leads_the_list_by_rate_but_not_that_by_count(town):
    document = town.document("k", town.line("debt", "debt_advice"), town.line("job", "job_search_support"))
    offers = [town.offer("s", "P", "debt_advice", "A"), town.offer("t", "Q", "job_search_support", "C")]
    demands = {("A", "k"): demand(50, 30000, 0.002), ("C", "k"): demand(9, 300, 0.002)}
    cells = town.surveyed(offers, (document,)).cells
    assert next(card.service_type for card in cards.gap_cards(cells, demands)) == "job_search_support"
    assert next(card.service_type for card in cards.gap_cards(cells, demands, "rate")) == "debt_advice"


def test_areas_without_figures_add_no_clients(town):
    document = town.document("k", town.line("debt", "debt_advice"))
    card = cards.gap_cards(town.surveyed([], (document,)).cells, demand_of(B=7))[0]
    assert (card.clients, card.areas) == (7, ("B", "A", "C"))


def test_the_key_does_not_depend_on_the_selection(town):
    cells = town.surveyed().cells
    all_keys = {card.key for card in cards.gap_cards(cells, town.demands())}
    in_c = {card.key for card in cards.gap_cards([c for c in cells if c.area == "C"], town.demands())}
    assert in_c < all_keys


def test_an_optional_line_does_not_break_a_package(town):
    from dataclasses import replace

    optional = replace(town.line("job", "job_search_support"), required=False)
    document = town.document("k", town.line("debt", "debt_advice"), optional)
    offers = [town.offer("s", "P", "debt_advice", "A")]
    cells = town.surveyed(offers, (document,)).cells
    assert complete_packages(cells, {}) == (2, 3)
    assert complete_packages(cells, demand_of(A=1, C=0)) == (1, 1)


def test_cells_in_another_order_give_the_same_cards(town):
    cells = town.surveyed().cells
    forwards, backwards = (cards.gap_cards(some, town.demands()) for some in (cells, cells[::-1]))
    assert forwards == backwards
    assert closures(cells, town.demands()) == closures(cells[::-1], town.demands())
