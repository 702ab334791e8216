"""Saved searches: what is kept, what is refused, and what is new or changed since the last look."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from netmap.auth.models import User
from netmap.db import now
from netmap.directory import saved
from netmap.directory.kept import SavedSearch
from netmap.directory.models import Service
from netmap.directory.saved import KEPT, MARK, MOST, SHOWN, Found
from netmap.directory.saved_address import PARAMETERS, canonical
from netmap.errors import Invalid, NotFound

LONG_AGO = now() - timedelta(days=30)


@pytest.fixture
def people(session: Session) -> Session:
    for key in (1, 2):
        session.add(User(id=key, email=f"{key}@office.example", role="planner", password_hash="x"))
    for key in ("a", "b", "c", "d"):
        session.add(Service(id=key, name=key, last_modified=LONG_AGO))
    session.flush()
    return session


def found(*ids: str) -> Found:
    return Found(len(ids), ids)


def keep(session: Session, name: str = "Shelters", address: str = "q=shelter", user: int = 1) -> SavedSearch:
    return saved.save(session, user, name, address, found("a", "b"))


def rows(session: Session) -> list[tuple[int, str, str]]:
    query = select(SavedSearch.user_id, SavedSearch.name, SavedSearch.address).order_by(SavedSearch.name)
    return [(row.user_id, row.name, row.address) for row in session.execute(query)]


def test_a_search_is_kept_by_its_one_address(people: Session) -> None:
    keep(people, "  Debts in\nthe north ", "?page=2&area=north&q=debt++advice&token=x")
    assert rows(people) == [(1, "Debts in the north", "q=debt+advice&area=north")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("q=a&area=n", "area=n&q=a"),
        ("language=uk&language=lt", "language=lt&language=uk&language=uk"),
        ("q=a&page=7", "q=a"),
        ("near=55.5213,25.1021&within=5", "near=55.52,+25.1&within=5"),
        ("q=a&saved=1&recorded=yes", "q=a&area="),
    ],
)
def test_the_same_search_has_the_same_address(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    "words",
    [
        "ona.petraitiene@mail.example", "call 8 612 34567", "+370(612)34567", "39001010123", "g. 1990-01-01",
        "01/02/1990", "８６１２３４５６７", "anna＠mail.example", "8-6-1-2-3-4-5",
    ],
)  # fmt: skip
def test_an_address_or_a_long_number_is_not_kept(people: Session, words: str) -> None:
    from urllib.parse import urlencode

    for name, address in (
        (words, "q=debts"),
        ("Debts", urlencode({"q": f"help {words}"})),
        ("Debts", urlencode({"q": "debts", "without": f"phone:{words}"})),
        ("Debts", urlencode({"q": "debts", "area": words})),
    ):
        with pytest.raises(Invalid) as error:
            keep(people, name, address)
        assert "is not kept" in error.value.fields["name"]
    assert rows(people) == []


@pytest.mark.parametrize(
    "words", ["24/7 shelter", "room 12 of 2026", "LT-28241", "open 18:00-20:30", "5 children under 18", ""]
)
def test_plain_numbers_are_kept(people: Session, words: str) -> None:
    from urllib.parse import urlencode

    keep(people, "Mine", urlencode({"q": words, "type": "shelter"}))
    assert len(rows(people)) == 1


@pytest.mark.parametrize(
    "address", ["", "?", "page=3", "sort=near", "q=+++", "who=anna", "near=home", "x" * 9]
)
def test_what_asks_for_nothing_cannot_be_saved(people: Session, address: str) -> None:
    with pytest.raises(Invalid, match="no search to save"):
        keep(people, "Mine", address)


@pytest.mark.parametrize(
    "address",
    [
        "q=" + "x" * 201,
        "&".join(f"type=a{n}" for n in range(101)),
        "&".join(f"type={n:x>90}x" for n in "abcdefghijklmnopqrstuvwxyz"),
        "q=%00a",
    ],
)
def test_what_is_too_long_or_unreadable_is_refused(people: Session, address: str) -> None:
    with pytest.raises(Invalid, match=r"too (long|many)|cannot be shown"):
        keep(people, "Mine", address)


@pytest.mark.parametrize("name", ["", " \n ", "x" * 81, "bell\x07"])
def test_a_name_that_says_nothing_is_refused(people: Session, name: str) -> None:
    with pytest.raises(Invalid) as error:
        keep(people, name)
    assert set(error.value.fields) == {"name"}
    search = keep(people)
    with pytest.raises(Invalid):
        saved.rename(people, search, name)


def test_a_double_click_keeps_one(people: Session) -> None:
    assert keep(people).id == keep(people).id
    assert len(rows(people)) == 1


def test_the_same_search_or_name_again_is_refused_with_what_is_there(people: Session) -> None:
    keep(people)
    with pytest.raises(Invalid, match="saved this search already, as “Shelters”"):
        keep(people, "Beds")
    with pytest.raises(Invalid, match="is called “Shelters”"):
        keep(people, "Shelters", "q=beds")
    assert len(rows(people)) == 1
    keep(people, user=2)
    assert len(rows(people)) == 2


def test_fifty_searches_are_kept_and_no_more(people: Session) -> None:
    for number in range(MOST):
        keep(people, f"No {number:02}", f"q=word{number}")
    with pytest.raises(Invalid, match="Delete one"):
        keep(people, "One more", "q=more")
    keep(people, user=2)
    assert len(rows(people)) == MOST + 1


def test_another_person_has_no_part_in_it(people: Session) -> None:
    search = keep(people)
    assert saved.search_of(people, 1, search.id) is search
    for user, key in ((2, search.id), (1, "nothing")):
        with pytest.raises(NotFound):
            saved.search_of(people, user, key)
    assert saved.searches_of(people, 2) == []
    assert saved.search_at(people, 2, search.address) is None


def test_searches_stand_by_name_and_can_be_renamed_and_deleted(people: Session) -> None:
    first, second = keep(people, "beds", "q=bed"), keep(people, "Aid", "q=aid")
    assert [one.name for one in saved.searches_of(people, 1)] == ["Aid", "beds"]
    saved.rename(people, first, "A bed")
    with pytest.raises(Invalid, match="is called"):
        saved.rename(people, second, "A bed")
    saved.rename(people, second, "Aid")
    saved.delete(people, first)
    assert [one.name for one in saved.searches_of(people, 1)] == ["Aid"]


def test_they_go_with_the_person(people: Session) -> None:
    keep(people)
    keep(people, user=2)
    people.execute(text('DELETE FROM "user" WHERE id = 1'))
    assert [user for user, _name, _address in rows(people)] == [2]


def test_every_part_of_an_address_can_be_kept() -> None:
    from netmap.web.search_address import CHOSEN, SINGLE

    assert set(PARAMETERS) == {*SINGLE, *CHOSEN, "without"}


def test_nothing_is_new_right_after_saving(people: Session) -> None:
    news = saved.news(people, keep(people), found("a", "b"))
    assert (news.total, news.new, news.changed, news.partly) == (2, (), (), False)


def test_what_was_not_there_is_new_in_the_order_of_the_answers(people: Session) -> None:
    news = saved.news(people, keep(people), found("d", "a", "c"))
    assert (news.total, news.new, news.changed) == (3, ("d", "c"), ())


def test_what_was_written_or_checked_since_is_changed(people: Session) -> None:
    search = keep(people)
    search.looked_at = now() - timedelta(days=2)
    services = {one.id: one for one in people.scalars(select(Service))}
    services["a"].last_modified = now()
    services["b"].assured_date = date.today()  # noqa: DTZ011
    services["c"].last_modified = now()
    people.flush()
    news = saved.news(people, search, found("b", "a", "c"))
    assert (news.new, news.changed) == (("c",), ("b", "a"))
    saved.look(people, search, found("b", "a", "c"))
    again = saved.news(people, search, found("b", "a", "c"))
    assert (again.new, again.changed) == ((), ())


def test_the_day_of_the_look_itself_is_no_change(people: Session) -> None:
    search = keep(people)
    people.get(Service, "a").assured_date = search.looked_at.date()  # type: ignore[union-attr]
    people.flush()
    assert saved.news(people, search, found("a")).changed == ()


def test_only_the_first_answers_are_looked_through_and_it_is_said(people: Session) -> None:
    search = keep(people)
    ids = [f"s{number}" for number in range(SHOWN + 50)]
    news = saved.news(people, search, Found(700, ids))
    assert (news.total, news.partly, news.new) == (700, True, tuple(ids[:SHOWN]))


def test_what_only_moved_up_is_not_new(people: Session) -> None:
    search = keep(people)
    ids = [f"s{number}" for number in range(KEPT)]
    saved.look(people, search, Found(5000, ids))
    assert len(search.looked_ids) == KEPT * MARK
    news = saved.news(people, search, Found(5000, [*ids[SHOWN + 1 : SHOWN + 9], "s-new", *ids[:SHOWN]]))
    assert news.new == ("s-new",)
