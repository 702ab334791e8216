"""A directory that comes again: the preview tells exactly what was done, and our records keep their ids."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from benchmarks.editions import CORE, TABLES, Rows, Truth, editions, read, write
from netmap.config import Settings
from netmap.db import open_session, transaction
from netmap.directory.models import Phone, Service
from netmap.directory.report import Report
from netmap.errors import Conflict, Invalid
from netmap.importing import queries
from netmap.importing.terminal import import_now, undo_now
from netmap.importing.uploads import Uploads
from tests.importing.conftest import exact_hash

Bring = Callable[..., Report]


@pytest.fixture
def bring(engine: Engine, settings: Settings, tmp_path: Path) -> Bring:
    """Return a function that imports files and gives the report."""
    numbers = iter(range(100))

    def do(files: dict[str, Rows], **more: bool) -> Report:
        folder = write(tmp_path / f"edition {next(numbers)}", files)
        for name, rows in files.items():
            if not rows:
                (folder / f"{name}.csv").write_text("id,name,location_id,number,service_id\n")
        uploads = Uploads(settings.data_dir)
        return import_now(engine, uploads, {"directory": folder}, source="list", listed=True, **more)[
            "directory"
        ]

    return do


def keys(report: Report, kind: str, table: str) -> set[str]:
    return {one["source_key"] for one in report.changes[kind] if one["table"] == table}


def differs(report: Report, truth: Truth) -> dict[str, object]:
    """Return what the preview says otherwise than it was done."""
    wrong: dict[str, object] = {}
    for name in CORE:
        table = TABLES[name]
        mine = [one for one in report.renamed if one.table == table]
        said: dict[str, tuple[object, object]] = {
            "removed": (keys(report, "removed", table), truth.removed[name]),
            "added": (keys(report, "added", table), truth.added[name]),
            "rekeyed": (
                {one.source_key for one in mine if one.why != ("key",)},
                set(truth.rekeyed[name].items()),
            ),
            "renamed": (
                {one.source_key[0]: squeezed(one.name) for one in mine if one.why == ("key",)},
                {key: squeezed(names) for key, names in truth.renamed[name].items()},
            ),
            "changed": (
                {
                    one["source_key"]: set(one["fields"])
                    for one in report.changes["changed"]
                    if one["table"] == table and one["source_key"] not in truth.rekeyed[name].values()
                },
                truth.changed[name],
            ),
        }
        wrong |= {f"{table} {kind}": pair for kind, pair in said.items() if pair[0] != pair[1]}
    return wrong


def squeezed(names: tuple[str, str]) -> tuple[str, ...]:
    return tuple(" ".join(name.replace("\u200b", " ").split()) for name in names)


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)]
)
def test_the_preview_of_a_second_edition_tells_exactly_what_was_done(
    bring: Bring, engine: Engine, shared: Path, seed: int
) -> None:
    first, second, truth = editions(read(shared / "data" / "us_dc_2022_07"), seed, hard=False)
    bring(first)
    before = exact_hash(engine)
    assert differs(bring(second, dry_run=True), truth) == {}
    assert exact_hash(engine) == before


def files(*names: str, **more: Rows) -> dict[str, Rows]:
    """Return one organization with services of these names, their keys counted from 1."""
    services = [
        {"id": str(n), "organization_id": "1", "name": name, "description": f"{name} for whoever comes in"}
        for n, name in enumerate(names, start=1)
    ]
    phones = [{"id": str(n), "service_id": str(n), "number": f"555 000{n}"} for n, _ in enumerate(names, 1)]
    organizations = [{"id": "1", "name": "Lantern House", "description": "Warm rooms"}]
    return {"organizations": organizations, "services": services, "phones": phones, **more}


NAMES = ("Warm room", "Debt advice", "Soup kitchen", "Legal aid", "Laundry", "Showers")


def rekeyed(found: dict[str, Rows], old: str, new: str, name: str | None = None) -> dict[str, Rows]:
    for rows, column in ((found["services"], "id"), (found["phones"], "service_id")):
        for row in rows:
            if row[column] == old:
                row[column] = new
    if name:
        next(row for row in found["services"] if row["id"] == new)["name"] = name
    return found


def service(engine: Engine, key: str) -> Service:
    with open_session(engine, reading=True) as session:
        query = select(Service).where(Service.source_key == key, Service.removed_in_source.is_(None))
        return session.scalars(query).one()


def test_a_record_with_another_key_keeps_its_id_and_what_people_said_of_it(
    bring: Bring, engine: Engine, settings: Settings
) -> None:
    bring(files(*NAMES))
    with transaction(engine) as session:
        session.execute(
            update(Service).where(Service.source_key == "2").values(assured_date=date(2026, 11, 1))
        )
    before, whole = service(engine, "2"), exact_hash(engine)
    report = bring(rekeyed(files(*NAMES), "2", "x-77", "Debt counselling"))
    after = service(engine, "x-77")
    assert (after.id, after.name, after.assured_date) == (before.id, "Debt counselling", date(2026, 11, 1))
    (told,) = report.as_dict()["renamed"]
    assert told | {"why": "", "confidence": 1} == {
        "table": "service", "id": before.id, "source_key": {"before": "2", "after": "x-77"},
        "name": {"before": "Debt advice", "after": "Debt counselling"},
        "why": "", "reasons": told["reasons"], "confidence": 1,
    }  # fmt: skip
    assert told["confidence"] > 0.9
    assert "the same telephone number" in told["why"]
    tables = report.tables
    assert (tables["service"].added, tables["service"].removed_in_source, tables["service"].changed) == (
        0,
        0,
        1,
    )
    # the next edition finds it by its new key, and a new record may take the old one
    later = rekeyed(files(*NAMES), "2", "x-77", "Debt counselling")
    later["services"].append({"id": "2", "organization_id": "1", "name": "Choir", "description": "Songs"})
    report = bring(later)
    assert service(engine, "x-77").id == before.id
    assert service(engine, "2").id != before.id
    assert (report.tables["service"].added, report.tables["service"].changed) == (1, 0)
    assert bring(later).tables["service"].unchanged == 7
    for number in (4, 3, 2):
        undo_now(engine, Uploads(settings.data_dir), number, rest=False)
    assert exact_hash(engine) == whole


def test_what_hangs_on_a_record_with_another_key_keeps_its_ids_too(bring: Bring, engine: Engine) -> None:
    first, second = files(*NAMES), rekeyed(files(*NAMES), "1", "99")
    for found in (first, second):
        for row in found["phones"]:
            del row["id"]  # so that its key is made of its words, the key of the service among them
    bring(first)
    with open_session(engine, reading=True) as session:
        before = {phone.number: phone.id for phone in session.scalars(select(Phone))}
    report = bring(second)
    with open_session(engine, reading=True) as session:
        assert {phone.number: phone.id for phone in session.scalars(select(Phone))} == before
    assert (report.tables["phone"].unchanged, report.tables["phone"].changed) == (6, 0)
    assert [one.table for one in report.renamed] == ["service"]


def test_numbers_of_lines_as_keys_are_seen_through(bring: Bring, engine: Engine) -> None:
    """A list whose keys are the numbers of its lines: one goes, and all keys after it mean the next one."""
    bring(files(*NAMES))
    before = {name: service(engine, str(n)).id for n, name in enumerate(NAMES, start=1)}
    shifted = files(*NAMES[:1], *NAMES[2:])
    for row in shifted["phones"]:
        place = int(row["service_id"])
        row["number"] = f"555 000{place if place == 1 else place + 1}"
    report = bring(shifted)
    with open_session(engine, reading=True) as session:
        living = select(Service).where(Service.removed_in_source.is_(None))
        after = {one.name: one.id for one in session.scalars(living)}
    assert after == {name: id_ for name, id_ in before.items() if name != "Debt advice"}
    assert keys(report, "removed", "service") == {"2"}


def test_a_new_record_in_the_place_of_one_that_went_is_not_taken_for_it(bring: Bring) -> None:
    bring(files(*NAMES))
    second = files(*NAMES)
    second["services"][5] = {
        "id": "80", "organization_id": "1", "name": "Needle exchange", "description": "Clean needles at once",
    }  # fmt: skip
    second["phones"][5]["service_id"] = "80"  # even under the same number
    report = bring(second)
    assert report.renamed == []
    assert (keys(report, "added", "service"), keys(report, "removed", "service")) == ({"80"}, {"6"})


@pytest.mark.parametrize(("table", "told"), [("service", ["service", "phone"]), ("phone", ["phone"])])
def test_many_that_would_go_are_asked_about_first(
    bring: Bring, engine: Engine, table: str, told: list[str]
) -> None:
    bring(files(*NAMES))
    before, second = exact_hash(engine), files(*NAMES)
    name = f"{table}s"  # a telephone of nobody is left out, too
    second[name] = second[name][:4]
    assert bring(second, dry_run=True).removals() == [{"table": name, "removed": 2, "of": 6} for name in told]
    with pytest.raises(Conflict, match=rf"2 of 6 \({table}\).*--allow-removals"):
        bring(second)
    assert exact_hash(engine) == before
    bring(second, allow_removals=True)
    assert exact_hash(engine) != before


def test_a_fifth_may_go_without_asking_and_replaced_details_are_no_loss(bring: Bring) -> None:
    bring(files(*NAMES[:5]))
    second = files(*NAMES[:5])
    second["services"].pop()
    second["phones"] = [{"id": f"n{n}", "service_id": str(n), "number": f"777 000{n}"} for n in range(1, 5)]
    report = bring(second)
    assert report.lost["service"] == (1, 5)
    assert report.lost["phone"] == (1, 5)


@pytest.mark.parametrize("name", ["services", "organizations"])
def test_a_directory_that_is_suddenly_empty_is_an_error(bring: Bring, engine: Engine, name: str) -> None:
    bring(files(*NAMES))
    before = exact_hash(engine)
    with pytest.raises(Invalid, match="so nothing was changed"):
        bring(files(*NAMES) | {name: []}, allow_removals=True)
    assert exact_hash(engine) == before
    with open_session(engine, reading=True) as session:
        assert len(queries.runs(session)) == 1
