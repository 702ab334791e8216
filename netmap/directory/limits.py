"""What a person meets at the door of each service of a list: price, languages, papers, for whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Date, Row, bindparam, func, select
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

# The statements are made once: making them costs more than asking them.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_TODAY = bindparam("today", type_=Date)
_SERVICES = select(
    Service.id, Service.fees_description, Service.interpretation_services, Service.minimum_age,
    Service.maximum_age,
).where(Service.id.in_(_IDS))  # fmt: skip
_PRICES = (
    select(CostOption.service_id, CostOption.option, CostOption.amount, CostOption.currency,
           CostOption.amount_description)
    .where(CostOption.service_id.in_(_IDS), CostOption.removed_in_source.is_(None))
    .where(func.coalesce(CostOption.valid_from, _TODAY) <= _TODAY)
    .where(func.coalesce(CostOption.valid_to, _TODAY) >= _TODAY)
    .order_by(CostOption.option.is_not(None), CostOption.id)
)  # fmt: skip
_OWN_LANGUAGES = (
    select(Language.service_id, Language.code, Language.name)
    .where(Language.service_id.in_(_IDS), Language.removed_in_source.is_(None))
    .order_by(Language.id)
)
_LANGUAGES_THERE = (
    select(ServiceAtLocation.service_id, Language.code, Language.name)
    .join(Language, Language.location_id == ServiceAtLocation.location_id)
    .where(ServiceAtLocation.service_id.in_(_IDS), ServiceAtLocation.removed_in_source.is_(None))
    .where(Language.removed_in_source.is_(None))
    .order_by(Language.id)
)
_PAPERS = (
    select(RequiredDocument.service_id, RequiredDocument.document)
    .where(RequiredDocument.service_id.in_(_IDS), RequiredDocument.removed_in_source.is_(None))
    .where(RequiredDocument.document.is_not(None))
    .order_by(RequiredDocument.id)
)
_RULES = (
    select(EligibilityRule.service_id, EligibilityRule.code, EligibilityRule.effect)
    .where(EligibilityRule.service_id.in_(_IDS), EligibilityRule.effect.in_(("required", "excluded")))
    .order_by(EligibilityRule.code)
)


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
    asked = {"ids": list(ids)}
    rows: Iterable[Row[Any]] = session.execute(_SERVICES, asked)
    prices = _prices(session.execute(_PRICES, {**asked, "today": today}))
    own, there = (_spoken(session.execute(query, asked)) for query in (_OWN_LANGUAGES, _LANGUAGES_THERE))
    papers, rules = _tuples(session.execute(_PAPERS, asked)), _rules(session.execute(_RULES, asked))
    return {
        row.id: Limits(
            price=prices.get(row.id, ""),
            fees=row.fees_description or "",
            languages=own.get(row.id) or there.get(row.id, ()),
            interpreter=bool(offer_words.has_interpreter(row.interpretation_services)),
            papers=papers[row.id],
            who=(*rules[row.id], *_ages(row.minimum_age, row.maximum_age)),
        )
        for row in rows
    }


def _prices(rows: Iterable[Row[Any]]) -> dict[str, str]:
    """Return the price that holds for everybody, else the first one with its condition."""
    found: dict[str, str] = {}
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


def _spoken(rows: Iterable[Row[Any]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        spoken = offer_words.language_code(row.code, row.name)
        if spoken:
            found[row.service_id][spoken] = None
    return {service_id: tuple(codes) for service_id, codes in found.items()}


def _rules(rows: Iterable[Row[Any]]) -> Mapping[str, tuple[str, ...]]:
    """Return whom services take only, and whom they do not take."""
    return _tuples(
        (row.service_id, _("only: %(who)s", who=label(row.code)))
        if row.effect == "required"
        else (row.service_id, _("not for: %(who)s", who=label(row.code)))
        for row in rows
    )


def _ages(least: float | None, most: float | None) -> list[str]:
    told = [_("from age %(age)s", age=number(least))] if least is not None else []
    return told + ([_("up to age %(age)s", age=number(most))] if most is not None else [])


def _tuples(pairs: Iterable[Any]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for service_id, words in pairs:
        found[service_id] += (words,)
    return found
