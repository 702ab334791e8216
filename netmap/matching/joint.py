"""Who serves the lines of one package together: from what was found for each line to one choice. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from netmap.directory.distances import straight_km
from netmap.directory.eligibility import TYPES_THAT_COME, Offer
from netmap.matching import bundle, journeys
from netmap.matching.bundle import NOBODY, Bundle, Option, Step
from netmap.matching.facts import Client
from netmap.matching.journeys import Journey, Visit, Window
from netmap.matching.lines import Wanted
from netmap.matching.providers import DRIVE_KMH, Choice, Served, travel_minutes
from netmap.matching.times import weekly

TOP = 8  # so many providers of each line are looked at, and the one set by hand
ASSUMED_MINUTES = 30.0  # one way, where nobody knows how far it is; never shown
LASTS = {"once": 60, "long": 90}  # minutes of one meeting; of help that goes on, a lesson or a group
LASTS_ELSE = 60
# For whom each further place is twice as hard: needs and facts of the vocabulary, never an age of adults.
HARD_TO_GO = ("child_under_7", "dis.mobility", "trn.cost", "trn.licence", "trn.no_transport")
HARDER = 2.0

Line = tuple[Wanted, Served]


@dataclass(frozen=True)
class Way:
    """One choice for all lines, with the places to go to and the days on which that can be done."""

    bundle: Bundle
    picked: Mapping[str, Choice | None]
    weights: Mapping[str, float]
    journeys: tuple[Journey, ...]

    @cached_property
    def fit(self) -> float:
        """Weighted mean of what the providers are worth to this person, 0 to 1; nobody is worth 0."""
        total = sum(self.weights.values())
        return sum(self.weights[key] * choice.utility for key, choice in self.picked.items() if choice) / (
            total or 1
        )

    @property
    def uncovered(self) -> list[str]:
        """Keys of the lines that nobody serves."""
        return [key for key, choice in self.picked.items() if choice is None]


@dataclass(frozen=True)
class Joint:
    """The joint choice, the choice by fit alone where it differs, and hand choices that nobody can serve."""

    way: Way
    by_fit: Way | None
    lost: tuple[str, ...]

    def pick(self, wanted: Wanted, found: Served) -> Choice | None:
        """Return who serves a line; of one proposed to be left out, who comes first if it stays."""
        if wanted.key in self.way.picked:
            return self.way.picked[wanted.key]
        return found.choices[0] if found.choices else None


def rate_for(client: Client, usual: float) -> float:
    """Return what one more place costs this client.

    Examples
    --------
    >>> rate_for(Client({}), 0.1), rate_for(Client({}, {"child_under_7": "yes"}), 0.1)
    (0.1, 0.2)
    """
    return usual * HARDER if any(client.fact(code) == "yes" for code in HARD_TO_GO) else usual


def decide(lines: Sequence[Line], client: Client, *, per_site: float, circuity: float) -> Joint:
    """Return the joint choice for the lines of one package.

    Parameters
    ----------
    lines : sequence of (Wanted, Served)
        Those proposed to be left out take no part.
    client : Client
        ``chosen`` and ``most_places`` are kept.
    per_site : float
        By how much the fit must gain for one more place; doubled where going there is hard.
    circuity : float
        Road over straight line.
    """
    desk = _Desk([line for line in lines if not line[0].dropped], client, circuity)
    steps = desk.steps()
    rate = bearable(steps, rate_for(client, per_site))
    steps = heavy_enough(steps, rate)
    way = desk.way(bundle.choose(steps, per_site=rate, most_sites=client.most_places), steps)
    by_fit = bundle.best_fit(steps, per_site=rate)
    same = by_fit.chosen == way.bundle.chosen
    return Joint(way, None if same else desk.way(by_fit, steps), desk.lost)


class _Desk:
    """The lines of one package, and what is known about the sites of their providers."""

    def __init__(self, lines: Sequence[Line], client: Client, circuity: float) -> None:
        self._lines, self._client, self._circuity = lines, client, circuity
        self._points: dict[str, tuple[float, float]] = {}
        self._able = {wanted.key: _able(wanted, found, client) for wanted, found in lines}

    @property
    def lost(self) -> tuple[str, ...]:
        """Lines whose provider of hand choice cannot serve them."""
        chosen = self._client.chosen
        return tuple(
            wanted.key
            for wanted, _found in self._lines
            if chosen.get(wanted.key) and chosen[wanted.key] not in self._able[wanted.key]
        )

    def steps(self) -> list[Step]:
        """Return the lines for the sums."""
        lost = self.lost
        return [
            Step(
                wanted.key,
                wanted.weight,
                tuple(self._option(wanted, choice) for choice in self._able[wanted.key].values()),
                LASTS.get(wanted.duration or "", LASTS_ELSE),
                None if wanted.key in lost else self._client.chosen.get(wanted.key),
            )
            for wanted, _found in self._lines
        ]

    def way(self, found: Bundle, steps: Sequence[Step]) -> Way:
        """Return a choice with its providers and journeys."""
        picked = {
            key: self._able[key][option.service] if option else None for key, option in found.options.items()
        }
        visits = []
        for (wanted, _served), step in zip(self._lines, steps, strict=True):
            option = found.options[wanted.key]
            if option is not None and option.site is not None:
                start, after = wanted.start_day, wanted.after
                visits.append(
                    Visit(
                        step.key, option.service, option.site, option.minutes, option.windows, step.lasts,
                        start, after,
                    )
                )  # fmt: skip
        weights = {wanted.key: wanted.weight for wanted, _served in self._lines}
        return Way(found, picked, weights, journeys.plan(visits, self._between))

    def _option(self, wanted: Wanted, choice: Choice) -> Option:
        offer = choice.offer
        site = site_of(offer, wanted.service_type)
        if site is not None and offer.latitude is not None and offer.longitude is not None:
            self._points[site] = offer.latitude, offer.longitude
        minutes = travel_minutes(choice.verdicts["distance"])
        return Option(
            offer.service_id,
            choice.utility,
            site,
            0.0 if site is None else ASSUMED_MINUTES if minutes is None else minutes,
            offer.fee,
            offer.places or None,  # none, but a list to wait on: the filter let it pass, and so do we
            windows=meeting(offer, self._client),
        )

    def _between(self, here: str, there: str) -> float | None:
        """Return minutes by car between two sites, None where one of them lies nobody knows where."""
        if here not in self._points or there not in self._points:
            return None
        return straight_km(self._points[here], self._points[there]) * self._circuity / DRIVE_KMH * 60


def _able(wanted: Wanted, found: Served, client: Client) -> dict[str, Choice]:
    """Return the providers worth a look by service: firm ones before any others, and the hand choice."""
    best = found.choices[:TOP]
    able = [choice for choice in best if choice.firm] or best
    by_service = {choice.offer.service_id: choice for choice in able}
    by_hand = client.chosen.get(wanted.key)
    if by_hand and by_hand not in by_service:
        chosen = next((one for one in found.choices if one.offer.service_id == by_hand), None)
        by_service |= {by_hand: chosen} if chosen else {}
    return by_service


def site_of(offer: Offer, service_type: str) -> str | None:
    """Return where one has to go, None where nobody has to: by phone, online, or help comes home.

    A service whose place is not written down counts as a place of its own: not known is not "online".
    """
    if offer.remote or service_type in TYPES_THAT_COME:
        return None
    return offer.location_id or f"{offer.service_id}?"


def meeting(offer: Offer, client: Client) -> tuple[Window, ...]:
    """Return the regular hours of every week at which the person can come too."""
    hours = weekly(offer.rules, client.day)
    if not client.hours:
        return hours
    both = (
        (day, max(first, start), min(last, end))
        for day, first, last in hours
        for free, start, end in client.hours
        if day == free
    )
    return tuple(sorted({window for window in both if window[1] < window[2]}))


def bearable(steps: Sequence[Step], rate: float) -> float:
    """Return the rate, less where ways are so long that lines would be left without help to save them.

    With the share that `heavy_enough` gives at this rate, all lines together have at most half of all weight:
    the other half still tells heavy lines from light ones.
    """
    share = least_share(steps, 1.0) * len(steps)
    return min(rate, 0.5 / share) if share else rate


def least_share(steps: Sequence[Step], rate: float) -> float:
    """Return the share of all weight at which a line without anybody costs as much as the longest way."""
    ways = [option.minutes for step in steps for option in step.options if option.site is not None]
    return rate * (1 + max(ways) / 60) / (NOBODY - 1) if ways else 0.0


def heavy_enough(steps: Sequence[Step], rate: float) -> list[Step]:
    """Return the lines, the light ones lifted so that none is left without help to save one journey.

    A line without anybody costs `NOBODY` times its share of all weight; that has to be more than one further
    place does, which a `bearable` rate makes possible.
    """
    share = least_share(steps, rate)
    if not share:
        return list(steps)
    total, count = sum(step.weight for step in steps), len(steps)
    if not total:
        return [replace(step, weight=1.0) for step in steps]
    least = share * total / (1 - share * count)
    return [replace(step, weight=max(step.weight, least)) for step in steps]
