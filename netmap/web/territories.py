"""Pages: what each territory has of a coordinator, resources and partnerships, and what it could copy."""

from datetime import date

from flask import render_template, request, url_for

from netmap.i18n import gettext as _
from netmap.network.territories.checklist import (
    ASK,
    COORDINATOR,
    HERE,
    NONE,
    PARTNERSHIPS,
    RESOURCES,
    SERVED,
    UNCHECKED,
)
from netmap.network.territories.service import SORTS, territories, territory
from netmap.web.door import blueprint, db, permit, settings
from netmap.web.reach import code_of

lands = blueprint("lands")


@lands.get("/territories")
@permit("read gaps")
def show() -> str:
    """Show the checklist of every territory, or of one of them kind by kind."""
    if code := code_of("area"):
        one = territory(db(), settings(), code)
        return render_template(
            "network/territory.html",
            one=one,
            missing=[element_names()[element] for element in one["missing"]],
            states=state_names(),
            day_of=date.fromisoformat,
        )
    asked = request.args.get("sort", "")
    sort = asked if asked in SORTS else SORTS[0]
    return render_template(
        "network/territories.html",
        found=territories(db(), settings(), sort),
        sort=sort,
        elements=element_names(),
        states=state_names(),
        address=lambda **changes: url_for("lands.show", **changes),
    )


def element_names() -> dict[str, str]:
    """Return the three elements of complete help in words."""
    return {
        COORDINATOR: _("coordinator"),
        RESOURCES: _("resources"),
        PARTNERSHIPS: _("partnerships"),
    }


def state_names() -> dict[str, str]:
    """Return in words how a kind of service stands in a territory."""
    return {
        HERE: _("here"),
        SERVED: _("said to serve it"),
        ASK: _("to ask"),
        NONE: _("none here"),
        UNCHECKED: _("not checked"),
    }
