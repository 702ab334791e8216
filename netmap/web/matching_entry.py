"""Pages: whether case management begins, by criteria that a person answers, or else who receives."""

import json
from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask_login import current_user

from netmap.directory.models import new_id
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.matching import entry_sets
from netmap.matching.entry import MANAGED, NOT_OURS, REASONS, RESULTS, SHORT, Entered, hints, outcome
from netmap.matching.entry_decisions import Answered, keep_entry
from netmap.matching.service import Matcher
from netmap.vocabulary.terms import label
from netmap.web.door import blueprint, db, permit, settings
from netmap.web.matching_form import client_from, client_of
from netmap.web.matching_page import form_page
from netmap.web.matching_pick import Picked, services_found

entry = blueprint("entry")


@entry.post("/needs/entry")
@permit("match", reads=True)
def ask() -> Any:
    """Show the criteria with what was entered beside each; nothing is answered in advance."""
    typed = dict(request.form)
    try:
        client = client_of(typed) if "client" in typed else client_from(typed)
        return _page(client, typed)
    except Invalid as error:
        if "client" in typed:
            raise
        return form_page(typed, errors=error.fields or {"needs": error.message}), 422


@entry.post("/needs/entry/decision")
@permit("match")
def decide() -> Any:
    """Keep the decision, or show the page again with what follows from the answers."""
    typed = dict(request.form)
    client = client_of(typed)
    if typed.get("do") != "keep":
        db().rollback()
        return _page(client, typed)
    matcher = Matcher(db(), settings())
    criteria = entry_sets.criteria_set(db(), typed.get("criteria", ""))
    answered = Answered(
        answers={one.key: typed.get(f"answer-{one.key}", "") for one in criteria.criteria},
        result=typed.get("result", ""),
        reasons=[code for code in REASONS if typed.get(f"reason-{code}")],
        sentence=typed.get("sentence", ""),
        receiver=typed.get("receiver", ""),
        key=typed.get("key", ""),
    )
    read = matcher.read(client)
    try:
        row = keep_entry(db(), settings(), read, criteria, answered, by=current_user.email)
    except Invalid as error:
        db().rollback()
        return _page(client, typed, error.fields), 422
    return render_template(
        "matching/entry_kept.html",
        row=row,
        result=result_names()[row.result],
        client_json=json.dumps(client),
        length=typed.get("length", ""),
    )


def _page(
    client: Mapping[str, Any], typed: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> str:
    matcher = Matcher(db(), settings())
    read = matcher.read(client)
    found = matcher.match(client, limit=1)
    sets = entry_sets.criteria_sets(db())
    wanted = [one for one in sets if one.code == typed.get("criteria")]
    criteria = wanted[0] if wanted else entry_sets.for_client(db(), read)
    nobody = [
        label(line["type"])
        for package in found["packages"][:1]
        for line in package["lines"]
        if line["required"] and not line["dropped"] and not line["service_id"]
    ]
    lasting = any(advice["code"] == "many_needs" for advice in found["triage"])
    receivers, problem = _receivers(typed)
    answers = {one.key: typed.get(f"answer-{one.key}", "") for one in criteria.criteria}
    return render_template(
        "matching/entry.html",
        client_json=json.dumps(client),
        length=typed.get("length", ""),
        sets=[(one.code, one.name) for one in sets],
        criteria=criteria,
        hints=hints(criteria, Entered(read, nobody, lasting)),
        answer_names={"yes": _("yes"), "no": _("no"), "unknown": _("cannot be told from the form")},
        followed=outcome(criteria, answers),
        typed=typed,
        key=typed.get("key") or new_id(),
        receivers=receivers,
        results=result_names(),
        reasons=reason_names(),
        alarm=found["safety"],
        errors={**(errors or {}), **problem},
    )


def _receivers(typed: Mapping[str, str]) -> tuple[list[Picked], Mapping[str, str]]:
    """Return the services to choose a receiver from, by the words that were typed."""
    words = typed.get("find_receiver", "")
    try:
        found = services_found(words)
    except Invalid as error:
        return [], {"find_receiver": error.message}
    if words.strip() and not found:
        return [], {"find_receiver": _("The directory has no service for these words.")}
    return found, {}


def result_names() -> dict[str, str]:
    """Return the results of entry in words."""
    names = {
        MANAGED: _("Case management: one person stays with the case"),
        SHORT: _("Short help: advice and a referral are enough"),
        NOT_OURS: _("Not ours: somebody else receives the person"),
    }
    return {code: names[code] for code in RESULTS}


def reason_names() -> dict[str, str]:
    """Return the reasons of entry in words."""
    names = {
        "criteria": _("The criteria say so"),
        "cannot_wait": _("It cannot wait"),
        "persons_wish": _("The person wishes it so"),
        "work_is_not_the_goal": _("Work is not the goal now"),
        "other_body_leads": _("Another body leads the case already"),
        "lives_elsewhere": _("The person lives outside our area"),
        "nobody_free": _("No case manager is free now"),
        "other": _("Another reason"),
    }
    return {code: names[code] for code in REASONS}
