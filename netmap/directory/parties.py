"""An offer, who asks for it, and how one criterion came out. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from netmap.directory import hours
from netmap.directory.ages import Fact

Outcome = Literal["pass", "fail", "unknown"]
Duration = Literal["once", "short", "long"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One service at one of its places, or a service without a place; None always means "not known".

    ``serves`` holds area codes with everything inside them; ``fee`` is 0 where it is free; ``places``
    are free now; ``step_free`` says whether a wheelchair gets into the place; ``confidence`` is
    0 to 1 by suggested type; ``welcome`` are people whom it has in mind without turning others away.
    ``eligibility_known`` is False where ``conditions`` stand only in words that nobody turned into rules.
    ``relation`` is "potential" or "former" where nothing is agreed with the provider, else empty.
    """

    service_id: str
    organization_id: str | None = None
    place_id: str | None = None
    location_id: str | None = None
    types: frozenset[str] = frozenset()
    suggested: frozenset[str] = frozenset()
    confidence: Mapping[str, float] = field(default_factory=dict, hash=False)
    status: str = "unknown"
    latitude: float | None = None
    longitude: float | None = None
    remote: bool = False
    serves: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    interpreter: bool | None = None
    required: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    welcome: frozenset[str] = frozenset()
    eligibility_known: bool = True
    minimum_age: float | None = None
    maximum_age: float | None = None
    fee: float | None = None
    rules: tuple[hours.Rule, ...] = ()
    duration: Duration | None = None
    assured_date: date | None = None
    review_days: int | None = None  # of the service, else of its organization
    wait_days: float | None = None
    places: float | None = None
    step_free: bool | None = None
    conditions: str = ""
    name: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: one client, or the ideal-typical client of a package.

    ``hours`` are (weekday 0-6, first minute, last minute) when the person can come; empty means any time.
    ``areas_within`` are the areas inside ``area`` where that is a wide one; ``budget`` None means not asked.
    """

    circumstances: Mapping[str, Fact] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    age_range: tuple[float, float] | None = None
    area: str | None = None
    point: tuple[float, float] | None = None
    max_km: float = 30.0
    budget: float | None = None
    hours: tuple[tuple[int, int, int], ...] = ()
    duration: Duration | None = None
    day: date | None = None
    areas_within: frozenset[str] = frozenset()
    circuity: float = 1.3


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one criterion came out, with a code for the reason and the values that its sentence needs."""

    outcome: Outcome
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)
