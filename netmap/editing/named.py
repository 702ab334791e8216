"""An organisation, or the name of somebody who has no record, as one field of a form."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.models import Organization
from netmap.editing import fields
from netmap.editing.fields import Field, Words, Wrong
from netmap.editing.parts import Pen, Problems, Texts


@dataclass(frozen=True)
class Named:
    """The columns ``organization_id`` and ``name`` as one: the name of one organisation means it."""

    name: str
    label: Words

    def field(self, name: str) -> Field | None:
        """Return the field."""
        return Field(self.name, self.label, required=True) if name == self.name else None

    def read(self, session: Session, row: Any) -> dict[str, str]:
        """Return the name of the organisation, or the name that was typed."""
        found = session.get(Organization, row.organization_id) if row.organization_id else None
        text = " ".join((found.name if found else row.name or "").split())
        return {self.name: text} if text else {}

    def problems(self, session: Session, before: Texts, after: Texts) -> Problems:
        """Return what is wrong with a name that was changed."""
        text = after.get(self.name, "")
        if before and text == before.get(self.name, ""):
            return {}
        try:
            fields.read(Field(self.name, self.label, required=True), text)
        except Wrong as wrong:
            return {self.name: str(wrong)}
        return {}

    def write(self, pen: Pen, row: Any, before: Texts, after: Texts) -> None:
        """Write which organisation it is, or the name."""
        text = after.get(self.name, "")
        if text == before.get(self.name, ""):
            return
        query = select(Organization.id).where(Organization.name == text).limit(2)
        found = pen.session.scalars(query).all()
        row.organization_id, row.name = (found[0], None) if len(found) == 1 else (None, text)

    def remove(self, pen: Pen, row: Any) -> None:
        """Do nothing: it goes with its row."""
