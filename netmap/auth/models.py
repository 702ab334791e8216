"""People who sign in, their sessions and the counters that slow down guessing."""

from datetime import datetime

from sqlalchemy import Connection, ForeignKey, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.db import Base, UtcDateTime, now

ROLES = ("case_manager", "coordinator", "planner", "admin")


class User(Base):
    """A member of staff."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str]
    language: Mapped[str | None] = mapped_column(String(2))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    sessions: Mapped[list["WebSession"]] = relationship(cascade="all, delete-orphan")


class WebSession(Base):
    """A session of a browser. The cookie holds a random id; this table only its SHA-256."""

    __tablename__ = "web_session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def handle(self) -> str:
        """Name of the session on pages: enough to tell one's own apart, useless to open anything."""
        return self.id_hash[:16]


class SignInTry(Base):
    """A failed sign-in, kept for a day to slow down guessing over all processes and restarts."""

    __tablename__ = "sign_in_try"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(80), index=True)  # keyed hash of the account or the address
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)


class SecurityEvent(Base):
    """Something that happened at the doors. Rows are added and never changed: triggers refuse it."""

    __tablename__ = "security_event"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    kind: Mapped[str] = mapped_column(String(30))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    about_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    detail: Mapped[str] = mapped_column(String(80), default="")


GUARDS = tuple(
    f"CREATE TRIGGER IF NOT EXISTS security_event_no_{what.lower()} BEFORE {what} ON security_event "
    "BEGIN SELECT RAISE(ABORT, 'security events are only added'); END"
    for what in ("UPDATE", "DELETE")
)


@event.listens_for(SecurityEvent.__table__, "after_create")
def _guard(table: object, connection: Connection, **how: object) -> None:
    if connection.dialect.name == "sqlite":
        for guard in GUARDS:
            connection.exec_driver_sql(guard)
