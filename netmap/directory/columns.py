"""The offers of the whole directory as arrays, by kind of service. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy

import numpy as np
from numpy.typing import NDArray

from netmap.directory.eligibility import Asker, Offer
from netmap.directory.shelves import Known, Shelf, empty
from netmap.directory.verdicts import FAILED, UNKNOWN_SHIFT, View

_Stock = tuple[Mapping[str, tuple[Offer, ...]], Mapping[str, Shelf]]


class Columns:
    """The offers of the whole directory on shelves, one for each kind of service.

    Parameters
    ----------
    offers : iterable of Offer
    """

    def __init__(self, offers: Iterable[Offer] = ()) -> None:
        self.known = Known()
        self._stock: _Stock = ({}, {})  # both together, so that nobody sees one without the other
        self.replace((), offers)

    @property
    def by_service(self) -> Mapping[str, tuple[Offer, ...]]:
        """The offers of each service."""
        return self._stock[0]

    @property
    def shelves(self) -> Mapping[str, Shelf]:
        """The shelf of each kind of service."""
        return self._stock[1]

    def as_now(self) -> "Columns":
        """Return what is here now: whatever is replaced later, it stays as it is."""
        return copy(self)

    def shelf(self, service_type: str) -> Shelf:
        """Return the offers of one kind of service."""
        return self.shelves.get(service_type) or empty(service_type)

    def replace(self, services: Iterable[str], offers: Iterable[Offer]) -> None:
        """Put these offers in the place of everything that these services had.

        What somebody reads stays as it is: each shelf that changes gives way to another one.
        """
        gone = set(services)
        kept = dict(self.by_service)
        old = [offer for service in gone for offer in kept.pop(service, ())]
        types = {code for offer in old for code in _types(offer)}
        new: dict[str, list[Offer]] = defaultdict(list)
        by_service: dict[str, list[Offer]] = defaultdict(list)
        for offer in offers:
            by_service[offer.service_id].append(offer)
            for code in _types(offer):
                new[code].append(offer)
        kept.update({service: tuple(found) for service, found in by_service.items()})
        changed = {
            code: self.shelf(code).replaced(self.known, gone, new.get(code, ()))
            for code in types | new.keys()
        }
        self._stock = kept, {**self.shelves, **changed}

    def view(self, asker: Asker, types: Iterable[str]) -> View:
        """Return one person before the shelves of some types as they are now."""
        shelves, wanted = self.shelves, dict.fromkeys(types) or [""]
        return View([shelves.get(code) or empty(code) for code in wanted], self.known, asker)

    def verdicts(self, asker: Asker, service_type: str) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """Return which criteria fail and which are unknown for every offer of a type, as bits of `CRITERIA`.

        Examples
        --------
        >>> from netmap.directory.verdicts import FAILS
        >>> dear = Offer("s", types=frozenset({"debt_advice"}), status="active", fee=20.0)
        >>> failed, unknown = Columns([dear]).verdicts(Asker(budget=5), "debt_advice")
        >>> [criterion for criterion, bit in FAILS.items() if failed[0] & bit], int(unknown[0]) > 0
        (['cost'], True)
        """
        masks = self.view(asker, [service_type]).masks()
        return (masks & FAILED).astype(np.uint16), (masks >> UNKNOWN_SHIFT).astype(np.uint16)


def _types(offer: Offer) -> frozenset[str]:
    return offer.types | offer.suggested
