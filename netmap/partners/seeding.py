"""Relations of a made-up network from a file in TOML, written as a person would write them."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import Organization
from netmap.errors import NotFound
from netmap.partners import agreements, governance, matrix, roles, service
from netmap.partners.typed import Form

DAYS = frozenset({"next_on", "begins", "ends", "ended_on", "review_on", "used_on", "agreed_on", "held_on"})


def load(session: Session, path: Path, *, by: str, today: date) -> None:
    """Write what a file says; days in it are counted from ``today``.

    Raises
    ------
    NotFound
        If the file names an organization that the directory does not have.
    Invalid
        If a form that is made of it is wrong.
    """
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    for one in told.get("relation", ()):
        organization = _id(session, one["organization"])
        service.change(session, organization, _form(one, today), by=by)
        for day, how, sentence in one.get("contacts", ()):
            contact = {"day": _day(day, today), "how": how, "sentence": sentence}
            service.note_contact(session, organization, contact, by=by, today=today)
    for one in told.get("agreement", ()):
        agreements.save(session, None, _form(one, today), by=by)
    for one in told.get("role", ()):
        roles.save(session, _id(session, one["organization"]), _form(one, today), by=by)
    answers = {
        f"{_id(session, name)}|{code}": answer
        for name, said in told.get("answers", {}).items()
        for code, answer in said.items()
    }
    if answers:
        matrix.save(session, answers, by=by)
    for one in told.get("body", ()):
        row, _entry = governance.save_body(session, None, _form(one, today), by=by)
        for held in one.get("meeting", ()):
            governance.save_meeting(session, row.id, None, _form(held, today), by=by, today=today)


def _id(session: Session, name: str) -> str:
    found = session.scalars(select(Organization.id).where(Organization.name == name)).first()
    if found is None:
        raise NotFound(f"The directory has no organization “{name}”.")
    return found


def _day(days: object, today: date) -> str:
    return (today + timedelta(days=days)).isoformat() if isinstance(days, int) else str(days)


def _form(told: Mapping[str, Any], today: date) -> Form:
    """Return a table of the file as the form that a person would have filled in."""
    found: dict[str, Any] = {}
    for name, value in told.items():
        if name in DAYS:
            found[name] = _day(value, today)
        elif isinstance(value, list):
            rows = (row if isinstance(row, list) else [row] for row in value)
            found[name] = tuple(tuple(_day(cell, today) for cell in row) for row in rows)
        else:
            found[name] = value
    return found
