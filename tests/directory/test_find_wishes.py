"""What words wish for, what filters leave out, what is counted, and how to go on where few fit."""

import itertools
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory.find import Answer, Question, find
from netmap.directory.indexing import rebuild
from netmap.directory.models import (
    Accessibility,
    Area,
    Attribute,
    CostOption,
    EligibilityRule,
    Language,
    Organization,
    ServiceArea,
    ServiceCapacity,
    Taxonomy,
    TaxonomyTerm,
    Tie,
)
from netmap.errors import Invalid
from netmap.search.whoosh_backend import WhooshBackend
from tests.directory.test_find import Ask, Broken, ask, county, found, hours, place, service

__all__ = ["ask"]  # a fixture

NIGHT = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)


def today() -> date:
    """The day in the office, which is ahead of UTC."""
    return now().astimezone(ZoneInfo("Europe/Vilnius")).date()


def rule(session: Session, key: str, code: str, effect: str) -> None:
    session.add(EligibilityRule(service_id=key, code=code, effect=effect))
    session.flush()


def lines(answer: Answer, key: str) -> dict[str, str]:
    (result,) = [one for one in answer.results if one.service_id == key]
    return {line.signal: line.label for line in result.signals}


def counts(answer: Answer, name: str) -> dict[str, int]:
    return {
        value.code: value.count for group in answer.facets if group.name == name for value in group.values
    }


def test_a_place_in_the_words_prefers_and_leaves_nobody_out(session: Session, ask: Ask) -> None:
    county(session)
    for key, code in (("a far", "city"), ("b there", "village")):
        service(session, key, "Choir")
        place(session, key, 55.5, area_code=code)
    service(session, "c nobody knows", "Choir")
    answer = ask("choir in Tylupėnai")
    assert found(answer) == ["b there", "c nobody knows", "a far"]
    assert answer.certain == answer.total == 3
    assert [(chip.kind, chip.code, chip.label) for chip in answer.understood if chip.kind == "place"] == [
        ("place", "village", "Tylupėnai")
    ]
    assert lines(answer, "b there")["place"] == "Works in or for this area: Tylupėnai"
    assert lines(answer, "c nobody knows")["place"] == "Not known whether it serves this area: Tylupėnai"
    assert "place" not in lines(answer, "a far")


def test_what_is_taken_away_counts_no_more(session: Session, ask: Ask) -> None:
    county(session)
    service(session, "a", "Choir")
    service(session, "b", "Choir")
    place(session, "b", 55.5, area_code="village")
    assert found(ask("choir in Tylupėnai")) == ["b", "a"]
    answer = ask("choir in Tylupėnai", without=frozenset({"place:village"}))
    assert "place" not in [chip.kind for chip in answer.understood]
    assert "place" not in lines(answer, "b")


def test_a_name_that_several_areas_bear_asks_which(session: Session, ask: Ask) -> None:
    county(session)
    session.add(Area(code="other", name="Other County", names={}))
    session.flush()
    session.add(Area(code="village2", name="Tylupėnai", names={}, parent_code="other"))
    session.flush()
    service(session, "a", "Choir")
    answer = ask("choir in Tylupėnai")
    assert answer.choices == {
        "Tylupėnai": (("village", "Tylupėnai, Upė County"), ("village2", "Tylupėnai, Other County"))
    }
    assert found(answer) == ["a"]


def test_a_circumstance_prefers_who_takes_such_people_and_puts_last_who_does_not(
    session: Session, ask: Ask
) -> None:
    for key in ("a shut", "b unknown", "c meant"):
        service(session, key, "Choir")
    rule(session, "a shut", "child_under_7", "excluded")
    rule(session, "c meant", "child_under_7", "welcome")
    answer = ask("choir for a mother with a baby")
    assert found(answer) == ["c meant", "b unknown", "a shut"]
    assert lines(answer, "c meant")["takes"] == "Meant for: Has a child under 7"
    assert lines(answer, "b unknown")["takes"] == "Not known whether it takes: Has a child under 7"
    assert "takes" not in lines(answer, "a shut")


def test_the_signals_sum_to_the_score(session: Session, ask: Ask) -> None:
    county(session)
    firm = Organization(id="big", name="Big", kind="ngo")
    for number in range(4):
        key = f"s{number}"
        service(session, key, "Debt choir", "Mortgage debt.", organization=firm, confirmed=["debt_advice"],
                status=("active", "temporarily closed")[number % 2],
                assured_date=today() - timedelta(days=number * 40))  # fmt: skip
        place(session, key, 55.5 + number / 20, area_code="village")
    session.add(ServiceCapacity(service_id="s0", available=2, updated=now()))
    answer = ask("mortgage debt in Tylupėnai", near=(55.5, 25.0))
    assert len(answer.results) == 4
    assert {"meaning", "near", "place", "same_provider", "standing", "fresh", "capacity"} <= {
        line.signal for result in answer.results for line in result.signals
    }
    for result in answer.results:
        assert sum(line.points for line in result.signals) == pytest.approx(result.score, abs=0.005)
        assert all(line.label for line in result.signals)


def test_weights_may_be_compared(session: Session, ask: Ask) -> None:
    service(session, "near", "Hall", "A choir sings here.")
    service(session, "far", "Choir of songs")
    place(session, "near", 55.5)
    place(session, "far", 56.5)
    assert found(ask("choir songs", near=(55.5, 25.0), weights={"near": 5.0}))[0] == "near"
    assert found(ask("choir songs", near=(55.5, 25.0), weights={"near": 0.0}))[0] == "far"


CONDITIONS: dict[str, tuple[str, Callable[[Session, str], None], Callable[[Session, str], None]]] = {
    "cost": (
        "free",
        lambda s, key: s.add(CostOption(service_id=key, amount=0)),
        lambda s, key: s.add(CostOption(service_id=key, amount=5)),
    ),
    "takes": (
        "yes",
        lambda s, key: s.add(ServiceCapacity(service_id=key, available=3, updated=now())),
        lambda s, key: s.add(ServiceCapacity(service_id=key, available=0, updated=now())),
    ),
    "language": (
        "uk",
        lambda s, key: s.add(Language(service_id=key, code="uk")),
        lambda s, key: s.add(Language(service_id=key, code="lt")),
    ),
    "target": (
        "veteran",
        lambda s, key: rule(s, key, "veteran", "welcome"),
        lambda s, key: rule(s, key, "veteran", "excluded"),
    ),
    "layer": (
        "ngo",
        lambda s, key: setattr(s.get(Organization, f"org-{key}"), "kind", "ngo"),
        lambda s, key: setattr(s.get(Organization, f"org-{key}"), "kind", "municipality"),
    ),
}


@pytest.mark.parametrize("name", CONDITIONS)
@pytest.mark.parametrize("answers", ["index", "database"])
def test_a_filter_leaves_out_what_is_known_not_to_fit_and_keeps_what_nobody_knows_behind(
    session: Session, settings: Settings, ask: Ask, name: str, answers: str
) -> None:
    code, fits, fails = CONDITIONS[name]
    for key in ("a fails", "b unknown", "c fits"):
        service(session, key, "Choir")
    fits(session, "c fits")
    fails(session, "a fails")
    session.flush()
    question = {"only": {name: (code,)}}
    answer = (
        ask("choir", **question)
        if answers == "index"
        else find(session, Broken(), settings, Question("choir", **question))  # type: ignore[arg-type]
    )
    assert answer.degraded is (answers == "database")
    assert found(answer) == ["c fits", "b unknown"]
    assert (answer.total, answer.certain) == (2, 1)
    assert [result.fits for result in answer.results] == [True, False]
    assert len(answer.results[1].badges) == 1
    (group,) = [one for one in answer.facets if one.name == name]
    # Of whom a service is meant for hardly anything is known: one that shuts veterans out may welcome others.
    assert group.unknown == (2 if name == "target" else 1)
    assert [value.count for value in group.values if value.selected] == [1]
    assert [(one.field, one.total) for one in answer.loosen] == [(name, 3)]
    assert [(miss.service_id, bool(miss.reason)) for miss in answer.misses] == [("a fails", True)]


def test_several_codes_of_a_filter_mean_any_and_several_filters_all(session: Session, ask: Ask) -> None:
    for key, code, amount in (("a", "lt", 0), ("b", "uk", 0), ("c", "pl", 0), ("d", "uk", 5)):
        service(session, key, "Choir")
        session.add(Language(service_id=key, code=code))
        session.add(CostOption(service_id=key, amount=amount))
    session.flush()
    assert set(found(ask("choir", only={"language": ("lt", "uk")}))) == {"a", "b", "d"}
    assert set(found(ask("choir", only={"language": ("lt", "uk"), "cost": ("free",)}))) == {"a", "b"}


def test_a_service_without_an_interpreter_in_its_filter_counts_one_that_has_one(
    session: Session, ask: Ask
) -> None:
    service(session, "a", "Choir", interpretation_services="By phone")
    service(session, "b", "Choir")
    session.add(Language(service_id="b", code="uk"))
    session.flush()
    answer = ask("choir")
    assert counts(answer, "language") == {"uk": 2, "*": 1}
    assert ask("choir", only={"language": ("uk",)}).certain == 2


def test_every_count_is_what_choosing_it_leaves_for_certain(session: Session, ask: Ask) -> None:
    """Made-up services with all kinds of facts: each count of each group against the filter itself."""
    chance = random.Random(3)
    county(session)
    session.add(Taxonomy(id="tax", name="thresholds", uri="urn:netmap:thresholds"))
    session.add(TaxonomyTerm(id="term", code="no_queue", name="No queue", taxonomy_id="tax"))
    session.flush()
    for number in range(40):
        key = f"s{number:02}"
        service(session, key, "Choir", confirmed=chance.sample(["debt_advice", "shelter", "food_aid"], 1),
                assured_date=today() - timedelta(days=chance.randrange(500)))  # fmt: skip
        firm = session.get(Organization, f"org-{key}")
        assert firm is not None
        firm.kind = chance.choice(["ngo", "municipality", "parish", "clinic", None])
        if chance.random() < 0.8:
            place(session, key, 55.5, area_code=chance.choice(["city", "village", None]))
            session.add(
                Accessibility(
                    location_id=f"loc-{number_of(session)}", description=chance.choice(["A ramp", "Stairs"])
                )
            )
        if chance.random() < 0.3:
            session.add(ServiceArea(service_id=key, area_code=chance.choice(["county", "village", None])))
        for code in chance.sample(["lt", "uk", "ru"], chance.randrange(3)):
            session.add(Language(service_id=key, code=code))
        if chance.random() < 0.6:
            session.add(CostOption(service_id=key, amount=chance.choice([0, 4, None])))
        if chance.random() < 0.5:
            session.add(ServiceCapacity(service_id=key, available=chance.choice([0, 3]), updated=now(),
                                        wait_days=chance.choice([None, 40])))  # fmt: skip
        if chance.random() < 0.5:
            rule(session, key, chance.choice(["veteran", "widowed"]), chance.choice(["welcome", "excluded"]))
        if chance.random() < 0.4:
            session.add(Attribute(link_id=key, link_entity="service", taxonomy_term_id="term"))
        if chance.random() < 0.3:
            session.add(Tie(organization_id=firm.id, other_organization_id="org-s00", kind="agreement"))
        if chance.random() < 0.7:
            hours(session, key, "10:00", chance.choice(["12:00", "20:00"]))
        session.flush()
    narrowed: dict[str, Any] = {"only": {"cost": ("free",)}}
    checked = 0
    for asked in ({}, narrowed):
        for group in ask("choir", **asked).facets:
            for value in group.values:
                chosen = choose(asked, group.name, value.code)
                if chosen is not None:
                    assert ask("choir", **chosen).certain >= 0
                    answer = ask("choir", limit=200, **chosen)
                    known = [one for one in answer.results if not unknown_of(group.name, one.badges)]
                    assert len(known) == value.count, (group.name, value.code)
                    checked += 1
    assert checked > 50


def number_of(session: Session) -> int:
    from netmap.directory.models import Location

    return len(session.query(Location.id).all()) - 1


def choose(asked: dict[str, Any], name: str, code: str) -> dict[str, Any] | None:
    """The question with this value chosen, in place of what was chosen in its own group."""
    only = dict(asked.get("only", {}))
    if name == "open":
        return None
    if name == "area":
        return {"only": only, "area": code}
    if name == "checked":
        return {"only": only, "checked_days": int(code)}
    return {"only": {**only, name: (code,)}}


BADGE = {
    "area": "Not known whether it serves this area", "language": "Languages not known",
    "takes": "Not known whether it takes new people", "cost": "Cost not known",
    "access": "Way there not known", "target": "Not known whether it is meant for them",
    "threshold": "Not known how easy it is to begin", "layer": "Not known who stands behind it",
}  # fmt: skip


def unknown_of(name: str, badges: tuple[str, ...]) -> bool:
    return BADGE.get(name) in badges


def test_a_type_chosen_without_words_leaves_the_counts_of_other_types(session: Session, ask: Ask) -> None:
    service(session, "a", "Choir", suggested=["food_aid"])
    service(session, "b", "Band", confirmed=["food_aid"])
    service(session, "c", "Orchestra", confirmed=["debt_advice"])
    answer = ask(only={"type": ("food_aid",)})
    assert found(answer) == ["b", "a"]
    assert answer.results[0].why == ("Offers this type of service: Food aid",)
    assert counts(answer, "type") == {"food_aid": 2, "debt_advice": 1}
    assert [(one.field, one.total) for one in answer.loosen] == [("type", 3)]


@pytest.mark.parametrize("status", ["temporarily closed", "inactive", "defunct"])
def test_what_is_not_offered_is_no_near_miss(session: Session, ask: Ask, status: str) -> None:
    for key, state in (("a", "active"), ("b", status)):
        service(session, key, "Choir", status=state)
        place(session, key, 55.58)
    near_misses = ask("choir", near=(55.5, 25.0), within_km=5.0).misses
    assert [one.service_id for one in near_misses] == ["a"]


def test_areas_are_listed_inside_each_other(session: Session, ask: Ask) -> None:
    county(session)
    for key, code in (("a", "city"), ("b", "village")):
        service(session, key, "Choir")
        place(session, key, 55.5, area_code=code)
    (group,) = [one for one in ask("choir").facets if one.name == "area"]
    assert [(value.label, value.count, value.depth) for value in group.values] == [
        ("Upė County", 2, 0), ("Lauvena", 1, 1), ("Tylupėnai", 1, 1),
    ]  # fmt: skip


def test_without_facets_nothing_is_counted(session: Session, ask: Ask) -> None:
    service(session, "a", "Choir")
    assert ask("choir", facets=False).facets == ()


def test_a_settlement_may_be_the_place_from_which_it_is_counted(session: Session, ask: Ask) -> None:
    county(session)
    session.add(Area(code="town", name="Osrūdė", names={}, latitude=55.5, longitude=25.0))
    session.flush()
    service(session, "a", "Choir")
    place(session, "a", 55.51)
    for near in ("town", "osrūdė"):
        (result,) = ask("choir", near=near, within_km=5).results
        assert result.why[-1] == "1.1 km from Osrūdė"
    with pytest.raises(Invalid) as raised:
        ask("choir", near="village")
    assert raised.value.fields == {"near": "No point is known for Tylupėnai: give one, like 55.52,25.10."}


def test_near_a_place_in_the_words_counts_the_way(session: Session, ask: Ask) -> None:
    session.add(Area(code="town", name="Osrūdė", names={}, kind="town", latitude=55.5, longitude=25.0))
    session.flush()
    for key, latitude in (("a far", 56.5), ("b near", 55.51)):
        service(session, key, "Choir")
        place(session, key, latitude)
    answer = ask("choir near Osrūdė")
    assert answer.results[0].why[-1] == "1.1 km from Osrūdė"
    assert found(answer) == ["b near", "a far"]


def test_a_near_miss_says_by_how_much(session: Session, ask: Ask) -> None:
    for key, latitude in (("a", 55.51), ("b", 55.8)):
        service(session, key, "Choir", "We sing.", organization=Organization(name=f"Firm {key}"))
        place(session, key, latitude)
    answer = ask("choir", near=(55.5, 25.0), within_km=5)
    assert found(answer) == ["a"]
    (miss,) = answer.misses
    assert (miss.service_id, miss.organisation) == ("b", "Firm b")
    assert miss.reason == "It is 33.4 km away, farther than 5 km."
    assert [(one.field, one.label, one.total) for one in answer.loosen] == [
        ("distance", "Without the filter 'Distance'", 2)
    ]


def test_a_miss_by_hours_and_by_checking_says_so(session: Session, ask: Ask) -> None:
    service(session, "a", "Choir", assured_date=today() - timedelta(days=300))
    hours(session, "a", "10:00", "12:00", "SU")
    assert [miss.reason for miss in ask("choir", open_at=NIGHT).misses] == ["It is closed at that time."]
    answer = ask("choir", checked_days=90)
    assert answer.total == 0
    assert [miss.reason for miss in answer.misses] == ["A person checked it last 300 days ago."]


def test_open_now_is_counted_with_what_nobody_knows(session: Session, ask: Ask) -> None:
    for key in ("closed", "nobody knows", "open"):
        service(session, key, "Choir")
    hours(session, "closed", "18:00", "19:00")
    hours(session, "open", "10:00", "16:00")
    answer = ask("choir", open_at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    (group,) = [one for one in answer.facets if one.name == "open"]
    assert [(value.code, value.count, value.selected) for value in group.values] == [("now", 1, True)]
    assert group.unknown == 1


def test_a_misspelt_word_is_asked_about(session: Session, ask: Ask) -> None:
    for number in range(3):
        service(session, f"s{number}", "Bandura players", "We play the bandura.")
    answer = ask("bandurra players")
    assert answer.suggestion == "bandura players"
    answer = ask("bandurra")
    assert (answer.read_as, answer.query, answer.total) == ("bandura", "bandurra", 3)


def test_a_question_that_is_only_a_wish_lists_all_and_those_first_that_meet_it(
    session: Session, ask: Ask
) -> None:
    for key, amount in (("a", 5), ("b", 0)):
        service(session, key, "Choir")
        session.add(CostOption(service_id=key, amount=amount))
    session.flush()
    answer = ask("free of charge")
    assert found(answer) == ["b", "a"]
    assert lines(answer, "b")["cost"] == "Free of charge"
    assert "cost" not in lines(answer, "a")


def test_a_telephone_number_finds_whose_it_is(session: Session, settings: Settings, ask: Ask) -> None:
    from netmap.directory.models import Phone

    for key, number in (("a", "+370 600 12345"), ("b", "+370 600 99999")):
        service(session, key, "Choir")
        session.add(Phone(service_id=key, number=number))
    session.flush()
    answer = ask("8 600 12345")
    assert found(answer) == ["a"]
    assert lines(answer, "a")["words_contact"] == "This phone number stands in its record"
    assert found(find(session, Broken(), settings, Question("8 600 12345"))) == ["a"]


ODD = (
    "*", "[a TO z]", "(" * 200, "\x00", "🙂🙂", "who is there", "   \u200f\u202e ", "‮خيار‬", "\ud800", "near",
    "помощь", "AND OR NOT", '"""', "'" * 150, "a" * 200, "1" * 200,
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("more", [{}, {"near": (0.0, -30.0)}, {"offset": 100_000}, {"area": "city"}])
def test_odd_questions_get_an_answer_or_a_sentence(
    session: Session, settings: Settings, odd: str, more: dict[str, Any]
) -> None:
    county(session)
    service(session, "a", "Choir")
    rebuild(session, settings)
    backend = WhooshBackend(settings.index_dir())
    try:
        answer = find(session, backend, settings, Question(odd, **more))
    except Invalid as error:
        named = list(error.fields)
        assert named == ["q"]
        return
    assert not answer.degraded
    assert answer.as_dict()["total"] >= 0


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"sort": "price"}, "sort"),
        ({"sort": "near"}, "near"),
        ({"only": {"colour": ("red",)}}, "only"),
        ({"only": {"cost": ("cheap",)}}, "cost"),
        ({"only": {"target": ("veterans",)}}, "target"),
        ({"only": {"area": ("nowhere",)}}, "area"),
        ({"only": {"language": tuple(map(str, range(60)))}}, "language"),
        ({"checked_days": 0}, "checked"),
        ({"near": "nowhere"}, "near"),
    ],
)
def test_a_filter_that_cannot_be_is_named(
    session: Session, settings: Settings, asked: dict[str, Any], name: str
) -> None:
    county(session)
    with pytest.raises(Invalid) as raised:
        find(session, Broken(), settings, Question("choir", **asked))
    assert list(raised.value.fields) == [name]
    assert raised.value.fields[name].endswith((".", ")"))


def test_sorting_by_name_and_by_checking(session: Session, ask: Ask) -> None:
    for key, name, days in (("1", "Zebra choir", 3), ("2", "Apple choir", 400), ("3", "Moon choir", 30)):
        service(session, key, name, assured_date=date(2026, 11, 1) - timedelta(days=days))
    assert found(ask("choir", sort="name")) == ["2", "3", "1"]
    assert found(ask("choir", sort="checked")) == ["1", "3", "2"]


def test_pages_of_every_sort_follow_each_other(session: Session, ask: Ask) -> None:
    for number in range(9):
        service(session, f"s{number}", "Choir")
        place(session, f"s{number}", 55.5 + number / 50)
    for sort in ("best", "near", "name", "checked"):
        pages = [ask("choir", sort=sort, near=(55.5, 25.0), limit=2, offset=at) for at in range(0, 9, 2)]
        every = list(itertools.chain(*map(found, pages)))
        assert sorted(every) == [f"s{number}" for number in range(9)]
