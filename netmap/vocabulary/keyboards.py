"""The same keys or sounds in other letters: wrong keyboard, Latin-typed Russian, look-alikes. Pure."""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from math import prod

BEAM = 16  # spellings of a Latin-typed word that are followed at once
SOFTENED = 4  # of them, the first ones are also tried with a soft sign
MOST_MARKED = 64  # spellings with marks that are tried of one Lithuanian word

_KEYS_EN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_KEYS_RU = "йцукенгшщзхъфывапролджэячсмитьбюё"
_KEYS_UK = "йцукенгшщзхїфівапролджєячсмитьбю'"
_DIGITS_LT = dict(zip("12345678=", "ąčęėįšųūž", strict=True))
_TO = {"ru": dict(zip(_KEYS_EN, _KEYS_RU, strict=True)), "uk": dict(zip(_KEYS_EN, _KEYS_UK, strict=True))}
_FROM = {there: here for table in _TO.values() for here, there in table.items()}

_LOOK_LATIN, _LOOK_CYRILLIC = "aceiopxykmthbwr", "асеіорхукмтнвшг"
_TO_CYRILLIC = str.maketrans(_LOOK_LATIN[:13], _LOOK_CYRILLIC[:13])
_TO_LATIN = str.maketrans(_LOOK_CYRILLIC[:13] + "ё", _LOOK_LATIN[:13] + "e")

_MARKS = {"a": "aą", "c": "cč", "e": "eėę", "i": "iį", "s": "sš", "u": "uūų", "z": "zž", "y": "yį"}

_BOTH = """
shch=щ sch=щ,сч sh=ш ch=ч zh=ж kh=х ts=ц,тс tz=ц ya=я yu=ю ja=я ju=ю '=ь,' a=а b=б d=д f=ф k=к l=л m=м n=н o=о
p=п r=р s=с t=т u=у v=в z=з x=х,кс q=к w=в,ш c=ц,к,с 4=ч j=й,ж ay=ай aj=ай oy=ой oj=ой ey=ей ej=ей uy=уй uj=уй
"""
_SOUNDS_RU = """
yo=ё,е jo=ё,е ye=е,ье je=е,ье iya=ия iia=ия ia=ия,я iu=ию,ю ie=ие,е ii=ии,ий iy=ий ij=ий yy=ый yj=ый ey=ей,ые
g=г h=х,г e=е,э i=и,ы,й y=ы,й,и
"""
_SOUNDS_UK = """
yo=йо,ьо jo=йо,ьо io=йо,ьо ye=є je=є ie=іє,є yi=ї ji=ї iya=ія ia=ія,я iu=ію,ю ii=ії,ій iy=ій,ий ij=ій yy=ий
yj=ий zgh=зг g=г h=г,х e=е,є i=і,и,ї,й y=и,й
"""
_SOFT_AFTER = frozenset("лнтдсзцршчщ")
_VOWELS = frozenset("аеёиоуыэюяіїє")


def other_keys(word: str) -> Iterator[str]:
    """Yield what the same keys give on another keyboard: Russian, Ukrainian, English, Lithuanian.

    Examples
    --------
    >>> list(other_keys("ljkub")), list(other_keys("руддщ"))
    (['долги', 'долги'], ['hello'])
    >>> list(other_keys("b8stas"))[0]
    'būstas'
    """
    small = word.casefold()
    if any(sign in _DIGITS_LT for sign in small) and any(sign.isalpha() and sign.isascii() for sign in small):
        yield "".join(_DIGITS_LT.get(sign, sign) for sign in small)
    for table in _TO.values():
        if all(sign in table for sign in small):
            yield "".join(table[sign] for sign in small)
    if all(sign in _FROM for sign in small) and not small.isascii():
        yield "".join(_FROM[sign] for sign in small)


def one_alphabet(word: str) -> str:
    """Return a word of mixed alphabets in one, where the strange letters only look alike; else the word.

    Examples
    --------
    >>> one_alphabet("дoлги") == "долги", one_alphabet("dеbt") == "debt", one_alphabet("долги")
    (True, True, 'долги')
    """
    small = word.casefold()
    latin = sum("a" <= sign <= "z" for sign in small)
    cyrillic = sum("\u0400" <= sign <= "\u04ff" for sign in small)
    if not latin or not cyrillic:
        return word
    found = small.translate(_TO_CYRILLIC if cyrillic >= latin else _TO_LATIN)
    same = any("a" <= sign <= "z" for sign in found) != any("\u0400" <= sign <= "\u04ff" for sign in found)
    return found if same else word


def marked(word: str) -> Iterator[str]:
    """Yield the spellings of a Lithuanian word typed without its marks, the fewest marks first.

    Examples
    --------
    >>> "būstas" in set(marked("bustas"))
    True
    """
    small = word.casefold()
    choices = [_MARKS.get(sign, sign) for sign in small]
    if prod(map(len, choices)) > MOST_MARKED:
        inner = range(1, len(small) - 1)
        choices = [small[n] if n in inner and small[n] in "ai" else choices[n] for n in range(len(small))]
    spellings = islice(("".join(letters) for letters in product(*choices)), MOST_MARKED)
    yield from sorted(spellings, key=lambda one: sum(a != b for a, b in zip(one, small, strict=True)))


def sounds(word: str, language: str) -> Iterator[str]:
    """Yield the Cyrillic spellings of a Russian or Ukrainian word typed in Latin letters, likeliest first.

    Examples
    --------
    >>> next(sounds("dolgami", "ru")), next(sounds("zhytlo", "uk")), "помощь" in set(sounds("pomosch", "ru"))
    ('долгами', 'житло', True)
    """
    found = _spelled(word.casefold(), _TABLES[language])
    yield from found
    for spelling in found[:SOFTENED]:
        for place, sign in enumerate(spelling):
            after = spelling[place + 1 : place + 2]
            if sign in _SOFT_AFTER and after not in _VOWELS and after != "ь":
                yield spelling[: place + 1] + "ь" + spelling[place + 1 :]


def _spelled(small: str, table: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the spellings of a word by a table, best first: those that need the fewest second choices."""
    ways: dict[int, list[tuple[int, str]]] = {0: [(0, "")]}
    for place in range(len(small)):
        reached = sorted(ways.pop(place, []))[:BEAM]
        for size in (4, 3, 2, 1):
            for choice, letters in enumerate(
                table.get(small[place : place + size], ()) if len(small) >= place + size else ()
            ):
                cost = choice + (
                    0 if size > 1 or len(small) == place + size else _splits(small[place : place + 4], table)
                )
                fitting = [(old + cost, text + letters) for old, text in reached if _follows(text, letters)]
                ways.setdefault(place + size, []).extend(fitting)
    return list(dict.fromkeys(text for _cost, text in sorted(ways.get(len(small), []))[:BEAM]))


def _follows(before: str, letters: str) -> bool:
    """Tell whether letters may come after these: an й stands after a vowel or first."""
    return not letters.startswith("й") or before[-1:] in {"", *_VOWELS}


def _splits(ahead: str, table: Mapping[str, tuple[str, ...]]) -> int:
    """Return what it costs to read a letter by itself where it begins a pair such as sh or ya."""
    return 2 * any(ahead[:size] in table for size in (4, 3, 2) if len(ahead) >= size)


def ukrainian_or_russian(word: str) -> Iterator[str]:
    """Yield the word as the other of the two keyboards writes it, and with the apostrophe it may miss.

    Examples
    --------
    >>> list(ukrainian_or_russian("дыти"))[0], list(ukrainian_or_russian("сімя"))[-1]
    ('діти', "сім'я")
    """
    small = word.casefold()
    for table in (str.maketrans("ыэъё", "ієї'"), str.maketrans("ієї", "ыэъ")):
        if (other := small.translate(table)) != small:
            yield other
    for place in range(1, len(small)):
        if small[place] in "яюєї" and small[place - 1] in "бпвмфрзкдтснж":
            yield f"{small[:place]}'{small[place:]}"


def _table(*texts: str) -> dict[str, tuple[str, ...]]:
    pairs = (entry.split("=") for text in texts for entry in text.split())
    return {latin: tuple(letters.split(",")) for latin, letters in pairs}


_TABLES = {"ru": _table(_BOTH, _SOUNDS_RU), "uk": _table(_BOTH, _SOUNDS_UK)}
