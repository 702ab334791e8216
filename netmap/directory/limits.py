"""What a person meets at the door of each service of a list: price, languages, papers, for whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from netmap.directory import offer_words
from netmap.directory.models import (
    CostOption,
    EligibilityRule,
    Language,
    RequiredDocument,
    Service,
    ServiceAtLocation,
)
from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.vocabulary.terms import label


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one service; empty always means that nobody wrote it down.

    ``price`` and ``who`` are in the reader's words, ``fees`` and ``papers`` in those of the record;
    ``languages`` are codes.
    """

    price: str = ""
    fees: str = ""
    languages: tuple[str, ...] = ()
    interpreter: bool = False
    papers: tuple[str, ...] = ()
    who: tuple[str, ...] = ()


def limits_of(session: Session, ids: Sequence[str], today: date) -> Mapping[str, Limits]:
    """Return service id -> its limits, in a constant number of SELECTs."""
    columns = (Service.id, Service.fees_description, Service.interpretation_services)
    ages = (Service.minimum_age, Service.maximum_age)
    rows: Iterable[Row[Any]] = session.execute(select(*columns, *ages).where(Service.id.in_(ids)))
    prices, languages = _prices(session, ids, today), _languages(session, ids)
    papers, rules = _papers(session, ids), _rules(session, ids)
    return {
        row.id: Limits(
            price=prices.get(row.id, ""),
            fees=row.fees_description or "",
            languages=languages[row.id],
            interpreter=bool(offer_words.has_interpreter(row.interpretation_services)),
            papers=papers[row.id],
            who=(*rules[row.id], *_ages(row.minimum_age, row.maximum_age)),
        )
        for row in rows
    }


def _prices(session: Session, ids: Sequence[str], today: date) -> dict[str, str]:
    """Return the price that holds for everybody today, else the first one with its condition."""
    row = CostOption
    query = select(row.service_id, row.option, row.amount, row.currency, row.amount_description)
    query = query.where(row.service_id.in_(ids), row.removed_in_source.is_(None))
    query = query.where(
        func.coalesce(row.valid_from, today) <= today, func.coalesce(row.valid_to, today) >= today
    )
    found: dict[str, str] = {}
    rows: Iterable[Row[Any]] = session.execute(query.order_by(row.option.is_not(None), row.id))
    for cost in rows:
        option = "" if offer_words.is_free(cost.option) else cost.option or ""
        price = _price(cost, said_free=bool(cost.option and not option))
        if price:
            found.setdefault(cost.service_id, f"{price} ({option})" if option else price)
    return found


def _price(cost: Row[Any], said_free: bool) -> str:
    free = cost.amount == 0 or (cost.amount is None and offer_words.is_free(cost.amount_description))
    if free or said_free:
        return _("free")
    if cost.amount is not None:
        return f"{number(cost.amount, 2)} {cost.currency or ''}".strip()
    return cost.amount_description or ""


def _languages(session: Session, ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the languages of services, those of their places for services that state none."""
    living = Language.removed_in_source.is_(None)
    own = select(Language.service_id, Language.code, Language.name)
    own = own.where(Language.service_id.in_(ids), living).order_by(Language.id)
    there = select(ServiceAtLocation.service_id, Language.code, Language.name)
    there = there.join(Language, Language.location_id == ServiceAtLocation.location_id)
    there = there.where(ServiceAtLocation.service_id.in_(ids), living).order_by(Language.id)
    stated, found = _spoken(session.execute(own)), _spoken(session.execute(there))
    return defaultdict(tuple, {**found, **stated})


def _spoken(rows: Iterable[Row[Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        spoken = offer_words.language_code(row.code, row.name)
        if spoken:
            found[row.service_id][spoken] = None
    return {service_id: tuple(codes) for service_id, codes in found.items()}


def _papers(session: Session, ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    row = RequiredDocument
    query = select(row.service_id, row.document).where(row.service_id.in_(ids), row.document.is_not(None))
    return _tuples(session.execute(query.where(row.removed_in_source.is_(None)).order_by(row.id)))


def _rules(session: Session, ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return whom services take only, and whom they do not take."""
    row = EligibilityRule
    query = select(row.service_id, row.code, row.effect).where(row.service_id.in_(ids))
    found = session.execute(query.where(row.effect.in_(("required", "excluded"))).order_by(row.code))
    return _tuples(
        (service_id, _("only: %(who)s", who=label(code)))
        if effect == "required"
        else (service_id, _("not for: %(who)s", who=label(code)))
        for service_id, code, effect in found
    )


def _ages(least: float | None, most: float | None) -> list[str]:
    told = [_("from age %(age)s", age=number(least))] if least is not None else []
    return told + ([_("up to age %(age)s", age=number(most))] if most is not None else [])


def _tuples(pairs: Iterable[Any]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for service_id, words in pairs:
        found[service_id] += (words,)
    return found
