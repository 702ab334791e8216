"""Why two records may be one thing, or may not, in words. Pure but for the language.

A reason is a code and what belongs to it (a telephone, kilometres), so that it can be kept and told later in
another language.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from netmap.duplicates.cards import Card
from netmap.duplicates.features import FEATURES, apart_km
from netmap.duplicates.model import AGAINST, Model
from netmap.i18n import gettext as _
from netmap.i18n.numbers import number

Reason = tuple[str, str, bool]
"""A code, what belongs to it, and whether it speaks for one thing (else against)."""

LEAST = 0.5  # of a feature, to be told
MOST = 6  # reasons for, and as many against
NEAR_NAME = 0.75
SILENT = 0.1  # what counts less than this against is not told
_TOLD_BY_OTHERS = {"told", "inside", "words", "name_and_reach", "name_and_owner", "name_and_text", "name"}
_NAMES = ("name", "words", "inside", "other_words")


def reasons(one: Card, two: Card, row: npt.NDArray[np.float64], model: Model) -> list[Reason]:
    """Return what counted most for and against, the strongest first."""
    weight = dict(zip(FEATURES, (row * model.weights).tolist(), strict=True))
    value = dict(zip(FEATURES, row.tolist(), strict=True))
    found = [*_of_names(one, two, value), *_of_others(one, two, value, weight)]
    found.sort(key=lambda reason: -reason[1])
    kept = {True: 0, False: 0}
    answer = []
    for reason, _strength in found:
        kept[reason[2]] += 1
        if kept[reason[2]] <= MOST:
            answer.append(reason)
    return answer


def _of_names(one: Card, two: Card, value: Mapping[str, float]) -> Iterator[tuple[Reason, float]]:
    if one.name.casefold() == two.name.casefold():
        yield ("same_name", "", True), 9.0
    elif max(value["name"], value["words"]) >= NEAR_NAME:
        yield ("near_name", "", True), 8.0
    elif value["inside"] >= NEAR_NAME:
        yield ("inside_name", "", True), 7.0
    if value["other_words"] >= 0.5:
        yield ("other_words", "", False), 7.0


def _of_others(
    one: Card, two: Card, value: Mapping[str, float], weight: Mapping[str, float]
) -> Iterator[tuple[Reason, float]]:
    shared = {
        "phone": one.phones & two.phones,
        "mail": one.mails & two.mails,
        "domain": one.domains & two.domains,
        "address": one.addresses & two.addresses,
    }
    for name, worth in value.items():
        if worth < LEAST or name in _TOLD_BY_OTHERS or name in _NAMES or name in ("near", "far"):
            continue
        if name in AGAINST and abs(weight[name]) < SILENT:
            continue
        told = ""
        if name == "other_number":
            told = f"{', '.join(sorted(one.numbers))} / {', '.join(sorted(two.numbers))}"
        elif name == "lone_number":
            told = ", ".join(sorted(one.numbers | two.numbers))
        elif name in ("mail", "domain"):
            told = min(shared[name], default="")
        yield (name, told, name not in AGAINST), abs(weight[name]) + worth / 100
    km = apart_km(one, two)
    if km is not None and (value["near"] >= LEAST or value["far"] > 0):
        yield ("apart", f"{km:.2f}", value["far"] == 0), abs(weight["near"] + weight["far"]) + 0.01


def in_words(stored: Sequence[Sequence[Any]]) -> list[tuple[str, bool]]:
    """Return each reason as a sentence in the reader's language, and whether it speaks for one thing.

    Examples
    --------
    >>> in_words([("phone", "", True), ("other_number", "15 / 5", False), ("apart", "0.04", True)])
    [('a telephone in both', True), ('different numbers in the names: 15 / 5', False), ('40 m apart', True)]
    """
    return [(_sentence(code, told), bool(good)) for code, told, good in stored]


def _sentence(code: str, told: str) -> str:
    if code == "apart":
        km = float(told)
        if km < 0.005:
            return _("the same point on the map")
        if km < 1:
            return _("%(m)s m apart", m=number(round(km * 1000)))
        return _("%(km)s km apart", km=number(round(km, 1)))
    return _sentences(told)[code]


def _sentences(told: str) -> Mapping[str, str]:
    return {
        "same_name": _("the same name"),
        "near_name": _("nearly the same name"),
        "inside_name": _("one name is part of the other"),
        "other_words": _("each name has words that the other has not"),
        "other_number": _("different numbers in the names: %(numbers)s", numbers=told),
        "lone_number": _("a number in one name only: %(numbers)s", numbers=told),
        "phone": _("a telephone in both"),
        "other_phone": _("different telephones"),
        "mail": _("the e-mail address %(mail)s in both", mail=told),
        "domain": _("the web address %(domain)s in both", domain=told),
        "other_domain": _("different web addresses"),
        "address": _("the same address"),
        "other_address": _("different addresses"),
        "other_city": _("different towns"),
        "owner": _("the same organisation"),
        "other_owner": _("different organisations"),
        "text": _("descriptions that begin alike"),
        "other_text": _("different descriptions"),
        "types": _("the same types of service"),
        "other_types": _("different types of service"),
    }
