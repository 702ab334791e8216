"""Whether a clause and the phrases that it holds say yes or no to the same thing."""

from collections.abc import Sequence

import numpy as np

from netmap.vocabulary.scores import Array, Phrase, Share

DENIED = 0.1  # a phrase without a "no" met in a clause with one
UNDENIED = 0.55  # a phrase with a "no" met in a clause without one
OTHER_DENIED = 0.6  # both have a "no", but not before the same word
NOTHING_SHARED = 0.4  # a denied clause that shares no word with any phrase of the need


class Polarity:
    """The denied words of every phrase, in the order of ``share``."""

    def __init__(self, phrases: Sequence[Phrase], share: Share) -> None:
        self._share = share
        self._denied = share.columns.matrix(
            [dict.fromkeys(one.denied_terms, 1.0) for one in phrases]
        ).T.tocsr()
        self._names_none = np.array([not one.denied_terms for one in phrases])

    def of_needs(self, shares: Array, denied: bool, denied_terms: Sequence[str]) -> Array:
        """Return what is left of each need's score in a clause.

        Parameters
        ----------
        shares : array
            Share of each phrase that the clause holds.
        denied : bool
            Whether the clause has a "no".
        denied_terms : sequence of str
            The terms before or after which it stands.
        """
        same = self._share.denied if denied else ~self._share.denied
        left = np.where(same, 1.0, DENIED if denied else UNDENIED)
        if denied:
            here = self._share.columns.matrix([dict.fromkeys(denied_terms, 1.0)])
            agrees = (here @ self._denied).toarray()[0] > 0
            left[same & ~agrees & ~self._names_none] = OTHER_DENIED
        fitting, largest = self._share.largest(np.stack([shares * left, shares]))
        nothing = NOTHING_SHARED if denied else 1.0
        return np.asarray(np.where(largest > 0, fitting / np.maximum(largest, 1e-9), nothing))
