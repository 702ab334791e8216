"""Pages: the weights and thresholds of matching, their versions, and what a change of them would do."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from netmap.errors import Conflict, Invalid
from netmap.i18n.numbers import decimal_sign
from netmap.matching import rules_service as service
from netmap.matching.rules import Rules
from netmap.matching.rules_check import flat, nested, read_rules
from netmap.matching.rules_words import rules_difference, threshold_words, weight_words
from netmap.matching.trying import try_rules
from netmap.web.door import blueprint, db, permit, settings
from netmap.web.effects import rules_words

rules = blueprint("rules")


@rules.get("/rules")
@permit("edit rules")
def show() -> str:
    """Show the weights and thresholds in use, and all versions."""
    return _page(_typed(service.current_rules(db())), saved=request.args.get("saved", ""))


@rules.post("/rules/effect")
@permit("edit rules", reads=True)
def effect() -> Any:
    """Show what the weights and thresholds of the form would change; nothing is stored."""
    try:
        found = _sent()
    except Invalid as error:
        return _page(request.form, errors=error.fields), 422
    tried = try_rules(db(), settings(), found)
    return _page(request.form, effect=rules_words(tried.cases, tried.answered), unsaved=True)


@rules.post("/rules")
@permit("edit rules")
def save() -> Any:
    """Save the weights and thresholds of the form as a new version."""
    try:
        number = service.save_rules(
            db(), _sent(), by=current_user.email, note=request.form.get("note", ""), expected=_expected()
        )
    except Invalid as error:
        return _page(request.form, errors=error.fields), 422
    except Conflict as error:
        return _page(request.form, errors={"note": error.message}), 409
    return redirect(url_for("rules.show", saved=number), 303)


@rules.post("/rules/restore")
@permit("edit rules")
def restore() -> Any:
    """Make an older version the newest one."""
    try:
        number = service.restore_rules(db(), _number("number"), by=current_user.email, expected=_expected())
    except Conflict as error:
        return _page(_typed(service.current_rules(db())), errors={"note": error.message}), 409
    return redirect(url_for("rules.show", saved=number), 303)


def _page(typed: Mapping[str, str], **notices: Any) -> str:
    history = service.rules_history(db())
    changes = [(one, rules_difference(before.rules, one.rules)) for one, before in pairwise(history)]
    return render_template(
        "rules/show.html",
        typed=typed,
        errors=notices.pop("errors", {}),
        weights=weight_words(),
        thresholds=threshold_words(),
        current=history[0],
        changes=changes,
        first=history[-1],
        **notices,
    )


def _sent() -> Rules:
    """Return the rules of the form; a number that cannot be read stays a text, and the check says so."""
    names = (*weight_words(), *threshold_words())
    return read_rules(nested({name: _value(request.form.get(name, "")) for name in names}), _expected())


def _value(text: str) -> object:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    return float(text) if re.fullmatch(r"-?\d{1,6}(\.\d{1,6})?", text) else text


def _typed(found: Rules) -> dict[str, str]:
    typed = {name: f"{value:g}".replace(".", decimal_sign()) for name, value in flat(found).items()}
    return typed | {"expected": str(found.version), "note": ""}


def _expected() -> int:
    return _number("expected")


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if re.fullmatch(r"\d{1,6}", text) else -1
