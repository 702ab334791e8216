"""The page of needs by areas: what is missing, to ask about, single or open; cells lead to their gaps."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for

from netmap.directory.queries import area_choices
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.network.cells.engine import K_MIN
from netmap.network.gaps.selection import select
from netmap.network.picture import matrix
from netmap.network.picture.matrix import By, Matrix
from netmap.packages.service import choices as package_choices
from netmap.vocabulary.terms import label
from netmap.web.door import blueprint, db, permit, settings

network_matrix = blueprint("network_matrix")

ORDERS = ("clients", "gaps", "name")


@network_matrix.get("/network/matrix")
@permit("read gaps")
def show() -> str:
    """Show the matrix, or the gaps of one of its cells on top of it."""
    asked = {name: request.args.get(name) or None for name in ("package", "area")}
    by: By = "type" if request.args.get("by") == "type" else "need"
    sort = request.args.get("sort", "") if request.args.get("sort") in ORDERS else ORDERS[0]
    chosen = select(db(), settings(), asked["package"], asked["area"])
    question, found = chosen.question, matrix.matrix(chosen, by)
    kept = {**asked, "by": by, "sort": sort}
    return render_template(
        "network/matrix.html",
        found=found,
        rows=_ordered(found, sort),
        names={area: question.area_name(area) for area in found.areas},
        states=state_names(settings().fewest_providers),
        picked=_picked(found, question.profile_name),
        chosen=asked,
        by=by,
        sort=sort,
        label=label,
        told=matrix.told,
        packages=package_choices(db(), language()),
        areas=area_choices(db(), language()),
        address=lambda **more: url_for("network_matrix.show", **{**kept, **more}),
    )


def state_names(fewest: int) -> dict[str, tuple[str, str]]:
    """Return each state as a word for a cell, and as a sentence for the legend.

    Fewer providers than ``fewest`` are too few.
    """
    few = _("fewer than %(number)s providers are known", number=fewest)
    return {
        "gap": (_("missing"), _("nobody is there for these people: a gap")),
        "ask": (_("ask"), _("somebody may be there, but something is not known: phone")),
        "unchecked": (
            _("not checked"),
            _("nobody is recorded, but many services have no confirmed type"),
        ),
        "single": (_("single"), _("only one provider is known")) if fewest <= K_MIN else (_("few"), few),
        "open": (_("open"), _("at least %(number)s providers", number=fewest)),
    }


def _ordered(found: Matrix, sort: str) -> list[str]:
    keys: dict[str, Callable[[str], Any]] = {
        "clients": lambda row: (-found.clients(row), -found.total(row, "gap"), label(row)),
        "gaps": lambda row: (-found.total(row, "gap"), -found.clients(row), label(row)),
        "name": label,
    }
    return sorted(found.rows, key=keys[sort])


def _picked(found: Matrix, profile_name: Callable[[str], str]) -> dict[str, Any] | None:
    """Return the cell that the address names, with its gaps."""
    row, _bar, area = request.args.get("cell", "").rpartition("|")
    square = found.squares.get((row, area))
    if square is None or area not in found.areas:
        return None
    gaps = [(key, label(kind), profile_name(package)) for key, (kind, package) in square.gaps.items()]
    return {"row": row, "area": area, "gaps": sorted(gaps, key=lambda one: one[1:])}
