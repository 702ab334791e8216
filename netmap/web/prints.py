"""Pages: the whole directory to take along: a book, a file that works without a network, a workbook."""

import io

from flask import Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from netmap.db import now
from netmap.directory.export import export_bytes
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.printing import kept
from netmap.printing.making import FORMS
from netmap.web.door import PAGE_LANGUAGES, blueprint, db, may, permit, settings

prints = blueprint("prints")

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"book": "application/pdf", "offline-html": "text/html; charset=utf-8"}


@prints.get("/prints")
@permit("read directory")
def listing() -> str:
    """Show what lies ready, how old it is, and what is being made."""
    there = {(one.form, one.lang): one for one in kept.ready(settings())}
    waits = kept.waiting(db())
    names = {"book": _("Book to print (PDF)"), "offline-html": _("One file that works without a network")}
    rows = [
        (form, names[form], lang, name, there.get((form, lang)), (form, lang) in waits)
        for form in FORMS
        for lang, name in PAGE_LANGUAGES.items()
    ]
    makes = may("edit directory")
    return render_template(
        "printing/prints.html",
        rows=[row for row in rows if makes or row[4]],
        makes=makes,
        hidden=[key for key, one in there.items() if kept.told_too_much(db(), one)],
        today=now().astimezone(settings().zone()).date(),
        zone=settings().zone(),
    )


@prints.post("/prints")
@permit("edit directory")
def change() -> AnyResponse:
    """Ask the worker for a print, or take one away."""
    form, lang = request.form.get("form", ""), request.form.get("lang", "")
    do = request.form.get("do", "")
    if do == "make":
        kept.ask(db(), form, lang)
    elif do == "away":
        kept.take_away(settings(), form, lang)
    else:
        raise Invalid(_("Say whether a print is to be made or taken away."), {"do": _("Choose one.")})
    return redirect(url_for("prints.listing"), 303)


@prints.get("/prints/<form>/<lang>")
@permit("read directory")
def fetch(form: str, lang: str) -> Response:
    """Give a print that lies ready."""
    found, path = kept.content(db(), settings(), form, lang)
    return send_file(path, mimetype=TYPES[form], as_attachment=True, download_name=found.name())


@prints.get("/prints/workbook.xlsx")
@permit("edit directory")
def workbook() -> Response:
    """Give the tables of the directory as a workbook, for the office itself."""
    name = f"netmap-{now().astimezone(settings().zone()):%Y-%m-%d}.xlsx"
    content = io.BytesIO(export_bytes(db(), "xlsx"))
    return send_file(content, mimetype=WORKBOOK, as_attachment=True, download_name=name)
