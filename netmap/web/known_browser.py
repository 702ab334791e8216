"""Browsers in which somebody signed in before: a signed cookie gives them turns of their own at the door.

The cookie opens nothing. It holds, for at most five people, a random mark under a keyed hash of the e-mail.
"""

import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from netmap.auth.throttle import keyed
from netmap.config import Settings

DAYS, MOST_PEOPLE = 180, 5


def mark_of(settings: Settings, email: str) -> str | None:
    """Return the mark of this browser for the person with that e-mail address, or None."""
    return _marks(settings).get(_person(settings, email))


def remember(response: Response, settings: Settings, email: str) -> None:
    """Let this browser be known, with a new mark, for the person who has just signed in."""
    person = _person(settings, email)
    marks = {person: secrets.token_urlsafe(16)}
    others = [(one, mark) for one, mark in _marks(settings).items() if one != person]
    marks |= dict(others[: MOST_PEOPLE - 1])
    response.set_cookie(
        _name(settings),
        _serializer().dumps(marks),
        max_age=DAYS * 86400,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def _marks(settings: Settings) -> dict[str, str]:
    try:
        found = _serializer().loads(request.cookies.get(_name(settings), ""), max_age=DAYS * 86400)
    except BadSignature:  # none, forged, or too old
        return {}
    return {str(person): str(mark) for person, mark in found.items()}


def _serializer() -> URLSafeTimedSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="netmap known browser")


def _person(settings: Settings, email: str) -> str:
    return keyed(settings, "person", email)[:16]


def _name(settings: Settings) -> str:
    return "__Host-netmap-browser" if settings.secure_cookies else "netmap-browser"
