"""Fixtures that every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import Base, open_engine
from netmap.i18n import set_language
from netmap.vocabulary.kept import keep_in
from tests.chromium import browser
from tests.county import app, prepared, sign_in

__all__ = ["app", "browser", "prepared", "sign_in"]  # Chromium, and the running demo county

SHARED = Path(__file__).resolve().parents[2] / "shared"


class Compiled(BytecodeCache):
    """What templates were compiled to, for all applications of one run: each test makes one of its own."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


def pytest_configure(config: pytest.Config) -> None:
    """Learn the phrases once for all runs (what is kept belongs to them and the code), compile once."""
    Flask.jinja_options["bytecode_cache"] = Compiled()
    keep_in(Path(config.rootpath, ".pytest_cache", "words"))


@pytest.fixture(autouse=True)
def english() -> None:
    """Every test begins in English: the language belongs to the context, and all tests share one."""
    set_language("en")


@pytest.fixture
def shared() -> Path:
    """The papers folder beside the project, with real directories and published schemas."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with real directories is not beside this clone")
    return SHARED


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a data folder of their own."""
    return Settings(data_dir=tmp_path / "data", secret_key="k" * 64, timezone="Europe/Vilnius")


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """An engine on a fresh database with every table."""
    from netmap.app import import_all_models

    import_all_models()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database())
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is rolled back, even where the code under test commits."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        outer.rollback()
