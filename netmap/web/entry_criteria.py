"""Pages: the criteria of entry of a region, written by coordinators as sentences; every version is kept."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.directory.queries import area_choices
from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.matching import entry_decisions, entry_sets
from netmap.matching.entry import MEASURES, CriteriaSet
from netmap.network.statistics import shown
from netmap.web.door import blueprint, db, permit
from netmap.web.matching_entry import result_names

criteria = blueprint("criteria")

SPARE = 3  # empty lines of the form; each save gives more


@criteria.get("/entry-criteria")
@permit("match")
def listing() -> str:
    """Show every set in use, and how often each result was decided."""
    return render_template(
        "matching/criteria.html",
        sets=entry_sets.criteria_sets(db()),
        counts=entry_decisions.counts(db()),
        results=result_names(),
        areas=dict(area_choices(db(), language())),
        shown=shown,
    )


@criteria.get("/entry-criteria/new")
@permit("write entry criteria")
def new() -> str:
    """Show an empty form."""
    return _form({"rule": "any"}, None)


@criteria.post("/entry-criteria/new")
@permit("write entry criteria")
def add() -> Any:
    """Keep a new set."""
    return _save(request.form.get("code", "").strip(), None)


@criteria.get("/entry-criteria/<set_code>")
@permit("match")
def show(set_code: str) -> str:
    """Show all versions of a set."""
    versions = entry_sets.history(db(), set_code)
    if not versions:
        raise NotFound(_("There is no such set of criteria. Go back to the list of criteria."))
    return render_template(
        "matching/criteria_versions.html",
        set_code=set_code,
        versions=versions,
        measures=measure_names(),
        areas=dict(area_choices(db(), language())),
    )


@criteria.get("/entry-criteria/<set_code>/edit")
@permit("write entry criteria")
def edit(set_code: str) -> str:
    """Show the form with the version in use."""
    found = entry_sets.criteria_set(db(), set_code)
    return _form(_typed(found), set_code)


@criteria.post("/entry-criteria/<set_code>/edit")
@permit("write entry criteria")
def save(set_code: str) -> Any:
    """Keep a new version."""
    return _save(set_code, set_code)


def _save(code: str, known: str | None) -> Any:
    typed = {name: value[:400] for name, value in request.form.items()}
    numbers = sorted(int(name[5:]) for name in typed if name.startswith("text-") and name[5:].isdecimal())
    values = {
        "name": typed.get("name", ""),
        "rule": typed.get("rule", ""),
        "area": typed.get("area", ""),
        "criteria": [
            {"text": typed.get(f"text-{at}", ""), "measure": typed.get(f"measure-{at}", "")} for at in numbers
        ],
    }
    expected = typed.get("expected", "")
    number = int(expected) if known and expected.isdecimal() and len(expected) < 9 else (-1 if known else 0)
    try:
        entry_sets.save_criteria(db(), code, values, by=current_user.email, expected=number)
    except Conflict as error:
        db().rollback()
        return _form(typed, known, {"name" if known else "code": error.message}), 409
    except Invalid as error:
        db().rollback()
        return _form(typed, known, {_place(name, numbers): text for name, text in error.fields.items()}), 422
    return redirect(url_for("criteria.show", set_code=code), 303)


def _place(name: str, numbers: list[int]) -> str:
    """Return the field of the form that an error is about."""
    parts = name.split(".")
    if parts[0] != "criteria":
        return name
    if len(parts) == 1 or not numbers:
        return f"text-{numbers[0] if numbers else 1}"
    at = numbers[min(int(parts[1]), len(numbers) - 1)]
    return f"{parts[2] if len(parts) > 2 else 'text'}-{at}"


def _form(typed: Mapping[str, str], known: str | None, errors: Mapping[str, str] | None = None) -> str:
    filled = [int(name[5:]) for name, value in typed.items() if name.startswith("text-") and value.strip()]
    return render_template(
        "matching/criteria_form.html",
        typed=typed,
        set_code=known,
        lines=range(1, max(filled, default=0) + SPARE + 1),
        measures=[("", _("cannot be told from the form")), *measure_names().items()],
        areas=[("", _("every area")), *area_choices(db(), language())],
        errors=errors or {},
    )


def _typed(found: CriteriaSet) -> dict[str, str]:
    typed = {"name": found.name, "rule": found.rule, "area": found.area, "expected": str(found.number)}
    for at, one in enumerate(found.criteria, start=1):
        typed |= {f"text-{at}": one.text, f"measure-{at}": one.measure}
    return typed


def measure_names() -> dict[str, str]:
    """Return from what an answer can be suggested, in words."""
    names = {
        "many_needs": _("number of needs, and whether help takes long"),
        "extra_resources": _("lines of the best package without a provider"),
        "not_alone": _("whether the person needs somebody along"),
    }
    return {code: names[code] for code in MEASURES}
