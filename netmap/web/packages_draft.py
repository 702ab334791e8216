"""The form of a package as it was typed, so that nothing is lost when it comes back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from netmap.packages.document import Document, to_mapping
from netmap.packages.lines import MOST_LINES
from netmap.packages.standard import SLOTS

EMPTY_NEEDS = 3  # rows to add problems
MOST_ROWS = 60
ROLES = ("required", "optional", "excluded")
# texts in every language; a dot stands where the document has a table in a table
TEXTS = (
    "name",
    "paper_name",
    "description",
    "reason",
    "crisis.text",
    *(f"standard.{slot}" for slot in SLOTS),
)
PLAIN = ("languages", "budget", "max_km", "hours", "track", "model", "cost", "owner", "pilot")
OF_LINE = ("need", "service_type", "start_day", "weight", "duration", "beside")
NO_DOSE = ("", "week", "")
Row = tuple[str, str]  # a code and what was chosen for it


@dataclass(frozen=True)
class DraftSubstitute:
    """One substitute as typed."""

    service_type: str = ""
    share: str = "1"
    when: str = "any"
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DraftLine:
    """One line as typed; the dose is times, per what, and for how many weeks."""

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
    cause: Mapping[str, str] = field(default_factory=dict)
    substitutes: tuple[DraftSubstitute, ...] = ()
    dose: tuple[str, str, str] = NO_DOSE
    beside: str = ""
    when: tuple[str, ...] = ()


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
    track: str = "barriers"
    model: str = ""
    crisis_types: tuple[str, ...] = ()
    cost: str = ""
    owner: str = ""
    pilot: str = ""  # "yes" or ""
    lines: tuple[DraftLine, ...] = ()
    note: str = ""
    expected: int = 0


def from_document(document: Document, expected: int) -> Draft:
    """Return the form of a document."""
    return from_mapping(to_mapping(document), expected)


def from_mapping(values: Mapping[str, Any], expected: int) -> Draft:
    """Return the form of what a file holds, whatever stands in it: what cannot be shown is left out."""
    circumstances, crisis, standard = (
        _table(values.get(name)) for name in ("circumstances", "crisis", "standard")
    )
    texts = {name: values.get(name) for name in ("name", "paper_name", "description")}
    texts |= {"reason": circumstances.get("reason"), "crisis.text": crisis.get("text")}
    texts |= {f"standard.{slot}": standard.get(slot) for slot in SLOTS}
    return Draft(
        code=_typed(values.get("code")),
        texts={
            f"{group}.{language}": text
            for group, found in texts.items()
            for language, text in _texts(found).items()
        },
        profile=_rows(values.get("profile")),
        circumstances=tuple((code, role) for role in ROLES for code in _list(circumstances.get(role))),
        languages=", ".join(_list(values.get("languages"))),
        hours="\n".join(_list(values.get("hours"))),
        crisis_types=_list(crisis.get("service_types")),
        pilot="yes" if values.get("pilot") is True else "",
        **{name: _typed(values.get(name)) for name in ("budget", "max_km", "model", "cost", "owner")},
        track=_typed(values.get("track")) or "barriers",
        lines=tuple(
            _line(_table(line), number)
            for number, line in enumerate(_sequence(values.get("lines"))[: MOST_LINES + 1], start=1)
        ),
        expected=expected,
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
        gone = lines.pop(place).key
        lines = [_without(line, gone) for line in lines]
    elif verb in ("up", "down"):
        other = min(max(place + (-1 if verb == "up" else 1), 0), len(lines) - 1)
        lines.insert(other, lines.pop(place))
    return replace(draft, lines=tuple(lines))


def _without(line: DraftLine, gone: str) -> DraftLine:
    """Return a line that neither waits for another nor goes beside it any more."""
    after = tuple(key for key in line.after if key != gone)
    if line.beside != gone:
        return replace(line, after=after)
    return replace(line, after=after, beside="", when=())


def _line(values: Mapping[str, Any], number: int) -> DraftLine:
    dose = _table(values.get("dose"))
    return DraftLine(
        key=_typed(values.get("key")) or f"line_{number}",
        need=_typed(values.get("need")),
        service_type=_typed(values.get("service_type")),
        goal=_texts(values.get("goal")),
        addresses=_rows(values.get("addresses")),
        after=_list(values.get("after")),
        start_day=_typed(values.get("start_day", 0)),
        weight=_typed(values.get("weight", 1)),
        required=values.get("required", True) is not False,
        duration=_typed(values.get("duration")),
        cause=_texts(values.get("cause")),
        substitutes=tuple(
            DraftSubstitute(
                service_type=_typed(one.get("service_type")),
                share=_typed(one.get("share", 1)),
                when=_typed(one.get("when")) or "any",
                note=_texts(one.get("note")),
            )
            for one in map(_table, _sequence(values.get("substitutes")))
        ),
        dose=(_typed(dose.get("times")), _typed(dose.get("per")) or NO_DOSE[1], _typed(dose.get("weeks"))),
        beside=_typed(values.get("beside")),
        when=_list(values.get("when")),
    )


def _table(value: object) -> Mapping[str, Any]:
    return {str(key): part for key, part in value.items()} if isinstance(value, Mapping) else {}


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _texts(value: object) -> dict[str, str]:
    return {language: text for language, text in _table(value).items() if isinstance(text, str) and text}


def _list(value: object) -> tuple[str, ...]:
    return tuple(text for text in map(_typed, _sequence(value)) if text)[:MOST_ROWS]


def _rows(value: object) -> tuple[Row, ...]:
    return tuple((code, _typed(part)) for code, part in _table(value).items())[:MOST_ROWS]


def _typed(value: object) -> str:
    """Return a value as it would be typed.

    Examples
    --------
    >>> _typed(0.5), _typed(None), _typed(["a"]), _typed("a")
    ('0.5', '', '', 'a')
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return ""
    return value if isinstance(value, str) else f"{value:.15g}" if isinstance(value, float) else str(value)
