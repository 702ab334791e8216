"""Numbers as the reader writes them."""

import pytest

from netmap.i18n import set_language
from netmap.i18n.numbers import number


@pytest.mark.parametrize(
    ("code", "written"),
    [("en", "1,234.5"), ("ru", "1\u00a0234,5"), ("uk", "1\u00a0234,5"), ("lt", "1\u00a0234,5")],
)
def test_a_number_is_written_in_the_readers_way(code: str, written: str) -> None:
    set_language(code)
    assert number(1234.49) == written


def test_a_whole_number_has_no_decimals() -> None:
    assert (number(30.0), number(41.7, 0), number(0.25, 2)) == ("30", "42", "0.25")
