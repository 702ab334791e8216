"""How much two records say the same, whatever their keys are: points for and against, with the reasons. Pure.

Each thing that both records say speaks for or against their being one: by how much is the logarithm (base 2)
of how much more often it is so for one record seen twice than for two different ones. What only one of them
says speaks for nothing: unknown is not no. What many records share (a head office's telephone) says little.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz

ENOUGH = 20  # signs of a description that says something
NAME_CAP, TEXT_CAP, SHARED_CAP, HELD_CAP = 8.0, 9.0, 5.0, 4.0
# From which likeness on (0 to 1): points, and the word for the reason.
NAMES = ((0.92, 5.0, "name_like"), (0.8, 3.0, "name_like"), (0.62, 0.5, ""), (0.4, -3.0, ""), (0.0, -5.0, ""))
TEXTS = ((0.95, 7.0, "text_like"), (0.8, 4.5, "text_like"), (0.55, 0.5, ""), (0.0, -4.0, ""))
# What a record has several of: points against where both have some and share none.
MANY: Mapping[str, float] = {"numbers": -1.5, "addresses": -2.0, "links": -1.0, "holds": -2.5}
AT_LEAST = 128  # what a small source says once is as rare as if it had so many records
WITH_MORE = 0.85  # likeness of two names of several words of which one is the other with words added
OTHER_SIGN = 2.5  # taken back of what another name speaks against, where the address is the same
OWN = frozenset({"name", "name_like", "text", "text_like", "addresses"})  # of which a pair needs one
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Words:
    """What one record says of itself.

    ``within`` is what it belongs to, ``holds`` what belongs to it, ``numbers`` its telephones, ``links`` its
    web and e-mail addresses; all folded, so that equal means equal.
    """

    key: str
    name: str = ""
    text: str = ""
    within: str = ""
    numbers: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    holds: frozenset[str] = frozenset()
    shown: str = field(default="", compare=False)


@dataclass(frozen=True)
class Likeness:
    """How far two records are one: points, and why (codes of `netmap.directory.likeness_words`)."""

    points: float
    why: tuple[str, ...] = ()


def folded(text: object) -> str:
    """Return a text without case, accents of signs and runs of anything but letters and digits.

    Examples
    --------
    >>> folded("  St. Mary's  HOUSE ")
    'st mary s house'
    """
    return _SIGNS.sub(" ", str(text or "").casefold()).strip()


def digits(number: object) -> str:
    """Return the last nine digits of a telephone number: countries are written in many ways."""
    return "".join(sign for sign in str(number or "") if sign.isdigit())[-9:]


class Rarity:
    """How often each word of a source occurs in it: what is rare says more.

    Parameters
    ----------
    records : iterable of Words
        All records of one kind that the source has now.
    """

    def __init__(self, records: Iterable[Words]) -> None:
        self._counts: dict[str, Counter[str]] = {}
        self.size = 0
        for words in records:
            self.size += 1
            for kind in ("name", "text", "within"):
                self._counts.setdefault(kind, Counter())[getattr(words, kind)] += 1
            for kind in MANY:
                self._counts.setdefault(kind, Counter()).update(getattr(words, kind))

    def points(self, kind: str, value: str, cap: float) -> float:
        """Return what it says that two records share a value: the rarer, the more, up to a limit."""
        often = max(1, self._counts.get(kind, Counter())[value])
        size = max(self.size, AT_LEAST if often == 1 and kind != "within" else 2)
        return min(cap, max(0.5, math.log2(size / often)))


def compare(old: Words, new: Words, rarity: Rarity) -> Likeness:
    """Return how far two records of one kind are one.

    Examples
    --------
    >>> many = Rarity([Words(str(n), f"Service {n}") for n in range(100)])
    >>> compare(Words("1", "warm room", within="a"), Words("9", "warm rooms", within="a"), many).why
    ('name_like', 'within')
    >>> compare(Words("1", "warm room"), Words("9", "legal aid"), many).points < 0
    True
    """
    points, why = 0.0, []
    if old.addresses & new.addresses:  # a house may have another name over its door
        points += OTHER_SIGN if old.name != new.name else 0.0
    for gained, reason in (_names(old, new, rarity), _texts(old, new, rarity), _within(old, new, rarity)):
        points += gained
        if reason:
            why.append(reason)
    for kind, against in MANY.items():
        mine, theirs = getattr(old, kind), getattr(new, kind)
        if not mine or not theirs:
            continue
        if shared := mine & theirs:
            share = len(shared) / len(mine | theirs)
            first, *more = sorted((rarity.points(kind, one, SHARED_CAP) for one in shared), reverse=True)
            points += (first + sum(more[:1]) / 2) * (0.5 + share / 2)  # a second one says half as much
            why.append(kind)
        else:
            points += against
    if not OWN.intersection(why):  # what siblings share, too, tells them not apart
        points = min(points, 0.0)
    return Likeness(points, tuple(why))


def _names(old: Words, new: Words, rarity: Rarity) -> tuple[float, str]:
    if not old.name or not new.name:
        return 0.0, ""
    if old.name == new.name:
        return rarity.points("name", old.name, NAME_CAP), "name"
    mine, theirs = _figures(old.name), _figures(new.name)
    if not (mine <= theirs or theirs <= mine):  # House 15 is not House 25
        return NAMES[-1][1], ""
    like = max(fuzz.token_sort_ratio(old.name, new.name), fuzz.ratio(old.name, new.name)) / 100
    if min(old.name.count(" "), new.name.count(" ")) and fuzz.token_set_ratio(old.name, new.name) == 100:
        like = max(like, WITH_MORE)
    return _step(NAMES, like)


def _figures(name: str) -> set[str]:
    return {token for token in name.split() if token.isdigit()}


def _texts(old: Words, new: Words, rarity: Rarity) -> tuple[float, str]:
    if min(len(old.text), len(new.text)) < ENOUGH:
        return 0.0, ""
    if old.text == new.text:
        return rarity.points("text", old.text, TEXT_CAP), "text"
    return _step(TEXTS, fuzz.ratio(old.text[:2000], new.text[:2000]) / 100)


def _within(old: Words, new: Words, rarity: Rarity) -> tuple[float, str]:
    if not old.within or not new.within:
        return 0.0, ""
    if old.within == new.within:
        return rarity.points("within", old.within, HELD_CAP), "within"
    return -5.0, ""


def _step(steps: tuple[tuple[float, float, str], ...], likeness: float) -> tuple[float, str]:
    return next((points, why) for least, points, why in steps if likeness >= least)
