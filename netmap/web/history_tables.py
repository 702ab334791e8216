"""How the rows of the network's relations are called in the history."""

from collections.abc import Callable, Mapping

from netmap.editing.fields import Field
from netmap.editing.told_names import Known
from netmap.i18n import gettext as _
from netmap.partners import words


def partner_tables() -> Mapping[str, Known]:
    """Return table -> what one of its rows is called, and its fields."""
    return {
        "partnership": Known(
            _("Relation"),
            _fields(
                _line("owner", _("Looked after by")),
                _line("next_step", _("Next step")),
                _line("next_on", _("Next step on"), "date"),
                _line("note", _("Note")),
                _choice("state", _("State"), words.states),
            ),
        ),
        "partner_contact": Known(
            _("Contact"),
            _fields(
                _line("day", _("Day"), "date"),
                _choice("how", _("How"), words.ways),
                _line("sentence", _("What was said")),
            ),
        ),
        "agreement": Known(
            _("Agreement"),
            _fields(
                _line("title", _("Title")),
                _choice("kind", _("Kind"), words.kinds),
                _line("owner", _("Looked after by")),
                _line("begins", _("Begins"), "date"),
                _line("ends", _("Ends"), "date"),
                _line("ended_on", _("Ended before its time on"), "date"),
                _line("review_on", _("To be reviewed on"), "date"),
                _line("signed_by", _("Signed by")),
            ),
        ),
        "partner_service": Known(
            _("What a partner offers"), _fields(_choice("answer", _("Answer"), words.answers))
        ),
        "role_sheet": Known(_("Role sheet"), {}),
        "coordinating_body": Known(_("Coordinating body"), _fields(_line("name", _("Name")))),
    }


def _fields(*fields: Field) -> Mapping[str, Field]:
    return {one.name: one for one in fields}


def _line(name: str, label: str, kind: str = "line") -> Field:
    return Field(name, lambda: label, kind)


def _choice(name: str, label: str, choices: Callable[[], Mapping[str, str]]) -> Field:
    return Field(name, lambda: label, "choice", choices=choices)
