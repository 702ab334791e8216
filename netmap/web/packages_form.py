"""From the form of a package to its document, with every error at the field where it was typed."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.packages.document import Document, read
from netmap.packages.standard import SLOTS
from netmap.vocabulary.terms import label
from netmap.web.packages_draft import ROLES, TEXTS, Draft, DraftLine

NOWHERE = "package"  # where an error stands that belongs to no field of the form
_OF_LINE = (
    r"key|need|service_type|addresses|after|start_day|weight|required|duration|beside|when|dose|"
    r"substitutes(\.\d+)?|(goal|cause)(\.\w\w)?"
)
_FIELD = re.compile(
    rf"lines\.\d+\.({_OF_LINE})|({'|'.join(map(re.escape, TEXTS))})(\.\w\w)?|"
    r"code|profile|circumstances|languages|budget|max_km|hours|track|model|crisis\.service_types|cost|owner|"
    r"pilot|lines|note"
)


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
        raise Invalid(error.message, errors | at_fields(error.fields)) from error
    if errors:
        raise Invalid(next(iter(errors.values())), errors)
    return document


def at_fields(errors: Mapping[str, str]) -> dict[str, str]:
    """Return the errors of `read` by the field of the form where each is shown; none is lost."""
    found: dict[str, str] = {}
    for name, sentence in errors.items():
        place = _place(name)
        found[place] = f"{found[place]} {sentence}" if place in found else sentence
    return found


def _mapping(draft: Draft) -> dict[str, object]:
    """Return what `read` reads; a number that cannot be read stays a text, and `read` says so."""
    texts: dict[str, dict[str, str]] = {group: {} for group in TEXTS}
    for name, text in draft.texts.items():
        group, _dot, language = name.rpartition(".")
        texts[group][language] = text
    circumstances: dict[str, object] = {
        role: [code for code, chosen in draft.circumstances if chosen == role] for role in ROLES
    }
    return {
        "code": draft.code,
        **{name: texts[name] for name in ("name", "paper_name", "description")},
        "profile": {code: _number(weight) for code, weight in draft.profile},
        "circumstances": circumstances | {"reason": texts["reason"]},
        "languages": re.findall(r"[^\s,;]+", draft.languages),
        "budget": _number(draft.budget),
        "max_km": _number(draft.max_km),
        "hours": [line.strip() for line in draft.hours.splitlines() if line.strip()],
        "track": draft.track,
        "model": draft.model,
        "crisis": {"service_types": list(draft.crisis_types), "text": texts["crisis.text"]},
        "standard": {slot: texts[f"standard.{slot}"] for slot in SLOTS},
        "cost": _number(draft.cost),
        "owner": draft.owner,
        "pilot": draft.pilot == "yes",
        "lines": [_line(line) for line in draft.lines],
    }


def _line(line: DraftLine) -> dict[str, Any]:
    times, per, weeks = line.dose
    dose = {"times": _number(times), "per": per, "weeks": _number(weeks)} if times or weeks else None
    return {
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
        "cause": dict(line.cause),
        "substitutes": [
            {
                "service_type": one.service_type,
                "share": _number(one.share),
                "when": one.when,
                "note": dict(one.note),
            }
            for one in line.substitutes
        ],
        "dose": dose,
        "beside": line.beside,
        "when": list(line.when),
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
    >>> _place("lines.2.dose.times"), _place("lines.0.substitutes.1.share"), _place("lines.0.substitutes")
    ('lines.2.dose', 'lines.0.substitutes.1', 'lines.0.substitutes')
    >>> _place("lines.2.colour"), _place("colour")
    ('lines.2', 'package')
    """
    if name.startswith("circumstances.reason"):
        name = name.removeprefix("circumstances.")
    for group in ("profile", "circumstances"):
        if name.startswith(group):
            return group
    if found := re.match(r"lines\.\d+\.(addresses|dose|substitutes\.\d+)", name):
        return found[0]
    if re.fullmatch(rf"{'|'.join(map(re.escape, TEXTS))}|lines\.\d+\.(goal|cause)", name):
        return f"{name}.en"
    if _FIELD.fullmatch(name):
        return name
    found = re.match(r"lines\.\d+", name)
    return found[0] if found else NOWHERE


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
