"""The network: what is missing, where and for whom; the picture of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number as in_digits
from netmap.network import cards, loading, views
from netmap.network.cards import Card, Order
from netmap.network.cells import GROWN_UP
from netmap.network.drawing import picture_of
from netmap.network.graph import Picture, rows
from netmap.network.loading import Question
from netmap.network.planning import FEWEST_PLACES, WIDEST_KM
from netmap.network.statistics import MIN_CELL_COUNT, PRIOR_CASES, PRIOR_PEOPLE

__all__ = ["cells_of", "gap", "gaps", "picture", "rows"]


def gaps(
    session: Session,
    settings: Settings,
    *,
    package: str | None = None,
    area: str | None = None,
    order: str = "count",
    page: int | None = None,
    size: int = 20,
) -> dict[str, Any]:
    """Return what is missing, ranked, and what is open but at risk.

    Parameters
    ----------
    session : Session
    settings : Settings
    package : str, optional
        Only this package; all in use where not given.
    area : str, optional
        Only this area and what lies in it.
    order : "count" or "rate"
        By clients a year, or by clients per 1,000 people.
    page : int, optional
        Only the gaps of this page, from 1, or of the last one; all where not given.
    size : int
        How many gaps stand on a page.

    Returns
    -------
    dict
        ``gaps`` (each with clients as counted, the interval of the expected number, sentence, label, nearest
        miss, remedies, and in ``also`` the other packages that miss the same service), ``total``, ``page``
        and ``pages``, ``apart`` (single provider, old information), ``packages`` (complete and of how
        many pairs of area and package), ``closures`` (what each provider's end would close), ``unused``
        (providers of a wanted kind that no package reaches), ``assumptions`` and ``warnings``.

    Raises
    ------
    Invalid
        If there is no such package, area or order.
    """
    ranking = _order(order)
    question = loading.load(session, settings, package, area)
    survey, demands = question.survey, question.demands
    found = question.cards(ranking)
    pages = 1 if page is None else max(1, -(-len(found) // size))
    number = min(page or 1, pages)
    part = found if page is None else found[(number - 1) * size : number * size]
    complete, pairs = cards.complete_packages(survey.cells, demands)
    return {
        "as_of": question.day.isoformat(),
        "demand_known": bool(demands),
        "order": ranking,
        "total": len(found),
        "page": number,
        "pages": pages,
        "gaps": [{**views.gap_view(question, card), "also": _also(card, found)} for card in part],
        "apart": [views.risk_view(question, card) for card in question.apart(ranking)],
        "packages": {"complete": complete, "of": pairs},
        "closures": _closures(question),
        "unused": _unused(question),
        "assumptions": _assumptions(settings),
        "warnings": _warnings(question),
    }


def _closures(question: Question) -> list[dict[str, Any]]:
    """Return what each provider's end would close, the worst first."""
    return [
        {"provider": key, "name": question.names.get(key, key), "cells": count, "clients": clients}
        for key, count, clients in cards.closures(question.survey.cells, question.demands)
    ]


def gap(session: Session, settings: Settings, key: str) -> dict[str, Any]:
    """Return one gap over all areas, with its cells under ``cells``.

    Raises
    ------
    NotFound
        If there is no such gap (any more).
    """
    question = loading.load(session, settings)
    found = question.cards()
    card = _card(found, key)
    return {
        **views.gap_view(question, card),
        "also": _also(card, found),
        "cells": _cells(question, card),
    }


def cells_of(session: Session, settings: Settings, key: str) -> list[dict[str, Any]]:
    """Return the cells of one gap: area, line, sure and possible offers, and what blocks each.

    Raises
    ------
    NotFound
        If there is no such gap (any more).
    """
    question = loading.load(session, settings)
    return _cells(question, _card(question.cards(), key))


def picture(
    session: Session, settings: Settings, package: str | None = None, area: str | None = None
) -> Picture:
    """Return needs, service types and providers of a selection, with the gaps of the same table as nodes.

    Raises
    ------
    Invalid
        If there is no such package or area.
    """
    question = loading.load(session, settings, package, area)
    return picture_of(question, question.cards())


def _order(order: str) -> Order:
    if order == "count":
        return "count"
    if order == "rate":
        return "rate"
    sentence = _("The order '%(order)s' is not known: choose 'count' or 'rate'.", order=order[:80])
    raise Invalid(sentence, {"order": sentence})


def _card(found: Sequence[Card], key: str) -> Card:
    card = next((card for card in found if card.key == key), None)
    if card is None:
        raise NotFound(_("There is no such gap; it may have been closed. Go back to the list of gaps."))
    return card


def _cells(question: Question, card: Card) -> list[dict[str, Any]]:
    return [views.cell_view(question, cell) for cell in card.cells]


def _also(card: Card, found: Sequence[Card]) -> list[str]:
    """Return the other packages that miss the same kind of service: one service may help them all."""
    others = dict.fromkeys(other.profile for other in found if other.service_type == card.service_type)
    return [code for code in others if code != card.profile]


def _unused(question: Question) -> list[dict[str, str]]:
    """Return the providers that offer a wanted kind of service and are there for no cell of any place."""
    named = [{"id": key, "name": question.names.get(key, key)} for key in question.survey.idle]
    return sorted(named, key=lambda row: (row["name"], row["id"]))


def _assumptions(settings: Settings) -> dict[str, float]:
    """Return the numbers that were assumed, not found, for the page to show."""
    return {
        "max_km": settings.max_km,
        "circuity": settings.circuity,
        "stale_days": settings.stale_days,
        "half_life_days": settings.half_life_days,
        "closure_hazard": settings.closure_hazard,
        "fewest_providers": settings.fewest_providers,
        "min_capacity_ratio": settings.min_capacity_ratio,
        "link_loss": settings.link_loss,
        "contact_months": settings.contact_months,
        "failure_rate": settings.failure_rate,
        "failure_certainty": settings.failure_certainty,
        "prior_cases": PRIOR_CASES,
        "prior_people": PRIOR_PEOPLE,
        "min_cell_count": MIN_CELL_COUNT,
        "youngest_client": GROWN_UP[0],
        "most_untyped": cards.MOST_UNTYPED,
        "fewest_places": FEWEST_PLACES,
        "widest_km": WIDEST_KM,
    }


def _warnings(question: Question) -> list[str]:
    found = []
    if question.left_out:
        found.append(
            ngettext(
                "%(number)s area made from addresses is left out: fewer than %(places)s places with a point "
                "lie in it, or it lies more than %(km)s km from the middle of the others.",
                "%(number)s areas made from addresses are left out: fewer than %(places)s places with a "
                "point lie in them, or they lie more than %(km)s km from the middle of the others.",
                question.left_out,
                places=FEWEST_PLACES,
                km=in_digits(WIDEST_KM),
            )
        )
    elif not question.ground.areas:
        found.append(_("There is no area with a point on the map: import areas, or add their coordinates."))
    if not question.profiles:
        found.append(_("There is no package in use: load or write packages first."))
    if question.set_aside:
        found.append(
            _(
                "Demand figures of these areas are not used, because they hold other areas, have no "
                "coordinates or are left out: %(areas)s.",
                areas=", ".join(question.area_name(code) for code in question.set_aside),
            )
        )
    untyped, services = question.untyped
    if cards.doubts(untyped, services):
        found.append(
            _(
                "%(untyped)s of %(services)s services have no confirmed type: any of them may offer what "
                "seems to be missing, so no gap is certain before their types are confirmed.",
                untyped=in_digits(untyped),
                services=in_digits(services),
            )
        )
    return found
