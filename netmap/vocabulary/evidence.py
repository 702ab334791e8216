"""How much the words say that a passage and a phrase have in common.

A need must not be read from likeness of letters ("citizens", citizenship), from one word that many needs
share ("cut", "sleeps", "mother") or from numbers and times ("for five years"). Nor may a part of a longer
saying be read by itself: in "home loan" the loan is no second trouble.
"""

from collections.abc import Sequence, Set
from math import ceil

import numpy as np

from netmap.vocabulary.scores import Array, Phrase, Share

COMMON = 1.5  # rarity of a word in the phrases of a quarter of all needs: it says nothing
ENOUGH = 2.1  # rarity above that, summed over the shared words: one word of two needs at most, or two others
WHOLE = 2.5  # the words of a phrase that is held from end to end say this much more
ALIKE, LONG = 0.7, 6  # words of one family: this share of the longer one, and as many letters, from the start
EXPLAINED = 0.6  # left to a need whose every word here belongs to a longer saying of another need


class Evidence:
    """The telling words of every phrase.

    Parameters
    ----------
    phrases : sequence of Phrase
        In the order of ``share``.
    share : Share
        The same phrases, with the rarity of their words.
    grave : set of int
        Numbers of needs about safety, which no other saying explains away: to miss one costs most.
    """

    def __init__(self, phrases: Sequence[Phrase], share: Share, grave: Set[int] = frozenset()) -> None:
        self._grave = grave
        self._share = share
        telling = [
            {term: rarity for term in phrase.terms if (rarity := share.rarity[term] - COMMON) > 0}
            for phrase in phrases
        ]
        naming = [
            {term: 1.0 for term in words if term not in phrase.counted} or dict.fromkeys(words, 1.0)
            for phrase, words in zip(phrases, telling, strict=True)
        ]
        self._telling = share.columns.matrix(telling).T.tocsr()
        self._naming = share.columns.matrix(naming).T.tocsr()
        self._words = [frozenset(words) for words in telling]
        known: list[set[str]] = [set() for _ in share.starts]
        for phrase, words in zip(phrases, self._words, strict=True):
            known[phrase.need] |= words
        self._known = [frozenset(words) for words in known]
        self._families: dict[str, list[str]] = {}
        for word in sorted(frozenset[str]().union(*self._known)):
            if len(word) >= LONG:
                self._families.setdefault(word[:LONG], []).append(word)

    def of_needs(self, shares: Array, passages: Sequence[Sequence[str]]) -> Array:
        """Return passages x needs: 0 where no telling word is shared, 1 where enough is said."""
        held = self._share.columns.matrix(
            [dict.fromkeys(self._with_families(terms), 1.0) for terms in passages]
        )
        whole = _whole(shares)
        said = (held @ self._telling).toarray() * np.where(whole, WHOLE, 1.0)
        said[whole & self._share.denied] = ENOUGH  # in "no job" the "no" tells as much as a rare word
        named = (held @ self._naming).toarray() > 0
        named |= whole & self._share.denied
        return np.asarray(np.minimum(self._share.largest(np.where(named, said, 0.0)) / ENOUGH, 1.0))

    def whole(self, shares: Array) -> tuple[frozenset[str], frozenset[int]]:
        """Return the telling words of the phrases held from end to end, and the numbers of their needs."""
        rows = np.flatnonzero(_whole(shares))
        held = frozenset[str]().union(*(self._words[row] for row in rows))
        return held, frozenset(int(self._share.need[row]) for row in rows)

    def only_by(self, terms: Sequence[str], words: Set[str]) -> list[int]:
        """Return the numbers of the needs of which all telling words here are among ``words``."""
        here = frozenset(terms)
        return [number for number, known in enumerate(self._known) if here & known and here & known <= words]

    def speaks(self, number: int, terms: Sequence[str]) -> bool:
        """Tell whether one of the terms tells of the need with this number."""
        return not self._known[number].isdisjoint(self._with_families(terms))

    def _with_families(self, terms: Sequence[str]) -> list[str]:
        """Return the terms, and for those that no phrase has, the words of phrases that begin alike."""
        strange = (term for term in terms if term not in self._share.rarity)
        return [
            *terms,
            *(word for term in strange for word in self._families.get(term[:LONG], ()) if _akin(term, word)),
        ]

    def explained(self, shares: Array, terms: Sequence[str]) -> Array:
        """Return what is left of each need's score in one clause with these ``shares`` of phrases."""
        here = frozenset(terms)
        sayings = [(self._share.need[row], self._words[row]) for row in np.flatnonzero(_whole(shares))]
        longer = [(need, words) for need, words in sayings if len(words) > 1]
        left = np.ones(len(self._known))
        for number, known in enumerate(self._known if longer else ()):
            own = here & known
            if (
                own
                and number not in self._grave
                and any(own < words and need != number for need, words in longer)
            ):
                left[number] = EXPLAINED
        return left


def _akin(one: str, other: str) -> bool:
    """Tell whether two words begin alike for most of their length."""
    longest = max(len(one), len(other))
    return one[: ceil(ALIKE * longest)] == other[: ceil(ALIKE * longest)]


def _whole(shares: Array) -> Array:
    """Return which phrases are held from end to end."""
    return np.asarray(shares > 0.999)
