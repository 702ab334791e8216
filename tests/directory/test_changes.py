"""What changed in the directory: noted by every writer, for those who keep it in memory."""

import ast
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

import netmap
from netmap.db import open_session, transaction
from netmap.directory import changes
from netmap.directory.changes import DirectoryChange, newest, note, note_all, since
from netmap.directory.hsds import import_path
from netmap.directory.models import Location, Service, ServiceTypeLink
from netmap.directory.spreadsheet import import_areas
from netmap.directory.typing import Suggestion, decide, keep
from netmap.editing import rows
from netmap.editing.rows import differences
from netmap.importing import journal
from netmap.importing.terminal import import_now, undo_now
from netmap.importing.uploads import Uploads
from netmap.paths import shipped

# Every module that writes rows of the directory. What a module in a list writes is noted by the second one.
WRITERS = {
    "directory/areas.py": "directory/hsds_after.py and directory/spreadsheet.py",
    "directory/changes.py": "the notes themselves",
    "directory/curation.py": "nobody: who is put first or left out is read with each answer",
    "directory/hsds.py": "directory/hsds_after.py",
    "directory/hsds_after.py": "itself",
    "directory/hsds_links.py": "directory/hsds_after.py",
    "directory/hsds_store.py": "directory/hsds_after.py",
    "directory/indexing.py": "nobody: it writes jobs",
    "directory/saved.py": "nobody: searches that people keep",
    "directory/spreadsheet.py": "itself",
    "directory/typing.py": "itself",
    "directory/shapes.py": "nobody: the border of an area",
    "directory/typing_rows.py": "directory/typing.py",
    "directory/week_marks.py": "nobody: what is counted once a week",
    "editing/light.py": "editing/writing.py",
    "colleagues/handover.py": "editing/writing.py",
    "colleagues/knowing.py": "nobody: whom colleagues know",
    "colleagues/settlements.py": "nobody: whom to call in a settlement",
    "demo_upkeep.py": "editing/writing.py",
    "directory/hanging.py": "nobody: it reads",
    "duplicates/apart.py": "nobody: pairs that are not the same",
    "duplicates/merging.py": "editing/writing.py",
    "editing/drafts.py": "nobody: what is typed and not saved",
    "editing/keyed.py": "editing/writing.py",
    "editing/record.py": "editing/writing.py",
    "freshness/calls.py": "editing/writing.py",
    "freshness/reports.py": "nobody: mistakes that somebody reported",
    "freshness/service.py": "editing/writing.py",
    "freshness/truth.py": "nobody: figures of one day",
    "freshness/uses.py": "nobody: how often services are looked at",
    "selfservice/links.py": "nobody: links of providers",
    "editing/restoring.py": "editing/writing.py and importing/work.py",
    "editing/rows.py": "nobody: it writes only what one connection noted for itself",
    "editing/writing.py": "itself",
    "network/areas/kept.py": "nobody: how areas stood on a day is no record of the directory",
    "network/demand/entry.py": "editing/writing.py",
    "importing/conflicts.py": "editing/writing.py",
    "importing/journal.py": "nobody: the journal of an import",
    "importing/service.py": "nobody: runs and jobs",
    "importing/terminal.py": "nobody: runs",
    "importing/work.py": "itself",
    "matching/curation.py": "nobody: packages that are always shown or left out",
    "matching/decisions.py": "nobody: what was decided about packages",
    "matching/entry_decisions.py": "nobody: whether case management begins",
    "network/demand/spreadsheet.py": "nobody: how many clients there are",
    "network/travel.py": "itself",
    "partners/agreements.py": "editing/writing.py",
    "partners/governance.py": "editing/writing.py",
    "partners/matrix.py": "editing/writing.py",
    "partners/roles.py": "editing/writing.py",
    "partners/service.py": "editing/writing.py",
}
WRITING = {"add", "add_all", "merge", "insert", "update", "delete", "bulk_save_objects"}


def noted(session: Session) -> list[str | None]:
    return list(session.scalars(select(DirectoryChange.service_id).order_by(DirectoryChange.id)))


def test_each_service_is_noted_and_read_from_there(session: Session) -> None:
    note(session, {"b", "a"})
    first = newest(session)
    note(session, {"c"})
    assert since(session, 0).services == {"a", "b", "c"}
    assert since(session, first).services == {"c"}
    assert since(session, newest(session)).services == frozenset()


def test_nothing_is_noted_where_nothing_changed(session: Session) -> None:
    note(session, ())
    assert (newest(session), since(session, 0).services) == (0, frozenset())


def test_everything_is_read_anew_after_a_change_of_everything(session: Session) -> None:
    note(session, {"a"})
    first = newest(session)
    note_all(session)
    note(session, {"b"})
    assert since(session, first).services is None
    assert since(session, first + 1).services == {"b"}  # whoever has read all since then


def test_very_many_services_are_noted_as_everything(session: Session) -> None:
    note(session, {f"s{number}" for number in range(changes.MANY + 1)})
    assert noted(session) == [None]


def test_a_reader_that_is_too_far_behind_reads_everything(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "KEPT", 3)
    note(session, {"a"})
    behind = newest(session)
    for name in "bcde":
        note(session, {name})
    assert noted(session) == ["c", "d", "e"]
    assert since(session, behind).services is None
    assert since(session, 0).services is None
    assert since(session, behind + 2).services == {"d", "e"}


def test_a_number_never_comes_again_though_all_notes_are_gone(engine: Engine) -> None:
    with transaction(engine) as session:
        note(session, {"a", "b"})
        last = newest(session)
    with transaction(engine) as session:
        session.execute(delete(DirectoryChange))
    with transaction(engine) as session:
        note(session, {"c"})
        assert newest(session) > last
        assert since(session, last).services is None


def test_a_database_that_is_older_than_the_reader_is_read_anew(session: Session) -> None:
    note(session, {"a"})
    assert since(session, newest(session) + 5).services is None


def test_a_note_is_gone_with_the_change_that_was_rolled_back(engine: Engine) -> None:
    with open_session(engine) as session:
        note(session, {"a"})
        session.rollback()
    with open_session(engine, reading=True) as session:
        assert newest(session) == 0


@pytest.fixture
def county(engine: Engine) -> Engine:
    """A database with the demo directory, and no notes about how it came."""
    folder = shipped("seeds") / "demo"
    with transaction(engine) as session:
        import_areas(session, folder / "areas.csv")
        import_path(session, folder, source="demo")
        assert set(noted(session)) == set(session.scalars(select(Service.id))) | {None}
        session.execute(delete(DirectoryChange))
    return engine


def written(session: Session) -> set[str]:
    """Return the tables of the directory of which a row differs now."""
    connection = session.connection()
    return {name for name in journal.watched() if list(differences(connection, name))}


def _decide(session: Session) -> set[str]:
    link = session.scalars(select(ServiceTypeLink).order_by(ServiceTypeLink.service_id)).first()
    assert link is not None
    decide(session, link.service_id, link.code, "rejected" if link.state == "confirmed" else "confirmed")
    return {link.service_id}


def _suggest(session: Session) -> set[str]:
    service = Service(name="Place for the night", organization_id=None)
    session.add(service)
    session.flush()
    session.add(service)
    keep(
        session,
        {service.id: [Suggestion("shelter", 0.9, "place for the night", by_table=True, by_text=False)]},
        {service.id},
    )
    return {service.id}


def _import_again(session: Session) -> set[str]:
    service = session.scalars(select(Service).order_by(Service.id)).first()
    assert service is not None
    service.name = "Another name"
    session.flush()
    import_path(session, shipped("seeds") / "demo", source="demo")
    return {service.id}


def _areas(session: Session) -> set[str | None]:
    text = (shipped("seeds") / "demo" / "areas.csv").read_text(encoding="utf-8")
    head, first, *_rest = text.splitlines()
    code = first.split(",")[0]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "areas.csv"
        path.write_text(f"{head}\n{first.replace(code, 'newtown', 1)}\n", encoding="utf-8")
        import_areas(session, path)
    return {None}


@pytest.mark.parametrize("write", [_decide, _suggest, _import_again, _areas])
def test_a_writer_leaves_a_note_in_its_own_transaction(
    county: Engine, write: Callable[[Session], set[str | None]]
) -> None:
    with transaction(county) as session:
        journal.watch(session.connection())
        touched = write(session)
        assert written(session)
        assert set(noted(session)) >= touched
        rows.stop(session.connection())


def test_taking_an_import_back_leaves_a_note(engine: Engine, tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "data")
    import_now(engine, uploads, {"directory": shipped("seeds") / "demo"}, source="demo")
    with transaction(engine) as session:
        assert session.scalar(select(Location.id).limit(1))
        session.execute(delete(DirectoryChange))
    undo_now(engine, uploads, 1, rest=False)
    with open_session(engine, reading=True) as session:
        assert session.scalar(select(Location.id).limit(1)) is None
        assert noted(session) == [None]


def test_every_module_that_writes_into_the_directory_is_known_here() -> None:
    root = Path(netmap.__file__).parent
    found = {
        str(path.relative_to(root))
        for path in sorted(root.rglob("*.py"))
        if _knows_the_tables(path, root) and _writes(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set(WRITERS), "who notes what this module writes? see netmap.directory.changes"


def _knows_the_tables(path: Path, root: Path) -> bool:
    room = path.relative_to(root).parts[0]
    if room in ("directory", "importing", "editing"):
        return True
    text = path.read_text(encoding="utf-8")
    return room not in ("migrations", "upkeep") and "netmap.directory.models import" in text


def _writes(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in {"insert", "update", "delete"}:
            return True
        if isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id in {"session", "writing", "db"}:
                return True
    return False
