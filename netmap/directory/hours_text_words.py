"""The words of opening hours in running text: what each piece of a sentence is. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from netmap.directory import hours_text_local as local
from netmap.directory.hours_words import day_number

Kind = Literal[
    "days", "ordinal", "month", "time", "whole day", "always", "closed", "half", "to", "and", "break",
    "between", "pause",
]  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A piece of the text: its kind, its words and, for days, which (0-6), for an ordinal, which one."""

    kind: Kind
    text: str
    days: tuple[int, ...] = ()
    number: int = 0


_FRENCH_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_FRENCH = {name: day for day, whole in enumerate(_FRENCH_DAYS) for name in (whole, whole[:3])}
_GROUPS: dict[str, tuple[int, ...]] = {
    words: days
    for names, days in (
        ("every day|each day|daily|everyday|all days|7 days a week|seven days a week", tuple(range(7))),
        ("tous les jours|chaque jour|7j/7|7j sur 7|7 jours sur 7", tuple(range(7))),
        ("weekdays|every weekday|en semaine", tuple(range(5))),
        ("weekends|on weekends|le week-end|le weekend", (5, 6)),
        (local.EVERY_DAY, tuple(range(7))),
        (local.WORKING_DAYS, tuple(range(5))),
        (local.WEEKENDS, (5, 6)),
    )
    for words in names.split("|")
}
_ORDINALS = {
    word: number
    for number, words in {
        1: "first 1st premier 1er première 1ère premiers 1ers",
        2: "second 2nd deuxième 2ème 2e second",
        3: "third 3rd troisième 3ème 3e",
        4: "fourth 4th quatrième 4ème 4e",
        5: "fifth 5th cinquième 5ème 5e",
        -1: "last dernier dernière derniers",
    }.items()
    for word in words.split()
}
_HALVES = "mornings?|matin|afternoons?|après-midi|aprem"
# Words that add nothing to days and times.
_FILLERS = (
    "horaires d'ouverture|jours et heures d'ouvertures?|heures d'ouverture|horaires|ouverture|ouvert|"
    "opening hours|office hours|business hours|hours|open|opens|from|on|the|"
    "du|de|des|le|les|la|l'|puis"
)
# What a person should still read, though it changes neither days nor times: the text is kept as a note.
_NOTED = (
    "accueil du public|au public|en accueil libre|sans rdv|sans rendez-vous|journée continue|"
    "walk-ins? welcome|walk-ins?|drop-ins?|no appointment (?:needed|necessary|required)"
)
_HOLIDAYS = (
    "(?:closed|except)(?: on)?(?: all)?(?: public| federal| bank| major)? holidays|"
    "(?:fermé|sauf)(?: les)? jours fériés"
)
_CLOCK = (
    r"\d{1,2}(?::\d{2})?[ap](?![^\W\d_]|\.\s?m)|"
    r"\d{1,2}\s?:\s?\d{2}(?:\s?[ap]\.?\s?m\b\.?)?|\d{1,2}\s?[ap]\.?\s?m\b\.?|"
    r"\d{1,2}\s?h(?:eures?|rs?)?\s?\d{2}(?!\d|\s?h)|\d{1,2}\s?h(?:eures?)?(?![a-zà-ÿ0-9])|"
    r"\d{1,2}\.\d{2}(?:\s?[ap]\.?\s?m\b\.?)?|(?:12 )?noon|midday|(?:12 )?midnight|midi|minuit"
)
_WHOLE_DAY = r"24\s?(?:hours?|hrs?)(?: (?:a|per) day)?|24\s?h\s?/\s?24|around the clock"
_ALWAYS = r"24\s?(?:hrs?|hours?)?\s?[/-]\s?7|24\s?h\s?/\s?24\W{1,3}7\s?j\s?/\s?7"
_END = r"(?![^\W\d_])"
_ALTERNATIVES: tuple[tuple[str, str], ...] = (
    ("noted", rf"\((?:{_NOTED}|{_HOLIDAYS})\)|{_NOTED}|{local.NOTED}"),
    ("pause", local.PAUSE),
    ("holidays", _HOLIDAYS),
    ("always", _ALWAYS),
    ("whole day", f"{_WHOLE_DAY}|{local.ROUND_THE_CLOCK}"),
    ("group", "|".join(re.escape(words) for words in sorted(_GROUPS, key=len, reverse=True))),
    ("month", r"(?:of|in) (?:the|each|every) month|of month|du mois|de chaque mois"),
    ("filler", rf"(?:{_FILLERS})|(?:{local.FILLERS})\.?"),
    ("every", "each|every|chaque|tous les"),
    ("between", "between|entre"),
    ("closed", rf"closed|fermée?|ferme|fermeture|(?:{local.CLOSED})\.?"),
    ("half", _HALVES),
    ("ordinal", "|".join(re.escape(word) for word in sorted(_ORDINALS, key=len, reverse=True))),
    ("time", _CLOCK),
    ("to", rf"(?:{local.TO}){_END}"),
    ("and", rf"(?:{local.AND}){_END}\.?"),
    ("to", r"to|till|until|thru|through|jusqu'à|jusqu'au|au|à|-{1,2}"),
    ("and", r"and|et|&|,|\+"),
    ("break", r"[;:./\n]"),
    ("number", r"\d{1,2}(?!\d)"),
    ("word", r"[^\W\d_]+(?:'[^\W\d_]+)?\.?"),
)
_INITIALS, _ROMAN = {"m", "w", "f"}, {"i", "ii", "iii", "iv", "v", "vi", "vii"}
_MAY_TOUCH_LETTERS = {"to", "and", "break", "time", "number", "word"}


def _alternative(number: int, kind: str, pattern: str) -> str:
    """Return one alternative of a piece; a word ends where its letters end."""
    return f"(?P<p{number}>(?:{pattern}){'' if kind in _MAY_TOUCH_LETTERS else _END})"


_PIECE = re.compile(
    r"[^\S\n]*(?:" + "|".join(_alternative(number, *pair) for number, pair in enumerate(_ALTERNATIVES)) + ")"
)
_PLAIN = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "’": "'", "\u00a0": " ", "\u202f": " ", "\t": " ", "\r": "\n"}
)


def tokens(text: str, language: str | None = None) -> tuple[list[Token], bool]:
    """Return the pieces of a text, and whether it says more than days and times.

    Parameters
    ----------
    text : str
    language : str, optional
        "fr" where the text is French: an "M" there is a mardi or a mercredi as well.

    Raises
    ------
    ValueError
        At the first word that is not understood, or may mean two things.

    Examples
    --------
    >>> [token.kind for token in tokens("Mon-Fri 9am to noon")[0]]
    ['days', 'to', 'days', 'time', 'to', 'time']
    >>> tokens("by appointment")
    Traceback (most recent call last):
    ValueError: by
    """
    words = local.without_brackets(text.translate(_PLAIN).casefold().strip())
    found: list[Token] = []
    every: list[int] = []
    noted, position, last = False, 0, ""
    while position < len(words):
        piece = _PIECE.match(words, position)
        if piece is None or not piece.lastgroup or piece.end() == position:
            if not words[position:].strip():
                break
            raise ValueError(words[position : position + 20])
        kind = _ALTERNATIVES[int(piece.lastgroup[1:])][0]
        said = piece[piece.lastgroup]
        position = piece.end()
        if last == "holidays" and kind == "and":
            raise ValueError("closed on more than holidays")  # "closed holidays and Mondays, Tuesday 9am-5pm"
        if kind in {"noted", "holidays"}:
            noted = True
        elif kind == "every":
            every.append(len(found))
        elif kind != "filler":
            found.append(_token(kind, said, language))
        last = kind if kind != "filler" else last
    _refuse_two_meanings(found, every, french=language == "fr")
    return found, noted


def _refuse_two_meanings(found: list[Token], every: list[int], *, french: bool) -> None:
    """Raise ValueError at "every second Tuesday" (of the month?) and at an "M" that may be French."""
    for at in every:
        kinds = [token.kind for token in found[at : at + 3]]
        if kinds[:2] == ["ordinal", "days"] and found[at].number > 1 and kinds[2:] != ["month"]:
            raise ValueError("every second week, or the second of the month")
    names = {token.text for token in found if token.kind == "days"}
    if names & _INITIALS and (french or names & _ROMAN):
        raise ValueError("an initial of more than one day")


def _token(kind: str, said: str, language: str | None) -> Token:
    if kind == "group":
        return Token("days", said, _GROUPS[said])
    if kind == "ordinal":
        return Token("ordinal", said, number=_ORDINALS[said])
    if kind == "number":
        return Token("time", said)
    if kind == "word":
        name = said.rstrip(".")
        day = local.local_day(name, language)
        day = _FRENCH.get(name, _FRENCH.get(name.removesuffix("s"))) if day is None else day
        day = day_number(name) if day is None else day
        if day is None:
            raise ValueError(said)
        return Token("days", said, (day,))
    return Token(kind, said)  # type: ignore[arg-type]
