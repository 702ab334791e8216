"""Pages: scenarios of the network: made, tried, compared, shared."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from netmap.directory.queries import area_choices
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.i18n.names import language_name
from netmap.network.gaps.words import kind_name
from netmap.network.whatif import scenarios
from netmap.network.whatif.ideas import card_of, ideas
from netmap.network.whatif.scenario_models import Scenario
from netmap.network.whatif.scenario_reading import read
from netmap.network.whatif.service import Desk, answer_kept, desk
from netmap.vocabulary.terms import label, vocabulary
from netmap.web.door import blueprint, db, may, permit, settings
from netmap.web.whatif_form import (
    FIELDS,
    apart,
    change_of,
    errors_of,
    key_of,
    named,
    spoken,
    verbs,
    with_names,
)

what_if = blueprint("what_if")

MOST_NAMES = 2000  # offered while somebody types
LONGEST_KEY = 40  # of a gap


@what_if.get("/what-if")
@permit("read gaps")
def listing() -> str:
    """Show the scenarios of the person and those that others share; from a gap, what could be tried."""
    gap = request.args.get("gap", "")
    ready = desk(db(), settings()) if gap else None
    card = card_of(ready.question, gap) if ready else None
    return render_template(
        "network/what_if.html",
        rows=scenarios.seen_by(db(), current_user.user_id),
        me=current_user.user_id,
        verbs=verbs(),
        provider=request.args.get("provider", ""),
        card=card,
        kind=kind_name(card) if card else "",
        service=label(card.service_type) if card else "",
        shortened=scenarios.shortened,
        ideas=ideas(ready.question, card) if ready and card else [],
        done=request.args.get("done", ""),
    )


@what_if.get("/what-if/change")
@permit("plan network")
def change() -> str:
    """Show the form of one change."""
    return _form(request.args, {})


def _form(typed: MultiDict[str, str], errors: Mapping[str, str], ready: Desk | None = None) -> str:
    verb = typed.get("do", "")
    key = typed.get("scenario", "")
    row = scenarios.scenario(db(), current_user.user_id, key) if key else None
    ready = ready or desk(db(), settings())
    service = key_of(" ".join(typed.get("service", "").split()), ready.known.services)
    offers = ready.network.catalogue.by_service.get(service, ())
    words = vocabulary()
    rules = {name: {code for offer in offers for code in getattr(offer, field)}
             for name, field in (("accept", "excluded"), ("stop_requiring", "required"))}  # fmt: skip
    if verb == "change_rule":
        rules["accept"] = {code for offer in ready.network.offers for code in offer.excluded}
    first, rest = apart(verb, typed, errors)
    return render_template(
        "network/what_if_change.html",
        verb=verb,
        gap=_gap(typed),
        title=dict(verbs()).get(verb, ""),
        verbs=verbs(),
        fields=FIELDS.get(verb, ()),
        first=first,
        rest=rest,
        languages=named(spoken(ready.network.offers), language_name),
        typed=with_names(typed, ready.known),
        service=service,
        errors=errors,
        row=row,
        rules={name: named(sorted(codes), label) for name, codes in rules.items()},
        offers=offers,
        service_name=ready.known.services.get(service, ""),
        types=named(words.service_types, label),
        circumstances=named(words.circumstances, label),
        areas=[pair for pair in area_choices(db(), language()) if pair[0] in ready.known.planned],
        services=sorted(set(ready.known.services.values()))[:MOST_NAMES],
        providers=sorted(set(ready.known.providers.values()))[:MOST_NAMES],
    )


@what_if.post("/what-if/change")
@permit("plan network")
def add() -> Any:
    """Put one change into a new scenario, or into one that is there, and show what comes of it."""
    form = request.form
    ready = desk(db(), settings())
    key, row = form.get("scenario", ""), None
    try:
        if key:
            row = scenarios.own(db(), current_user.user_id, key, _version(form))
        changes = scenarios.with_change(row, change_of(form, ready.known))
        read({"changes": changes}, ready.known)
        if row is None:
            row = scenarios.add(db(), current_user.user_id, form.get("name", ""), changes)
        else:
            scenarios.write(db(), row, changes=changes)
    except Invalid as error:
        db().rollback()
        number = len(row.changes) if row else 0
        fields = errors_of(error.fields, number) or {"do": error.message}
        return _form(form, fields, ready), 422
    return redirect(url_for("what_if.show", key=row.id, gap=_gap(form) or None), 303)


@what_if.get("/what-if/compare")
@permit("read gaps")
def compare() -> str:
    """Show two scenarios side by side."""
    rows = scenarios.seen_by(db(), current_user.user_id)
    keys = [request.args.get(name, "") for name in ("a", "b")]
    chosen = [scenarios.scenario(db(), current_user.user_id, key) for key in keys if key]
    ready = desk(db(), settings()) if len(chosen) == 2 else None
    return render_template(
        "network/what_if_compare.html",
        rows=rows,
        gap=_gap(request.args),
        keys=keys,
        chosen=chosen,
        found=[answer_kept(ready, _document(row)) for row in chosen] if ready else [],
    )


@what_if.get("/scenarios/<key>")
@permit("read gaps")
def show(key: str) -> str:
    """Show what comes of a scenario."""
    return _shown(scenarios.scenario(db(), current_user.user_id, key), {})


def _shown(row: Scenario, errors: Mapping[str, str]) -> str:
    return render_template(
        "network/what_if_result.html",
        row=row,
        gap=_gap(request.values),
        found=answer_kept(desk(db(), settings()), _document(row)),
        mine=row.user_id == current_user.user_id and may("plan network"),
        others=[one for one in scenarios.seen_by(db(), current_user.user_id) if one.id != row.id],
        verbs=verbs(),
        asked=request.args.get("ask", ""),
        errors=errors,
    )


@what_if.post("/scenarios/<key>")
@permit("plan network")
def alter(key: str) -> Any:
    """Do one thing with a scenario: rename, share, copy, take a change out, delete."""
    form, user = request.form, current_user.user_id
    do = form.get("do", "")
    if do == "copy":
        row = scenarios.scenario(db(), user, key)
        name = scenarios.shortened(_("Copy of %(name)s", name=row.name))
        made = scenarios.add(db(), user, name, list(row.changes))
        return redirect(url_for("what_if.show", key=made.id, gap=_gap(form) or None), 303)
    row = scenarios.own(db(), user, key, _version(form))
    try:
        if do == "rename":
            scenarios.write(db(), row, name=form.get("name", ""))
        elif do in ("share", "keep"):
            scenarios.write(db(), row, shared=do == "share")
        elif do == "without":
            scenarios.write(db(), row, changes=scenarios.without(row, _whole(form.get("number", ""))))
        elif do == "delete":
            scenarios.delete(db(), row)
            return redirect(url_for("what_if.listing", done="deleted", gap=_gap(form) or None), 303)
        else:
            raise Invalid(_("Choose what to do with this scenario."))
    except Invalid as error:
        db().rollback()
        return _shown(row, error.fields or {"do": error.message}), 422
    return redirect(url_for("what_if.show", key=row.id, gap=_gap(form) or None), 303)


def _gap(asked: Mapping[str, str]) -> str:
    """Return the gap about which a scenario was begun: the way back leads there."""
    return asked.get("gap", "")[:LONGEST_KEY]


def _document(row: Scenario) -> dict[str, object]:
    return {"name": row.name, "changes": row.changes}


def _version(form: Mapping[str, str]) -> int:
    return _whole(form.get("version", ""))


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else -1
