"""Ties, dead agreements, strong ties without one, and bridges, as plain dictionaries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from netmap.network.few import told_sum
from netmap.network.ties import words as tie_words
from netmap.network.ties.bonds import AGREEMENT, Bond, state_of
from netmap.network.ties.meeting import MOST_MEMBERS, Standing, meeting
from netmap.network.ties.relations import Network
from netmap.network.ties.sectors import UNKNOWN, Bridge, bridges


def tie_views(network: Network) -> list[dict[str, Any]]:
    """Return the ties of the selection: both names, matter, days, last activity, how much life is in them.

    ``noted`` is when our own staff last spoke with one of the two, which gives the tie no life.

    ``dead`` is an agreement in force of which nothing is recorded for months, or was ever; ``strong`` a tie
    with a recent contact between two that have no agreement.
    """
    strong = frozenset(network.strong)
    return [_tie(network, one, strong) for one in network.shown]


def _tie(network: Network, one: Bond, strong: frozenset[Bond]) -> dict[str, Any]:
    state = state_of(one, network.day, network.since)
    return {
        "one": _who(network, one.one),
        "other": _who(network, one.other),
        "kind": one.kind,
        "kind_name": tie_words.tie_names()[one.kind],
        "matter": one.matter,
        "begins": _iso(one.begins),
        "ends": _iso(one.ends),
        "last": _iso(one.last),
        "noted": _iso(one.noted),
        "state": state,
        "state_name": tie_words.state_names()[state],
        "links": one.links(network.day, network.since),
        "dead": one.kind == AGREEMENT and state in ("dead", "silent"),
        "strong": one in strong,
        "source": one.source,
        "key": one.key,
    }


def bridge_views(
    network: Network, wanted: Mapping[tuple[str, str], Sequence[float]], areas: Iterable[str] = ()
) -> list[dict[str, Any]]:
    """Return the links between each two sectors of the selection, those that are missing and wanted first.

    Parameters
    ----------
    network : Network
    wanted : mapping
        Pair of sectors -> clients a year whose package leads from one to the other, by area and package.
    areas : iterable of str
        Planning areas for each of which it is said whether the two sectors of that area have a link.
    """
    sectors = {key: network.sectors[key][0] for key in network.chosen}
    linked = [_ends(pair) for pair in network.linked]
    living = _living_links(network)
    places = list(areas)
    inside = {area: {key for key in sectors if area in network.places.get(key, ())} for area in places}
    without: dict[tuple[str, str], list[str]] = defaultdict(list)
    for area in places:
        for found in bridges(sectors, linked, inside[area]):
            if found.missing:
                without[found.one, found.other].append(area)
    rows = [
        {
            **_bridge(network, found, living),
            "clients": float(sum(wanted.get((found.one, found.other), ()))),
            "clients_shown": told_sum(wanted.get((found.one, found.other), ())),
            "missing_in": without[found.one, found.other],
        }
        for found in bridges(sectors, linked)
    ]
    return sorted(rows, key=lambda row: (row["links"] > 0, -row["clients"], -len(row["missing_in"])))


def _ends(pair: frozenset[str]) -> tuple[str, str]:
    one, other = sorted(pair)
    return one, other


def _living_links(network: Network) -> set[tuple[str, str]]:
    return {one.pair for one in network.bonds if one.active(network.day, network.since)}


def _bridge(network: Network, found: Bridge, living: set[tuple[str, str]]) -> dict[str, Any]:
    names = tie_words.sector_names()
    return {
        "one": found.one,
        "one_name": names[found.one],
        "other": found.other,
        "other_name": names[found.other],
        "organizations": list(found.sizes),
        "possible": found.sizes[0] * found.sizes[1],
        "links": len(found.links),
        "living": sum(link in living for link in found.links),
        "missing": found.missing,
        "by": [[network.names[one], network.names[other]] for one, other in found.links],
    }


def sector_views(network: Network) -> list[dict[str, Any]]:
    """Return each sector with how many organizations it has, and from what that was told."""
    names = tie_words.sector_names()
    counted: Mapping[str, Counter[str]] = defaultdict(Counter)
    for key in sorted(network.chosen):
        sector, how = network.sectors[key]
        counted[sector][how] += 1
    found = [
        {"code": code, "name": names[code], "organizations": sum(by.values()), "by": dict(sorted(by.items()))}
        for code, by in counted.items()
    ]
    return sorted(found, key=lambda row: (row["code"] == UNKNOWN, -row["organizations"], row["code"]))


def meeting_views(network: Network) -> dict[str, list[dict[str, Any]]]:
    """Return who meets where: the bodies that still meet, and the organizations of the selection in them.

    ``large`` are bodies in which so many sit that no tie is made of each two.
    """
    seats = {row.id: [one for one in row.members if one in network.chosen] for row in network.bodies}
    found = meeting(seats)
    bodies = [
        {
            "id": row.id,
            "name": row.name,
            **_standing(found.bodies[row.id]),
            "large": len(row.members) > MOST_MEMBERS,
        }
        for row in network.bodies
        if row.id in found.bodies
    ]
    sitting = [{**_who(network, key), **_standing(one)} for key, one in found.organizations.items()]
    return {"bodies": _highest(bodies), "organizations": _highest(sitting)}


def _standing(one: Standing) -> dict[str, float | None]:
    values = {"share": one.share, "between": one.between, "near": one.near}
    return {"count": one.count} | {key: value and round(value, 4) for key, value in values.items()}


def _highest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-row["count"], row["name"], row["id"]))


def _who(network: Network, key: str) -> dict[str, str]:
    sector = network.sectors[key][0]
    return {"id": key, "name": network.names[key], "sector": sector}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
