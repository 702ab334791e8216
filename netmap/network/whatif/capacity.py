"""The cells in which a scenario leaves too few places, or no longer leaves too few. Pure."""

from collections.abc import Iterator, Mapping

import numpy as np

from netmap.directory.eligibility import Offer
from netmap.network.cells.ground import Flags, provider_of
from netmap.network.whatif.effect import SupplyChange
from netmap.network.whatif.line import TouchedLine
from netmap.network.whatif.scenario import Edit
from netmap.network.whatif.state import Network, Place
from netmap.network.whatif.supply import changed, ratio_of, wanted_of

Touched = Mapping[Place, TouchedLine]


def supply_changes(
    network: Network, lines: Touched, edit: Edit
) -> tuple[tuple[SupplyChange, ...], tuple[SupplyChange, ...]]:
    """Return the cells that are relieved, and those that are strained.

    By places for each client only: nobody knows how long people would wait for what is only planned.
    """
    able = {**network.capacities, **edit.capacities}
    found: list[SupplyChange] = []
    for kind, services in sorted(_services(network, edit).items()):
        places = network.places_by_type.get(kind, ())
        if places and any(key in able for key in (*services, *network.named(kind))):
            found.extend(_of_kind(network, lines, kind, services, able))
    return (
        tuple(one for one in found if one.after >= network.min_ratio),
        tuple(one for one in found if one.after < network.min_ratio),
    )


def _services(network: Network, edit: Edit) -> dict[str, dict[str, str]]:
    """Return for each kind of service the services that change, with their providers."""
    offers: list[Offer] = [*edit.gone, *edit.come]
    for key in edit.capacities:
        offers.extend(network.catalogue.by_service.get(key, ()))
    found: dict[str, dict[str, str]] = {}
    for offer in offers:
        for code in offer.types | offer.suggested:
            found.setdefault(code, {})[offer.service_id] = provider_of(offer)
    return found


def _of_kind(
    network: Network, lines: Touched, kind: str, services: Mapping[str, str], able: Mapping[str, float]
) -> Iterator[SupplyChange]:
    """Give the cells of one kind of service that fall below what is enough, or rise above it."""
    before = _side(network, {}, kind, services, network.capacities)
    after = _side(network, lines, kind, services, able)
    for place in network.places_by_type[kind]:
        queue, base, line = network.queues(kind)[place], network.sums(place), lines.get(place)
        old, new = queue.ratio, changed(queue, services, before[place], after[place]).ratio
        short = (base.codes == 0) & (old < network.min_ratio)
        is_open = (line.codes if line else base.codes) == 0
        relieved = short & is_open & (new >= network.min_ratio)
        strained = ~short & is_open & (new < network.min_ratio)
        for column in np.flatnonzero(relieved | strained).tolist():
            clients, ratio = float(network.clients(place[0])[column]), float(old[column])
            yield SupplyChange(
                network.land.areas[column].code,
                place[0],
                base.line,
                None if base.codes[column] or np.isnan(ratio) else ratio,
                float(new[column]),
                None if np.isnan(clients) else clients,
            )


def _side(
    network: Network, lines: Touched, kind: str, services: Mapping[str, str], able: Mapping[str, float]
) -> dict[Place, dict[str, tuple[Flags, float]]]:
    """Return for each line where each service passes, and what it gives each client."""
    places = network.places_by_type[kind]
    heads = {profile: network.heads(profile) for profile, _key in places}
    found: dict[Place, dict[str, tuple[Flags, float]]] = {place: {} for place in places}
    for service, provider in services.items():
        there = {place: _passing(network, lines, place, service, provider) for place in places}
        ratio = ratio_of(able.get(service), wanted_of(there, heads))
        for place in places:
            found[place][service] = there[place], ratio
    return found


def _passing(network: Network, lines: Touched, place: Place, service: str, provider: str) -> Flags:
    """Return in which areas a service passes, with what a scenario changes in these lines."""
    if place in lines:
        return lines[place].passing(service, provider)
    return np.asarray(network.sums(place).offers_of(service, provider) > 0)
