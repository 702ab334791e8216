"""What-ifs of the second county, solved by hand from the table in `second_example` before they were run.

1. An interpreter at a1: legal aid opens in N and S, 30 + 12 = 42 clients; in W a1 is only too far now, a2
   only too dear, so COST becomes ANY_OF. The course is still to be asked about: no package is whole.
2. r2 opens from 17 to 20: rehabilitation opens in W, 8 clients. In N and S r2 is only too far, r1 has
   steps: ACCESSIBILITY becomes ANY_OF twice.
3. k1 serves all three areas: counselling opens for 10 + 4 + 8 = 22. In N and S debt advice (A) is there, and
   C does not work with A: two hand-offs, 14 clients. In W debt advice is not sure: nothing to hand over.
4. 2 and 3, and d2 has no steps: m2 is whole in W, 8 clients. Hand-offs: those of 3, and in W E to C and C
   to E: 4 in all, for 22 clients (those of W once).
5. A closes: debt advice is gone in N and S, 14 clients, by DISTANCE (d2). Legal aid there fails at two things
   at once with a2: LANGUAGE becomes MIXED twice.
6. A new debt adviser in S for 5 clients a year closes nothing, but N and S no longer hang on A.
7. c1 speaks Ukrainian: the course opens in N and W, 36 clients; S is not served.
"""

import pytest

from netmap.network.whatif.service import try_out
from tests.network import second_example

INTERPRETER = {"do": "change_service", "service": "a1", "interpreter": True}
EVENINGS = {"do": "change_service", "service": "r2", "hours": ["MO-FR 17:00-20:00"]}
EVERYWHERE = {"do": "change_service", "service": "k1", "serves": ["N", "S", "W"]}
NO_STEPS = {"do": "change_service", "service": "d2", "step_free": True}
END_OF_A = {"do": "close_provider", "provider": "A"}
ADVISER = {
    "do": "add_service",
    "service_type": "debt_advice",
    "area": "S",
    "new_provider": "F",
    "capacity": 5,
}
UKRAINIAN = {"do": "change_service", "service": "c1", "languages": ["uk"]}


@pytest.fixture
def county(session):
    """The second county in the database."""
    second_example.put(session)
    return session


def figures(found):
    """Return what the hand-made solutions say."""

    def group(one):
        return sorted({row["area"] for row in one["rows"]}), one["clients"]

    return {
        "closed": group(found["closed"]),
        "opened": group(found["opened"]),
        "renamed": sorted(
            (row["area"], row["before"]["type"], row["after"]["type"]) for row in found["renamed"]["rows"]
        ),
        "whole": group(found["packages"]["completed"]),
        "links": (found["links"]["opened"]["number"], found["links"]["opened"]["clients"]),
    }


NONE = ([], None)


@pytest.mark.parametrize(
    ("changes", "closed", "opened", "renamed", "whole", "links"),
    [
        ([INTERPRETER], (["N", "S"], 42), NONE, [("W", "COST", "ANY_OF")], NONE, (0, None)),
        (
            [EVENINGS],
            (["W"], 8),
            NONE,
            [("N", "ACCESSIBILITY", "ANY_OF"), ("S", "ACCESSIBILITY", "ANY_OF")],
            NONE,
            (0, None),
        ),
        ([EVERYWHERE], (["N", "S", "W"], 22), NONE, [], NONE, (2, 14)),
        (
            [EVENINGS, EVERYWHERE, NO_STEPS],
            (["N", "S", "W"], 22),
            NONE,
            [("N", "ACCESSIBILITY", "ANY_OF"), ("S", "ACCESSIBILITY", "ANY_OF")],
            (["W"], 8),
            (4, 22),
        ),
        (
            [END_OF_A],
            NONE,
            (["N", "S"], 14),
            [("N", "LANGUAGE", "MIXED"), ("S", "LANGUAGE", "MIXED")],
            NONE,
            (0, None),
        ),
        ([ADVISER], NONE, NONE, [], NONE, (0, None)),
        ([UKRAINIAN], (["N", "W"], 36), NONE, [], NONE, (0, None)),
    ],
)
def test_each_what_if_is_as_solved_by_hand(county, settings, changes, closed, opened, renamed, whole, links):
    found = try_out(county, settings, {"changes": changes})
    assert figures(found) == {
        "closed": closed, "opened": opened, "renamed": renamed, "whole": whole, "links": links
    }  # fmt: skip
    assert found["problems"] == []


def test_a_second_debt_adviser_secures_what_hung_on_one(county, settings):
    found = try_out(county, settings, {"changes": [ADVISER]})
    assert sorted(row["area"] for row in found["secured"]["rows"]) == ["N", "S"]
    assert found["opened"]["number"] == 0


def test_the_gap_that_opens_when_a_closes_is_named_by_its_distance(county, settings):
    rows = try_out(county, settings, {"changes": [END_OF_A]})["opened"]["rows"]
    assert [row["after"]["type"] for row in rows] == ["DISTANCE", "DISTANCE"]
