"""Pages: a gap as a proposal to an authority: to look at and print, as a PDF, and as text."""

from flask import Response, render_template, request, url_for

from netmap.i18n import language
from netmap.network.card.gap_sheet import Sheet, sheet_of
from netmap.network.gaps import taking
from netmap.network.gaps.one_gap import find
from netmap.printing import proposal as papers
from netmap.printing.typeset import typeset
from netmap.web.door import db, permit, settings
from netmap.web.network import network


def _made(key: str) -> tuple[Sheet, papers.Proposal, str]:
    """Return the sheet of a gap, its proposal, and the step that is proposed."""
    sheet, decision = sheet_of(db(), find(db(), settings(), key)), taking.of(db(), key)
    wish = request.args.get("remedy", "")
    made = papers.proposal(sheet, decision, wish)
    step = papers.choose(sheet.rungs, wish or (decision.remedy or "" if decision else ""))
    return sheet, made, step.code if step else ""


@network.get("/gaps/<key>/proposal")
@permit("read gaps")
def proposal(key: str) -> str:
    """Show the proposal as it will stand on paper, and let the step be chosen."""
    sheet, made, step = _made(key)
    return render_template(
        "network/proposal.html",
        sheet=sheet,
        made=made,
        step=step,
        steps=[(one.code, one.name) for one in sheet.rungs],
        pdf=url_for("network.proposal_pdf", key=key, remedy=step),
        plain=url_for("network.proposal_text", key=key, remedy=step),
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
