"""What comes of a scenario as plain dictionaries for pages and the command line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.network.few import told_sum
from netmap.network.gaps import words
from netmap.network.whatif.desk import Desk
from netmap.network.whatif.effect import (
    CellChange,
    Changes,
    Effect,
    LinkChange,
    PairChange,
    Reached,
    SupplyChange,
    areas_of,
    clients_of,
    findings,
    people_of,
)
from netmap.network.whatif.line_sums import Reason
from netmap.network.whatif.scenario import Change
from netmap.network.whatif.scenario_words import change_sentence
from netmap.network.whatif.words import summary
from netmap.packages.document import text
from netmap.vocabulary.terms import label

APART = ("area", "area_name", "clients", "giving", "taking")  # what may differ in rows that are told as one
MOST_PLACES = 99.0  # for each client: more says nothing, and JSON knows no infinity


def effect_view(desk: Desk, changes: Sequence[Change], effect: Effect) -> dict[str, Any]:
    """Return changes and effect with their names, numbers and sentences."""
    return {
        "changes": [change_sentence(change, desk.with_provider, desk.area_name) for change in changes],
        "summary": summary(effect, desk.name),
        "closed": _group(desk, effect.closed),
        "opened": _group(desk, effect.opened),
        "renamed": _group(desk, effect.renamed),
        "weakened": _group(desk, effect.weakened),
        "secured": _group(desk, effect.secured),
        "relieved": _group(desk, effect.relieved),
        "strained": _group(desk, effect.strained),
        "downgraded": len(effect.downgraded),
        "downgraded_gaps": findings(effect.downgraded),
        "reached": [_reached(desk, one) for one in effect.reached],
        "packages": {
            "completed": _group(desk, effect.completed),
            "lost": _group(desk, effect.lost),
        },
        "links": {
            "opened": _group(desk, effect.links_opened),
            "closed": _group(desk, effect.links_closed),
        },
    }


def _group(desk: Desk, changes: Changes) -> dict[str, Any]:
    """Return how many there are, for how many clients, and each; ``findings`` are the same in many places."""
    return {
        "number": len(changes),
        "findings": findings(changes),
        "places": areas_of(changes),
        "clients": clients_of(changes),
        "clients_shown": told_sum(people_of(changes)) if people_of(changes) else _("not known"),
        "rows": (rows := [_row(desk, one) for one in changes]),
        "merged": _merged(rows),
    }


def _merged(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows that differ only in their place as one row with all places, to be read by people."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[repr([value for name, value in row.items() if name not in APART])].append(row)
    merged = []
    for same in found.values():
        known = [row["clients"] for row in same if row["clients"] is not None]
        shown = told_sum(known) if known else _("not known")
        places = sorted(row["area_name"] for row in same)
        who = {side: _all(row[side] for row in same) for side in ("giving", "taking") if side in same[0]}
        merged.append({**same[0], **who, "places": places, "clients_shown": shown})
    return merged


def _all(groups: Iterable[Sequence[dict[str, str]]]) -> list[dict[str, str]]:
    """Return every provider of some groups once, in their order."""
    return list({one["id"]: one for group in groups for one in group}.values())


def _row(desk: Desk, one: CellChange | PairChange | LinkChange | SupplyChange) -> dict[str, Any]:
    common = {
        "area": one.area,
        "area_name": desk.area_name(one.area),
        "profile": one.profile,
        "profile_name": desk.question.profile_name(one.profile),
        "clients": one.clients,
    }
    if isinstance(one, CellChange):
        return common | {
            "line_key": one.line.key,
            "goal": text(one.line.goal, language()),
            "service_type": one.line.service_type,
            "service_type_label": label(one.line.service_type),
            "before": _reason(one.before),
            "after": _reason(one.after),
            "providers": one.providers,
        }
    if isinstance(one, SupplyChange):
        ratios = {"before": _places_for(one.before), "after": _places_for(one.after)}
        return common | {
            "line_key": one.line.key,
            "service_type": one.line.service_type,
            "service_type_label": label(one.line.service_type),
            **ratios,
        }
    if isinstance(one, LinkChange):
        first, then = one.hand_off.first, one.hand_off.then
        return common | {
            "from": first.service_type,
            "from_label": label(first.service_type),
            "to": then.service_type,
            "to_label": label(then.service_type),
            "giving": _named(desk, one.giving),
            "taking": _named(desk, one.taking),
        }
    return common


def _reason(reason: Reason | None) -> Mapping[str, Any] | None:
    if reason is None:
        return None
    return {
        "type": reason.kind,
        "type_name": words.name_of_kind(reason.kind, reason.ask),
        "blockers": list(reason.blockers),
        "ask": reason.ask,
    }


def _reached(desk: Desk, one: Reached) -> dict[str, Any]:
    return {
        "service_type": one.service_type,
        "service_type_label": label(one.service_type),
        "eligible": one.eligible,
        "eligible_shown": told_sum(one.people),
        "clients": one.clients,
        "clients_shown": told_sum([one.clients]),
        "capacity_unknown": _named(desk, one.unknown),
        "blank": one.blank,
    }


def _places_for(ratio: float | None) -> float | None:
    return None if ratio is None else round(min(ratio, MOST_PLACES), 3)


def _named(desk: Desk, keys: Sequence[str]) -> list[dict[str, str]]:
    return [{"id": key, "name": desk.name(key)} for key in keys]


def gone_sentence(number: int) -> str:
    """Return that a change finds no service that it could change."""
    return _("Change %(number)s changes nothing: no service of the directory fits it.", number=number + 1)
