"""The last check of an offer ages by the rhythm of its own record, in the score and in the words."""

from datetime import UTC, date, datetime

import pytest

from netmap.matching.desk import Desk, Names
from netmap.matching.providers import freshness_part

MOMENT = datetime(2026, 11, 26, 10, tzinfo=UTC)
CHECKED = date(2026, 9, 1)


@pytest.mark.parametrize(("rhythm", "warns"), [(30, True), (90, False), (None, False)])
def test_a_line_warns_by_the_rhythm_of_its_record(rhythm: int | None, warns: bool) -> None:
    desk = Desk(Names({}, {}, {}, {}), MOMENT, 365)
    is_old, words = desk._about_check(CHECKED, rhythm)
    assert (is_old, "call first" in words) == (warns, warns)


def test_the_score_falls_sooner_where_a_record_must_be_checked_sooner() -> None:
    today = MOMENT.date()
    shares = [freshness_part(CHECKED, today, rhythm) for rhythm in (30, None, 365, 1000)]
    assert shares == sorted(shares)
    assert shares[1] == shares[2]
