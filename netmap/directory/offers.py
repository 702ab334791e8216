"""The directory as plain offers for the sums: a constant number of SELECTs, whatever the size."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, cast

from sqlalchemy.orm import Session

from netmap.config import Settings
from netmap.db import now
from netmap.directory import offer_queries, offer_rows, offer_words
from netmap.directory.age_words import age_phrase
from netmap.directory.closing import status_of
from netmap.directory.eligibility import Duration, Offer
from netmap.directory.offer_queries import Scope
from netmap.directory.offer_rows import area_insides

__all__ = ["area_insides", "load_offers"]


def load_offers(
    session: Session,
    settings: Settings,
    *,
    confirmed_only: bool = False,
    services: Collection[str] | None = None,
    inside: Callable[[str], frozenset[str]] | None = None,
) -> list[Offer]:
    """Return one offer per service and place, and one per service without a place, by their ids.

    Parameters
    ----------
    session : Session
    settings : Settings
        The time zone says which day today is, for prices that hold for a time.
    confirmed_only : bool
        Leave out types that nobody confirmed, and services that have no other.
    services : collection of str, optional
        Only these, by their ids; a few hundred at most.
    inside : callable, optional
        Area -> the areas inside it, where that is known already.

    Returns
    -------
    list of Offer
        Rows that are gone in their source are left out; closed services are not, `judge` names them.
    """
    scope = Scope(services)
    confirmed, suggested, confidences = offer_rows.types(session, scope)
    required, excluded, welcome = offer_rows.rules(session, scope)
    at = _Places(session, scope, inside)
    offers: list[Offer] = []
    for service in _services(session, scope, settings, required.keys() | excluded.keys()):
        key = service.service_id
        if confirmed_only and key not in confirmed:
            continue
        codes = {
            "types": confirmed.get(key, frozenset()),
            "suggested": frozenset() if confirmed_only else suggested.get(key, frozenset()),
            "confidence": {} if confirmed_only else confidences.get(key, {}),
            "required": required.get(key, frozenset()),
            "excluded": excluded.get(key, frozenset()),
            "welcome": welcome.get(key, frozenset()),
        }
        offers.extend(at.each(service, codes))
    return offers


def _services(session: Session, scope: Scope, settings: Settings, ruled: Collection[str]) -> list[Offer]:
    """Return every service as an offer that knows nothing of places, types and rules yet.

    Words become conditions to read, not rules: those of the conditions where nobody made rules of them
    (``ruled``), and an age in the name or the description where no ages are recorded.
    """
    fees = offer_rows.fees(session, scope, settings)
    waits, free = offer_rows.capacities(session, scope, settings)
    today, offers = now().astimezone(settings.zone()).date(), []
    for row in scope.rows(session, offer_queries.services):
        fee = fees.get(row.id)
        if fee is None and row.id not in fees and offer_words.is_free(row.fees_description):
            fee = 0.0
        ages = row.minimum_age is not None or row.maximum_age is not None
        age_words = "" if ages else age_phrase(f"{row.name}\n{row.description}")
        conditions = (row.eligibility_description or "").strip()
        offers.append(
            Offer(
                service_id=row.id,
                organization_id=row.organization_id,
                name=row.name,
                status=status_of(row.status, row.closed_on, today),
                interpreter=offer_words.has_interpreter(row.interpretation_services),
                minimum_age=row.minimum_age,
                maximum_age=row.maximum_age,
                fee=fee,
                duration=cast(Duration, row.duration) if row.duration in ("once", "short", "long") else None,
                assured_date=row.assured_date,
                review_days=row.review_days,
                wait_days=waits.get(row.id, offer_words.wait_days(row.wait_time)),
                places=free.get(row.id),
                conditions="; ".join(words for words in (age_words, conditions) if words),
                eligibility_known=not age_words and (not conditions or ages or row.id in ruled),
            )
        )
    return offers


class _Places:
    """What differs from place to place; what a place says of itself wins over the service."""

    def __init__(
        self,
        session: Session,
        scope: Scope,
        inside: Callable[[str], frozenset[str]] | None,
    ) -> None:
        self._places = offer_rows.places(session, scope)
        self._spoken = offer_rows.Languages(session, scope)
        self._opened = offer_rows.Hours(session, scope)
        self._serves = offer_rows.Serves(session, scope, inside)
        self._step_free = offer_rows.step_free(session, scope)

    def each(self, offer: Offer, codes: Mapping[str, Any]) -> list[Offer]:
        """Return the offer with its codes at each of its places, or the one of a service without a place."""
        key = offer.service_id
        found = [
            replace(
                offer,
                **codes,
                place_id=place.id,
                location_id=place.location_id,
                latitude=place.point[0] if place.point else None,
                longitude=place.point[1] if place.point else None,
                remote=place.location_type == "virtual",
                serves=self._serves.of(key, place.id),
                languages=self._spoken.of(key, place.location_id),
                rules=self._opened.of(key, place.id, place.location_id),
                step_free=self._step_free.get(place.location_id),
            )
            for place in self._places.get(key, ())
        ]
        if found:
            return found
        serves, languages = self._serves.of(key, None), self._spoken.of(key, None)
        rules = self._opened.of(key, None, None)
        return [replace(offer, **codes, serves=serves, languages=languages, rules=rules)]
