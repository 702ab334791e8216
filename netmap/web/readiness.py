"""Page: how every line of a package stands in every area today, and why."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from flask import render_template

from netmap.i18n import gettext as _
from netmap.network.readiness.service import counts, readiness
from netmap.packages import service
from netmap.web.door import blueprint, db, permit, settings

ready = blueprint("readiness")

STATES = ("not", "ask", "ready")  # what has to be done comes first
SYMBOLS = {"ready": "✓", "not": "✗", "ask": "?"}


@ready.get("/packages/<code>/readiness")
@permit("read packages")
def show(code: str) -> str:
    """Show a table of areas and lines and, line by line, why it is so where."""
    service.get(db(), code)
    found = readiness(db(), settings(), code)
    package = found["packages"][0]
    lines = sorted(package["lines"], key=lambda line: not line["needed"])
    return render_template(
        "readiness/show.html",
        package=package,
        lines=lines,
        warnings=found["warnings"],
        reasons={line["key"]: list(_reasons(package["areas"], line["key"])) for line in lines},
        state_name=state_name,
        symbols=SYMBOLS,
        stale_days=settings().stale_days,
    )


def state_name(state: str) -> str:
    """Return the word for a state."""
    return {"ready": _("ready"), "not": _("missing"), "ask": _("to ask")}[state]


def badges() -> Mapping[str, str]:
    """Return in how many areas each package in use is ready, in words; nothing where there are no areas."""
    return {
        code: _("ready in %(ready)s of %(areas)s areas", ready=found.ready, areas=found.areas)
        for code, found in counts(db(), settings()).items()
        if found.areas
    }


def _reasons(areas: Iterable[Mapping[str, Any]], key: str) -> Iterable[tuple[Mapping[str, Any], list[str]]]:
    """Yield each different cell of a line with the names of its areas, what has to be done first."""
    rows = [
        (cell := area["lines"][key], STATES.index(cell["state"]), cell["reason"], area["name"])
        for area in areas
    ]
    rows.sort(key=itemgetter(1, 2))
    for _state, same in groupby(rows, key=itemgetter(1, 2)):
        told = list(same)
        yield told[0][0], [row[3] for row in told]
