"""Cards in plain words: names of kinds, labels, sentences, and what would help, the cheapest first."""

from collections.abc import Sequence

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number as in_digits
from netmap.network.cells.engine import K_MIN
from netmap.network.cells.kinds import EVIDENCE, NO_PROVIDER, PACKAGE, SINGLE_PROVIDER, STALE
from netmap.network.gaps.cards import Card
from netmap.vocabulary.terms import label

FIRST_NAMES = 3


def kind_name(card: Card) -> str:
    """Return what the kind of a card is called; for one that may be open, what has to be asked."""
    if card.ask and card.kind == PACKAGE:
        return _("To ask: whether all help is there")
    if card.ask and card.kind == SINGLE_PROVIDER:
        return _("To ask: whether others are there too")
    if card.kind == SINGLE_PROVIDER and few_of(card) > 1:
        return _("Few providers only")
    return name_of_kind(card.kind, card.ask or (card.doubtful and card.kind == NO_PROVIDER))


def few_of(card: Card) -> int:
    """Return how many providers there are where most are there, in the cells of a card.

    More than one is few where the office asks for more than two.
    """
    return int(card.cells.take("providers").max(initial=0))


def name_of_kind(kind: str, ask: bool) -> str:
    """Return what a kind of gap is called; ``ask``: what has to be asked, because it may be open."""
    if ask:
        return {
            "NO_PROVIDER": _("To ask: whether it is offered"),
            "DISTANCE": _("To ask: whether the place is served"),
            "ELIGIBILITY": _("To ask: whether these people are taken"),
            "LANGUAGE": _("To ask: which languages are spoken"),
            "HOURS": _("To ask: the hours"),
            "ACCESSIBILITY": _("To ask: whether a wheelchair gets in"),
            "COST": _("To ask: the price"),
            "DURATION": _("To ask: how long the help lasts"),
            "PLACES": _("To ask: when a place is free"),
            "ANY_OF": _("To ask: one of several things"),
            "MIXED": _("To ask: several things"),
        }[kind]
    return kind_names()[kind]


def kind_names(fewest: int = K_MIN) -> dict[str, str]:
    """Return what each kind of gap is called; fewer providers than ``fewest`` are too few."""
    return {
        "NO_PROVIDER": _("Nobody offers it"),
        "DISTANCE": _("Too far away or place not served"),
        "ELIGIBILITY": _("Conditions shut people out"),
        "LANGUAGE": _("No common language"),
        "HOURS": _("Closed when people can come"),
        "ACCESSIBILITY": _("No way in without steps"),
        "COST": _("Too dear"),
        "DURATION": _("Lasts too short or too long"),
        "PLACES": _("No free place"),
        "ANY_OF": _("One of several changes would open it"),
        "MIXED": _("Several things at once stand in the way"),
        SINGLE_PROVIDER: _("One provider only") if fewest <= K_MIN else _("Few providers only"),
        STALE: _("Old information"),
        "CAPACITY": _("Too few places, or too long a wait"),
        "BROKEN_LINK": _("Nobody hands people over"),
        "PACKAGE": _("Help as a whole cannot be given"),
        "EVIDENCE": _("Said to be there, but people do not get it"),
    }


def label_of(card: Card) -> str:
    """Return how sure a gap is, and whether it is without demand figures."""
    sure = _("FIRM") if card.firm else _("LIKELY")
    found = _("CHECK DATA") if card.doubtful else sure
    return found if card.clients is not None else _("%(label)s, no demand figures", label=found)


def labels() -> list[tuple[str, str]]:
    """Return the labels of gaps, each with what it means."""
    return [
        (_("FIRM"), _("Nothing that is recorded helps anybody of this package there.")),
        (
            _("LIKELY"),
            _("It is closed to the typical client of this package; some of them may be taken all the same."),
        ),
        (
            _("CHECK DATA"),
            _("Something is not known: it may be open after all. Ask before you tell anybody."),
        ),
        (_("AT RISK"), _("People are helped at present, but it hangs by a thread or is not enough.")),
    ]


def meaning_of(card: Card) -> str:
    """Return what the label of a gap means, in a sentence."""
    if card.ask:
        return _("Something is not known: it may be open after all. Ask before you tell anybody.")
    if card.untyped:
        return _("Many services have no confirmed type: one of them may offer it. Confirm the types first.")
    if card.firm:
        return _("Nothing that is recorded helps anybody of this package there.")
    return _("It is closed to the typical client of this package; some of them may be taken all the same.")


def risk_meaning(card: Card) -> str:
    """Return what it means that something is at risk, or that a package is not whole."""
    if card.kind == PACKAGE:
        return _("Each line that is missing is a gap of its own; all of them have to close for these people.")
    if card.ask:
        return _("Others may be there too, of whom something is not known. Ask before you tell anybody.")
    return _("People are helped at present, but it hangs by a thread or is not enough.")


def risk_label(card: Card) -> str:
    """Return the label of what is open and yet not enough."""
    if card.kind == PACKAGE:
        return label_of(card)
    found = _("CHECK DATA") if card.kind == EVIDENCE or card.ask else _("AT RISK")
    return found if card.clients is not None else _("%(label)s, no demand figures", label=found)


def gap_sentence(
    card: Card, profile: str, areas: Sequence[str], funnel: str, clients: str | None, missing: int
) -> str:
    """Return a gap in plain words.

    Parameters
    ----------
    card : Card
    profile : str
        Name of the package.
    areas : sequence of str
        Names of the areas, the one that the funnel is about first.
    funnel : str
        How the number of services shrinks there; "" where that stands elsewhere.
    clients : str or None
        How many clients a year, as it may be told; None where nobody counted.
    missing : int
        How many of the areas have no demand figures.
    """
    values = {"service": label(card.service_type), "profile": profile, "areas": names_of(areas)}
    if card.doubtful:
        what = _("%(service)s for “%(profile)s” may be missing in %(areas)s: ask first.", **values)
    elif card.firm:
        what = _("%(service)s for “%(profile)s” is missing in %(areas)s.", **values)
    else:
        what = _("%(service)s is closed to the typical client of “%(profile)s” in %(areas)s.", **values)
    if not funnel:
        why = ""
    elif len(areas) > 1:
        why = _("For example %(area)s: %(funnel)s.", area=areas[0], funnel=funnel)
    else:
        why = funnel[:1].upper() + funnel[1:] + "."
    return " ".join(filter(None, (what, why, people(clients, missing))))


def people(clients: str | None, missing: int) -> str:
    """Return how many clients a year, in words; ``clients`` as it may be told."""
    if clients is None:
        return _("There are no demand figures.")
    told = counted(clients)
    if not missing:
        return told
    unknown = ngettext("No figures for %(number)s area.", "No figures for %(number)s areas.", missing)
    return f"{told} {unknown}"


def counted(clients: str) -> str:
    """Return how many clients a year somebody counted, as a sentence."""
    return _("Clients a year: %(clients)s.", clients=clients)


def untyped(number: int) -> str:
    """Return how many services might offer anything, as nobody has confirmed a type of theirs."""
    return ngettext(
        "%(number)s service has no confirmed type yet",
        "%(number)s services have no confirmed type yet",
        number,
        number=in_digits(number),
    )


def names_of(names: Sequence[str]) -> str:
    """Return the first few names and how many more there are.

    Examples
    --------
    >>> names_of(["A", "B", "C", "D", "E"])
    'A, B, C and 2 more'
    """
    listed = ", ".join(names[:FIRST_NAMES])
    rest = len(names) - FIRST_NAMES
    return _("%(names)s and %(number)s more", names=listed, number=rest) if rest > 0 else listed
