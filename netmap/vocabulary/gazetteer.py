"""Names of areas in a question, in the forms that names take in a sentence.

A name is not in a dictionary, so its endings are taken off by a list: "в Рокишкисе", "біля Аникщяя" and
"Anykščiuose" meet their towns. A name that is also a word of our vocabulary counts only with a capital letter
or after a word such as "in" or "near".
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from netmap.vocabulary import words
from netmap.vocabulary.sayings import sayings

SETTLED = frozenset({"city", "town", "village"})
SHORTEST_STEM = 3
_CYRILLIC = (
    "а у ы е и о ой ою ом ем ам ами ах ям ями ях я ю ей ая ое ый ий ого его ому ему ую ым им ых их яя "
    "ев ов ь ью і ї є єю єм ові еві єві ої ій ею ього ьому іх ів їв є й ский ского скому ском ская ской "
    "скую ское ские ских ским скими ський ського ському ська ської ській ську ські ських ським ськими"
)
_LATIN = (
    "a e i o u y as is ys us es os ai ei ui io iu ia oje eje yje uje iuje oj ej yj uj ams iams ais iais "
    "uose iuose omis emis ose ese oms ems iui iai iaus aus umi iumi im ims imis yse ius ies ioje iose ios "
    "iomis"
)
_NOMINATIVES: Mapping[tuple[str, ...], Sequence[str]] = {
    words.CYRILLIC: (
        "а",
        "я",
        "о",
        "е",
        "ы",
        "и",
        "ь",
        "й",
        "ый",
        "ий",
        "ой",
        "ая",
        "ое",
        "і",
        "ї",
        "є",
        "ів",
        "",
    ),
    words.LATIN: ("as", "is", "ys", "us", "ai", "iai", "a", "e", "os", "es"),
}
_ENDINGS: Mapping[tuple[str, ...], Sequence[str]] = {
    words.CYRILLIC: tuple(_CYRILLIC.split()),
    words.LATIN: tuple(_LATIN.split()),
}
_SOFTENED = (("t~", "c~"), ("d~", "dz~"))  # Lithuanian: Alantis, Alančio


@dataclass(frozen=True)
class Named:
    """A name met in a question: the areas that bear it, the words that it takes, and whether in this form."""

    codes: tuple[str, ...]
    first: int
    end: int
    exact: bool


@dataclass(frozen=True)
class _Name:
    """One name of an area: the keys of its words, and the words; none where it is only short for it."""

    code: str
    keys: tuple[frozenset[str], ...]
    folded: tuple[str, ...]


class Gazetteer:
    """The names of areas; equal to another one that holds the same.

    Parameters
    ----------
    areas : iterable of (code, names, kind)
        The code of each area, its names in all languages and its kind ("city", "county" and so on).
    """

    def __init__(self, areas: Iterable[tuple[str, Iterable[str], str]]) -> None:
        self._areas = tuple(sorted((code, tuple(sorted(set(names))), kind) for code, names, kind in areas))
        self._hash = hash(self._areas)
        self._kinds = {code: kind for code, _names, kind in self._areas}
        self._by_first: dict[str, list[_Name]] = {}
        for code, names, kind in self._areas:
            for name in {one for written in names for one in _names_of(code, written, kind)}:
                for key in name.keys[0]:
                    self._by_first.setdefault(key, []).append(name)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Gazetteer) and self._areas == other._areas)

    def __hash__(self) -> int:
        return self._hash

    def names(self) -> Iterator[str]:
        """Yield every name of every area."""
        for _code, names, _kind in self._areas:
            yield from names

    def is_settled(self, code: str) -> bool:
        """Tell whether an area is a town or village."""
        return self._kinds[code] in SETTLED

    def knows(self, word: str) -> bool:
        """Tell whether a name begins with the word in any form."""
        return any(key in self._by_first for key in forms(words.fold(word)))

    def find(self, folded: Sequence[str], free: Callable[[int, int], bool]) -> list[Named]:
        """Return the names among the words, the longest at each place.

        Parameters
        ----------
        folded : sequence of str
            The folded words of a question.
        free : function
            Tells whether the words from one number up to another may be read as a name.
        """
        keys = [forms(word) for word in folded]
        found, first = [], 0
        while first < len(folded):
            named = self._at(folded, keys, first, free)
            if named:
                found.append(named)
            first = named.end if named else first + 1
        return found

    def _at(
        self,
        folded: Sequence[str],
        keys: Sequence[frozenset[str]],
        first: int,
        free: Callable[[int, int], bool],
    ) -> Named | None:
        """Return the longest name that begins at this word; of equal ones those that stand there exactly."""
        best: dict[int, list[_Name]] = {}
        for name in {name for key in keys[first] for name in self._by_first.get(key, ())}:
            size = len(name.keys)
            here = keys[first : first + size]
            if len(here) == size and all(one & other for one, other in zip(here, name.keys, strict=True)):
                best.setdefault(size, []).append(name)
        for size in sorted(best, reverse=True):
            if free(first, first + size):
                exact = [name for name in best[size] if name.folded == tuple(folded[first : first + size])]
                codes = {name.code for name in exact or best[size]}
                return Named(tuple(sorted(codes)), first, first + size, bool(exact))
        return None


def _names_of(code: str, written: str, kind: str) -> Iterator[_Name]:
    """Yield a name of an area, and what it is called for short: "Rokiškio" of "Rokiškio rajonas"."""
    folded = tuple(words.fold(word) for word in words.split(written))
    keys = tuple(name_forms(word) for word in folded)
    if folded:
        yield _Name(code, keys, folded)
    if kind == "postcode" and folded:
        yield _Name(code, keys[-1:], folded[-1:])
    elif kind not in SETTLED:
        large = [bool(said("large").fullmatch(word)) for word in folded]
        if any(large) and not all(large):
            yield _Name(
                code, tuple(key for key, left_out in zip(keys, large, strict=True) if not left_out), ()
            )


@cache
def said(group: str) -> re.Pattern[str]:
    """Return the sayings of one group of ``places.toml``, in all languages."""
    with Path(__file__).with_name("places.toml").open("rb") as file:
        return sayings(tuple(saying for listed in tomllib.load(file)[group].values() for saying in listed))


def name_forms(folded: str) -> frozenset[str]:
    """Return the keys of a word of a name: itself, and its stem where names in its script are inflected.

    Examples
    --------
    >>> sorted(name_forms("anyksciai") & forms("anyksciuose")), sorted(name_forms("bath") & forms("bathe"))
    (['anyksci~', 'anyksc~'], [])
    >>> bool(name_forms("berztakis") & forms("berztakio"))
    True
    """
    stems = _stems(folded, _NOMINATIVES.get(words.script(folded), ()))
    soft = (
        stem.removesuffix(hard) + mild for stem in stems for hard, mild in _SOFTENED if stem.endswith(hard)
    )
    return frozenset({folded, *stems, *soft})


def forms(folded: str) -> frozenset[str]:
    """Return the keys of a typed word: itself, and what is left of it without each ending it may have."""
    return frozenset({folded, folded + "~", *_stems(folded, _ENDINGS.get(words.script(folded), ()))})


def _stems(folded: str, endings: Sequence[str]) -> set[str]:
    """Return what is left of a word without each of the endings that it has, marked as a stem."""
    found = (folded.removesuffix(ending) for ending in endings if folded.endswith(ending))
    return {stem + "~" for stem in found if len(stem) >= SHORTEST_STEM}
