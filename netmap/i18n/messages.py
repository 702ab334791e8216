"""Messages in the reader's language: read from .po files when first needed, no compile step.

The language belongs to the running context (one request, one command), so rooms can make sentences
without knowing who asked.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from babel.plural import PluralRule

DEFAULT = "en"
_language: ContextVar[str] = ContextVar("netmap_language", default=DEFAULT)


class Catalogue:
    """The messages of one language."""

    def __init__(self, path: Path, language: str) -> None:
        self._single: dict[str, str] = {}
        self._plural: dict[str, tuple[str, ...]] = {}
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        for message in catalogue:
            if not message.id or message.fuzzy:
                continue
            if isinstance(message.id, (tuple, list)):
                forms = message.string or ()
                if forms and all(forms):
                    self._plural[message.id[0]] = tuple(forms)
            elif message.string:
                self._single[message.id] = str(message.string)
        self._form = PluralRule.parse(catalogue.locale.plural_form) if catalogue.locale else PluralRule({})
        self._order = [*sorted(self._form.tags, key=_CLDR_ORDER.index), "other"]

    def single(self, message: str) -> str:
        """Return the translation, or the message itself."""
        return self._single.get(message, message)

    def plural(self, one: str, many: str, number: int) -> str:
        """Return the form for ``number``, or the English form."""
        forms = self._plural.get(one)
        if not forms:
            return one if number == 1 else many
        return forms[min(self._order.index(self._form(number)), len(forms) - 1)]


# A place at the end of a sentence.
_LAST = re.compile(r"%\((\w+)\)s\.(?!\.)")
_CLDR_ORDER = ("zero", "one", "two", "few", "many")


@cache
def catalogue(language: str) -> Catalogue | None:
    """Return the catalogue of a language; None for English and for languages without one."""
    path = Path(__file__).parent / "locales" / language / "messages.po"
    return Catalogue(path, language) if language != DEFAULT and path.is_file() else None


def set_language(language: str) -> None:
    """Choose the language of messages in this context."""
    _language.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language for a while: what is made for somebody else than the reader of the page.

    Examples
    --------
    >>> with speaking("ru"):
    ...     gettext("Search")
    'Поиск'
    >>> gettext("Search")
    'Search'
    """
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def language() -> str:
    """Return the language of messages in this context."""
    return _language.get()


def gettext(message: str, /, **values: object) -> str:
    """Return the message in the reader's language with its ``%(name)s`` places filled."""
    found = catalogue(language())
    text = found.single(message) if found else message
    return filled(text, values) if values else text


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """Return the form of the message for ``number``; ``%(number)s`` is filled with it."""
    found = catalogue(language())
    text = found.plural(one, many, number) if found else (one if number == 1 else many)
    return filled(text, {"number": number, **values})


def filled(text: str, values: Mapping[str, object]) -> str:
    """Return a message with its places filled; a value that ends with a full stop ends the sentence too.

    Examples
    --------
    >>> filled("Последний день: %(day)s.", {"day": "26 ноября 2026 г."})
    'Последний день: 26 ноября 2026 г.'
    """
    once = _LAST.sub(lambda found: found[0][: -str(values[found[1]]).endswith(".") or None], text)
    return once % values
