"""Reads weights and thresholds that somebody typed or sent: every wrong field named. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.matching.rules import WEIGHT_NAMES, Rules, Thresholds, Weights
from netmap.packages.fields import Fields, raise_if

MOST_COST = 0.10  # help must not go to whoever is cheapest
SUM_ERROR = 0.0005
RANGES: Mapping[str, tuple[float, float]] = {
    "many_needs": (0, 20),
    "many_domains": (1, 12),
    "low_score": (0, 100),
    "large_delta": (0, 1),
}
WHOLE = frozenset({"many_needs", "many_domains"})
PER_SITE = (0.0, 1.0)


def read_rules(values: Mapping[str, object], version: int = 0) -> Rules:
    """Return the rules that a mapping describes; what is missing keeps our first value.

    Parameters
    ----------
    values : mapping
        ``weights`` and ``thresholds`` (name -> number, see `netmap.matching.rules`) and ``per_site``.
    version : int
        The number of the version that this is.

    Raises
    ------
    Invalid
        With every wrong field, such as "weights.cost".

    Examples
    --------
    >>> read_rules({"per_site": 0.05}).per_site
    0.05
    """
    errors: dict[str, str] = {}
    top = Fields(values, errors)
    top.only(("weights", "thresholds", "per_site"))
    rules = Rules(
        weights=_weights(top.part("weights")),
        thresholds=_thresholds(top.part("thresholds")),
        per_site=_in_range(top, "per_site", *PER_SITE, Rules().per_site),
        version=version,
    )
    if not any(name.startswith("weights") for name in errors):
        _check_weights(top, rules.weights)
    raise_if(errors, _("The weights and thresholds cannot be used as they are."))
    return rules


def to_values(rules: Rules) -> dict[str, Any]:
    """Return what `read_rules` reads, ready for JSON."""
    return {
        "weights": asdict(rules.weights),
        "thresholds": asdict(rules.thresholds),
        "per_site": rules.per_site,
    }


def flat(rules: Rules) -> dict[str, float]:
    """Return every setting by the name of its field ("weights.cost", "per_site")."""
    values = to_values(rules)
    found = {f"weights.{name}": value for name, value in values["weights"].items()}
    found |= {f"thresholds.{name}": value for name, value in values["thresholds"].items()}
    return {**found, "per_site": rules.per_site}


def nested(values: Mapping[str, object]) -> dict[str, object]:
    """Return what `read_rules` reads from settings by the names of their fields."""
    parts: dict[str, object] = {"weights": {}, "thresholds": {}}
    for name, value in values.items():
        part, _dot, rest = name.partition(".")
        where = parts.get(part)
        if rest and isinstance(where, dict):
            where[rest] = value
        else:
            parts[name] = value
    return parts


def _weights(part: Fields) -> Weights:
    first = Weights()
    part.only(WEIGHT_NAMES)
    return Weights(**{name: _in_range(part, name, 0, 1, getattr(first, name)) for name in WEIGHT_NAMES})


def _check_weights(top: Fields, weights: Weights) -> None:
    together = sum(getattr(weights, name) for name in WEIGHT_NAMES)
    if abs(together - 1) > SUM_ERROR:
        top.wrong(
            "weights",
            _("The weights must add up to 1; now they add up to %(sum)s.", sum=number(together, 3)),
        )
    if weights.cost > MOST_COST:
        top.wrong(
            "weights.cost",
            _(
                "The cost may weigh at most %(most)s: help must not go to whoever is cheapest.",
                most=number(MOST_COST, 2),
            ),
        )


def _thresholds(part: Fields) -> Thresholds:
    first = Thresholds()
    part.only(RANGES)
    found: dict[str, Any] = {}
    for name in (limit.name for limit in fields(Thresholds)):
        value = _in_range(part, name, *RANGES[name], getattr(first, name))
        if name in WHOLE and not float(value).is_integer():
            part.wrong(name, _("a whole number is needed here."))
        found[name] = int(value) if name in WHOLE else value
    return Thresholds(**found)


def _in_range(part: Fields, name: str, low: float, high: float, first: float) -> float:
    """Return a number; one that was sent as nothing is an error, since nobody meant "as it was before"."""
    if name in part.values and part.values[name] is None:
        part.wrong(name, _("a number is needed here."))
    value = part.number(name, low, high, first)
    return first if value is None else value
