"""Why this, why here: each signal that gave a service points, as a sentence that names the thing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from netmap.directory import hours
from netmap.directory.answers import SignalLine
from netmap.directory.asked import Asked
from netmap.directory.filters import code_label
from netmap.directory.hours import OpenState
from netmap.directory.querying import weights_of
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.names import language_name
from netmap.i18n.numbers import number
from netmap.search.backend import ANY_LANGUAGE, Hit
from netmap.search.signals import SIGNALS
from netmap.vocabulary.terms import label, vocabulary

KNOWN = 0.75  # of a signal's weight: from here on the thing is known to hold, below it nobody knows


@dataclass(frozen=True, slots=True)
class Shown:
    """What a sentence may need of the service: its types by state, its checking, its state at its place."""

    types: Mapping[str, str]
    assured_date: date | None
    status: str
    state: OpenState
    pinned: str


def signal_lines(asked: Asked, hit: Hit, shown: Shown) -> tuple[SignalLine, ...]:
    """Return a line for each signal with points, the heaviest first; the points sum to the score."""
    weights = weights_of(asked.question.weights)
    told = {name: points for name, points in hit.signals.items() if round(points, 3)}
    ordered = sorted(told, key=lambda name: (-told[name], name))
    return tuple(
        SignalLine(name, _sentence(name, told[name], weights.get(name, 0.0), asked, hit, shown), told[name])
        for name in ordered
    )


def _sentence(name: str, points: float, weight: float, asked: Asked, hit: Hit, shown: Shown) -> str:
    maker = _MAKERS.get(name)
    known = weight == 0 or points / weight >= KNOWN
    made = maker(asked, hit, shown, known) if maker else ""
    return made or SIGNALS[name].sentence()


def type_words(asked: Asked, code: str) -> str:
    """Return the sentence for a type: the need it helps with, where the question named one."""
    for need in asked.needs:
        if code in vocabulary().needs[need].service_types:
            return _("Helps with %(need)s: %(type)s", need=label(need), type=label(code))
    return _("Offers this type of service: %(type)s", type=label(code))


def distance_words(asked: Asked, hit: Hit) -> str:
    """Return how far it is, and from where if that has a name; empty where it is not known."""
    if hit.distance_km is None:
        return ""
    if asked.origin_name:
        return _("%(km)s km from %(area)s", km=number(hit.distance_km), area=asked.origin_name)
    return _("%(km)s km away", km=number(hit.distance_km))


def _meaning(asked: Asked, hit: Hit, shown: Shown, known: bool) -> str:
    if not hit.matched_types:
        return ""
    code = hit.matched_types[0]
    words = type_words(asked, code)
    if shown.types.get(code) == "suggested":
        return _("%(words)s (suggested by the machine)", words=words)
    return words


def _place(asked: Asked, hit: Hit, shown: Shown, known: bool) -> str:
    areas = ", ".join(place.name for place in asked.places)
    if known:
        return _("Works in or for this area: %(area)s", area=areas)
    return _("Not known whether it serves this area: %(area)s", area=areas)


def _open(asked: Asked, hit: Hit, shown: Shown, known: bool) -> str:
    return hours.sentence(shown.state, asked.moment)


def _takes(asked: Asked, hit: Hit, shown: Shown, known: bool) -> str:
    people = ", ".join(label(code) for code in asked.understood.circumstances)
    if known:
        return _("Meant for: %(people)s", people=people)
    return _("Not known whether it takes: %(people)s", people=people)


def _language(asked: Asked, hit: Hit, shown: Shown, known: bool) -> str:
    spoken = ", ".join(
        _("with an interpreter") if code == ANY_LANGUAGE else language_name(code)
        for code in asked.codes("language")
    )
    if known:
        return _("Can be spoken with: %(languages)s", languages=spoken)
    return _("Languages not known, asked for: %(languages)s", languages=spoken)


def _threshold(asked: Asked, hit: Hit, shown: Shown, known: bool) -> str:
    parts = [(name, code) for name in ("threshold", "access") for code in asked.codes(name)]
    wished = ", ".join(code_label(name, code, asked.table) for name, code in parts)
    return wished if known else _("Not known, ask: %(wished)s", wished=wished)


def _capacity(asked: Asked, hit: Hit, shown: Shown, known: bool) -> str:
    return _("Has places free") if known else _("Not known whether it has places free")


def _cost(asked: Asked, hit: Hit, shown: Shown, known: bool) -> str:
    return _("Free of charge") if known else _("Not known whether it costs something")


def _fresh(asked: Asked, hit: Hit, shown: Shown, known: bool) -> str:
    if shown.assured_date is None:
        return ""
    days = (asked.now.date() - shown.assured_date).days
    if days <= 0:
        return _("Checked by a person today")
    return ngettext("Checked by a person %(number)s day ago", "Checked by a person %(number)s days ago", days)


def _contact(asked: Asked, hit: Hit, shown: Shown, known: bool) -> str:
    if asked.codes("phone"):
        return _("This phone number stands in its record")
    return ""


def _standing(asked: Asked, hit: Hit, shown: Shown, known: bool) -> str:
    return _("Temporarily closed") if shown.status == "temporarily closed" else ""


def _pinned(asked: Asked, hit: Hit, shown: Shown, known: bool) -> str:
    return _("Put first by a coordinator: %(reason)s", reason=shown.pinned) if shown.pinned else ""


_MAKERS: Mapping[str, Callable[[Asked, Hit, Shown, bool], str]] = {
    "meaning": _meaning,
    "place": _place,
    "near": lambda asked, hit, _shown, _known: distance_words(asked, hit) or _("Distance not known"),
    "open": _open,
    "takes": _takes,
    "language": _language,
    "threshold": _threshold,
    "capacity": _capacity,
    "cost": _cost,
    "fresh": _fresh,
    "words_contact": _contact,
    "standing": _standing,
    "pinned": _pinned,
}
