"""Who rings whom today: a person takes a desk, a coordinator shares desks out; over when the day ends."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from netmap.auth.models import User
from netmap.auth.permits import allowed
from netmap.errors import Conflict, Invalid
from netmap.freshness.models import Claim
from netmap.i18n import gettext as _

MOST_EACH = 50  # calls that are shared out to one person for one day


def assigned(session: Session, day: date) -> Mapping[str, str]:
    """Return who rings each desk on a day."""
    rows = session.execute(select(Claim.desk, Claim.person).where(Claim.day == day).order_by(Claim.id))
    return {row.desk: row.person for row in rows}


def claim(session: Session, desk: str, *, person: str, day: date) -> None:
    """Take a desk for the day; one's own is taken already.

    Raises
    ------
    Conflict
        If another person rings it today.
    """
    holder = session.scalar(select(Claim.person).where(Claim.day == day, Claim.desk == desk))
    if holder is None:
        try:
            with session.begin_nested():
                session.add(Claim(day=day, desk=desk, person=person, given_by=person))
        except IntegrityError:  # somebody took it in this very moment
            holder = session.scalar(select(Claim.person).where(Claim.day == day, Claim.desk == desk))
    if holder not in (None, person):
        raise Conflict(_("%(person)s rings this provider today. Take the next one.", person=holder))


def release(session: Session, desk: str, *, person: str, day: date) -> None:
    """Give a desk of one's own back; what another person has stays theirs."""
    mine = (Claim.day == day) & (Claim.desk == desk) & (Claim.person == person)
    session.execute(delete(Claim).where(mine))


def share_out(
    session: Session, desks: Sequence[str], people: Sequence[str], *, by: str, day: date
) -> Mapping[str, int]:
    """Give desks to people in turns, so that each has as many and as grave ones; return how many each got.

    Parameters
    ----------
    session : Session
    desks : sequence of str
        Those that nobody has today, the gravest first.
    people : sequence of str
        E-mails of people who may ring.
    """
    unknown = sorted(set(people) - set(callers(session)))
    if not people or unknown:
        raise Invalid(
            _("Choose who rings today."),
            {"people": _("Choose at least one person of the list.")},
        )
    given = dict.fromkeys(people, 0)
    turns = dealt(len(desks), len(people))
    for desk, turn in zip(desks, turns, strict=True):
        session.add(Claim(day=day, desk=desk, person=people[turn], given_by=by))
        given[people[turn]] += 1
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            _("Somebody took one of these calls in the meantime. Nothing was shared out; try again.")
        ) from error
    return given


def dealt(count: int, people: int) -> list[int]:
    """Return whose turn each is: forwards, then backwards, so that nobody always has the graver of two.

    Examples
    --------
    >>> dealt(7, 3)
    [0, 1, 2, 2, 1, 0, 0]
    """
    turns = [*range(people), *reversed(range(people))]
    return [turns[place % len(turns)] for place in range(count)]


def callers(session: Session) -> list[str]:
    """Return the e-mails of everybody who may ring, in their order."""
    query = select(User.email, User.role).where(User.active.is_(True)).order_by(User.email)
    return [row.email for row in session.execute(query) if allowed("ring round", row.role)]
