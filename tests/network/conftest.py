"""The worked example as fixtures; `tests.network.examples` builds it."""

from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from benchmarks.peers.apart import NotInstalled, peers_python
from tests.network import examples
from tests.network.examples import (
    CLIENTS,
    TODAY,
    demands,
    document,
    k1,
    k2,
    line,
    offer,
    offers,
    on,
    profile,
    surveyed,
)


@pytest.fixture
def town() -> SimpleNamespace:
    """The worked example as plain objects, and the means to change it."""
    return SimpleNamespace(
        offers=offers, offer=offer, surveyed=surveyed, demands=demands, k1=k1, k2=k2, line=line, on=on,
        document=document, profile=profile, today=TODAY, clients=CLIENTS,
    )  # fmt: skip


@pytest.fixture
def town_session(session: Session) -> Session:
    """The worked example in the database."""
    examples.put_town(session)
    return session


@pytest.fixture(scope="session")
def peers() -> None:
    """spopt and access stand ready; where they do not, the test fails: a comparison left out is none."""
    try:
        peers_python()
        return
    except NotInstalled as error:
        reason = str(error)
    pytest.fail(reason, pytrace=False)
