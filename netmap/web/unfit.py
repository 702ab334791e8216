"""Pages: a case that no package fits is kept, taken back as a mistake, and grouped for coordinators."""

import json
from hashlib import sha256
from typing import Any

from flask import render_template, request
from flask_login import current_user

from netmap.directory.queries import area_choices
from netmap.directory.week_marks import AlreadyRecorded, take_back
from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.matching.kept import UnfitCase
from netmap.matching.lines import default_type
from netmap.matching.models import Decision
from netmap.matching.score import WITH_CORRECTION
from netmap.matching.service import Matcher
from netmap.matching.unfit import record_unfit
from netmap.matching.unfit_groups import SOMETIMES, Group
from netmap.matching.unfit_listing import grouped, nearest
from netmap.packages.people import OCCASIONAL
from netmap.vocabulary.terms import label
from netmap.web.door import blueprint, db, permit, settings
from netmap.web.matching_form import client_of
from netmap.web.packages_draft import Draft, DraftLine
from netmap.web.packages_editor import editor
from netmap.web.take_back import MINUTES, record_of, token_of

unfit = blueprint("unfit")

RECORD = "unfit case"


@unfit.post("/unfit-cases")
@permit("match")
def record() -> Any:
    """Keep a case that no package fits: needs, facts, area and day; no person."""
    values = client_of(request.form)
    matcher = Matcher(db(), settings())
    client = matcher.read(values)
    code, points = matcher.nearest(client)
    if points >= WITH_CORRECTION:
        raise Conflict(_("A package fits by now, so the case is not kept. Look at the packages again."))
    case = request.form.get("case", "")
    try:
        row = record_unfit(db(), settings(), client, code, points, current_user.user_id, case)
    except AlreadyRecorded as error:
        return _kept(values, already=error.message), 409
    except Invalid as error:
        return _kept(values, errors=error.fields, already="" if error.fields else error.message), 422
    return _kept(values, token=token_of(RECORD, row.id))


@unfit.post("/unfit-cases/take-back")
@permit("match")
def undo() -> str:
    """Remove a case that the same person kept by mistake in the last ten minutes."""
    take_back(db(), UnfitCase, record_of(RECORD, request.form.get("token", "")))
    return _kept(client_of(request.form))


def _kept(values: dict[str, Any], **told: Any) -> str:
    needs = [code for code, rated in values["needs"].items() if isinstance(rated, dict)]
    return render_template(
        "unfit/kept.html",
        client_json=json.dumps(values),
        needs=[code for code in needs if values["needs"][code].get("severity")],
        minutes=MINUTES,
        typed=request.form.get("case", "")[:200],
        **{"token": "", "already": "", "errors": {}, **told},
    )


def keep_rejected(values: dict[str, Any], decision: Decision) -> None:
    """Keep the case of a package that was not taken because the needs are others, once a week."""
    client = Matcher(db(), settings()).read(values)
    if (decision.outcome, decision.reason) != ("rejected", "other_needs") or not client.has():
        return
    try:
        record_unfit(db(), settings(), client, decision.package_code, decision.score, current_user.user_id)
    except AlreadyRecorded:
        return  # another package was rejected for the same person


@unfit.get("/unfit-cases")
@permit("edit packages")
def listing() -> str:
    """Show the groups of cases that no package fits; of few cases only their number and needs."""
    found = grouped(db(), settings())
    return render_template(
        "unfit/listing.html",
        rows=[(group, key_of(group), near) for group, near in zip(found, nearest(db(), found), strict=True)],
        cases=sum(len(group.cases) for group in found),
        areas=dict(area_choices(db(), language())),
        least=SOMETIMES,
    )


@unfit.get("/unfit-cases/<key>/draft")
@permit("edit packages")
def draft(key: str) -> str:
    """Show the form of a new package, filled from a group; nothing is saved."""
    group = next((group for group in grouped(db(), settings()) if key_of(group) == key), None)
    if group is None or group.few:
        raise NotFound(_("There is no such group any more. Go back to the cases that nothing fits."))
    return editor(draft_of(group), None, unsaved=True)


def key_of(group: Group) -> str:
    """Return the key of a group: another one when its cases are others."""
    told = [[sorted(case.needs.items()), case.day.isoformat()] for case in group.cases]
    return sha256(json.dumps(told).encode()).hexdigest()[:12]


def draft_of(group: Group) -> Draft:
    """Return a package for a group: weights from shares, and for each need a line with what usually helps."""
    profile, lines, there = group.profile(), [], set[str]()
    for number, (need, weight) in enumerate(profile.items(), start=1):
        service_type = default_type(need, there)
        there.add(service_type)
        lines.append(
            DraftLine(
                key=f"line_{number}",
                need=need,
                service_type=service_type,
                goal={language(): _("Help is there for: %(need)s", need=label(need))},
                addresses=((need, "1"),),
                required=weight > OCCASIONAL,
            )
        )
    names = ", ".join(label(need) for need, weight in profile.items() if weight == 1)
    return Draft(
        texts={f"name.{language()}": names},
        profile=tuple((need, f"{weight:g}") for need, weight in profile.items()),
        circumstances=tuple((code, "optional") for code in group.facts),
        lines=tuple(lines),
        note=_("Written from %(number)s cases that no package fits", number=len(group.cases)),
    )
