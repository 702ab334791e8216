"""The network: what is missing, where and for whom; the picture of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.network.gaps import kept_question, loading, views
from netmap.network.gaps.cards import Card, Order
from netmap.network.gaps.overview import overview_of, warnings
from netmap.network.picture.drawing import picture_of
from netmap.network.picture.graph import Picture, hand_rows, rows

__all__ = ["gaps", "hand_rows", "picture", "rows"]


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
        and ``pages``, ``apart`` (what is open and yet not enough), ``packages`` (complete for sure and at
        most, of how many pairs of area and package), ``closures`` (what each provider's end would close),
        ``unused`` (providers of a wanted kind that no package reaches), ``handoffs`` (how many clients can be
        handed over from line to line), ``assumptions`` and ``warnings``.

    Raises
    ------
    Invalid
        If there is no such package, area or order.
    """
    ranking = _order(order)
    question = loading.load(session, settings, package, area)
    found = question.cards(ranking)
    pages = 1 if page is None else max(1, -(-len(found) // size))
    number = min(page or 1, pages)
    part = found if page is None else found[(number - 1) * size : number * size]
    told = overview_of(question)
    unsure = told.pop("unsure")  # type: ignore[misc]
    return {
        **told,
        "order": ranking,
        "total": len(found),
        "page": number,
        "pages": pages,
        "gaps": [{**views.gap_view(question, card), "also": _also(card, found)} for card in part],
        "apart": [views.risk_view(question, card) for card in question.apart(ranking)],
        "warnings": warnings(
            unsure,
            {code: question.area_name(code) for code in (*question.set_aside, *question.without_point)},
        ),
    }


def picture(
    session: Session, settings: Settings, package: str | None = None, area: str | None = None
) -> Picture:
    """Return needs, service types and providers of a selection, with the gaps of the same table as nodes.

    Raises
    ------
    Invalid
        If there is no such package or area.
    """
    question = kept_question.question(session, settings, package, area)
    return picture_of(question, question.cards(), question.everything.context.linked)


def _order(order: str) -> Order:
    if order == "count":
        return "count"
    if order == "rate":
        return "rate"
    sentence = _("The order '%(order)s' is not known: choose 'count' or 'rate'.", order=order[:80])
    raise Invalid(sentence, {"order": sentence})


def _also(card: Card, found: Sequence[Card]) -> list[str]:
    """Return the other packages that miss the same kind of service: one service may help them all."""
    others = dict.fromkeys(other.profile for other in found if other.service_type == card.service_type)
    return [code for code in others if code != card.profile]
