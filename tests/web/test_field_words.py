"""Every table and field that an import may ask about has words."""

import pytest

from netmap.directory.hsds_tables import SPECS
from netmap.web import field_words, record_words


@pytest.mark.parametrize("table", sorted(SPECS))
def test_every_table_and_field_has_words(table):
    groups = (
        field_words._records, field_words._places, field_words._people, field_words._hours,
        field_words._conditions, field_words._lists,
    )  # fmt: skip
    known = [field for group in groups for field in group()]

    assert table in record_words._tables()
    assert set(SPECS[table].fields()) <= set(known)
    assert len(known) == len(set(known))


def test_a_field_stands_within_a_line():
    assert field_words.field_name("legal_status") == "legal form"
    assert field_words.field_name("of_another_file") == "of another file"
