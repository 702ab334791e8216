"""The filters beside the answers: what is counted, and the groups that a person sees."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from netmap.directory import facet_codes
from netmap.directory.answers import FacetGroup, FacetValue
from netmap.directory.area_table import AreaTable
from netmap.directory.asked import Asked
from netmap.directory.facet_codes import PERHAPS
from netmap.directory.filters import CHECKED_DAYS, code_label, field_label
from netmap.directory.ties import TIE_KINDS
from netmap.search.backend import ANY_LANGUAGE, Facet, Page
from netmap.vocabulary.terms import vocabulary

MOST_VALUES = 12
ORDER = (
    "need", "type", "area", "open", "takes", "language", "cost", "access", "target", "threshold", "layer",
    "checked", "relation",
)  # fmt: skip
_FIXED: Mapping[str, tuple[str, ...]] = {
    "takes": facet_codes.TAKES,
    "cost": facet_codes.COSTS,
    "access": facet_codes.ACCESS,
    "threshold": facet_codes.THRESHOLDS,
    "layer": facet_codes.LAYERS,
    "relation": TIE_KINDS,
}  # in their own order, not by number


def facets_of(
    asked: Asked, languages: Sequence[str], opened: frozenset[str], unknown: frozenset[str]
) -> tuple[Facet, ...]:
    """Return what the engine shall count: for each value as many as choosing it would leave for certain."""
    values: dict[str, Mapping[str, frozenset[str]]] = {
        "area": asked.table.filters,
        "open": {"now": opened},
        "language": {code: frozenset({code, ANY_LANGUAGE}) for code in languages},
        "target": {code: frozenset({code}) for code in vocabulary().circumstances},
        "checked": {
            str(days): frozenset({(asked.now.date() - timedelta(days=days)).isoformat()})
            for days in CHECKED_DAYS
        },
        **{name: {code: frozenset({code}) for code in codes} for name, codes in _FIXED.items()},
    }
    perhaps = {name: frozenset(PERHAPS + code for code in values[name]) for name in (*_FIXED, "target")}
    perhaps["open"] = unknown
    return tuple(
        Facet(name, "hours" if name == "open" else name, values.get(name), perhaps.get(name, frozenset()))
        for name in ORDER
    )


def groups(asked: Asked, page: Page) -> tuple[FacetGroup, ...]:
    """Return the filters with their counts: the largest of each, and whatever is chosen."""
    found = []
    for name in ORDER:
        chosen, counts = _chosen(asked, name), page.facets.get(name, {})
        codes = [code for code in {**counts, **dict.fromkeys(chosen)} if counts.get(code) or code in chosen]
        if not codes:
            continue
        values = tuple(
            FacetValue(
                code,
                code_label(name, code, asked.table),
                counts.get(code, 0),
                selected=code in chosen,
                depth=_depth(asked.table, code, codes) if name == "area" else 0,
            )
            for code in _in_order(name, codes, chosen, counts, asked.table)
        )
        found.append(FacetGroup(name, field_label(name), values, page.unsure.get(name, 0)))
    return tuple(found)


def _chosen(asked: Asked, name: str) -> tuple[str, ...]:
    question = asked.question
    if name == "area":
        return tuple(area.code for area in asked.areas)
    if name == "open":
        return ("now",) if question.open_at is not None else ()
    if name == "checked":
        return (str(question.checked_days),) if question.checked_days else ()
    return question.only.get(name, ())


def _in_order(
    name: str, codes: Sequence[str], chosen: Sequence[str], counts: Mapping[str, int], table: AreaTable
) -> list[str]:
    """Return the codes that are shown: in their own order where they have one, else the largest first."""
    if name in _FIXED or name == "checked":
        own = _FIXED.get(name) or tuple(map(str, CHECKED_DAYS))
        return [*(code for code in own if code in codes), *(code for code in codes if code not in own)]
    largest = sorted(codes, key=lambda code: (-counts.get(code, 0), code_label(name, code, table).casefold()))
    kept = set(largest[:MOST_VALUES]) | set(chosen)
    if name != "area":
        return [code for code in largest if code in kept]
    return sorted(kept, key=lambda code: [table.label(one).casefold() for one in _path(table, code, kept)])


def _path(table: AreaTable, code: str, shown: set[str]) -> list[str]:
    """Return the shown areas around an area from the outside in, itself last."""
    return [one for one in reversed(table.chains.get(code, (code,))) if one in shown]


def _depth(table: AreaTable, code: str, shown: Sequence[str]) -> int:
    return len(_path(table, code, set(shown))) - 1
