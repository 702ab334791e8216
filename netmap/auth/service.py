"""People, their roles and their sessions."""

import hashlib
import re
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from netmap.auth import events, passwords
from netmap.auth.models import ROLES, User, WebSession
from netmap.config import Settings
from netmap.db import now
from netmap.errors import Conflict, Invalid, NotFound
from netmap.i18n import gettext as _


def add_user(
    session: Session,
    email: str,
    password: str,
    role: str,
    *,
    language: str | None = None,
    by: int | None = None,
    demo: bool = False,
) -> User:
    """Add a member of staff. ``by`` is the id of the admin who does it, ``demo`` allows the demo password.

    Raises
    ------
    Invalid
        For an e-mail, password or role that cannot be used, or an e-mail already in use.
    """
    email = email.strip().lower()
    fields: dict[str, str] = {}
    if not email.isprintable() or not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,180}", email):
        fields["email"] = _("Enter an e-mail address like name@office.example.")
    elif session.scalar(select(User).where(User.email == email)):
        fields["email"] = _("Somebody with this e-mail address is there already.")
    fields |= _role_problem(role)
    if problem := passwords.password_problem(password, email, demo=demo):
        fields["password"] = problem
    if fields:
        raise Invalid(_("This person cannot be added: %(why)s", why=" ".join(fields.values())), fields)
    user = User(email=email, role=role, password_hash=passwords.hashed(password), language=language)
    session.add(user)
    session.flush()
    events.record(session, "person added", by=by, about=user.id, detail=role)
    return user


def _role_problem(role: str) -> dict[str, str]:
    if role in ROLES:
        return {}
    return {"role": _("Choose one of these roles: %(roles)s.", roles=", ".join(ROLES))}


def users(session: Session) -> list[User]:
    """Return everybody, by e-mail."""
    return list(session.scalars(select(User).order_by(User.email)))


def person(session: Session, user_id: int) -> User:
    """Return one member of staff; raises NotFound where there is none."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(_("There is no such person."))
    return user


def person_called(session: Session, email: str) -> User:
    """Return the member of staff with an e-mail address; raises NotFound where there is none."""
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        raise NotFound(_("There is no such person."))
    return user


def set_active(session: Session, user_id: int, active: bool, *, by: int | None = None) -> User:
    """Let somebody in again, or lock them out and end their sessions."""
    user = person(session, user_id)
    if not active:
        _keep_an_admin(session, user)
        end_sessions(session, user.id)
    if user.active != active:
        events.record(session, "let in again" if active else "locked out", by=by, about=user.id)
    user.active = active
    session.flush()
    return user


def set_role(session: Session, user_id: int, role: str, *, by: int | None = None) -> User:
    """Give somebody another role and end their sessions: what they had open belonged to the old one."""
    if problem := _role_problem(role):
        raise Invalid(problem["role"], problem)
    user = person(session, user_id)
    if user.role == role:
        return user
    _keep_an_admin(session, user)
    end_sessions(session, user.id)
    events.record(session, "role changed", by=by, about=user.id, detail=f"{user.role} > {role}")
    user.role = role
    session.flush()
    return user


def _keep_an_admin(session: Session, user: User) -> None:
    """Raise Conflict if nobody could look after the people without this one."""
    admins = select(func.count()).select_from(User).where(User.role == "admin", User.active)
    if user.role == "admin" and user.active and not session.scalar(admins.where(User.id != user.id)):
        raise Conflict(_("This is the only admin who can sign in. Make somebody else an admin first."))


def set_password(session: Session, user_id: int, password: str, *, by: int | None = None) -> User:
    """Give somebody a new password, as an admin does, and end their sessions."""
    user = person(session, user_id)
    _keep_password(user, password, "password")
    end_sessions(session, user.id)
    events.record(session, "password set", by=by, about=user.id)
    session.flush()
    return user


def change_password(session: Session, user_id: int, old: str, new: str) -> User:
    """Change one's own password; every session of that person ends.

    Raises
    ------
    Invalid
        If the old password is another, or the new one cannot be used.
    """
    user = person(session, user_id)
    if not passwords.fits(old, user.password_hash):
        sentence = _("This is not your password now.")
        raise Invalid(sentence, {"old_password": sentence})
    _keep_password(user, new, "new_password")
    end_sessions(session, user.id)
    events.record(session, "password changed", by=user.id, about=user.id)
    session.flush()
    return user


def _keep_password(user: User, password: str, field: str) -> None:
    if problem := passwords.password_problem(password, user.email):
        raise Invalid(problem, {field: problem})
    user.password_hash = passwords.hashed(password)


def check_password(session: Session, email: str, password: str) -> User | None:
    """Return the active user with this e-mail and password, or None after the same work."""
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    fits = passwords.fits(password, user.password_hash if user else None)
    return user if user and fits and user.active else None


def renew_hash(session: Session, user_id: int, password: str) -> None:
    """Keep the password that was just right with today's costs, where its hash is older."""
    user = person(session, user_id)
    if passwords.outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
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
    query = select(WebSession, User).join(User, User.id == WebSession.user_id)
    row = session.execute(query.where(WebSession.id_hash == _hash(token))).one_or_none()
    if row is None or not (_lives(row[0], settings) and row[1].active):
        return None
    return row[0], row[1]


def sessions_of(session: Session, user_id: int, settings: Settings) -> list[WebSession]:
    """Return the living sessions of a person, the latest used first."""
    query = select(WebSession).where(WebSession.user_id == user_id).order_by(WebSession.seen_at.desc())
    return [one for one in session.scalars(query) if _lives(one, settings)]


def _lives(found: WebSession, settings: Settings) -> bool:
    moment = now()
    return moment - found.seen_at <= timedelta(
        minutes=settings.session_idle_minutes
    ) and moment - found.created_at <= timedelta(hours=settings.session_hours)


def touch_session(session: Session, token: str) -> None:
    """Note that the session was used now."""
    if found := session.get(WebSession, _hash(token)):
        found.seen_at = now()


def end_session(session: Session, token: str) -> None:
    """End a session: its cookie opens nothing any more."""
    session.execute(delete(WebSession).where(WebSession.id_hash == _hash(token)))


def end_session_called(session: Session, user_id: int, handle: str) -> None:
    """End one session of a person by its handle; raises NotFound where this person has none of that name."""
    query = select(WebSession).where(WebSession.user_id == user_id)
    found = next((one for one in session.scalars(query) if one.handle == handle), None)
    if found is None:
        raise NotFound(_("There is no such session; it may have ended already."))
    session.delete(found)
    session.flush()


def end_sessions(session: Session, user_id: int) -> int:
    """End all sessions of a person and return how many there were."""
    living = session.scalars(select(WebSession).where(WebSession.user_id == user_id)).all()
    for one in living:
        session.delete(one)
    session.flush()
    return len(living)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
