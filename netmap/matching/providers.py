"""Which offers serve a line of a package, in which order, and which just miss it. Pure.

Every offer of the type goes through `eligibility.judge`; unknown passes with a badge. What passes is ordered
by one sum with visible weights. Nothing in it looks at age, citizenship or displacement: these act only
through the provider's own conditions, inside `judge`.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from netmap.directory.eligibility import (
    CRITERIA,
    Asker,
    Duration,
    Offer,
    Verdict,
    age_range_of,
    distance_km,
    judge,
    needs_no_way,
)
from netmap.freshness.age import STALE_DAYS
from netmap.matching.facts import Client, Override
from netmap.matching.rules import Weights

DEFAULT_WEIGHTS = Weights()
DRIVE_KMH = 40.0
WAY_MINUTES, WAIT_DAYS, URGENT_WAIT_DAYS, FRESH_DAYS = 30.0, 14.0, 3.0, 90.0
URGENT = 2
UNKNOWN = 0.5  # what nobody knows counts neither for nor against
INTERPRETER = 0.6
LEAST_SURE = 0.5  # what the utility keeps of a suggested type of which nothing is sure
MEANT_FOR_OTHERS = 0.8
ALTERNATIVES = NEAR_MISSES = 3
NEVER_NEAR = frozenset({"inactive", "defunct"})  # no override opens a service that is gone
OVERRIDABLE = tuple(criterion for criterion in CRITERIA if criterion != "type")  # it stays what it is


@dataclass(frozen=True)
class Choice:
    """An offer that may serve a line: its verdicts, its utility and what the utility is made of."""

    offer: Offer
    verdicts: Mapping[str, Verdict]
    utility: float
    parts: Mapping[str, float]
    meant_for_others: bool = False  # it has certain people in mind, and nobody said that this one is of them

    @property
    def firm(self) -> bool:
        """Whether a person confirmed the type, and the provider is no potential or former partner."""
        return self.verdicts["type"].outcome == "pass" and not self.offer.relation

    def unknown(self) -> list[str]:
        """Return the criteria that nobody can answer yet."""
        return [criterion for criterion in CRITERIA if self.verdicts[criterion].outcome == "unknown"]


@dataclass(frozen=True)
class NearMiss:
    """An offer that fails on one criterion only; a named worker may override it with a reason."""

    offer: Offer
    criterion: str
    verdict: Verdict
    confirmed: bool


@dataclass(frozen=True)
class Served:
    """What was found for one line: the eligible offers, best first, and the near misses."""

    choices: Sequence[Choice]
    near_misses: tuple[NearMiss, ...]


NOBODY = Served((), ())


def asker_of(client: Client, circuity: float, duration: Duration | None = None) -> Asker:
    """Return the client as the one test sees people: needs count as facts that are told."""
    codes = {*client.facts, *client.needs}
    return Asker(
        circumstances={code: client.fact(code) for code in sorted(codes)},
        languages=client.languages,
        age_range=age_range_of(client.facts),
        area=client.area,
        point=client.point,
        max_km=client.max_km,
        budget=client.budget,
        hours=client.hours,
        duration=duration,
        day=client.day,
        areas_within=client.areas_within,
        circuity=circuity,
    )


def serve(
    offers: Iterable[Offer],
    client: Client,
    service_type: str,
    *,
    today: date,
    circuity: float = 1.3,
    duration: Duration | None = None,
    urgent: bool = False,
    weights: Weights = DEFAULT_WEIGHTS,
    overrides: Iterable[Override] = (),
) -> Served:
    """Return who may serve this type for this client.

    Parameters
    ----------
    offers : iterable of Offer
        Those of the type, suggested ones among them.
    client : Client
    service_type : str
    today : date
        From which the age of a record is counted.
    circuity : float
        Road over straight line.
    duration : {"once", "long"}, optional
        How long help is wanted for.
    urgent : bool
        Waiting then weighs on a scale of 3 days in place of 14.
    weights : Weights
        What counts how much.
    overrides : iterable of Override
        What a named worker wants to pass on this line.

    Returns
    -------
    Served
        One choice for each service, at its best place. Firm ones come before the others, then the larger
        utility, then the names. A service that the person refused is left out.
    """
    asker = asker_of(client, circuity, duration)
    choices: dict[str, Choice] = {}
    misses: dict[str, NearMiss] = {}
    for offer in offers:
        if offer.service_id in client.refused:
            continue
        verdicts = overridden(offer, asker, service_type, overrides)
        failed = [criterion for criterion in CRITERIA if verdicts[criterion].outcome == "fail"]
        if not failed:
            choice = choice_of(offer, client, verdicts, today, urgent=urgent, weights=weights)
            choices[offer.service_id] = min(choices.get(offer.service_id, choice), choice, key=rank)
        elif len(failed) == 1 and failed[0] in OVERRIDABLE and offer.status not in NEVER_NEAR:
            confirmed = verdicts["type"].outcome == "pass"
            miss = NearMiss(offer, failed[0], verdicts[failed[0]], confirmed)
            misses[offer.service_id] = min(misses.get(offer.service_id, miss), miss, key=nearness)
    near = [miss for miss in misses.values() if miss.offer.service_id not in choices]
    return Served(tuple(sorted(choices.values(), key=rank)), tuple(sorted(near, key=nearness)[:NEAR_MISSES]))


def overridden(
    offer: Offer, asker: Asker, service_type: str, overrides: Iterable[Override]
) -> dict[str, Verdict]:
    """Return the verdicts, passing where a worker overrides them; nothing opens a service that is gone.

    A way that is too long stays as long as it is: its kilometres stand in the verdict.
    """
    found = judge(offer, asker, service_type)
    for one in overrides:
        verdict = found[one.criterion] if one.criterion in OVERRIDABLE else None
        mine = one.service_id == offer.service_id and offer.status not in NEVER_NEAR
        if mine and verdict is not None and verdict.outcome == "fail":
            values: dict[str, object] = {
                "reason": verdict.reason,
                "values": verdict.values,
                "why": one.reason,
            }
            if one.criterion == "distance":
                values["km"] = 0.0 if needs_no_way(offer, service_type) else distance_km(offer, asker)
            found[one.criterion] = Verdict("pass", "overridden", values)
    return found


def choice_of(
    offer: Offer,
    client: Client,
    verdicts: Mapping[str, Verdict],
    today: date,
    *,
    urgent: bool,
    weights: Weights,
) -> Choice:
    """Return the offer as a choice, with its utility."""
    parts = utility_parts(offer, client, verdicts, today, urgent=urgent)
    others = meant_for_others(offer, client)
    factor = sureness(verdicts["type"]) * (MEANT_FOR_OTHERS if others else 1.0)
    return Choice(offer, verdicts, weights.utility(parts) * factor, parts, others)


def meant_for_others(offer: Offer, client: Client) -> bool:
    """Return whether the offer has certain people in mind, and nobody said that this one is of them."""
    return bool(offer.welcome) and all(client.fact(code) != "yes" for code in offer.welcome)


def rank(choice: Choice) -> tuple[bool, float, str, str, str]:
    """Return the order of choices: firm ones first, then the larger utility, then the name."""
    offer = choice.offer
    return (
        not choice.firm,
        -round(choice.utility, 9),
        offer.name.casefold(),
        offer.service_id,
        offer.place_id or "",
    )


def nearness(miss: NearMiss) -> tuple[bool, int, float, str, str, str]:
    """Return the order of near misses: confirmed first, then by criterion, then by kilometres."""
    km = miss.verdict.values.get("km")
    return (
        not miss.confirmed,
        CRITERIA.index(miss.criterion),
        float(km) if isinstance(km, (int, float)) else 0.0,
        miss.offer.name.casefold(),
        miss.offer.service_id,
        miss.offer.place_id or "",
    )


def sureness(of_type: Verdict) -> float:
    """Return by what the utility is multiplied: 1 for a confirmed type, less for an unsure suggestion.

    Examples
    --------
    >>> sureness(Verdict("unknown", "suggested", {"confidence": 0.74}))
    0.87
    """
    if of_type.outcome == "pass":
        return 1.0
    sure = of_type.values.get("confidence")
    return LEAST_SURE + (1 - LEAST_SURE) * (sure if isinstance(sure, (int, float)) else UNKNOWN)


def utility_parts(
    offer: Offer,
    client: Client,
    verdicts: Mapping[str, Verdict],
    today: date,
    *,
    urgent: bool = False,
) -> dict[str, float]:
    """Return each part of the utility between 0 and 1, by the names of `Weights`."""
    minutes = travel_minutes(verdicts["distance"])
    return {
        "way": UNKNOWN if minutes is None else math.exp(-minutes / WAY_MINUTES),
        "wait": wait_part(offer, urgent=urgent),
        "outcome": UNKNOWN,  # nobody records results yet
        "language": language_part(verdicts["language"]),
        "cost": cost_part(offer.fee, client.budget),
        "freshness": freshness_part(offer.assured_date, today, offer.review_days),
        "acceptability": 1.0 if offer.service_id in client.wanted else UNKNOWN,
    }


def travel_minutes(distance: Verdict) -> float | None:
    """Return minutes by car to the offer, 0 where help comes to the person, None where not known."""
    km = distance.values.get("km")
    return float(km) / DRIVE_KMH * 60 if isinstance(km, (int, float)) and distance.outcome == "pass" else None


def wait_part(offer: Offer, *, urgent: bool = False) -> float:
    """Return the part of waiting, 0 to 1; what is urgent suffers more from it."""
    scale = URGENT_WAIT_DAYS if urgent else WAIT_DAYS
    return UNKNOWN if offer.wait_days is None else math.exp(-offer.wait_days / scale)


def language_part(verdict: Verdict) -> float:
    """Return the part of the language, 0 to 1: less with an interpreter, nothing without a common one."""
    if verdict.outcome == "unknown":
        return UNKNOWN
    if verdict.reason == "overridden":
        return 0.0
    return INTERPRETER if verdict.reason == "interpreter" else 1.0


def cost_part(fee: float | None, budget: float | None) -> float:
    """Return the part of the cost, 0 to 1: what is left of the budget."""
    if fee == 0:
        return 1.0
    if fee is None or budget is None:
        return UNKNOWN
    return max(0.0, 1 - fee / budget) if budget else 0.0


def freshness_part(assured: date | None, today: date, review_days: int | None = None) -> float:
    """Return how fresh the last check by a person is: halves in 90 of 365 days of the rhythm of a record."""
    if assured is None:  # a record that nobody checked has nothing to show
        return 0.0
    half = FRESH_DAYS * (review_days or STALE_DAYS) / STALE_DAYS
    return float(0.5 ** (max(0, (today - assured).days) / half))
