"""Pages: who serves each line of a package, chosen by hand, and what that changes.

Nothing is stored: choices, overrides and reasons travel with the codes of the client from page to page, until
a decision is kept.
"""

import json
from collections.abc import Mapping
from typing import Any

from flask import render_template, request

from netmap.directory.saved_address import personal_problem
from netmap.i18n import gettext as _
from netmap.matching.intake_wishes import MOST_PLACES
from netmap.matching.joint_words import difference, minutes_in_all
from netmap.matching.service import Matcher
from netmap.web.door import blueprint, db, permit, settings
from netmap.web.matching_form import client_of
from netmap.web.matching_page import told_once

matching_choice = blueprint("matching_choice")

NOBODY = "-"
LONGEST_REASON = 300
FEW_PLACES = 5  # offered; a larger number that the form of needs brought along stays

Json = dict[str, Any]


@matching_choice.post("/needs/choice")
@permit("match", reads=True)
def choose() -> Any:
    """Show who could serve each line; asked to compare, what another choice gains and costs."""
    client, code = client_of(request.form), request.form.get("package", "")
    matcher = Matcher(db(), settings())
    before = matcher.match(client, only=code)["packages"][0]
    if request.form.get("do") != "compare":
        return _page(before, client)
    errors: dict[str, str] = {}
    changed = changed_client(client, before, request.form, errors)
    if errors:
        return _page(before, client, typed=request.form, errors=errors), 422
    return _page(matcher.match(changed, only=code)["packages"][0], client, changed=changed, before=before)


def changed_client(client: Json, package: Json, typed: Mapping[str, str], errors: dict[str, str]) -> Json:
    """Return the client with what was set by hand on the lines of a package.

    Parameters
    ----------
    client : dict
        Of the JSON contract.
    package : dict
        As `Matcher.match` gives it.
    typed : mapping
        ``line-<key>`` is "" (as proposed), "-" (nobody) or a service; ``reason-<key>`` says why a service is
        taken in spite of what it fails on; ``most_places`` may limit the places.
    errors : dict
        Gets a sentence for each field that cannot be used.
    """
    chosen = dict(client.get("chosen") or {})
    overrides = list(client.get("overrides") or ())
    for line in package["lines"]:
        said = typed.get(f"line-{line['key']}")
        if line["dropped"] or said is None:
            continue
        overrides = [one for one in overrides if one["line"] != line["key"] or one["service_id"] == said]
        if not said:
            chosen.pop(line["key"], None)
            continue
        chosen[line["key"]] = "" if said == NOBODY else said
        for miss in line["near_misses"]:
            if miss["service_id"] == said:
                overrides.append(_override(line["key"], miss, typed, errors))
    changed = {**client, "chosen": chosen, "overrides": overrides}
    if "most_places" in typed:
        changed["most_places"] = _number_of_places(typed["most_places"])
    return {name: value for name, value in changed.items() if value or name not in _OWN}


_OWN = ("chosen", "overrides", "most_places")  # left out where they say nothing


def _number_of_places(typed: str) -> int | None:
    """Return the limit, None for none; what no browser sends is none."""
    known = {str(number): number for number in range(1, MOST_PLACES + 1)}
    return known.get(typed)


def _override(line: str, miss: Json, typed: Mapping[str, str], errors: dict[str, str]) -> Json:
    """Return why a service is taken in spite of the one criterion on which it fails."""
    field = f"reason-{line}"
    reason = typed.get(field, "").strip()
    if not reason:
        errors[field] = _(
            "Say why “%(service)s” is taken all the same: %(but)s",
            service=miss["service"],
            but=miss["sentence"],
        )
    elif len(reason) > LONGEST_REASON:
        errors[field] = _("A reason has at most %(most)s letters; make it shorter.", most=LONGEST_REASON)
    elif problem := personal_problem(reason):
        errors[field] = problem
    return {
        "service_id": miss["service_id"], "line": line, "criterion": miss["criterion"], "reason": reason,
    }  # fmt: skip


def _page(
    now: Json,
    client: Json,
    *,
    changed: Json | None = None,
    before: Json | None = None,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    """Return the page: the choice as it is now, and beside it what it was where there is a ``before``."""
    held = changed or client
    most = held.get("most_places")
    return render_template(
        "matching/choice.html",
        now=now,
        client=held,
        once=told_once(held),
        client_json=json.dumps(client),
        after_json=json.dumps(held),
        compared=before is not None,
        told=difference(before["joint"], now["joint"]) if before else "",
        changes=_changes(before, now, held) if before else [],
        rows=_rows(before["joint"], now["joint"]) if before else [],
        fixed=_fixed(held, now),
        selected=_selected(held, now, typed or {}),
        reasons=typed or {f"reason-{one['line']}": one["reason"] for one in held.get("overrides") or ()},
        nobody=NOBODY,
        places=[("", _("no limit")), *((str(one), str(one)) for one in _offered(most))],
        most_places=str(most) if most else "",
        errors=errors or {},
    )


def _offered(most: int | None) -> list[int]:
    """Return the limits to choose from, that of the client among them."""
    return sorted({*range(1, FEW_PLACES + 1), *([most] if most else [])})


def _fixed(client: Json, package: Json) -> set[str]:
    """Return the keys of the lines whose choice by hand holds."""
    return set(client.get("chosen") or {}) - set(package["joint"]["lost"])


def _selected(client: Json, package: Json, typed: Mapping[str, str]) -> dict[str, str]:
    """Return which answer is ticked for each line."""
    chosen, fixed = client.get("chosen") or {}, _fixed(client, package)
    found = {}
    for line in package["lines"]:
        key = line["key"]
        held = (chosen[key] or NOBODY) if key in fixed else ""
        found[key] = typed.get(f"line-{key}", held)
    return found


def _changes(before: Json, now: Json, client: Json) -> list[Json]:
    """Return the lines that somebody else serves now."""
    were = {line["key"]: line for line in before["lines"]}
    return [
        {
            "kind": line["type"],
            "before": _who(were[line["key"]]),
            "after": _who(line),
            "by_hand": line["key"] in (client.get("chosen") or {}),
        }
        for line in now["lines"]
        if not line["dropped"] and were[line["key"]]["service_id"] != line["service_id"]
    ]


def _who(line: Json) -> str:
    if not line["service_id"]:
        return _("nobody")
    return ", ".join(text for text in (line["provider"], line["service"]) if text)


def _rows(before: Json, now: Json) -> list[tuple[str, str, str]]:
    """Return the table of before and after."""

    def row(name: str, value: Any) -> tuple[str, str, str]:
        return name, value(before), value(now)

    return [
        row(_("Places to go to"), lambda one: str(len(one["places"]))),
        row(_("Journeys"), lambda one: str(len(one["journeys"]))),
        row(_("Minutes on the way, about"), _minutes),
        row(_("Fit, of 100"), lambda one: str(round(one["fit"]))),
        row(_("Lines without anybody"), lambda one: str(len(one["uncovered"]))),
    ]


def _minutes(joint: Json) -> str:
    minutes = minutes_in_all(joint["journeys"])
    return _("not known") if minutes is None else str(minutes)
