"""Two changes of one package: its form as flat fields, and back again. Pure.

A line that all sides have is taken apart field by field; one that somebody added or removed stays whole, so
that a package never gets half a line.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from netmap.merging import Merge, merge
from netmap.web.packages_draft import NO_DOSE, OF_LINE, PLAIN, Draft, DraftLine

ORDER = "order"


def together(base: Draft | None, theirs: Draft, mine: Draft) -> tuple[Merge, Draft]:
    """Return what two changes of a package make together, and mine with its new lines named apart.

    Parameters
    ----------
    base : Draft or None
        The package as it was when mine began; None where that is not known.
    theirs, mine : Draft
        Forms of documents, so that equal things are written alike.
    """
    mine = _named_apart(base, theirs, mine)
    sides = [side for side in (base, theirs, mine) if side is not None]
    common = set.intersection(*({line.key for line in side.lines} for side in sides))
    first, second = _flat(theirs, common), _flat(mine, common)
    return merge(None if base is None else _flat(base, common), first, second), mine


def draft_of(fields: Mapping[str, Any], theirs: Draft, mine: Draft, expected: int) -> Draft:
    """Return the form of settled fields; the lines stand in the order that was settled."""
    lines = {}
    for key in dict.fromkeys(line.key for side in (mine, theirs) for line in side.lines):
        if whole := fields.get(f"lines.{key}"):
            lines[key] = whole
        elif f"lines.{key}.required" in fields:
            lines[key] = _line(key, _below(fields, f"lines.{key}."))
    ordered = _ordered(fields.get(ORDER, ()), lines.keys(), theirs, mine)
    kept = (lines[key] for key in ordered)
    return Draft(
        code=mine.code,
        texts=_below(fields, "texts."),
        profile=tuple(_below(fields, "profile.").items()),
        circumstances=tuple(_below(fields, "circumstances.").items()),
        crisis_types=tuple(_below(fields, "crisis.")),
        **{name: fields.get(name, "") for name in PLAIN},
        lines=tuple(_without_gone(line, lines) for line in kept),
        note=mine.note,
        expected=expected,
    )


def _flat(draft: Draft, common: Collection[str]) -> dict[str, Any]:
    plain = {name: getattr(draft, name) for name in PLAIN}
    fields: dict[str, Any] = {
        **{f"texts.{name}": text for name, text in draft.texts.items()},
        **{f"profile.{code}": weight for code, weight in draft.profile},
        **{f"circumstances.{code}": role for code, role in draft.circumstances},
        **{f"crisis.{code}": "yes" for code in draft.crisis_types},
        **plain,
        ORDER: tuple(line.key for line in draft.lines if line.key in common),
    }
    for line in draft.lines:
        start = f"lines.{line.key}"
        if line.key not in common:
            fields[start] = line
            continue
        fields |= {f"{start}.{name}": value for name, value in _of_line(line).items()}
    return {name: value for name, value in fields.items() if value not in ("", ())}


def _of_line(line: DraftLine) -> dict[str, Any]:
    """Return a line as flat fields; its dose and its substitutes are one field each."""
    return {
        **{name: getattr(line, name) for name in OF_LINE},
        **{f"goal.{language}": text for language, text in line.goal.items()},
        **{f"cause.{language}": text for language, text in line.cause.items()},
        **{f"addresses.{code}": share for code, share in line.addresses},
        **{f"after.{key}": "yes" for key in line.after},
        **{f"when.{code}": "yes" for code in line.when},
        "dose": line.dose if any(line.dose[::2]) else (),
        "substitutes": line.substitutes,
        "required": "yes" if line.required else "no",
    }


def _without_gone(line: DraftLine, lines: Collection[str]) -> DraftLine:
    """Return a line that names no line which is gone."""
    beside = line.beside if line.beside in lines else ""
    after = tuple(key for key in line.after if key in lines)
    return replace(line, after=after, beside=beside, when=line.when if beside else ())


def _below(fields: Mapping[str, Any], start: str) -> dict[str, Any]:
    return {name.removeprefix(start): value for name, value in fields.items() if name.startswith(start)}


def _line(key: str, fields: Mapping[str, Any]) -> DraftLine:
    return DraftLine(
        key=key,
        **{name: fields.get(name, "") for name in OF_LINE},
        goal=_below(fields, "goal."),
        cause=_below(fields, "cause."),
        addresses=tuple(_below(fields, "addresses.").items()),
        after=tuple(_below(fields, "after.")),
        when=tuple(_below(fields, "when.")),
        dose=fields.get("dose", NO_DOSE),
        substitutes=fields.get("substitutes", ()),
        required=fields.get("required") == "yes",
    )


def _named_apart(base: Draft | None, theirs: Draft, mine: Draft) -> Draft:
    """Give my new lines other keys where somebody else's new line has the same: both are kept."""
    if base is None:
        return mine
    known = {line.key for line in base.lines}
    others = {line.key: line for line in theirs.lines if line.key not in known}
    taken = known | others.keys() | {line.key for line in mine.lines}
    renamed: dict[str, str] = {}
    for line in mine.lines:
        if line.key not in known and others.get(line.key, line) != line:
            renamed[line.key] = next(key for n in range(1, 1000) if (key := f"line_{n}") not in taken)
            taken.add(renamed[line.key])
    return replace(
        mine,
        lines=tuple(
            replace(
                line,
                key=renamed.get(line.key, line.key),
                after=tuple(renamed.get(key, key) for key in line.after),
                beside=renamed.get(line.beside, line.beside),
            )
            for line in mine.lines
        ),
    )


def _ordered(settled: Iterable[str], kept: Collection[str], *sides: Draft) -> list[str]:
    """Return the keys of all lines: the settled order, and the others after the line they followed."""
    order = [key for key in settled if key in kept]
    for side in sides:
        place = 0
        for line in side.lines:
            if line.key in order:
                place = order.index(line.key) + 1
            elif line.key in kept:
                order.insert(place, line.key)
                place += 1
    return order
