"""The language of maps: what each key does, and one sentence for each mistake."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from netmap.directory.hsds import import_path
from netmap.directory.map_check import check_map
from netmap.directory.models import (
    Address,
    Attribute,
    EligibilityRule,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceTypeLink,
    Source,
)
from netmap.directory.reading import maps
from netmap.directory.reading.gather import Found
from netmap.directory.reading.map_reading import parse_map, read_map
from netmap.directory.reading.mapped import apply_map
from netmap.directory.report import Report
from netmap.errors import Invalid
from netmap.paths import shipped
from tests.directory.reading.made_up import book, saved

pytestmark = pytest.mark.usefixtures("read_here")
ROOT = Path(__file__).resolve().parents[3]
HEAD = 'source = "s"\ntitle = "t"\nlicence = "l"\nattribution = "a"\n'
TABLE = HEAD + '[[table]]\ninto = "services"\n'
FIELDS = TABLE + "[table.fields]\n"
Tables = dict[str, list[dict[str, str]]]
Data = bytes | str | dict[str, Any] | list[Any]


def mapped(
    fields: str, data: Data, *, into: str = "services", more: str = "", top: str = ""
) -> tuple[Tables, Report]:
    """Apply a map of one table to one file."""
    made = parse_map("m.toml", f'{HEAD}{top}\n[[table]]\ninto = "{into}"\n{more}\n[table.fields]\n{fields}\n')
    text = data if isinstance(data, str | bytes) else json.dumps(data)
    report = Report("s")
    found = apply_map(made, [Found("a", text if isinstance(text, bytes) else text.encode())], report)
    return {file.table: [cells for _place, cells in file.rows()] for file in found}, report.close()


def values(fields: str, data: Data, **options: Any) -> list[str]:
    """Return what field x holds in each row."""
    found, _report = mapped(fields, data, **options)
    return [row.get("x", "") for rows in found.values() for row in rows]


# Fields


@pytest.mark.parametrize(
    ("field", "data", "expected"),
    [
        ('x = "a"', "a,b\n1,2\n", ["1"]),
        ('x = { column = "b" }', "a,b\n1,2\n", ["2"]),
        ('x = { columns = ["a", "b"] }', "a,b\n1,2\n", ["1, 2"]),
        ('x = { columns = ["a", "b"], join = " - " }', "a,b\n1,\n3,4\n", ["1", "3 - 4"]),
        ('x = { text = "same" }', "a\n1\n2\n", ["same", "same"]),
        ('x = { text = "{a}/{b}" }', "a,b\n1,2\n", ["1/2"]),
        ('x = { text = "A {a}\\nB {b}" }', "a,b\n1,\n", ["A 1"]),
        ('x = { column = "a", default = "none" }', "a,b\n,2\n", ["none"]),
        ('x = { column = "a", default = "no {b}" }', "a,b\n,2\n", ["no 2"]),
        ('x = { column = "a", split = ";" }', "a\n1; 2;3\n", ["1", "2", "3"]),
        ('x = { column = "a", split = ",", before = ":" }', "a\n\"x: 1, y: 2\"\n", ["x", "y"]),
        ('x = { column = "a", split = ",", after = ":" }', "a\n\"x: 1, y: 2\"\n", ["1", "2"]),
        ("x = { column = \"a\", pattern = '([0-9]+)' }", "a\nroom 12b\nnone\n", ["12", ""]),
        ('x = { column = "a", values = { Y = "yes" } }', "a\nY\ny\nN\n", ["yes", "yes", ""]),
        ('x = { column = "a", values = { Y = "yes" }, unknown = "keep" }', "a\nY\nN\n", ["yes", "N"]),
        ('x = { column = "a", as = "clock" }', "a\n830\n0\n2359\n0030\n8:15\n",
         ["08:30", "00:00", "23:59", "00:30", "8:15"]),
        ('x = { column = "a", as = "date dmy" }', "a\n03.02.2026\n3/2/2026\n", ["2026-02-03", "2026-02-03"]),
        ('x = { column = "a", as = "date mdy" }', "a\n02/03/2026\n", ["2026-02-03"]),
        ('x = { column = "a", as = "date ymd" }', "a\n2026/2/3 14:16\n", ["2026-02-03"]),
        ('x = { column = "a", as = "plain" }', "a\n<p>Warm<br>meals &amp; tea</p>\n", ["Warm\nmeals & tea"]),
    ],
)  # fmt: skip
def test_a_field_is_worked_out_as_its_keys_say(field: str, data: str, expected: list[str]) -> None:
    assert values(field, data) == expected


def test_pieces_of_two_columns_stand_side_by_side() -> None:
    fields = 'service_id = "a"\nnumber = { column = "n", split = ";" }\ntype = { column = "t", split = ";" }'
    found, _report = mapped(fields, "a,n,t\n7,1;2;3,voice;;fax\n", into="phones")

    assert [(row["service_id"], row["number"], row["type"]) for row in found["phones"]] == [
        ("7", "1", "voice"),
        ("7", "2", ""),
        ("7", "3", "fax"),
    ]


def test_what_is_not_among_the_values_is_told_with_its_rows_and_what_has_no_word_too() -> None:
    found, report = mapped(
        'id = "a"\nname = { column = "b", values = { Y = "yes", O = "" } }', "a,b\n1,Y\n2,N\n3,N\n4,O\n"
    )

    assert [row["name"] for row in found["services"]] == ["yes", "", "", ""]
    assert report.warnings == [
        "a, name: the map gives no meaning to O (1).",
        "a, name: 'N' is not among the values of the map; left empty (2 times; rows 3, 4).",
    ]


@pytest.mark.parametrize(
    ("reading", "value", "reason"),
    [
        ("clock", "875", "no time of the day"),
        ("clock", "9", "three or four digits"),
        ("clock", "2500", "no time of the day"),
        ("date dmy", "31.02.2026", "no date in the order"),
        ("date ymd", "soon", "no date in the order"),
    ],
)
def test_what_cannot_be_read_as_the_map_says_is_refused_with_its_row(
    reading: str, value: str, reason: str
) -> None:
    found, report = mapped(f'id = "a"\nx = {{ column = "b", as = "{reading}" }}', f"a,b\n1,{value}\n")

    assert found["services"][0]["x"] == ""
    (refused,) = report.rejected
    assert (refused.file, refused.row, refused.field, refused.value) == ("a", 2, "x", value)
    assert reason in refused.reason


# Rows


def test_conditions_keep_and_skip_rows_and_are_counted() -> None:
    data = "a,kind,state\n1,F,open\n2,S,open\n3,F,Closed\n4,,open\n"
    found, report = mapped(
        'x = "a"', data, more='keep_if = { kind = ["F", "S"] }\nskip_if = { state = "closed" }'
    )

    assert [row["x"] for row in found["services"]] == ["1", "2"]
    assert "a: rows not taken for services by the conditions of the map: 2." in report.warnings
    assert values('x = "a"', data, more='keep_if = { kind = "*" }') == ["1", "2", "3"]
    assert values('x = "a"', data, more='skip_if = { kind = "" }') == ["1", "2", "3"]


def test_a_condition_for_a_whole_file_is_said_once() -> None:
    found, report = mapped('x = "a"', "a,b\n1,x\n2,y\n", top='[files."*"]\nskip_if = { b = "y" }')

    assert [row["x"] for row in found["services"]] == ["1"]
    assert report.warnings == ["a: rows left out by the conditions of the map: 1."]


def test_a_shifted_row_can_be_known_by_its_surplus() -> None:
    data = "a,b\n1,x\n2,y,spilt\n"
    found, report = mapped('x = "a"\ny = "b"', data, more='skip_if = { "#surplus" = "*" }')

    assert [row["x"] for row in found["services"]] == ["1"]
    assert [(item.row, item.value) for item in report.rejected] == [(3, "spilt")]


def test_rows_that_hold_only_links_are_not_made_and_are_counted() -> None:
    found, report = mapped('service_id = "a"\nnumber = "n"', "a,n\n1,112\n2,\n", into="phones")

    assert len(found["phones"]) == 1
    assert "a: rows that hold nothing for phones: 1." in report.warnings


def test_a_column_for_each_day_is_read_line_by_line() -> None:
    fields = (
        'service_id = "No"\n[table.fields.hours_text]\nas = "hours_text"\nlanguage = "en"\nsplit = "\\n"\n'
    )
    fields += 'text = """\nMonday {Mon}\nTuesday {Tue}\nFriday {Fri}\n"""'
    found, report = mapped(fields, "No,Mon,Tue,Fri\n7,9:00-12:00,,by request\n", into="schedules")

    assert [
        (row["byday"], row["opens_at"], row["closes_at"], row["unread"]) for row in found["schedules"]
    ] == [
        ("MO", "09:00", "12:00", ""),
        ("", "", "", "Friday by request"),
    ]
    assert "a: of 2 texts of hours 1 cannot be read; the words are kept." in report.warnings


def test_a_line_without_an_address_makes_no_place_and_no_link_to_one() -> None:
    made = parse_map(
        "m.toml",
        HEAD
        + '[[table]]\ninto = "locations"\n[table.fields]\nid = { text = "{a}, {b}" }\nname = "n"\n'
        + '[[table]]\ninto = "service_at_location"\n[table.fields]\nservice_id = "n"\n'
        + 'location_id = { text = "{a}, {b}" }\n',
    )
    report = Report("s")
    found = apply_map(made, [Found("a", b"n,a,b\n1,Road,Town\n2,,\n")], report)

    assert [(file.table, len(file.cells)) for file in found] == [("locations", 1), ("service_at_location", 1)]
    assert "a: rows that hold nothing for locations: 1." in report.warnings


def test_several_tables_may_fill_one_record() -> None:
    made = parse_map(
        "m.toml",
        HEAD
        + '[[table]]\ninto = "services"\n[table.fields]\nid = "a"\nname = "b"\n'
        + '[[table]]\ninto = "services"\n[table.fields]\nid = "a"\ndescription = "c"\n'
        + '[[table]]\ninto = "taxonomies"\nrows = [ { id = "t", name = "Topics" } ]\n',
    )
    found = {
        file.table: [row for _place, row in file.rows()]
        for file in apply_map(made, [Found("a", b"a,b,c\n1,N,D\n")], Report("s"))
    }

    assert found["services"] == [{"id": "1", "name": "N", "description": "D"}]
    assert found["taxonomies"] == [{"id": "t", "name": "Topics"}]


# Files


NESTED = {
    "k1": {"name": "House", "tags": ["a", "b"], "at": {"city": "Town"}, "services": [
        {"name": "Meals", "hours": [{"day": "Monday"}, {"day": "Friday"}]}, {"name": "Beds"}]},
    "k2": {"name": "Club", "services": []},
}  # fmt: skip


@pytest.mark.parametrize(
    ("each", "field", "expected"),
    [
        ("*", 'x = "name"', ["House", "Club"]),
        ("*", 'x = "#key"', ["k1", "k2"]),
        ("*", 'x = "at.city"', ["Town", ""]),
        ("*", 'x = "tags.1"', ["b", ""]),
        ("*", 'x = "tags"', ["a, b", ""]),
        ("*", 'x = { column = "tags", split = ";" }', ["a", "b"]),
        ("*.tags", 'x = "#value"', ["a", "b"]),
        ("*.services", 'x = { text = "{up.name}: {name}" }', ["House: Meals", "House: Beds"]),
        ("*.services.hours", 'x = { columns = ["up.up.name", "up.name", "day"], join = "/" }',
         ["House/Meals/Monday", "House/Meals/Friday"]),
    ],
)  # fmt: skip
def test_json_is_walked_by_a_path_and_outer_objects_are_up(
    each: str, field: str, expected: list[str]
) -> None:
    assert values(field, NESTED, more=f'each = "{each}"') == expected


def test_a_row_of_json_is_named_by_its_path() -> None:
    _found, report = mapped(
        'x = { column = "day", as = "clock", values = { Monday = "99" }, unknown = "keep" }',
        NESTED,
        more='each = "*.services.hours"',
    )

    assert [item.row for item in report.rejected] == ["k1.services[0].hours[0]"]


def test_a_sheet_is_named_and_its_line_of_columns_too() -> None:
    data = saved(book(Notes=[["x"]], Services=[["List of 2026"], [], ["No", "Name"], [1, "Meals"]]))

    assert values('x = "Name"', data, more='sheet = "Services"', top='[files."*"]\nheader = 3') == ["Meals"]
    _found, report = mapped('x = "Name"', data, more='sheet = "Services"', top='[files."*"]\nheader = 3')
    assert "a: the map reads nothing of the sheets Notes." in report.warnings
    with pytest.raises(Invalid, match=r"a has 2 sheets \(Notes, Services\); name one with sheet"):
        values('x = "Name"', data)


def test_an_encoding_is_named() -> None:
    assert values('x = "a"', "a\nąžuolas\n".encode("cp1257"), top='[files."*"]\nencoding = "cp1257"') == [
        "ąžuolas"
    ]


def test_a_column_that_is_there_twice_gets_a_number() -> None:
    assert values('x = { columns = ["Phone", "Phone 2"] }', "Phone,Phone\n1,2\n") == ["1, 2"]


def test_what_the_map_does_not_take_is_told() -> None:
    _found, report = mapped('x = "a"', "a,b,c\n1,2,\n3,4,5\n")
    assert report.warnings == ["a: the map does not take these columns (filled cells): b (2), c (1)."]
    _found, report = mapped('x = "name"', NESTED, more='each = "*"')
    assert "the map does not take these keys (filled): tags (1), city (1), day (2)." in report.warnings[-1]


# Mistakes


BROKEN: list[tuple[str, str]] = [
    ("source = ",
     "is no TOML"),
    (HEAD,
     "m.toml, table: write at least one [[table]]"),
    (HEAD.replace("licence", "license"),
     "m.toml, license: 'license' is not known here; the nearest is 'licence'"),
    (HEAD.replace('source = "s"\n', ""),
     "m.toml, source: a text in quotation marks is needed here"),
    (TABLE,
     "m.toml, table 1 (services): give either fields or rows"),
    (HEAD + '[[table]]\nintoo = "services"',
     "m.toml, table 1, intoo: 'intoo' is not known here; the nearest is 'into'"),
    (FIELDS + 'name = { colum = "a" }',
     "table 1 (services), name, colum: 'colum' is not known"),
    (FIELDS + 'name = { column = "a", text = "b" }',
     "give one of column, columns and text"),
    (FIELDS + 'name = { column = "a", as = "time" }',
     "name, as: 'time' is not known"),
    (FIELDS + 'name = { column = "a", values = "x" }',
     "name, values: 'x' is not known"),
    (FIELDS + 'name = { column = "a", pattern = "(" }',
     "the pattern cannot be read"),
    (FIELDS + 'name = { column = "a", pattern = "a" }',
     "needs one pair of round brackets"),
    (FIELDS + 'name = 3',
     "name: a table is needed here"),
    (TABLE + 'skip_if = { a = 3 }\n[table.fields]\nname = "a"',
     "skip_if: write values in quotation marks"),
    (HEAD + '[files."a.csv"]\nencoding = "x"\n[[table]]\ninto = "services"\n[table.fields]\nid = "a"',
     'files."a.csv", encoding: \'x\' is not known'),
    (HEAD + '[files."a.csv"]\nheader = 0\n[[table]]\ninto = "services"\n[table.fields]\nid = "a"',
     "header: give the number of the line"),
    (HEAD + '[[table]]\ninto = "servces"\n[table.fields]\nid = "a"',
     "table 1 (servces), into: there is no 'servces' in HSDS; the nearest is 'services'"),
    (FIELDS + 'id = "a"\nnam = "b"',
     "table 1 (services): there is no 'nam' in HSDS; the nearest is 'name'"),
    (FIELDS + 'id = "a"',
     "fills services without name, which its rows need"),
    (HEAD + '[[table]]\ninto = "service_types"\n[table.fields]\nservice = "a"',
     "there is no 'service' in HSDS; the nearest is 'service_id'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), BROKEN, ids=[sentence for _text, sentence in BROKEN])
def test_a_mistake_in_a_map_is_one_sentence_that_names_its_place(text: str, sentence: str) -> None:
    with pytest.raises(Invalid) as raised:
        check_map(parse_map("m.toml", text))

    assert sentence in raised.value.message
    assert "m.toml" in raised.value.message


@pytest.mark.parametrize(
    ("fields", "data", "more", "sentence"),
    [
        ('x = "Nmae"', "Name,Town\na,b\n", "",
         "m.toml, table 1 (services), x: a has no column 'Nmae'; the nearest is 'Name', all are Name, Town."),
        ('x = { text = "{Twon}" }', "Name,Town\na,b\n", "",
         "x: a has no column 'Twon'; the nearest is 'Town'"),
        ('x = "Name"', "Name,Town\na,b\n", 'skip_if = { Stat = "a" }', "skip_if: a has no column 'Stat'"),
        ('x = "name"', NESTED, 'each = "*.service"',
         "each: in a there is no 'service'; the nearest is 'services', there are name, tags, at, services."),
    ],
)  # fmt: skip
def test_a_column_or_path_that_is_not_there_is_named_with_the_nearest(
    fields: str, data: Data, more: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as raised:
        mapped(fields, data, more=more)
    assert sentence in raised.value.message


def test_a_key_that_no_object_has_is_told() -> None:
    _found, report = mapped('id = "name"\nx = "nmae"', NESTED, more='each = "*"')
    assert (
        "The map m.toml, table 1 (services), x: nothing in a has 'nmae', nearest 'name'." in report.warnings
    )


def test_an_import_with_a_wrong_map_changes_nothing(session: Session, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,name\n1,Aid\n")
    (tmp_path / "m.toml").write_text(FIELDS + 'id = "id"\nname = "name"\nwheels = "id"\n')

    with pytest.raises(Invalid, match=r"m\.toml, table 1 \(services\): there is no 'wheels' in HSDS"):
        import_path(session, tmp_path / "a.csv", map=tmp_path / "m.toml")
    assert of(session, Source) == []


def test_a_file_that_is_not_there_is_named_with_those_that_are(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "list"
    folder.mkdir()
    for name in ("one.csv", "two.csv"):
        (folder / name).write_text("a\n1\n")
    (tmp_path / "m.toml").write_text(
        HEAD + '[[table]]\ninto = "locations"\nfrom = "three.csv"\n[table.fields]\nid = "a"\n'
    )

    with pytest.raises(Invalid, match=r"from: there is no file 'three\.csv'; there are one\.csv; two\.csv\."):
        import_path(session, folder, map=tmp_path / "m.toml")
    assert session.scalars(select(Source)).all() == []


# The example that is shipped


def of(session: Session, model: type[Any]) -> list[Any]:
    session.expire_all()
    return list(session.scalars(select(model)))


def test_the_example_comes_in_as_its_comments_say(session: Session) -> None:
    folder = shipped("seeds") / "maps"
    report = import_path(session, folder / "example.csv", map=folder / "example.toml")

    assert report.source == "example"
    assert (of(session, Source)[0].name, "MIT" in of(session, Source)[0].note) == (
        "The made-up list of Northbridge and Easton",
        True,
    )
    assert {row.name for row in of(session, Organization)} == {"Lantern House", "Citizens' Desk"}
    services = {row.name: row for row in of(session, Service)}
    assert set(services) == {"Warm supper", "Night shelter", "Debt advice", "Bicycle repair"}
    assert (services["Night shelter"].minimum_age, services["Night shelter"].status) == (18, "active")
    assert str(services["Debt advice"].assured_date) == "2026-01-17"
    assert {row.name for row in of(session, Location)} == {
        "Lantern House in Northbridge",
        "Citizens' Desk in Easton",
    }
    assert {row.address_1 for row in of(session, Address)} == {"3 Mill Lane", "1 Market Square"}
    assert {(row.number, row.type) for row in of(session, Phone)} == {
        ("555 0101", "voice"), ("555 0102", "fax"), ("555 0133", "voice"),
    }  # fmt: skip
    assert {(row.byday, row.opens_at, row.unread) for row in of(session, Schedule)} == {
        ("MO,TU,WE,TH,FR", "17:00", None),
        ("TU", "09:00", None),
        (None, None, "every night, ring the bell"),
    }
    assert len(of(session, Language)) == 6
    assert {row.code for row in of(session, ServiceTypeLink)} == {"food_aid", "shelter", "debt_advice"}
    assert report.rejected == []

    again = import_path(session, folder / "example.csv", map=folder / "example.toml").as_dict()
    assert (again["added"], again["changed"], again["removed_in_source"]) == (0, 0, 0)


@pytest.mark.parametrize("path", sorted((ROOT / "seeds" / "maps").glob("*.toml")), ids=lambda path: path.name)
def test_every_map_that_is_shipped_can_be_used(path: Path) -> None:
    check_map(read_map(path))


def test_the_docs_explain_every_key_of_the_language() -> None:
    text = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    words = {
        *maps.MAP_KEYS,
        *maps.FILE_KEYS,
        *maps.TABLE_KEYS,
        *maps.FIELD_KEYS,
        *maps.READINGS,
        *maps.UNKNOWN,
    }
    words |= {"#key", "#value", "#surplus", "up.", "service_types", "eligibility_rules", "service_terms"}
    assert [word for word in sorted(words) if f"`{word}`" not in text] == []


def blocks_of_the_docs() -> list[str]:
    text = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    return [part.partition("```")[0] for part in text.split("```toml\n")[1:]]


def test_the_maps_in_the_docs_do_what_the_docs_say(session: Session, tmp_path: Path) -> None:
    """The first is the map of a whole list, the last walks through JSON."""
    blocks = blocks_of_the_docs()
    (tmp_path / "list.csv").write_text(
        "No,Office,Name,Street,Town,Phone\n1,Aid,Meals,1 Road,Town,112\n2,Aid,Beds,1 Road,Town,\n"
    )
    (tmp_path / "whole.toml").write_text(blocks[0])
    report = import_path(session, tmp_path / "list.csv", map=tmp_path / "whole.toml")
    counts = {name: count.added for name, count in report.tables.items()}
    assert counts == {
        "organization": 1, "service": 2, "location": 1, "service_at_location": 2, "address": 1, "phone": 1,
    }  # fmt: skip

    (tmp_path / "deep.json").write_text(
        '{"h1": {"name": "House", "services": [{"name": "Meals", "days": ["Mon", "Tue"]}]}}'
    )
    (tmp_path / "deep.toml").write_text(HEAD + blocks[-1])
    import_path(session, tmp_path / "deep.json", map=tmp_path / "deep.toml", source="deep")
    assert [row.byday for row in of(session, Schedule)] == ["MO", "TU"]
    assert [row.name for row in of(session, Location) if row.source_id == "deep"] == ["House"]


def test_the_columns_that_need_more_than_a_name_come_in_as_the_docs_say(
    session: Session, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text(
        "No;Name;Age;Phone;Point;Web\n1;Aid;18+;555-0133 ext. 4;44.1, -72.1;-\n"
        "2;Food;from 18 to 35;555-0144 x22;;https://a.example\n3;Beds;up to 24;none;;n/a\n"
    )
    (tmp_path / "m.toml").write_text(HEAD + blocks_of_the_docs()[1])
    report = import_path(session, tmp_path / "list.csv", map=tmp_path / "m.toml")

    services = sorted(of(session, Service), key=lambda service: service.name)
    assert [(row.name, row.minimum_age, row.maximum_age, row.url) for row in services] == [
        ("Aid", 18, None, None),
        ("Beds", None, 24, None),
        ("Food", 18, 35, "https://a.example"),
    ]
    assert {(row.number, row.extension) for row in of(session, Phone)} == {
        ("555-0133", "4"),
        ("555-0144", "22"),
    }
    assert [(row.latitude, row.longitude) for row in of(session, Location)] == [(44.1, -72.1)]
    assert report.rejected == []


def test_the_maps_in_the_docs_can_be_read() -> None:
    blocks = blocks_of_the_docs()
    assert len(blocks) >= 5
    for block in blocks:
        whole = block if "source =" in block else HEAD + block
        if "[[table]]" in block:
            parse_map("docs", whole)
        else:
            parse_map("docs", f'{whole}\n[[table]]\ninto = "locations"\n[table.fields]\nid = "a"\n')


# Own short forms


def test_types_rules_terms_and_areas_reach_their_tables(session: Session, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        'No,Name,Kind,Veteran,Topics,Counties\n1,Advice,D,yes,"Debt, Rent",North;South\n'
    )
    (tmp_path / "m.toml").write_text(
        HEAD
        + '[[table]]\ninto = "services"\n[table.fields]\nid = "No"\nname = "Name"\n'
        + '[[table]]\ninto = "service_types"\n[table.fields]\nservice_id = "No"\n'
        + 'code = { column = "Kind", values = { D = "debt_advice" } }\n'
        + '[[table]]\ninto = "eligibility_rules"\n[table.fields]\nservice_id = "No"\n'
        + 'effect = { text = "required" }\n'
        + 'code = { column = "Veteran", values = { yes = "veteran" } }\n'
        + '[[table]]\ninto = "service_terms"\n[table.fields]\nservice_id = "No"\n'
        + 'taxonomy = { text = "Topics" }\n'
        + 'term = { column = "Topics", split = "," }\n'
        + '[[table]]\ninto = "service_areas"\n[table.fields]\nservice_id = "No"\n'
        + 'name = { column = "Counties", split = ";" }\n'
    )

    import_path(session, tmp_path / "a.csv", map=tmp_path / "m.toml")

    assert [(row.code, row.state) for row in of(session, ServiceTypeLink)] == [("debt_advice", "confirmed")]
    assert [(row.code, row.effect) for row in of(session, EligibilityRule)] == [("veteran", "required")]
    names = {row.term.name for row in of(session, Attribute)}
    assert names == {"debt_advice", "veteran", "Debt", "Rent"}
    assert {row.name for row in of(session, ServiceArea)} == {"North", "South"}


SHEETS = {
    "Offices": [["The directory"], ["Do not edit"], ["No", "Name"], ["1", "Aid"]],
    "Sites": [["Public"], ["Site", "Town"], ["S1", "Exampleton"]],
}
SITES = '[[table]]\ninto = "locations"\nsheet = "Sites"\n[table.fields]\nid = "Site"\nname = "Town"\n'
OFFICES = '[[table]]\ninto = "services"\nsheet = "Offices"\n[table.fields]\nid = "No"\nname = "Name"\n'


@pytest.mark.parametrize(
    "files",
    [
        '[files."list.xlsx, Offices"]\nheader = 3\n[files."*, Sites"]\nheader = 2\n',
        '[files."*"]\nheader = 3\n[files."*, Sites"]\nheader = 2\n',
    ],
)
def test_each_sheet_may_have_its_own_line_of_columns(files: str) -> None:
    made = parse_map("m.toml", HEAD + files + OFFICES + SITES)
    found = apply_map(made, [Found("list.xlsx", saved(book(**SHEETS)))], Report("s"))

    assert [cells for file in found for _place, cells in file.rows()] == [
        {"id": "1", "name": "Aid"},
        {"id": "S1", "name": "Exampleton"},
    ]


def test_a_file_or_sheet_of_the_map_that_is_not_there_is_named() -> None:
    made = parse_map("m.toml", HEAD + '[files."Offices"]\nheader = 3\n' + OFFICES)
    with pytest.raises(
        Invalid, match=r"files: there is no file 'Offices'; there are list.xlsx; list.xlsx, Off"
    ):
        apply_map(made, [Found("list.xlsx", saved(book(**SHEETS)))], Report("s"))


def test_what_a_map_says_of_its_only_file_holds_for_a_copy_of_any_name() -> None:
    assert values('x = "id"', "List\nid,name\n1,Aid\n", top='[files."list.csv"]\nheader = 2') == ["1"]


def test_several_files_need_a_name_each() -> None:
    made = parse_map("m.toml", FIELDS + 'id = "id"\nname = "name"\n')
    two = [Found("one.csv", b"id,name\n1,Aid\n"), Found("two.csv", b"id,name\n2,Food\n")]
    with pytest.raises(Invalid, match=r"several files are given \(one\.csv, two\.csv\); name one with from"):
        apply_map(made, two, Report("s"))


def test_a_map_of_another_json_is_refused() -> None:
    """Taken for an empty directory, it would mark every record of the source as gone."""
    with pytest.raises(Invalid, match="nothing in a has 'No', nearest 'title'"):
        mapped('id = "No"\nname = "Angebot"', [{"id": "1", "title": "Aid"}])


def test_a_closed_day_needs_no_words_where_other_days_are_known() -> None:
    field = 'hours_text = { as = "hours_text", split = "\\n", text = "Monday {mo}\\nSunday {su}" }'
    found, report = mapped(
        f'service_id = "id"\n{field}', "id,mo,su\n1,9am-5pm,closed\n2,,closed\n", into="schedules"
    )

    assert [
        (row["service_id"], row.get("byday", ""), row.get("unread", "")) for row in found["schedules"]
    ] == [
        ("1", "MO", ""),
        ("2", "", "Sunday closed"),
    ]
    assert "a: of 3 texts of hours 1 cannot be read; the words are kept." in report.warnings


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        ("9:00,12:00,13:00,17:00", ["09:00-12:00", "13:00-17:00"]),
        ("9:00,12:00,,", ["09:00-12:00"]),
        (",,13:00,17:00", ["13:00-17:00"]),
        ("9:00,,,17:00", ["Monday 9:00-, -17:00"]),
        ("8:30,,,", ["Monday 8:30-, -"]),
        ("By appt,,,", ["Monday By appt-, -"]),
        (",,,", []),
    ],
)
def test_a_day_of_several_columns_keeps_its_words_where_some_are_empty(cells: str, kept: list[str]) -> None:
    field = 'hours_text = { as = "hours_text", split = "\\n", text = "Monday {a}-{b}, {c}-{d}" }'
    found, _report = mapped(f'service_id = "id"\n{field}', f"id,a,b,c,d\n1,{cells}\n", into="schedules")
    rows = found.get("schedules", [])
    assert [row.get("unread") or f"{row['opens_at']}-{row['closes_at']}" for row in rows] == kept


def test_a_cell_is_cut_at_each_of_several_signs() -> None:
    assert values('x = { column = "a", split = [";", "/"] }', "a\n1; 2/3\n") == ["1", "2", "3"]


def test_hours_are_in_a_language_that_is_known() -> None:
    with pytest.raises(Invalid, match="language: 'xx' is not known here; the nearest is"):
        parse_map("m.toml", FIELDS + 'x = { column = "a", as = "hours_text", language = "xx" }\n')


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3.11.25", "2025-11-03"), ("3.11.0025", ""), ("3.11.225", ""), ("3.11.1925", "1925-11-03")],
)
def test_a_year_of_two_digits_is_of_our_century(text: str, expected: str) -> None:
    assert values('x = { column = "a", as = "date dmy" }', f"a,b\n{text},1\n") == [expected]


def test_ids_of_any_length_reach_types_and_rules(session: Session, tmp_path: Path) -> None:
    office = "Office for everything that does not belong to any other office"
    (tmp_path / "a.csv").write_text(f"Office,Name\n{office},Aid\n")
    (tmp_path / "m.toml").write_text(
        FIELDS + 'id = { text = "{Office}/{Name}" }\nname = "Name"\n[[table]]\ninto = "service_types"\n'
        '[table.fields]\nservice_id = { text = "{Office}/{Name}" }\ncode = { text = "{Name}", '
        'values = { Aid = "food_aid" } }\n'
    )
    report = import_path(session, tmp_path / "a.csv", map=tmp_path / "m.toml")

    assert [link.code for link in of(session, ServiceTypeLink)] == ["food_aid"]
    assert report.rejected == []


def test_words_are_no_telephone_number(session: Session, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,name,phone\n1,Aid,see website\n2,Food,0100 1\n")
    (tmp_path / "m.toml").write_text(
        FIELDS + 'id = "id"\nname = "name"\n[[table]]\ninto = "phones"\n'
        '[table.fields]\nservice_id = "id"\nnumber = "phone"\n'
    )
    report = import_path(session, tmp_path / "a.csv", map=tmp_path / "m.toml")

    assert [phone.number for phone in of(session, Phone)] == ["0100 1"]
    assert report.rejected[0].reason == "left empty: there is no digit in it"
