"""The page that says where new services would help most."""

from datetime import date
from typing import Any

from flask import render_template, request

from netmap.directory.queries import area_choices
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.network.new_sites import service as room
from netmap.network.new_sites.shown import Figures
from netmap.network.new_sites.views import proof
from netmap.vocabulary.terms import label
from netmap.web.door import blueprint, db, permit, settings

new_sites = blueprint("new_sites")

LONGEST = 80


@new_sites.get("/sites")
@permit("read gaps")
def show() -> str | tuple[str, int]:
    """Show the form, and the best places once a kind of service is chosen."""
    asked = {name: _typed(name) for name in ("type", "places", "objective", "area", "capacity", "unsure")}
    asked["objective"] = asked["objective"] or "cover"
    found, errors = None, {}
    if asked["type"] or asked["objective"] == "package":
        try:
            found = _found(asked)
        except Invalid as error:
            errors = error.fields or {"type": error.message}
    page = render_template(
        "network/sites.html",
        asked=asked,
        gap=_typed("gap"),
        errors=errors,
        found=found,
        figures=Figures(found) if found else None,
        proof=proof(found["status"], found["gap"]) if found else "",
        as_of=date.fromisoformat(found["as_of"]) if found else None,
        types=_types(),
        objectives=_objectives(),
        areas=area_choices(db(), language()),
    )
    return (page, 422) if errors else page


def _typed(name: str) -> str:
    return request.args.get(name, "").strip()[:LONGEST]


def _found(asked: dict[str, str]) -> dict[str, Any]:
    """Return the answer to what was asked.

    Raises
    ------
    Invalid
        If something that was typed is no number, or cannot be answered.
    """
    places = asked["places"] or "1"
    if not (places.isascii() and places.isdigit() and len(places) < 4):
        raise _wrong("places", _("Give the number of places in digits, such as 2."))
    capacity = None
    if asked["capacity"]:
        try:
            capacity = float(asked["capacity"].replace(",", "."))
        except ValueError as error:
            raise _wrong("capacity", _("Give the clients a year in digits, such as 40.")) from error
    return room.where_to_open(
        db(),
        settings(),
        service_type=asked["type"] or None,
        places=int(places),
        objective=asked["objective"],
        area=asked["area"] or None,
        capacity=capacity,
        unsure=bool(asked["unsure"]),
    )


def _wrong(name: str, sentence: str) -> Invalid:
    return Invalid(sentence, {name: sentence})


def _types() -> list[tuple[str, str]]:
    """Return code and name of every kind of service that a package needs, by name."""
    found = [(code, label(code)) for code in room.types_to_open(db())]
    return sorted(found, key=lambda one: (one[1].casefold(), one[0]))


def _objectives() -> list[tuple[str, str]]:
    return [
        ("cover", _("Most people within reach")),
        ("median", _("Shortest ways for all together")),
        ("center", _("Nobody too far away: the longest way as short as can be")),
        ("package", _("Whole packages: several kinds of service at once")),
    ]
