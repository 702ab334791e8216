"""Logs: one line for one event, with nothing in it that somebody typed.

What an error says is left out, for it may hold words about a person; where it happened and of what kind it is
stay. No sign in a line can begin another line or steer a terminal.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

NAME = "netmap lines"


def install(log_format: str) -> None:
    """Write the logs of this process to standard error, as ``json`` or as ``text``; the last call counts."""
    root = logging.getLogger()
    for old in [one for one in root.handlers if one.get_name() == NAME]:
        root.removeHandler(old)
    handler = _Lines()
    handler.set_name(NAME)
    handler.setFormatter(JsonLine() if log_format == "json" else TextLine())
    root.addHandler(handler)


class _Lines(logging.Handler):
    """Writes to what standard error is at that moment, and gives up silently where there is none."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except (ValueError, OSError, AttributeError):  # closed at the end of the process
            return


class JsonLine(logging.Formatter):
    """One JSON object on one line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if request := getattr(record, "request", None):
            line["request"] = request
        if error := _error_of(record):
            line["where"] = where(error)
        return json.dumps(line)


class TextLine(logging.Formatter):
    """One line for people at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record; what cannot be printed is written as an escape."""
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        parts = [moment, record.levelname, record.name, record.getMessage(), *where(_error_of(record))]
        return plain("  ".join(parts))


def plain(text: str) -> str:
    """Return a text on one line: every sign that is not printable as an escape.

    Examples
    --------
    >>> plain("a\\r\\nb \\x1b[31m \\u2028 ж")
    'a\\\\r\\\\nb \\\\x1b[31m \\\\u2028 ж'
    """
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def where(error: BaseException | None) -> list[str]:
    """Return the places in the code that an error and its causes passed, each followed by its kind."""
    if error is None:
        return []
    before = where(error.__cause__ or error.__context__)
    frames = traceback.extract_tb(error.__traceback__)
    return [*before, *(f"{one.filename}:{one.lineno} {one.name}" for one in frames), type(error).__name__]


def _error_of(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None
