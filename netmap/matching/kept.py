"""Tables of what coordinators decide about packages, and of cases that no package fits: never a person."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from netmap.db import Base, UtcDateTime, now
from netmap.directory.records import new_id
from netmap.directory.week_marks import Marked


class PackageCuration(Base):
    """A coordinator always shows a package, or leaves it out, for a need, an area or all, and says why."""

    __tablename__ = "package_curation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    package_code: Mapped[str] = mapped_column(ForeignKey("package.code"), index=True)
    effect: Mapped[str] = mapped_column(String(10))  # "include" or "exclude"
    need_code: Mapped[str | None] = mapped_column(String(60))  # None: whatever the needs are
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))  # None: everywhere
    reason: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    decided_by: Mapped[str]  # e-mail of the coordinator
    until: Mapped[date | None]  # the last day on which it holds; None: until somebody ends it
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None]


class UnfitCase(Marked):
    """A case that no package fits, so that a package can be written: codes, an area and a day."""

    __tablename__ = "unfit_case"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    needs: Mapped[dict[str, Any]] = mapped_column(JSON)  # need code -> {"severity", "urgency"}
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # code -> "yes" or "no"
    area_code: Mapped[str | None] = mapped_column(ForeignKey("area.code"))
    best_code: Mapped[str | None] = mapped_column(ForeignKey("package.code"))
    best_score: Mapped[float]
