"""What speaks for and against two records being one thing, as numbers between 0 and 1. Pure.

What one of the two records does not say counts neither for nor against.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from scipy import sparse

from netmap.directory.distances import straight_km
from netmap.duplicates.blocking import Pairs
from netmap.duplicates.cards import Card

Column = npt.NDArray[np.float64]

FEATURES = (
    "name",  # letters that both names share, in whatever order of words
    "words",  # words in both, rare ones weigh more, of all words
    "inside",  # the same, of the shorter name
    "told",  # how much the shared words tell: rare words tell much, "help centre" little
    "other_words",  # each name has words that tell, and that the other has not in any spelling
    "other_number",  # each name has a number, and they differ
    "lone_number",  # only one name has a number
    "phone",  # a telephone in both, less where many have it
    "other_phone",  # both have telephones, and none is the same
    "mail",  # an e-mail address in both
    "domain",  # a web page or domain in both, less where many have it
    "other_domain",
    "address",  # an address in both, less where many have it
    "other_address",
    "other_city",
    "near",  # 1 at one point, 0.4 at 200 m
    "far",  # 0 up to 1 km, 1 from 100 km
    "owner",  # both belong to one organization, or to two with nearly one name
    "other_owner",
    "text",  # the descriptions begin with the same words
    "other_text",
    "types",  # the same types of service, of all types
    "other_types",
    "name_and_reach",  # the same name, and one of the ways to reach or find it
    "name_and_owner",
    "name_and_text",
)
WALK_KM = 0.2
TELLING = 12.0  # so much do two or three rare words tell together (sum of logarithms)
SAME_NAME = 0.8


def features(cards: Sequence[Card], pairs: Pairs) -> npt.NDArray[np.float64]:
    """Return one row of `FEATURES` for each pair of row numbers."""
    first, second = pairs[:, 0], pairs[:, 1]
    some = _shared(cards, first, second)
    address, other_address = _nearly(cards, first, second, some(lambda card: card.addresses), _addresses)
    _city, other_city = _nearly(
        cards, first, second, some(lambda card: card.cities), lambda card: card.cities
    )
    found = {
        "name": _alike([" ".join(card.words) for card in cards], first, second, fuzz.token_sort_ratio),
        **_words(cards, first, second),
        **_numbers(cards, first, second),
        "phone": some(lambda card: card.phones)[0],
        "other_phone": some(lambda card: card.phones)[1],
        "mail": some(lambda card: card.mails)[0],
        "domain": some(lambda card: card.domains)[0],
        "other_domain": some(lambda card: card.domains)[1],
        "address": address,
        "other_address": other_address,
        "other_city": other_city,
        "types": some(lambda card: card.types, rare=False)[0],
        "other_types": some(lambda card: card.types)[1],
        **_distances(cards, first, second),
        **_owners(cards, first, second),
        **_texts(cards, first, second),
    }
    name = np.clip((np.maximum(found["name"], found["words"]) - SAME_NAME) / (1 - SAME_NAME), 0, 1)
    reached = np.maximum.reduce([found[one] for one in ("phone", "mail", "address", "near")])
    found["name_and_reach"] = name * reached
    found["name_and_owner"] = name * found["owner"]
    found["name_and_text"] = name * found["text"]
    return np.column_stack([found[name] for name in FEATURES])


def _alike(
    texts: Sequence[str], first: Any, second: Any, scorer: Callable[..., float]
) -> npt.NDArray[np.float64]:
    """Return how alike two texts are, 0 where one is empty."""
    left, right = [texts[row] for row in first], [texts[row] for row in second]
    scores = process.cpdist(left, right, scorer=scorer, dtype=np.float32, workers=1) / 100.0
    both = np.fromiter((bool(a and b) for a, b in zip(left, right, strict=True)), bool, len(left))
    return np.where(both, scores, 0.0).astype(np.float64)


def _matrix(values: Sequence[Iterable[str]]) -> Any:
    """Return a sparse matrix: a row for each record, a column for each value, 1 where it has it."""
    numbers: dict[str, int] = {}
    columns, ends = [], [0]
    for some in values:
        columns += [numbers.setdefault(one, len(numbers)) for one in sorted(set(some))]
        ends.append(len(columns))
    shape = (len(values), max(1, len(numbers)))
    return sparse.csr_array((np.ones(len(columns)), np.array(columns, np.int64), np.array(ends)), shape=shape)


def _shared(cards: Sequence[Card], first: Any, second: Any) -> Callable[..., tuple[Column, Column]]:
    """Return a function: keys of a card -> (what is in both, 1 where both have some and none is the same)."""

    def find(keys: Callable[[Card], Iterable[str]], *, rare: bool = True) -> tuple[Column, Column]:
        has = _matrix([keys(card) for card in cards])
        count = np.diff(has.indptr)
        both = (count[first] > 0) & (count[second] > 0)
        common = has[first].multiply(has[second]).tocsr()
        number = np.diff(common.indptr)
        if rare:
            owners = np.asarray(has.sum(axis=0)).ravel()
            weight = 1.0 / (1.0 + np.log2(np.maximum(owners, 2.0) / 2.0))
            value = (
                np.asarray((common * weight).max(axis=1).todense()).ravel() if common.nnz else number * 0.0
            )
        else:
            value = number / np.maximum(1, count[first] + count[second] - number)
        return value.astype(np.float64), (both & (number == 0)).astype(np.float64)

    return find


def _addresses(card: Card) -> Iterable[str]:
    return card.addresses


def _nearly(
    cards: Sequence[Card],
    first: Any,
    second: Any,
    shared: tuple[Column, Column],
    keys: Callable[[Card], Iterable[str]],
) -> tuple[Column, Column]:
    """Take for one what differs in letters only, as towns and streets do in two languages."""
    value, other = shared
    for row in np.flatnonzero(other):
        here, there = keys(cards[first[row]]), keys(cards[second[row]])
        if any(
            _DIGITS.findall(a) == _DIGITS.findall(b) and fuzz.ratio(a, b) >= NEAR_KEY
            for a in here
            for b in there
        ):
            value[row], other[row] = NEARLY, 0.0
    return value, other


_DIGITS = re.compile(r"\d+")
NEAR_KEY = 75  # of 100
NEARLY = 0.7  # so much is an address worth that is the same but for some letters


def _words(cards: Sequence[Card], first: Any, second: Any) -> dict[str, Column]:
    """Compare words, first those that are the same, then those left over with a slip or cut short."""
    count = Counter(word for card in cards for word in set(card.words))
    worth = {word: math.log((1.0 + len(cards)) / number) for word, number in count.items()}
    sets = [frozenset(card.words) for card in cards]
    sums = [sum(worth[word] for word in words) for words in sets]
    found = np.zeros((4, len(first)))
    for row, (one, two) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        common = sets[one] & sets[two]
        shared = sum(worth[word] for word in common)
        here, there = sets[one] - common, sets[two] - common
        if here and there and (shared or len(here) < MANY_WORDS):
            near = _near_words(here, there)
            shared += sum((worth[a] + worth[b]) / 2 for a, b in near)
            here, there = here - {a for a, _b in near}, there - {b for _a, b in near}
        most, least = max(sums[one], sums[two], 1e-9), max(min(sums[one], sums[two]), 1e-9)
        apart = min(sum(worth[word] for word in here), sum(worth[word] for word in there))
        found[:, row] = shared / most, shared / least, shared / TELLING, apart / TELLING
    found = np.minimum(found, 1.0)
    return dict(zip(("words", "inside", "told", "other_words"), found, strict=True))


def _near_words(here: Iterable[str], there: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of words that are one word with a slip, in another language's ending, or cut short.

    Examples
    --------
    >>> _near_words({"bolnitsa", "comunity"}, {"comuniti", "comm"})
    [('comunity', 'comuniti')]
    """
    found, free = [], sorted(there)
    for word in sorted(here):
        for other in free:
            if _is_near(word, other):
                found.append((word, other))
                free.remove(other)
                break
    return found


def _is_near(word: str, other: str) -> bool:
    short = min(len(word), len(other))
    if short < SHORTEST_WORD or word.isdigit() or other.isdigit():
        return False
    return word.startswith(other) or other.startswith(word) or fuzz.ratio(word, other) >= NEAR_WORD


MANY_WORDS = 6
SHORTEST_WORD = 4
NEAR_WORD = 79  # of 100


def _numbers(cards: Sequence[Card], first: Any, second: Any) -> dict[str, Column]:
    other, lone = np.zeros(len(first)), np.zeros(len(first))
    for row, (one, two) in enumerate(zip(first, second, strict=True)):
        a, b = cards[one].numbers, cards[two].numbers
        if a != b:
            other[row], lone[row] = bool(a and b), not (a and b)
    return {"other_number": other, "lone_number": lone}


def _distances(cards: Sequence[Card], first: Any, second: Any) -> dict[str, Column]:
    near, far = np.zeros(len(first)), np.zeros(len(first))
    for row, (one, two) in enumerate(zip(first, second, strict=True)):
        km = apart_km(cards[one], cards[two])
        if km is not None:
            near[row] = np.exp(-km / WALK_KM)
            far[row] = min(1.0, max(0.0, np.log10(max(km, 1e-6)) / 2))
    return {"near": near, "far": far}


def apart_km(one: Card, two: Card) -> float | None:
    """Return the kilometres between the nearest points of two records, None where one has none."""
    here, there = one.points[:SITES], two.points[:SITES]
    return min((straight_km(a, b) for a in here for b in there), default=None)


SITES = 8


def _owners(cards: Sequence[Card], first: Any, second: Any) -> dict[str, Column]:
    alike = _alike([" ".join(card.owner_words) for card in cards], first, second, fuzz.token_sort_ratio)
    ids = [card.owner_id for card in cards]
    same = np.array(
        [ids[a] is not None and ids[a] == ids[b] for a, b in zip(first, second, strict=True)], bool
    )
    known = np.array([bool(ids[a] and ids[b]) for a, b in zip(first, second, strict=True)], bool)
    owner = np.where(same, 1.0, np.clip((alike - SAME_NAME) / (1 - SAME_NAME), 0, 1))
    return {"owner": owner, "other_owner": np.where(known, 1.0 - owner, 0.0)}


def _texts(cards: Sequence[Card], first: Any, second: Any) -> dict[str, Column]:
    texts = [card.text for card in cards]
    alike = _alike(texts, first, second, fuzz.ratio)
    both = np.array([bool(texts[a] and texts[b]) for a, b in zip(first, second, strict=True)], bool)
    same = np.clip((alike - 0.5) / 0.5, 0, 1)
    return {"text": same, "other_text": np.where(both, 1.0 - same, 0.0)}
