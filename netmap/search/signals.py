"""What decides the order of services: one table of named signals, each with its weight and a sentence.

The score of a service is the sum of weight times value over all signals, so that anybody can open it and see
what it consists of. Values lie between 0 and 1; that of ``same_provider`` is a number of points. Whoever
wants another order changes a weight here, or sends one with the question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from netmap.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason to stand higher or, with a negative weight, lower."""

    name: str
    weight: float
    sentence: Callable[[], str]


_TABLE = (
    # A type that a person confirmed counts 1, one that the machine suggests 0.7 or 0.45: meaning
    # before wording.
    Signal("meaning", 2.0, lambda: _("It offers the kind of help that is meant")),
    # What the words give together stays below 1: each more of it counts less. So they never beat a type.
    Signal("words_name", 3.0, lambda: _("Words of the question stand in its name")),
    Signal("words_organisation", 2.0, lambda: _("Words of the question stand in the name of its provider")),
    Signal("words_text", 1.0, lambda: _("Words of the question stand in its description")),
    Signal("words_place", 1.0, lambda: _("Words of the question stand in its address")),
    Signal("words_contact", 1.0, lambda: _("The question names its telephone or other contact")),
    # 1 where the whole question is a name, half where it stands in one.
    Signal("name_whole", 2.0, lambda: _("The whole question stands in its name")),
    Signal("kin", 0.3, lambda: _("It describes what is meant in other words")),
    Signal("place", 0.5, lambda: _("It works in or for the place that is meant")),
    # Falls to a third every 15 km; a place that is not known counts as one so far away.
    Signal("near", 0.8, lambda: _("It is near")),
    Signal("open", 0.4, lambda: _("It is open when it is needed")),
    Signal("takes", 0.4, lambda: _("It takes the people that it is about")),
    Signal("language", 0.6, lambda: _("It speaks the language")),
    Signal("threshold", 0.4, lambda: _("It is easy to enter")),
    Signal("capacity", 0.2, lambda: _("It has room")),
    Signal("cost", 0.15, lambda: _("It costs what was asked for")),
    # Halves in half of its own rhythm since a person checked it, where it has none in half a year.
    Signal("fresh", 0.1, lambda: _("A person has checked it")),
    Signal("relation", 0.15, lambda: _("There is a working relation with its provider")),
    Signal("standing", -0.8, lambda: _("It is not offered at the moment")),
    # Each further service of one provider loses 7 per cent of its own points, so that none fills the page.
    Signal("same_provider", -1.0, lambda: _("Other services of the same provider stand before it")),
    Signal("pinned", 10.0, lambda: _("The team has put it first")),
)
SIGNALS: Mapping[str, Signal] = MappingProxyType({signal.name: signal for signal in _TABLE})
WEIGHTS: Mapping[str, float] = MappingProxyType({signal.name: signal.weight for signal in _TABLE})
