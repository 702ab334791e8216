"""Columns of a row as fields of a form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from netmap.editing import fields
from netmap.editing.fields import Field, Wrong
from netmap.editing.parts import Pen, Problems, Texts
from netmap.i18n import gettext as _


@dataclass(frozen=True)
class Together:
    """Columns that must agree: ``said`` takes their values and gives field -> what is wrong with it."""

    names: tuple[str, ...]
    said: Callable[..., Mapping[str, str]]


@dataclass(frozen=True)
class Columns:
    """Columns of the row itself.

    ``checks`` are asked where one of their columns was changed; ``stamp`` names a column that takes the
    moment of each change.
    """

    fields: tuple[Field, ...]
    checks: tuple[Together, ...] = ()
    stamp: str = ""

    def field(self, name: str) -> Field | None:
        """Return the field of this name."""
        return next((one for one in self.fields if one.name == name), None)

    def read(self, session: Session, row: Any) -> dict[str, str]:
        """Return the columns that hold something, tidied as what is typed: blanks are no change."""
        texts = ((one.name, fields.tidy(one, fields.as_text(getattr(row, one.name)))) for one in self.fields)
        return {name: text for name, text in texts if text}

    def problems(self, session: Session, before: Texts, after: Texts) -> Problems:
        """Return what is wrong with the columns that were changed."""
        found: Problems = {}
        changed = {one.name for one in self.fields if before.get(one.name) != after.get(one.name)}
        values: dict[str, Any] = {}
        for one in self.fields:
            text = after.get(one.name, "")
            try:
                values[one.name] = _value(session, one, text)
            except Wrong as wrong:
                if one.name in changed or not before:
                    found[one.name] = str(wrong)
        for check in self.checks:
            if changed.intersection(check.names) and not found.keys() & set(check.names):
                found |= check.said(*(values.get(name) for name in check.names))
        return found

    def write(self, pen: Pen, row: Any, before: Texts, after: Texts) -> None:
        """Write the columns that were changed."""
        table = type(row).__table__
        changed = [one for one in self.fields if before.get(one.name) != after.get(one.name)]
        for one in changed:
            value = fields.read(replace(one, required=False), after.get(one.name, ""))
            if value is None and not table.c[one.name].nullable:
                value = False if one.kind == "yes" else ""
            setattr(row, one.name, value)
        if changed and self.stamp:
            setattr(row, self.stamp, pen.moment)

    def remove(self, pen: Pen, row: Any) -> None:
        """Do nothing: columns go with their row."""


def _value(session: Session, field: Field, text: str) -> Any:
    found = fields.read(field, text)
    if field.refers is not None and found is not None and session.get(field.refers, found) is None:
        raise Wrong(
            _("What was chosen for “%(what)s” is not there any more: choose again.", what=field.label())
        )
    return found
