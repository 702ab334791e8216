"""Services are found by other names, former ones, and those of whoever was there before."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.directory.export import export
from netmap.directory.find import Question, find
from netmap.directory.hsds import import_path
from netmap.directory.indexing import rebuild
from netmap.directory.models import Alias, Organization, Service
from netmap.directory.offers import load_offers
from netmap.directory.tree import family_of, require_no_circle
from netmap.editing.writing import edit
from netmap.errors import Invalid
from netmap.jobs.models import Job
from netmap.search.memory_backend import MemoryBackend
from netmap.search.whoosh_backend import WhooshBackend
from tests.directory.test_find import Ask, ask, found
from tests.directory.whole import write_whole
from tests.statements import counted

__all__ = ["ask"]


def firm(session: Session, key: str, name: str, **facts: object) -> Organization:
    made = Organization(id=key, name=name, **facts)
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def three(session: Session) -> Session:
    """A service with other names, at an organization that has others too and took over a third."""
    firm(session, "house", "House of Hope")
    firm(session, "lamp", "Lamplight Society", successor_id="house")
    session.add(Service(id="beds", name="Night beds", organization_id="house"))
    session.add(Service(id="choir", name="Choir", organization=firm(session, "choir", "Singers")))
    session.add_all(
        [
            Alias(service_id="beds", name="Dormitory", kind="alias"),
            Alias(service_id="beds", name="Poorhouse", kind="former"),
            Alias(organization_id="house", name="Winter Asylum", kind="former"),
        ]
    )
    session.flush()
    return session


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("dormitory", "also called Dormitory"),
        ("poorhouse", "formerly Poorhouse"),
        ("winter asylum", "formerly Winter Asylum"),
        ("lamplight society", "formerly Lamplight Society"),
    ],
)
def test_a_service_is_found_by_its_other_names_and_says_by_which(
    three: Session, ask: Ask, typed: str, told: str
) -> None:
    answer = ask(typed)
    assert found(answer) == ["beds"]
    assert answer.results[0].why[0] == told


def test_a_service_found_by_its_present_name_says_nothing_of_others(three: Session, ask: Ask) -> None:
    (hit,) = ask("night beds").results
    assert [reason for reason in hit.why if "formerly" in reason or "also called" in reason] == []


@pytest.mark.parametrize("typed", ["dormitory", "winter asylum", "lamplight"])
def test_the_answer_without_an_index_finds_them_too(three: Session, settings: Settings, typed: str) -> None:
    answer = find(three, WhooshBackend(settings.index_dir()), settings, Question(text=typed))
    assert answer.degraded
    assert found(answer) == ["beds"]


def test_many_names_take_as_many_statements_as_one(three: Session, settings: Settings) -> None:
    backend = MemoryBackend()
    rebuild(three, settings)
    backend = WhooshBackend(settings.index_dir())
    numbers = []
    for _turn in range(2):
        with counted(three) as statements:
            find(three, backend, settings, Question(text="dormitory"))
        numbers.append(len(statements))
        three.add_all([Alias(service_id="beds", name=f"Dormitory {n}") for n in range(40)])
        three.flush()
    assert numbers[0] == numbers[1]


def queued(session: Session) -> set[str]:
    return {one for job in session.scalars(select(Job)) for one in job.payload.get("ids", ())}


def test_who_gains_and_who_loses_a_predecessor_is_read_again(three: Session) -> None:
    three.query(Job).delete()
    with edit(three, by="ann@office", kind="edit", about=("organization", "lamp")):
        three.get_one(Organization, "lamp").successor_id = "choir"
    assert queued(three) == {"beds", "choir"}


def test_a_renamed_predecessor_reaches_the_services_of_its_successor(three: Session) -> None:
    three.query(Job).delete()
    with edit(three, by="ann@office", kind="edit", about=("organization", "lamp")):
        three.get_one(Organization, "lamp").name = "Lantern"
    assert queued(three) == {"beds"}


# Who followed whom, and what stands above


def test_the_page_of_a_predecessor_knows_the_end_of_the_line_and_back(session: Session) -> None:
    firm(session, "c", "C")
    firm(session, "b", "B", successor_id="c")
    firm(session, "a", "A", successor_id="b")
    assert [one.name for one in family_of(session, "a").line.successors] == ["B", "C"]
    assert [one.name for one in family_of(session, "c").line.predecessors] == ["B"]
    assert not family_of(session, "a").line.circle


def test_a_circle_ends_and_is_told(session: Session) -> None:
    first, second = firm(session, "a", "A"), firm(session, "b", "B", successor_id="a")
    first.successor_id = "b"
    first.parent_organization_id, second.parent_organization_id = "b", "a"
    session.flush()
    family = family_of(session, "a")
    tree = family.tree
    assert family.line.circle
    assert [one.name for one in family.line.successors] == ["B"]
    assert [one.name for one in tree.above] == ["B"]
    assert [unit.named.name for unit in tree.units] == ["B"]


@pytest.mark.parametrize(
    ("wanted", "column", "sentence"),
    [
        ("a", "successor_id", "That would run in a circle: A. Choose one that did not lead to this."),
        ("c", "successor_id", "That would run in a circle: C → A."),
        ("d", "successor_id", "D was itself taken over: D → E. Choose E."),
        ("c", "parent_organization_id", "These would be parts of each other: C → A."),
    ],
)
def test_a_circle_and_a_link_to_one_that_is_gone_are_refused(
    session: Session, wanted: str, column: str, sentence: str
) -> None:
    firm(session, "e", "E")
    firm(session, "d", "D", successor_id="e")
    firm(session, "a", "A")
    firm(session, "c", "C", successor_id="a", parent_organization_id="a")
    with pytest.raises(Invalid) as refused:
        require_no_circle(session, "a", column, wanted)
    assert refused.value.fields[column].startswith(sentence)
    require_no_circle(session, "a", column, "e")
    require_no_circle(session, "a", column, None)


def test_the_tree_asks_the_database_as_often_for_many_as_for_few(session: Session) -> None:
    firm(session, "root", "Root")
    numbers = []
    for turn in range(2):
        for number in range(1 + 30 * turn):
            firm(session, f"u{turn}-{number}", f"Unit {number:02}", parent_organization_id="root")
        with counted(session) as statements:
            tree = family_of(session, "root").tree
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 2
    assert len(tree.units) == 32


# In and out


@pytest.mark.usefixtures("read_here")
def test_successors_in_a_circle_come_in_and_the_circle_is_cut(session: Session, tmp_path: Path) -> None:
    rows = [
        {"id": "a", "name": "A", "successor_id": "b", "parent_organization_id": "c"},
        {"id": "b", "name": "B", "successor_id": "c", "parent_organization_id": "a"},
        {"id": "c", "name": "C", "successor_id": "a", "parent_organization_id": ""},
    ]
    services = [{"id": "s", "name": "S", "organization_id": "a"}]
    files = {"organizations": rows, "services": services}
    import_path(session, write_whole(tmp_path / "in", files), source="x")
    kept = session.scalars(select(Organization.successor_id).where(Organization.source_id == "x")).all()
    assert len(kept) == 3
    assert sum(one is not None for one in kept) == 2, "only the link that closes the circle is cut"


@pytest.mark.usefixtures("read_here")
@pytest.mark.parametrize("form", ["json", "datapackage"])
def test_other_names_go_out_and_come_back(session: Session, tmp_path: Path, form: str) -> None:
    import_path(session, write_whole(tmp_path / "in"), source="whole")
    export(session, tmp_path / "out", form)
    for model in (Alias, Service, Organization):
        session.query(model).delete()
    session.flush()
    session.expire_all()
    import_path(session, tmp_path / "out", source="whole")
    names = {(row.name, row.kind) for row in session.scalars(select(Alias))}
    assert names == {("Winter Home", "former"), ("The dormitory", "alias")}
    lamp = session.scalars(select(Organization).where(Organization.name == "The Lamp")).one()
    assert session.get_one(Organization, lamp.successor_id).name == "Open House"
    assert str(lamp.closed_on) == "2025-12-31"


def test_what_a_closed_organization_gave_is_closed_everywhere(
    three: Session, settings: Settings, ask: Ask
) -> None:
    house = three.get_one(Organization, "house")
    house.closed_on, three.get_one(Service, "beds").status = date(2026, 1, 31), "active"
    three.flush()
    (hit,) = ask("night beds").results
    assert (hit.status, hit.open, hit.gone) == ("defunct", "Closed for good", True)
    assert "Its organisation closes for good: 31 January 2026" in hit.badges
    assert [one.status for one in load_offers(three, settings) if one.service_id == "beds"] == ["defunct"]
    house.closed_on = date(2999, 1, 31)
    three.flush()
    (hit,) = ask("night beds").results
    assert (hit.status, hit.gone) == ("active", False)
