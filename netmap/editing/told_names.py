"""How the rows of the directory are called in its history, and their fields, as the forms name them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from netmap.directory.models import Organization
from netmap.editing import record
from netmap.editing.columns import Columns
from netmap.editing.fields import Field
from netmap.editing.further import FURTHER
from netmap.editing.parts import Part, Rows
from netmap.editing.pointing import ByName
from netmap.i18n import gettext as _


@dataclass(frozen=True)
class Known:
    """How the rows of a table are called, and their fields by column."""

    one: str
    fields: Mapping[str, Field]

    def label(self, name: str) -> str:
        """Return what a column is called; one that no form has goes by its own name."""
        own = {
            "removed_in_source": _("Gone in its source"),
            "state": _("Decided"),
            "effect": _("For whom"),
            "code": _("What"),
            "assured_date": _("Last checked"),
            "assurer_email": _("Checked by"),
            "organization_id": _("Organisation"),
        }
        field = self.fields.get(name)
        return field.label() if field else own.get(name, name.replace("_", " "))


def known_of(table: str) -> Known:
    """Return how a table is called and its fields, as the forms name them."""
    name, fields = _of_forms().get(table, (None, {}))
    own = {
        "service_type_link": _("Type"),
        "eligibility_rule": _("For whom"),
        "attribute": _("Remark"),
        "schedule": _("Hours"),
        "service": _("Service"),
        "organization": _("Organisation"),
        "location": _("Place"),
        "tie": _("Tie"),
        "vacancy": _("Vacancy"),
    }
    return Known(own.get(table) or (name() if name else table.replace("_", " ")), fields)


@cache
def _of_forms() -> Mapping[str, tuple[Any, Mapping[str, Field]]]:
    """Return table -> what one of its rows is called, and its fields by column, from the forms."""
    found: dict[str, tuple[Any, dict[str, Field]]] = {}

    def collect(table: str, one: Any, parts: Iterable[Part]) -> None:
        _name, fields = found.setdefault(table, (one, {}))
        for part in parts:
            if isinstance(part, Columns):
                fields.update({field.name: field for field in part.fields})
            elif isinstance(part, ByName):
                fields[part.column] = Field(part.column, part.label, "reference", refers=Organization)
            elif isinstance(part, Rows):
                collect(part.model.__tablename__, part.one, part.parts)

    for kind in record.KINDS:
        collect(kind, None, record.parts_of(kind))
    return {**found, **FURTHER}
