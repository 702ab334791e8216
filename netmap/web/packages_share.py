"""Pages: a package as a file for another office, and a file of theirs opened in the form."""

from dataclasses import replace
from typing import Any

from flask import Response, render_template, request

from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.packages import service
from netmap.packages.document import read
from netmap.packages.files import LARGEST, read_file, write_file
from netmap.web import packages_draft as drafts
from netmap.web.door import db, permit
from netmap.web.packages import packages
from netmap.web.packages_editor import editor
from netmap.web.packages_form import at_fields


@packages.get("/packages/<code>/file")
@permit("read packages")
def file(code: str) -> Response:
    """Give the version in use as a TOML file."""
    found = service.get(db(), code)
    response = Response(write_file(found.document), content_type="application/toml; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.code}.toml")
    return response


@packages.get("/packages/import")
@permit("edit packages")
def import_form() -> str:
    """Show where a file can be chosen."""
    return _form({})


@packages.post("/packages/import")
@permit("edit packages", reads=True)
def import_file() -> Any:
    """Open a file in the form, with what is wrong in it named at its fields; nothing is saved."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _form({"file": _("Choose a file first.")}), 422
    try:
        values = read_file(sent.stream.read(LARGEST + 1), sent.filename)
    except Invalid as error:
        return _form({"file": error.message}), 422
    errors = {}
    try:
        read(values)
    except Invalid as error:
        errors = at_fields(error.fields)
    draft = drafts.from_mapping(values, 0)
    note = _("From the file %(file)s", file=sent.filename[:100])
    return editor(replace(draft, note=note), None, errors=errors, unsaved=True, imported=True)


def _form(errors: dict[str, str]) -> str:
    return render_template("packages/import.html", errors=errors, most=LARGEST // 1024)
