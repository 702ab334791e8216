"""One spelling for names, telephones, addresses and web pages, so that two ways of writing meet. Pure.

Cyrillic and Armenian become Latin letters, and what Ukrainian, Russian and their several transliterations
write differently (и, і, ы, й; г, ґ; -iy, -ii, -yj) becomes one letter. The outcome is for comparing only.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlsplit

_LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "ё": "e", "э": "e",
    "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "ы": "i", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f", "х": "kh",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ъ": "", "ю": "iu", "я": "ia",
    "ա": "a", "բ": "b", "գ": "g", "դ": "d", "ե": "e", "զ": "z", "է": "e", "ը": "e", "թ": "t", "ժ": "zh",
    "ի": "i", "լ": "l", "խ": "kh", "ծ": "ts", "կ": "k", "հ": "h", "ձ": "dz", "ղ": "gh", "ճ": "ch", "մ": "m",
    "յ": "i", "ն": "n", "շ": "sh", "ո": "o", "չ": "ch", "պ": "p", "ջ": "j", "ռ": "r", "ս": "s", "վ": "v",
    "տ": "t", "ր": "r", "ց": "ts", "ւ": "v", "փ": "p", "ք": "k", "օ": "o", "ֆ": "f", "և": "ev",
    "ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "’": "", "'": "", "ʼ": "", "`": "",
}  # fmt: skip
_TABLE = str.maketrans(_LETTERS)
# Several transliterations of one letter: "shch", "šč" and "sch" are all щ, and y and j are i.
_SPELT = {
    "shch": "s", "sch": "s", "sh": "s", "ch": "c", "kh": "h", "zh": "z", "ts": "c", "tz": "c", "ph": "f",
    "gh": "g", "dzh": "dz", "y": "i", "j": "i", "w": "v", "x": "ks", "q": "k",
}  # fmt: skip
_SPELLINGS = re.compile("|".join(sorted(_SPELT, key=lambda one: (-len(one), one))))
_GLIDE = re.compile("i+(?=[aeou])|(?<=[aeou])i+")  # "Nadiya", "Nadiia" and "Nadia"
_WORD = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"([a-z])\1+")
_DIGITS = re.compile(r"\d+")
_UNIT = re.compile(
    r"\b(?:suite|ste|unit|apt|rm|room|floor|fl|bldg|building|#)\.?\s*#?\s*\w+|\b\d+\w{2} floor|#\s*\w+"
)
_LETTER = re.compile(
    r"\b(?:д|d|г|g)\.?\s*(?=\d)"
)  # "g. 5" is a street and "д. 5" a house; "G Street" is neither
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_EXTENSION = re.compile(r"(?:ext|x|вн|доб|внутр)\.?\s*\d+.*$", re.IGNORECASE)
SHORTEST_PHONE = 5
COMPARED_DIGITS = 9  # the last ones: with and without the country, "8" or "0"
# Web hosts where thousands have a page: that two are there says nothing.
_SHARED_HOSTS = frozenset({
    "facebook.com", "instagram.com", "twitter.com", "x.com", "youtube.com", "linkedin.com", "t.me",
    "vk.com", "wordpress.com", "blogspot.com", "google.com", "sites.google.com", "wixsite.com", "gov.ua",
    "business.site", "weebly.com", "linktr.ee",
})  # fmt: skip
# Letter boxes that anybody can have: their domain says nothing.
_SHARED_MAIL = frozenset({
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "aol.com", "icloud.com", "msn.com", "ukr.net",
    "i.ua", "meta.ua", "mail.ru", "yandex.ru", "inbox.lt", "one.lt", "orange.fr", "wanadoo.fr", "mail.com",
    "laposte.net", "free.fr", "verizon.net", "comcast.net",
})  # fmt: skip


@cache
def _meanings() -> tuple[frozenset[str], Mapping[str, str], Mapping[str, str]]:
    """Return legal words, word -> its meaning in names, and word -> its meaning in addresses."""
    content = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))

    def turned(groups: Mapping[str, Iterable[str]]) -> dict[str, str]:
        return {letters(word): name for name, words in groups.items() for word in words}

    legal = frozenset(letters(word) for word in content["legal"]["words"])
    return legal, turned(content["same"]), turned(content["street"])


@lru_cache(maxsize=100_000)
def letters(text: str) -> str:
    """Return a text in small plain Latin letters, however it was transliterated.

    Examples
    --------
    >>> letters("Харків"), letters("Kharkiv"), letters("Щасливе"), letters("Šiauliai")
    ('harkiv', 'harkiv', 'saslive', 'saula')
    """
    plain = text.casefold().translate(_TABLE)
    plain = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    plain = _GLIDE.sub("", _SPELLINGS.sub(lambda found: _SPELT[found.group()], plain))
    return _DOUBLED.sub(r"\1", plain)


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell which one it is, each in its one spelling.

    Examples
    --------
    >>> name_words("The Hope Center, Inc."), name_words("Центр «Надія»"), name_words("Nadiya Centre")
    (('hope', 'centre'), ('centre', 'nada'), ('nada', 'centre'))
    """
    legal, same, _street = _meanings()
    words = (word.casefold() for word in _WORD.findall(_joined_initials(name)))
    found = [letters(_ROMAN.get(word, word)) for word in words]
    kept = [same.get(word, word) for word in found if word and word not in legal]
    return tuple(kept) or tuple(found)


_INITIALS = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}")
_POSSESSIVE = re.compile(r"[’'ʼ]s\b")


def _joined_initials(name: str) -> str:
    """Write "D.C." and "Y.M.C.A." as one word, "Mary's" as "Marys"."""
    name = _POSSESSIVE.sub("s", unicodedata.normalize("NFC", name).replace("&amp;", "&"))
    return _INITIALS.sub(lambda found: re.sub(r"[.\s]", "", found.group()) + " ", name)


def numbers(words: Iterable[str]) -> frozenset[str]:
    """Return the numbers of a name: school 5 is not school 15.

    Examples
    --------
    >>> sorted(numbers(name_words("School No. 5, Ward II")))
    ['2', '5']
    """
    return frozenset(one.lstrip("0") or "0" for word in words for one in _DIGITS.findall(word))


def phone_key(number: str) -> str | None:
    """Return the last nine digits of a telephone without its extension; None where there are too few.

    Examples
    --------
    >>> phone_key("+1 (202) 269-6632 x12"), phone_key("202.269.6632"), phone_key("911")
    ('022696632', '022696632', None)
    """
    digits = "".join(_DIGITS.findall(_EXTENSION.sub("", number)))
    return digits[-COMPARED_DIGITS:] if len(digits) >= SHORTEST_PHONE else None


def domain_key(address: str | None) -> str | None:
    """Return the host of a web page, or the host and path where many share the host.

    Examples
    --------
    >>> domain_key("https://www.Example.org/about"), domain_key("facebook.com/Hope/"), domain_key("n/a")
    ('example.org', 'facebook.com/hope', None)
    """
    typed = (address or "").strip().casefold()
    if not typed or " " in typed:
        return None
    try:
        parts = urlsplit(typed if "//" in typed else f"//{typed}")
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    if "." not in host:
        return None
    if host in _SHARED_HOSTS:
        path = parts.path.strip("/")
        return f"{host}/{path}" if path else None
    return host


def mail_keys(address: str | None) -> tuple[str | None, str | None]:
    """Return an e-mail address in one spelling, and its domain where that belongs to one body.

    Examples
    --------
    >>> mail_keys(" Info@Example.org"), mail_keys("hope@gmail.com"), mail_keys("none")
    (('info@example.org', 'example.org'), ('hope@gmail.com', None), (None, None))
    """
    typed = (address or "").strip().casefold()
    name, at, domain = typed.partition("@")
    if not name or not at or "." not in domain or " " in typed:
        return None, None
    return typed, domain if domain not in _SHARED_MAIL else None


def address_key(street: str | None, city: str | None) -> str | None:
    """Return house number, street and town of an address in one spelling, without room and floor.

    Examples
    --------
    >>> address_key("1112 16th St. NW #240", "Bath"), address_key("1112 16th Street Northwest", "BATH")
    ('1112 16th northwest|bath', '1112 16th northwest|bath')
    >>> address_key("вул. Шевченка, 5", "Харків"), address_key("ul. Shevchenka 5", "Kharkiv")
    ('5 sevcenka|harkiv', '5 sevcenka|harkiv')
    >>> address_key("confidential", "Vilnius") is None
    True
    """
    typed = _LETTER.sub(" ", _UNIT.sub(" ", (street or "").casefold()))
    _legal, _same, kinds = _meanings()
    found = [letters(word) for word in _WORD.findall(typed)]
    kept = {kinds.get(word, word) for word in found} - _WAYS - {""}
    if not any(word[0].isdigit() for word in kept) or len(kept) < 2:
        return None
    return f"{' '.join(sorted(kept))}|{letters(city or '')}"


_WAYS = frozenset(
    {
        "street",
        "avenue",
        "boulevard",
        "road",
        "place",
        "drive",
        "court",
        "lane",
        "parkway",
        "highway",
        "house",
        "room",
    }
)
