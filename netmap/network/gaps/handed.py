"""For how many clients both ends of a hand-over are there, and for how many these work together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netmap.network.gaps.loading import Question


@dataclass(frozen=True)
class HandedOver:
    """Clients of each pair of area and package with a hand-over, each client once.

    ``people`` are those for whom both ends of some hand-over are there, ``linked`` those of them for whom
    every such hand-over has two providers that work together. Where nobody counted clients, areas stand for
    them. ``rows`` are the single hand-overs; a client with two of them stands in both.
    """

    people: tuple[float, ...]
    linked: tuple[float, ...]
    rows: tuple[Mapping[str, Any], ...]


def handed_over(question: Question) -> HandedOver:
    """Return who can be handed over from line to line, and who would be."""
    codes = [area.code for area in question.ground.areas]
    heads: dict[tuple[str, str], float] = {}
    broken: set[tuple[str, str]] = set()
    rows: list[dict[str, Any]] = []
    for one in question.survey.handoffs:
        both = met = 0.0
        for code, reached, linked in zip(codes, one.reached.tolist(), one.linked.tolist(), strict=True):
            if not reached:
                continue
            pair = code, one.profile
            found = question.demands.get(pair)
            heads[pair] = found.clients if found else 0.0 if question.demands else 1.0
            both, met = both + heads[pair], met + (heads[pair] if linked else 0.0)
            if not linked:
                broken.add(pair)
        ends = {"from": one.first.key, "to": one.then.key}
        rows.append({"profile": one.profile, **ends, "clients": both, "linked": met})
    whole = tuple(number for pair, number in heads.items() if pair not in broken)
    return HandedOver(tuple(heads.values()), whole, tuple(rows))
