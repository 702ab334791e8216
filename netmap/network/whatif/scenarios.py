"""Scenarios that people keep: made, changed, shared, copied and thrown away."""

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from netmap.db import now
from netmap.directory.saved_address import personal_problem
from netmap.errors import Conflict, Forbidden, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.network.whatif.scenario_models import Scenario
from netmap.network.whatif.scenario_reading import LONGEST_NAME, MOST_CHANGES

MOST = 100  # scenarios of one person

Changes = list[dict[str, Any]]


def seen_by(session: Session, user_id: int) -> Sequence[Scenario]:
    """Return the scenarios of a person and those that others share, the last changed first."""
    query = select(Scenario).where(or_(Scenario.user_id == user_id, Scenario.shared))
    query = query.options(joinedload(Scenario.user)).order_by(Scenario.changed_at.desc(), Scenario.id)
    return session.scalars(query).all()


def scenario(session: Session, user_id: int, key: str) -> Scenario:
    """Return one scenario that a person may see.

    Raises
    ------
    NotFound
        If there is none, or it belongs to somebody who does not share it.
    """
    row = session.get(Scenario, key)
    if row is None or (row.user_id != user_id and not row.shared):
        raise NotFound(_("There is no such scenario; it may have been deleted, or is no longer shared."))
    return row


def add(session: Session, user_id: int, name: str, changes: Changes) -> Scenario:
    """Keep a scenario under a name and return it.

    Raises
    ------
    Invalid
        If the name cannot be kept, or the person has too many.
    """
    number = session.scalar(select(func.count()).select_from(Scenario).where(Scenario.user_id == user_id))
    if (number or 0) >= MOST:
        raise Invalid(_("You have %(most)s scenarios. Delete one that you need no more.", most=MOST))
    row = Scenario(user_id=user_id, name=_checked(name), changes=changes)
    session.add(row)
    session.flush()
    return row


def own(session: Session, user_id: int, key: str, version: int) -> Scenario:
    """Return a scenario that a person may change, as it was when the form was made.

    Raises
    ------
    Forbidden
        If it is somebody else's.
    Conflict
        If it has changed since.
    """
    row = scenario(session, user_id, key)
    if row.user_id != user_id:
        raise Forbidden(_("Only who made a scenario changes it. Copy it, and change the copy."))
    if row.version != version:
        raise Conflict(
            _("This scenario was changed in another window. Look at it as it is now, and try again.")
        )
    return row


def write(session: Session, row: Scenario, **values: object) -> None:
    """Change a scenario: its name, its changes, or whether it is shared.

    Raises
    ------
    Invalid
        If the name cannot be kept.
    """
    if "name" in values:
        values["name"] = _checked(str(values["name"]))
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.changed_at = now()
    session.flush()


def with_change(row: Scenario | None, change: Mapping[str, Any]) -> Changes:
    """Return the changes of a scenario and one more."""
    changes = [*(row.changes if row else ()), dict(change)]
    if len(changes) > MOST_CHANGES:
        raise Invalid(_("A scenario has at most %(most)s changes; divide it.", most=MOST_CHANGES))
    return changes


def without(row: Scenario, number: int) -> Changes:
    """Return the changes of a scenario without one; the last one stays."""
    changes = [change for place, change in enumerate(row.changes) if place != number]
    if not changes:
        raise Invalid(_("A scenario needs at least one change. Delete the scenario instead."))
    return changes


def delete(session: Session, row: Scenario) -> None:
    """Throw a scenario away."""
    session.delete(row)
    session.flush()


def shortened(name: str) -> str:
    """Return a name that is short enough for a scenario, cut between words.

    Examples
    --------
    >>> shortened("Copy of " + 12 * "another ")[-17:]
    'another another …'
    """
    return shorten(name, LONGEST_NAME, placeholder=" …")


def _checked(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or not name.isprintable():
        sentence = _("Give the scenario a name, such as “Debt adviser in the north”.")
    elif len(name) > LONGEST_NAME:
        sentence = _("The name is longer than %(most)s characters: shorten it.", most=LONGEST_NAME)
    elif problem := personal_problem(name):
        sentence = problem
    else:
        return name
    raise Invalid(sentence, {"name": sentence})
