"""What somebody has just recorded can be taken back, by the same person and for ten minutes only."""

from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from netmap.errors import NotFound
from netmap.i18n import gettext as _
from netmap.web.door import settings

MINUTES = 10


def token_of(what: str, record_id: str) -> str:
    """Return the token with which the person of this request can take a record back.

    ``what`` names the kind of the record, so that a token of one kind opens no other.
    """
    return _signer(what).dumps([record_id, current_user.user_id])


def record_of(what: str, token: str) -> str:
    """Return which record a token names; raises NotFound for one of another person, a false or an old one."""
    try:
        record_id, user_id = _signer(what).loads(token, max_age=MINUTES * 60)
    except (BadSignature, ValueError, TypeError):
        record_id, user_id = "", None
    if user_id != current_user.user_id:
        raise NotFound(
            _(
                "This record can no longer be taken back: that goes for %(minutes)s minutes only.",
                minutes=MINUTES,
            )
        )
    return str(record_id)


def _signer(what: str) -> URLSafeTimedSerializer:
    keys = [*settings().fallback_keys(), settings().key()]  # the last one signs
    return URLSafeTimedSerializer(keys, salt=what)
