"""Fixtures of the directory: reading in this process, where a test is not about the child."""

import json
from pathlib import Path
from typing import Any

import pytest

from netmap.directory.reading import apart
from netmap.directory.reading.child import answer


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process: a child for each import would take a minute in all."""

    def said(path: Path, request: dict[str, Any]) -> Any:
        told = json.loads(json.dumps({**request, "path": str(path)}))
        return json.loads(json.dumps(answer(told)))

    monkeypatch.setattr(apart, "_said", said)
