"""PDF from a template and data: pages, tags for screen readers, bookmarks, the language and the title.

The data are never read as markup: whatever a provider writes stands in the PDF as it was written. Large
prints are made in a process of their own (``python -m netmap.printing.typeset``), which gives its memory
back and is stopped where it takes too long.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from netmap.errors import Unavailable
from netmap.i18n import gettext as _
from netmap.paths import shipped

FONTS = Path(__file__).parent / "fonts"
SECONDS = 600  # 5,000 services take a twentieth of this


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF that a template of ``templates/printing`` makes of the data.

    Raises
    ------
    Unavailable
        If it cannot be made; the sentence says why.
    """
    import typst  # takes a tenth of a second to load

    if not any(FONTS.glob("*.ttf")):
        raise Unavailable(_("The fonts for print are missing: run `make setup`, or install netmap again."))
    folder = shipped("templates") / "printing"
    compile_: Callable[..., bytes] = typst.compile  # its own types leave the kind of a path open
    try:
        return compile_(
            str(folder / f"{template}.typ"),
            root=str(folder),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards="ua-1",  # PDF/UA: refused is what a screen reader could not follow
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    except typst.TypstError as error:
        raise Unavailable(_("The print could not be made: %(reason)s", reason=str(error)[:300])) from error


def typeset_apart(template: str, data: Mapping[str, Any], seconds: int = SECONDS) -> bytes:
    """Return the same, made in a process of its own: for what needs much memory or long.

    Raises
    ------
    Unavailable
        If it takes longer than ``seconds`` or breaks off, as it does where the memory is not enough.
    """
    command = [sys.executable, "-P", "-m", "netmap.printing.typeset", template]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the data go to its input
            command,
            input=json.dumps(data).encode(),
            capture_output=True,
            timeout=seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable(
            _("The print takes over %(seconds)s seconds. Choose an area.", seconds=seconds)
        ) from error
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        reason = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [
            _("the process broke off, as it does where memory is not enough: choose an area")
        ]
        raise Unavailable(_("The print could not be made: %(reason)s", reason=reason[0][:300]))
    return done.stdout


def main() -> None:
    """Make the PDF of the data on standard input and write it to standard output."""
    made = typeset(sys.argv[1], json.load(sys.stdin))
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
