"""What a service is filtered by, as codes made of its rows: cost, access, for whom, layer, places free.

A code that begins with "?" says that nobody knows: such a service is neither left out nor counted for
certain. Pure.
"""

import math
import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from netmap.directory.ages import AGE_BANDS
from netmap.directory.eligibility import TYPES_FOR_CHILDREN, TYPES_THAT_COME
from netmap.directory.offer_words import is_free

COSTS = ("free", "fee")
ACCESS = ("wheelchair", "remote", "comes_to_you")
THRESHOLDS = ("no_appointment", "no_documents", "no_queue", "anonymous", "outreach", "soft_entry")
LAYERS = ("self", "circle", "community", "ngo", "state")
TAKES = ("yes", "waiting", "full")
NOT = "not:"  # before a circumstance: people of whom this holds are not taken
PERHAPS = "?"  # before a code of which nobody knows whether it holds

# Only kinds that say by themselves who stands behind: a clinic may be private, a school a parish's own.
LAYER_OF_KIND = {
    "self_help_group": "circle",
    "parish": "community",
    "ngo": "ngo",
    "municipality": "state",
    "pension_fund": "state",
    "social_protection": "state",
    "employment_service": "state",
    "police_probation": "state",
}
_WHEELS = re.compile(
    r"wheelchair|step-?\s?free|\bramps?\b|\blevel (?:entrance|access|throughout|floor)|no steps|\bwheels\b"
    r"|pandus|пандус|be slenks|neįgaliojo vežimėl|vežimėliui|без порог|без ступен|без бордюр|ровный вход"
    r"|вход ровный|рівний вхід|вхід рівний|без сход|без поріг|без порог",
    re.IGNORECASE,
)
_OBSTACLE = re.compile(
    r"\bno (?:ramp|lift|wheelchair|step-?free)|\bnot (?:wheelchair|accessible|step)|\bsteps?\b(?!-?\s?free)"
    r"|\bstairs?\b|\bstaircase\b|steep|laipt|pakop|neįvažiuoja"
    r"|nėra (?:pando|lifto|keltuvo)|pando nėra|lifto nėra|keltuvo nėra"
    r"|ступен|лестниц|крыльц|без лифта|пандуса нет|нет (?:пандуса|лифта)|поріжк|сходин|сходи\b|ліфта нем"
    r"|немає (?:пандус|ліфт)|пандуса нем|не заїде|не проходит|нельзя",
    re.IGNORECASE,
)
_NO_OBSTACLE = re.compile(
    r"\bno (?:steps?|stairs?)\b|без (?:ступен|лестниц|сход)\w*|be (?:laipt|pakop)\w*", re.I
)


class Price(NamedTuple):
    """One row of what a service costs."""

    option: str | None
    amount: float | None
    words: str | None
    first: date | None
    last: date | None


class Capacity(NamedTuple):
    """One row of how much is free."""

    available: float | None
    wait_days: int | None
    updated: date | None


def cost_codes(prices: Collection[Price], fees: str | None, today: date) -> tuple[str, ...]:
    """Return "free", "fee" or that it is not known.

    A price without a condition decides. Where all have one, they must agree: "free for pensioners" beside a
    price for others is not known to be free for whoever asks.

    Examples
    --------
    >>> adults, children = Price("adults", 5.0, None, None, None), Price("children", 0.0, None, None, None)
    >>> cost_codes([adults], None, date(2026, 1, 1)), cost_codes([adults, children], None, date(2026, 1, 1))
    (('fee',), ('?free', '?fee'))
    >>> cost_codes([], "free of charge", date(2026, 1, 1)), cost_codes([], "ask", date(2026, 1, 1))
    (('free',), ('?free', '?fee'))
    """
    unknown = ("?free", "?fee")
    valid = [price for price in prices if (price.first or today) <= today <= (price.last or today)]
    if not valid:
        return ("free",) if not prices and is_free(fees) else unknown
    amounts: list[tuple[bool, float | None]] = []
    for price in valid:
        free = is_free(price.words) or is_free(price.option)
        amount = 0.0 if price.amount is None and free else price.amount
        amounts.append((bool(price.option and not free), amount))
    general = [amount for conditional, amount in amounts if not conditional]
    telling = general or [amount for _conditional, amount in amounts]
    if None in telling:
        return unknown
    paid = {(amount or 0.0) > 0 for amount in telling}
    if general:
        return ("free",) if False in paid else ("fee",)
    return unknown if len(paid) > 1 else ("fee",) if True in paid else ("free",)


def wheelchair(texts: Iterable[str]) -> bool | None:
    """Return whether a place can be entered in a wheelchair by what is written of it; None where not known.

    Examples
    --------
    >>> wheelchair(["Step-free door"]), wheelchair(["Пандуса нет, семь ступеней"]), wheelchair(["Quiet room"])
    (True, False, None)
    """
    found = None
    for text in texts:
        if _OBSTACLE.search(_NO_OBSTACLE.sub(" ", text)):
            return False
        if _WHEELS.search(text):
            found = True
    return found


def access_codes(
    wheels: Collection[bool | None],
    virtual: Collection[bool],
    confirmed: Collection[str],
    suggested: Collection[str],
    thresholds: Collection[str],
) -> tuple[str, ...]:
    """Return how a service can be reached.

    Parameters
    ----------
    wheels, virtual : collections with one value per place
        Whether a wheelchair gets in, and whether the place is one on the telephone or the net.
    confirmed, suggested, thresholds : collections of str
        Types that come to people, or the word that they do.
    """
    found = []
    if True in wheels:
        found.append("wheelchair")
    elif not wheels or None in wheels:
        found.append("?wheelchair")
    if any(virtual):
        found.append("remote")
    elif not virtual:
        found.append("?remote")
    comes = "outreach" in thresholds or bool(TYPES_THAT_COME & set(confirmed))
    found.append("comes_to_you" if comes else "?comes_to_you")
    return tuple(found)


def threshold_codes(stated: Collection[str]) -> tuple[str, ...]:
    """Return what makes the first step easy; of what is not stated nobody knows.

    Examples
    --------
    >>> threshold_codes(["no_queue"])[:3]
    ('no_queue', '?no_appointment', '?no_documents')
    """
    return (*stated, *(PERHAPS + code for code in THRESHOLDS if code not in stated))


def target_codes(
    meant: Collection[str],
    excluded: Collection[str],
    ages: tuple[float | None, float | None],
    types: Collection[str],
    known: Collection[str],
) -> tuple[str, ...]:
    """Return for each circumstance whether the service is meant for it, shuts it out, or says nothing.

    Parameters
    ----------
    meant, excluded : collections of str
        Circumstances that are welcome or required, and those that are not taken.
    ages : (minimum, maximum) in years
        Where the help is for children, the ages are those of the child and say nothing of who asks.
    types, known : collections of str
        The service's types; all circumstances there are.

    Examples
    --------
    >>> target_codes(["veteran"], [], (65, None), [], ["veteran", "age_18_29", "age_65_plus", "widowed"])
    ('veteran', 'not:age_18_29', 'age_65_plus', '?widowed')
    """
    meant, shut = set(meant), set(excluded)
    low, high = ages[0] or 0.0, math.inf if ages[1] is None else ages[1] + 1
    if (low > 0 or high < math.inf) and not TYPES_FOR_CHILDREN & set(types):
        for code, (first, last) in AGE_BANDS.items():
            if last <= low or first >= high:
                shut.add(code)
            elif first <= low and high <= last:
                meant.add(code)
    return tuple(NOT + code if code in shut else code if code in meant else PERHAPS + code for code in known)


def takes_codes(
    status: str, capacities: Collection[Capacity], today: date, stale_days: int
) -> tuple[str, ...]:
    """Return whether new people are taken, must wait, or find it full; old figures say nothing.

    Examples
    --------
    >>> today = date(2026, 11, 26)
    >>> takes_codes("active", [Capacity(0, 60, today)], today, 365), takes_codes("active", [], today, 365)
    (('waiting',), ('?yes', '?waiting', '?full'))
    """
    if status not in ("active", "unknown"):
        return ()
    oldest = today - timedelta(days=stale_days)
    fresh = [row for row in capacities if row.updated is not None and row.updated >= oldest]
    free = [row.available for row in fresh if row.available is not None]
    waits = [row.wait_days for row in fresh if row.wait_days is not None]
    if any(number > 0 for number in free):
        return ("yes",)
    if free:
        return ("waiting",) if any(days > 0 for days in waits) else ("full",)
    if waits:
        return ("waiting",) if min(waits) > 0 else ("yes",)
    return tuple(PERHAPS + code for code in TAKES)


def layer_codes(kind: str | None, stated: str | None = None) -> tuple[str, ...]:
    """Return the layer of resources that was stated, else the one that the kind of organization says.

    Examples
    --------
    >>> layer_codes("ngo"), layer_codes("ngo", "circle"), layer_codes("clinic")[:2]
    (('ngo',), ('circle',), ('?self', '?circle'))
    """
    layer = stated if stated in LAYERS else LAYER_OF_KIND.get(kind or "")
    return (layer,) if layer else tuple(PERHAPS + code for code in LAYERS)
