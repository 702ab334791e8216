"""What the form of a vacancy holds."""

from functools import cache

from netmap.directory.models import Contact, Location
from netmap.editing.columns import Columns
from netmap.editing.fields import Field
from netmap.editing.parts import Part
from netmap.i18n import gettext as _


@cache
def vacancy() -> tuple[Part, ...]:
    """Return what the form of a vacancy holds."""
    columns = (
        Field("title", lambda: _("What work it is"), required=True),
        Field("description", lambda: _("What one does there"), "text"),
        Field("pay", lambda: _("Pay")),
        Field("hours", lambda: _("Hours")),
        Field("requirements", lambda: _("What one needs"), "text"),
        Field("places", lambda: _("Free places"), "int", most=10_000),
        Field("valid_to", lambda: _("Last day"), "date"),
        Field("location_id", lambda: _("Where"), "reference", refers=Location),
        Field("contact_id", lambda: _("Whom to ask"), "reference", refers=Contact),
    )
    return (Columns(columns),)
