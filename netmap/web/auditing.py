"""Page: how suggestions are used, for those who keep the packages and those who answer for the work."""

from collections.abc import Callable, Iterable

from flask import render_template

from netmap.directory.eligibility_words import criterion_name
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.i18n.numbers import number
from netmap.matching.audit import FEWEST, audit
from netmap.matching.decisions import all_decided
from netmap.network.statistics import shown
from netmap.packages.service import choices
from netmap.shares import Share
from netmap.vocabulary.terms import label, vocabulary
from netmap.web.door import blueprint, db, permit
from netmap.web.matching import reason_name

auditing = blueprint("auditing")


@auditing.get("/decisions")
@permit("read decisions")
def show() -> str:
    """Show how often people decide otherwise, and whether groups fare differently."""
    found = audit(all_decided(db()), tuple(vocabulary().circumstances))
    names = dict(choices(db(), language()))
    return render_template(
        "auditing/show.html",
        found=found,
        fewest=FEWEST,
        package_name=lambda code: names.get(code, code) if code else _("all"),
        group_name=lambda code: label(code) if code else _("all"),
        percent=_percent,
        shown=shown,
        lists=[
            (_("Why it was decided otherwise"), _named(found.reasons, reason_name)),
            (_("Criteria that staff decided against"), _named(found.criteria, criterion_name)),
            (_("Needs that people do not see as theirs"), _named(found.contested, label)),
            (_("Kinds of service that people refused"), _named(found.refused, label)),
        ],
    )


def _percent(share: Share) -> str:
    """Return the share for people, "–" where there is nothing to share out."""
    return f"{number(100 * share.value, 0)} %" if share.whole else "–"


def _named(counts: Iterable[tuple[str, int]], name: Callable[[str], str]) -> list[tuple[str, int]]:
    return [(name(code), count) for code, count in counts]
