"""The ladder of one gap: what would help, the cheapest first, with who could be asked and what it opens."""

from dataclasses import dataclass
from math import ceil

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.network.card.asks import MOST, Ask, Asks
from netmap.network.card.ignorance import Ignorance
from netmap.network.card.one_place import new_service
from netmap.network.cells.kinds import CAPACITY
from netmap.network.counts import small
from netmap.network.few import told_sum
from netmap.network.gaps.one_gap import Found
from netmap.network.gaps.remedies import RUNGS, remedies, rung_name


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: its code, its name, what is meant, and what could be asked of whom.

    ``more`` counts the asks that are not told; ``providers`` are those to agree with, by id and name.
    """

    code: str
    name: str
    texts: tuple[str, ...]
    asks: tuple[Ask, ...]
    more: int
    providers: tuple[tuple[str, str], ...] = ()

    @property
    def first(self) -> str:
        """Return the step in one sentence."""
        if self.asks:
            return f"{self.asks[0].text}: {self.asks[0].opens}"
        return self.texts[0] if self.texts else self.name


def ladder(found: Found, asks: Asks, ignorance: Ignorance) -> list[Rung]:
    """Return the steps that may help this gap, the cheapest first.

    Parameters
    ----------
    found : Found
    asks : Asks
        What could be asked of whom, the best first.
    ignorance : Ignorance
        What may be known too little of.
    """
    meant = {rung: [one.text for one in remedies(found.card) if one.rung == rung] for rung in RUNGS}
    if not found.card.ask and found.card.service_type:
        meant["data"] += _data(ignorance)
    meant["new"] = [new_service(found, text) for text in meant["new"]]
    steps = []
    for code in RUNGS:
        mine = () if found.card.ask else tuple(one for one in asks.best if one.rung == code)
        if meant[code] or mine:
            known = mine[:MOST]
            more = asks.counts.get(code, 0) - len(known) if mine else 0
            agree = _providers(found, asks) if code == "agreement" else ()
            steps.append(Rung(code, rung_name(code), tuple(meant[code]), known, more, agree))
    return steps


def _data(ignorance: Ignorance) -> list[str]:
    """Return what is to be made sure of before anything else is done."""
    told = []
    if number := ignorance.counts[2]:
        told.append(
            ngettext(
                "Ask %(number)s service what is not known of it",
                "Ask %(number)s services what is not known of them",
                number,
            )
        )
    if number := ignorance.counts[1]:
        told.append(
            ngettext(
                "Decide whether %(number)s service is of this kind",
                "Decide whether %(number)s services are of this kind",
                number,
            )
        )
    if not ignorance.tests:
        told.append(_("Make sure that the help is not there after all: nobody has noted that yet"))
    return told


def _providers(found: Found, asks: Asks) -> tuple[tuple[str, str], ...]:
    """Return the providers that one could agree with, those first that would open most."""
    card, names = found.card, found.question.names
    named = {one.provider: one.provider_name for one in asks.best if one.provider != one.service}
    hands = (*card.giving, *card.taking, *(card.only if not found.open else ()))
    named |= {key: names[key] for key in hands if key in found.question.organizations}
    return tuple(named.items())[:MOST]


def capacity_needed(found: Found) -> str:
    """Return for how many clients a year a new service has to be made."""
    clients = found.clients(found.card.areas)
    if not clients:
        return _("not known: nobody counted the clients")
    if found.card.kind != CAPACITY:
        return _("%(clients)s clients a year, or more", clients=told_sum(clients))
    lacking = _lacking(found)
    if not sum(lacking):
        return _("not known: people wait, but by what is recorded no places are missing")
    return _("%(clients)s clients a year, or more", clients=told_sum(lacking))


def _lacking(found: Found) -> list[float]:
    """Return for how many clients there is no place: of all large groups together, then of each small one."""
    least: dict[str, float] = {}
    for cell in found.card.cells:
        least[cell.area] = min(least.get(cell.area, 1.0), 1.0 if cell.ratio is None else cell.ratio)
    large, few = 0.0, []
    for area, ratio in least.items():
        for clients in found.clients((area,)):
            if small(clients):
                few.append(clients * (1 - ratio))
            else:
                large += clients * (1 - ratio)
    return [float(ceil(round(large, 6))), *few]
