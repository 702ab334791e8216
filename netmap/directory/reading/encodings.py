"""Bytes into text: UTF-8, UTF-16, and the old Windows tables where the bytes leave no doubt.

An office that saves "CSV" on Windows gets the table of its country: Western (1252), Baltic (1257) or
Cyrillic (1251). The same bytes are letters in all three, so each is taken only where the others cannot be.
"""

import codecs
import re

from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.i18n import gettext as _

KNOWN = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1250", "cp1251", "cp1252", "cp1257", "cp866",
    "iso-8859-1", "iso-8859-2", "iso-8859-5", "iso-8859-13", "iso-8859-15", "koi8-r", "koi8-u", "mac-roman",
)  # fmt: skip
"""Encodings that a map may name."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 20_000
_HIGH = re.compile(rb"[\x80-\xff]+")
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_UNUSED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_LITHUANIAN = frozenset(
    b"\xd0\xf0\xd8\xf8\xde\xfe"
)  # Šš Ųų Žž in 1257; in 1252 letters of Iceland and Denmark
_WESTERN = frozenset(
    b"\xe9\xe7\xea\xf4\xee\xf9\xdf\x9c\xe4\xf6\xfc\xe2\xf1\xed\xf3"
)  # é ç ê ô î ù ß œ ä ö ü â ñ í ó


def decode(name: str, data: bytes, report: Report, encoding: str | None = None) -> str:
    """Return the text of a file; a report says which encoding was taken where it is not plain UTF-8.

    Parameters
    ----------
    encoding : str, optional
        What a map says; nothing is guessed then.

    Raises
    ------
    Invalid
        If the bytes are no text, or could be read in more than one way.
    """
    if encoding:
        return _without_nul(name, _strict(name, data, encoding).removeprefix("\ufeff"))
    if data.startswith((codecs.BOM_UTF32_BE, codecs.BOM_UTF32_LE)):
        raise Invalid(_("%(name)s is UTF-32, which is not read here; save it as UTF-8.", name=name))
    for mark, found in _BOMS:
        if data.startswith(mark):
            text = _strict(name, data[len(mark) :], found)
            if found != "utf-8":
                report.warn(_("%(name)s was read as UTF-16, as its first bytes say.", name=name))
            return _without_nul(name, text)
    if b"\0" in data:
        return _utf16_without_mark(name, data, report)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _windows(name, data, error, report)


def _strict(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid(
            _(
                "%(name)s is not %(encoding)s: the bytes in line %(line)s cannot be read. Open it "
                "in the program that made it and save it as 'CSV UTF-8'.",
                name=name,
                encoding=encoding.upper(),
                line=_line(data, error.start, encoding),
            )
        ) from error


def _line(data: bytes, start: int, encoding: str) -> int:
    return data[:start].decode(encoding, "replace").count("\n") + 1


def _without_nul(name: str, text: str) -> str:
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Invalid(
            _("%(name)s holds a NUL byte in line %(line)s: it is not a text file.", name=name, line=line)
        )
    return text


def _utf16_without_mark(name: str, data: bytes, report: Report) -> str:
    sample = data[:_SAMPLE]
    pairs = max(1, len(sample) // 2)
    even, odd = sample[0::2].count(0) / pairs, sample[1::2].count(0) / pairs
    if len(data) % 2 == 0 and max(even, odd) > 0.3 and min(even, odd) < 0.05:
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        text = _without_nul(name, _strict(name, data, encoding))
        report.warn(
            _(
                "%(name)s does not say its encoding and was read as UTF-16; look at '%(words)s' in line 1.",
                name=name,
                words=text.partition("\n")[0].strip()[:60],
            )
        )
        return text
    return _without_nul(name, data.decode("latin-1"))


def _windows(name: str, data: bytes, error: UnicodeDecodeError, report: Report) -> str:
    line = data.count(b"\n", 0, error.start) + 1
    taken = None if _is_damaged_utf8(data) else windows_table(data)
    if taken is None:
        raise Invalid(
            _(
                "%(name)s is not UTF-8: byte %(byte)s in line %(line)s of the file cannot be read. Open it "
                "in the program that made it and save it as 'CSV UTF-8'.",
                name=name,
                byte=f"0x{data[error.start]:02X}",
                line=line,
            )
        ) from error
    text = data.decode(taken, "replace")
    words = text.split("\n")[line - 1].strip()
    start = next((i for i, sign in enumerate(words) if ord(sign) > 127), 0)
    report.warn(
        _(
            "%(name)s is not UTF-8 and was read as Windows-%(table)s; if the letters in line %(line)s, "
            "'%(words)s', are wrong, save the file as 'CSV UTF-8' and import it again.",
            name=name,
            table=taken.removeprefix("cp"),
            line=line,
            words=words[max(0, start - 20) : start + 30],
        )
    )
    return text


def _is_damaged_utf8(data: bytes) -> bool:
    """Return whether many letters are good UTF-8: then a table of Windows would spoil them."""
    good = 0
    for found in _MULTIBYTE.finditer(data):
        try:
            good += len(found[0].decode("utf-8"))
        except UnicodeDecodeError:
            continue
    high = sum(len(found[0]) for found in _HIGH.finditer(data))
    return _SURROGATE.search(data) is not None or good * 2 >= high / 5


def windows_table(data: bytes) -> str | None:
    """Return which table of Windows the bytes are in, or None where two are possible.

    Examples
    --------
    >>> windows_table("Café de la Gare, où".encode("cp1252"))
    'cp1252'
    >>> windows_table("Žemės ūkio mokykla, Šiauliai".encode("cp1257"))
    'cp1257'
    >>> windows_table("Юридическая помощь".encode("cp1251"))
    'cp1251'
    >>> windows_table(b"caf\\xe8") is None
    True
    """
    runs = [found[0] for found in _HIGH.finditer(data)]
    letters = b"".join(runs)
    if sum(map(len, runs)) / len(runs) >= 2.5 and sum(sign >= 0xC0 for sign in letters) > 0.8 * len(letters):
        return "cp1251"
    baltic = sum(sign in _LITHUANIAN for sign in letters)
    western = sum(sign in _WESTERN for sign in letters)
    if baltic and not western:
        return "cp1257"
    signs = sum(sign < 0xC0 for sign in letters)  # quotation marks, dashes, the euro: the same in all three
    if (western or signs == len(letters)) and not baltic and not _UNUSED_1252.search(data):
        return "cp1252"
    return None
