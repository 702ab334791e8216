"""What a person meets at the door of each service of a list: price, languages, papers, for whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    Date,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    null,
    select,
    union_all,
)
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


def _told(what: str, service: Any, order: Any, *told: Any) -> Select[Any]:
    """Return the rows of one kind in the form that all kinds have: four columns hold what is told."""
    empty = [null()] * (4 - len(told))
    return select(literal_column(f"'{what}'").label("what"), service.label("service_id"),
                  order.label("place"), *told, *empty)  # fmt: skip


def _every(*kinds: Select[Any]) -> Select[Any]:
    """Return the rows of all kinds as one statement: asking five times costs more than what is told."""
    every = union_all(*kinds).subquery()
    return select(every).order_by(every.c.what, every.c.place)


_TOLD = _every(
    _told("service", Service.id, Service.id, Service.fees_description, Service.interpretation_services,
          Service.minimum_age, Service.maximum_age)
    .where(Service.id.in_(_IDS)),
    _told("price", CostOption.service_id, case((CostOption.option.is_(None), "0"), else_="1") + CostOption.id,
          CostOption.option, CostOption.amount, CostOption.currency, CostOption.amount_description)
    .where(CostOption.service_id.in_(_IDS), CostOption.removed_in_source.is_(None))
    .where(func.coalesce(CostOption.valid_from, _TODAY) <= _TODAY)
    .where(func.coalesce(CostOption.valid_to, _TODAY) >= _TODAY),
    _told("own language", Language.service_id, Language.id, Language.code, Language.name)
    .where(Language.service_id.in_(_IDS), Language.removed_in_source.is_(None)),
    _told("language there", ServiceAtLocation.service_id, Language.id, Language.code, Language.name)
    .join(Language, Language.location_id == ServiceAtLocation.location_id)
    .where(ServiceAtLocation.service_id.in_(_IDS), ServiceAtLocation.removed_in_source.is_(None))
    .where(Language.removed_in_source.is_(None)),
    _told("paper", RequiredDocument.service_id, RequiredDocument.id, RequiredDocument.document)
    .where(RequiredDocument.service_id.in_(_IDS), RequiredDocument.removed_in_source.is_(None))
    .where(RequiredDocument.document.is_not(None)),
    _told("rule", EligibilityRule.service_id, EligibilityRule.code, EligibilityRule.code,
          EligibilityRule.effect)
    .where(EligibilityRule.service_id.in_(_IDS), EligibilityRule.effect.in_(("required", "excluded"))),
)  # fmt: skip


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
    """Return service id -> its limits, by one SELECT."""
    told: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for what, service_id, _place, *values in session.execute(_TOLD, {"ids": list(ids), "today": today}):
        told[what].append((service_id, *values))
    own, there = _spoken(told["own language"]), _spoken(told["language there"])
    prices, rules = _prices(told["price"]), _rules(told["rule"])
    papers = _tuples(row[:2] for row in told["paper"])
    return {
        service_id: Limits(
            price=prices.get(service_id, ""),
            fees=fees or "",
            languages=own.get(service_id) or there.get(service_id, ()),
            interpreter=bool(offer_words.has_interpreter(interpreter)),
            papers=papers[service_id],
            who=(*rules[service_id], *_ages(least, most)),
        )
        for service_id, fees, interpreter, least, most in told["service"]
    }


def _prices(rows: Iterable[tuple[Any, ...]]) -> dict[str, str]:
    """Return the price that holds for everybody, else the first one with its condition."""
    found: dict[str, str] = {}
    for service_id, condition, amount, currency, words in rows:
        option = "" if offer_words.is_free(condition) else condition or ""
        price = _("free") if condition and not option else _price(amount, currency, words)
        if price:
            found.setdefault(service_id, f"{price} ({option})" if option else price)
    return found


def _price(amount: float | None, currency: str | None, words: str | None) -> str:
    if amount == 0 or (amount is None and offer_words.is_free(words)):
        return _("free")
    if amount is not None:
        return f"{number(amount, 2)} {currency or ''}".strip()
    return words or ""


def _spoken(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for service_id, code, name, *_empty in rows:
        if spoken := offer_words.language_code(code, name):
            found[service_id][spoken] = None
    return {service_id: tuple(codes) for service_id, codes in found.items()}


def _rules(rows: Iterable[tuple[Any, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Return whom services take only, and whom they do not take."""
    return _tuples(
        (service_id, _("only: %(who)s", who=label(code)))
        if effect == "required"
        else (service_id, _("not for: %(who)s", who=label(code)))
        for service_id, code, effect, *_empty in rows
    )


def _ages(least: float | None, most: float | None) -> list[str]:
    told = [_("from age %(age)s", age=number(least))] if least is not None else []
    return told + ([_("up to age %(age)s", age=number(most))] if most is not None else [])


def _tuples(pairs: Iterable[Any]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for service_id, words in pairs:
        found[service_id] += (words,)
    return found
