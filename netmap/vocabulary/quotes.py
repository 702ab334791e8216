"""Exact phrases: words between quotation marks of any style."""

import re

_PAIRS = ("„“”", "“”", "«»", "»«", '""', "‟”", "〝〞")
_QUOTED = re.compile(
    "|".join(f"{re.escape(pair[0])}([^{re.escape(pair)}]*)[{re.escape(pair[1:])}]" for pair in _PAIRS)
)


def quoted(text: str) -> list[tuple[int, int]]:
    """Return where the words between quotation marks begin and end; a mark without its fellow is none.

    Examples
    --------
    >>> text = '„Mėlynas namas“ and "food bank" and «Дім» and " left open'
    >>> [text[start:end] for start, end in quoted(text)]
    ['Mėlynas namas', 'food bank', 'Дім']
    """
    spans = (found.span(found.lastindex or 0) for found in _QUOTED.finditer(text))
    return [(start, end) for start, end in spans if any(sign.isalnum() for sign in text[start:end])]
