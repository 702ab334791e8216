"""The points of each signal for some documents; their sum is the score. Pure."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from netmap.search.asked import Asked, Part
from netmap.search.backend import OFFERED, Preference
from netmap.search.bits import Mask, Numbers, among
from netmap.search.points import Reals, kilometres
from netmap.search.relevance import Relevance
from netmap.search.strings import encoded

HALF_TEXT = 8.0  # the sum over words that counts one half: about one rare word in a description
ONE_WORD = 0.4  # what words count that hold little of the question: many of its words beat one in a name
WHOLE = 0.999  # the share of the best cover from which a document holds the whole question
FAR_KM = 15.0  # the way on which nearness falls to a third; a place that is not known counts as so far away
HALF_LIFE_DAYS = 182.5  # after which the check of a person counts half; else half of the own rhythm
NAMED_WITHIN = 0.5  # the question stands in a name, but is not the whole of it


@dataclass(frozen=True, slots=True)
class Scorer:
    """Works out the points of any documents of one part."""

    asked: Asked
    part: Part
    relevance: Relevance
    chords: Reals | None

    def points(self, documents: Numbers) -> dict[str, Reals]:
        """Return the points of each signal; those of all words together stand under "words"."""
        asked, query = self.asked, self.asked.query
        found = {"words": self._words(documents)}
        if self.relevance.typed is not None:
            found["meaning"] = asked.weight("meaning") * self.relevance.typed[documents]
        if self.relevance.kin is not None:
            akin = np.maximum(self.relevance.kin[documents], 0)
            found["kin"] = asked.weight("kin") * akin / (akin + HALF_TEXT)
        if query.phrase:
            named = self._is_name(documents) & self.whole(documents)
            found["name_whole"] = asked.weight("name_whole") * named
        if self.chords is not None:
            found["near"] = asked.weight("near") * nearness(kilometres(self.chords[documents]))
        if query.today is not None:
            found["fresh"] = asked.weight("fresh") * self._fresh(documents)
        if query.first_ids:
            pinned = self.part.segment.numbers_of(query.first_ids)
            found["pinned"] = asked.weight("pinned") * np.isin(documents, pinned)
        for signal in dict.fromkeys(one.signal for one in query.prefer):
            same = [self._preferred(one, documents) for one in query.prefer if one.signal == signal]
            given = asked.weight(signal) * np.mean(same, axis=0)
            found[signal] = found[signal] + given if signal in found else given
        paused = self.part.segment.standing[documents] != OFFERED
        found["standing"] = asked.weight("standing") * paused
        return found

    def score(self, documents: Numbers) -> Reals:
        """Return the sum of the points of each document."""
        nothing = np.zeros(len(documents))
        return reduce(np.add, self.points(documents).values(), nothing)

    def whole(self, documents: Numbers) -> Mask:
        """Return which documents hold all words of the question that occur anywhere together."""
        cover, least = self.relevance.cover[documents], WHOLE * self.relevance.most
        return (cover >= least) & (cover >= self.relevance.least)

    def named_within(self, documents: Numbers) -> Reals:
        """Return what it is worth that the question stands in a name without being the whole of it."""
        segment, phrase = self.part.segment, encoded(self.asked.query.phrase)
        points = np.zeros(len(documents))
        for place in np.flatnonzero(self.whole(documents)).tolist():
            number = int(documents[place])
            names = segment.names.raw(number), segment.organisations.raw(number)
            points[place] = phrase not in names and any(b" %b " % phrase in b" %b " % one for one in names)
        return self.asked.weight("name_whole") * NAMED_WITHIN * points

    def _words(self, documents: Numbers) -> Reals:
        relevance = self.relevance
        if not relevance.rare:
            return np.zeros(len(documents))
        cover = relevance.cover[documents].astype(np.float64)
        words = np.maximum(relevance.words[documents], 0).astype(np.float64)
        share = ONE_WORD + (1 - ONE_WORD) * cover / (relevance.most or 1.0)
        return np.where(cover >= relevance.least, words / (words + HALF_TEXT) * share, 0.0)

    def _is_name(self, documents: Numbers) -> Mask:
        segment, phrase = self.part.segment, self.asked.query.phrase
        return np.isin(documents, segment.names.every(phrase) + segment.organisations.every(phrase))

    def _fresh(self, documents: Numbers) -> Reals:
        today = self.asked.query.today
        checked = self.part.segment.checked[documents]
        days = np.maximum((today.toordinal() if today else 0) - checked, 0)
        rhythm = self.part.segment.rhythm[documents]
        half_life = np.where(rhythm > 0, rhythm / 2, HALF_LIFE_DAYS)
        return np.where(checked > 0, np.exp2(-days / half_life), 0.0)

    def _preferred(self, wish: Preference, documents: Numbers) -> Reals:
        segment = self.part.segment
        value = np.full(len(documents), 0.5)
        if wish.complete:
            not_known = segment.unsure(wish.field) | segment.any_of(wish.field, wish.perhaps)
            value[~among(not_known, documents)] = 0.0
        value[among(segment.any_of(wish.field, wish.yes), documents)] = 1.0
        if wish.no:
            value[among(segment.any_of(wish.field, wish.no), documents)] = 0.0
        return value


def nearness(km: Reals) -> Reals:
    """Return 1 at the door, falling to a third every 15 km."""
    return np.exp(-np.where(np.isinf(km), FAR_KM, km) / FAR_KM)
