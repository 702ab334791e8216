"""One field of a map, worked out for one item: pieces taken, cut, translated, read and joined."""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date

from netmap.directory.csvfiles import Place
from netmap.directory.reading.mapped_items import Item
from netmap.directory.reading.maps import Field
from netmap.directory.report import Report
from netmap.i18n import gettext as _

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_CLOCK = re.compile(r"\d{1,4}")
_NUMBERS = re.compile(r"\d+")
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h\d|/tr)\b[^>]*>", re.IGNORECASE)
CENTURY, OLDEST_YEAR = 2000, 1000  # "3.11.25" is of our time; a year of three digits is a slip
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")


class Teller:
    """Keeps what could not be read or had no word, so that it is told once for each word, with its rows."""

    def __init__(self, file: str, report: Report) -> None:
        self.file = file
        self.report = report
        self._wordless: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def unknown(self, name: str, word: str, place: Place) -> None:
        """A word that is not among the values of the map."""
        sentence = _(
            "%(file)s, %(field)s: '%(word)s' is not among the values of the map; left empty",
            file=self.file,
            field=name,
            word=word[:80],
        )
        self.report.note(sentence, place)

    def wordless(self, name: str, word: str) -> None:
        """A word to which the map gives no meaning on purpose."""
        self._wordless[name][word[:80]] += 1

    def refuse(self, name: str, word: str, place: Place, reason: str) -> None:
        """A value that cannot be read as the map says."""
        self.report.reject(self.file, place, name, word, reason)

    def close(self) -> None:
        """Say what the map left without meaning."""
        for name, words in self._wordless.items():
            named = ", ".join(f"{word} ({count})" for word, count in words.most_common(100))
            values: dict[str, object] = {"file": self.file, "field": name, "words": named}
            self.report.warn(_("%(file)s, %(field)s: the map gives no meaning to %(words)s.", **values))


def placeholders(field: Field) -> list[str]:
    """Return the columns that a text or a default names in curly brackets."""
    return _PLACEHOLDER.findall(field.text or "") + _PLACEHOLDER.findall(field.default)


def pieces(name: str, field: Field, item: Item, teller: Teller) -> list[str]:
    """Return what a field holds: one text, or with ``split`` as many as there are.

    Examples
    --------
    >>> item = Item(2, {"phones": "main: 12; fax: 34", "first": "Ann", "last": "Lee"})
    >>> teller = Teller("a.csv", Report("a"))
    >>> pieces("number", Field(("phones",), split=(";",), after=":"), item, teller)
    ['12', '34']
    >>> pieces("name", Field(("first", "last"), join=" "), item, teller)
    ['Ann Lee']
    >>> pieces("id", Field(text="{last}/{first}"), item, teller)
    ['Lee/Ann']
    """
    found = [text.strip() for text in _taken(field, item)]
    if field.split is not None:
        found = [part.strip() for text in found for part in _cut(text, field.split)]
    done = [_worked(name, field, text, item.place, teller) if text else "" for text in found]
    if field.split is not None:  # empty pieces keep their place: another field may be cut side by side
        return done
    return [field.join.join(text for text in done if text) or _filled(field.default, field, item)]


def _cut(text: str, signs: tuple[str, ...]) -> list[str]:
    """Return a text cut at each of some signs."""
    for sign in signs[1:]:
        text = text.replace(sign, signs[0])
    return text.split(signs[0])


def _taken(field: Field, item: Item) -> list[str]:
    """Return what stands in the columns, or the text with them put in."""
    if field.text is None:
        return [text for column in field.columns for text in item.pieces(column) or ()]
    return [_filled(field.text, field, item)]


def _filled(template: str, field: Field, item: Item) -> str:
    """Return a text with its columns put in; a line that lacks one of its columns is left out.

    Of hours a line stays as long as one is filled: "Fri 8:30-" is no interval, but people should see it.
    """
    enough = any if field.reading == "hours_text" else all
    names = set(_PLACEHOLDER.findall(template))
    found = {name: field.join.join(text for text in item.pieces(name) or () if text) for name in names}
    found = {name: text.strip() for name, text in found.items()}
    lines = [
        _PLACEHOLDER.sub(lambda hit: found[hit[1]], line)
        for line in template.strip().split("\n")
        if not (asked := _PLACEHOLDER.findall(line)) or enough(found[name] for name in asked)
    ]
    return "\n".join(lines)


def _worked(name: str, field: Field, text: str, place: Place, teller: Teller) -> str:
    if field.before:
        text = text.partition(field.before)[0].strip()
    if field.after:
        text = text.partition(field.after)[2].strip()
    if field.pattern:
        hit = re.search(field.pattern, text)
        text = (hit[1] or "").strip() if hit else ""
    if field.values is not None and text:
        text = _translated(name, field, text, place, teller)
    if field.reading in _READERS and text:
        return _READERS[field.reading](name, text, place, teller)
    return text


def _translated(name: str, field: Field, text: str, place: Place, teller: Teller) -> str:
    values = field.values or {}
    word = values.get(text)
    if word is None:
        word = next((to for given, to in values.items() if given.casefold() == text.casefold()), None)
    if word is None and field.keep_unknown:
        return text
    if word is None:
        teller.unknown(name, text, place)
    elif not word:
        teller.wordless(name, text)
    return word or ""


def _clock(name: str, text: str, place: Place, teller: Teller) -> str:
    """Return 830 as 08:30; what has a colon already is left to the reader of hours."""
    if not _CLOCK.fullmatch(text):
        return text
    hour, minute = divmod(int(text), 100)
    if text != "0" and len(text) < 3:
        teller.refuse(name, text, place, _("left empty: a time has three or four digits, such as 830"))
        return ""
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        teller.refuse(name, text, place, _("left empty: no time of the day"))
        return ""
    return f"{hour:02d}:{minute:02d}"


def _date(order: str) -> Callable[[str, str, Place, Teller], str]:
    def read(name: str, text: str, place: Place, teller: Teller) -> str:
        found = dict(zip(order, _NUMBERS.findall(text)[:3], strict=False))
        try:
            year = int(found["y"]) + (CENTURY if len(found["y"]) == 2 else 0)
            if year < OLDEST_YEAR:
                raise ValueError(year)
            return date(year, int(found["m"]), int(found["d"])).isoformat()
        except (KeyError, ValueError, OverflowError):
            teller.refuse(name, text, place, _("left empty: no date in the order that the map names"))
            return ""

    return read


def _plain(_name: str, text: str, _place: Place, _teller: Teller) -> str:
    """Return the text of HTML without its tags."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text))).strip()


_READERS: dict[str | None, Callable[[str, str, Place, Teller], str]] = {
    "clock": _clock,
    "plain": _plain,
    "date dmy": _date("dmy"),
    "date mdy": _date("mdy"),
    "date ymd": _date("ymd"),
}
