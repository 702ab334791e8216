"""Taking up a gap: kept, changed, listed, and noted when the gap has closed. Flushes, never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from netmap.directory.saved_address import personal_problem
from netmap.editing.models import Edit
from netmap.editing.writing import edit
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.network.few import told_sum
from netmap.network.gaps.one_gap import Found
from netmap.network.gaps.remedies import RUNGS
from netmap.network.gaps.taken import CLOSED, OPEN
from netmap.network.gaps.taking_models import BEYOND, DECISIONS, LOOKED_AT, GapDecision, GapTest
from netmap.partners.service import owner_of
from netmap.partners.typed import Form, Reading, text

LINES = ("owner", "decision", "remedy", "beyond", "authority")
DAYS = ("sent_on", "answered_on")
AREAS = ("answer", "outcome", "note")
FORM = (*LINES, *DAYS, *AREAS)
BEYOND_US = "beyond"
ANEW = "anew"
AGES = (30, 90, 365)  # days since a gap was taken up


def of(session: Session, key: str) -> GapDecision | None:
    """Return what was decided about a gap, None where nobody has taken it up."""
    query = select(GapDecision).where(GapDecision.id == key)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def as_form(row: GapDecision | None) -> dict[str, str]:
    """Return a decision as its form shows it."""
    if row is None:
        return dict.fromkeys(FORM, "") | {"decision": DECISIONS[0]}
    return {name: text(getattr(row, name)) for name in FORM}


def save(session: Session, key: str, found: Found | None, form: Form, *, by: str, today: date) -> Edit:
    """Keep what was decided about a gap, and return the edit.

    Parameters
    ----------
    session : Session
    key : str
    found : Found or None
        The gap as it is now; None where it has closed, so that only a decision that is there can be changed.
    form : mapping
        The fields of `FORM`; with ``extent`` as `ANEW` it is taken up anew for the areas in which it is
        missing today.
    by : str
        E-mail of the person.
    today : date

    Raises
    ------
    Invalid
        With a sentence for each wrong field.
    """
    row = of(session, key)
    if row is None and found is None:
        raise Invalid(_("This gap is closed, so it cannot be taken up any more."))
    values = _read(session, form, row.owner if row else None, today)
    if found is not None and (row is None or form.get("extent") == ANEW):
        values |= _taken_up(found, today)
    row = row or GapDecision(id=key)
    with edit(session, by=by, kind="gap", about=("gap_decision", row.id)) as entry:
        for name, value in values.items():
            setattr(row, name, value)
        row.by = by
        if found is not None and set(row.areas) & set(found.card.areas):  # it is there again
            row.closed_on = None
        session.add(row)
        session.flush()
    return entry


def others(row: GapDecision, found: Found) -> bool:
    """Return whether a gap that was taken up is missing today in other areas than it was then."""
    return set(row.areas) != set(found.card.areas)


def _taken_up(found: Found, today: date) -> dict[str, object]:
    """Return what a gap is on the day on which it is taken up."""
    card, clients = found.card, found.clients(found.card.areas)
    return {
        "title": found.name,
        "kind": card.kind,
        "service_type": card.service_type,
        "package_code": card.profile,
        "areas": list(card.areas),
        "clients_told": told_sum(clients) if clients else None,
        "taken_up_on": today,
    }


def _read(session: Session, form: Form, owner: str | None, today: date) -> dict[str, object]:
    read = Reading(form)
    values: dict[str, object] = {
        "owner": owner_of(read, form, session, owner),
        "decision": read.choice("decision", DECISIONS, _("Choose what was decided.")),
        "remedy": read.choice("remedy", ("", *RUNGS), _("Choose a step of the ladder, or none.")) or None,
        "beyond": read.choice("beyond", ("", *BEYOND), _("Choose whose decision it needs.")) or None,
        "authority": read.line("authority"),
        **{name: read.area(name) for name in AREAS},
    }
    _no_person(read, values)
    sent, answered = read.day("sent_on"), read.day("answered_on")
    values |= {"sent_on": sent, "answered_on": answered}
    if sent and not values["authority"] and "authority" not in read.errors:
        read.errors["authority"] = _("Say to which authority it was sent, or leave the day empty.")
    if sent and sent > today:
        read.errors["sent_on"] = _("That day has not come yet. Give the day on which it was sent.")
    if answered and answered > today:
        read.errors["answered_on"] = _("That day has not come yet. Give the day of the answer.")
    elif answered and sent and answered < sent:
        read.errors["answered_on"] = _("The answer would be older than the letter. Mend one of the two days.")
    elif answered and not values["answer"] and "answer" not in read.errors:
        read.errors["answer"] = _("Say what the authority answered, or leave the day of the answer empty.")
    read.raise_errors(_("Nothing was saved."))
    return values


def _no_person(read: Reading, values: Mapping[str, object]) -> None:
    """Refuse what looks as if it told of a client."""
    for name in ("outcome", "note", "found"):
        if name not in read.errors and (problem := personal_problem(str(values.get(name) or ""))):
            read.errors[name] = problem


def note_test(session: Session, key: str, form: Mapping[str, object], *, by: str, today: date) -> GapTest:
    """Keep that somebody made sure that a gap is none of knowledge.

    Raises
    ------
    Invalid
        If nothing was looked at.
    """
    read = Reading(form)
    looked = [code for code in LOOKED_AT if code in (form.get("looked_at") or ())]  # type: ignore[operator]
    if not looked:
        read.errors["looked_at"] = _("Tick at least one thing that was looked at.")
    found = read.line("found")
    _no_person(read, {"found": found})
    read.raise_errors(_("Nothing was noted."))
    row = GapTest(gap_key=key, day=today, by=by, looked_at=looked, found=found)
    session.add(row)
    session.flush()
    return row


def tests(session: Session, key: str) -> Sequence[GapTest]:
    """Return who made sure of a gap, the last first."""
    query = select(GapTest).where(GapTest.gap_key == key).order_by(GapTest.day.desc(), GapTest.id)
    return session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Wish:
    """Which gaps that were taken up are to be listed; ``older`` in days since then."""

    decision: str = ""
    owner: str = ""
    show: str = ""
    older: int = 0


def listing(session: Session, wish: Wish, today: date) -> Sequence[GapDecision]:
    """Return the gaps that were taken up, what waits longest first."""
    query = select(GapDecision).where(*_conditions(wish, today))
    return session.scalars(query.order_by(GapDecision.taken_up_on, GapDecision.title, GapDecision.id)).all()


def _conditions(wish: Wish, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wish.decision in DECISIONS:
        found.append(GapDecision.decision == wish.decision)
    if wish.owner:
        found.append(GapDecision.owner == wish.owner)
    if wish.show == OPEN:
        found.append(GapDecision.closed_on.is_(None))
    elif wish.show == CLOSED:
        found.append(GapDecision.closed_on.is_not(None))
    elif wish.show == BEYOND_US:
        found.append(GapDecision.beyond.is_not(None))
    if wish.older:
        found.append(GapDecision.taken_up_on <= today - timedelta(days=wish.older))
    return found


def owners(session: Session) -> Sequence[str]:
    """Return who looks after a gap that was taken up."""
    query = select(GapDecision.owner).where(GapDecision.owner.is_not(None)).distinct()
    return [one for one in session.scalars(query.order_by(GapDecision.owner)) if one]
