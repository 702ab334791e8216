"""Who rings whom: one person a desk and day, shared out evenly, over when the day ends."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.errors import Conflict, Invalid
from netmap.freshness.claims import assigned, callers, claim, release, share_out
from tests.freshness.conftest import ANN, BEA, TODAY, ranking


def test_a_desk_is_one_persons_for_a_day(office: Session) -> None:
    claim(office, "hand", person=ANN, day=TODAY)
    claim(office, "hand", person=ANN, day=TODAY)
    with pytest.raises(Conflict, match=ANN):
        claim(office, "hand", person=BEA, day=TODAY)
    tomorrow = TODAY + timedelta(days=1)
    claim(office, "hand", person=BEA, day=tomorrow)
    assert (assigned(office, TODAY), assigned(office, tomorrow)) == ({"hand": ANN}, {"hand": BEA})


def test_only_ones_own_desk_is_given_back(office: Session) -> None:
    claim(office, "hand", person=ANN, day=TODAY)
    release(office, "hand", person=BEA, day=TODAY)
    assert assigned(office, TODAY) == {"hand": ANN}
    release(office, "hand", person=ANN, day=TODAY)
    assert assigned(office, TODAY) == {}


def test_sharing_out_gives_each_as_many_and_nobody_twice(office: Session) -> None:
    given = share_out(office, [f"d{n}" for n in range(7)], [ANN, BEA], by=BEA, day=TODAY)
    assert given == {ANN: 3, BEA: 4}
    assert len(assigned(office, TODAY)) == 7
    with pytest.raises(Conflict, match="Nothing was shared out"):
        share_out(office, ["d0"], [ANN], by=BEA, day=TODAY)


@pytest.mark.parametrize("people", [[], ["paul@office.example"], ["nobody@office.example"]])
def test_only_people_who_may_ring_are_given_calls(office: Session, people: list[str]) -> None:
    assert callers(office) == [ANN, BEA]
    with pytest.raises(Invalid):
        share_out(office, ["hand"], people, by=BEA, day=TODAY)


def test_the_next_call_is_ones_own_before_a_free_one_and_never_anothers(
    office: Session, settings: Settings
) -> None:
    assert ranking(office, settings).next(ANN) == "hand"
    claim(office, "hand", person=BEA, day=TODAY)
    assert ranking(office, settings).next(ANN) == "house"
    claim(office, "house", person=ANN, day=TODAY)
    assert ranking(office, settings).next(ANN) == "house"
    assert ranking(office, settings).next(ANN, after="house") is None
    assert ranking(office, settings).free(5) == []
    assert [one.desk for one in ranking(office, settings).page(5, person=BEA).desks] == ["hand"]
