"""Telephone numbers in a text: the same digits, however they are written."""

import re
from dataclasses import dataclass

LAST = 8  # digits that tell a number, without the code of its country and the 8 or 0 before it
SHORTEST = 3  # digits of an emergency number
IN_A_SENTENCE = 6  # digits from which a number among words is one to call, no age, year or sum
LONGEST = 15  # digits of the longest number of the world
_RUN = re.compile(r"\+?\(?[0-9](?:[ ().\u00a0\u2009–-]{0,3}[0-9])*")
_CLOCK = re.compile(r"[0-2]?[0-9][:.][0-5][0-9](?![0-9])")
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}[-. ][0-9]{2}[-. ][0-9]{2}|[0-9]{1,2}[-. ][0-9]{1,2}[-. ](?:19|20)[0-9]{2}"
)


@dataclass(frozen=True)
class Number:
    """A telephone number in a text: its telling digits and where it stands."""

    digits: str
    start: int
    end: int


def phone_terms(text: str) -> tuple[str, ...]:
    """Return the digits under which the telephone numbers of ``text`` are indexed and asked for.

    Of a long number the last eight digits, so that the code of the country, an 8 or a 0 before it and every
    way of grouping make no difference; of a short one all.

    Parameters
    ----------
    text : str
        One number or several, with anything between them.

    Examples
    --------
    >>> phone_terms("+370 600 12 345"), phone_terms("8 600 12345"), phone_terms("60012345")
    (('60012345',), ('60012345',), ('60012345',))
    >>> phone_terms("112; (8-458) 51 234, 067 123-45-67")
    ('112', '45851234', '71234567')
    """
    return tuple(dict.fromkeys(number.digits for number in numbers(text)))


def asked_numbers(query: str) -> tuple[Number, ...]:
    """Return the telephone numbers that a question asks for.

    Among words only long ones, since a short one is an age or a sum; a question of digits alone may be short.

    Examples
    --------
    >>> [number.digits for number in asked_numbers("who is 8 600 12345")], asked_numbers("boy of 112")
    (['60012345'], ())
    >>> [number.digits for number in asked_numbers("112")]
    ['112']
    """
    alone = not any(sign.isalpha() for sign in query)
    least = SHORTEST if alone else IN_A_SENTENCE
    return tuple(number for number in numbers(query) if len(number.digits) >= least)


def numbers(text: str) -> list[Number]:
    """Return every run of digits that may be a telephone number, dates and times of day left out."""
    other = [found.span() for pattern in (_CLOCK, _DATE) for found in pattern.finditer(text)]
    found = []
    for run in _RUN.finditer(text):
        digits = "".join(sign for sign in run.group() if sign.isdigit())
        dated = any(start <= run.start() and run.end() <= end for start, end in other)
        if SHORTEST <= len(digits) <= LONGEST and not dated:
            found.append(Number(digits[-LAST:], run.start(), run.end()))
    return found
