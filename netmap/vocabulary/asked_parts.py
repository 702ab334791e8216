"""What a question says besides what is looked for: exact words, numbers, wishes, times and places."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from netmap.vocabulary import words
from netmap.vocabulary.gazetteer import Gazetteer
from netmap.vocabulary.lexicon import is_telling
from netmap.vocabulary.meaning import meaning
from netmap.vocabulary.named_places import named_places
from netmap.vocabulary.numbers import asked_numbers
from netmap.vocabulary.parts import Found, Row, wanted
from netmap.vocabulary.quotes import quoted
from netmap.vocabulary.times import times
from netmap.vocabulary.wishes import wishes


@dataclass(frozen=True)
class Asked:
    """The words of a question, the parts found among them, and places of which a person must choose one."""

    row: Row
    found: tuple[Found, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    near: bool = False

    def keeps(self, start: int, end: int) -> bool:
        """Tell whether the text between two places is understood already."""
        first, stop = self.row.covered(start, end)
        return any(one.first < stop and first < one.end for one in self.found)


def asked_parts(text: str, places: Gazetteer | None, without: Collection[str]) -> Asked:
    """Return the parts of a question, needs and circumstances left aside.

    Parameters
    ----------
    text : str
        The question, cleaned.
    places : Gazetteer, optional
        The areas whose names may stand in it.
    without : collection of str
        "kind:code" of what the person took away; its words stay free.
    """
    row = Row(text)
    found: list[Found] = []

    def keep(more: Collection[Found]) -> None:
        for one in wanted(more, without):
            row.take(one)
            found.append(one)

    exact = _exact(row)
    keep(exact)
    keep([Found("phone", one.digits, *row.covered(one.start, one.end)) for one in asked_numbers(text)])
    keep(wishes(row, lambda one: bool(meaning(row.telling([*found, one])).types)))
    keep(times(row))
    named = named_places(row, places, lambda word: is_telling(word, words.script(word))) if places else None
    if named:
        keep(named.found)
    for one in wanted(
        exact, without
    ):  # its words must stand there, and say what is looked for like all others
        row.free[one.first : one.end] = [True] * (one.end - one.first)
    near = bool(named and named.near and any(one.kind == "place" for one in found))
    return Asked(row, tuple(found), named.choices if named else {}, near)


def _exact(row: Row) -> list[Found]:
    """Return the exact phrases; their code is their words in small letters."""
    spans = [row.covered(start, end) for start, end in quoted(row.text)]
    return [
        Found(
            "exact", " ".join(word.casefold() for word in row.words[first:end]), first, end, looked_for=True
        )
        for first, end in spans
        if first < end
    ]
