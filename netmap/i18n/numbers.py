"""Numbers as the reader writes them: 9,5 in Russian, 9.5 in English."""

from functools import lru_cache

from babel.numbers import format_decimal, get_decimal_symbol

from netmap.i18n.messages import language


def locale() -> str:
    """Return the locale of dates and numbers: British for English, since the day comes first in Europe."""
    return "en_GB" if language() == "en" else language()


def number(value: float, digits: int = 1) -> str:
    """Return a number in the reader's language with at most ``digits`` decimals, three at most.

    Examples
    --------
    >>> number(9.5), number(41.72, 0), number(1200), number(0.125, 2)
    ('9.5', '42', '1,200', '0.12')
    """
    return _decimal(round(value, digits), locale())


@lru_cache(maxsize=4_000)
def _decimal(value: float, name: str) -> str:
    return format_decimal(value, locale=name)


def decimal_sign() -> str:
    """Return what stands between whole and parts in the reader's language.

    Examples
    --------
    >>> decimal_sign()
    '.'
    """
    return _decimal_sign(locale())


@lru_cache(maxsize=8)
def _decimal_sign(name: str) -> str:
    return get_decimal_symbol(name)
