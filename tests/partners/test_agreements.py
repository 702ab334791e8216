"""Agreements: their state by their days, the ties that follow from them, and what is due."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.documents import index_documents
from netmap.directory.models import Organization, Tie
from netmap.editing.restoring import take_back
from netmap.errors import Invalid
from netmap.partners import agreement_queries as queries
from netmap.partners import agreements
from netmap.partners.models import Agreement, AgreementTie
from tests.partners.conftest import ANN, TODAY

FORM: dict[str, Any] = {
    "title": "Winter places",
    "kind": "contract",
    "parties": (("Ligoninė", "pays"), ("Shelter", "gives")),
    "begins": "2026-01-01",
    "ends": "2026-12-31",
    "documents": (("Contract", "Cupboard 3"),),
}


def keep(session: Session, key: str | None = None, **more: Any) -> Agreement:
    return agreements.save(session, key, {**FORM, **more}, by=ANN)[0]


def ties(session: Session) -> list[tuple[str, str, str | None, date | None, date | None]]:
    session.expire_all()
    rows = session.scalars(select(Tie).order_by(Tie.organization_id, Tie.other_organization_id))
    return [(one.organization_id, one.other_organization_id, one.matter, one.begun, one.ends) for one in rows]


@pytest.mark.parametrize(
    ("begins", "ends", "ended_on", "state"),
    [
        ("", "", "", "draft"),
        ("2026-11-26", "", "", "in_force"),
        ("2026-11-27", "", "", "coming"),
        ("2026-01-01", "2026-11-26", "", "in_force"),
        ("2026-01-01", "2026-11-25", "", "ended"),
        ("2026-01-01", "2027-11-25", "2026-11-01", "ended"),
        ("2026-01-01", "", "2026-12-01", "in_force"),
    ],
)
def test_the_state_follows_from_the_days_in_one_and_in_lists(
    office: Session, begins: str, ends: str, ended_on: str, state: str
) -> None:
    row = keep(office, begins=begins, ends=ends, ended_on=ended_on)
    assert agreements.state(row, TODAY) == state
    listed = {one: queries.listing(office, TODAY, state=one, limit=5)[0] for one in queries.STATES}
    assert listed == {one: int(one == state) for one in queries.STATES}


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"ends": "2025-12-31"}, "ends", "would end on 2025-12-31, before it begins on 2026-01-01"),
        ({"ended_on": "2025-01-01"}, "ended_on", "before it begins"),
        ({"begins": ""}, "begins", "since it has an end"),
        ({"begins": "2026-02-31"}, "begins", "“2026-02-31” does not exist"),
        ({"parties": ()}, "parties-0-name", "at least one party"),
        ({"parties": (("", "pays"),)}, "parties-0-name", "name that belongs to the role"),
        ({"parties": (("Shelter", "a"), ("shelter", "b"))}, "parties-1-name", "stands here twice"),
        ({"title": ""}, "title", "what the agreement is about"),
        ({"kind": "friendship"}, "kind", "what kind"),
        ({"price": "-1"}, "price", "0 or more"),
        ({"volume_used": "many"}, "volume_used", "Give digits only"),
        ({"volume_agreed": "nan"}, "volume_agreed", "0 or more"),
        ({"documents": (("", "Cupboard"),)}, "documents-0-name", "Give the document a name"),
    ],
)
def test_bad_input_is_named_and_nothing_is_kept(
    office: Session, wrong: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(Invalid) as caught:
        keep(office, **wrong)
    assert said in caught.value.fields[field]
    office.expunge_all()
    assert (office.scalars(select(Agreement)).all(), ties(office)) == ([], [])


def test_an_agreement_makes_changes_and_ends_the_tie_and_there_is_only_one(office: Session) -> None:
    row = keep(office)
    first = ("hospital", "shelter", "Winter places", date(2026, 1, 1), date(2026, 12, 31))
    assert ties(office) == [first]
    keep(office, row.id, title="Beds", ended_on="2026-06-30")
    assert ties(office) == [(*first[:2], "Beds", date(2026, 1, 1), date(2026, 6, 30))]
    keep(office, row.id, parties=(*FORM["parties"], ("Хор", "sings"), ("Our office", "")))
    assert [one[:2] for one in ties(office)] == [
        ("hospital", "choir"),
        ("hospital", "shelter"),
        ("shelter", "choir"),
    ]
    keep(office, row.id, begins="", ends="")
    assert ties(office) == []


def test_a_tie_of_an_imported_list_is_taken_over_not_doubled(office: Session) -> None:
    told = Tie(id="told", organization_id="shelter", other_organization_id="hospital", kind="agreement")
    told.source_id, told.note = "list", "Every evening"
    office.add(told)
    office.add(Tie(id="funds", organization_id="shelter", other_organization_id="hospital", kind="funding"))
    office.flush()
    assert queries.only_ties(office, 5)[0] == 1
    row = keep(office)
    office.expire_all()
    assert (told.matter, told.begun, told.note) == ("Winter places", date(2026, 1, 1), "Every evening")
    assert len(ties(office)) == 2
    assert queries.of_ties(office, ["told", "funds"]) == {"told": row.id}
    assert queries.only_ties(office, 5)[0] == 0
    keep(office, row.id, parties=(("Shelter", ""),))
    assert len(ties(office)) == 2, "what a list told stays when the agreement no longer says it"


def test_taking_back_takes_the_tie_with_it_and_brings_it_again(office: Session) -> None:
    _row, entry = agreements.save(office, None, FORM, by=ANN)
    undo = take_back(office, entry.id, by=ANN)
    assert (ties(office), office.scalars(select(AgreementTie)).all()) == ([], [])
    take_back(office, undo.id, by=ANN)
    assert len(ties(office)) == 1


def test_the_search_knows_who_has_an_agreement(office: Session, settings: Settings) -> None:
    def relation() -> list[str]:
        office.expire_all()
        return list(index_documents(office, ["beds"], settings)[0].codes["relation"])

    assert relation() == []
    row = keep(office, ends="")
    assert relation() == ["agreement"]
    keep(office, row.id, ends="", ended_on="2026-01-02")
    assert relation() == []


def test_names_are_found_in_any_case_and_kept_where_nobody_has_them(office: Session) -> None:
    row = keep(office, parties=(("LIGONINĖ", ""), ("хор", ""), ("Our office", "calls")))
    assert [(one.name, one.organization_id) for one in row.parties] == [
        ("Ligoninė", "hospital"),
        ("Хор", "choir"),
        ("Our office", None),
    ]


def test_a_name_that_several_have_is_asked_about(office: Session) -> None:
    office.add(Organization(id="12345678-second", name="Shelter"))
    office.flush()
    with pytest.raises(Invalid, match=r"Shelter \[12345678\]"):
        keep(office)
    row = keep(office, parties=(("Shelter [12345678]", ""),))
    assert row.parties[0].organization_id == "12345678-second"


def test_what_ends_or_waits_for_a_review_within_sixty_days_is_due(office: Session) -> None:
    keep(office, title="Ends on the last day", ends="2027-01-25")
    keep(office, title="Ends a day later", ends="2027-01-26")
    keep(office, title="Review is late", ends="", review_on="2026-05-01")
    keep(office, title="Over", ends="2026-03-01", review_on="2026-04-01")
    keep(office, title="Draft", begins="", ends="", review_on="2026-12-01")
    assert [(one.agreement.title, one.what) for one in queries.due(office, TODAY)] == [
        ("Review is late", "review"),
        ("Draft", "review"),
        ("Ends on the last day", "ends"),
    ]


def test_the_share_used_is_not_known_where_one_number_is_missing(office: Session) -> None:
    assert agreements.used_share(keep(office, volume_agreed="40", volume_used="50")) == 1.25
    assert agreements.used_share(keep(office, volume_used="50")) is None
    assert agreements.used_share(keep(office, volume_agreed="0", volume_used="5")) is None
