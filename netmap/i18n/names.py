"""Names of languages in the reader's language."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from netmap.i18n.messages import gettext as _
from netmap.i18n.messages import language


def language_name(code: str) -> str:
    """Return the name of a language in the reader's language; the code itself where it has none.

    Examples
    --------
    >>> language_name("uk"), language_name("signs of the valley")
    ('Ukrainian', 'signs of the valley')
    """
    return _name(code, language())


@lru_cache(maxsize=2000)
def _name(code: str, reader: str) -> str:
    if code in _signed():
        return _signed()[code]
    try:
        return Locale.parse(code).get_display_name(reader) or code
    except (UnknownLocaleError, ValueError):
        return code


def _signed() -> dict[str, str]:
    """Return the names of languages of signs, which the tables of languages do not have."""
    return {
        "ils": _("International Sign"),
        "lls": _("Lithuanian Sign Language"),
        "rsl": _("Russian Sign Language"),
        "ukl": _("Ukrainian Sign Language"),
    }
