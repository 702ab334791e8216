"""A small made-up directory, and hashes of what the database holds."""

import csv
import io
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from netmap.editing.rows import plain
from netmap.importing.journal import watched

TOWNS = ("Rivermouth", "Oldbridge", "Highfield")
HELP = (
    "A warm bed for the night for people who sleep rough",
    "Advice on debts, rent arrears and dealing with creditors",
    "Free meals and food parcels for families",
    "Help with finding work and writing applications",
)
Make = Callable[..., Path]


def package(count: int, word: str = "") -> dict[str, bytes]:
    """Return the files of a directory of ``count`` services; ``word`` changes every description."""
    rows: dict[str, list[dict[str, object]]] = {
        "organizations": [
            {"id": n, "name": f"House {n}", "description": "Helps"} for n in range(count // 3 + 1)
        ],
        "services": [
            {
                "id": n, "organization_id": n // 3, "name": f"Service {n}", "status": "active",
                "description": f"{HELP[n % len(HELP)]}. {word}",
            }
            for n in range(count)
        ],
        "locations": [{"id": n, "name": f"Place {n}"} for n in range(count)],
        "service_at_location": [{"id": n, "service_id": n, "location_id": n} for n in range(count)],
        "addresses": [
            {"id": n, "location_id": n, "address_1": f"{n} Mill Lane", "city": TOWNS[n % 3]}
            for n in range(count)
        ],
        "phones": [{"id": n, "service_id": n, "number": f"555 {n:04}"} for n in range(count)],
    }  # fmt: skip
    return {f"{name}.csv": as_csv(some) for name, some in rows.items()}


def as_csv(rows: list[dict[str, object]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a function that writes a directory as a zip."""

    def write(count: int = 12, word: str = "", name: str = "list.zip") -> Path:
        path = tmp_path / name
        path.write_bytes(zipped(package(count, word)))
        return path

    return write


# Two imports of one file differ in these: moments, and ids that are drawn by lot.
MOMENTS = {"last_modified", "imported_at"}
LOTS = {"service_type_link", "eligibility_rule", "demand", "travel"}


def exact_hash(engine: Engine) -> str:
    """Return a hash of every value of every row that an import may write."""
    return _hash(engine, lambda name, row: row)


def content_hash(engine: Engine) -> str:
    """Return a hash of what the directory says, moments and drawn ids left out."""

    def content(name: str, row: dict[str, object]) -> dict[str, object]:
        kept = {key: value for key, value in row.items() if key not in MOMENTS}
        if "removed_in_source" in kept:
            kept["removed_in_source"] = kept["removed_in_source"] is not None
        if name in LOTS:
            kept.pop("id")
        return kept

    return _hash(engine, content)


def _hash(engine: Engine, content: Callable[[str, dict[str, object]], dict[str, object]]) -> str:
    digest = sha256()
    with engine.connect() as connection:
        for name in watched():
            rows = connection.execute(select(plain(name))).mappings()
            for text in sorted(repr(sorted(content(name, dict(row)).items())) for row in rows):
                digest.update(f"{name} {text}\n".encode())
    return digest.hexdigest()
