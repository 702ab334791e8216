"""JSON text into objects, numbers as they stand; one sentence where it breaks off or nests without end."""

import json
import re
from typing import Any

from netmap.directory.reading import limits
from netmap.directory.reading.csv_text import too_many_cells
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.i18n import gettext as _

_LONE = re.compile("[\ud800-\udfff]")
_WHOLE = re.compile(r"-?\d+\.0+")


class Doubled(dict[str, Any]):
    """An object that names a key twice; ``twice`` says which."""

    twice: tuple[str, ...] = ()


def load(name: str, text: str) -> tuple[list[Any], bool]:
    """Return the documents of a JSON text, and whether there is one to a line (ndjson).

    Numbers come as the text that stands there, so that no id and no number changes on the way.

    Raises
    ------
    Invalid
        If the text is no JSON, is cut off, or holds more than may be read.
    """
    _check_size(name, text)
    try:
        return [_parse(text)], False
    except RecursionError as error:
        raise too_deep(name) from error
    except json.JSONDecodeError as error:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
        if len(lines) < 2 or not error.msg.startswith("Extra data") or error.lineno != lines[1][0]:
            raise _broken(name, text, error) from error
    found = []
    for number, line in lines:
        try:
            found.append(_parse(line))
        except RecursionError as error:
            raise too_deep(name) from error
        except json.JSONDecodeError as error:
            raise Invalid(
                _(
                    "Line %(line)s of %(name)s is no whole JSON object (%(error)s); the file may be cut off.",
                    line=number,
                    name=name,
                    error=error.msg,
                )
            ) from error
    return found, True


def number_text(name: str, text: str) -> Any:
    """Return the one document of a JSON text, its numbers as numbers.

    Raises
    ------
    Invalid
        If the text is no JSON, is cut off, or holds more than may be read.
    """
    _check_size(name, text)
    try:
        return json.loads(text.lstrip("\ufeff"))
    except RecursionError as error:
        raise too_deep(name) from error
    except json.JSONDecodeError as error:
        raise _broken(name, text, error) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise Invalid(_("%(name)s cannot be read (%(error)s).", name=name, error=error)) from error


def _check_size(name: str, text: str) -> None:
    """Raise Invalid where a text holds more than memory can take."""
    if text.count(",") + text.count("[") + text.count("{") > limits.CELLS:
        raise too_many_cells(name)
    if text.count("{") > limits.OBJECTS:
        raise Invalid(
            _(
                "%(name)s has more than %(count)s objects; import it in parts.",
                name=name,
                count=limits.OBJECTS,
            )
        )
    if len(text) > limits.UNPACKED_MEGABYTES * limits.MEGABYTE // 2:
        raise too_many_cells(name)


def too_deep(name: str) -> Invalid:
    """Return the error for JSON that nests without end."""
    return Invalid(_("%(name)s is nested too deeply to be a directory.", name=name))


def _parse(text: str) -> Any:
    return json.loads(
        text, parse_int=str, parse_float=_float, parse_constant=str, object_pairs_hook=_with_doubles
    )


def _float(text: str) -> str:
    """Return 18000.0 as "18000": programs write whole numbers so where a column has gaps."""
    return text.partition(".")[0] if _WHOLE.fullmatch(text) else text


def _with_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    doubled = Doubled()
    for key, value in pairs:
        if key in seen:
            doubled.twice = (*doubled.twice, key)
        else:
            seen.add(key)
            doubled[key] = value
    return doubled


def _broken(name: str, text: str, error: json.JSONDecodeError) -> Invalid:
    values: dict[str, object] = {"name": name, "line": error.lineno, "column": error.colno}
    if error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated string"):
        return Invalid(
            _("%(name)s ends in the middle (line %(line)s): it was cut off; get it again whole.", **values)
        )
    return Invalid(
        _(
            "%(name)s is no JSON: line %(line)s, sign %(column)s (%(error)s).",
            error=error.msg,
            **values,
        )
    )


def scalar(value: object) -> str:
    """Return a JSON value that is neither object nor list as the text of a cell.

    Examples
    --------
    >>> scalar(None), scalar(True), scalar("830"), scalar("a\\ud800b")
    ('', 'true', '830', 'a�b')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if text.isascii() else _LONE.sub("\ufffd", text)


def note_doubles(file: str, item: dict[str, Any], place: str, report: Report) -> None:
    """Say which keys of an object are there twice."""
    for key in item.twice if isinstance(item, Doubled) else ():
        sentence = _("%(file)s: the key '%(key)s' is there twice; the first was taken", file=file, key=key)
        report.note(sentence, place)
