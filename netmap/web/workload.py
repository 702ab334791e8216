"""Page: what case managers can do with so many clients, by norms that the reader changes in the address."""

from dataclasses import asdict
from typing import Any

from flask import render_template, request

from netmap.db import now
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.network.areas.workload import Norms, forecast, read
from netmap.partners.typed import text
from netmap.web.door import blueprint, permit, settings

workload = blueprint("workload")


@workload.get("/workload")
@permit("read gaps")
def show() -> Any:
    """Show clients for each case manager and sessions for each client, year by year."""
    typed = {name: request.args.get(name, "")[:20] for name in asdict(Norms())}
    errors: dict[str, str] = {}
    try:
        norms = read(typed)
    except Invalid as error:
        norms, errors = Norms(), dict(error.fields)
    shown = {name: text(value) for name, value in asdict(norms).items()}
    page = render_template(
        "network/workload.html",
        labels=_labels(),
        values={name: typed[name] if errors else shown[name] for name in shown},
        errors=errors,
        years=[] if errors else forecast(norms),
        norms=norms,
        this_year=now().astimezone(settings().zone()).year,
    )
    return (page, 422) if errors else page


def _labels() -> dict[str, tuple[str, str]]:
    published = _("published in May 2023")
    assumed = _("an assumption")
    return {
        "clients": (_("Clients now"), published),
        "managers": (_("Case managers"), published),
        "growth": (_("More clients each year, per cent"), assumed),
        "minutes": (_("Minutes for a session"), published),
        "hours": (_("Hours that a case manager works in a year"), assumed),
        "direct": (_("Of these with clients, per cent"), assumed),
        "sessions": (_("Sessions that a client needs in a year"), assumed),
    }
