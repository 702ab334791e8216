"""The ladder of one gap: what would help, the cheapest first, with who could be asked and what it opens."""

from dataclasses import dataclass

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.network.asks import MOST, Ask, opens
from netmap.network.few import told_sum
from netmap.network.one_gap import Found
from netmap.network.remedies import RUNGS, remedies, rung_name


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: its code, its name, what is meant, and what could be asked of whom.

    ``more`` counts the asks that are not told.
    """

    code: str
    name: str
    texts: tuple[str, ...]
    asks: tuple[Ask, ...]
    more: int

    @property
    def first(self) -> str:
        """Return the step in one sentence."""
        if self.asks:
            return f"{self.asks[0].text}: {self.asks[0].opens}"
        return self.texts[0] if self.texts else self.name


def ladder(found: Found, asks: list[Ask], to_ask: int) -> list[Rung]:
    """Return the steps that may help this gap, the cheapest first.

    Parameters
    ----------
    found : Found
    asks : list of Ask
        What could be asked of whom, the best first.
    to_ask : int
        How many services have to be asked something that is not known.
    """
    meant = {rung: [one.text for one in remedies(found.card) if one.rung == rung] for rung in RUNGS}
    if to_ask and not found.card.ask:
        told = ngettext(
            "Ask %(number)s service what is not known of it",
            "Ask %(number)s services what is not known of them",
            to_ask,
        )
        meant["data"].append(told)
    if meant.get("new"):
        meant["new"] = [f"{text}: {opens(found, found.card.areas, sure=True)}" for text in meant["new"]]
    steps = []
    for code in RUNGS:
        mine = [] if found.card.ask else [one for one in asks if one.rung == code]
        if meant[code] or mine:
            steps.append(
                Rung(code, rung_name(code), tuple(meant[code]), tuple(mine[:MOST]), max(0, len(mine) - MOST))
            )
    return steps


def capacity_needed(found: Found) -> str:
    """Return for how many clients a year a new service has to be made."""
    clients = found.clients(found.card.areas)
    if not clients:
        return _("not known: nobody counted the clients")
    return _("at least %(clients)s clients a year", clients=told_sum(clients))
