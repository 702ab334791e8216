"""Page: bring in a directory, areas or demand from a file, with a report."""

import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from flask import render_template, request
from werkzeug.datastructures import FileStorage

from netmap.directory.hsds import import_path
from netmap.directory.report import Report
from netmap.directory.spreadsheet import import_areas
from netmap.directory.typing import suggest_types
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.network.demand import import_demand
from netmap.web.door import blueprint, db, permit

importing = blueprint("importing")


@importing.get("/import")
@permit("import")
def form() -> str:
    """Show the upload form."""
    return render_template("directory/import.html", report=None, errors={}, kind="directory")


@importing.post("/import")
@permit("import", uploads=True)
def upload() -> Any:
    """Take a file in whole, or say what is wrong with it and change nothing."""
    kind = request.form.get("kind", "directory")
    sent = request.files.get("file")
    try:
        report = _take(kind, sent)
    except Invalid as error:
        db().rollback()
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
        if kind == "areas":
            return import_areas(db(), path)
        if kind == "demand":
            return import_demand(db(), path)
        report = import_path(db(), path, source=request.form.get("source", "").strip() or None)
        suggest_types(db())
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
