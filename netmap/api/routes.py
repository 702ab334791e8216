"""JSON: the same questions as the terminal answers, for people who are signed in (see docs/operations.md).

Reading needs the permits of the pages. A question with words in it is sent by POST, so that it stands in
no address and no log; such a POST writes nothing, but it needs the header ``X-CSRFToken`` like every POST.
"""

from typing import Any

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from netmap.directory.find import find
from netmap.errors import Invalid
from netmap.i18n import gettext as _
from netmap.matching.service import Matcher
from netmap.network.service import gaps as find_gaps
from netmap.vocabulary.suggest import as_dict, suggest
from netmap.web.door import db, permit, settings
from netmap.web.search_address import typed_of, with_page
from netmap.web.search_question import question_of

api = Blueprint("api", "netmap.api", url_prefix="/api")


@api.get("/search")
@permit("read directory")
def search() -> ResponseReturnValue:
    """Answer `?q=&near=LAT,LON&within=KM&open=now&page=N`, and the filters of the page, each once or more."""
    page = request.args.get("page", "1")
    if not page.isdecimal() or not 1 <= int(page[:6]) <= 5000:
        raise Invalid(_("The page is a number from 1 on."), {"page": _("Enter a number from 1 on.")})
    typed = with_page(typed_of(request.args), int(page[:6]))
    question = question_of(typed)
    return jsonify(find(db(), current_app.extensions["netmap_backend"], settings(), question).as_dict())


@api.post("/needs")
@permit("match", reads=True)
def needs() -> ResponseReturnValue:
    """Suggest need codes for `{"text", "lang"}`; the text is neither stored nor logged."""
    sent = _body()
    text = sent.get("text", "")
    if not isinstance(text, str):
        raise Invalid(_("The text must be a JSON string."), {"text": _("Send a text in quotation marks.")})
    return jsonify(as_dict(suggest(text, sent.get("lang"))))


@api.post("/match")
@permit("match", reads=True)
def match() -> ResponseReturnValue:
    """Suggest packages and providers for a client in codes."""
    return jsonify(Matcher(db(), settings()).match(_body()))


@api.get("/gaps")
@permit("read gaps")
def gaps() -> ResponseReturnValue:
    """List the gaps, `?package=&area=&order=count|rate`."""
    return jsonify(
        find_gaps(
            db(),
            settings(),
            package=request.args.get("package") or None,
            area=request.args.get("area") or None,
            order="rate" if request.args.get("order") == "rate" else "count",
        )
    )


def _body() -> dict[str, Any]:
    try:
        sent = request.get_json(silent=True)
    except RecursionError:  # brackets within brackets, thousands deep
        sent = None
    if not isinstance(sent, dict):
        raise Invalid(_("Send a JSON object, with the header Content-Type: application/json."))
    return sent
