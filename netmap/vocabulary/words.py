"""One way to split, fold and lemmatise words for all of netmap: notes, questions, records and phrases.

Use :func:`terms` wherever words are compared; never compare raw words. The dictionaries are read in their
memory-saving form (61 MB for five languages instead of 358), only for the languages that occur, and each
word is worked out once per process.
"""

import re
import unicodedata
from functools import cache, lru_cache

from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy, DictionaryLookupStrategy
from simplemma.strategies.dictionaries import LOW_MEMORY_DICTIONARY_FACTORY
from snowballstemmer import stemmer

LONGEST_WORD = 40
LONGEST_KEPT = 300  # letters of a text whose languages are remembered
LATIN, CYRILLIC, ARMENIAN = ("en", "lt"), ("ru", "uk"), ("hy",)
LANGUAGES = (*LATIN, *CYRILLIC, *ARMENIAN)

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES = str.maketrans("’ʼ`´ʹ′‘＇", "''''''''")
_STRESS = re.compile("[\u0300\u0301]")
_SNOWBALL = {"en": "english", "ru": "russian", "lt": "lithuanian"}
ENOUGH_LETTERS = 2  # words with letters of one language, where no word has letters of the other
ENOUGH_MARKS = 2  # letters or small words of one language; a single "в" or "i" tells nothing
_SAMPLE = 150  # words looked at to tell the language of a text

_OWN_LETTERS = {
    "lt": re.compile("[ąčęėįšųūž]"),
    "en": re.compile("[wqx]"),
    "uk": re.compile("[іїєґ']"),
    "ru": re.compile("[ыэъё]"),
}
_SMALL_WORDS = {
    "en": "the a an and of to in is are was has have had he she they it with for on at not no but from his "
    "her their my i me can cannot can't don't need help who where how what after free near him them this",
    "lt": "ir yra su be į iš ant prie apie kaip kur ką kas jo jos jis ji jie nuo po dėl bet o ar ne nėra "
    "turi mano man mes aš savo pas už per tik kad kai iki dar jau buvo vaikui pagalba reikia i is uz del",
    "ru": "и не нет что как где с со из у к ко от до по за но а его её ее он она они было были был была есть "
    "мне мой моя меня нужна нужен нужно для если или только ещё еще уже при без об о в во на",
    "uk": "і й та не немає що як де з із зі у в до від по за але а його її він вона вони було були був була "
    "є мені мій моя мене потрібна потрібен потрібно для якщо або тільки ще вже при без про на",
}
SMALL = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}

_IRREGULAR = {  # forms that the dictionaries do not bring to their word
    ("en", "wives"): "wife",
    ("en", "drunk"): "drink",
    ("uk", "діти"): "дитина",
    ("uk", "дітям"): "дитина",
    ("uk", "дітьми"): "дитина",
    ("uk", "матір"): "мати",
    ("uk", "матір'ю"): "мати",
    ("uk", "матерів"): "мати",
}

_UK_ENDINGS = re.compile(
    "(?:овувати|ювати|увати|ться|тися|тись|ння|ття|ями|ами|ими|іми|ього|ому|ього|ого|ові|еві|єві|ати|ити|іти|"
    "яти|ях|ах|ям|ам|ою|ею|єю|ів|їв|ей|ий|ій|їй|их|іх|им|ім|ої|ом|ем|єм|ти|ає|є|а|я|о|е|у|ю|и|і|ї|й|ь)$"
)


def split(text: str) -> list[str]:
    """Return the words of ``text`` as written, without punctuation.

    Letters and digits make words; an apostrophe inside a word belongs to it, a hyphen separates. Words of
    more than 40 letters are cut.

    Examples
    --------
    >>> split("Can’t pay: rent-arrears, 3 місяці, п'ять осіб")
    ["Can't", 'pay', 'rent', 'arrears', '3', 'місяці', "п'ять", 'осіб']
    """
    plain = _STRESS.sub("", unicodedata.normalize("NFC", text).translate(_APOSTROPHES))
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain)]


def is_real(word: str) -> bool:
    """Tell whether ``word`` can name anything by itself: single letters and numbers cannot.

    Examples
    --------
    >>> is_real("CV"), is_real("s"), is_real("112")
    (True, False, False)
    """
    return len(word) > 1 and not word.isdigit()


def places(text: str) -> list[tuple[int, int]]:
    """Return where each word of a text in composed form (NFC) begins and ends.

    Examples
    --------
    >>> places("п’ять осіб")
    [(0, 5), (6, 10)]
    """
    return [found.span() for found in _WORD.finditer(text.translate(_APOSTROPHES))]


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """Return ``word`` in small letters, without Latin diacritics and apostrophes, with ё as е and ґ as г.

    Examples
    --------
    >>> fold("Šeimą"), fold("П’ЯНИЦЯ"), fold("Ёлка"), fold("йод")
    ('seima', 'пяниця', 'елка', 'йод')
    """
    small = word.casefold().translate(_APOSTROPHES).replace("'", "").replace("ё", "е").replace("ґ", "г")
    if small.isascii() or script(small) != LATIN:
        return small
    return "".join(sign for sign in unicodedata.normalize("NFD", small) if not unicodedata.combining(sign))


def script(word: str) -> tuple[str, ...]:
    """Return the languages written in the script of ``word``; none for digits and other scripts."""
    for sign in word:
        if "a" <= sign <= "z" or "A" <= sign <= "Z" or "\u00c0" <= sign <= "\u024f":
            return LATIN
        if "\u0400" <= sign <= "\u04ff":
            return CYRILLIC
        if "\u0530" <= sign <= "\u058f":
            return ARMENIAN
    return ()


def languages_of(text: str, *, keep: bool = True) -> tuple[str, ...]:
    """Return the languages ``text`` may be written in, the likeliest first.

    Script first; then letters and small words that only one language has; then how many of the words each
    dictionary knows. What stays unclear is returned as all languages of that script. Short texts are
    remembered; with ``keep=False`` nothing is, since a note about a person must be forgotten.

    Examples
    --------
    >>> languages_of("He has no work"), languages_of("Немає роботи"), languages_of("տուն")
    (('en',), ('uk',), ('hy',))
    """
    return _kept(text) if keep and len(text) <= LONGEST_KEPT else _told(text)


@lru_cache(maxsize=20_000)
def _kept(text: str) -> tuple[str, ...]:
    return _told(text)


def _told(text: str) -> tuple[str, ...]:
    words = [word.casefold() for word in split(text[: _SAMPLE * LONGEST_WORD])][:_SAMPLE]
    by_script: dict[tuple[str, ...], list[str]] = {}
    for word in words:
        by_script.setdefault(script(word), []).append(word)
    by_script.pop((), None)
    total = sum(len(group) for group in by_script.values())
    found: list[str] = []
    for languages, group in sorted(by_script.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(group) * 6 >= total:
            found.extend(_tell_apart(languages, group))
    return tuple(found)


def _tell_apart(languages: tuple[str, ...], words: list[str]) -> list[str]:
    """Return which of the languages of one script the words belong to."""
    if len(languages) == 1:
        return list(languages)
    own = {
        language: sum(bool(_OWN_LETTERS[language].search(word)) for word in words) for language in languages
    }
    marks = {
        language: own[language] + sum(word in SMALL[language] for word in words) for language in languages
    }
    first, second = sorted(languages, key=lambda language: (-own[language], -marks[language]))
    if own[first] >= ENOUGH_LETTERS and not own[second]:
        return [first]
    first, second = sorted(languages, key=lambda language: -marks[language])
    if marks[first] > 2 * marks[second] and marks[first] >= ENOUGH_MARKS:
        return [first]
    known = {language: sum(is_known(word, language) for word in words) for language in languages}
    first, second = sorted(languages, key=lambda language: (-known[language], -marks[language]))
    if known[first] >= 2 * max(known[second], 1) and known[first] * 3 >= len(words) * 2:
        return [first]
    return [first, second]


def terms(text: str, languages: tuple[str, ...] | None = None) -> list[str]:
    """Return the terms of ``text``: lemma, then stem, folded, in the order of the words.

    Parameters
    ----------
    text : str
        Anything a person wrote.
    languages : tuple of str, optional
        The languages of the text; worked out by :func:`languages_of` where not given. A word is analysed in
        those of them that use its script; where two remain, it yields one term for each (equal ones once).

    Examples
    --------
    >>> terms("unpaid debts", ("en",)) == terms("Unpaid debt", ("en",))
    True
    """
    known = languages_of(text) if languages is None else languages
    found: list[str] = []
    for word in split(text):
        found.extend(word_terms(word, known))
    return found


def word_terms(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the terms of one word of :func:`split`, one for each fitting language, equal ones once."""
    own = [language for language in languages if language in script(word)]
    return tuple(dict.fromkeys(_term(word, language) for language in own)) or (fold(word),)


@lru_cache(maxsize=400_000)
def _term(word: str, language: str) -> str:
    """Return lemma, then stem, then fold of one word in one language."""
    small = word.casefold()
    if language == "en":
        small = re.sub(r"(?:'s|s')$", lambda end: "s" if end.group() == "s'" else "", small) or small
    lemma = _IRREGULAR.get((language, small)) or _lemmatizer().lemmatize(small, language).casefold() or small
    if language in _SNOWBALL:
        lemma = _stem(lemma, language)
    elif language == "uk":
        lemma = light_stem(lemma)
    return fold(lemma)


def light_stem(lemma: str) -> str:
    """Return a Ukrainian lemma without its last ending; short words stay whole.

    Examples
    --------
    >>> light_stem("борговий"), light_stem("борг"), light_stem("дім")
    ('боргов', 'борг', 'дім')
    """
    found = _UK_ENDINGS.search(lemma, 4)
    return lemma[: found.start()] if found else lemma


@cache
def _lemmatizer() -> Lemmatizer:
    """Return the one lemmatizer of this process."""
    return Lemmatizer(cache_max_size=0, lemmatization_strategy=DefaultStrategy(low_memory=True))


def _stem(lemma: str, language: str) -> str:
    """Return the Snowball stem of a lemma; a new stemmer per word, because one holds the word it works on."""
    return str(stemmer(_SNOWBALL[language]).stemWord(lemma))


def is_known(word: str, language: str) -> bool:
    """Tell whether the dictionary of the language holds the word."""
    return DictionaryLookupStrategy(LOW_MEMORY_DICTIONARY_FACTORY).get_lemma(word, language) is not None
