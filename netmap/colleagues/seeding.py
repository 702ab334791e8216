"""What a made-up staff knows, from a file in TOML, written as a person would write it."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.colleagues import knowing, settlements
from netmap.directory.models import Organization
from netmap.errors import NotFound
from netmap.i18n import gettext as _

DAYS = ("agreed_on", "checked_on")


def load(session: Session, path: Path, *, today: date) -> None:
    """Write what a file says; days in it are counted from ``today``.

    Raises
    ------
    NotFound
        If the file names an organization that the directory does not have.
    Invalid
        If a line of it is wrong.
    """
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    for one in told.get("skill", ()):
        knowing.add_skill(session, one, owner=one["owner"])
    for one in told.get("tie", ()):
        row = knowing.keep_tie(session, _id(session, one["organization"]), one, owner=one["owner"])
        if one["shared"]:
            knowing.share_tie(session, row.id, owner=row.owner, shared=True)
    for one in told.get("settlement", ()):
        settlements.keep(session, None, _form(one, today), by=one["owner"], today=today)


def _form(told: dict[str, Any], today: date) -> dict[str, Any]:
    days = {name: (today + timedelta(days=told[name])).isoformat() for name in DAYS if name in told}
    return {**told, **days}


def _id(session: Session, name: str) -> str:
    found = session.scalars(select(Organization.id).where(Organization.name == name)).first()
    if found is None:
        raise NotFound(_("There is no such organisation; it may have been removed."))
    return found
