"""What a person chose for the columns of a plain CSV, as a map in TOML that the terminal takes as well."""

import json
from collections.abc import Iterator, Mapping

from netmap.importing.mapping import LEAST

PLACES = ("location.", "address.")
Fields = dict[str, str | list[str]]
"""Field of HSDS -> the column that fills it, or the columns that together do."""


def as_map(choices: Mapping[str, str], source: str, file_name: str) -> str:
    """Return a map for `netmap import FILE --map MAP.toml`.

    Examples
    --------
    >>> print(as_map({"Agency": "organization.name", "Fax": ""}, "offers", "offers.csv").split("\\n\\n")[0])
    source = "offers"
    title = "offers.csv"
    licence = "?"
    attribution = "offers.csv"
    """
    head = {"source": source, "title": file_name, "licence": "?", "attribution": file_name}
    lines = [f"{key} = {_quoted(text)}" for key, text in head.items()]
    for into, needs, fields in _tables({target: column for column, target in choices.items() if target}):
        lines += ["", "[[table]]", f"into = {_quoted(into)}"]
        if needs:
            lines.append("keep_if = { " + ", ".join(f'{_quoted(column)} = "*"' for column in needs) + " }")
        lines.append("[table.fields]")
        lines += [f"{name} = {_value(columns)}" for name, columns in fields.items()]
    return "\n".join(lines) + "\n"


def _tables(chosen: Mapping[str, str]) -> Iterator[tuple[str, list[str], Fields]]:
    """Give (file of HSDS, columns that a row must fill, fields) for all tables that the choices fill."""
    organization = [chosen["organization.name"]] if "organization.name" in chosen else []
    name = next(chosen[target] for target in LEAST if target in chosen)
    place = [column for target, column in chosen.items() if target.startswith(PLACES)]
    place_id = [chosen["location.id"]] if "location.id" in chosen else place
    own = dict.fromkeys([*organization, name, *place])
    service_id = [chosen["service.id"]] if "service.id" in chosen else list(own)
    owner: Fields = {"organization_id": organization} if organization else {}
    if organization:
        yield "organizations", organization, {"id": organization, **_fields(chosen, "organization")}
    yield "services", [], {"id": service_id, **owner, "name": name, **_fields(chosen, "service")}
    if place:
        yield "locations", _telling(chosen, place), {"id": place_id, **_fields(chosen, "location")}
        yield (
            "service_at_location",
            _telling(chosen, place),
            {"service_id": service_id, "location_id": place_id},
        )
    if address := _fields(chosen, "address"):
        yield "addresses", [], {"id": place_id, "location_id": place_id, **address}
    for table, into in _DETAILS.items():
        if fields := _fields(chosen, table):
            yield into, [], {"service_id": service_id, **fields}


def _telling(chosen: Mapping[str, str], place: list[str]) -> list[str]:
    """Return the column without which a row names no place: its number, its town, or the first chosen."""
    return [chosen.get("location.id") or chosen.get("address.city", place[0])]


_DETAILS = {
    "phone": "phones",
    "schedule": "schedules",
    "required_document": "required_documents",
    "service_area": "service_areas",
}


def _fields(chosen: Mapping[str, str], table: str) -> Fields:
    found: Fields = {}
    for target, column in chosen.items():
        owner, _dot, name = target.partition(".")
        if owner == table and name != "id":
            # Words about hours become hours where they can be read; else the words are kept.
            found["hours_text" if target == "schedule.description" else name] = column
    return found


def _value(columns: str | list[str]) -> str:
    if isinstance(columns, str):
        return _quoted(columns)
    return f'{{ columns = [{", ".join(map(_quoted, columns))}], join = "/" }}'


def _quoted(text: str) -> str:
    """Return a text as TOML writes it.

    Examples
    --------
    >>> print(_quoted('a "b" \\u007f'))
    "a \\"b\\" \\u007F"
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
