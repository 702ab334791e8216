"""The form of a package: what was typed, kept as typed, so that nothing is lost when it comes back."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.packages.document import Document, read
from netmap.packages.lines import MOST_LINES, Line
from netmap.vocabulary.terms import LANGUAGES, label, vocabulary

EMPTY_NEEDS = 3  # rows to add problems
MOST_ROWS = 60
ROLES = ("required", "optional", "excluded")
Row = tuple[str, str]  # a code and what was chosen for it


@dataclass(frozen=True)
class DraftLine:
    """One line as typed."""

    key: str
    need: str = ""
    service_type: str = ""
    goal: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[Row, ...] = ()
    after: tuple[str, ...] = ()
    start_day: str = "0"
    weight: str = "1"
    required: bool = True
    duration: str = ""


@dataclass(frozen=True)
class Draft:
    """The whole form as typed; ``expected`` is the version that the person started from."""

    code: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)  # "name.en" -> text
    profile: tuple[Row, ...] = ()
    circumstances: tuple[Row, ...] = ()
    reason: str = ""
    languages: str = ""
    budget: str = ""
    max_km: str = ""
    lines: tuple[DraftLine, ...] = ()
    note: str = ""
    expected: int = 0


def from_document(document: Document, expected: int) -> Draft:
    """Return the form of a document."""
    groups = {"name": document.name, "paper_name": document.paper_name, "description": document.description}
    roles = zip(ROLES, (document.required, document.optional, document.excluded), strict=True)
    return Draft(
        code=document.code,
        texts={f"{group}.{code}": text for group, texts in groups.items() for code, text in texts.items()},
        profile=_rows(document.profile),
        circumstances=tuple((code, role) for role, codes in roles for code in codes),
        reason=document.reason,
        languages=", ".join(document.languages),
        budget=_typed(document.budget),
        max_km=_typed(document.max_km),
        lines=tuple(_line_from(line) for line in document.lines),
        expected=expected,
    )


def from_form(form: MultiDict[str, str]) -> Draft:
    """Return what was typed; unknown and endless fields are left aside."""
    numbers = sorted(
        {int(found[1]) for name in form if (found := re.fullmatch(r"lines\.(\d{1,3})\.key", name))}
    )
    expected = form.get("expected", "")
    named = tuple((code, form.get(f"fact.{code}", "")) for code in vocabulary().circumstances)
    return Draft(
        code=form.get("code", ""),
        texts={
            f"{group}.{language}": form.get(f"{group}.{language}", "")
            for group in ("name", "paper_name", "description")
            for language in LANGUAGES
        },
        profile=_form_rows(form, "profile", "weight"),
        circumstances=tuple((code, role) for code, role in named if role) + _form_rows(form, "also", "role"),
        reason=form.get("reason", ""),
        languages=form.get("languages", ""),
        budget=form.get("budget", ""),
        max_km=form.get("max_km", ""),
        lines=tuple(_line_of(form, f"lines.{number}") for number in numbers[: MOST_LINES + 1]),
        note=form.get("note", ""),
        expected=int(expected) if re.fullmatch(r"\d{1,9}", expected) else 0,
    )


def change(draft: Draft, action: str) -> Draft:
    """Return the form after one of its buttons: "add", "up.2", "down.2" or "remove.2"."""
    verb, _dot, text = action.partition(".")
    lines = list(draft.lines)
    place = int(text) if re.fullmatch(r"\d{1,3}", text) else -1
    if verb == "add":
        keys = {line.key for line in lines}
        key = next(f"line_{n}" for n in range(1, len(lines) + 2) if f"line_{n}" not in keys)
        lines.append(DraftLine(key))
    elif not 0 <= place < len(lines):
        return draft
    elif verb == "remove":
        gone = lines.pop(place)
        lines = [replace(line, after=tuple(key for key in line.after if key != gone.key)) for line in lines]
    elif verb in ("up", "down"):
        other = min(max(place + (-1 if verb == "up" else 1), 0), len(lines) - 1)
        lines.insert(other, lines.pop(place))
    return replace(draft, lines=tuple(lines))


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
    texts: dict[str, dict[str, str]] = {"name": {}, "paper_name": {}, "description": {}}
    for name, text in draft.texts.items():
        group, _dot, language = name.partition(".")
        texts[group][language] = text
    circumstances: dict[str, object] = {
        role: [code for code, chosen in draft.circumstances if chosen == role] for role in ROLES
    }
    return {
        "code": draft.code,
        **texts,
        "profile": {code: _number(weight) for code, weight in draft.profile},
        "circumstances": circumstances | {"reason": draft.reason},
        "languages": re.findall(r"[^\s,;]+", draft.languages),
        "budget": _number(draft.budget),
        "max_km": _number(draft.max_km),
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
    ('lines.2.goal.en', 'reason', 'circumstances')
    """
    if name == "circumstances.reason":
        return "reason"
    for group in ("profile", "circumstances"):
        if name.startswith(group):
            return group
    if found := re.match(r"lines\.\d+\.addresses", name):
        return found[0]
    return f"{name}.en" if re.fullmatch(r"name|paper_name|description|lines\.\d+\.goal", name) else name


def _line_from(line: Line) -> DraftLine:
    return DraftLine(
        key=line.key,
        need=line.need,
        service_type=line.service_type,
        goal=line.goal,
        addresses=_rows(line.addresses),
        after=line.after,
        start_day=_typed(line.start_day),
        weight=_typed(line.weight),
        required=line.required,
        duration=line.duration,
    )


def _line_of(form: MultiDict[str, str], prefix: str) -> DraftLine:
    return DraftLine(
        key=form.get(f"{prefix}.key", ""),
        need=form.get(f"{prefix}.need", ""),
        service_type=form.get(f"{prefix}.service_type", ""),
        goal={language: form.get(f"{prefix}.goal.{language}", "") for language in LANGUAGES},
        addresses=_form_rows(form, f"{prefix}.addresses", "share"),
        after=tuple(form.getlist(f"{prefix}.after")),
        start_day=form.get(f"{prefix}.start_day", ""),
        weight=form.get(f"{prefix}.weight", ""),
        required=form.get(f"{prefix}.required") == "yes",
        duration=form.get(f"{prefix}.duration", ""),
    )


def _rows(values: Mapping[str, float]) -> tuple[Row, ...]:
    return tuple((code, _typed(value)) for code, value in values.items())


def _form_rows(form: MultiDict[str, str], name: str, other: str) -> tuple[Row, ...]:
    """Return the rows of two selects that are sent side by side; rows without a code are left out."""
    codes, chosen = form.getlist(f"{name}.code"), form.getlist(f"{name}.{other}")
    return tuple((code, value) for code, value in zip(codes, chosen, strict=False) if code)[:MOST_ROWS]


def _typed(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


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
