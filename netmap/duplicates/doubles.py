"""When two rows that hang on a record say the same, so that one of them is enough. Pure.

Two telephones with one number are doubles, unless their descriptions differ: then nobody knows which is
right, and both stay.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from netmap.duplicates.spelling import address_key, letters, phone_key

Row = Mapping[str, Any]

# Columns that say which row it is and where it came from.
UNSAID = frozenset({"id", "source_id", "source_key", "removed_in_source", "version", "last_modified"})
# Records that people know by themselves: two of them are never made one unasked.
RECORDS = frozenset({"organization", "service", "location", "program"})
# Rows of which a blank field only means that less was written down. Elsewhere a blank means something: hours
# without a first day always hold.
BLANK_SAYS_NOTHING = frozenset({
    "phone", "address", "contact", "language", "url", "organization_identifier", "required_document",
    "funding", "accessibility", "alias",
})  # fmt: skip
# One row for these, whatever else it says.
ONLY_ONE: Mapping[str, tuple[str, ...]] = {
    "service_at_location": ("service_id", "location_id"),
    "service_type_link": ("service_id", "code"),
    "eligibility_rule": ("service_id", "code", "effect"),
    "alias": ("organization_id", "service_id", "name"),
}
_KEYS: Mapping[tuple[str, str], Callable[[str], str | None]] = {
    ("phone", "number"): phone_key,
    ("address", "address_1"): lambda typed: address_key(typed, ""),
    ("url", "url"): lambda typed: (
        typed.casefold().removeprefix("https://").removeprefix("http://").strip("/")
    ),
}


def are_doubles(table: str, one: Row, other: Row, references: frozenset[str]) -> bool:
    """Return whether two rows of a table say the same.

    Parameters
    ----------
    table : str
    one, other : mapping
        The second as it will be, hanging on the record on which the first hangs.
    references : frozenset of str
        Columns that name other rows.

    Examples
    --------
    >>> here = {"id": "1", "number": "(202) 555-0101", "description": None, "organization_id": "a"}
    >>> there = {"id": "2", "number": "+1 202 5550101", "description": "Desk", "organization_id": "a"}
    >>> are_doubles("phone", here, there, frozenset({"organization_id"}))
    True
    >>> are_doubles("phone", {**here, "description": "Director"}, there, frozenset({"organization_id"}))
    False
    """
    if table in RECORDS:
        return False
    if table in ONLY_ONE:
        return all(one.get(name) == other.get(name) for name in ONLY_ONE[table])
    said = False
    for name, value in one.items():
        if name in UNSAID:
            continue
        if name in references:
            if value != other[name]:
                return False
            continue
        here, there = _key(table, name, value), _key(table, name, other[name])
        if here is None or there is None:
            if here is not there and table not in BLANK_SAYS_NOTHING:
                return False
        elif here != there:
            return False
        else:
            said = True
    return said or table not in BLANK_SAYS_NOTHING


def _key(table: str, name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    own = _KEYS.get((table, name))
    return (own(value) if own else None) or " ".join(_WORD.findall(letters(value)))


def filled(table: str, kept: Row, gone: Row) -> dict[str, Any]:
    """Return what the kept row takes over from its double.

    Examples
    --------
    >>> filled("phone", {"number": "1", "description": None}, {"number": "1", "description": "Desk"})
    {'description': 'Desk'}
    >>> link = {"state": "suggested", "decided_at": None, "code": "food"}
    >>> filled("service_type_link", link, {**link, "state": "confirmed", "decided_at": "2026-01-02"})
    {'state': 'confirmed', 'decided_at': '2026-01-02'}
    """
    if table == "service_type_link" and _decided(gone) > _decided(kept):
        return {name: value for name, value in gone.items() if name not in _LINK and value != kept[name]}
    if table == "curation":  # a decision in force is kept as it was made
        return {}
    changed = {
        name: value
        for name, value in gone.items()
        if name not in UNSAID and kept[name] in (None, "") and value not in (None, "")
    }
    if table == "personal_tie" and kept["sentence"] != gone["sentence"]:  # both are what one colleague knows
        changed["sentence"] = f"{kept['sentence']} / {gone['sentence']}"
        changed["shared"] = kept["shared"] and gone["shared"]
    here, there = str(kept.get("description") or ""), str(gone.get("description") or "")
    if table == "service_at_location" and here and there and here != there:
        changed["description"] = f"{here}\n{there}"
    return changed


_WORD = re.compile(r"\w+")
_LINK = UNSAID | {"service_id", "code"}


def _decided(link: Row) -> tuple[bool, bool]:
    """Return how firm a type of a service is: what a person decided, then what a source states."""
    return link["decided_at"] is not None, link["state"] == "confirmed"
