"""The places that a question names, with the words around them: in, near, the district of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from netmap.vocabulary import words
from netmap.vocabulary.gazetteer import Gazetteer, Named, said
from netmap.vocabulary.parts import Found, Row
from netmap.vocabulary.sayings import Line


@dataclass(frozen=True)
class Places:
    """The areas that are meant, the words that name several, and whether "near" stands before one."""

    found: tuple[Found, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near: bool = False


def named_places(row: Row, gazetteer: Gazetteer, is_a_word: Callable[[str], bool]) -> Places:
    """Return the places that the question names.

    Parameters
    ----------
    row : Row
        The question; words that are taken already name no place.
    gazetteer : Gazetteer
        The names of the areas.
    is_a_word : function
        Tells whether a typed word says something by itself, so that it is a name only with a capital letter
        or after a word such as "in".
    """
    around = _Around(Line.of(row.folded, row.free))
    found, choices, near = [], {}, False
    for named in gazetteer.find(row.folded, row.is_free):
        first, close = around.before(named.first)
        if first == named.first and _is_plain_word(row, named, is_a_word):
            continue
        end, large = around.after(named.end)
        codes = _meant(named, gazetteer, large)
        near = near or close
        if len(codes) == 1:
            found.append(Found("place", codes[0], first, end))
        else:
            choices[row.said(named.first, named.end)] = codes
    return Places(tuple(found), choices, near)


class _Around:
    """Where the words stand that say something of the name before or after them."""

    def __init__(self, line: Line) -> None:
        self._spans = {
            group: [line.span(found) for found in said(group).finditer(line.text)]
            for group in ("near", "within", "small", "large")
        }

    def before(self, first: int) -> tuple[int, bool]:
        """Return where the words before the name begin, and whether they mean "near"."""
        for group in ("near", "within"):
            for start, end in self._spans[group]:
                if end == first:
                    return start, group == "near"
        return first, False

    def after(self, end: int) -> tuple[int, bool | None]:
        """Return where the words after the name end, and whether they mean what lies around a settlement."""
        for group in ("large", "small"):
            for start, stop in self._spans[group]:
                if start == end:
                    return stop, group == "large"
        return end, None


def _meant(named: Named, gazetteer: Gazetteer, large: bool | None) -> tuple[str, ...]:
    """Return the areas that are meant: a town before the district of its name, unless that is said."""
    settled = tuple(code for code in named.codes if gazetteer.is_settled(code))
    around = tuple(code for code in named.codes if code not in settled)
    return (around or settled) if large else (settled or around)


def _is_plain_word(row: Row, named: Named, is_a_word: Callable[[str], bool]) -> bool:
    """Tell whether what looks like a name is rather a word that means something by itself."""
    if named.end - named.first > 1:
        return False
    word = row.words[named.first]
    if not word.islower():
        return False
    in_dictionary = any(words.is_known(word, language) for language in words.script(word))
    return is_a_word(word) or (in_dictionary and not named.exact)
