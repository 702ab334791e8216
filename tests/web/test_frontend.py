"""The front-end parts of others: without another government's look, with their licence."""

from pathlib import Path

import pytest

from netmap.web.frontend import FACES, OWNER, copy_fonts, copy_parts, licence, unbranded

STATIC = Path(__file__).resolve().parents[2] / "netmap" / "web" / "static"
OURS = "MIT License\n\nCopyright (c) 2026 somebody\n\nPermission is hereby granted.\n"


def test_typeface_and_crest_are_taken_out() -> None:
    css = (
        '@font-face{font-family:"GDS Transport";src:url(a)}'
        'p{font-family:"GDS Transport",arial,sans-serif;background:url(/assets/images/crest.svg)}'
    )
    assert unbranded(css).startswith("p{font-family:system-ui")
    assert "GDS" not in unbranded(css)
    assert "/assets/" not in unbranded(css)


def test_the_licence_names_the_owner_of_the_parts_only() -> None:
    text = licence(OURS)
    assert OWNER in text
    assert "somebody" not in text
    assert "Permission is hereby granted." in text


def test_a_licence_that_is_not_mit_is_not_given_to_the_parts() -> None:
    with pytest.raises(SystemExit, match="no MIT licence"):
        licence(OURS.replace("MIT License", "Another licence"))


def test_a_new_version_that_hides_its_brand_elsewhere_stops_the_set_up(tmp_path: Path) -> None:
    parts = tmp_path / "node_modules" / "govuk-frontend" / "dist" / "govuk"
    parts.mkdir(parents=True)
    (parts / "govuk-frontend.min.css").write_text("p{background:image(/assets/crest.svg)}")
    (parts / "govuk-frontend.min.js").write_text("")
    with pytest.raises(SystemExit, match="still names"):
        copy_parts(tmp_path / "node_modules", tmp_path / "vendor")


def test_fonts_for_print_come_with_their_licence(tmp_path: Path) -> None:
    source = tmp_path / "node_modules" / "@expo-google-fonts" / "source-sans-3"
    for face in FACES:
        (source / face).mkdir(parents=True)
        (source / face / f"SourceSans3_{face}.ttf").write_bytes(b"\0\1\0\0")
    (source / "LICENSE_FONT").write_text("This Font Software is licensed under the SIL Open Font License.")
    written = copy_fonts(tmp_path / "node_modules", tmp_path / "fonts")
    assert [path.suffix for path in written] == [".txt", ".ttf", ".ttf", ".ttf"]
    (source / "LICENSE_FONT").write_text("All rights reserved.")
    with pytest.raises(SystemExit, match="another licence"):
        copy_fonts(tmp_path / "node_modules", tmp_path / "fonts")


def test_every_rule_of_the_style_sheets_is_closed() -> None:
    for sheet in sorted(STATIC.glob("*.css")):
        open_rules = 0
        for number, line in enumerate(sheet.read_text(encoding="utf-8").splitlines(), 1):
            open_rules += line.count("{") - line.count("}")
            assert open_rules in {0, 1, 2}, f"{sheet.name}, line {number}"
        assert open_rules == 0, f"{sheet.name}: a rule is not closed, so what follows it holds nowhere"
