"""The proposal on paper: a heading stands with what it is the heading of."""

import io

import pypdf

from netmap.printing.proposal import Part, Proposal, as_data
from netmap.printing.typeset import typeset


def test_a_heading_is_never_parted_from_its_list() -> None:
    hosts = Part("Who could run it", texts=("Nobody has been asked.",), items=("First host", "Second"))
    seen_on_the_second_sheet = 0
    for number in range(36, 60):
        before = Part("What is missing", items=tuple(f"line {one}" for one in range(number)))
        made = Proposal("en", "Proposal", "As of today", (before, hosts))
        sheets = [
            one.extract_text()
            for one in pypdf.PdfReader(io.BytesIO(typeset("proposal", as_data(made)))).pages
        ]
        here = next(place for place, sheet in enumerate(sheets) if "Who could run it" in sheet)
        assert "First host" in sheets[here], number
        seen_on_the_second_sheet += here
    assert 0 < seen_on_the_second_sheet < 24  # the edge of the sheet was met
