import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from netmap.db import transaction
from netmap.errors import Conflict, Invalid, NotFound
from netmap.packages.document import Document, read
from netmap.packages.service import get, history, load_seeds, published, save_version
from netmap.paths import shipped

SEED = shipped("seeds") / "packages" / "drinking_single_parent_with_debts.toml"
CODE = SEED.stem
ME = "coordinator@demo.example"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(SEED, tmp_path)
    return tmp_path


@pytest.fixture
def document(raw: dict[str, Any]) -> Document:
    return read(raw)


def renamed(document: Document, name: str) -> Document:
    return Document(**{**vars(document), "name": {"en": name}})


def change_seed(folder: Path) -> None:
    path = folder / SEED.name
    path.write_text(
        path.read_text(encoding="utf-8").replace("start_day = 45", "start_day = 60"), encoding="utf-8"
    )


def test_all_shipped_packages_are_loaded_and_loading_again_adds_nothing(session: Session) -> None:
    assert load_seeds(session)["added"] >= 16
    assert load_seeds(session)["added"] == 0
    assert {number for _code, number, _document in published(session)} == {1}


def test_packages_come_in_the_order_of_their_codes(session: Session) -> None:
    load_seeds(session)
    codes = [code for code, _number, _document in published(session)]
    assert codes == sorted(codes)


def test_a_changed_shipped_file_makes_a_new_version(session: Session, folder: Path) -> None:
    load_seeds(session, folder)
    change_seed(folder)
    assert load_seeds(session, folder) == {"added": 0, "changed": 1, "unchanged": 0}
    assert get(session, CODE).number == 2
    assert get(session, CODE, 1).document.lines[-1].start_day == 45
    assert get(session, CODE).document.lines[-1].start_day == 60


def test_a_changed_shipped_file_leaves_an_edited_package_alone(session: Session, folder: Path) -> None:
    load_seeds(session, folder)
    edited = renamed(get(session, CODE).document, "Our own name")
    save_version(session, CODE, edited, by=ME, note="", expected=1)
    change_seed(folder)
    assert load_seeds(session, folder) == {"added": 0, "changed": 0, "unchanged": 1}
    assert get(session, CODE).document == edited


def test_a_broken_shipped_file_is_named(session: Session, folder: Path) -> None:
    (folder / SEED.name).write_text("code = ", encoding="utf-8")
    with pytest.raises(Invalid, match=SEED.name):
        load_seeds(session, folder)


def test_saving_makes_a_new_version_and_keeps_the_old_one(session: Session, document: Document) -> None:
    save_version(session, document.code, document, by=ME, note="first", expected=0)
    number = save_version(
        session, document.code, renamed(document, "New"), by=ME, note="a  new\nname", expected=1
    )
    kept = history(session, document.code)
    assert number == 2
    assert [(one.number, one.note, one.made_by, one.current) for one in kept] == [
        (2, "a new name", ME, 2),
        (1, "first", ME, 2),
    ]
    assert kept[1].document == document


def test_saving_without_a_change_makes_no_version(session: Session, document: Document) -> None:
    save_version(session, document.code, document, by=ME, note="", expected=0)
    assert save_version(session, document.code, document, by=ME, note="again", expected=1) == 1
    assert len(history(session, document.code)) == 1


def test_a_second_person_who_saves_is_told_which_version_came_first(
    session: Session, document: Document
) -> None:
    save_version(session, document.code, document, by=ME, note="", expected=0)
    save_version(session, document.code, renamed(document, "Mine"), by=ME, note="", expected=1)
    with pytest.raises(Conflict, match="version 2"):
        save_version(
            session, document.code, renamed(document, "Theirs"), by="b@demo.example", note="", expected=1
        )
    assert get(session, document.code).document.name["en"] == "Mine"


def test_a_taken_code_is_a_conflict_and_the_session_can_go_on(session: Session, document: Document) -> None:
    save_version(session, document.code, document, by=ME, note="", expected=0)
    with pytest.raises(Conflict, match="already"):
        save_version(session, document.code, renamed(document, "Other"), by=ME, note="", expected=0)
    assert get(session, document.code).number == 1


def test_a_version_that_was_never_the_current_one_is_a_conflict(session: Session, document: Document) -> None:
    save_version(session, document.code, document, by=ME, note="", expected=0)
    with pytest.raises(Conflict):
        save_version(session, document.code, renamed(document, "Later"), by=ME, note="", expected=7)


def test_the_code_never_changes(session: Session, document: Document) -> None:
    with pytest.raises(Invalid, match="code"):
        save_version(session, "another_code", document, by=ME, note="", expected=0)


def test_a_document_that_breaks_the_rules_is_not_saved(session: Session, document: Document) -> None:
    with pytest.raises(Invalid):
        save_version(session, document.code, renamed(document, ""), by=ME, note="", expected=0)


@pytest.mark.parametrize("number", [0, 2, -1, 10**20])
def test_an_unknown_version_is_not_found(session: Session, document: Document, number: int) -> None:
    save_version(session, document.code, document, by=ME, note="", expected=0)
    with pytest.raises(NotFound):
        get(session, document.code, number)


def test_an_unknown_package_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        history(session, "no_such_package")


def test_of_two_writers_from_the_same_version_exactly_one_wins(engine: Engine, document: Document) -> None:
    with transaction(engine) as one:
        save_version(one, document.code, document, by=ME, note="", expected=0)
    won = []
    for name in ("One", "Two"):
        try:
            with transaction(engine) as writing:
                save_version(writing, document.code, renamed(document, name), by=ME, note="", expected=1)
            won.append(name)
        except Conflict:
            pass
    assert won == ["One"]
