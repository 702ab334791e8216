"""Reads the parts of a mapping that somebody typed or sent, and gathers what is wrong by field."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.vocabulary.terms import LANGUAGES

LONGEST = 300
LONGEST_DESCRIPTION = 2000
KEY = re.compile(r"[a-z][a-z0-9_]{0,79}")


class Fields:
    """A mapping under check: every getter gives a usable value and notes what was wrong.

    Parameters
    ----------
    values : mapping
        What was sent; anything may be in it.
    errors : dict of str to str
        Field name -> sentence; shared with the parts below this one.
    prefix : str
        Put before every field name ("lines.2.").
    place : str
        Put before every sentence ("Line 3: "), since a summary shows sentences without their field.
    """

    def __init__(
        self, values: Mapping[str, object], errors: dict[str, str], prefix: str = "", place: str = ""
    ) -> None:
        self.values, self.errors, self.prefix, self.place = values, errors, prefix, place

    def wrong(self, name: str, sentence: str) -> None:
        """Note an error; the first one about a field is kept."""
        whole = self.place + sentence if self.place else sentence[:1].upper() + sentence[1:]
        self.errors.setdefault(self.prefix + name, whole)

    def only(self, known: Iterable[str]) -> None:
        """Refuse keys that are not known: a misspelt key would be lost silently."""
        names = tuple(known)
        for name in self.values:
            if name not in names:
                self.check(str(name)[:80], str(name), names)

    def part(self, name: str) -> "Fields":
        """Return a mapping inside this one, with the same prefix and the same list of errors."""
        return Fields(self.mapping(name), self.errors, self.prefix + name + ".", self.place)

    def mapping(self, name: str) -> Mapping[str, object]:
        """Return the mapping under ``name``; empty where there is none."""
        value = self.values.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.wrong(name, _("a table of names and values is needed here."))
            return {}
        return {str(key): part for key, part in value.items()}

    def sequence(self, name: str) -> Sequence[object]:
        """Return the list under ``name``; empty where there is none."""
        value = self.values.get(name)
        if value is None:
            return ()
        if isinstance(value, str) or not isinstance(value, Sequence):
            self.wrong(name, _("a list is needed here."))
            return ()
        return value

    def text(self, name: str, longest: int = LONGEST) -> str:
        """Return a text on one line, "" where there is none."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(name, _("a text is needed here."))
            return ""
        text = " ".join(value.split())
        if len(text) > longest:
            self.wrong(
                name, _("this text is longer than %(longest)s characters; shorten it.", longest=longest)
            )
        if not text.isprintable():
            self.wrong(name, _("this text holds characters that cannot be shown; type it again."))
            return ""
        return text

    def texts(self, name: str, missing: str = "", longest: int = LONGEST) -> dict[str, str]:
        """Return language -> text; ``missing`` is the sentence if no language has one."""
        part = self.part(name)
        part.only(LANGUAGES)
        found = {language: part.text(language, longest) for language in LANGUAGES}
        found = {language: text for language, text in found.items() if text}
        if missing and not found:
            self.wrong(name, missing)
        return found

    def code(self, name: str, known: Iterable[str], missing: str) -> str:
        """Return one of the known codes; ``missing`` is the sentence where nothing was chosen."""
        value = self.text(name)
        if value:
            self.check(name, value, known)
        else:
            self.wrong(name, missing)
        return value

    def codes(self, name: str, known: Iterable[str]) -> tuple[str, ...]:
        """Return a list of known codes, each once, in the order of ``known``: equal sets compare equal."""
        names = tuple(known)
        found = []
        for value in self.sequence(name):
            if isinstance(value, str) and value in names:
                found.append(value)
            else:
                self.check(name, str(value), names)
        return tuple(code for code in names if code in found)

    def check(self, name: str, value: str, known: Iterable[str]) -> bool:
        """Return whether a code is known; if not, name the nearest one."""
        names = tuple(known)
        if value in names:
            return True
        self.wrong(
            name,
            _(
                "'%(value)s' is not known; the nearest is '%(nearest)s'.",
                value=value[:80],
                nearest=nearest(value, names),
            ),
        )
        return False

    def number(self, name: str, low: float, high: float, missing: float | None = None) -> float | None:
        """Return a number from ``low`` to ``high``; ``missing`` where there is none."""
        value = self.values.get(name)
        if value is None:
            return missing
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float))
            or not math.isfinite(float_of(value))
        ):
            self.wrong(name, _("a number is needed here."))
            return missing
        if not low <= value <= high:
            self.wrong(name, _("the number must lie from %(low)s to %(high)s.", low=low, high=high))
            return missing
        return float(value)

    def yes(self, name: str, missing: bool) -> bool:
        """Return a truth value."""
        value = self.values.get(name, missing)
        if not isinstance(value, bool):
            self.wrong(name, _("yes or no is needed here."))
            return missing
        return value


def float_of(value: float) -> float:
    """Return a number as a float; one that is too large for it as infinite."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def nearest(value: str, known: Iterable[str]) -> str:
    """Return the known code that looks most like the value.

    Examples
    --------
    >>> nearest("debt_advise", ["childcare_place", "debt_advice"])
    'debt_advice'
    """
    found = get_close_matches(value[:100], tuple(known), n=1, cutoff=0.0)
    return found[0] if found else ""


def raise_if(errors: Mapping[str, str], message: str) -> None:
    """Raise `Invalid` with the fields, if anything was wrong."""
    if errors:
        first = next(iter(errors.values()))
        raise Invalid(f"{message} {first}", errors)
