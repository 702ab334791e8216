"""Forms that carry what they showed: their fields, what was typed, and what happens when two people save.

A form carries the state in which it was opened (``was``). When it comes back, `settle` puts that, what is
kept now and what was typed together field by field: what only one has changed is taken without asking, for
the rest the page of conflicts shows both. Nothing that was typed is lost.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import render_template, request

from netmap.i18n import gettext as _
from netmap.merging import merge
from netmap.web import conflicts

MOST_ROWS, SPARE = 40, 2  # rows of one field; empty ones that a form shows
WAS, SEEN = "was", "seen"
_OWN = frozenset({"csrf_token", WAS, SEEN, "do", "more"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: ``kind`` is line, area, day, number, choice, email or rows.

    ``options`` are (value, words) of a choice; ``columns`` the fields of each row, of the same kinds.
    """

    name: str
    label: str
    kind: str = "line"
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    columns: Sequence["Field"] = ()
    list_id: str = ""  # of the names that the browser offers while one types
    heading: str = ""  # begins a part of the form


Fields = Sequence[Field]


def typed_of(fields: Fields) -> dict[str, Any]:
    """Return what was sent for the fields of a form."""
    return {one.name: _rows_of(one) if one.kind == "rows" else _sent(one.name) for one in fields}


def _sent(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")


def _rows_of(field: Field) -> tuple[tuple[str, ...], ...]:
    names = [column.name for column in field.columns]
    rows = (tuple(_sent(f"{field.name}-{number}-{name}") for name in names) for number in range(MOST_ROWS))
    return tuple(row for row in rows if any(cell.strip() for cell in row))


def prefilled(fields: Fields, **values: Any) -> dict[str, Any]:
    """Return an empty form with some values filled in."""
    return {one.name: () if one.kind == "rows" else "" for one in fields} | values


def written(flat: Mapping[str, Any]) -> str:
    """Return the fields of a form as the text that the form carries."""
    return json.dumps(flat, ensure_ascii=False, sort_keys=True)


def _read(text: str) -> dict[str, Any] | None:
    """Return the fields that a form carries, None where that is none of ours."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    return {name: _tuples(value) for name, value in found.items() if isinstance(value, str | list)}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


def settle(
    title: str, label: Callable[[str], str], words: conflicts.Words, now: Mapping[str, Any],
    typed: Mapping[str, Any], back: str,
) -> tuple[dict[str, Any] | None, str]:  # fmt: skip
    """Return the fields that both changes make together, or None and the page that asks.

    Parameters
    ----------
    title : str
        Of the page that asks.
    label, words : callables
        The name of a field, and its value as lines of text.
    now, typed : mappings
        The form of what is kept now, and the form as it was sent.
    back : str
        Where one goes who throws away what was typed.
    """
    was = _read(request.form.get(WAS, ""))
    found = merge(was, dict(now), dict(typed))
    state = sha256(written(now).encode()).hexdigest()[:16]
    current = request.form.get(SEEN, "") == state
    chosen = conflicts.choices_of(request.form) if current else {}
    missing = found.open(chosen)
    if not missing:
        return found.settled(chosen), ""
    settling = request.form.get("do") == conflicts.SETTLE
    page = render_template(
        "parts/settle.html",
        title=title,
        asked=conflicts.asked_of(found, label, words, chosen),
        taken=[(label(name), words(name, found.agreed.get(name))) for name in found.from_theirs],
        known=was is not None,
        hidden=_everything_sent(),
        was=request.form.get(WAS, ""),
        seen=state,
        moved_on=settling and not current,
        errors={conflicts.PREFIX + name: _("Choose for: %(what)s", what=label(name)) for name in missing}
        if settling and current
        else {},
        action=request.path,
        back=back,
    )
    return None, page


def settle_form(
    title: str, fields: Fields, now: Mapping[str, Any], typed: Mapping[str, Any], back: str
) -> tuple[dict[str, Any] | None, str]:
    """Return the fields that both changes of a form make together, or None and the page that asks."""
    known = {one.name: one for one in fields}

    def words(name: str, value: Any) -> tuple[str, ...]:
        return in_words(known[name], value)

    return settle(title, lambda name: known[name].label, words, now, typed, back)


def in_words(field: Field, value: Any) -> tuple[str, ...]:
    """Return the value of a field as lines of text."""
    if not value:
        return ()
    if field.kind == "rows":
        return tuple(", ".join(cell for cell in row if cell) for row in value)
    named = dict(field.options).get(str(value))
    return (named,) if named else tuple(str(value).splitlines())


def _everything_sent() -> list[tuple[str, str]]:
    """Return what was typed, to be carried along unseen."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in _OWN and not name.startswith(conflicts.PREFIX)
    ]


def show(template: str, fields: Fields, typed: Mapping[str, Any], was: Mapping[str, Any] | None = None,
         errors: Mapping[str, str] | None = None, **more: Any) -> str:  # fmt: skip
    """Return the page of a form; ``was`` is what is kept now, None for something new."""
    return render_template(
        template,
        fields=fields,
        typed=typed,
        was="" if was is None else written(was),
        errors=errors or {},
        rows_shown={one.name: min(MOST_ROWS, len(typed.get(one.name) or ()) + SPARE) for one in fields},
        **more,
    )
