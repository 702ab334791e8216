"""Taking up a gap: what is kept, what is refused, and that it says when the gap has closed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netmap.auth.models import User
from netmap.db import now
from netmap.directory.models import Area, EligibilityRule, Service
from netmap.editing.models import Edit
from netmap.errors import Invalid
from netmap.network.gaps import taken, taking
from netmap.network.gaps.cards import key_of
from netmap.network.gaps.kept_question import everything
from netmap.network.gaps.one_gap import find
from netmap.network.gaps.taking_words import progress
from netmap.network.models import Demand
from tests.network.examples import offer, store

KEY = key_of("ELIGIBILITY", "addiction_outpatient", "k1")
TODAY = now().date()
FORM = taking.as_form(None) | {"decision": "proposed"}
OWNER = "planner@office.example"


@pytest.fixture
def town(town_session):
    town_session.add(User(email=OWNER, password_hash="x", role="planner"))
    town_session.flush()
    return town_session


def standing(session, settings):
    return taken.standing_of(everything(session, settings))


def state(row, session, settings):
    found = taken.state_of(row, standing(session, settings))
    return found.state, found.key


def take(session, settings, **typed):
    return taking.save(session, KEY, find(session, settings, KEY), FORM | typed, by=OWNER, today=TODAY)


def test_what_the_gap_was_is_kept_with_the_decision_and_its_history(town, settings):
    entry = take(town, settings, owner=OWNER, authority="Council", sent_on=TODAY.isoformat(), beyond="law")
    row = taking.of(town, KEY)
    assert (row.kind, row.service_type, row.package_code) == ("ELIGIBILITY", "addiction_outpatient", "k1")
    assert (row.areas, row.clients_told, row.taken_up_on) == (["A", "B"], "50", TODAY)
    assert (row.owner, row.authority, row.sent_on, row.beyond) == (OWNER, "Council", TODAY, "law")
    assert town.get(Edit, entry.id).about() == ("gap_decision", KEY)
    take(town, settings, owner=OWNER, authority="Council", outcome="Money from March")
    kept = town.scalars(select(Edit).where(Edit.about_id == KEY).order_by(Edit.id)).all()
    assert [[change.table_name for change in one.changes] for one in kept] == [["gap_decision"]] * 2
    assert taking.of(town, KEY).version == 2


def test_a_small_number_is_not_kept(town, settings):
    for row in town.scalars(select(Demand).where(Demand.package_code == "k1", Demand.area_code == "B")):
        row.clients = 2
    town.flush()
    take(town, settings)
    assert taking.of(town, KEY).clients_told == "41 to 44"


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"sent_on": "2026-02-31", "authority": "Council"}, "sent_on", "does not exist"),
        ({"sent_on": "2026-02-01"}, "authority", "to which authority"),
        ({"sent_on": "2199-01-01", "authority": "Council"}, "sent_on", "has not come yet"),
        ({"sent_on": "2026-03-02", "answered_on": "2026-03-01", "authority": "A", "answer": "Yes"},
         "answered_on", "older than the letter"),
        ({"answered_on": "2026-03-01"}, "answer", "what the authority answered"),
        ({"decision": "burned"}, "decision", "what was decided"),
        ({"remedy": "magic"}, "remedy", "step of the ladder"),
        ({"beyond": "moon"}, "beyond", "whose decision"),
        ({"owner": "nobody@office.example"}, "owner", "may sign in"),
        ({"note": "Anna, tel. +370 612 34567"}, "note", "long number"),
        ({"outcome": "anna@mail.example got it"}, "outcome", "e-mail address"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_a_sentence_and_nothing_is_written(town, settings, typed, field, sentence):
    with pytest.raises(Invalid) as error:
        take(town, settings, **typed)
    assert sentence in error.value.fields[field]
    assert taking.of(town, KEY) is None


def test_a_gap_that_has_closed_says_since_when_and_opens_again(town, settings):
    take(town, settings)
    row = taking.of(town, KEY)
    assert state(row, town, settings) == ("open", KEY)
    assert taken.note_standing(town, standing(town, settings), TODAY) == 0
    rules = town.scalars(select(EligibilityRule)).all()
    for rule in rules:
        town.delete(rule)
    town.flush()
    assert taken.note_standing(town, standing(town, settings), TODAY) == 1
    assert taking.of(town, KEY).closed_on == TODAY
    assert taken.note_standing(town, standing(town, settings), TODAY + timedelta(days=9)) == 0
    assert taking.of(town, KEY).closed_on == TODAY  # since then, not since it was looked at again
    town.add(EligibilityRule(service_id="v2", code="single_parent", effect="excluded"))
    town.flush()
    assert state(taking.of(town, KEY), town, settings)[0] == "again"
    assert taken.note_standing(town, standing(town, settings), TODAY) == 1
    assert taking.of(town, KEY).closed_on is None


def test_what_is_missing_for_another_reason_is_not_closed(town, settings):
    take(town, settings)
    town.get(Service, "v2").duration = "once"  # now two things stand in the way
    town.flush()
    changed = "changed", key_of("MIXED", "addiction_outpatient", "k1")
    assert state(taking.of(town, KEY), town, settings) == changed
    assert taken.note_standing(town, standing(town, settings), TODAY) == 0


ASSISTANT_C = key_of("DISTANCE", "personal_assistant", "k2")  # of Town C alone


def take_assistant(town, settings):
    taking.save(town, ASSISTANT_C, find(town, settings, ASSISTANT_C), FORM, by=OWNER, today=TODAY)
    return taking.of(town, ASSISTANT_C)


def far_town(town):
    town.add(Area(code="D", name="Town D", latitude=57.0, longitude=22.0))
    town.flush()


def open_in(town, place, key="v9"):
    store(town, offer(key, "P5", "personal_assistant", place))
    town.flush()


def test_what_is_missing_in_another_place_does_not_undo_what_was_reached(town, settings):
    row = take_assistant(town, settings)
    assert row.areas == ["C"]
    far_town(town)
    assert state(row, town, settings) == ("open", ASSISTANT_C)
    open_in(town, "C")
    assert taken.note_standing(town, standing(town, settings), TODAY) == 1
    assert row.closed_on == TODAY
    assert state(row, town, settings) == ("elsewhere", ASSISTANT_C)
    taking.save(town, ASSISTANT_C, find(town, settings, ASSISTANT_C), FORM, by=OWNER, today=TODAY)
    assert row.closed_on == TODAY  # writing what came of it does not open it again
    assert [one.id for one in taking.listing(town, taking.Wish(show="closed"), TODAY)] == [ASSISTANT_C]


def test_a_gap_of_other_areas_can_be_taken_up_anew(town, settings):
    row = take_assistant(town, settings)
    far_town(town)
    open_in(town, "C")
    row.taken_up_on = TODAY - timedelta(days=400)
    taken.note_standing(town, standing(town, settings), TODAY)
    found = find(town, settings, ASSISTANT_C)
    assert taking.others(row, found)
    taking.save(town, ASSISTANT_C, found, FORM | {"extent": taking.ANEW}, by=OWNER, today=TODAY)
    assert (row.areas, row.clients_told) == (["D"], None)  # nobody counted clients there
    assert (row.taken_up_on, row.closed_on) == (TODAY, None)
    assert state(row, town, settings) == ("open", ASSISTANT_C)
    assert not taking.others(row, found)


def test_a_gap_that_has_closed_in_one_of_its_areas_says_so(town, settings):
    far_town(town)
    row = take_assistant(town, settings)
    assert set(row.areas) == {"C", "D"}
    open_in(town, "C")
    found = taken.state_of(row, standing(town, settings))
    assert (found.state, found.left, found.of) == ("open", ("D",), 2)
    assert progress(found) == "closed in 1 of 2 areas"
    town.get(Service, "v9").status = "unknown"  # in C somebody has to ask now, in D it is as before
    town.flush()
    found = taken.state_of(row, standing(town, settings))
    assert (found.state, set(found.left), progress(found)) == ("open", {"C", "D"}, "")


def test_what_nobody_looks_at_any_more_has_not_closed(town, settings):
    row = take_assistant(town, settings)
    row.package_code = "withdrawn"
    assert state(row, town, settings)[0] == "unasked"
    assert taken.note_standing(town, standing(town, settings), TODAY) == 0
    row.package_code, row.areas = "k2", ["gone"]
    assert state(row, town, settings)[0] == "unasked"
    assert taken.note_standing(town, standing(town, settings), TODAY) == 0
    assert row.closed_on is None


def test_a_closed_gap_cannot_be_taken_up_but_what_was_decided_can_be_finished(town, settings):
    with pytest.raises(Invalid, match="closed"):
        taking.save(town, KEY, None, FORM, by=OWNER, today=TODAY)
    take(town, settings)
    taking.save(town, KEY, None, FORM | {"decision": "solved"}, by=OWNER, today=TODAY)
    assert taking.of(town, KEY).decision == "solved"


def test_the_list_is_narrowed_by_state_owner_age_and_what_is_beyond_us(town, settings):
    take(town, settings, owner=OWNER, beyond="higher")

    def listed(days=0, **wish):
        return [row.id for row in taking.listing(town, taking.Wish(**wish), TODAY + timedelta(days=days))]

    assert listed() == listed(decision="proposed") == listed(owner=OWNER) == listed(show="beyond") == [KEY]
    assert listed(decision="solved") == listed(owner="x@y.example") == listed(show="closed") == []
    assert listed(older=30) == []
    assert listed(days=30, older=30) == [KEY]


def test_who_made_sure_is_kept_with_the_day(town):
    with pytest.raises(Invalid) as error:
        taking.note_test(town, KEY, {"looked_at": [], "found": ""}, by=OWNER, today=TODAY)
    assert "at least one" in error.value.fields["looked_at"]
    with pytest.raises(Invalid):
        taking.note_test(
            town, KEY, {"looked_at": ["calls"], "found": "ask a@b.example"}, by=OWNER, today=TODAY
        )
    taking.note_test(town, KEY, {"looked_at": ["calls", "magic"], "found": "Nobody"}, by=OWNER, today=TODAY)
    (row,) = taking.tests(town, KEY)
    assert (row.day, row.by, row.looked_at, row.found) == (TODAY, OWNER, ["calls"], "Nobody")
