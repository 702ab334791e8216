"""A column that leads to an organization, as one field: its name, or the address of its page."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.documents import phrase
from netmap.directory.models import Organization
from netmap.directory.tree import require_no_circle
from netmap.editing.fields import Field, Words, Wrong
from netmap.editing.parts import Pen, Problems, Texts
from netmap.i18n import gettext as _

SHOWN = 5  # names that a sentence offers
LETTERS = 3  # of a word, so that it can be looked for
_ADDRESS = re.compile(r"(?:.*/organizations/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[/?#].*)?")


@dataclass(frozen=True)
class ByName:
    """A column of an organization that leads to another one; nobody stands above or after itself."""

    column: str
    label: Words

    def field(self, name: str) -> Field | None:
        """Return the field."""
        return Field(self.column, self.label) if name == self.column else None

    def read(self, session: Session, row: Any) -> dict[str, str]:
        """Return the name of the organization."""
        key = getattr(row, self.column)
        found = session.get(Organization, key) if key else None
        return {self.column: " ".join(found.name.split())} if found else {}

    def problems(self, session: Session, before: Texts, after: Texts) -> Problems:
        """Return why a name that was changed leads nowhere."""
        text = after.get(self.column, "")
        if not text or text == before.get(self.column, ""):
            return {}
        try:
            find(session, text)
        except Wrong as wrong:
            return {self.column: str(wrong)}
        return {}

    def write(self, pen: Pen, row: Any, before: Texts, after: Texts) -> None:
        """Write which organization it is."""
        text = after.get(self.column, "")
        if text == before.get(self.column, ""):
            return
        wanted = find(pen.session, text).id if text else None
        require_no_circle(pen.session, row.id, self.column, wanted)
        setattr(row, self.column, wanted)

    def remove(self, pen: Pen, row: Any) -> None:
        """Do nothing: it goes with its row."""


def find(session: Session, text: str) -> Organization:
    """Return the organization that was typed.

    Raises
    ------
    Wrong
        If there is none of this name, or several; the sentence says how to name one.
    """
    if address := _ADDRESS.fullmatch(text):
        found = session.get(Organization, address[1])
        if found is not None:
            return found
    rows = session.execute(select(Organization.id, Organization.name)).all()
    exact = [id_ for id_, name in rows if " ".join(name.split()) == text]
    alike = exact or [id_ for id_, name in rows if phrase(name) == phrase(text)]
    if len(alike) == 1:
        return session.get_one(Organization, alike[0])
    if alike:
        raise Wrong(
            _(
                "There are %(count)s organisations called %(name)s. Open the right one and paste the address "
                "of its page here.",
                count=len(alike),
                name=text,
            )
        )
    near = _near(text, [name for _id, name in rows])
    if near:
        raise Wrong(
            _("There is no organisation %(name)s. Did you mean: %(near)s?", name=text, near="; ".join(near))
        )
    raise Wrong(_("There is no organisation %(name)s. Give its name as it stands on its page.", name=text))


def _near(text: str, names: list[str]) -> list[str]:
    """Return the names that share most words with a text.

    Examples
    --------
    >>> _near("Aid of the North", ["Aid", "Choir", "Northern Aid", "Aid"])
    ['Northern Aid', 'Aid']
    """

    def words_of(said: str) -> set[str]:
        return {word[: LETTERS + 2] for word in phrase(said).split() if len(word) >= LETTERS}

    wanted = words_of(text)
    shared = [(len(wanted & words_of(name)), name) for name in dict.fromkeys(names)]
    return [name for count, name in sorted(shared, key=lambda one: (-one[0], one[1])) if count][:SHOWN]
