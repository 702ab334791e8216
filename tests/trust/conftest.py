"""More processes on the data folder of the demo county."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from netmap.app import create_app
from tests.county import StrictClient


@pytest.fixture
def second(app: Flask) -> Iterator[Callable[..., Flask]]:
    """Return a function that starts another process with changed settings; all are ended afterwards."""
    started: list[Flask] = []

    def start(**changes: object) -> Flask:
        made = create_app(replace(app.extensions["netmap_settings"], **changes))  # type: ignore[arg-type]
        made.test_client_class = StrictClient
        started.append(made)
        return made

    yield start
    for one in started:
        one.extensions["netmap_engine"].dispose()
