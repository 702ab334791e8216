"""Why a line is ready, missing or to be asked, and how a package stands, in plain sentences."""

from dataclasses import replace
from typing import cast

from babel.dates import format_date

from netmap.directory.eligibility import CRITERIA, Duration, Offer, Verdict, judge, sentence
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import locale
from netmap.i18n.numbers import number as in_digits
from netmap.network.cells.standing import Standing
from netmap.network.gaps.cards import doubts
from netmap.network.gaps.loading import Question
from netmap.network.gaps.words import untyped
from netmap.packages.lines import Line
from netmap.vocabulary.terms import label

DAYS_OF_A_MONTH = 30.44


def package_sentence(
    ready: int, areas: int, missing: tuple[Line, int] | None, asked: tuple[Line, int] | None
) -> str:
    """Return in how many areas a package is ready, and what is missing or to be asked in the most areas."""
    told = [
        ngettext(
            "Ready in %(ready)s of %(number)s area.",
            "Ready in %(ready)s of %(number)s areas.",
            areas,
            ready=ready,
        )
    ]
    if missing:
        line, number = missing
        told.append(
            ngettext(
                "Missing in %(number)s area: %(service)s.",
                "Missing in %(number)s areas: %(service)s.",
                number,
                service=label(line.service_type),
            )
        )
    if asked:
        line, number = asked
        told.append(
            ngettext(
                "To be asked in %(number)s area: %(service)s.",
                "To be asked in %(number)s areas: %(service)s.",
                number,
                service=label(line.service_type),
            )
        )
    return " ".join(told)


def reason(question: Question, standing: Standing) -> str:
    """Return why a line stands as it does in its area."""
    offer, cell = standing.offer, standing.cell
    if offer is None:
        return _nobody(question)
    name = question.offer_name(offer)
    if standing.state == "ready":
        return _ready(name, offer, standing.providers)
    if cell.n_lo:
        return _open(question, name, standing, offer)
    verdicts = _verdicts(question, standing, offer)
    if standing.state == "ask":
        return f"{name}: {_told(verdicts, 'unknown')}"
    offering = ngettext("%(number)s service offers it", "%(number)s services offer it", standing.offering)
    if cell.blockers == ("distance",):
        km = in_digits(question.profiles[cell.profile].typical.max_km)
        far = _("none within %(km)s km and serving the place", km=km)
        return f"{offering}, {far}"
    return _(
        "%(offering)s; what misses least is %(service)s: %(why)s",
        offering=offering,
        service=name,
        why=_told(verdicts, "fail"),
    )


def _nobody(question: Question) -> str:
    told = _("nobody is recorded as offering it")
    unsure = doubts(*question.untyped)
    return f"{told}; {untyped(unsure)}" if unsure else told


def _ready(name: str, offer: Offer, providers: int) -> str:
    if offer.assured_date is None:  # what nobody checked is never ready
        raise ValueError(f"{offer.service_id} was never checked")
    told = _(
        "%(service)s, checked on %(day)s",
        service=name,
        day=format_date(offer.assured_date, "medium", locale=locale()),
    )
    if providers < 2:
        return told
    others = ngettext("%(number)s other provider", "%(number)s other providers", providers - 1)
    return f"{told}; {others}"


def _open(question: Question, name: str, standing: Standing, offer: Offer) -> str:
    """Return what is not known of help that is open by all that is recorded."""
    if standing.fresh:
        return _("%(service)s: no hours are recorded for this week", service=name)
    if offer.assured_date is None:
        if standing.providers == 1:
            return _("only %(service)s, and nobody ever checked the record", service=name)
        return _("%(service)s and others, and nobody ever checked the records", service=name)
    months = round((question.day - offer.assured_date).days / DAYS_OF_A_MONTH)
    if standing.providers == 1:
        return ngettext(
            "only %(service)s, last checked %(number)s month ago",
            "only %(service)s, last checked %(number)s months ago",
            months,
            service=name,
        )
    return ngettext(
        "the last check, of %(service)s, is %(number)s month old",
        "the last check, of %(service)s, is %(number)s months old",
        months,
        service=name,
    )


def _verdicts(question: Question, standing: Standing, offer: Offer) -> dict[str, Verdict]:
    cell = standing.cell
    point = next(area.point for area in question.ground.areas if area.code == cell.area)
    wish = cast(Duration, cell.line.duration) if cell.line.duration else None
    typical = question.profiles[cell.profile].typical
    asker = replace(typical, area=cell.area, point=point, duration=wish)
    return judge(offer, asker, cell.line.service_type)


def _told(verdicts: dict[str, Verdict], outcome: str) -> str:
    return "; ".join(sentence(c, verdicts[c]).rstrip(".") for c in CRITERIA if verdicts[c].outcome == outcome)
