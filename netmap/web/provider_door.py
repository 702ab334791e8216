"""The door for a provider's link: every try is noted, reading changes nothing, nothing tells the link on.

A page behind a link is reached by whoever holds the link, and by robots: mail scanners, previews of
messengers, browsers that fetch ahead. So showing never acts; only a form of the page with its token does.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, abort, current_app, g, make_response, render_template, request, session
from flask_wtf.csrf import validate_csrf
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from netmap.db import now, transaction
from netmap.errors import Conflict, Forbidden, Invalid, NetmapError
from netmap.errors import NotFound as NoSuchRecord
from netmap.i18n import gettext as _
from netmap.i18n import ngettext, set_language
from netmap.selfservice import attempts, links
from netmap.selfservice.attempts import ACTED, NOT_TAKEN, OPENED, PROBED, WITHOUT_FORM, Tried
from netmap.selfservice.models import ProviderLink
from netmap.web.door import SAFE_METHODS, db, engine, settings
from netmap.web.errors import status_of


def guard(pages: Blueprint) -> None:
    """Put this door into a blueprint whose addresses hold the token of a link.

    The blueprint has to be exempt from the check of forms of the whole application (`create_app`): that one
    wants to see from which page a form was sent, which these pages tell nobody.
    """
    pages.before_request(_require_form)
    pages.after_request(_tell_nobody)
    pages.register_error_handler(NetmapError, _refused)
    pages.register_error_handler(HTTPException, _not_answered)


def shown(token: str) -> ProviderLink:
    """Return the link of a page that is shown; that it was looked at is noted, and nothing else written.

    Raises
    ------
    netmap.errors.NotFound, netmap.errors.Forbidden
        If the link is not known, or has ended.
    """
    kind = PROBED if request.method == "HEAD" else OPENED
    with transaction(engine()) as writing:
        tried = _try(writing, token, kind)
    return _let_in(tried)


@contextmanager
def acting(token: str, what: str) -> Iterator[ProviderLink]:
    """Give the link of a form that was sent, and note what was done, or that it could not be taken.

    ``what`` is a word of the program, never one that was typed.

    Raises
    ------
    netmap.errors.NotFound, netmap.errors.Forbidden
        If the link is not known, or has ended.
    """
    tried = _try(db(), token, ACTED)
    db().commit()  # the try stays in the book and is counted, whatever becomes of it
    link = _let_in(tried)
    key = attempts.address_key(settings(), _address())
    try:
        yield link
    except (Invalid, Conflict, NoSuchRecord):
        db().rollback()
        attempts.note(db(), key, NOT_TAKEN, link_id=link.id, what=what)
        db().commit()
        raise
    attempts.note(db(), key, ACTED, link_id=link.id, what=what)


def _try(writing: Session, token: str, kind: str) -> Tried:
    return attempts.open_link(writing, settings(), token, _address(), kind)


def _address() -> str:
    return request.remote_addr or ""


def _let_in(tried: Tried) -> ProviderLink:
    if tried.wait:
        minutes = -(-tried.wait // 60)
        sentence = ngettext(
            "Too many tries. Wait %(number)s minute, then try again.",
            "Too many tries. Wait %(number)s minutes, then try again.",
            minutes,
        )
        answer = make_response(_page(sentence), 429)
        answer.headers["Retry-After"] = str(tried.wait)
        abort(answer)
    if tried.refused is not None:
        raise tried.refused
    assert tried.link is not None
    _speak(tried.link)
    return tried.link


def _speak(link: ProviderLink) -> None:
    """Speak the language of the letter, unless another one was chosen."""
    if "language" not in session:
        g.language = link.language
        set_language(link.language)


def _require_form() -> None:
    """Refuse what was not sent by a form of these pages."""
    if request.method in SAFE_METHODS or not current_app.config["WTF_CSRF_ENABLED"]:
        return
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValueError as error:  # what wtforms raises is one
        sentence = _("This page was open for too long. Go back, reload it and send it again.")
        raise BadRequest(sentence) from error


def _tell_nobody(response: Response) -> Response:
    """Keep the address, which is the key, out of other pages' hands and out of search engines."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _refused(error: NetmapError) -> tuple[str, int]:
    if "db" in g:
        g.db.rollback()
    if isinstance(error, links.Ended):
        _speak(error.link)
    return _page(error.message), status_of(error)


def _not_answered(error: HTTPException) -> tuple[str, int] | HTTPException:
    """Note what was sent by anything but a form of these pages, and say that it was not taken."""
    if error.response is not None:
        return error
    if "db" in g:
        g.db.rollback()
        g.pop("db").close()
    if error.code in {400, 403}:
        with transaction(engine()) as writing:
            key = attempts.address_key(settings(), _address())
            attempts.note(writing, key, WITHOUT_FORM, link_id=_named(writing))
    sentence = error.description if error.code in {400, 403} else None
    if isinstance(error, NotFound):
        sentence = _("There is no page at this address.")
    return _page(sentence or _("This request cannot be answered.")), error.code or 500


def _named(writing: Session) -> str | None:
    """Return the id of the link that the address of this request names, where there is one."""
    token = (request.view_args or {}).get("token", "")
    try:
        return links.find(writing, settings(), token).id
    except links.Ended as ended:
        return ended.link.id
    except (NoSuchRecord, Forbidden):
        return None


def _page(sentence: str) -> str:
    return render_template("provider/refused.html", sentence=sentence)


def known(token: str) -> ProviderLink:
    """Return the link of a form that is shown again; that it was tried stands in the book already."""
    return links.find(db(), settings(), token)


def days_left(link: ProviderLink) -> int:
    """Return how many whole days a link is open for, 0 on its last one."""
    return max(0, (link.expires_at - now()).days)
