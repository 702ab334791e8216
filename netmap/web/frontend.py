"""Copies the front-end parts that npm brought to `static/vendor`, in a look of our own, and fonts for print.

Run as ``python -m netmap.web.frontend NODE_MODULES``; the result is not kept in git.
"""

import re
import sys
from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]
OWNER = "Copyright (C) 2017 Crown Copyright (Government Digital Service)"
FACES = ("400Regular", "400Regular_Italic", "700Bold")  # of the typeface of prints
FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif'


def unbranded(css: str) -> str:
    """Return the GOV.UK stylesheet without its typeface and crest, which only that government may use."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = re.sub(r"url\(/assets/images/[^)]*\)", "none", css)
    css = re.sub(r"/\*#[^*]*\*/", "", css)
    return re.sub(r'"?GDS Transport"?,\s*arial,\s*sans-serif', FONTS, css)


def licence(ours: str) -> str:
    """Return the licence of govuk-frontend, left out of its npm package: MIT like ours, another owner."""
    text, changed = re.subn(r"^Copyright .*$", OWNER, ours, count=1, flags=re.MULTILINE)
    if not (changed and text.startswith("MIT License")):
        raise SystemExit("LICENSE is no MIT licence any more: give govuk-frontend the text of its own.")
    return f"govuk.css and govuk.js were made from govuk-frontend.\n\n{text}"


def copy_parts(node_modules: Path, vendor: Path) -> list[Path]:
    """Write the vendor folder and return its files."""
    vendor.mkdir(parents=True, exist_ok=True)
    source = node_modules / "govuk-frontend" / "dist" / "govuk"
    css = unbranded((source / "govuk-frontend.min.css").read_text(encoding="utf-8"))
    if "GDS Transport" in css or "/assets/" in css:
        raise SystemExit(
            "govuk-frontend still names its own typeface or images: look at netmap/web/frontend.py."
        )
    script = (source / "govuk-frontend.min.js").read_text(encoding="utf-8")
    written = []
    for name, text in (
        ("govuk.css", css),
        ("govuk.js", re.sub(r"//# sourceMappingURL=.*", "", script)),
        ("LICENCE.txt", licence((CLONE / "LICENSE").read_text(encoding="utf-8"))),
    ):
        (vendor / name).write_text(text, encoding="utf-8")
        written.append(vendor / name)
    return written


def copy_fonts(node_modules: Path, fonts: Path) -> list[Path]:
    """Write the folder of the fonts for print, their licence with them, and return its files."""
    source = node_modules / "@expo-google-fonts" / "source-sans-3"
    owners = (source / "LICENSE_FONT").read_text(encoding="utf-8")
    if "SIL Open Font License" not in owners:
        raise SystemExit(
            "The fonts for print come under another licence now: look at netmap/web/frontend.py."
        )
    fonts.mkdir(parents=True, exist_ok=True)
    (fonts / "LICENCE.txt").write_text(owners, encoding="utf-8")
    written = [fonts / "LICENCE.txt"]
    for face in FACES:
        written.append(fonts / f"SourceSans3_{face}.ttf")
        written[-1].write_bytes((source / face / written[-1].name).read_bytes())
    return written


if __name__ == "__main__":
    copy_parts(Path(sys.argv[1]), Path(__file__).parent / "static" / "vendor")
    copy_fonts(Path(sys.argv[1]), Path(__file__).parents[1] / "printing" / "fonts")
