"""The filters of a search as the page shows them: groups to tick, and what was chosen with its way back."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from netmap.directory.answers import Answer, FacetGroup, FacetValue
from netmap.directory.area_table import AreaTable, KnownArea
from netmap.directory.asked import part_label
from netmap.directory.filters import CHECKED_DAYS, code_label, field_label
from netmap.directory.settlements import smallness
from netmap.i18n import gettext as _
from netmap.i18n import ngettext
from netmap.vocabulary.question import Part
from netmap.web.search_address import (
    CHOSEN,
    Typed,
    address,
    changed,
    put_back,
    taken_away,
    with_codes,
    without_code,
)
from netmap.web.show import day

FIRST = 8  # values of a group that are seen at once; a group of few more shows all
FEW_MORE = 3
MOST_SETTLEMENTS = 400  # to choose from; the others can be asked for as a point


class Group(NamedTuple):
    """One filter: the values seen at once, the rest, and of how many services nobody knows."""

    name: str
    label: str
    first: tuple[FacetValue, ...]
    rest: tuple[FacetValue, ...]
    unknown: int
    chosen: int


class Way(NamedTuple):
    """A link that changes the search: what it is about, in a word or two, and where it leads."""

    label: str
    href: str
    note: str = ""


def groups_of(answer: Answer | None, typed: Typed, table: AreaTable) -> list[Group]:
    """Return the groups to tick; without an answer only what was chosen, so that it can be taken away."""
    found = {group.name: group for group in answer.facets} if answer else {}
    groups = (found.get(name) or _chosen_only(name, typed, table) for name in CHOSEN)
    return [_group(group) for group in groups if group.values]


def _chosen_only(name: str, typed: Typed, table: AreaTable) -> FacetGroup:
    values = tuple(FacetValue(code, code_label(name, code, table), 0, True) for code in typed.chosen[name])
    return FacetGroup(name, field_label(name), values)


def _group(group: FacetGroup) -> Group:
    values, chosen = group.values, sum(value.selected for value in group.values)
    if len(values) <= FIRST + FEW_MORE:
        return Group(group.name, group.label, values, (), group.unknown, chosen)
    first = (*values[:FIRST], *(value for value in values[FIRST:] if value.selected))
    rest = tuple(value for value in values[FIRST:] if not value.selected)
    return Group(group.name, group.label, first, rest, group.unknown, chosen)


def chips_of(answer: Answer, typed: Typed) -> list[Way]:
    """Return what was understood, each with the link that takes it away; the note is the words for it."""
    return [Way(chip.label, address(taken_away(typed, chip.key)), chip.words) for chip in answer.understood]


def choices_of(answer: Answer, typed: Typed) -> list[tuple[str, list[Way]]]:
    """Return the words that name several places, each with the links that choose one."""
    return [
        (words, [Way(name, address(with_codes(typed, "area", code))) for code, name in areas])
        for words, areas in answer.choices.items()
    ]


def chosen_ways(typed: Typed, table: AreaTable) -> list[Way]:
    """Return the filters that are set, each with the link that takes it away."""
    found = [
        Way(code_label(field, code, table), address(without_code(typed, field, code)), field_label(field))
        for field in CHOSEN
        for code in typed.chosen[field]
    ]
    return [*found, *_other_ways(typed, table)]


def _other_ways(typed: Typed, table: AreaTable) -> Iterator[Way]:
    single = typed.single
    near, within = single["near"] or single["from"], single["within"]
    if near or within:
        name = table.label(near)
        words = _("%(km)s km from %(place)s", km=within, place=name) if within else name
        gone = address(changed(typed, **{"near": "", "from": "", "within": ""}))
        yield Way(words, gone, field_label("distance"))
    if single["day"] or single["time"]:
        words = " ".join(part for part in (_day(single["day"]), single["time"]) if part)
        yield Way(words, address(changed(typed, open="", day="", time="")), _("Open"))
    elif single["open"]:
        yield Way(_("now"), address(changed(typed, open="")), _("Open"))
    if single["checked"]:
        yield Way(days_words(single["checked"]), address(changed(typed, checked="")), _("Checked"))


def _day(text: str) -> str:
    try:
        return day(date.fromisoformat(text)) if text else ""
    except ValueError:
        return text


def days_words(text: str) -> str:
    """Return "within N days" in words."""
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        return text
    return ngettext("within %(number)s day", "within %(number)s days", int(text))


def taken_ways(typed: Typed, table: AreaTable) -> list[Way]:
    """Return what was taken away of the words, each with the link that puts it back."""
    return [
        Way(part_label(Part(kind, code, ""), table), address(put_back(typed, key)))
        for key in typed.without
        for kind, _colon, code in [key.partition(":")]
        if code
    ]


def loosen_ways(answer: Answer, typed: Typed) -> list[Way]:
    """Return the filters that could be dropped, each with how many services there would be without it."""
    return [Way(one.label, address(loosened(typed, one.field)), str(one.total)) for one in answer.loosen]


def loosened(typed: Typed, field: str) -> Typed:
    """Return the search without one filter, by the name that the engine gives it."""
    if field in typed.chosen:
        return with_codes(typed, field)
    parts = {
        "distance": ("near", "from", "within"),
        "open": ("open", "day", "time"),
        "checked": ("checked",),
    }
    return changed(typed, **dict.fromkeys(parts.get(field, ()), ""))


def checked_options(typed: Typed, answer: Answer | None) -> list[tuple[str, str]]:
    """Return within how many days somebody may have checked it: (text of the address, words)."""
    counts = {code: f" ({value.count})" for code, value in _values(answer, "checked").items()}
    days = {str(number) for number in CHECKED_DAYS} | {typed.single["checked"]}
    known = sorted(int(one) for one in days if one.isascii() and one.isdecimal() and len(one) < 7)
    texts = ((str(number), days_words(str(number)) + counts.get(str(number), "")) for number in known)
    return [("", _("at any time")), *texts]


def open_count(typed: Typed, answer: Answer | None) -> int | None:
    """Return how many services are open now; None where that was not counted, or for another moment."""
    value = _values(answer, "open").get("now")
    return None if value is None or typed.single["day"] or typed.single["time"] else value.count


def _values(answer: Answer | None, name: str) -> Mapping[str, FacetValue]:
    groups = answer.facets if answer else ()
    return {value.code: value for group in groups if group.name == name for value in group.values}


def sorts_of(typed: Typed, with_distance: bool) -> list[tuple[str, str, str]]:
    """Return the orders: code, name and address; the nearest first only where kilometres are known."""
    names = {
        "best": _("best first"),
        "near": _("nearest first"),
        "name": _("by name"),
        "checked": _("last checked first"),
    }
    return [
        (code, name, address(changed(typed, sort="" if code == "best" else code)))
        for code, name in names.items()
        if with_distance or code != "near"
    ]


def settlement_options(places: Mapping[str, KnownArea]) -> list[tuple[str, str]]:
    """Return the settlements to choose from, (code, name): where there are very many, the larger ones."""
    largest = sorted(places.values(), key=smallness)[:MOST_SETTLEMENTS]
    kept = {one.code for one in largest}
    return [(one.code, one.label()) for one in places.values() if one.code in kept]
