"""Page and file: how true the directory is, by area, type and source, what calls found, and the trend."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import Response, render_template, request

from netmap.directory.area_table import area_table
from netmap.directory.models import Source
from netmap.freshness.truth import MEASURED_DAYS, Truth, trend, truths
from netmap.i18n import gettext as _
from netmap.shares import Share
from netmap.vocabulary.terms import label, vocabulary
from netmap.web.door import db, permit, settings
from netmap.web.upkeep import today, upkeep

SHOWN = 8  # rows of a part on the page; all of them stand in the file
CSV_COLUMNS = (
    "as_of", "part", "code", "name", "services", "confirmed_within_rhythm", "share", "share_low",
    "share_high", "never_confirmed", "doubtful_phone", "closed_not_removed", "called", "right_as_recorded",
    "measured", "measured_low", "measured_high",
)  # fmt: skip


@upkeep.get("/upkeep/truth")
@permit("upkeep")
def truth() -> str:
    """Show how true the directory is today, and how that changed from month to month."""
    day, everything = today(), request.args.get("part", "")
    rows = truths(db(), day, settings().stale_days)
    parts = [(part, title, [one for one in rows if one.part == part]) for part, title in _parts()]
    return render_template(
        "upkeep/truth.html",
        whole=rows[0],
        parts=[
            (part, title, some if part == everything else some[:SHOWN], len(some))
            for part, title, some in parts
        ],
        name=_namer(),
        percent=percent,
        between=between,
        months=trend(db()),
        month_share=lambda row: Share(row.within, row.services),
        month_measured=lambda row: Share(row.as_recorded, row.called),
        measured_days=MEASURED_DAYS,
        today=day,
    )


@upkeep.get("/upkeep/truth.csv")
@permit("upkeep")
def truth_csv() -> Response:
    """Give all rows of the page as CSV for machines."""
    day = today()
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(CSV_COLUMNS)
    name = _namer()
    for row in truths(db(), day, settings().stale_days):
        lines.writerow(_line(row, name(row), day))
    return Response(
        text.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename=truth-{day.isoformat()}.csv"},
    )


def _line(row: Truth, name: str, day: date) -> list[Any]:
    return [
        day.isoformat(),
        row.part,
        row.code,
        name if not name.startswith(tuple("=+-@\t\r")) else f"'{name}",
        row.services,
        row.within,
        *_numbers(row.share),
        row.never,
        row.doubtful,
        row.closed,
        row.called,
        row.as_recorded,
        *_numbers(row.measured),
    ]


def _numbers(share: Share) -> list[str]:
    """Return a share and its interval; empty where there is nothing that it could be a share of."""
    if not share.whole:
        return ["", "", ""]
    return [f"{one:.4f}" for one in (share.value, *share.interval)]


def _parts() -> Sequence[tuple[str, str]]:
    return [("area", _("By area")), ("type", _("By service type")), ("source", _("By source"))]


def _namer() -> Callable[[Truth], str]:
    """Return a function from a row to its name in the reader's language."""
    table, types = area_table(db()), vocabulary().service_types
    sources = {row.id: row.name for row in db().query(Source)}
    nothing = {
        "all": _("All"),
        "area": _("area not known"),
        "type": _("type not known"),
        "source": _("typed by hand"),
    }

    def name(row: Truth) -> str:
        if not row.code:
            return nothing[row.part]
        if row.part == "area":
            return table.label(row.code)
        if row.part == "type":
            return label(row.code) if row.code in types else row.code
        return sources.get(row.code) or row.code

    return name


def percent(share: Share) -> str:
    """Return a share in whole per cent, or that nothing is known."""
    return f"{round(100 * share.value)} %" if share.whole else _("not known")


def between(share: Share) -> str:
    """Return the interval of a share in whole per cent."""
    low, high = (round(100 * one) for one in share.interval)
    return _("%(low)s to %(high)s %%", low=low, high=high) if share.whole else ""
