"""Errors become a status and a page (or problem+json below /api/): one table for all."""

import errno
import logging
import sqlite3
from html import escape

from flask import Flask, g, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import Forbidden as Forbidden403
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from netmap.directory.merged import survivor
from netmap.errors import Conflict, Forbidden, Invalid, NetmapError, NotFound, Unavailable
from netmap.i18n import gettext as _
from netmap.i18n import language
from netmap.logs import where
from netmap.web.door import SAFE_METHODS

STATUS: dict[type[NetmapError], int] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Invalid: 422,
    Unavailable: 503,
}
_log = logging.getLogger("netmap")


def status_of(error: NetmapError) -> int:
    """Return the HTTP status of an error of a room."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def install(app: Flask) -> None:
    """Answer every error in words."""
    app.register_error_handler(NetmapError, _netmap_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _netmap_error(error: NetmapError) -> Response | tuple[Response | str, int]:
    if isinstance(error, NotFound) and (address := _survivor()):
        return redirect(address)
    fields = error.fields if isinstance(error, Invalid) else {}
    return _answer(status_of(error), error.message, fields)


def _survivor() -> str | None:
    """Return the same page of the record with which the one in the address was merged, None if it was not.

    So links that people saved still lead to what they meant.
    """
    if request.method not in SAFE_METHODS or "db" not in g or not request.view_args:
        return None
    led = {name: survivor(g.db, one) for name, one in request.view_args.items() if isinstance(one, str)}
    found = {name: one for name, one in led.items() if one}
    if not found or request.endpoint is None:
        return None
    return url_for(request.endpoint, **{**request.view_args, **found, **request.args.to_dict(flat=False)})


def _http_error(error: HTTPException) -> tuple[Response | str, int]:
    status = error.code or 500
    if isinstance(error, CSRFError):
        return _answer(400, _("This page was open for too long. Go back, reload it and send it again."))
    sentences = {
        401: _("Sign in first."),
        403: _("Your role does not allow this. Ask an admin if you need it."),
        404: _("There is no page at this address."),
        405: _("This address cannot be used in this way."),
        413: _("What was sent is too large."),
    }
    said = error.description if status == 403 and error.description != Forbidden403.description else None
    return _answer(status, said or sentences.get(status) or _("This request cannot be answered."))


def _unexpected(error: Exception) -> tuple[Response | str, int]:
    # Where and of what kind, never its message: that, the query and the form may hold words about a person.
    _log.error(
        "unexpected error, request %s %s %s: %s",
        g.get("request_id"),
        request.method,
        ascii(_place()),
        " < ".join(reversed(where(error))),
        extra={"request": g.get("request_id")},
    )
    if _is_full_disk(error):
        sentence = _("The disk is full. Nothing was changed, and everything can still be read.")
        return _answer(507, sentence + " " + _("Tell the person who keeps netmap running."))
    if isinstance(error, OperationalError):
        # something has held the database for too long
        return _answer(
            503, _("The database does not answer now. Nothing was changed. Try again in a minute.")
        )
    return _answer(500, _("Something went wrong on our side. Nothing was changed. Try again."))


def _place() -> str:
    """Return the path of this request; where it holds the key of a provider, only its shape."""
    rule = request.url_rule
    return rule.rule if rule is not None and "token" in rule.arguments else request.path


def _is_full_disk(error: Exception) -> bool:
    """Return whether there was no room, for the database or for an upload."""
    if isinstance(error, OperationalError):
        return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}


def _answer(status: int, sentence: str, fields: dict[str, str] | None = None) -> tuple[Response | str, int]:
    if "db" in g:
        g.db.rollback()
    if request.path.startswith("/api/"):
        problem = {
            "type": "about:blank",
            "title": sentence,
            "status": status,
            "request_id": g.get("request_id"),
        }
        if fields:
            problem["errors"] = fields
        response = jsonify(problem)
        response.mimetype = "application/problem+json"
        return response, status
    try:
        page = render_template("errors/error.html", status=status, sentence=sentence, fields=fields or {})
    except Exception:  # the frame of the page needs the database and a known host; the sentence does not
        page = _bare(sentence)
    return page, status


def _bare(sentence: str) -> str:
    """Return a page without anything that could fail again."""
    number = _("Number of this request: %(number)s", number=g.get("request_id") or "-")
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8"><title>netmap</title></head>'
        f"<body><h1>{escape(sentence)}</h1><p>{escape(number)}</p></body></html>"
    )
