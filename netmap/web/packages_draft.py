"""The form of a package as it was typed, so that nothing is lost when it comes back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from netmap.packages.document import Document
from netmap.packages.lines import MOST_LINES, Line
from netmap.vocabulary.terms import LANGUAGES, vocabulary

EMPTY_NEEDS = 3  # rows to add problems
MOST_ROWS = 60
ROLES = ("required", "optional", "excluded")
TEXTS = ("name", "paper_name", "description", "reason")  # in every language
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
    languages: str = ""
    budget: str = ""
    max_km: str = ""
    hours: str = ""  # one entry a line
    lines: tuple[DraftLine, ...] = ()
    note: str = ""
    expected: int = 0


def from_document(document: Document, expected: int) -> Draft:
    """Return the form of a document."""
    roles = zip(ROLES, (document.required, document.optional, document.excluded), strict=True)
    return Draft(
        code=document.code,
        texts={f"{group}.{code}": text for group in TEXTS for code, text in getattr(document, group).items()},
        profile=_rows(document.profile),
        circumstances=tuple((code, role) for role, codes in roles for code in codes),
        languages=", ".join(document.languages),
        budget=_typed(document.budget),
        max_km=_typed(document.max_km),
        hours="\n".join(document.hours),
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
            for group in TEXTS
            for language in LANGUAGES
        },
        profile=_form_rows(form, "profile", "weight"),
        circumstances=tuple((code, role) for code, role in named if role) + _form_rows(form, "also", "role"),
        languages=form.get("languages", ""),
        budget=form.get("budget", ""),
        max_km=form.get("max_km", ""),
        hours=form.get("hours", ""),
        lines=tuple(_line_of(form, f"lines.{number}") for number in numbers[: MOST_LINES + 1]),
        note=form.get("note", ""),
        expected=int(expected) if re.fullmatch(r"\d{1,9}", expected) else 0,
    )


def to_form(draft: Draft) -> list[tuple[str, str]]:
    """Return the fields that `from_form` reads, so that a page can send a form along unseen."""
    plain = ("code", "languages", "budget", "max_km", "hours", "note", "expected")
    of_line = ("key", "need", "service_type", "start_day", "weight", "duration")
    sent = [(name, str(getattr(draft, name))) for name in plain]
    sent += draft.texts.items()
    sent += _sent_rows("profile", "weight", draft.profile) + _sent_rows("also", "role", draft.circumstances)
    for number, line in enumerate(draft.lines):
        start = f"lines.{number}"
        sent += [(f"{start}.{name}", getattr(line, name)) for name in of_line]
        sent += [(f"{start}.goal.{language}", text) for language, text in line.goal.items()]
        sent += _sent_rows(f"{start}.addresses", "share", line.addresses)
        sent += [(f"{start}.after", key) for key in line.after]
        sent += [(f"{start}.required", "yes")] if line.required else []
    return sent


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


def _sent_rows(name: str, other: str, rows: tuple[Row, ...]) -> list[Row]:
    """Return the two lists of fields that `_form_rows` reads."""
    return [pair for code, chosen in rows for pair in ((f"{name}.code", code), (f"{name}.{other}", chosen))]


def _typed(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
