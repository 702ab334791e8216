"""The definition of a cell in plain Python: every offer is judged in every area, one after another.

It is slow and short on purpose; the fast sums have to give the same.
"""

import math
from dataclasses import replace

from netmap.directory.distances import straight_km
from netmap.directory.eligibility import CRITERIA, judge
from netmap.network.cells.kinds import KIND_OF
from netmap.network.statistics import still_true

DEAD = {"type", "active"}


def plain_cell(areas, offers, profile, line, area, day, stale_days=365, roads=None, homes=None):
    """Return what a cell holds, as a dictionary of the fields of `Cell`."""
    rows = sorted(
        (offer for offer in offers if line.service_type in offer.types | offer.suggested),
        key=lambda o: (o.organization_id or o.service_id, o.service_id, o.place_id or ""),
    )
    point = dict(areas)[area]
    typical = [_judged(o, profile.typical, line, area, point, roads or {}, homes or {}) for o in rows]
    stated = [_judged(o, profile.stated, line, area, point, roads or {}, homes or {}) for o in rows]
    there = [o for o, (failed, unknown) in zip(rows, typical, strict=True) if not failed | unknown]
    maybe = [unknown for failed, unknown in typical if not failed and unknown]
    n_lo, ask = len(there), not there and bool(maybe)
    providers = sorted({o.organization_id or o.service_id for o in there})
    perhaps = {
        o.organization_id or o.service_id
        for o, (failed, unknown) in zip(rows, typical, strict=True) if not failed and unknown
    }  # fmt: skip
    kind, blockers = _named(maybe if ask else [f for f, _u in typical if not f & DEAD], bool(there))
    old = {o.service_id: _age(o, day) for o in there}
    stale = bool(there) and min(old.values()) > stale_days
    known = stale and all(map(math.isfinite, old.values()))
    return {
        "n_lo": n_lo,
        "n_hi": sum(not failed for failed, _unknown in stated),
        "ask": ask,
        "kind": kind,
        "blockers": blockers,
        "providers": len(providers),
        "only": providers[0] if len(providers) == 1 else None,
        "others": len(perhaps - set(providers)),
        "stale": stale,
        "p_none": math.prod(1 - still_true(age) for age in old.values()) if known else None,
    }


def _judged(offer, asker, line, area, point, roads, homes):
    asker = replace(asker, area=area, point=point, duration=line.duration or None)
    home = homes.get(offer.location_id)
    km = roads.get((area, home), roads.get((home, area)))
    if km is None and point and offer.latitude is not None and offer.longitude is not None:
        km = straight_km(point, (offer.latitude, offer.longitude)) * asker.circuity
    if km is None and roads and home == area:
        km = 0.0
    verdicts = judge(offer, asker, line.service_type, km=km)
    return tuple(frozenset(c for c in CRITERIA if verdicts[c].outcome == o) for o in ("fail", "unknown"))


def _named(missing, is_open):
    if is_open:
        return None, ()
    if not missing:
        return "NO_PROVIDER", ()
    sole = frozenset().union(*(one for one in missing if len(one) == 1))
    if sole:
        kinds = {KIND_OF[c] for c in sole}
        return (kinds.pop() if len(kinds) == 1 else "ANY_OF"), _ordered(sole)
    return "MIXED", _ordered(min(missing, key=len))


def _ordered(criteria):
    return tuple(c for c in CRITERIA if c in criteria)


def _age(offer, day):
    return math.inf if offer.assured_date is None else (day - offer.assured_date).days
