"""Partners by kinds of service: an empty cell is never a no."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.errors import Invalid
from netmap.partners import matrix
from netmap.partners.models import PartnerService, Partnership
from tests.partners.conftest import ANN


@pytest.fixture
def asked(office: Session) -> Session:
    for key, state in (("shelter", "partner"), ("hospital", "partner"), ("choir", "potential")):
        office.add(Partnership(organization_id=key, state=state))
    office.flush()
    return office


def reach(session: Session, code: str) -> tuple[int, int, int, int]:
    (one,) = (one for one in matrix.reaches(session) if one.service_type == code)
    return one.now, one.listed, one.could, one.no


def test_what_nobody_asked_is_neither_yes_nor_no(asked: Session) -> None:
    assert reach(asked, "shelter") == (0, 1, 0, 0), "the directory lists it"
    assert reach(asked, "social_housing") == (0, 0, 0, 0)
    matrix.save(asked, {"hospital|shelter": "no", "shelter|social_housing": "could"}, by=ANN)
    assert reach(asked, "shelter") == (0, 1, 0, 1)
    matrix.save(asked, {"hospital|shelter": "", "shelter|shelter": "now"}, by=ANN)
    assert reach(asked, "shelter") == (1, 0, 0, 0)
    assert {row.answer for row in asked.scalars(select(PartnerService))} == {"now", "could"}
    assert reach(asked, "social_housing") == (0, 0, 1, 0), "a cell that was not sent stays"


def test_who_is_no_partner_counts_for_nothing_offered_together(asked: Session) -> None:
    matrix.save(asked, {"choir|shelter": "now"}, by=ANN)
    assert reach(asked, "shelter") == (0, 1, 0, 0)


def test_an_answer_against_the_directory_is_seen(asked: Session) -> None:
    matrix.save(asked, {"shelter|shelter": "no"}, by=ANN)
    total, found = matrix.page(asked, "housing", limit=9)
    assert (total, found.contradicts("shelter", "shelter"), found.contradicts("hospital", "shelter")) == (
        3,
        True,
        False,
    )


@pytest.mark.parametrize("cell", ["shelter|no_such_type", "gone|shelter", "shelter"])
def test_a_cell_of_nobody_or_nothing_is_refused(asked: Session, cell: str) -> None:
    with pytest.raises(Invalid):
        matrix.save(asked, {cell: "now"}, by=ANN)
    with pytest.raises(Invalid, match="not saved"):
        matrix.save(asked, {"shelter|shelter": "perhaps"}, by=ANN)
