"""Names of languages in the reader's language."""

from babel import Locale, UnknownLocaleError

from netmap.i18n.messages import language


def language_name(code: str) -> str:
    """Return the name of a language in the reader's language; the code itself where it has none.

    Examples
    --------
    >>> language_name("uk"), language_name("signs of the valley")
    ('Ukrainian', 'signs of the valley')
    """
    try:
        return Locale.parse(code).get_display_name(language()) or code
    except (UnknownLocaleError, ValueError):
        return code
