"""Putting two changes together loses nothing that anybody has typed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from netmap.merging import merge

NAMES = ("name", "day", "room", "note")
texts = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))
records = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["a", "b", "c"]))


@given(base=st.one_of(st.none(), records), theirs=records, mine=records)
def test_every_field_is_agreed_or_asked_about_and_no_value_is_invented(
    base: dict[str, str] | None, theirs: dict[str, str], mine: dict[str, str]
) -> None:
    found = merge(base, theirs, mine)
    asked = {one.name for one in found.disagreements}
    for name in NAMES:
        typed, kept, was = mine.get(name), theirs.get(name), (base or {}).get(name)
        if name in asked:
            assert typed != kept
            assert name not in found.agreed
        elif base is not None and typed != was:
            assert found.agreed.get(name) == typed, "what I have changed is there"
        elif base is not None and kept != was:
            assert found.agreed.get(name) == kept, "what they have changed is there"
        else:
            assert found.agreed.get(name) == typed == kept


@given(base=records, theirs=records, mine=records)
def test_it_does_not_matter_who_was_first(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    one, other = merge(base, theirs, mine), merge(base, mine, theirs)
    assert one.agreed == other.agreed
    assert {each.name for each in one.disagreements} == {each.name for each in other.disagreements}
    assert sorted(one.from_mine) == sorted(other.from_theirs)


@given(base=records, mine=records)
def test_alone_everything_is_as_typed(base: dict[str, str], mine: dict[str, str]) -> None:
    found = merge(base, base, mine)
    assert (found.agreed, found.disagreements) == (mine, ())


def test_where_nobody_knows_the_beginning_every_difference_is_asked() -> None:
    found = merge(None, {"name": "a", "day": "x"}, {"name": "b", "day": "x"})
    assert [one.name for one in found.disagreements] == ["name"]
    assert found.agreed == {"day": "x"}


def test_a_disagreement_without_a_choice_is_open_and_cannot_be_settled() -> None:
    found = merge({"name": "a"}, {"name": "b"}, {"name": "c"})
    assert found.open({}) == found.open({"name": "both"}) == ("name",)
    with pytest.raises(KeyError):
        found.settled({"name": "both"})
    assert found.settled({"name": "theirs"}) == {"name": "b"}


def test_a_field_that_one_removes_and_the_other_changes_is_asked_about() -> None:
    found = merge({"name": "a"}, {}, {"name": "b"})
    assert found.settled({"name": "theirs"}) == {}
    assert found.settled({"name": "mine"}) == {"name": "b"}


class TwoTabs(RuleBasedStateMachine):
    """Several tabs on one record: they are opened, typed into and saved in any order.

    Every value typed is unique, so it can be followed: after its tab is saved it is in the record, or it was
    replaced by a later typing into the same field by somebody who had seen it or was asked about it.
    """

    tabs = Bundle("tabs")

    def __init__(self) -> None:
        super().__init__()
        self.record: dict[str, Any] = {}
        self.number = 0
        self.given_up: set[str] = set()  # values that a person has knowingly replaced
        self.saved: set[str] = set()

    @initialize()
    def begin(self) -> None:
        self.record = {"name": "start-name", "day": "start-day"}
        self.given_up = set()

    @rule(target=tabs)
    def open_tab(self) -> dict[str, Any]:
        return {"base": dict(self.record), "mine": dict(self.record)}

    @rule(tab=tabs, name=st.sampled_from(NAMES))
    def type_text(self, tab: dict[str, Any], name: str) -> None:
        if before := tab["mine"].get(name):
            self.given_up.add(before)  # the person sees what stands there and types over it
        self.number += 1
        tab["mine"][name] = f"typed-{self.number}"

    @rule(tab=tabs, name=st.sampled_from(NAMES))
    def empty_field(self, tab: dict[str, Any], name: str) -> None:
        if before := tab["mine"].pop(name, None):
            self.given_up.add(before)

    @rule(tab=tabs, data=st.data())
    def save(self, tab: dict[str, Any], data: st.DataObject) -> None:
        found = merge(tab["base"], self.record, tab["mine"])
        choices = {}
        for one in found.disagreements:
            assert {one.mine, one.theirs} == {tab["mine"].get(one.name), self.record.get(one.name)}
            choices[one.name] = data.draw(st.sampled_from(["mine", "theirs"]))
            self.given_up.add(one.theirs if choices[one.name] == "mine" else one.mine)
        self.saved |= {value for name, value in tab["mine"].items() if tab["base"].get(name) != value}
        self.record = found.settled(choices)
        tab["base"], tab["mine"] = dict(self.record), dict(self.record)

    @invariant()
    def nothing_typed_is_lost(self) -> None:
        assert self.saved - set(self.record.values()) - self.given_up == set()


TestTwoTabs = TwoTabs.TestCase
TestTwoTabs.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
