"""A copy of the demo county with a search over it, for the tests of judging."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from netmap.app import import_all_models, open_backend
from netmap.config import Settings
from netmap.db import open_engine
from netmap.search.backend import SearchBackend
from tests.county import settings_for


@dataclass(frozen=True)
class County:
    """The demo county, with what a bench needs of it."""

    session: Session
    backend: SearchBackend
    settings: Settings


@pytest.fixture
def county(prepared: Path, tmp_path: Path) -> Iterator[County]:
    folder = tmp_path / "county"
    shutil.copytree(prepared, folder)
    settings = settings_for(folder)
    import_all_models()
    engine = open_engine(settings.database())
    with Session(engine, expire_on_commit=False) as session:
        yield County(session, open_backend(settings), settings)
    engine.dispose()
