"""Sentences about one thing that was this before and is that now. Pure."""

from collections.abc import Iterator

from netmap.i18n import gettext as _
from netmap.i18n.numbers import number
from netmap.packages.substitutes import Texts
from netmap.vocabulary.terms import LANGUAGES, label


def changed_value(name: str, old: object, new: object) -> Iterator[str]:
    """Return a sentence if the two values differ."""
    if old != new:
        empty = _("nothing")
        yield _(
            "%(name)s: “%(old)s” became “%(new)s”.",
            name=name,
            old=empty if old in (None, "") else _plain(old),
            new=empty if new in (None, "") else _plain(new),
        )


def changed_texts(name: str, old: Texts, new: Texts) -> Iterator[str]:
    """Return a sentence for each language in which the text differs."""
    for language in LANGUAGES:
        yield from changed_value(f"{name} ({language})", old.get(language, ""), new.get(language, ""))


def changed_codes(name: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[str]:
    """Return a sentence for each code that came or went."""
    for code in new:
        if code not in old:
            yield _("%(name)s: “%(what)s” was added.", name=name, what=label(code))
    for code in old:
        if code not in new:
            yield _("%(name)s: “%(what)s” was taken out.", name=name, what=label(code))


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return number(value, 2) if isinstance(value, float) else str(value)
