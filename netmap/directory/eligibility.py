"""Can this person use this offer: the one pass / fail / unknown test for each criterion, pure.

Matching, readiness and gaps all call `judge`, so they can never disagree. What nobody recorded or asked is
"unknown", never "no". How old a record is plays no part here: old information is a badge, not a failure.
"""

import math

from netmap.directory import eligibility_words, hours
from netmap.directory.ages import ADULT, Fact, age_range_of, fact_from_age
from netmap.directory.distances import straight_km
from netmap.directory.parties import Asker, Duration, Offer, Verdict

__all__ = [
    "CRITERIA", "Asker", "Duration", "Offer", "Verdict", "age_range_of", "distance_km", "judge",
    "needs_no_way", "sentence",
]  # fmt: skip

CRITERIA = (
    "type", "active", "distance", "eligibility", "language", "hours", "access", "cost", "duration",
    "capacity",
)  # fmt: skip

# Here the ages of a record are those of the child while the person who asks is the parent.
TYPES_FOR_CHILDREN = frozenset({
    "child_protection", "childcare_place", "early_intervention", "parenting_course", "school_support",
    "youth_work",
})  # fmt: skip
# Here helpers go to the person, so a declared area counts and not the way to their office.
TYPES_THAT_COME = frozenset({"home_care", "interpreter", "personal_assistant", "transport_help"})
# Who has this needs a place without steps; of nobody else is it asked.
NEEDS_STEP_FREE = "dis.mobility"


def judge(
    offer: Offer, asker: Asker, service_type: str | None = None, *, km: float | None = None
) -> dict[str, Verdict]:
    """Return a verdict for every criterion, in the order of `CRITERIA`.

    Parameters
    ----------
    offer : Offer
    asker : Asker
    service_type : str, optional
        The kind of help that is wanted; without it the type passes.
    km : float, optional
        Kilometres on the road where known from elsewhere; else the straight line times ``asker.circuity``.

    Returns
    -------
    dict of str to Verdict

    Examples
    --------
    >>> far = Offer("s1", types=frozenset({"debt_advice"}), status="active", latitude=55.5, longitude=25.0)
    >>> asker = Asker(point=(56.5, 25.0), budget=5)
    >>> verdicts = judge(far, asker, "debt_advice")
    >>> verdicts["distance"].reason, verdicts["cost"].outcome
    ('too_far', 'unknown')
    """
    return {
        "type": judge_type(offer, service_type),
        "active": judge_active(offer),
        "distance": judge_distance(offer, asker, km, service_type),
        "eligibility": judge_eligibility(offer, asker, service_type),
        "language": judge_language(offer, asker),
        "hours": judge_hours(offer, asker),
        "access": judge_access(offer, asker, service_type),
        "cost": judge_cost(offer, asker),
        "duration": judge_duration(offer, asker),
        "capacity": judge_capacity(offer),
    }


def sentence(criterion: str, verdict: Verdict) -> str:
    """Return the verdict as a sentence in the reader's language."""
    return eligibility_words.sentence(criterion, verdict.reason, verdict.values)


def judge_type(offer: Offer, service_type: str | None) -> Verdict:
    """Return whether the offer is of the wanted type; a suggestion that nobody confirmed is unknown."""
    if service_type is None:
        return Verdict("pass", "not_asked")
    values = {"type": service_type}
    if service_type in offer.types:
        return Verdict("pass", "confirmed", values)
    if service_type in offer.suggested:
        return Verdict("unknown", "suggested", {**values, "confidence": offer.confidence.get(service_type)})
    return Verdict("fail", "other_type", values)


def judge_active(offer: Offer) -> Verdict:
    """Return whether the service is offered at present."""
    if offer.status == "active":
        return Verdict("pass", "active")
    if offer.status == "unknown":
        return Verdict("unknown", "status_unknown")
    return Verdict("fail", "not_active", {"status": offer.status})


def judge_distance(
    offer: Offer, asker: Asker, km: float | None = None, service_type: str | None = None
) -> Verdict:
    """Return whether the offer serves the person's area and can be reached.

    A declared area decides before the straight line does: a river or a border may lie between. Help that is
    remote, or that comes to people, is at no distance inside its area.
    """
    if offer.serves is not None:
        served = judge_area(offer.serves, asker)
        if served.outcome != "pass" or needs_no_way(offer, service_type):
            return served
    elif offer.remote:
        return Verdict("unknown", "area_not_recorded")
    km = distance_km(offer, asker) if km is None else km
    if km is None:
        return Verdict("unknown", "distance_not_known")
    values = {"km": km, "max_km": asker.max_km}
    return Verdict("pass", "in_reach", values) if km <= asker.max_km else Verdict("fail", "too_far", values)


def needs_no_way(offer: Offer, service_type: str | None = None) -> bool:
    """Return whether nobody has to go anywhere: help is remote, or it comes to people."""
    return offer.remote or offer.place_id is None or service_type in TYPES_THAT_COME


def judge_area(serves: frozenset[str], asker: Asker) -> Verdict:
    """Return whether the person's area is one of those that an offer serves."""
    if asker.area is None:
        return Verdict("unknown", "person_area_not_known")
    values: dict[str, object] = {"area": asker.area, "km": 0.0}
    if asker.area in serves:
        return Verdict("pass", "area_served", values)
    if serves & asker.areas_within:
        return Verdict("unknown", "part_of_area_served", values)
    return Verdict("fail", "area_not_served", values)


def distance_km(offer: Offer, asker: Asker) -> float | None:
    """Return kilometres on the road from the person to the offer (great circle times circuity), if known."""
    if asker.point is None or offer.latitude is None or offer.longitude is None:
        return None
    return straight_km(asker.point, (offer.latitude, offer.longitude)) * asker.circuity


def judge_eligibility(offer: Offer, asker: Asker, service_type: str | None = None) -> Verdict:
    """Return whether the offer's own conditions let this person in."""
    facts = {code: _fact(asker, code) for code in sorted(offer.required | offer.excluded)}
    if excluded := [code for code in sorted(offer.excluded) if facts[code] == "yes"]:
        return Verdict("fail", "excluded", {"codes": excluded})
    if missing := [code for code in sorted(offer.required) if facts[code] == "no"]:
        return Verdict("fail", "required", {"codes": missing})
    age = _judge_age(offer, asker, service_type)
    if age is not None and age.outcome == "fail":
        return age
    if unasked := [code for code, fact in facts.items() if fact == "unknown"]:
        return Verdict("unknown", "ask", {"codes": unasked})
    if age is not None and age.outcome == "unknown":
        return age
    if not offer.eligibility_known:
        return Verdict("unknown", "only_words", {"conditions": offer.conditions})
    return Verdict("pass", "conditions_met" if facts or age else "no_conditions_recorded")


def _fact(asker: Asker, code: str) -> Fact:
    told = asker.circumstances.get(code, "unknown")
    return fact_from_age(code, asker.age_range) if told == "unknown" else told


def _judge_age(offer: Offer, asker: Asker, service_type: str | None) -> Verdict | None:
    """Return a verdict about age, or None where the offer names no ages."""
    if offer.minimum_age is None and offer.maximum_age is None:
        return None
    low = offer.minimum_age or 0
    # "up to 29" holds until the 30th birthday
    high = math.inf if offer.maximum_age is None else offer.maximum_age + 1
    values = {"minimum": offer.minimum_age, "maximum": offer.maximum_age}
    person = asker.age_range
    types = offer.types | offer.suggested if service_type is None else {service_type}
    is_minor = person is not None and person[1] <= ADULT
    if high <= ADULT and types & TYPES_FOR_CHILDREN and not is_minor:
        fits = asker.circumstances.get("child_under_7") == "yes" and low <= 0 and high >= 7
        return Verdict("pass", "age_met", values) if fits else Verdict("unknown", "age_of_child", values)
    if person is None:
        return Verdict("unknown", "age_not_known", values) if low > 0 or high < math.inf else None
    if person[1] <= low or person[0] >= high:
        return Verdict("fail", "age_outside", values)
    if low <= person[0] and person[1] <= high:
        return Verdict("pass", "age_met", values)
    return Verdict("unknown", "age_partly", values)


def judge_language(offer: Offer, asker: Asker) -> Verdict:
    """Return whether the person and the provider can speak with each other."""
    if not asker.languages:
        return Verdict("pass", "not_asked")
    common = sorted(asker.languages & (offer.languages or frozenset()))
    if common:
        return Verdict("pass", "common_language", {"languages": common})
    if offer.interpreter:
        return Verdict("pass", "interpreter")
    if offer.languages is None:
        return Verdict("unknown", "languages_not_recorded")
    return Verdict("fail", "no_common_language", {"languages": sorted(offer.languages)})


def judge_hours(offer: Offer, asker: Asker) -> Verdict:
    """Return whether the regular hours meet the hours at which the person can come."""
    if not asker.hours:
        return Verdict("pass", "not_asked")
    meets = hours.open_in(offer.rules, asker.hours, asker.day) if offer.rules else None
    if meets is None:
        return Verdict("unknown", "hours_not_known")
    return Verdict("pass", "hours_meet") if meets else Verdict("fail", "hours_apart")


def judge_access(offer: Offer, asker: Asker, service_type: str | None = None) -> Verdict:
    """Return whether a person who cannot climb stairs gets into the place, where somebody has to go there."""
    if asker.circumstances.get(NEEDS_STEP_FREE) != "yes":
        return Verdict("pass", "not_asked")
    if offer.remote or service_type in TYPES_THAT_COME:
        return Verdict("pass", "nobody_goes")
    if offer.step_free is None:
        return Verdict("unknown", "access_not_recorded")
    return Verdict("pass", "step_free") if offer.step_free else Verdict("fail", "steps")


def judge_cost(offer: Offer, asker: Asker) -> Verdict:
    """Return whether the person can pay what it costs."""
    values = {"fee": offer.fee, "budget": asker.budget}
    if offer.fee == 0:
        return Verdict("pass", "free", values)
    if asker.budget is None:
        return Verdict("pass", "not_asked", values)
    if offer.fee is None:
        return Verdict("unknown", "fee_not_recorded", values)
    if offer.fee > asker.budget:
        return Verdict("fail", "too_dear", values)
    return Verdict("pass", "affordable", values)


def judge_duration(offer: Offer, asker: Asker) -> Verdict:
    """Return whether help lasts as long as it is wanted for."""
    if asker.duration is None:
        return Verdict("pass", "not_asked")
    if offer.duration is None:
        return Verdict("unknown", "duration_not_recorded", {"wanted": asker.duration})
    if offer.duration == asker.duration:
        return Verdict("pass", "duration_fits", {"wanted": asker.duration})
    if (offer.duration, asker.duration) == ("short", "once"):
        return Verdict("unknown", "lasts_weeks", {"wanted": asker.duration})  # more than was asked for
    return Verdict("fail", f"only_{offer.duration}", {"wanted": asker.duration})


def judge_capacity(offer: Offer) -> Verdict:
    """Return whether there is a free place; where somebody is waiting for one, a person has to ask.

    Few offers record places at all, so no record says nothing about this one in particular.
    """
    if offer.places is None:
        return Verdict("pass", "places_not_recorded")
    if offer.places > 0:
        return Verdict("pass", "places_free", {"places": offer.places})
    if offer.wait_days is None:
        return Verdict("fail", "no_places")
    return Verdict("unknown", "waiting_list", {"days": offer.wait_days})
