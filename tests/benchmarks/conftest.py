"""What the benchmarks change in netmap for their peers' sake does not stay."""

from collections.abc import Iterator

import pytest

from netmap.search import relevance


@pytest.fixture(autouse=True, scope="package")
def same_rule_afterwards() -> Iterator[None]:
    """Put back from which share of the best cover words alone count."""
    tail = relevance.TAIL
    yield
    relevance.TAIL = tail
