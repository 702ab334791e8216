"""Figures about new sites for a page: in the reader's words, and too coarse to recognise anybody. Pure.

Sums stand side by side on the page, so that a difference of two would tell of a handful of people. As soon
as one figure is that small, all of them are rounded to fives.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number
from netmap.network.statistics import MIN_CELL_COUNT, shown


class Figures:
    """How the figures of one answer are shown."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self._people = bool(found["demand_known"])
        self._unit = str(found["unit"])
        self._total = float(found["uncovered"]["clients"])
        self.coarse = self._people and any(0 < value < MIN_CELL_COUNT for value in _sums(found))

    def clients(self, value: float | None) -> str:
        """Return a number of clients, or of areas where nobody counted clients.

        Examples
        --------
        >>> answer = {"demand_known": True, "unit": "clients", "uncovered": {"clients": 33.0},
        ...           "curve": [{"value": 30.0, "gain": 30.0}, {"value": 33.0, "gain": 3.0}], "sites": []}
        >>> figures = Figures(answer)
        >>> figures.clients(30.0), figures.clients(33.0), figures.clients(3.0), figures.coarse
        ('30', '35', '<5', True)
        >>> figures = Figures({**answer, "curve": [{"value": 21.5}], "uncovered": {"clients": 33.5}})
        >>> figures.clients(21.5), figures.people(33.5)
        ('22', '34 clients a year')
        """
        if value is None:
            return "–"
        if not self._people:
            return number(value)
        if self.coarse and value >= MIN_CELL_COUNT:
            return number(MIN_CELL_COUNT * round(value / MIN_CELL_COUNT))
        return shown(value if value < MIN_CELL_COUNT else round(value))  # a small group went in as 2.5

    def value(self, value: float | None) -> str:
        """Return what a choice achieves: clients, or kilometres (on average for the sum of all ways)."""
        if value is None:
            return "–"
        if self._unit == "clients":
            return self.clients(value)
        return _("%(number)s km", number=number(self._km(value)))

    def _km(self, value: float) -> float:
        return value / self._total if self._unit == "client_km" and self._total else value

    def people(self, value: float) -> str:
        """Return a number with what is counted."""
        if self._people:
            return _("%(clients)s clients a year", clients=self.clients(value))
        return ngettext("%(number)s area", "%(number)s areas", round(value))

    def compared(self, value: float | None, greedy: float | None) -> str:
        """Return how the quick way compares: always the best next place, without looking back."""
        if greedy is None and value is not None:
            return _("There was no time to choose one place after another for comparison.")
        quick = self.value(greedy)
        if value is None or greedy is None or abs(value - greedy) <= 1e-6 * max(1.0, abs(value)):
            return _("Choosing one place after another, always the best next one, comes to the same.")
        return _(
            "Choosing one place after another, always the best next one, would only come to %(value)s.",
            value=quick,
        )


def _sums(found: Mapping[str, Any]) -> Iterable[float]:
    """Yield every number of clients that stands on the page."""
    if found["unit"] == "clients":
        for row in found["curve"]:
            yield from (row[key] for key in ("value", "gain", "greedy") if row.get(key) is not None)
            if row.get("greedy") is not None and row.get("value") is not None:
                yield row["value"] - row["greedy"]
            if row.get("value") is not None:
                yield found["uncovered"]["clients"] - row["value"]
    yield from (site["clients"] for site in found["sites"] if "clients" in site)
    yield found["uncovered"]["clients"]
