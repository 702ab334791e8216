"""Page: bring in a directory, areas or demand from a file, with a report."""

import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from flask import render_template, request
from werkzeug.datastructures import FileStorage

from netmap.db import open_session, transaction
from netmap.directory.hsds import import_path
from netmap.directory.report import Report
from netmap.directory.spreadsheet import import_areas
from netmap.directory.typing import keep, propose
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.network.demand import import_demand
from netmap.web.door import blueprint, engine, permit

importing = blueprint("importing")


@importing.get("/import")
@permit("import")
def form() -> str:
    """Show the upload form."""
    return render_template("directory/import.html", report=None, errors={}, kind="directory")


@importing.post("/import")
@permit("import", uploads=True, reads=True)
def upload() -> Any:
    """Take a file in whole, or say what is wrong with it and change nothing.

    What is written has transactions of its own: learning the types takes seconds in which others can write.
    """
    kind = request.form.get("kind", "directory")
    sent = request.files.get("file")
    try:
        report = _take(kind, sent)
    except Invalid as error:
        errors = {"file": " ".join([error.message, *error.fields.values()])}
        return render_template("directory/import.html", report=None, errors=errors, kind=kind), 422
    return render_template("directory/import.html", report=report.as_dict(), errors={}, kind=kind)


def _take(kind: str, sent: FileStorage | None) -> Report:
    if sent is None or not sent.filename:
        raise Invalid(_("Choose a file first."))
    name = _file_name(sent.filename)
    with tempfile.TemporaryDirectory(prefix="netmap-") as folder:
        path = Path(folder) / name
        sent.save(path)
        with transaction(engine()) as writing:
            if kind == "areas":
                return import_areas(writing, path)
            if kind == "demand":
                return import_demand(writing, path)
            report = import_path(writing, path, source=request.form.get("source", "").strip() or None)
    with open_session(engine(), reading=True) as reading:
        proposals = propose(reading)
    with transaction(engine()) as writing:
        keep(writing, proposals)
    return report


def _file_name(sent: str) -> str:
    """Return a name for the copy, with no way out of its folder: the source may be named after it.

    Examples
    --------
    >>> _file_name("каталог 2026.zip"), _file_name("../../etc/passwd"), _file_name("C:\\\\lists\\\\a.csv")
    ('каталог 2026.zip', 'passwd', 'a.csv')
    """
    name = "".join(sign for sign in sent.replace("\\", "/") if sign.isprintable())
    whole = PurePosixPath(PurePosixPath(name).name)
    stem, suffix = whole.stem.strip(". ")[:50], whole.suffix[:10]  # a name has at most 255 bytes
    return f"{stem}{suffix}" if stem else "upload"
