"""A form of a record on its way between record, browser and page, with everything that was typed."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from netmap.directory.hours_words import DAYS
from netmap.editing import record
from netmap.editing.fields import Field
from netmap.editing.meeting import rows_of
from netmap.editing.parts import key_of
from netmap.editing.saving import Form
from netmap.editing.week import BETWEEN, DASH
from netmap.web.conflicts import choices_of

ABOUT = ("csrf_token", "do", "version", "base", "seen", "draft", "rows", "whole", "organization", "note")
SPANS = 2  # of a day; more where there are more
WORKDAYS = DAYS[:5]
_DAY = r"(?:.+\.)?(?:hours\.(?:MO|TU|WE|TH|FR|SA|SU)|exceptions\.[^.]+\.hours)"
_CLOCK = re.compile(rf"({_DAY})\.(from|to)([1-9])")
_NEW = re.compile(r"(.+)\.\+(\d{1,4})$")


@dataclass(frozen=True)
class Sheet:
    """A form as the page shows it.

    Parameters
    ----------
    kind : "service", "organization" or "location"
    form : Form
        What was typed, and the version it began with.
    errors : mapping
        Field -> sentence.
    shown : sequence of str
        Rows that are shown although nothing is typed in them yet: "phones.+1".
    choices : mapping
        Name of a column -> (value, words) to choose from, where the field itself does not know them.
    draft : str
        Id of the draft that the form comes from, or "".
    """

    kind: str
    form: Form
    errors: Mapping[str, str] = field(default_factory=dict)
    shown: Sequence[str] = ()
    choices: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    draft: str = ""

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        return self.form.fields.get(name, "")

    def field(self, name: str) -> Field | None:
        """Return the field of a name."""
        return record.field_of(self.kind, name)

    def label(self, name: str) -> str:
        """Return what a field is called within its row."""
        found = self.field(name)
        return (found.short or found.label)() if found else name

    def options(self, name: str) -> list[tuple[str, str]]:
        """Return what can be chosen in a field, with nothing first; what stands there is always among it."""
        found = self.field(name)
        known = (
            found.choices().items() if found and found.choices else self.choices.get(name.split(".")[-1], ())
        )
        value = self.value(name)
        missing = [] if not value or value in dict(known) else [(value, value)]
        return [("", ""), *known, *missing]

    def rows(self, name: str) -> list[str]:
        """Return the rows below a name ("phones") as they come: those with content, then empty ones."""
        size = name.count(".") + 2
        start = f"{name}."
        named = (".".join(one.split(".")[:size]) for one in self.form.fields if one.startswith(start))
        return list(dict.fromkeys([*named, *(row for row in self.shown if row.rpartition(".")[0] == name)]))

    def unshown(self, row: str, shown: Sequence[str]) -> list[str]:
        """Return the fields of a row that hold something and are not among those shown: they go along."""
        start = f"{row}."
        return [
            one
            for one in self.form.fields
            if one.startswith(start)
            and "." not in one[len(start) :]
            and one[len(start) :] not in shown
            and not one.endswith(".remove")
        ]

    def keys(self, name: str) -> list[str]:
        """Return the codes below a name ("types"), new ones left out."""
        start = f"{name}."
        return [one.removeprefix(start) for one in self.form.fields if one.startswith(start)]

    def spans(self, name: str) -> list[tuple[str, str]]:
        """Return the spans of a day as (from, to), empty ones added."""
        parts = [part.partition(DASH) for part in self.value(name).split(BETWEEN.strip()) if part.strip()]
        found = [(first.strip(), last.strip()) for first, _dash, last in parts]
        wanted = 1 if name.endswith(".hours") else SPANS
        return found + [("", "")] * (wanted - len(found))

    def has(self, name: str) -> bool:
        """Return whether anything is typed, shown or wrong below a name."""
        start = f"{name}."
        return any(
            one.startswith(start) for some in (self.form.fields, self.errors, self.shown) for one in some
        )

    def base(self) -> str:
        """Return the record as it was when the form was opened, to be sent along."""
        return (
            "" if self.form.base is None else json.dumps(self.form.base, ensure_ascii=False, sort_keys=True)
        )

    def anchor(self, name: str) -> str:
        """Return the id of what the page shows for a field: a day begins with its first box."""
        return f"{name}.from1" if re.fullmatch(_DAY, name) else name

    def summary(self) -> dict[str, str]:
        """Return the errors by the ids of their fields, in the order of the page as far as it is known."""
        return {self.anchor(name): sentence for name, sentence in self.errors.items()}

    def hidden(self) -> list[tuple[str, str]]:
        """Return the fields as they are sent along unseen."""
        sent = list(self.form.fields.items())
        return [*sent, ("version", str(self.form.version)), ("base", self.base()), ("whole", "yes")]


def sheet_of(kind: str, sent: "MultiDict[str, str]") -> Sheet:
    """Return the form that a browser has sent."""
    version, seen = sent.get("version", ""), sent.get("seen", "")
    form = Form(
        fields=_fields(sent),
        version=int(version) if re.fullmatch(r"\d{1,9}", version) else -1,
        base=_base(sent.get("base", "")),
        choices=choices_of(sent),
        seen=int(seen) if re.fullmatch(r"\d{1,9}", seen) else -1,
    )
    shown = [row for row in sent.getlist("rows") if _NEW.fullmatch(row)][:200]
    return Sheet(kind, form, shown=shown, draft=sent.get("draft", ""))


def changed(sheet: Sheet, action: str) -> Sheet:
    """Return the form after one of its buttons: "add.phones", "copy.hours" (Monday to all working days)."""
    verb, _dot, name = action.partition(".")
    if verb == "add" and re.fullmatch(r"[a-z_]+(\.[^.]+\.[a-z_]+)*", name):
        used = {
            int(found[2]) for row in _all_rows(sheet) if (found := _NEW.fullmatch(row)) and found[1] == name
        }
        return replace(sheet, shown=[*sheet.shown, f"{name}.+{max(used, default=0) + 1}"])
    if verb == "copy":
        fields = dict(sheet.form.fields)
        for day in WORKDAYS[1:]:
            fields[f"{name}.{day}"] = sheet.value(f"{name}.{WORKDAYS[0]}")
        kept = {one: text for one, text in fields.items() if text}
        return replace(sheet, form=replace(sheet.form, fields=kept))
    return sheet


def _all_rows(sheet: Sheet) -> Iterable[str]:
    yield from sheet.shown
    for name in sheet.form.fields:
        yield from rows_of(name)


def _fields(sent: "MultiDict[str, str]") -> dict[str, str]:
    """Return the fields of a record that a form holds: clocks put together, new codes named."""
    found: dict[str, str] = {}
    clocks: dict[str, dict[int, list[str]]] = {}
    for name, text in sent.items():
        if name in ABOUT or name.startswith("keep."):
            continue
        if clock := _CLOCK.fullmatch(name):
            span = clocks.setdefault(clock[1], {}).setdefault(int(clock[3]), ["", ""])
            span[clock[2] == "to"] = text.replace(DASH, "-").replace(";", ",").strip()
        elif name == "types.+1":
            found |= {f"types.{text}": "confirmed"} if text else {}
        elif named := re.fullmatch(r"eligibility\.(\+\d{1,3})\.code", name):
            effect = sent.get(f"eligibility.{named[1]}.effect", "")
            found |= {f"eligibility.{text}": effect or "required"} if text else {}
        elif not re.fullmatch(r"eligibility\.\+\d{1,3}\.effect", name):
            found[name] = text
    for name, spans in clocks.items():
        parts = (f"{first}{DASH}{last}" for _number, (first, last) in sorted(spans.items()) if first or last)
        found[name] = BETWEEN.join(parts)
    return {name: text for name, text in found.items() if text.strip()}


def _base(text: str) -> dict[str, str] | None:
    """Return the record as it was when the form was opened; None where that is not told rightly."""
    try:
        found = json.loads(text) if text else None
    except ValueError:
        return None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        return None
    return {str(name): value for name, value in found.items()}


def row_name(name: str, row_id: str) -> str:
    """Return how the row of an id is named in a form."""
    return f"{name}.{key_of(row_id)}"
