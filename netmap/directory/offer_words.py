"""What short words in a record mean for an offer: a language, "free", an interpreter, waiting. Pure."""

import re
from functools import cache

from babel import Locale
from babel.core import get_global

NAME_LANGUAGES = ("en", "ru", "uk", "lt")
# Only whole phrases: "free for members" is not free for everybody.
FREE = frozenset(
    {
        "0", "free", "free of charge", "no fee", "no fees", "no charge", "no cost", "none", "at no cost",
        "бесплатно", "бесплатная", "бесплатные", "безвозмездно",
        "безкоштовно", "безкоштовна", "безоплатно",
        "nemokama", "nemokamai", "nemokamas", "nemokamos",
    }
)  # fmt: skip
_NONE = re.compile(
    r"\b(no|none|not|n/a|нет|не|без|немає|відсутн\w*|отсутств\w*|ne|nėra|neturi\w*|neteikia\w*|be)\b",
    re.IGNORECASE,
)
_WAIT = re.compile(
    r"(\d+)(?:\s*[-–]\s*(\d+))?\s*(day|дн|день|дні|dien|week|недел|тиж|savait|month|месяц|місяц|mėn)",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "д": 1, "dien": 1, "week": 7, "недел": 7, "тиж": 7, "savait": 7}
_DAYS_OF_MONTH = 30


def language_code(code: str | None, name: str | None) -> str | None:
    """Return the shortest ISO 639 code of a language, or its name in small letters where there is none.

    Examples
    --------
    >>> language_code("eng", None), language_code(None, "Литовский"), language_code("", "Signs of the valley")
    ('en', 'lt', 'signs of the valley')
    """
    if code and code.strip():
        found = code.strip().casefold()
        alias = get_global("language_aliases").get(found, found)
        return str(alias).split("_")[0]
    word = (name or "").strip().casefold()
    return _languages_by_name().get(word, word) or None


@cache
def _languages_by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in NAME_LANGUAGES:
        for code, name in sorted(Locale(language).languages.items()):
            if code.isalpha():
                found.setdefault(str(name).casefold(), str(code))
    return found


def is_free(text: str | None) -> bool:
    """Return whether the words say "free" and nothing else."""
    return bool(text) and (text or "").strip().strip(".!").casefold() in FREE


def has_interpreter(text: str | None) -> bool | None:
    """Return whether an interpreter can be had; None where nothing is written.

    Examples
    --------
    >>> has_interpreter("By appointment"), has_interpreter("Vertėjo neturime."), has_interpreter(" ")
    (True, False, None)
    """
    if not text or not text.strip():
        return None
    return not _NONE.search(text)


def wait_days(text: str | None) -> float | None:
    """Return the days of waiting that a text names (the longer end), or None.

    Examples
    --------
    >>> wait_days("2-3 weeks"), wait_days("10 дней"), wait_days("ask")
    (21.0, 10.0, None)
    """
    found = _WAIT.search(text or "")
    if not found:
        return None
    unit = found[3].casefold()
    days = next((days for start, days in _DAYS.items() if unit.startswith(start)), _DAYS_OF_MONTH)
    return float(found[2] or found[1]) * days
