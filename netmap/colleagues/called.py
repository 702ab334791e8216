"""How the history calls what colleagues know: whom to call in a settlement, and ties that they share."""

from netmap.directory.models import Area, Organization
from netmap.editing.fields import Field
from netmap.editing.further import call
from netmap.i18n import gettext as _


def tell() -> None:
    """Say how the rows of this room are called."""
    call(
        "settlement_contact", lambda: _("Contact in a settlement"),
        Field("area_code", lambda: _("Settlement"), "reference", refers=Area),
        Field("name", lambda: _("Who"), "line"),
        Field("role", lambda: _("Function"), "line"),
        Field("phone", lambda: _("Telephone"), "line"),
        Field("helps_with", lambda: _("What one can ask"), "line"),
        Field("organization_id", lambda: _("Belongs to"), "reference", refers=Organization),
        Field("agreed_on", lambda: _("Agreed to be named here on"), "date"),
        Field("checked_on", lambda: _("Last spoken with on"), "date"),
        Field("owner", lambda: _("Who looks after it"), "line"),
    )  # fmt: skip
    call("personal_tie", lambda: _("Personal tie"), private=True)
