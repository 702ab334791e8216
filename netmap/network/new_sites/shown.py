"""Figures about new sites for a page: in the reader's words, and none that tells of a handful of people.

A sum that holds a small group is told as the range in which it lies (`netmap.network.few`), and areas that
nobody counted stand beside it as areas. What a place adds is a difference of two sums: as soon as a small
group is in any, differences are rounded to fives.
"""

from collections.abc import Mapping
from typing import Any

from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.i18n.numbers import number
from netmap.network.counts import small
from netmap.network.few import told_sum
from netmap.network.statistics import MIN_CELL_COUNT, shown

Row = Mapping[str, Any]  # with the clients of each area in ``counted``, and how many areas are ``uncounted``


class Figures:
    """How the figures of one answer are shown."""

    def __init__(self, found: Row) -> None:
        self._found = found
        self._people = bool(found["demand_known"])
        self._unit = str(found["unit"])
        self.coarse = self._people and any(small(one) for one in found["uncovered"]["counted"])

    def people(self, row: Row) -> str:
        """Return whom a choice, a place or all stand for, with what is counted.

        Examples
        --------
        >>> figures = Figures({"demand_known": True, "unit": "clients", "uncovered": {"counted": [30, 3]}})
        >>> figures.people({"counted": [30, 3], "uncounted": 2})
        '31 to 34 clients a year, and 2 areas where nobody counted'
        >>> figures.people({"counted": [30], "uncounted": 0}), figures.people({"counted": [], "uncounted": 1})
        ('30 clients a year', '1 area where nobody counted')
        """
        if not self._people:
            return ngettext("%(number)s area", "%(number)s areas", row["uncounted"])
        clients = _("%(clients)s clients a year", clients=self._clients(row))
        if not row["uncounted"]:
            return clients
        areas = ngettext(
            "%(number)s area where nobody counted", "%(number)s areas where nobody counted", row["uncounted"]
        )
        return _("%(clients)s, and %(areas)s", clients=clients, areas=areas) if row["counted"] else areas

    def reached(self, row: Row | None) -> str:
        """Return how many clients a choice reaches, or how many areas where nobody counted clients."""
        if row is None:
            return "–"
        return self._clients(row) if self._people else number(row["uncounted"])

    def value(self, row: Row) -> str:
        """Return what a row of the curve achieves: clients, or kilometres (on average for all ways)."""
        return self.reached(row) if self._unit == "clients" else self._km(row["value"])

    def greedy(self, row: Row) -> str:
        """Return what as many places chosen one after another achieve."""
        return self.reached(row["quick"]) if self._unit == "clients" else self._km(row["greedy"])

    def gain(self, place: int) -> str:
        """Return what a row of the curve adds to the row before."""
        row, before = self._found["curve"][place], self._found["curve"][place - 1] if place else None
        if self._unit != "clients":
            return self._km(row["gain"])
        if not self._people:
            return number(row["gain"])
        more = max(0.0, sum(row["counted"]) - (sum(before["counted"]) if before else 0.0))
        if self.coarse and not self._found.get("capacity") and more >= MIN_CELL_COUNT:
            return number(MIN_CELL_COUNT * round(more / MIN_CELL_COUNT))
        return shown(more if more < MIN_CELL_COUNT else round(more))

    def best(self) -> str:
        """Return what the best choice achieves, in kilometres."""
        return self._km(self._found["value"])

    def compared(self) -> str:
        """Return how the quick way compares: always the best next place, without looking back."""
        value, greedy = self._found["value"], self._found["greedy"]
        if greedy is None:
            return _("There was no time to choose one place after another for comparison.")
        row = self._found["curve"][self._found["places"] - 1]
        same = value is None or abs(value - greedy) <= 1e-6 * max(1.0, abs(value))
        if same or self.value(row) == self.greedy(row):
            return _("Choosing one place after another, always the best next one, comes to the same.")
        return _(
            "Choosing one place after another, always the best next one, would only come to %(value)s.",
            value=self.greedy(row),
        )

    def _clients(self, row: Row) -> str:
        if self._found.get("capacity") and row is not self._found["uncovered"]:
            return shown(round(sum(row["counted"])))  # so many as the places are for, whoever they are
        return told_sum(one if small(one) else round(one) for one in row["counted"])

    def _km(self, value: float | None) -> str:
        """Return kilometres; of the ways of all together those of each client on average."""
        if value is None:
            return "–"
        total = self._found["uncovered"]["clients"] if self._unit == "client_km" else 1.0
        return _("%(number)s km", number=number(value / total if total else value))
