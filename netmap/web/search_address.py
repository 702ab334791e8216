"""The address of a search: what it asks, and the same search with something taken away or added."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

SINGLE = ("q", "near", "from", "within", "open", "day", "time", "checked", "sort")
# Fields of which several codes may be chosen, in the order of the page.
CHOSEN = (
    "need", "type", "area", "takes", "language", "cost", "access", "target", "threshold", "layer", "relation",
)  # fmt: skip
MOST_CODES = 50  # of one field: nobody ticks more, and the address must stay short
LONGEST_CODE = 120
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed and chose, as text: single fields, chosen codes, chips taken away, the page."""

    single: Mapping[str, str]
    chosen: Mapping[str, tuple[str, ...]]
    without: tuple[str, ...] = ()
    page: int = 1

    @property
    def words(self) -> str:
        """Return the words that were typed."""
        return self.single["q"]

    @property
    def asks(self) -> bool:
        """Return whether there is anything to search for."""
        return bool(any(self.chosen.values()) or any(self.single[name] for name in SINGLE if name != "sort"))

    def pairs(self) -> list[tuple[str, str]]:
        """Return what the address holds, in a fixed order; the first page is not mentioned."""
        found = [(name, self.single[name]) for name in SINGLE if self.single[name]]
        found += [(name, code) for name in CHOSEN for code in self.chosen[name]]
        found += [("without", key) for key in self.without]
        return found + ([("page", str(self.page))] if self.page > 1 else [])


def typed_of(args: "MultiDict[str, str]") -> Typed:
    """Return what the parts of an address say; what is not known there is ignored."""
    single = {name: _plain(args.get(name, "")) for name in SINGLE}
    # The form says for which words something was taken away: of other words nothing was.
    same = _plain(args.get("asked", single["q"])) == single["q"]
    without = _codes(args.getlist("without")) if same else ()
    chosen = {name: _codes(args.getlist(name)) for name in CHOSEN}
    return Typed(single, chosen, without, _page(args.get("page", "")))


def _plain(text: str) -> str:
    """Return a text without control characters: nobody types them, and no page may show them."""
    return _CONTROL.sub(" ", text).strip()


def _codes(values: list[str]) -> tuple[str, ...]:
    told = (_plain(value)[:LONGEST_CODE] for value in values)
    return tuple(dict.fromkeys(value for value in told if value))[:MOST_CODES]


def _page(wish: str) -> int:
    """Return the page that is asked for, however far away it is; the first where that is no number.

    Examples
    --------
    >>> _page("3"), _page("x"), _page("-2"), _page("0"), _page("1" + "0" * 20) > 10**6
    (3, 1, 1, 1, True)
    """
    if not (wish.isascii() and wish.isdecimal()):
        return 1
    return max(1, int(wish[:18]))


def address(typed: Typed) -> str:
    """Return the address of a search."""
    return f"{url_for('search.show')}?{urlencode(typed.pairs())}"


def with_page(typed: Typed, page: int) -> Typed:
    """Return another page of the same search."""
    return replace(typed, page=page)


def changed(typed: Typed, **single: str) -> Typed:
    """Return the search with other single fields, from its first page."""
    return replace(typed, single={**typed.single, **single}, page=1)


def without_code(typed: Typed, field: str, code: str) -> Typed:
    """Return the search without one of the chosen codes, from its first page."""
    rest = tuple(one for one in typed.chosen[field] if one != code)
    return replace(typed, chosen={**typed.chosen, field: rest}, page=1)


def with_codes(typed: Typed, field: str, *codes: str) -> Typed:
    """Return the search with exactly these codes chosen in a field, from its first page."""
    return replace(typed, chosen={**typed.chosen, field: codes}, page=1)


def taken_away(typed: Typed, key: str) -> Typed:
    """Return the search in which one thing that was understood counts as plain words only."""
    return replace(typed, without=(*typed.without, key), page=1)


def put_back(typed: Typed, key: str) -> Typed:
    """Return the search in which that counts again."""
    return replace(typed, without=tuple(one for one in typed.without if one != key), page=1)


def cleared(typed: Typed) -> Typed:
    """Return the search without any filter; the words, what was taken away of them and the order stay."""
    single = dict.fromkeys(SINGLE, "") | {"q": typed.words, "sort": typed.single["sort"]}
    return Typed(single, dict.fromkeys(CHOSEN, ()), typed.without)
