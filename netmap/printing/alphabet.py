"""The order of names in a printed index: alphabets of both scripts, whatever marks letters carry. Pure."""

import re
import unicodedata

LITHUANIAN = "aąbcčdeęėfghiįyjklmnopqrsštuųūvwxzž"
LATIN = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC = "абвгґдеёєжзиіїйклмнопрстуфхцчшщъыьэюя"
OTHERS = "#"


def order(name: str, language: str) -> tuple[tuple[int, ...], str]:
    """Return what names are sorted by: letters as the language orders them, Latin before Cyrillic.

    Examples
    --------
    >>> names = ["Žalia", "Zuikis", "Ąžuolas", "Яблоко", "Їжак", "Azuolas", "Измир", "«Дом»"]
    >>> sorted(names, key=lambda name: order(name, "lt"))
    ['Azuolas', 'Ąžuolas', 'Zuikis', 'Žalia', '«Дом»', 'Измир', 'Їжак', 'Яблоко']
    """
    latin = LITHUANIAN if language == "lt" else LATIN
    return tuple(_rank(sign, latin) for sign in _folded(name, latin)), name


def letter(name: str, language: str) -> str:
    """Return the letter under which a name stands in an index.

    Examples
    --------
    >>> letter("„Žiburys“", "lt"), letter("Žiburys", "en"), letter("24 hours", "en")
    ('Ž', 'Z', '#')
    """
    latin = LITHUANIAN if language == "lt" else LATIN
    first = next(iter(_folded(name, latin)), "")
    return first.upper() if first in latin + CYRILLIC and first else OTHERS


def _folded(name: str, latin: str) -> str:
    """Return letters and digits of a name in small letters, with marks only where the alphabet has them."""
    found = []
    for sign in unicodedata.normalize("NFC", name.casefold()):
        if sign in latin or sign in CYRILLIC or sign.isdigit() or sign == " ":
            found.append(sign)
        elif sign.isalpha():
            found.append(unicodedata.normalize("NFD", sign)[0])
    return re.sub(" +", " ", "".join(found)).strip()


def _rank(sign: str, latin: str) -> int:
    if sign == " ":
        return 0
    if sign.isdigit():
        return 1 + int(unicodedata.digit(sign, 0))
    if sign in latin:
        return 20 + latin.index(sign)
    return 100 + CYRILLIC.index(sign) if sign in CYRILLIC else 200
