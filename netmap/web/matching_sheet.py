"""Page: what was understood of a person, for the person to read and to contest."""

import json
from typing import Any

from flask import render_template, request

from netmap.i18n import speaking
from netmap.matching.service import Matcher
from netmap.matching.sheet import sheet
from netmap.web.door import PAGE_LANGUAGES, blueprint, db, permit, settings
from netmap.web.matching import paper_language
from netmap.web.matching_form import client_of

matching_sheet = blueprint("matching_sheet")


@matching_sheet.post("/needs/sheet")
@permit("match", reads=True)
def show() -> Any:
    """Show the sheet, on the page and for print; asked to, with other needs contested than before."""
    client, code = client_of(request.form), request.form.get("package", "")
    if request.form.get("do") == "contest":
        client = {
            **client,
            "contested": [need for need in client["needs"] if request.form.get(f"not-{need}")],
        }
    matcher = Matcher(db(), settings())
    read = matcher.read(client)
    chosen = request.form.get("paper", "")
    there = chosen if chosen in PAGE_LANGUAGES else paper_language(client)
    with speaking(there):
        package = matcher.match(client, only=code)["packages"][0] if code else None
        told = sheet(read, package)
    return render_template("matching/sheet.html", sheet=told, client_json=json.dumps(client), package=code)
