"""A package as a file that another office can read: written as TOML, read from TOML or JSON."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any

import tomli_w

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.packages.document import Document, to_mapping

LARGEST = 256 * 1024  # bytes; forty lines with long texts in four languages have about half of it
MARKS = ("code", "profile", "lines")  # what every package has


def write_file(document: Document) -> str:
    """Return a package as TOML, in the order of the files in ``seeds/packages``; what is empty is left out.

    The owner stays behind: an address of this office says nothing in another one.
    """
    values = to_mapping(document)
    values["owner"] = ""
    lines = values.pop("lines")
    return tomli_w.dumps(_filled(values) | {"lines": _filled(lines)})


def read_file(content: bytes, name: str) -> Mapping[str, Any]:
    """Return what a file holds, unchecked, for `netmap.packages.document.read`.

    Parameters
    ----------
    content : bytes
        TOML, or JSON where the first character is a brace.
    name : str
        What the file is called, for sentences.

    Raises
    ------
    Invalid
        If it is too large, cannot be read, or is no package.
    """
    name = name[:100]
    if len(content) > LARGEST:
        raise Invalid(
            _(
                "%(file)s has %(size)s kB, a package at most %(most)s kB. Choose the file of one package.",
                file=name,
                size=len(content) // 1024,
                most=LARGEST // 1024,
            )
        )
    try:
        text = content.decode("utf-8-sig")
        values = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise Invalid(
            _("%(file)s is not a text in UTF-8. Choose a file that netmap has written.", file=name)
        ) from error
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise Invalid(
            _("%(file)s is neither TOML nor JSON: %(reason)s.", file=name, reason=reason.rstrip("."))
        ) from error
    missing = [mark for mark in MARKS if mark not in values]
    if missing:
        raise Invalid(
            _(
                "%(file)s is no package of netmap: it lacks %(missing)s. Choose a file that netmap wrote.",
                file=name,
                missing=", ".join(f"“{mark}”" for mark in missing),
            )
        )
    return dict(values)


def _filled(value: Any) -> Any:
    """Return a value without what says nothing: TOML has no word for it."""
    if isinstance(value, Mapping):
        filled = {key: _filled(part) for key, part in value.items()}
        return {key: part for key, part in filled.items() if part is not None and part not in ("", [], {})}
    return [_filled(part) for part in value] if isinstance(value, list) else value
