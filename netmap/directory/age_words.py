"""Ages in the words of a service: found and quoted, never turned into a rule. Pure."""

import re
from functools import lru_cache

_N = r"(?<![\d.,$€£-])\d{1,2}(?!\d)"  # at most two digits, no price, no part of a longer number
_TO = r"\d{1,2}(?!\d)"
_RANGE = rf"{_N}\s*(?:-|–|to|through|and|until)\s*{_TO}"
_MORE = r"(?:and|or|&)\s+(?:over|older|above|up|under|younger|below)\b(?!\s+\d)"
_YEARS = r"(?:years?|yrs?\.?)"
_OLD = rf"{_YEARS}(?:\s+|-)(?:old|of age)"
_GROUP = (
    r"(?:adults?|boys|children|girls|individuals|kids|men|people|persons|residents|seniors?|students|teens|those|"
    r"veterans|women|youths?)"
)
_PERSONS_RU = (
    r"(?:граждан\w*|дет\w+|женщин\w*|инвалид\w*|лиц\w*|люд\w+|мужчин\w*|молод[её]ж\w*|пенсионер\w*|"
    r"подростк\w+)"
)
_PERSONS_UK = r"(?:д[іи]т\w+|жін\w+|люд\w+|молод\w+|осіб|особ\w*|пенсіонер\w*|підлітк\w+|чоловік\w*)"
_PERSONS_LT = r"(?:asmen\w+|jaunim\w+|jaunuol\w+|moter\w+|paaugli\w+|senjor\w+|vaik\w+|vyr\w+|žmon\w+)"

_PATTERNS = (
    # English
    rf"\bage[sd]?\s+(?:group\s+|range\s+|of\s+|from\s+|between\s+)?{_RANGE}",
    rf"\bage[sd]?\s+(?:of\s+)?{_N}(?:\s*\+|\s+{_MORE})",
    rf"\b(?:over|under|above|below|at least|up to|from)\s+(?:the\s+)?age\s+(?:of\s+)?{_N}",
    rf"\b{_GROUP}\s*\(?(?:ages?\s+)?{_N}\s*\+",
    rf"\b{_GROUP}\s+(?:who are\s+)?(?:under|over|up to|at least)\s+{_N}"
    r"(?!\s*(?:%|percent|hours|days|weeks|months))",
    rf"\bat least\s+{_N}\s+{_OLD}\b",
    rf"{_RANGE}\s*-?(?:{_OLD}s?|year[- ]olds?)\b",
    rf"{_N}\s*(?:{_OLD}\s*|{_YEARS}\s+)?{_MORE}",
    # Russian
    rf"\b(?:от|с)\s+{_N}\s+до\s+{_N}\s+лет\b",
    rf"\b(?:от|старше|младше|моложе)\s+{_N}\s+(?:лет|года)\b(?!\s+назад)",
    rf"\b{_PERSONS_RU}\s+(?:в возрасте\s+)?(?:до|с|от)\s+{_N}\s+(?:лет|года)\b",
    rf"(?<!\bна )(?<!\bчерез )(?<!\bтечение )\b{_N}\s*[-–]\s*{_TO}\s+лет\b",
    rf"{_N}\s+лет\s+и\s+(?:старше|младше|моложе)\b",
    # Ukrainian
    rf"\b(?:від|з)\s+{_N}\s+до\s+{_N}\s+років\b",
    rf"\b(?:від|старш\w+(?:\s+за)?|молодш\w+(?:\s+за)?)\s+{_N}\s+рок(?:ів|и)\b",
    rf"\b{_PERSONS_UK}\s+(?:віком\s+)?(?:до|з|понад)\s+{_N}\s+рок(?:ів|и)\b",
    rf"(?<!\bна )(?<!\bчерез )(?<!\bпротягом )\b{_N}\s*[-–]\s*{_TO}\s+років\b",
    rf"{_N}\s+років\s+(?:і|та)\s+(?:старш|молодш)\w+",
    # Lithuanian
    rf"\bnuo\s+{_N}\s+iki\s+{_N}\s*(?:m\.|metų)",
    rf"\bnuo\s+{_N}\s*(?:m\.|metų)",
    rf"\b{_PERSONS_LT}\s+iki\s+{_N}\s*(?:m\.|metų)",
    rf"\b(?:vyresni|jaunesni)\w*\s+(?:kaip|nei|negu)\s+{_N}\s*(?:m\.|metų)",
    rf"{_N}\s*[-–]\s*{_TO}\s*(?:m\.|metų)",
    rf"{_N}\s*(?:m\.|metų)\s+(?:ir|arba)\s+(?:vyresn|jaunesn)\w+",
)
_AGE = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_SIGN = re.compile(
    r"age|year|yr|old|over|above|up\b|under|young|below|least|\+|лет|года|рок|metų|m\.", re.IGNORECASE
)
_AROUND = 40  # signs before and after a number in which a phrase about it fits


@lru_cache(maxsize=20_000)
def age_phrase(text: str | None) -> str:
    """Return the first words of a text that plainly name an age, "" where none do.

    Examples
    --------
    >>> age_phrase("Boxing for boys, ages 11-17."), age_phrase("open since 18 March"), age_phrase("от 18 лет")
    ('ages 11-17', '', 'от 18 лет')
    """
    for number in _NUMBER.finditer(text or ""):  # to look around numbers only is several times as fast
        around = max(0, number.start() - _AROUND), number.end() + _AROUND
        found = _AGE.search(number.string, *around) if _SIGN.search(number.string, *around) else None
        if found:
            return " ".join(found[0].split())
    return ""
