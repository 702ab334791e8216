"""Pages: a gap as a proposal to an authority: to look at and print, as a PDF, and as text."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_login import current_user

from netmap.directory.queries import area_choices
from netmap.i18n import language
from netmap.network.card.gap_sheet import Sheet, sheet_of
from netmap.network.gaps import taking
from netmap.network.gaps.one_gap import find
from netmap.network.new_sites.service import where_to_open
from netmap.network.whatif import scenarios
from netmap.network.whatif.service import answer_kept, desk
from netmap.printing import proposal as papers
from netmap.printing.proposal_tried import site_part, tried_part
from netmap.printing.typeset import typeset
from netmap.web.door import db, permit, settings
from netmap.web.network import network

MOST = 5  # scenarios, and sites, of one proposal: more convinces nobody, and each is worked out anew


def _made(key: str) -> tuple[Sheet, papers.Proposal, str]:
    """Return the sheet of a gap, its proposal, and the step that is proposed."""
    sheet, decision = sheet_of(db(), find(db(), settings(), key)), taking.of(db(), key)
    wish = request.args.get("remedy", "")
    made = papers.proposal(sheet, decision, wish, [*_tried(sheet), *_sites(sheet)])
    step = papers.choose(sheet.rungs, wish or (decision.remedy or "" if decision else ""))
    return sheet, made, step.code if step else ""


def _asked(name: str) -> list[str]:
    """Return what the address names, each once."""
    return list(dict.fromkeys(one for one in request.args.getlist(name) if one))[:MOST]


def _tried(sheet: Sheet) -> list[papers.Part]:
    """Return what came of the scenarios that were chosen: own ones, or those that others share."""
    rows = [scenarios.scenario(db(), current_user.user_id, key) for key in _asked("scenario")]
    if not rows:
        return []
    ready = desk(db(), settings())
    return [tried_part(answer_kept(ready, {"name": one.name, "changes": one.changes}), sheet) for one in rows]


def _sites(sheet: Sheet) -> list[papers.Part]:
    """Return where opening helps most, if areas for it were chosen."""
    chosen = _chosen_sites()
    if not chosen or not sheet.service_type:
        return []
    found = where_to_open(
        db(), settings(), service_type=sheet.service_type, places=len(chosen), objective="cover"
    )
    return [site_part(found, chosen)]


def _chosen_sites() -> list[tuple[str, str]]:
    names = dict(area_choices(db(), language()))
    return [(code, names[code]) for code in _asked("site") if code in names]


@network.get("/gaps/<key>/proposal")
@permit("read gaps")
def proposal(key: str) -> str:
    """Show the proposal as it will stand on paper, and let the step and what was tried be chosen."""
    sheet, made, step = _made(key)
    kept: dict[str, Any] = {
        "key": key, "remedy": step, "scenario": _asked("scenario"), "site": _asked("site")
    }  # fmt: skip
    return render_template(
        "network/proposal.html",
        sheet=sheet,
        made=made,
        step=step,
        steps=[(one.code, one.name) for one in sheet.rungs],
        scenarios=scenarios.seen_by(db(), current_user.user_id),
        chosen=kept["scenario"],
        sites=_chosen_sites(),
        most=MOST,
        pdf=url_for("network.proposal_pdf", **kept),
        plain=url_for("network.proposal_text", **kept),
    )


@network.get("/gaps/<key>/proposal.pdf")
@permit("read gaps")
def proposal_pdf(key: str) -> Response:
    """Give the proposal as a PDF."""
    _sheet, made, _step = _made(key)
    name = f"proposal-{key}-{language()}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(typeset("proposal", papers.as_data(made)), mimetype="application/pdf", headers=headers)


@network.get("/gaps/<key>/proposal.txt")
@permit("read gaps")
def proposal_text(key: str) -> Response:
    """Give the proposal as plain text."""
    _sheet, made, _step = _made(key)
    return Response(papers.as_text(made), mimetype="text/plain; charset=utf-8")
