"""The form of a package as a browser sends it: read into a draft, and written down again unseen."""

import re

from werkzeug.datastructures import MultiDict

from netmap.packages.lines import MOST_LINES
from netmap.packages.substitutes import MOST
from netmap.vocabulary.terms import LANGUAGES, vocabulary
from netmap.web.packages_draft import (
    MOST_ROWS,
    NO_DOSE,
    OF_LINE,
    PLAIN,
    TEXTS,
    Draft,
    DraftLine,
    DraftSubstitute,
    Row,
)

Form = MultiDict[str, str]


def from_form(form: Form) -> Draft:
    """Return what was typed; unknown and endless fields are left aside."""
    numbers = sorted(
        {int(found[1]) for name in form if (found := re.fullmatch(r"lines\.(\d{1,3})\.key", name))}
    )
    expected = form.get("expected", "")
    named = tuple((code, form.get(f"fact.{code}", "")) for code in vocabulary().circumstances)
    return Draft(
        code=form.get("code", ""),
        texts={name: text for group in TEXTS for name, text in _texts(form, group).items()},
        profile=_rows(form, "profile", "weight"),
        circumstances=tuple((code, role) for code, role in named if role) + _rows(form, "also", "role"),
        crisis_types=_chosen(form, "crisis.service_types"),
        **{name: form.get(name, "") for name in PLAIN},
        lines=tuple(_line(form, f"lines.{number}") for number in numbers[: MOST_LINES + 1]),
        note=form.get("note", ""),
        expected=int(expected) if re.fullmatch(r"\d{1,9}", expected) else 0,
    )


def to_form(draft: Draft) -> list[tuple[str, str]]:
    """Return the fields that `from_form` reads, so that a page can send a form along unseen."""
    sent = [(name, str(getattr(draft, name))) for name in ("code", *PLAIN, "note", "expected")]
    sent += draft.texts.items()
    sent += _sent_rows("profile", "weight", draft.profile) + _sent_rows("also", "role", draft.circumstances)
    sent += [("crisis.service_types", code) for code in draft.crisis_types]
    for number, line in enumerate(draft.lines):
        sent += _sent_line(f"lines.{number}", line)
    return sent


def _sent_line(start: str, line: DraftLine) -> list[Row]:
    sent = [(f"{start}.{name}", getattr(line, name)) for name in ("key", *OF_LINE)]
    for name, texts in (("goal", line.goal), ("cause", line.cause)):
        sent += [(f"{start}.{name}.{language}", text) for language, text in texts.items()]
    sent += _sent_rows(f"{start}.addresses", "share", line.addresses)
    sent += [(f"{start}.after", key) for key in line.after]
    sent += [(f"{start}.when", code) for code in line.when]
    sent += [(f"{start}.required", "yes")] if line.required else []
    sent += [(f"{start}.dose.{name}", text) for name, text in zip(_DOSE, line.dose, strict=True)]
    for number, one in enumerate(line.substitutes):
        place = f"{start}.substitutes.{number}"
        sent += [(f"{place}.{name}", getattr(one, name)) for name in ("service_type", "share", "when")]
        sent += [(f"{place}.note.{language}", text) for language, text in one.note.items()]
    return sent


_DOSE = ("times", "per", "weeks")


def _line(form: Form, start: str) -> DraftLine:
    times, per, weeks = (form.get(f"{start}.dose.{name}", "").strip() for name in _DOSE)
    return DraftLine(
        key=form.get(f"{start}.key", ""),
        **{name: form.get(f"{start}.{name}", "") for name in OF_LINE},
        goal=_in_languages(form, f"{start}.goal"),
        addresses=_rows(form, f"{start}.addresses", "share"),
        after=tuple(form.getlist(f"{start}.after")),
        required=form.get(f"{start}.required") == "yes",
        cause=_in_languages(form, f"{start}.cause"),
        substitutes=_substitutes(form, f"{start}.substitutes"),
        dose=(times, per or NO_DOSE[1], weeks),
        when=_chosen(form, f"{start}.when"),
    )


def _substitutes(form: Form, start: str) -> tuple[DraftSubstitute, ...]:
    """Return the substitutes; one without a kind of service was taken out."""
    found = []
    for number in range(MOST + 1):
        place = f"{start}.{number}"
        if service_type := form.get(f"{place}.service_type", ""):
            share, when = form.get(f"{place}.share", "1"), form.get(f"{place}.when", "any")
            found.append(DraftSubstitute(service_type, share, when, _in_languages(form, f"{place}.note")))
    return tuple(found)


def _texts(form: Form, group: str) -> dict[str, str]:
    return {f"{group}.{language}": text for language, text in _in_languages(form, group).items()}


def _in_languages(form: Form, name: str) -> dict[str, str]:
    return {language: form.get(f"{name}.{language}", "") for language in LANGUAGES}


def _chosen(form: Form, name: str) -> tuple[str, ...]:
    """Return what was chosen in selects of one name, without those that were left empty."""
    return tuple(code for code in form.getlist(name) if code)[:MOST_ROWS]


def _rows(form: Form, name: str, other: str) -> tuple[Row, ...]:
    """Return the rows of two selects that are sent side by side; rows without a code are left out."""
    codes, chosen = form.getlist(f"{name}.code"), form.getlist(f"{name}.{other}")
    return tuple((code, value) for code, value in zip(codes, chosen, strict=False) if code)[:MOST_ROWS]


def _sent_rows(name: str, other: str, rows: tuple[Row, ...]) -> list[Row]:
    """Return the two lists of fields that `_rows` reads."""
    return [pair for code, chosen in rows for pair in ((f"{name}.code", code), (f"{name}.{other}", chosen))]
