"""Names of areas in a question, in the forms that names take in a sentence.

A name is not in a dictionary, so its endings are taken off by a list: "в Рокишкисе", "біля Аникщяя" and
"Anykščiuose" meet their towns. A name that is also a word of our vocabulary counts only with a capital letter
or after a word such as "in" or "near".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from netmap.vocabulary import words

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
    words.CYRILLIC: ("а", "я", "о", "е", "ы", "и", "ь", "й", "ый", "ий", "ой", "ая", "ое", "і", "ї", "є", ""),
    words.LATIN: ("as", "is", "ys", "us", "ai", "iai", "a", "e", "os", "es"),
}
_ENDINGS: Mapping[tuple[str, ...], Sequence[str]] = {
    words.CYRILLIC: tuple(_CYRILLIC.split()),
    words.LATIN: tuple(_LATIN.split()),
}
_SOFTENED = (("t~", "c~"), ("d~", "dz~"))  # Lithuanian: Alantis, Alančio


@dataclass(frozen=True)
class Named:
    """A name met in a question: the areas that bear it and the words that it takes."""

    codes: tuple[str, ...]
    first: int
    end: int


class Gazetteer:
    """The names of areas; equal to another one that holds the same.

    Parameters
    ----------
    areas : iterable of (code, names, kind)
        The code of each area, its names in all languages and its kind ("city", "county" and so on).
    """

    def __init__(self, areas: Iterable[tuple[str, Iterable[str], str]]) -> None:
        self._areas = tuple(sorted((code, tuple(sorted(set(names))), kind) for code, names, kind in areas))
        self._kinds = {code: kind for code, _names, kind in self._areas}
        self._by_first: dict[str, list[tuple[tuple[frozenset[str], ...], str]]] = {}
        for code, names, kind in self._areas:
            for name in names:
                self._learn(code, name, kind)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Gazetteer) and self._areas == other._areas

    def __hash__(self) -> int:
        return hash(self._areas)

    def find(self, typed: Sequence[str], free: Callable[[int, int], bool]) -> list[Named]:
        """Return the names among the words, the longest at each place.

        Parameters
        ----------
        typed : sequence of str
            The words of a question.
        free : function
            Tells whether the words from one number up to another may be read as a name.
        """
        keys = [forms(words.fold(word)) for word in typed]
        found, first = [], 0
        while first < len(typed):
            named = self._at(keys, first, free)
            if named:
                found.append(named)
            first = named.end if named else first + 1
        return found

    def _at(
        self, keys: Sequence[frozenset[str]], first: int, free: Callable[[int, int], bool]
    ) -> Named | None:
        """Return the longest name that begins at this word."""
        best: dict[int, set[str]] = {}
        for key in keys[first]:
            for name, code in self._by_first.get(key, ()):
                here = keys[first : first + len(name)]
                if len(here) == len(name) and all(one & other for one, other in zip(here, name, strict=True)):
                    best.setdefault(len(name), set()).add(code)
        for size in sorted(best, reverse=True):
            if free(first, first + size):
                return Named(self._meant(best[size]), first, first + size)
        return None

    def _meant(self, codes: set[str]) -> tuple[str, ...]:
        """Return the areas that are meant: a town before the district named after it."""
        settled = {code for code in codes if self._kinds[code] in SETTLED}
        return tuple(sorted(settled or codes))

    def _learn(self, code: str, name: str, kind: str) -> None:
        """Keep a name under every form of its first word; of a postcode's area the code by itself too."""
        folded = [words.fold(word) for word in words.split(name)]
        for part in {tuple(folded), *([tuple(folded[-1:])] if kind == "postcode" else [])}:
            if part:
                tokens = tuple(name_forms(word) for word in part)
                for key in tokens[0]:
                    self._by_first.setdefault(key, []).append((tokens, code))


def name_forms(folded: str) -> frozenset[str]:
    """Return the keys of a word of a name: itself, and its stem where names in its script are inflected.

    Examples
    --------
    >>> sorted(name_forms("anyksciai") & forms("anyksciuose")), sorted(name_forms("bath") & forms("bathe"))
    (['anyksc~', 'anyksci~'], [])
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
