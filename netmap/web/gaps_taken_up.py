"""Pages: the gaps that were taken up, and what only a law or a higher level can change."""

import csv
import io

from flask import Response, render_template, request, url_for

from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.matching.table import harmless
from netmap.network.gaps import taken, taking, taking_words
from netmap.network.gaps.kept_question import everything
from netmap.network.gaps.one_gap import about
from netmap.network.gaps.views import gap_sentence
from netmap.partners.typed import text
from netmap.vocabulary.terms import label, vocabulary
from netmap.web.door import db, permit, settings
from netmap.web.gap_card import today
from netmap.web.network import network


def _wish() -> taking.Wish:
    asked = request.args
    older = asked.get("older", "")
    return taking.Wish(
        decision=asked.get("decision", ""),
        owner=asked.get("owner", "")[:254],
        show=asked.get("show", ""),
        older=int(older) if older in {str(days) for days in taking.AGES} else 0,
    )


@network.get("/gaps/taken-up")
@permit("read gaps")
def taken_up() -> str:
    """Show the gaps that were taken up: their state, who looks after them, how long since."""
    wish, there = _wish(), taken.standing_of(everything(db(), settings()))
    rows = taking.listing(db(), wish, today())
    return render_template(
        "network/taken_up.html",
        rows=[(row, taken.state_of(row, there)) for row in rows],
        wish=wish,
        owners=[(one, one) for one in taking.owners(db())],
        decisions=taking_words.decisions(),
        states=taking_words.states(),
        progress=taking_words.progress,
        beyond_names=taking_words.beyond_names(),
        shows=[
            ("", _("all")),
            (taken.OPEN, _("still missing")),
            (taken.CLOSED, _("closed")),
            (taking.BEYOND_US, _("beyond us")),
        ],
        ages=[(str(days), _("more than %(days)s days ago", days=days)) for days in taking.AGES],
        today=today(),
        csv=url_for(
            "network.taken_up_csv",
            decision=wish.decision,
            owner=wish.owner,
            show=wish.show,
            older=wish.older or "",
        ),
    )


@network.get("/gaps/taken-up.csv")
@permit("read gaps")
def taken_up_csv() -> Response:
    """Give the same list as a file that spreadsheets open, in which nothing is calculated."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    decisions, beyond = taking_words.decisions(), taking_words.beyond_names()
    steps, there, states = (
        taking_words.rung_names(),
        taken.standing_of(everything(db(), settings())),
        taking_words.states(),
    )
    table.writerow(_heads())
    for row in taking.listing(db(), _wish(), today()):
        now = taken.state_of(row, there)
        cells = [
            row.title, row.clients_told or "", "; ".join(row.areas), states[now.state], "; ".join(now.left),
            text(row.closed_on), decisions[row.decision], row.owner or "", text(row.taken_up_on),
            steps.get(row.remedy or "", ""), beyond.get(row.beyond or "", ""), row.authority or "",
            text(row.sent_on), row.answer or "", text(row.answered_on), row.outcome or "", row.note or "",
        ]  # fmt: skip
        table.writerow([harmless(cell) for cell in cells])
    headers = {"Content-Disposition": 'attachment; filename="gaps-taken-up.csv"'}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv; charset=utf-8", headers=headers)


@network.get("/gaps/about")
@permit("read gaps")
def gaps_about() -> str:
    """Show the gaps that a record of "nothing found" speaks for, and who has taken them up."""
    need, kind = request.args.get("need", ""), request.args.get("type", "")
    if need not in vocabulary().needs and kind not in vocabulary().service_types:
        raise NotFound(_("There is no such need and no such kind of service; start from an unmet need."))
    area = request.args.get("area") or None
    return render_template(
        "network/gaps_about.html",
        what=label(need if need in vocabulary().needs else kind),
        gaps=[
            (one.card.key, one.name, gap_sentence(one.question, one.card), taking.of(db(), one.card.key))
            for one in about(db(), settings(), need=need, service_type=kind, area=area)
        ],
        decisions=taking_words.decisions(),
    )


def _heads() -> list[str]:
    return [
        _("Gap"), _("Clients a year"), _("Areas, when it was taken up"), _("State"), _("Areas not closed"),
        _("Closed since"),
        _("Decision"), _("Who looks after it"), _("Taken up on"), _("Step of the ladder"),
        _("Beyond our power"), _("Sent to which authority"), _("Sent on"), _("What the authority answered"),
        _("Answered on"), _("What came of it"), _("Note"),
    ]  # fmt: skip
