"""Pages: areas compared with each other and with the mean, as a table and as CSV, and their growth."""

import csv
import io
from typing import Any

from flask import Response, render_template, request, url_for

from netmap.directory.queries import area_choices
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.i18n.numbers import number
from netmap.network.areas import kept
from netmap.network.areas.comparing import FALLING, FEWEST, MEASURES, Compared, in_order, mean_of, place_of
from netmap.network.areas.growth import months
from netmap.network.cells.engine import K_MIN
from netmap.web.door import blueprint, db, permit, settings

areas = blueprint("areas")

COUNTS = frozenset({"gaps", "wait_days"})  # all other measures are shares
NEITHER = frozenset({"perhaps"})  # more to be asked about is neither better nor worse


@areas.get("/areas")
@permit("read directory")
def show() -> str:
    """Show how areas stand, one of them beside the mean if the reader wishes."""
    day, rows = kept.newest(db())
    names = dict(area_choices(db(), language()))
    mine = request.args.get("mine") or None
    sort = request.args.get("sort", "")
    sort = sort if sort in MEASURES else "area"
    known = {row.area: row for row in rows}
    return render_template(
        "network/areas.html",
        day=day,
        rows=in_order(rows, sort, names),
        names=names,
        choices=sorted(((row.area, names.get(row.area, row.area)) for row in rows), key=lambda pair: pair[1]),
        mine=mine if mine in known else None,
        told=_told(rows, mine) if mine in known else [],
        sort=sort,
        measures=_measures(),
        falling=FALLING,
        means={measure: mean_of(rows, measure) for measure in MEASURES},
        shown=_shown,
        fewest=FEWEST,
        months=months(db()),
        address=lambda **changes: url_for("areas.show", **{"sort": sort, "mine": mine, **changes}),
    )


@areas.get("/areas.csv")
@permit("read directory")
def table() -> Response:
    """Give the same table as CSV; what may not be told is empty."""
    _day, rows = kept.newest(db())
    names = dict(area_choices(db(), language()))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["area", "name", *MEASURES])
    for row in in_order(rows, "area", names):
        values = (getattr(row, measure) for measure in MEASURES)
        told = ("" if one is None else round(one, 4) for one in values)
        writer.writerow([row.area, names.get(row.area, row.area), *told])
    headers = {"Content-Disposition": "attachment; filename=areas.csv"}
    return Response(out.getvalue(), mimetype="text/csv", headers=headers)


def _measures() -> dict[str, str]:
    return {
        "coverage": _("Needed help that is there"),
        "perhaps": _("To be asked or checked"),
        "gaps": _("Lines of help missing"),
        "single": (
            _("Hangs on one provider")
            if settings().fewest_providers <= K_MIN
            else _("Hangs on fewer than %(number)s providers", number=settings().fewest_providers)
        ),
        "complete": _("Whole packages"),
        "checked": _("Records checked in time"),
        "wait_days": _("Days of waiting"),
    }


def _shown(measure: str, value: float | None) -> str:
    """Return a measure for the page; what is not known, or of too few services, is a dash."""
    if value is None:
        return "–"
    return number(value) if measure in COUNTS else f"{number(100 * value, 0)} %"


def _told(rows: list[Compared], area: str | None) -> list[dict[str, Any]]:
    """Return the measures of one area beside the mean, with its place among the others."""
    own = next(row for row in rows if row.area == area)
    found = []
    for measure, name in _measures().items():
        value, mean = getattr(own, measure), mean_of(rows, measure)
        place = None if measure in NEITHER else place_of(rows, own.area, measure)
        found.append(
            {
                "name": name,
                "value": _shown(measure, value),
                "mean": _shown(measure, mean),
                "place": _("%(place)s of %(areas)s", place=place[0], areas=place[1]) if place else "–",
                "side": _side(measure, value, mean),
            }
        )
    return found


def _side(measure: str, value: float | None, mean: float | None) -> str:
    """Return in words on which side of the mean an area stands."""
    if measure in NEITHER:
        return ""
    if value is None or mean is None:
        return _("not known")
    if _shown(measure, value) == _shown(measure, mean):
        return _("like the mean")
    return _("better than the mean") if (value > mean) == (measure in FALLING) else _("worse than the mean")
