"""People, their passwords and their sessions."""

import hashlib
import re
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from netmap.auth.models import ROLES, SignInTry, User, WebSession
from netmap.config import Settings
from netmap.db import now
from netmap.errors import Invalid, NotFound
from netmap.i18n import gettext as _

MIN_PASSWORD, MAX_PASSWORD = 12, 128
TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS, TRY_WINDOW = 10, 30, timedelta(minutes=5)

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP minimum for argon2id
_DUMMY = _hasher.hash(secrets.token_hex(16))  # verified for unknown accounts, so that they take as long


def add_user(session: Session, email: str, password: str, role: str, *, language: str | None = None) -> User:
    """Add a member of staff.

    Raises
    ------
    Invalid
        For an e-mail, password or role that cannot be used, or an e-mail already in use.
    """
    email = email.strip().lower()
    fields: dict[str, str] = {}
    if not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,180}", email):
        fields["email"] = _("Enter an e-mail address like name@office.example.")
    elif session.scalar(select(User).where(User.email == email)):
        fields["email"] = _("Somebody with this e-mail address is there already.")
    if role not in ROLES:
        fields["role"] = _("Choose one of these roles: %(roles)s.", roles=", ".join(ROLES))
    if problem := password_problem(password, email):
        fields["password"] = problem
    if fields:
        raise Invalid(_("This person cannot be added: %(why)s", why=" ".join(fields.values())), fields)
    user = User(email=email, role=role, password_hash=_hasher.hash(password), language=language)
    session.add(user)
    session.flush()
    return user


def password_problem(password: str, email: str) -> str | None:
    """Return why a password cannot be used, or None."""
    if len(password) < MIN_PASSWORD:
        return _("Choose a password of at least %(number)s characters.", number=MIN_PASSWORD)
    if len(password) > MAX_PASSWORD:
        return _("Choose a password of at most %(number)s characters.", number=MAX_PASSWORD)
    if len(set(password)) < 5 or password.lower() in email or "netmap" in password.lower():
        return _("This password is too easy to guess; choose a sentence of your own.")
    return None


def users(session: Session) -> list[User]:
    """Return everybody, by e-mail."""
    return list(session.scalars(select(User).order_by(User.email)))


def set_active(session: Session, user_id: int, active: bool) -> User:
    """Let somebody in again, or lock them out and end their sessions."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(_("There is no such person."))
    user.active = active
    if not active:
        session.execute(delete(WebSession).where(WebSession.user_id == user.id))
    session.flush()
    return user


def check_password(session: Session, email: str, password: str) -> User | None:
    """Return the active user with this e-mail and password, or None."""
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    try:
        _hasher.verify(user.password_hash if user else _DUMMY, password[:MAX_PASSWORD])
    except VerificationError:
        return None
    return user if user and user.active else None


def too_many_tries(session: Session, email: str, address: str) -> bool:
    """Return whether this account or this address has failed too often in the last minutes."""
    since = now() - TRY_WINDOW
    for key, most in ((_key(email), TRIES_PER_ACCOUNT), (_key(address), TRIES_PER_ADDRESS)):
        tries = select(func.count()).select_from(SignInTry).where(SignInTry.key == key, SignInTry.at > since)
        if (session.scalar(tries) or 0) >= most:
            return True
    return False


def record_failed_try(session: Session, email: str, address: str) -> None:
    """Count a failed sign-in against the account and the address; forget old ones."""
    session.execute(delete(SignInTry).where(SignInTry.at < now() - TRY_WINDOW))
    session.add_all([SignInTry(key=_key(email)), SignInTry(key=_key(address))])
    session.flush()


def start_session(session: Session, user: User, settings: Settings) -> str:
    """Begin a session and return its token; only its hash is kept. Old sessions are swept out."""
    oldest = now() - timedelta(hours=settings.session_hours)
    session.execute(delete(WebSession).where(WebSession.created_at < oldest))
    token = secrets.token_urlsafe(32)
    session.add(WebSession(id_hash=_hash(token), user_id=user.id))
    session.flush()
    return token


def find_session(session: Session, token: str, settings: Settings) -> tuple[WebSession, User] | None:
    """Return the living session of a token and its user, or None."""
    found = session.get(WebSession, _hash(token))
    if found is None:
        return None
    moment = now()
    idle = moment - found.seen_at > timedelta(minutes=settings.session_idle_minutes)
    if idle or moment - found.created_at > timedelta(hours=settings.session_hours):
        return None
    user = session.get(User, found.user_id)
    return (found, user) if user and user.active else None


def touch_session(session: Session, token: str) -> None:
    """Note that the session was used now."""
    if found := session.get(WebSession, _hash(token)):
        found.seen_at = now()


def end_session(session: Session, token: str) -> None:
    """End a session: its cookie opens nothing any more."""
    session.execute(delete(WebSession).where(WebSession.id_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _key(text: str) -> str:
    return _hash(text.strip().lower())
