"""What a person wishes of a service besides its kind: free of charge, without papers, in Russian, at home.

The sayings are in ``wishes.toml``. A wish orders the answers and leaves none out.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from netmap.vocabulary.parts import Found, Row
from netmap.vocabulary.sayings import Line, sayings
from netmap.vocabulary.terms import LANGUAGES

LANGUAGE = "language"


@dataclass(frozen=True)
class Wish:
    """One wish: how it is said, what its words are, and in which sayings they do not mean it.

    ``weak`` sayings mean it only beside something else that is looked for; ``looked_for`` and ``telling`` are
    those of its finds. Of a language, ``stems`` are the beginnings of its names: where none of them stands,
    nothing needs to be compared.
    """

    kind: str
    code: str
    said: tuple[str, ...]
    never: tuple[str, ...]
    weak: tuple[str, ...] = ()
    looked_for: bool = False
    telling: bool = False
    stems: tuple[str, ...] = ()

    def may_stand_in(self, text: str) -> bool:
        """Tell whether it is worth comparing the sayings with these folded words."""
        return not self.stems or any(stem in text for stem in self.stems)


def wishes(row: Row, means_something: Callable[[Found], bool]) -> list[Found]:
    """Return the wishes in the words that nothing has taken yet.

    Parameters
    ----------
    row : Row
        The question.
    means_something : function
        Tells whether the question looks for anything besides these words; asked only where a saying is a wish
        beside something else alone ("русский язык").
    """
    line = Line.of(row.folded, row.free)
    found: list[Found] = []
    for wish in all_wishes():
        if not wish.may_stand_in(line.text):
            continue
        one = _said(wish, line, means_something)
        if one and not any(one.first < other.end and other.first < one.end for other in found):
            found.append(one)
    return found


def _said(wish: Wish, line: Line, means_something: Callable[[Found], bool]) -> Found | None:
    """Return the wish with the words that say it, if they do."""
    for listed, sure in ((wish.said, True), (wish.weak, False)):
        for match in sayings(listed).finditer(line.text):
            first, end = line.span(match)
            denied = map(line.span, sayings(wish.never).finditer(line.text))
            if any(start < end and first < stop for start, stop in denied):
                continue
            one = Found(wish.kind, wish.code, first, end, wish.looked_for, wish.telling)
            if sure or means_something(one):
                return one
    return None


@cache
def all_wishes() -> tuple[Wish, ...]:
    """Return every wish, the languages last."""
    with Path(__file__).with_name("wishes.toml").open("rb") as file:
        listed = tomllib.load(file)
    plain = tuple(
        Wish(
            one["kind"],
            one["code"],
            said=tuple(said for language in LANGUAGES for said in one.get(language, ())),
            never=tuple(one.get("never", ())),
            weak=tuple(one.get("weak", ())),
            looked_for=one.get("looked_for", False),
            telling=one.get("telling", False),
        )
        for one in listed["wish"]
    )
    return (*plain, *_languages(listed[LANGUAGE]))


def _languages(listed: Mapping[str, Any]) -> Iterator[Wish]:
    """Yield the wish for each language, from the ways in which all of them are said."""
    for code, names in listed["names"].items():
        said, weak, never = (
            tuple(_filled(way, names) for ways in listed[part].values() for way in ways)
            for part in ("say", "weak", "never")
        )
        stems = tuple(stem for name in names.values() for stem in name.split("|"))
        yield Wish(LANGUAGE, code, said, never, weak, stems=stems)


def _filled(way: str, names: Mapping[str, str]) -> str:
    """Return the saying with the names of a language in their places."""
    for blank, name in names.items():
        way = way.replace(f"{{{blank}}}", name)
    return way
