"""The table of scenarios: changes of the network that somebody wants to try."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netmap.auth.models import User
from netmap.db import Base, UtcDateTime, now
from netmap.directory.records import new_id, part_of


class Scenario(Base):
    """What shall be tried, under a name: the list of changes as it was written, never what came of it.

    Only who made it changes it; ``shared`` lets all colleagues see, compare and copy it. ``version`` counts
    up.
    """

    __tablename__ = "scenario"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    user_id: Mapped[int] = mapped_column(part_of("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    shared: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    user: Mapped[User] = relationship(viewonly=True)
