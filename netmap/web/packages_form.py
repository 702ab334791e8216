"""From the form of a package to its document, with every error at the field where it was typed."""

import re
from collections.abc import Iterable

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.packages.document import Document, read
from netmap.vocabulary.terms import label
from netmap.web.packages_draft import ROLES, TEXTS, Draft, DraftLine


def document_of(draft: Draft) -> Document:
    """Return the document that the form describes.

    Raises
    ------
    Invalid
        With fields named as in the form.
    """
    errors = _twice(draft)
    try:
        document = read(_mapping(draft))
    except Invalid as error:
        raise Invalid(
            error.message, errors | {_place(name): text for name, text in error.fields.items()}
        ) from error
    if errors:
        raise Invalid(next(iter(errors.values())), errors)
    return document


def _mapping(draft: Draft) -> dict[str, object]:
    """Return what `read` reads; a number that cannot be read stays a text, and `read` says so."""
    texts: dict[str, dict[str, str]] = {group: {} for group in TEXTS}
    for name, text in draft.texts.items():
        group, _dot, language = name.partition(".")
        texts[group][language] = text
    circumstances: dict[str, object] = {
        role: [code for code, chosen in draft.circumstances if chosen == role] for role in ROLES
    }
    circumstances["reason"] = texts.pop("reason")
    return {
        "code": draft.code,
        **texts,
        "profile": {code: _number(weight) for code, weight in draft.profile},
        "circumstances": circumstances,
        "languages": re.findall(r"[^\s,;]+", draft.languages),
        "budget": _number(draft.budget),
        "max_km": _number(draft.max_km),
        "hours": [line.strip() for line in draft.hours.splitlines() if line.strip()],
        "lines": [
            {
                "key": line.key,
                "need": line.need,
                "service_type": line.service_type,
                "goal": dict(line.goal),
                "addresses": _addresses(line),
                "after": list(line.after),
                "start_day": _number(line.start_day) or 0,
                "weight": _number(line.weight),
                "required": line.required,
                "duration": line.duration,
            }
            for line in draft.lines
        ],
    }


def _addresses(line: DraftLine) -> dict[str, object]:
    """Return what the line deals with; where nothing is chosen, its own problem, as the page says."""
    if not line.addresses and line.need:
        return {line.need: 1}
    return {code: _number(share) for code, share in line.addresses}


def _twice(draft: Draft) -> dict[str, str]:
    """Return errors about rows that choose the same thing twice: one of them would be lost."""
    errors = {}
    places = [("profile", draft.profile, ""), ("circumstances", draft.circumstances, "")]
    for number, line in enumerate(draft.lines):
        places.append(
            (f"lines.{number}.addresses", line.addresses, _("Line %(number)s: ", number=number + 1))
        )
    for name, rows, start in places:
        if repeated := _repeated(code for code, _chosen in rows):
            errors[name] = start + _("“%(what)s” is chosen twice.", what=label(repeated))
    return errors


def _repeated(codes: Iterable[str]) -> str:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            return code
        seen.add(code)
    return ""


def _place(name: str) -> str:
    """Return the part of the form where an error of `read` is shown.

    Examples
    --------
    >>> _place("profile.fin.consumer_debt"), _place("lines.2.addresses.fin.enforcement"), _place("name")
    ('profile', 'lines.2.addresses', 'name.en')
    >>> _place("lines.2.goal"), _place("circumstances.reason"), _place("circumstances.optional")
    ('lines.2.goal.en', 'reason.en', 'circumstances')
    """
    if name.startswith("circumstances.reason"):
        name = name.removeprefix("circumstances.")
    for group in ("profile", "circumstances"):
        if name.startswith(group):
            return group
    if found := re.match(r"lines\.\d+\.addresses", name):
        return found[0]
    return f"{name}.en" if re.fullmatch(rf"{'|'.join(TEXTS)}|lines\.\d+\.goal", name) else name


def _number(text: str) -> object:
    """Return a number, None for nothing, or the text itself.

    Examples
    --------
    >>> _number(" 3 "), _number("0,5"), _number(""), _number("soon"), _number("nan")
    (3, 0.5, None, 'soon', 'nan')
    """
    text = text.strip()
    if not text:
        return None
    if not re.fullmatch(r"-?\d{1,15}([.,]\d{1,15})?", text):
        return text
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value
