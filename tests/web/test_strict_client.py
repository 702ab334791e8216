"""The client that parses every page: what it must find, also after pages that look alike."""

import pytest

from tests.county import check_html

GOOD = '<!DOCTYPE html><html lang="en"><title>a</title><p id="one">Tom &amp; Ann said "yes"</p></html>'


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ('id="one"', 'id="one" id="two"'),
        ("</p>", "</b></p>"),
        ("&amp;", "&nosuch;"),
        ("&amp;", "&amp"),
        ("Tom", "Tom </p"),
        ('id="one"', 'id="one" "two"'),
        ('"one"', "one'two"),
    ],
)
def test_a_fault_is_found_after_a_good_page_of_the_same_words(good, bad):
    check_html(GOOD)
    check_html(GOOD.replace("Tom", "Tim").replace("one", "ten"))
    with pytest.raises(AssertionError):
        check_html(GOOD.replace(good, bad))


def test_words_and_values_make_no_new_shape(monkeypatch):
    check_html(GOOD)
    monkeypatch.setattr("tests.county.parsed", None)  # whoever parses again fails

    check_html(GOOD.replace("Tom", "Who if not Tim").replace("one", "two"))
