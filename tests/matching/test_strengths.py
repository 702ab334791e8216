"""What a person can lean on: the shipped file, and what it proposes."""

from pathlib import Path

import pytest

from netmap.errors import Invalid
from netmap.matching.strengths import proposals, read, strengths

HEAD = "code,label_en,label_ru,label_uk,label_lt,needs,service_types\n"


def test_every_shipped_strength_may_take_the_place_of_a_kind_of_service() -> None:
    assert len(strengths()) >= 20
    assert all(strength.service_types for strength in strengths().values())


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("own_car,Car,Car,Car,,,", "label"),
        ("own_car,Car,Car,Car,Car,trn.no_transprot,", "trn.no_transprot"),
        ("own_car,Car,Car,Car,Car,,rides", "rides"),
        ("own_car,Car,Car,Car,Car,,\nown_car,Car,Car,Car,Car,,", "row 3"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, words: str) -> None:
    path = tmp_path / "strengths.csv"
    path.write_text(HEAD + row + "\n", encoding="utf-8")
    with pytest.raises(Invalid, match=words):
        read(path)


def test_a_strength_proposes_to_leave_out_a_line_of_the_same_kind_only() -> None:
    lines = [("ride", "transport_help"), ("job", "job_search_support")]
    (found,) = proposals(["own_car", "peer_support"], lines)
    assert (found.line, found.strength) == ("ride", "own_car")
    assert found.sentence == "Transport and accompanying may not be needed: Has a car and may drive it."
