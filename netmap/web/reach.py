"""Page: is there enough of one kind of service, how far is it, and what can nobody serve."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for

from netmap.directory.queries import area_choices
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.i18n.numbers import number
from netmap.network.reach.loading import KM, needed_types
from netmap.network.reach.service import SORTS, Asked, choices, reach
from netmap.network.statistics import MIN_CELL_COUNT, shown
from netmap.packages.service import choices as package_choices
from netmap.web.door import blueprint, db, permit, settings

reaching = blueprint("reaching")

PLENTY = 2.0
COARSE = 0.05  # where few people live, ratios are told in such steps, and people in fives


@reaching.get("/reach")
@permit("read gaps")
def show() -> str:
    """Show supply per head in each area, who is overloaded, and how long people wait."""
    kinds, modes = choices(db())
    asked, packages = _asked(), package_choices(db(), language())
    given = {name: value for name, value in request.args.items() if name in FIELDS and value}
    if not kinds:
        return render_template("network/reach.html", found=None)
    left_out = _left_out(asked)
    if left_out:
        asked = Asked(**{**_fields(asked), "package": None})
    found = reach(db(), settings(), asked)
    names = dict(packages)
    return render_template(
        "network/reach.html",
        found=found,
        kinds=kinds if found["service_type"] in dict(kinds) else [*kinds, _self(found)],
        packages=packages,
        names=names,
        left_out=names.get(left_out, left_out),
        areas=area_choices(db(), language()),
        ways={KM: _("kilometres on the road"), **{mode: way_names()[mode] for mode in modes}},
        asked=asked,
        day_of=date.fromisoformat,
        ratio=lambda value: ratio_words(value, found["coarse"]),
        people=lambda value: people_words(value, found["coarse"]),
        address=lambda **changes: url_for("reaching.show", **{**given, **changes}),
        full=1.0
        if found["basis"] == "clients"
        else max((row["ratio_least"] for row in found["areas"]), default=0.0) or 1.0,
        unit=_("km") if asked.by == KM else _("minutes"),
    )


FIELDS = ("type", "package", "area", "by", "within", "stay", "sort")


def way_names() -> dict[str, str]:
    """Return the ways of travelling in words."""
    return {
        "car": _("minutes by car"), "public": _("minutes by bus or train"),
        "foot": _("minutes on foot"), "bicycle": _("minutes by bicycle"),
    }  # fmt: skip


def ratio_words(value: float, coarse: bool) -> str:
    """Return supply per client for a page, in coarse steps where few clients could be told from it."""
    if coarse and value > PLENTY:
        return _("over %(ratio)s", ratio=number(PLENTY))
    return number(round(value / COARSE) * COARSE if coarse else value, 2)


def people_words(value: float, coarse: bool) -> str:
    """Return a number of people for a page; those under five are not told, nor what would reveal them."""
    if 0 < value < MIN_CELL_COUNT:
        return shown(value)
    return number(MIN_CELL_COUNT * round(value / MIN_CELL_COUNT) if coarse else value, 0)


def _asked() -> Asked:
    sort = request.args.get("sort", "")
    return Asked(
        service_type=code_of("type") or None,
        package=code_of("package") or None,
        area=code_of("area") or None,
        by=code_of("by") or KM,
        within=_number("within"),
        stay=_number("stay"),
        sort=sort if sort in SORTS else SORTS[0],
    )


def code_of(name: str) -> str:
    """Return a code of the address; signs that nobody can print are no part of any code or sentence."""
    return "".join(sign for sign in request.args.get(name, "") if sign.isprintable())


def _number(name: str) -> float | None:
    """Return a number of the address; what is no number is refused like one that is out of range."""
    typed = request.args.get(name, "").strip().replace(",", ".")
    if not typed:
        return None
    try:
        return float(typed)
    except ValueError:
        return -1.0


def _fields(asked: Asked) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in Asked.__dataclass_fields__}


def _left_out(asked: Asked) -> str:
    """Return the package that does not need this kind of service, or nothing."""
    if not asked.service_type or not asked.package:
        return ""
    return "" if asked.package in needed_types(db()).get(asked.service_type, ()) else asked.package


def _self(found: dict[str, Any]) -> tuple[str, str]:
    return found["service_type"], found["service_type_label"]
